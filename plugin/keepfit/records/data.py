"""Records of data: windows, profiles, what expectations found, and how a data set was composed."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date, datetime
from typing import Annotated, Literal

from keepfit.errors import DataError
from keepfit.records import form
from keepfit.records.form import record
from keepfit.records.labels import LabelCount
from keepfit.records.quality import QualityOutcome
from keepfit.records.window import Window
from keepfit.records.words import Action, Basis, Severity, ShareGroup, Status

ONE_LAYOUT = "profile both on one layout"


@record
class NumericProfile:
    """Counts of a numeric column on `edges` (len(edges) + 1 bins; bin i holds edges[i-1] < x <= edges[i]) and moments.

    `n` counts finite values; `missing` NULL and NaN; `nonfinite` plus and minus infinity.
    """

    kind: Literal["numeric"] = "numeric"
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    n: int
    missing: int
    nonfinite: int
    total: float
    total_squared: float
    low: float | None
    high: float | None

    def __add__(self, other: ColumnProfile) -> NumericProfile:
        """Return the counts of both; the sums stay within the largest float. Raises `DataError` on other edges."""
        if not isinstance(other, NumericProfile) or self.edges != other.edges:
            raise DataError("counted on different edges", fix=ONE_LAYOUT)
        return replace(
            self,
            counts=_added(self.counts, other.counts),
            n=self.n + other.n,
            missing=self.missing + other.missing,
            nonfinite=self.nonfinite + other.nonfinite,
            total=bounded(self.total + other.total),
            total_squared=bounded(self.total_squared + other.total_squared),
            low=min((low for low in (self.low, other.low) if low is not None), default=None),
            high=max((high for high in (self.high, other.high) if high is not None), default=None),
        )


@record
class CategoricalProfile:
    """Counts of the reference's most frequent `categories`; `other` counts every value that is none of them.

    `new` is the part of `other` that the reference never held, told by `rare`: its values that are no category. `rare` is
    None where they were too many to keep (or in profiles of old): then nothing is called new and `new` is 0.
    """

    kind: Literal["categorical"] = "categorical"
    categories: tuple[str, ...]
    counts: tuple[int, ...]
    n: int
    missing: int
    other: int
    rare: tuple[str, ...] | None = None
    new: int = 0

    def __add__(self, other: ColumnProfile) -> CategoricalProfile:
        """Return the counts of both; raises `DataError` on other categories."""
        if not isinstance(other, CategoricalProfile) or (self.categories, self.rare) != (other.categories, other.rare):
            raise DataError("counted on different categories", fix=ONE_LAYOUT)
        return replace(
            self,
            counts=_added(self.counts, other.counts),
            n=self.n + other.n,
            missing=self.missing + other.missing,
            other=self.other + other.other,
            new=self.new + other.new,
        )


@record
class TextProfile:
    """Counts of a column of texts: `lengths` in words, each text's share of words `unknown` to the reference, and texts with a word of each of the `buckets`.

    `unknown` is of texts with a word and has counts only, no moments; words are hashed into buckets. `n` counts texts, empty ones too; `missing` NULL; `words`
    all words and `unseen` those that the reference does not know; `cut` the texts that were read in part.
    `known` names the words that the reference knows. The words themselves, as filters (`profiles/known_words.py`), are with a layout alone: `seen` holds all
    of them, `shared` those by which the reference's own rows are counted. A counted profile goes without.
    """

    kind: Literal["text"] = "text"
    lengths: NumericProfile
    unknown: NumericProfile
    buckets: tuple[int, ...]
    n: int
    missing: int
    words: int
    unseen: int
    cut: int = 0
    known: str
    seen: str = field(default="", compare=False, repr=False)
    shared: str = field(default="", compare=False, repr=False)

    def __add__(self, other: ColumnProfile) -> TextProfile:
        """Return the counts of both; raises `DataError` on other words that are known, or other edges."""
        if not isinstance(other, TextProfile) or self.known != other.known or len(self.buckets) != len(other.buckets):
            raise DataError("counted on different words", fix=ONE_LAYOUT)
        return replace(
            self,
            lengths=self.lengths + other.lengths,
            unknown=self.unknown + other.unknown,
            buckets=_added(self.buckets, other.buckets),
            n=self.n + other.n,
            missing=self.missing + other.missing,
            words=self.words + other.words,
            unseen=self.unseen + other.unseen,
            cut=self.cut + other.cut,
            seen=self.seen or other.seen,
            shared=self.shared or other.shared,
        )

    @property
    def unseen_share(self) -> float | None:
        """The share of the words that the reference does not know; None without a word."""
        return self.unseen / self.words if self.words else None


ColumnProfile = NumericProfile | CategoricalProfile | TextProfile


@record
class ShareCount:
    """A yes/no question about the rows beside their columns: `yes` of `n`; `group` is the part of the promise that it shares.

    `pairs`: do two columns lie on the same side of their medians; `performance`: is the model wrong; `slices`: is it wrong within a slice;
    `confusions`: does it take rows of one class for those of another. The last are counted, not watched.
    """

    group: ShareGroup
    yes: int
    n: int

    def __add__(self, other: ShareCount) -> ShareCount:
        """Return the counts of both."""
        return replace(self, yes=self.yes + other.yes, n=self.n + other.n)


@record
class Profile:
    """Mergeable statistics of a window: one `ColumnProfile` a column, and counted questions about several columns at once by name."""

    schema: int = 1
    window: str
    rows: int
    columns: Mapping[str, ColumnProfile]
    shares: Mapping[str, ShareCount] = field(default_factory=dict)

    def __add__(self, other: Profile) -> Profile:
        """Return the profile of both windows' rows, named `first..last`; raises `DataError` on different layouts.

        >>> (Profile(window="2013-02", rows=2, columns={}) + Profile(window="2013-01", rows=3, columns={})).window
        '2013-01..2013-02'
        """
        if self.columns.keys() != other.columns.keys():
            odd = sorted(self.columns.keys() ^ other.columns.keys())
            raise DataError(f"profiles of {self.window!r} and {other.window!r} do not have the same columns: {', '.join(odd[:5])}", fix=ONE_LAYOUT)
        columns = {name: _column_sum(name, column, other.columns[name]) for name, column in self.columns.items()}
        shares = {**other.shares, **{name: share + other.shares[name] if name in other.shares else share for name, share in self.shares.items()}}
        return replace(self, window=_span(self.window, other.window), rows=self.rows + other.rows, columns=columns, shares=shares)


def bounded(value: float) -> float:
    """Return the value within the largest float, NaN as 0: a record holds no infinity, so a sum that overflows stays there.

    >>> bounded(float("inf")) == sys.float_info.max
    True
    """
    return min(max(value, -sys.float_info.max), sys.float_info.max) if value == value else 0.0


def _column_sum(name: str, a: ColumnProfile, b: ColumnProfile) -> ColumnProfile:
    try:
        return a + b
    except DataError as odd:
        raise DataError(f"profiles of the column {name!r} are counted on different edges, categories or words", fix=ONE_LAYOUT) from odd


def _added(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(x + y for x, y in zip(a, b, strict=True))


def _span(a: str, b: str) -> str:
    ends = sorted((part for name in (a, b) for part in name.split("..") if part), key=lambda name: (Window(id=name, source="").number or 0, name))
    if not ends:
        return ""
    return ends[0] if ends[0] == ends[-1] else f"{ends[0]}..{ends[-1]}"


@record
class Reference:
    """What live windows are compared with: profiles of days (or shorter), in time order, on common edges.

    `words`: the words that each column of texts knows, once for all profiles, as a filter (`profiles/known_words.py`).
    """

    schema: int = 1
    profiles: tuple[Profile, ...]
    words: Annotated[Mapping[str, str], form.LATER] = field(default_factory=dict)


@record
class ExpectationOutcome:
    """One expectation on one batch: `level` row means that failing rows can be set aside, batch that they cannot."""

    suite: str
    expectation: str
    type: str
    column: str | None
    severity: Severity
    level: Literal["row", "batch"]
    status: Status
    observed: str
    unexpected: int
    sample: tuple[str, ...] = ()
    window: str | None = None
    detail: str = ""

    @property
    def blocks(self) -> bool:
        """Whether the window waits for a person: a critical failure of the whole batch, or a critical expectation that could not be measured."""
        return self.severity == "critical" and (self.status == "error" or (self.status == "fail" and self.level == "batch"))


@record
class WindowValidation:
    """What the suites said about one window and what follows: its rows quarantined, or the window blocked."""

    window: str
    rows: int
    quarantined: int
    blocked: bool
    decision: Literal["exclude", "accept"] | None = None
    reason: str = ""
    outcomes: tuple[ExpectationOutcome, ...]


@record
class Validation:
    """All windows (and named side tables such as weather) against their suites; `suites` maps suite to sha256."""

    schema: int = 1
    windows: tuple[WindowValidation, ...]
    suites: Mapping[str, str]


@record
class Part:
    """Rows of one window that went one way: train, replay, evaluate, holdout or left out, and why."""

    window: str
    part: Literal["train", "replay", "evaluate", "holdout", "out"]
    reason: str
    rows: int
    labelled: int
    weight: float = 1.0


StratumStatus = Literal["met", "short", "over"]


@record
class Stratum:
    """Rows of one slice, class or window in what trains or judges: how many there were to choose from, how many are in it, and what was asked for.

    `share` is of the part's rows, `weight` of their weights. `status` None: nothing was asked for that could be missed.
    """

    name: str
    part: Literal["train", "judge"]
    available: int
    rows: int
    share: float
    weight: float
    asked: str = ""
    status: StratumStatus | None = None


@record
class CuratedRule:
    """What a rule of `curation.yaml` did: rows that it `matched`, and those of them whose use it changed, in training (`train`) and in judging (`judge`).

    An `exclude` counts rows that would have been used (or drawn from) without it. `strangers` are ids that it names and no row has.
    """

    name: str
    action: Literal["exclude", "include", "relabel", "weight"]
    value: float | str | None
    author: str
    reason: str
    expires: date | None
    judging: bool
    expired: bool
    matched: int
    train: int
    judge: int
    examples: tuple[str, ...] = ()
    strangers: int = 0
    strange: tuple[str, ...] = ()


@record
class CurationConflict:
    """Two rules that cannot both hold of some rows, and what was done with these: `left out`, or `neither weighs` them."""

    rules: tuple[str, ...]
    rows: int
    then: Literal["left out", "neither weighs"]
    examples: tuple[str, ...]


@record
class CurationReport:
    """What became of each rule; rules expire by `end`, the end of the newest window."""

    end: datetime
    rules: tuple[CuratedRule, ...]
    conflicts: tuple[CurationConflict, ...] = ()

    @property
    def judging(self) -> int:
        """How many rows that judge, or are held out, rules changed or left out; a row of two rules counts twice."""
        return sum(rule.judge for rule in self.rules)


@record
class Augmented:
    """Rows that an augmentation made of rows that train: `share` of them was asked for, `parents` have one of the `rows` that train now.

    `weight` is their share of all weights. `alike` came out as their parents and `broken` broke the data suite: neither trains. `refused` is what the suite
    says of all of them together, where none trains for it; `checked`: there was a suite.
    """

    name: str
    share: float
    rows: int
    parents: int
    weight: float
    alike: int = 0
    broken: int = 0
    refused: str = ""
    checked: bool = False
    notes: tuple[str, ...] = ()


@record
class Composition:
    """The diffable summary of a manifest; `basis` says if candidates are judged on later rows or on the holdout.

    `recipe` is the name of the recipe that composed it ('': a project without recipes), `strata` what became of the rows that it names.
    A refit's says what judged it: the model on the rows before `sibling_until` (None: no refit), from `evaluated_from` to `evaluated_until`, where the
    refit's own rows end. `curation`: what people decided on single rows (None: there are no rules). `augmented`: the rows that were made, which are no part
    of any other count. `quality`: what was done about rows that repeat or contradict others. `labels`: whose word the labels are (none: all
    are the source's own).
    """

    schema: int = 1
    action: Action
    basis: Basis
    trained_from: datetime | None
    trained_until: datetime | None
    evaluated_from: datetime | None
    evaluated_until: datetime | None
    parts: tuple[Part, ...]
    target_share: Mapping[str, float] = field(default_factory=dict)
    manifest: str = ""
    sibling_until: datetime | None = None
    recipe: str = ""
    strata: tuple[Stratum, ...] = ()
    curation: CurationReport | None = None
    augmented: tuple[Augmented, ...] = ()
    quality: tuple[QualityOutcome, ...] = ()
    labels: tuple[LabelCount, ...] = ()
