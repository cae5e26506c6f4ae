"""What the rules of `curation.yaml` make of rows: which are left out or used after all, what their labels and weights are, and where rules contradict.

Rules have no order. Where two concern one row and cannot both hold, the careful answer stands and the contradiction is reported:

| one rule says | another | then |
|---|---|---|
| exclude | include | the row is left out |
| relabel a | relabel b | the row is left out: nobody knows its label |
| weight a | weight b | neither weighs it |

A rule that has expired (`CurationRule.expired`) does nothing; what it would have matched is counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from itertools import combinations
from typing import TYPE_CHECKING, Literal, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.compose.curation.relabel import label_of
from keepfit.compose.curation.rules import Curation, CurationRule
from keepfit.errors import UnknownNameError
from keepfit.records import CuratedRule, CurationConflict, CurationReport
from keepfit.tables.classes import in_class_texts
from keepfit.tables.columns import JUDGED, WEIGHT, WINDOW
from keepfit.tables.time_features import DERIVED
from keepfit.tables.written_targets import WRITTEN, in_words, words_of

if TYPE_CHECKING:
    from keepfit.params.model import ModelParams
    from keepfit.records import TimeFeature

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
OWN = frozenset((WINDOW, WEIGHT, JUDGED, WRITTEN))
EXAMPLES = 5
NOWHERE: Places = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, kw_only=True)
class Uncurated:
    """Rows before anybody's word on them.

    `table` has at least the columns that conditions name and, for a target of words, the target and `_target`; `columns` are all that the user knows,
    `time` the one that says when. `judging`: which rows judge or are held out; `quarantined`: which an expectation set aside; `end`: of the newest window.
    """

    table: pa.Table
    columns: Collection[str]
    time: str
    row_id: npt.NDArray[np.object_] | pa.Array | pa.ChunkedArray
    label: Floats
    judging: Mask
    quarantined: Mask
    end: datetime
    model: ModelParams


@dataclass(frozen=True, kw_only=True)
class _AppliedRule:
    """One rule: the places of the rows that it matches, those among them that it concerns, and its label or weight."""

    rule: CurationRule
    matched: Places
    concerned: Places
    value: float = 1.0
    strangers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Curated:
    """What became of each row: `why` and `note` are places in `texts` (0: nothing to say), of rows that are left out and of those that were changed."""

    label: Floats
    weight: Floats
    excluded: Mask
    released: Mask
    relabelled: Mask
    why: npt.NDArray[np.int32]
    note: npt.NDArray[np.int32]
    texts: tuple[str, ...]
    _applied: tuple[_AppliedRule, ...]
    _conflicts: tuple[CurationConflict, ...]
    _rows: Uncurated
    _changed: dict[str, Places]

    def report(self, *, trains: Mask, judges: Mask, left_out: Mask) -> CurationReport:
        """Return what each rule did, once it is known which rows train and judge, and which were left out by a rule."""
        rules = tuple(self._counted(one, trains=trains, judges=judges, left_out=left_out) for one in self._applied)
        return CurationReport(end=self._rows.end, rules=rules, conflicts=self._conflicts)

    def _counted(self, one: _AppliedRule, *, trains: Mask, judges: Mask, left_out: Mask) -> CuratedRule:
        rule, judging = one.rule, self._rows.judging
        changed = self._changed.get(rule.name, NOWHERE)
        if rule.action == "exclude":
            changed = changed[left_out[changed]]
            train, judge = int((~judging[changed]).sum()), int(judging[changed].sum())
        else:
            train, judge = int(trains[changed].sum()), int(judges[changed].sum())
        return CuratedRule(
            name=rule.name,
            action=rule.action,
            value=rule.value,
            author=rule.author,
            reason=rule.reason,
            expires=rule.expires,
            judging=rule.judging,
            expired=rule.expired(self._rows.end),
            matched=len(one.matched),
            train=train,
            judge=judge,
            examples=tuple(_ids_at(self._rows, one.matched[:EXAMPLES])),
            strangers=len(one.strangers),
            strange=one.strangers[:EXAMPLES],
        )


def curate(curation: Curation, rows: Uncurated) -> Curated:
    """Return what the rules make of the rows; raises what `Condition.holds` and `label_of` raise."""
    applied = tuple(_applied(curation, rows))
    active = [one for one in applied if not one.rule.expired(rows.end)]
    made = _Making(rows)
    made.leave_out(_of(active, "exclude"), _of(active, "include"))
    made.relabel(_of(active, "relabel"))
    made.weigh(_of(active, "weight"))
    return made.done(applied)


def _of(applied: Sequence[_AppliedRule], action: str) -> list[_AppliedRule]:
    return [one for one in applied if one.rule.action == action]


# -- which rows ---------------------------------------------------------------------------------------------------------


def _applied(curation: Curation, rows: Uncurated) -> Iterator[_AppliedRule]:
    table = _readable(curation, rows)
    words = words_of(rows.table) if any(rule.action == "relabel" for rule in curation.rules) else ()
    for rule in curation.rules:
        matched, strangers = _matched(rule, table, rows)
        concerned = matched if rule.judging else matched[~rows.judging[matched]]
        value = 1.0
        if rule.action == "relabel" and rule.value is not None:
            value = label_of(rule.value, rows.model, words=words, where=f"{rule.where}.value")
        elif rule.action == "weight":
            value = float(rule.value or 1.0)
        yield _AppliedRule(rule=rule, matched=matched, concerned=concerned, value=value, strangers=strangers)


def _matched(rule: CurationRule, table: pa.Table, rows: Uncurated) -> tuple[Places, tuple[str, ...]]:
    """The places of the rows, and of the ids those that no row has."""
    if rule.when is not None:
        return np.flatnonzero(rule.when.holds(table)), ()
    ids = rows.row_id if isinstance(rows.row_id, pa.Array | pa.ChunkedArray) else pa.array(rows.row_id, pa.string())
    places = np.flatnonzero(np.asarray(pc.is_in(ids, value_set=pa.array(rule.rows, ids.type)).to_numpy(zero_copy_only=False)))
    return places, tuple(sorted(set(rule.rows) - set(_ids_at(rows, places))))


def _readable(curation: Curation, rows: Uncurated) -> pa.Table:
    """The columns that conditions name, as a person knows them: the target in its own words, time features, a column of other windows missing in all rows."""
    table, model = rows.table, rows.model
    known = sorted({*rows.columns, *curation.columns} - OWN)
    needed = sorted(curation.needed)
    for rule in curation.rules:
        for name in sorted(rule.when.columns if rule.when is not None else ()):
            if name not in known and name not in DERIVED:
                near = get_close_matches(name, DERIVED, n=1)
                raise UnknownNameError("column", name, known=[*known, *near], where=f"{rule.where}.where")
    if model.target in needed:
        if model.classes is not None:
            table = in_class_texts(table, model.target, model.classes)
        elif model.positive is not None:
            table = in_words(table, model.target, model.positive)
    found = {"": pa.nulls(len(rows.label))}
    for name in needed:
        if name not in known:
            found[name] = DERIVED[cast("TimeFeature", name)](table[rows.time])
        else:
            found[name] = table[name] if name in table.column_names else found[""]
    return pa.table(found)


def _ids_at(rows: Uncurated, places: Places) -> list[str]:
    if isinstance(rows.row_id, pa.Array | pa.ChunkedArray):
        found: list[str] = rows.row_id.take(pa.array(places)).to_pylist()
        return found
    return [str(each) for each in rows.row_id[places]]


# -- what becomes of them -----------------------------------------------------------------------------------------------


class _Making:
    """One reading of the rules, action by action."""

    def __init__(self, rows: Uncurated) -> None:
        n = len(rows.label)
        self._rows, self._label, self._weight = rows, rows.label.copy(), np.ones(n)
        self._excluded, self._released, self._relabelled = (np.zeros(n, dtype=np.bool_) for _ in range(3))
        self._why, self._note = np.zeros(n, dtype=np.int32), np.zeros(n, dtype=np.int32)
        self._texts: list[str] = [""]
        self._conflicts: list[CurationConflict] = []
        self._changed: dict[str, Places] = {}

    def leave_out(self, exclude: Sequence[_AppliedRule], include: Sequence[_AppliedRule]) -> None:
        """Leave rows out, and use those that were set aside where nobody says otherwise."""
        for one in exclude:
            self._send_out(one.concerned, f"curation {one.rule.name}: {one.rule.reason}")
            self._changed[one.rule.name] = one.concerned
        for kept in include:
            for out in exclude:
                self._contradict(out, kept, np.intersect1d(out.concerned, kept.concerned, assume_unique=True), "left out")
            places = kept.concerned[self._rows.quarantined[kept.concerned] & ~self._excluded[kept.concerned]]
            self._released[places] = True
            self._remark(kept, places)

    def relabel(self, rules: Sequence[_AppliedRule]) -> None:
        """Set labels; a row that is given two is left out."""
        torn = self._torn(rules)
        for a, b, places in self._pairs(rules, torn):
            self._contradict(a, b, places, "left out")
            self._send_out(places, f"curation {a.rule.name} and {b.rule.name} contradict each other")
        for one in rules:
            places = one.concerned[~torn[one.concerned]]
            places = places[(self._rows.label[places] != one.value) & ~self._excluded[places]]
            self._label[places] = one.value
            self._relabelled[places] = True
            self._remark(one, places)

    def weigh(self, rules: Sequence[_AppliedRule]) -> None:
        """Set weights; a row that is given two keeps the recipe's."""
        torn = self._torn(rules)
        for a, b, places in self._pairs(rules, torn):
            self._contradict(a, b, places, "neither weighs")
        for one in rules:
            places = one.concerned[~torn[one.concerned]]
            self._weight[places] = one.value
            self._remark(one, places)

    def done(self, applied: tuple[_AppliedRule, ...]) -> Curated:
        """All that was made."""
        return Curated(
            label=self._label,
            weight=self._weight,
            excluded=self._excluded,
            released=self._released,
            relabelled=self._relabelled,
            why=self._why,
            note=self._note,
            texts=tuple(self._texts),
            _applied=applied,
            _conflicts=tuple(self._conflicts),
            _rows=self._rows,
            _changed=self._changed,
        )

    # -- steps ----------------------------------------------------------------------------------------------------------

    def _torn(self, rules: Sequence[_AppliedRule]) -> Mask:
        """The rows that are given two different values."""
        given, torn = np.full(len(self._label), np.nan), np.zeros(len(self._label), dtype=np.bool_)
        for one in rules:
            before = given[one.concerned]
            torn[one.concerned[~np.isnan(before) & (before != one.value)]] = True
            given[one.concerned] = one.value
        return torn

    def _pairs(self, rules: Sequence[_AppliedRule], torn: Mask) -> Iterator[tuple[_AppliedRule, _AppliedRule, Places]]:
        """Which rules give which of these rows two values."""
        of = [(one, places) for one in rules if len(places := one.concerned[torn[one.concerned]])]
        for (a, mine), (b, theirs) in combinations(of, 2):
            if a.value != b.value and len(both := np.intersect1d(mine, theirs, assume_unique=True)):
                yield a, b, both

    def _contradict(self, a: _AppliedRule, b: _AppliedRule, places: Places, then: Literal["left out", "neither weighs"]) -> None:
        if len(places):
            rules = tuple(sorted((a.rule.name, b.rule.name)))
            self._conflicts.append(CurationConflict(rules=rules, rows=len(places), then=then, examples=tuple(_ids_at(self._rows, places[:EXAMPLES]))))

    def _send_out(self, places: Places, why: str) -> None:
        """Leave rows out; the first reason stays."""
        fresh = places[~self._excluded[places]]
        self._excluded[fresh] = True
        self._why[fresh] = self._text(why)

    def _remark(self, one: _AppliedRule, places: Places) -> None:
        """Note of rows that a rule changed them, beside what others did."""
        self._changed[one.rule.name] = places
        for code in np.unique(self._note[places]):
            before = self._texts[code]
            self._note[places[self._note[places] == code]] = self._text(f"{before}, {one.rule.name}" if before else f"curation {one.rule.name}")

    def _text(self, text: str) -> int:
        if text not in self._texts:
            self._texts.append(text)
        return self._texts.index(text)
