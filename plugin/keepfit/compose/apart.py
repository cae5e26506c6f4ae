"""What is known of rows before any is drawn: which an expectation set aside, which are held out for good, and what people decided on them (`curation/`)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.compose.curation.curate import Curated, Uncurated, curate
from keepfit.compose.curation.rules import Curation
from keepfit.compose.fates import TRAINS, Fates
from keepfit.compose.holdout import in_holdout
from keepfit.compose.quality.admissible import Floats
from keepfit.compose.sources import Mask, Positions, SortedRows
from keepfit.errors import DataError
from keepfit.params import Params
from keepfit.records import CurationReport, LabelCount
from keepfit.records.labels import CURATED, ORIGINS
from keepfit.tables.from_numpy import from_numpy
from keepfit.tables.people_labels import SOURCE, LabelledByPeople, PeopleLabels
from keepfit.tables.set_labels import with_labels
from keepfit.tables.time_features import DERIVED
from keepfit.tables.written_targets import WRITTEN

ORIGIN = pa.field("label_origin", pa.string())
"""The manifest's column that says who gave a row's label: people by their origin, `curated` where a rule set it; there is none where neither did."""
CHOSEN = "chosen to be asked about: it trains, and judges nothing"


@dataclass(frozen=True, kw_only=True)
class Apart:
    """Rows that were set aside (and not released), rows that are held out, what people said of rows (None: nothing), and what the rules of `curation.yaml` say.

    `curated` None: there are no rules.
    """

    quarantined: Mask
    held: Mask
    target: str
    people: LabelledByPeople | None = None
    curated: Curated | None = None

    def by_rules(self, curation: Curation, rows: SortedRows, params: Params, *, until: datetime | None) -> Apart:
        """Return the same with what rules say of the rows; those from `until` on judge (None: a first model, which the holdout judges).

        Raises `UnknownNameError` for a column or class that there is not, `ParamsError` for what cannot be compared.
        """
        asked = Uncurated(
            table=self._in_place(_thin(rows, curation, params), rows.label),
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
        """Whether a rule or a person sets a label."""
        return bool(self._set.any())

    @cached_property
    def _set(self) -> Mask:
        """Which rows have a label that a rule or a person set."""
        nobody = np.zeros(len(self.held), dtype=np.bool_)
        said = nobody if self.people is None else self.people.said
        return said if self.curated is None else said | self.curated.relabelled

    def _in_place(self, thin: pa.Table, label: Floats) -> pa.Table:
        """The columns that rules read, the target as people say it is."""
        return thin if self.people is None or self.target not in thin.column_names else with_labels(thin, self.target, label, self.people.said)

    def labelled(self, rows: SortedRows) -> SortedRows:
        """Return the rows with the labels that rules set."""
        return rows if self.curated is None else replace(rows, label=self.curated.label)

    def relabelled(self, wide: pa.Table, at: Positions) -> pa.Table:
        """Return the wide rows at these positions with the labels that rules and people set."""
        label = self.curated.label if self.curated is not None else self.people.label if self.people is not None else None
        return wide if label is None or not self.relabels else with_labels(wide, self.target, label[at], self._set[at])

    def send(self, fates: Fates) -> None:
        """Send the rows that were set aside, then those that a rule leaves out, then those that are held out."""
        fates.send(self.quarantined, "out", "quarantined")
        if self.curated is not None:
            for code in _codes(self.curated.why):
                fates.send(self.curated.why == code, "out", self.curated.texts[code])
        if self.people is not None:
            fates.send(self.held & self.people.asked, "out", CHOSEN)
        fates.send(self.held, "holdout", "permanent holdout")

    def withdraw(self, fates: Fates) -> None:
        """Take the rows that were chosen to be asked about out of those that judge."""
        if self.people is not None:
            fates.move(self.people.asked & fates.where("evaluate"), "out", CHOSEN)

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
        """Return a block of the manifest, from this row on, with the origin of labels where rules or people set some."""
        if not self.relabels:
            return manifest
        block = slice(start, start + manifest.num_rows)
        origin: pa.Array = pa.nulls(manifest.num_rows, ORIGIN.type)
        if self.people is not None:
            names = pa.array([None if code == SOURCE else name for code, name in enumerate(ORIGINS)], ORIGIN.type)
            origin = names.take(pa.array(self.people.origin[block]))
        if self.curated is not None:
            origin = pc.if_else(from_numpy(self.curated.relabelled[block]), pa.scalar(CURATED, ORIGIN.type), origin)
        return manifest.append_column(ORIGIN, origin)

    def origins(self, fates: Fates, *, judges: Mask) -> tuple[LabelCount, ...]:
        """Return how many rows that train and that judge have labels of each origin; none where neither rules nor people set one."""
        if not self.relabels:
            return ()
        code = np.full(len(self.held), SOURCE, np.int8) if self.people is None else self.people.origin.copy()
        if self.curated is not None:
            code[self.curated.relabelled] = len(ORIGINS)
        chosen = fates.because(CHOSEN)
        trains, among = fates.where(*TRAINS), range(len(ORIGINS) + 1)
        counts = zip((*ORIGINS, CURATED), *(np.bincount(code[rows], minlength=len(among)).tolist() for rows in (trains, judges, chosen)), strict=True)
        return tuple(LabelCount(origin=name, train=train, judge=judge, chosen=out) for name, train, judge, out in counts if train or judge or out)

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


def set_apart(rows: SortedRows, quarantined: Collection[tuple[str, str]], params: Params, people: LabelledByPeople | None = None) -> Apart:
    """Return which rows were set aside and which are held out, before any rule."""
    held = in_holdout(rows.key, share=params.data.holdout_share, salt=params.data.holdout_salt)
    return Apart(quarantined=_marked(rows, quarantined), held=held, target=params.model.target, people=people)


def by_people(rows: SortedRows, people: PeopleLabels | None) -> tuple[SortedRows, LabelledByPeople | None]:
    """Return the rows with the labels that people gave, and what they said of which; None where they said nothing of these."""
    if people is None:
        return rows, None
    found = people.of(rows.row_id, rows.label)
    return (replace(rows, label=found.label), found) if found.said.any() else (rows, None)


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
