"""Records of monitoring: evidence, decision, the policy's state and steps, and the ticket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Annotated, Literal

from keepfit.records import form
from keepfit.records.data import Profile
from keepfit.records.form import record
from keepfit.records.window import Window
from keepfit.records.words import Action, CauseKind, EvidenceKind, Ground, Severity


@record
class Evidence:
    """How strongly a comparison speaks; knows no threshold.

    `effect` is signed so that larger is more (drift; errors over time, of the rule `e-detector`) or better (performance, scout, regret);
    `low`/`high` its interval. `since` is said by a rule over evidence that knows incidents: the window that opened the one which
    stands, empty where none does. `clusters` is how many groups of rows (days …) an interval from labels knows, `design` how much larger its variance
    is for it than that of independent rows; None where rows were taken as independent.
    """

    kind: EvidenceKind
    subject: str
    detector: str
    statistic: float | None
    effect: float | None
    p_value: float | None = None
    e_value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int
    n_reference: int
    detail: str = ""
    since: str = ""
    clusters: int | None = None
    design: float | None = None


@record
class Estimate:
    """What a metric should be on `n` rows before their labels come, learned on `n_reference` labelled rows; bounds as for a measured one.

    `cannot tell`: earlier intervals missed too often, the numbers are shown and not to be believed. `truth` was measured on `labelled`
    rows when labels came, `held` says if the interval for those rows had held it. `design` is how much more batches vary than chance.
    """

    schema: int = 1
    metric: str
    status: Literal["estimated", "cannot tell", "not estimated"]
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int
    n_reference: int
    design: float = 1.0
    truth: float | None = None
    labelled: int = 0
    held: bool | None = None
    detail: str = ""


@record
class Decision:
    """What the update policy says after a window; `cause` identifies the root cause, `target` is for compose."""

    schema: int = 1
    window: str
    action: Action
    ground: Ground | None
    cause: str | None
    target: str | None
    reasons: tuple[str, ...]


@record
class Incident:
    """A change that was told and has not ended: the window that opened it, its effect as told, for how many `windows` it stands.

    `back` is what the bettors of the reverse test are worth, base64 of little-endian float32.
    """

    since: str
    effect: float
    windows: int = 1
    back: str = ""


@record
class EvidenceMemory:
    """What a rule over evidence (`monitor.evidence`) remembers between windows; one of another rule or reference starts anew.

    `worth`: by column what its bettors are worth, base64 of little-endian float32; `calibrating`: the first windows of a stream whose
    reference has too few; `labelled`: the counts of the first windows with labels, which say what is normal for errors, and `waiting` those of the newest,
    which are to join them; `last` and `wobble` (sums by column over `wobbles` pairs): whether windows differ more than the reference's, which raises all
    design effects by the factor `raised`; `recent`: by column the windows, counted from 1, that spoke; `incidents`: by column the change that stands.
    """

    schema: int = 1
    rule: str = ""
    reference: str = ""
    windows: int = 0
    worth: Mapping[str, str] = field(default_factory=dict)
    calibrating: tuple[Profile, ...] = ()
    labelled: tuple[Profile, ...] = ()
    waiting: tuple[Profile, ...] = ()
    last: Profile | None = None
    wobble: Mapping[str, float] = field(default_factory=dict)
    wobbles: int = 0
    raised: float = 1.0
    recent: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    incidents: Mapping[str, Incident] = field(default_factory=dict)


@record
class Gain:
    """What a newer model would have gained over another on a window that begins at `start`, less at most `margin` (half of its interval).

    `windows`: how many windows it stands for, those before it included on which nothing was scouted.
    """

    window: str
    start: datetime | None
    gain: float
    margin: float
    windows: int = 1


@record
class DebtMemory:
    """What staleness debt remembers: the gains of the scouts over the champion (`gains`) and over the scouts before them (`newer`), in the order of time.

    Gains past a bound are one sum (`older`, its margin `older_margin`). `paid` is what candidates of this champion have cost that were asked for.
    `days` with labels and `asked` reviews are counted over all champions, up to the window that begins at `until`; `since`: windows up to there
    owe nothing (a rollback). `waiting` labelled windows had no scout. `window` is the size of the windows and `price` the price that was set for it.
    """

    gains: tuple[Gain, ...] = ()
    newer: tuple[Gain, ...] = ()
    older: float = 0.0
    older_margin: float = 0.0
    paid: float = 0.0
    days: float = 0.0
    asked: int = 0
    until: datetime | None = None
    since: datetime | None = None
    waiting: int = 0
    window: str = ""
    price: float | None = None


@record
class PolicyState:
    """What the fold remembers between windows.

    `drifting` counts windows in a row by column; `harmed` are subjects whose harm was raised and has not ended; `acknowledged`
    says until when people want to hear no more of a cause; `margin` is half the first model's own interval, None until it was measured.
    `vain` counts renewals for their age alone that were refused or gained nothing for sure, `renews` says that the last candidate was asked for as such.
    """

    schema: int = 1
    windows: int = 0
    last_improve: datetime | None = None
    drifting: Mapping[str, int] = field(default_factory=dict)
    memory: EvidenceMemory = EvidenceMemory()
    harmed: tuple[str, ...] = ()
    acknowledged: Mapping[str, datetime] = field(default_factory=dict)
    margin: float | None = None
    debt: DebtMemory = DebtMemory()
    vain: int = 0
    renews: bool = False


@record
class PolicyStep:
    """One step of the fold as it was taken, with all that went in: enough to take it again (`keepfit replay`).

    `policy` holds the thresholds by name, `state` is that before the step (without the memory of the rule over evidence, whose answer is
    `loud`; None: the fixed rule), `ticket` the one its decision opened or found standing.
    """

    schema: int = 1
    model: str
    champion: str
    window: Window
    now: datetime
    policy: Mapping[str, bool | int | float | str | tuple[str, ...] | None]
    state: PolicyState
    evidence: tuple[Evidence, ...]
    loud: tuple[Evidence, ...] | None = None
    decision: Decision
    ticket: str | None = None


@record
class FoundSlice:
    """Rows that a search found: where the loss is higher than outside (`loss`), or whose share of the rows grew (`share`).

    `effect` is the mean loss inside minus outside with its interval; `p_value` is after control for all `tests`; `explained` is the
    part of the whole loss that would be gone if these rows were as good as the others; `share` is of the `n` rows searched, `share_before`
    that of the same slice in the reference's rows, None where these are not at hand.
    """

    question: Literal["loss", "share"]
    slice: str
    columns: tuple[str, ...]
    rows: int
    share: float
    effect: float
    low: float
    high: float
    p_value: float
    explained: float
    n: int
    tests: int
    measure: str = ""
    share_before: float | None = None


@record
class GrownConfusion:
    """Rows of one class (`label`) that are answered as another (`taken_for`; empty: as any other) more often than in the windows that say what is normal.

    `slice` is what it is called; `before` and `now` are shares of the class's `rows_before` and `rows` (`share` of the labelled ones); `low` and `high` are
    bounds of their difference, `p_value` is after control for all `tests`; `explained` is the part of the window's errors that there would not be otherwise.
    """

    slice: str
    label: str
    taken_for: str = ""
    before: float
    now: float
    low: float
    high: float
    rows: int
    rows_before: int
    share: float
    p_value: float
    explained: float
    tests: int

    @property
    def more(self) -> float:
        """How many rows are answered so that would not have been before."""
        return (self.now - self.before) * self.rows


@record
class RootCause:
    """What lies behind a ticket: `kind` of change, its column, where in it, since which window, how much it costs.

    `covariate`: the inputs moved (X); `target`: the labels moved, the inputs did not (y); `concept`: errors rose though neither moved
    (y given X); `prediction`: only the model's outputs moved; `none`: no change was seen, the ground stands alone. `share` is the
    part of the window's rows that the cause touches; `harm` the evidence on performance, None where it was not measured. `slices` are
    those with more loss than the rest, `moved` those whose share of the rows changed (told where the inputs or the outputs moved). `confusions`: of many
    classes those that are answered as another more than they were.
    """

    kind: CauseKind
    column: str = ""
    where: str = ""
    share: float | None = None
    since: str = ""
    harm: Evidence | None = None
    explains: tuple[str, ...] = ()
    slices: tuple[FoundSlice, ...] = ()
    moved: tuple[FoundSlice, ...] = ()
    confusions: tuple[GrownConfusion, ...] = ()


@record
class Growth:
    """What is new of a ticket's cause in a later `window`: how grave it is by now, what else changed or broke, and where errors rose.

    `severity` is None where it is no graver, `harm` where performance is not surely worse than reported before; `also` are columns and expectations.
    """

    window: str
    severity: Severity | None = None
    also: tuple[str, ...] = ()
    slices: tuple[str, ...] = ()
    harm: Evidence | None = None


@record
class Ticket:
    """One root cause with all that it explains, who is affected, what to do next; `root` and `severity` are None in tickets of older keepfits.

    All is as it was when the ticket was opened but for the `severity`, which is the gravest so far, and what is new since (`grown`).
    """

    schema: int = 1
    id: str
    model: str
    champion: str
    action: Action
    ground: Ground
    cause: str
    window: str
    opened: datetime
    target: str | None
    reasons: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    affected: str
    next: tuple[str, ...]
    status: Literal["open", "acknowledged", "resolved"] = "open"
    until: datetime | None = None
    note: str = ""
    branch: str | None = None
    root: RootCause | None = None
    severity: Severity | None = None
    grown: Annotated[tuple[Growth, ...], form.LATER] = ()
