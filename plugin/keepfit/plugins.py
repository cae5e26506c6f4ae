"""Extension by name: a `BUILTIN` table of import strings plus entry-point groups `keepfit.<family>`.

Listing loads nothing; a plugin is imported when it is first asked for. A new detector is one file and one line here,
or an entry point of another package:

    [project.entry-points."keepfit.detectors"]
    mine = "my_package.mine:Mine"

>>> sorted(names("detectors"))[:2]
['chi2', 'js']
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from keepfit.errors import KeepfitError, ParamsError, UnknownNameError, did_you_mean

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from keepfit.params import Params
    from keepfit.params.section import Chosen

    ABOVE_ZERO: Any
    AT_LEAST_ZERO: Any

Family = Literal[
    "detectors",
    "row_detectors",
    "pair_detectors",
    "window_detectors",
    "source_detectors",
    "evidence",
    "samplers",
    "weights",
    "queue_strategies",
    "augmentations",
    "rules",
    "metrics",
    "hooks",
]

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
        "text_change": "keepfit.monitor.detectors.text_change:TextChange",
        "new_words": "keepfit.monitor.detectors.new_words:NewWords",
        "text_length": "keepfit.monitor.detectors.text_length:TextLength",
        "word_mix": "keepfit.monitor.detectors.word_mix:WordMix",
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
    "source_detectors": {
        "silence": "keepfit.monitor.detectors.silence:Silence",
    },
    "evidence": {
        "e-detector": "keepfit.monitor.rules.e_detector:EvidenceOverTime",
        "fixed": "keepfit.monitor.rules.fixed:Fixed",
        "pvalue+holm": "keepfit.monitor.rules.pvalue_holm:PValueHolm",
        "persist": "keepfit.monitor.rules.persist:Persist",
    },
    "samplers": {
        "recent": "keepfit.compose.samplers.recent:Recent",
    },
    "weights": {
        "recency": "keepfit.compose.weights.recency:Recency",
        "class_balance": "keepfit.compose.weights.class_balance:ClassBalance",
    },
    "queue_strategies": {
        "random": "keepfit.compose.queue.at_random:AtRandom",
        "uncertainty": "keepfit.compose.queue.uncertainty:Uncertainty",
        "margin": "keepfit.compose.queue.margin:Margin",
        "disagreement": "keepfit.compose.queue.disagreement:Disagreement",
        "diversity": "keepfit.compose.queue.diversity:Diversity",
        "slices": "keepfit.compose.queue.slices:SliceTurns",
    },
    "augmentations": {
        "jitter": "keepfit.compose.augment.jitter:Jitter",
        "swap": "keepfit.compose.augment.swap:Swap",
        "word_dropout": "keepfit.compose.augment.word_dropout:WordDropout",
    },
    "rules": {
        "not_worse_than": "keepfit.rule_kinds.not_worse_than:NotWorseThan",
        "not_shown_worse": "keepfit.rule_kinds.not_shown_worse:NotShownWorse",
        "point_gain": "keepfit.rule_kinds.point_gain:PointGain",
        "point_relative_gain": "keepfit.rule_kinds.point_relative_gain:PointRelativeGain",
        "no_proof_of_harm": "keepfit.rule_kinds.no_proof_of_harm:NoProofOfHarm",
        "not_forgotten": "keepfit.rule_kinds.not_forgotten:NotForgotten",
        "at_least": "keepfit.rule_kinds.at_least:AtLeast",
        "at_most": "keepfit.rule_kinds.at_most:AtMost",
        "point_at_least": "keepfit.rule_kinds.point_at_least:PointAtLeast",
        "point_at_most": "keepfit.rule_kinds.point_at_most:PointAtMost",
    },
    "metrics": {
        "roc_auc": "keepfit.stats.metrics:RocAuc",
        "log_loss": "keepfit.stats.metrics:LogLoss",
        "brier": "keepfit.stats.metrics:Brier",
        "accuracy": "keepfit.stats.metrics:Accuracy",
        "error_rate": "keepfit.stats.metrics:ErrorRate",
        "balanced_accuracy": "keepfit.stats.balanced_accuracy:BalancedAccuracy",
        "f1": "keepfit.stats.label_metrics:F1",
        "f1_macro": "keepfit.stats.f1_of_classes:F1Macro",
        "f1_weighted": "keepfit.stats.f1_of_classes:F1Weighted",
        "roc_auc_ovr": "keepfit.stats.roc_auc_ovr:RocAucOvr",
        "mae": "keepfit.stats.metrics:AbsoluteError",
        "mse": "keepfit.stats.metrics:SquaredError",
    },
    "hooks": {
        "file": "keepfit.integrations.hooks.file:FileHook",
        "notify": "keepfit.integrations.hooks.notify:NotifyHook",
        "webhook": "keepfit.integrations.hooks.webhook:WebhookHook",
        "command": "keepfit.flows.deliver.command:CommandHook",
        "github": "keepfit.flows.deliver.github:GithubHook",
        "gitlab": "keepfit.flows.deliver.gitlab:GitlabHook",
        "retrain": "keepfit.flows.deliver.retrain:RetrainHook",
    },
}

AUTO: dict[Literal["numeric", "categorical", "text"], str] = {"numeric": "ks", "categorical": "chi2", "text": "text_change"}
"""The detector that `auto` stands for, by the kind of the column."""
CALLED: dict[Family, str] = {"rules": "rule kind", "queue_strategies": "queue strategy"}
"""What a member of a family is called, where that is not the family's name without its s."""


def __getattr__(name: str) -> Any:
    """Make what annotates a finite number above zero, or at least zero, when pydantic looks: a member with no field written is made without pydantic."""
    if name not in ("ABOVE_ZERO", "AT_LEAST_ZERO"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from pydantic import Field

    globals().update(ABOVE_ZERO=Field(gt=0, allow_inf_nan=False), AT_LEAST_ZERO=Field(ge=0, allow_inf_nan=False))
    return globals()[name]


def _called(family: Family) -> str:
    """One member of a family, for a sentence."""
    return CALLED.get(family) or family.removesuffix("s").replace("_", " ")


def _targets(family: Family) -> Mapping[str, str]:
    return _installed(family, tuple(sys.path))


@cache
def _installed(family: Family, _path: tuple[str, ...]) -> Mapping[str, str]:
    """What is installed on a path: reading entry points costs 20 ms, and a window asks hundreds of times."""
    from importlib.metadata import entry_points

    found = {point.name: point.value for point in entry_points(group=f"keepfit.{family}")}
    return {**found, **BUILTIN[family]}


def names(family: Family) -> list[str]:
    """Return the known names of a family, sorted; imports none of them."""
    return sorted(_targets(family))


def knows(family: Family, name: str) -> bool:
    """Whether a family has a member of this name; imports none."""
    return name in BUILTIN[family] or name in _targets(family)


def load(family: Family, name: str, *, where: str | None = None) -> Any:
    """Import and return what `name` stands for; an unknown name raises `UnknownNameError` with the nearest known one."""
    targets = BUILTIN[family] if name in BUILTIN[family] else _targets(family)
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


def keys(member: object) -> Mapping[str, Field[Any]]:
    """Return a member's fields by their keys in params.yaml: those of a dataclass; another class has none."""
    return _keys(member if isinstance(member, type) else type(member))


@cache
def _keys(cls: type) -> Mapping[str, Field[Any]]:
    return {each.name: each for each in fields(cls) if each.init} if is_dataclass(cls) else {}


def fields_of(member: object) -> dict[str, Any]:
    """Return a member's fields with their values."""
    return {name: getattr(member, name) for name in keys(member)}


def defaults_of(member: object) -> dict[str, Any]:
    """Return the defaults of a member's fields, of those that have one."""
    factories = {name: each.default_factory for name, each in keys(member).items() if each.default_factory is not MISSING}
    plain = {name: each.default for name, each in keys(member).items() if each.default is not MISSING}
    return {**plain, **{name: make_one() for name, make_one in factories.items()}}


def make(family: Family, name: str, given: Mapping[str, Any] | None = None, *, where: str, beside: Iterable[str] = (), section: str | None = None) -> Any:
    """Return a member with its fields as params.yaml gives them; `where` is the place of its name, `beside` the other keys of that section.

    `section` is the place of its fields, where it is not the one around its name.

    Raises `UnknownNameError` for the name and `ParamsError` for a key that it does not have (naming the nearest), a value that does not fit or a
    key that is missing.
    """
    member, given, section = load(family, name, where=where), given or {}, section or where.rpartition(".")[0]
    if not isinstance(member, type):
        raise KeepfitError(f"the {_called(family)} {name!r} is not a class", where=where, fix="docs/extend.md says what a member of the family is")
    known = keys(member)
    for key in given:
        if key not in known:
            raise _no_key(key, [*known, *beside], section)
    for key, field in known.items():
        if key not in given and field.default is MISSING and field.default_factory is MISSING:
            raise ParamsError(f"the {_called(family)} {name!r} needs the key {key!r}", where=section, fix=f"add {key}: …")
    return _built(member, given, section) if given else _plain(member, section)


def _plain(member: type, section: str) -> Any:
    """A member without fields that are written: no model of them is made for it, as this is done hundreds of times a window."""
    try:
        return member()
    except ValueError as bad:
        raise ParamsError(str(bad), where=section, fix="docs/params.md lists every key with its meaning") from bad


def _no_key(key: str, known: Iterable[str], section: str) -> ParamsError:
    return ParamsError(f"no key {key!r}", where=f"{section}.{key}", fix=did_you_mean(key, known))


@cache
def _reader(member: type) -> TypeAdapter[Any]:
    """What checks a member's fields: making it costs 2 ms."""
    from pydantic import TypeAdapter

    return TypeAdapter(member)


def _built(member: type, given: Mapping[str, Any], section: str) -> Any:
    from pydantic import ValidationError

    from keepfit.params import value_misfit

    try:
        return _reader(member).validate_python(dict(given))
    except ValidationError as bad:
        place = [section, *(str(part) for part in bad.errors(include_url=False)[0]["loc"])]
        raise value_misfit(bad, where=".".join(place)) from bad


def read_params(text: str, *, where: str = "params.yaml", below: Mapping[str, Any] | None = None) -> Params:
    """Read the text of a params.yaml with the fields of the members that it names; raises `ParamsError` for the first key that does not fit.

    `below` holds for what the text does not say.

    A member that is not installed here has its fields checked where it is used, which says that it is missing.
    """
    from keepfit.params import load_params

    params = load_params(text, where=where, below=below)
    for family, key, name, section in _members(params):
        place, own = f"{where}: {key}", type(section).model_fields
        if section.fields and name is None:
            raise _no_key(next(iter(section.fields)), own, place.rpartition(".")[0])
        if section.fields and name is not None:
            _check(family, name, section.fields, where=place, beside=own)
    for family, key, name, given in _members_of_recipes(params):
        _check(family, name, given, where=f"{where}: {key}", section=f"{where}: {key}")
    return params


def _check(family: Family, name: str, given: Mapping[str, Any], *, where: str, beside: Iterable[str] = (), section: str | None = None) -> None:
    """Make a member for the sentence that refuses its fields; one that is not installed here is not asked."""
    try:
        make(family, name, given, where=where, beside=beside, section=section)
    except ParamsError:
        raise
    except KeepfitError:
        return


def _members(params: Params) -> Iterator[tuple[Family, str, str | None, Chosen]]:
    """Family, key, name (None: chosen for each column) and section of each member that params.yaml names with fields of its own."""
    yield "samplers", "compose.sampler", params.compose.sampler, params.compose
    for pattern, column in params.monitor.columns.items():
        yield "detectors", f"monitor.columns.{pattern}.detector", None if column.is_auto else column.detector, column
    for subscriber, its in params.hooks.subscribers.items():
        yield "hooks", f"hooks.subscribers.{subscriber}.hook", its.hook, its


def _members_of_recipes(params: Params) -> Iterator[tuple[Family, str, str, Mapping[str, Any]]]:
    """Family, key, name and fields of each member that a recipe names."""
    for recipe, says in params.compose.recipes.items():
        yield from (("samplers", f"compose.recipes.{recipe}.sampler.{name}", name, fields) for name, fields in says.sampler.items())
        yield from (("weights", f"compose.recipes.{recipe}.weights.{name}", name, fields) for name, fields in says.weights.items())
        yield from (("augmentations", f"compose.recipes.{recipe}.augment.{name}", name, its.fields) for name, its in says.augment.items())
