"""What `keepfit.compare` returns: the record of `keepfit compare`, shown as a notebook shows things."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keepfit.api.one_sentence import in_one_sentence

if TYPE_CHECKING:
    from keepfit.monitor.compare import Drift

SHOWN = 5


@dataclass(frozen=True, repr=False)
class TableComparison:
    """Two tables compared: `drift` is the whole record, `remarks` say how the tables were taken (a pandas index is not compared)."""

    drift: Drift
    remarks: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """`drift`, `no drift`, `too few rows` or `nothing compared`."""
        return self.drift.verdict

    @property
    def passed(self) -> bool:
        """Whether the tables were compared and no drift is shown; too few rows to tell is no pass."""
        return self.drift.verdict == "no drift"

    @property
    def sentence(self) -> str:
        """What changed, in one sentence."""
        from keepfit.report.drift import verdict_line

        return verdict_line(self.drift)

    def to_dict(self) -> dict[str, Any]:
        """Return what `keepfit compare --json` prints, as plain values."""
        from keepfit.flows.compare import json_text

        return dict(json.loads(json_text(self.drift)))

    @in_one_sentence
    def to_html(self, path: str | os.PathLike[str]) -> Path:
        """Write the self-contained page of `keepfit compare --html`, whole or not at all, and return where; raises `DataError` where it cannot."""
        from keepfit.flows.page_file import write_page_file
        from keepfit.report.drift import drift_html

        out = Path(path)
        write_page_file(out, drift_html(self.drift), option="path")
        return out

    def __repr__(self) -> str:
        from keepfit.report.drift import measure

        loud = [one for one in self.drift.changes if one.drifts]
        lines = [self.sentence, *(f"  {one.column}: {measure(one)}" for one in loud[:SHOWN])]
        more = [f"  … and {len(loud) - SHOWN} more, see to_dict()"] if len(loud) > SHOWN else []
        return "\n".join((*lines, *more, *self.remarks))

    def _repr_html_(self) -> str:
        from keepfit.report.cell import drift_cell

        return drift_cell(self.drift, remarks=self.remarks)
