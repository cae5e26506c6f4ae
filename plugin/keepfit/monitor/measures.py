"""Who made a piece of evidence: the family that its detector's name belongs to, and what that member says of its effect.

The name alone is stored with evidence. What is asked of names here imports nothing but where a member's own attributes are needed, and holds of evidence
from a package that is gone: it belongs to no family, and nothing is known of its effect.

>>> ks = Evidence(kind="data", subject="x", detector="ks", statistic=0.3, effect=0.3, n=900, n_reference=9000)
>>> family_of(ks), effect_of(ks).unit, is_over_time(ks)
('detectors', 'share of rows', False)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from keepfit import plugins
from keepfit.errors import KeepfitError
from keepfit.records import Evidence, EvidenceKind

if TYPE_CHECKING:
    from keepfit.monitor.detectors.detector import Effect

OF_COLUMNS: tuple[plugins.Family, ...] = ("evidence", "detectors", "pair_detectors", "row_detectors")
FAMILIES: dict[EvidenceKind, tuple[plugins.Family, ...]] = {
    "data": OF_COLUMNS,
    "prediction": OF_COLUMNS,
    "target": OF_COLUMNS,
    "performance": ("evidence", "metrics"),
    "scout": ("metrics",),
    "newer": ("metrics",),
    "regret": ("metrics",),
    "quality": ("source_detectors", "window_detectors"),
}
"""Where the names of each kind of evidence come from; a suite's expectations, the schema and the age are of no family."""


def family_of(one: Evidence) -> plugins.Family | None:
    """Return the family of the member that made the evidence, None if it is none that is known here."""
    return next((family for family in FAMILIES.get(one.kind, ()) if plugins.knows(family, one.detector)), None)


def is_over_time(one: Evidence) -> bool:
    """Whether a rule over evidence says it, of all windows so far, and not a detector of this window alone."""
    return family_of(one) == "evidence"


def is_of_source(one: Evidence) -> bool:
    """Whether it says that rows which were due did not come."""
    return family_of(one) == "source_detectors"


def effect_of(one: Evidence) -> Effect | None:
    """Return what the effect of the evidence is; None where nothing says so."""
    family = family_of(one)
    if family is None or family == "metrics":
        return None
    try:
        effect: Effect | None = getattr(plugins.load(family, one.detector), "effect", None)
    except KeepfitError:  # a package that is broken
        return None
    return effect
