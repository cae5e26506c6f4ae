"""What is known of rows before any is drawn: which an expectation set aside, which are held out for good, and what people decided on them (`curation/`)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.compose.curation.curate import Curated, Uncurated, curate
from keepfit.compose.curation.relabel import with_labels
from keepfit.compose.curation.rules import Curation
from keepfit.compose.fates import TRAINS, Fates
from keepfit.compose.holdout import in_holdout
from keepfit.compose.quality.admissible import Floats
from keepfit.compose.sources import Mask, Positions, SortedRows
from keepfit.errors import DataError
from keepfit.params import Params
from keepfit.records import CurationReport
from keepfit.tables.from_numpy import from_numpy
from keepfit.tables.time_features import DERIVED
from keepfit.tables.written_targets import WRITTEN

ORIGIN = pa.field("label_origin", pa.string())
"""The manifest's column that says `curated` of a row whose label a rule set; there is none where no rule did."""


@dataclass(frozen=True, kw_only=True)
class Apart:
    """Rows that were set aside (and not released), rows that are held out, and what the rules of `curation.yaml` say; None: there are no rules."""

    quarantined: Mask
    held: Mask
    target: str
    curated: Curated | None = None

    def by_rules(self, curation: Curation, rows: SortedRows, params: Params, *, until: datetime | None) -> Apart:
        """Return the same with what rules say of the rows; those from `until` on judge (None: a first model, which the holdout judges).

        Raises `UnknownNameError` for a column or class that there is not, `ParamsError` for what cannot be compared.
        """
        asked = Uncurated(
            table=_thin(rows, curation, params),
            columns=rows.column_names(),
            time=params.data.time,
            row_id=rows.row_id,
            label=rows.label,
            judging=self.held if until is None else self.held | (rows.time >= np.datetime64(until)),
            quarantined=self.quarantined,
            end=max(window.end for window in rows.windows if window.end is not None),
            model=params.model,
        )
        curated = curate(curation, asked)
        return replace(self, quarantined=self.quarantined & ~curated.released, curated=curated)

    @property
    def relabels(self) -> bool:
        """Whether a rule sets a label."""
        return self.curated is not None and bool(self.curated.relabelled.any())

    def labelled(self, rows: SortedRows) -> SortedRows:
        """Return the rows with the labels that rules set."""
        return rows if self.curated is None else replace(rows, label=self.curated.label)

    def relabelled(self, wide: pa.Table, at: Positions) -> pa.Table:
        """Return the wide rows at these positions with the labels that rules set."""
        if self.curated is None or not self.relabels:
            return wide
        return with_labels(wide, self.target, self.curated.label[at], self.curated.relabelled[at])

    def send(self, fates: Fates) -> None:
        """Send the rows that were set aside, then those that a rule leaves out, then those that are held out."""
        fates.send(self.quarantined, "out", "quarantined")
        if self.curated is not None:
            for code in _codes(self.curated.why):
                fates.send(self.curated.why == code, "out", self.curated.texts[code])
        fates.send(self.held, "holdout", "permanent holdout")

    @property
    def weight(self) -> Floats | None:
        """What rules multiply the weight of each row by; None: they weigh none."""
        return None if self.curated is None or bool((self.curated.weight == 1).all()) else self.curated.weight

    def remark(self, fates: Fates, *, used: Mask) -> None:
        """Note of rows that are used which rules changed them."""
        if self.curated is not None:
            for code in _codes(self.curated.note):
                fates.remark(used & (self.curated.note == code), self.curated.texts[code])

    def report(self, fates: Fates, *, judges: Mask) -> CurationReport | None:
        """Return what each rule did in the end; None without rules."""
        if self.curated is None:
            return None
        return self.curated.report(trains=fates.where(*TRAINS), judges=judges, left_out=self._left_out(fates))

    def check_some(self, fates: Fates, *, used: Mask, what: str) -> None:
        """Raise `DataError` where no row is used, and rules left out some: `what` is what the rows would have done."""
        if self.curated is None or used.any():
            return
        out = self._left_out(fates)
        if out.any():
            rules = self.curated.report(trains=used, judges=used, left_out=out).rules
            most = max(rules, key=lambda rule: (rule.action == "exclude", rule.train + rule.judge))
            said = f"no labelled row may {what}: the rules leave out {int(out.sum()):,} rows"
            raise DataError(said, where=f"curation.yaml: rules.{most.name}", fix="narrow the rule, or drop it")

    def marked(self, manifest: pa.Table, start: int) -> pa.Table:
        """Return a block of the manifest, from this row on, with the origin of labels where rules set some."""
        if self.curated is None or not self.relabels:
            return manifest
        which = from_numpy(self.curated.relabelled[start : start + manifest.num_rows])
        return manifest.append_column(ORIGIN, pc.if_else(which, pa.scalar("curated", ORIGIN.type), pa.scalar(None, ORIGIN.type)))

    def _left_out(self, fates: Fates) -> Mask:
        """Rows that are out because a rule says so, and nothing before it."""
        out = np.zeros(len(self.held), dtype=np.bool_)
        if self.curated is not None:
            for code in _codes(self.curated.why):
                out |= (self.curated.why == code) & fates.because(self.curated.texts[code])
        return out


def _codes(codes: npt.NDArray[np.int32]) -> list[int]:
    """The codes that stand for a text, in order."""
    return [int(code) for code in np.unique(codes) if code]


def set_apart(rows: SortedRows, quarantined: Collection[tuple[str, str]], params: Params) -> Apart:
    """Return which rows were set aside and which are held out, before any rule."""
    held = in_holdout(rows.key, share=params.data.holdout_share, salt=params.data.holdout_salt)
    return Apart(quarantined=_marked(rows, quarantined), held=held, target=params.model.target)


def _thin(rows: SortedRows, curation: Curation, params: Params) -> pa.Table:
    """The columns that the rules read, of all rows."""
    needed = set(curation.needed)
    if needed & DERIVED.keys():
        needed.add(params.data.time)
    if params.model.positive is not None or params.model.many:  # a target of words: rules name them
        needed |= {params.model.target, WRITTEN}
    return rows.columns(sorted(needed), np.arange(len(rows), dtype=np.int64))


def _marked(rows: SortedRows, quarantined: Collection[tuple[str, str]]) -> Mask:
    """The rows of these windows and ids."""
    marked = np.zeros(len(rows), dtype=np.bool_)
    if not quarantined:
        return marked
    place = {window.id: at for at, window in enumerate(rows.windows)}
    aside = {(place[window], row) for window, row in quarantined if window in place}
    among = np.flatnonzero(pc.is_in(rows.row_id, value_set=pa.array([row for _, row in aside], pa.string())).to_numpy())
    for at, row in zip(among, rows.ids(among).to_pylist(), strict=True):
        marked[at] = (int(rows.window[at]), row) in aside
    return marked
