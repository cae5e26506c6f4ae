"""Extension by name: a `BUILTIN` table of import strings plus entry-point groups `keepfit.<family>`.

Listing loads nothing; a plugin is imported when it is first asked for. A new detector is one file and one line here,
or an entry point of another package:

    [project.entry-points."keepfit.detectors"]
    mine = "my_package.mine:Mine"

>>> sorted(names("detectors"))[:2]
['chi2', 'js']
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, Literal

from keepfit.errors import KeepfitError, UnknownNameError

Family = Literal["detectors", "row_detectors", "pair_detectors", "window_detectors", "evidence", "samplers", "rules", "hooks", "metrics"]

BUILTIN: dict[str, dict[str, str]] = {
    "detectors": {
        "ks": "keepfit.monitor.detectors.ks:KolmogorovSmirnov",
        "chi2": "keepfit.monitor.detectors.chi2:ChiSquared",
        "psi": "keepfit.monitor.detectors.psi:PopulationStability",
        "missing": "keepfit.monitor.detectors.missing:Missing",
        "js": "keepfit.monitor.detectors.js:JensenShannon",
        "wasserstein": "keepfit.monitor.detectors.wasserstein:Wasserstein",
        "range": "keepfit.monitor.detectors.range:OutOfRange",
        "new_category": "keepfit.monitor.detectors.new_category:NewCategory",
        "lost_category": "keepfit.monitor.detectors.lost_category:LostCategory",
    },
    "row_detectors": {
        "mmd": "keepfit.monitor.detectors.mmd:MeanDiscrepancy",
        "c2st": "keepfit.monitor.detectors.c2st:ClassifierTest",
    },
    "pair_detectors": {
        "correlation": "keepfit.monitor.detectors.correlation:Correlation",
    },
    "window_detectors": {
        "volume": "keepfit.monitor.detectors.volume:Volume",
    },
    "evidence": {
        "e-detector": "keepfit.monitor.rules.over_time:EvidenceOverTime",
        "fixed": "keepfit.monitor.rules.alerts:Fixed",
        "pvalue+holm": "keepfit.monitor.rules.alerts:PValueHolm",
        "persist": "keepfit.monitor.rules.alerts:Persist",
    },
    "samplers": {
        "recent": "keepfit.compose.sampling:recent",
    },
    "rules": {
        "not_worse_than": "keepfit.rule_kinds.not_worse_than:NotWorseThan",
        "no_proof_of_harm": "keepfit.rule_kinds.no_proof_of_harm:NoProofOfHarm",
        "at_least": "keepfit.rule_kinds.at_least:AtLeast",
        "at_most": "keepfit.rule_kinds.at_most:AtMost",
    },
    "hooks": {},
    "metrics": {
        "roc_auc": "keepfit.stats.metrics:RocAuc",
        "log_loss": "keepfit.stats.metrics:LogLoss",
        "brier": "keepfit.stats.metrics:Brier",
        "accuracy": "keepfit.stats.metrics:Accuracy",
        "error_rate": "keepfit.stats.metrics:ErrorRate",
        "balanced_accuracy": "keepfit.stats.label_metrics:BalancedAccuracy",
        "f1": "keepfit.stats.label_metrics:F1",
        "mae": "keepfit.stats.metrics:AbsoluteError",
        "mse": "keepfit.stats.metrics:SquaredError",
    },
}


def _called(family: Family) -> str:
    """One member of a family, for a sentence."""
    return "rule kind" if family == "rules" else family.removesuffix("s").replace("_", " ")


def _targets(family: Family) -> dict[str, str]:
    found = {point.name: point.value for point in entry_points(group=f"keepfit.{family}")}
    return {**found, **BUILTIN[family]}


def names(family: Family) -> list[str]:
    """Return the known names of a family, sorted; imports none of them."""
    return sorted(_targets(family))


def load(family: Family, name: str, *, where: str | None = None) -> Any:
    """Import and return what `name` stands for; an unknown name raises `UnknownNameError` with the nearest known one."""
    targets = BUILTIN[family] if name in BUILTIN[family] else _targets(family)  # reading entry points costs 20 ms, a window asks 50 times
    if name not in targets:
        raise UnknownNameError(_called(family), name, known=targets, where=where)
    module, _, attribute = targets[name].partition(":")
    try:
        return getattr(import_module(module), attribute)
    except (ImportError, AttributeError) as broken:
        raise KeepfitError(
            f"the {_called(family)} {name!r} cannot be loaded from {targets[name]}: {broken}",
            where=where,
            fix="reinstall the package that provides it",
        ) from broken
