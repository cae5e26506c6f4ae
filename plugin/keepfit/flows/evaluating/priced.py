"""`--impact FILE`: what answers cost, by the keys of the section `impact` of params.yaml, for people who have no params.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import ParamsError
from keepfit.params import load_model
from keepfit.params.impact import ImpactParams

if TYPE_CHECKING:
    from keepfit.flows.evaluating.beside import Judged
    from keepfit.records import Impact


def impact_asked(found: Judged, place: Path | None) -> Impact | None:
    """Return what the challenger is worth by the costs in a file, the table taken as one window; None without a file, or without a champion.

    Raises `ParamsError` for a file that cannot be read, or whose costs are not of the models' classes.
    """
    from keepfit.evaluate.impact.worth import ServedVolume, impact_of

    if place is None:
        return None
    try:
        own = load_model(ImpactParams, place.read_text(encoding="utf-8"), where=str(place))
        own.fits(found.params.model)
    except (OSError, UnicodeDecodeError) as bad:
        raise ParamsError(f"what answers cost cannot be read: {bad}", where="--impact", fix="a YAML file with the keys of impact (docs/params.md)") from bad
    except ValueError as bad:
        raise ParamsError(str(bad), where=str(place), fix="docs/params.md lists every key with its meaning") from bad
    return impact_of(found.params.model_copy(update={"impact": own}), found.rows, ServedVolume(rows_a_window=float(len(found.rows.y))))
