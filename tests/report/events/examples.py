"""One example of each kind of event, made of records as they are: what the tests claim of the texts, and docs/operate.md shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from keepfit.records import (
    Decision,
    Event,
    EventKind,
    Evidence,
    FoundSlice,
    GainInterval,
    Growth,
    JournalRow,
    JudgedWindow,
    Pin,
    Probation,
    ProbationWindow,
    PromiseKept,
    RootCause,
    Scorecard,
    ScoreRow,
    Ticket,
    Window,
)
from keepfit.report.events.candidate import MadeCandidate, candidate_made
from keepfit.report.events.promotion import moves, probation_ended
from keepfit.report.events.setting import EventSetting
from keepfit.report.events.ticket import ticket_closed, ticket_grown, ticket_opened
from keepfit.report.events.window import window_waits

SETTING = EventSetting(pages="http://mlflow:5000/#")
AT = datetime(2013, 6, 1, 3)
HARM = Evidence(kind="performance", subject="overall", detector="roc_auc", statistic=0.661, effect=-0.042, low=-0.053, high=-0.031, n=2214, n_reference=0)
SCOUT = Evidence(kind="scout", subject="overall", detector="roc_auc", statistic=0.012, effect=0.0119, low=0.004, high=0.02, n=2214, n_reference=2214)
TEMP = Evidence(kind="data", subject="temp", detector="ks", statistic=0.412, effect=0.412, n=2214, n_reference=24000)
WORSE = replace(HARM, statistic=0.59, effect=-0.113, low=-0.13, high=-0.096, n=2302)
SLICE = FoundSlice(
    question="loss",
    slice="carrier=UA",
    columns=("carrier",),
    rows=402,
    share=0.18,
    effect=0.2,
    low=0.15,
    high=0.25,
    p_value=1e-6,
    explained=0.61,
    n=2214,
    tests=40,
)
TICKET = Ticket(
    id="2013-05-harm",
    model="flights",
    champion="3",
    action="improve",
    ground="harm",
    cause="harm:overall/covariate",
    window="2013-05",
    opened=AT,
    target="2013-05-01T00:00:00",
    reasons=("roc_auc of overall is 0.0420 worse than promised, at least 0.0310, allowed is 0.02, on 2,214 rows", "drift in temp (ks 0.412)"),
    evidence=(HARM, SCOUT, TEMP),
    affected="2,214 rows of window 2013-05",
    next=("keepfit improve 2013-05-harm",),
    root=RootCause(kind="covariate", column="temp", share=0.41, since="2013-04", harm=HARM, slices=(SLICE,)),
    severity="critical",
)
BROKEN = replace(
    TICKET,
    id="2013-06-quality",
    action="inspect",
    ground="quality",
    cause="quality:flights_have_weather",
    window="2013-06",
    opened=datetime(2013, 7, 1, 3),
    target=None,
    reasons=("the expectation flights_have_weather failed (31.4% of the rows have no wind)",),
    evidence=(),
    affected="2,198 rows of window 2013-06",
    next=("keepfit window exclude 2013-06 --reason '…'",),
    root=RootCause(kind="quality", column="", share=0.314, since="2013-06"),
)
BLOCKED = JudgedWindow(
    model="flights",
    champion="sha256:0f",
    version="3",
    window=Window(id="2013-06", source="live", start=datetime(2013, 6, 1), end=datetime(2013, 7, 1)),
    status="blocked",
    rows=2198,
    decision=Decision(window="2013-06", action="inspect", ground="quality", cause=BROKEN.cause, target=None, reasons=BROKEN.reasons),
    ticket=BROKEN.id,
)
LATE = Evidence(kind="quality", subject="rows", detector="silence", statistic=3.0, effect=1.0, n=310, n_reference=0)
SAID = "no rows came for the last 26 days of window 2013-07, though some were due each day"
SILENT = replace(
    BLOCKED,
    window=Window(id="2013-07", source="live", start=datetime(2013, 7, 1), end=datetime(2013, 8, 1)),
    rows=310,
    evidence=(LATE,),
    decision=replace(BLOCKED.decision, window="2013-07", cause="quality:rows", reasons=(SAID,)),
    ticket="2013-07-quality",
)
ROW = ScoreRow(
    slice="overall",
    metric="roc_auc",
    rule="not_worse_than",
    bound=-0.01,
    champion=0.661,
    challenger=0.704,
    difference=0.043,
    low=0.029,
    high=0.057,
    p_value=None,
    n=2214,
    status="pass",
)
CARD = Scorecard(
    model="flights",
    task="classification",
    metric="roc_auc",
    basis="later",
    champion=Pin(model="flights", version="3", digest="sha256:0f", trained_until=None, evaluated_until=None),
    evaluated_from=None,
    evaluated_until=None,
    n=2214,
    rows=(ROW,),
    expectations=(),
)
SMALL = replace(ROW, slice="carrier=HA", difference=-0.01, low=-0.09, high=0.07, n=61, status="undecided", undecided="approve")
LOST = replace(ROW, slice="carrier=UA", challenger=0.61, difference=-0.05, low=-0.08, high=-0.02, n=402, status="fail", rule="no_proof_of_harm")
MADE = MadeCandidate(
    ticket=TICKET,
    branch="retrain/2013-05-harm",
    commit="3f2a9c0b71d4",
    version="4",
    card=CARD,
    cure=None,
    review="git diff main...retrain/2013-05-harm -- ':/reports/REVIEW.md' ':/*.yaml'",
)
PROMOTED = JournalRow(
    id=41,
    at=datetime(2013, 6, 3, 9, tzinfo=UTC),
    kind="promoted",
    model="flights",
    version="4",
    target="alias champion",
    previous="3",
    who="tess",
    via="server",
    text="12 demands are met; roc_auc is 0.043 better than version 3, at least 0.029",
    hash="sha256:9d",
)
REFUSED = replace(PROMOTED, id=40, kind="refused", previous=None, text="keepfit refused: [KF-G020] roc_auc of carrier=UA is surely worse than version 3")
BACK = replace(PROMOTED, id=52, kind="rolled back", version="3", previous="4", text="rolled back to a former champion: the night shift was right")
KEPT = PromiseKept(
    unit="roc_auc",
    promised=GainInterval(gain=0.043, low=0.029, high=0.057, confidence=0.9, n=2214),
    delivered=GainInterval(gain=0.031, low=0.012, high=0.05, confidence=0.9, n=6604),
)
PROBATION = Probation(
    model="flights",
    champion="sha256:1f",
    version="4",
    displaced="sha256:0f",
    displaced_version="3",
    wanted=3,
    windows=tuple(ProbationWindow(window=f"2013-{month:02}", labelled=2200, arrivals=0, gain=0.03) for month in (6, 7, 8)),
    kept=(KEPT,),
)


def moved(row: JournalRow) -> Event:
    """The event of one row of the journal."""
    return moves([row], after=row.id - 1, clock=[row.at.replace(tzinfo=None)], setting=SETTING)[0]


GROWN = replace(TICKET, grown=(Growth(window="2013-06", also=("wind_speed",), slices=("origin=JFK",), harm=WORSE),))
EXAMPLES: dict[EventKind, Event] = {
    "ticket_opened": ticket_opened(TICKET, setting=SETTING),
    "ticket_grown": ticket_grown(GROWN, at=datetime(2013, 7, 1, 3), setting=SETTING),
    "ticket_closed": ticket_closed(replace(TICKET, status="resolved", note="version 4 is the champion now"), at=AT, setting=SETTING),
    "window_blocked": window_waits(BLOCKED, BROKEN, waiting=2, opened=False, at=AT, setting=SETTING),
    "no_rows": window_waits(SILENT, replace(BROKEN, id="2013-07-quality", window="2013-07"), waiting=1, opened=True, at=AT, setting=SETTING),
    "candidate_ready": candidate_made(MADE, at=AT, setting=SETTING),
    "candidate_refused": candidate_made(replace(MADE, card=replace(CARD, rows=(ROW, LOST))), at=AT, setting=SETTING),
    "candidate_undecided": candidate_made(replace(MADE, card=replace(CARD, rows=(ROW, SMALL))), at=AT, setting=SETTING),
    "promotion_refused": moved(REFUSED),
    "promoted": moved(PROMOTED),
    "rolled_back": moved(BACK),
    "probation_ended": probation_ended(PROBATION, at=datetime(2013, 9, 1), setting=SETTING),
}
