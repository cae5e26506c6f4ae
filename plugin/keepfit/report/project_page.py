"""The page of a project: its champion and how good it was window by window, its tickets, windows, candidates, promotions, and who decided.

One page that stands alone and needs no server: what could not be read is said. Record -> text: same view, same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from shlex import quote as shlex_quote
from urllib.parse import quote

from markupsafe import Markup

from keepfit.records import JudgedWindow, Pin, Scorecard, Ticket
from keepfit.report.markdown_page import pieces
from keepfit.report.monitoring import reasons_of
from keepfit.report.pages import render
from keepfit.report.performance import HEADERS, PerformanceCourse, performance_line, performance_rows
from keepfit.report.performance_chart import performance_figure
from keepfit.report.probation import promise_line, promises_table
from keepfit.report.stakeholders import ModelStanding, changed_last, decided_by
from keepfit.report.tables import number, plain, shorten
from keepfit.report.ticket_page import answers, headline
from keepfit.report.tickets import status_text
from keepfit.report.version_page import primary_value, verdict_line

WINDOWS, TICKETS, CANDIDATES, ROWS = 12, 10, 10, 10
WINDOW_HEADERS = ("window", "champion", "rows", "with a label", "measured", "decision", "ticket", "why")
TICKET_HEADERS = ("ticket", "action", "severity", "cause", "window", "status", "note")
CANDIDATE_HEADERS = ("version", "for ticket", "verdict", "measured", "against", "rows that judged", "see its data and review")
JOURNAL_HEADERS = ("when", "what", "version", "who", "why")
QUESTIONS = ("what", "where", "how bad", "since when")
REASON_CHARS = 160


@dataclass(frozen=True, kw_only=True)
class CandidateView:
    """A candidate that a retraining made: for which ticket, on which branch, its scorecard; `version` is None where the registry could not be asked."""

    ticket: str
    branch: str
    card: Scorecard
    version: str | None = None


@dataclass(frozen=True, kw_only=True)
class ProjectView:
    """What is known of a project: its model as it stands, the newest windows under any champion, all tickets, the candidates, the newest first.

    `pages` are the files of windows' pages as the page links them, by the window's id and champion; `worth` is what the checkout's candidate is worth, in
    Markdown; `unread` are sentences on what could not be read.
    """

    standing: ModelStanding
    course: PerformanceCourse
    windows: Sequence[JudgedWindow]
    tickets: Sequence[Ticket]
    candidates: Sequence[CandidateView] = ()
    pages: Mapping[tuple[str, str], str] = field(default_factory=dict)
    worth: str = ""
    unread: Sequence[str] = ()


def project_html(view: ProjectView) -> str:
    """Return the page."""
    open_tickets = [one for one in view.tickets if one.status != "resolved"]
    closed = [one for one in reversed(view.tickets) if one.status == "resolved"]
    anchors = {one.id: f"ticket-{at}" for at, one in enumerate([*open_tickets, *closed[:TICKETS]], start=1)}
    return render(
        "project.html",
        model=view.standing.model,
        line=_serving(view.standing.champion),
        open=len(open_tickets),
        facts=_facts(view),
        figure=performance_figure(view.course),
        performance=performance_line(view.course),
        performance_headers=HEADERS,
        performance_rows=performance_rows(view.course),
        tickets=[(anchors[one.id], one, headline(one), [pair for pair in answers(one) if pair[0] in QUESTIONS], one.next[:2]) for one in open_tickets],
        closed=[(anchors[one.id], _ticket_cells(one)) for one in closed[:TICKETS]],
        closed_left=max(len(closed) - TICKETS, 0),
        ticket_headers=TICKET_HEADERS,
        window_headers=WINDOW_HEADERS,
        windows=[_window_cells(one, view, anchors) for one in list(reversed(view.windows))[:WINDOWS]],
        windows_left=max(len(view.windows) - WINDOWS, 0),
        candidate_headers=CANDIDATE_HEADERS,
        candidates=[_candidate_cells(one, anchors) for one in view.candidates[:CANDIDATES]],
        worth=pieces(view.worth),
        promises=pieces(f"{promise_line(view.standing.promotions)}\n\n{promises_table(view.standing.promotions)}" if view.standing.promotions else ""),
        journal_headers=JOURNAL_HEADERS,
        journal=[
            (one.at, one.kind, f"v{one.version}", one.who, shorten(plain(one.text), REASON_CHARS)) for one in list(reversed(view.standing.journal))[:ROWS]
        ],
        journal_left=max(len(view.standing.journal) - ROWS, 0),
        unread=view.unread,
    )


def _serving(pin: Pin | None) -> str:
    if pin is None:
        return "No version serves yet."
    promised = "" if pin.value is None else f", judged at {pin.metric} {number(pin.value)}"
    until = "" if pin.trained_until is None else f", trained on rows until {pin.trained_until:%Y-%m-%d}"
    return f"Version {pin.version} serves{promised}{until}."


def _facts(view: ProjectView) -> list[tuple[str, tuple[str, ...]]]:
    """Each a question and its answer, as the half page for stakeholders gives them."""
    since = _since(view)
    answers_of = (("since when", f"{changed_last(view.standing)}{since}"), ("who decided", decided_by(view.standing)))
    return [(question, tuple(line for piece in pieces(text) for line in piece.lines)) for question, text in answers_of]


def _since(view: ProjectView) -> str:
    pin = view.standing.champion
    mine = [one.window.id for one in view.windows if pin is not None and one.champion == pin.digest]
    return f" Its first window was {mine[0]}, of {len(mine)}." if mine else ""


def _link(text: str, href: str | None) -> object:
    return text if href is None else Markup('<a href="{}">{}</a>').format(href, plain(text))


def _window_cells(one: JudgedWindow, view: ProjectView, anchors: Mapping[str, str]) -> tuple[object, ...]:
    page = view.pages.get((one.window.id, one.champion))
    bounds = "" if one.low is None or one.high is None else f" ({number(one.low)} to {number(one.high)})"
    said = one.estimate if one.value is None and one.estimate is not None and one.estimate.value is not None else None
    measured = f"{number(one.value)}{bounds}" if one.value is not None else None if said is None else f"about {number(said.value)}, before labels"
    anchor = anchors.get(one.ticket or "")
    why = shorten(next(iter(reasons_of(one)), ""), REASON_CHARS)
    ticket = None if one.ticket is None else _link(one.ticket, None if anchor is None else f"#{anchor}")
    decision = f"{one.decision.action}, blocked" if one.status == "blocked" else one.decision.action
    return (_link(one.window.id, None if page is None else quote(page)), f"v{one.version}", one.rows, one.labelled, measured, decision, ticket, why)


def _ticket_cells(one: Ticket) -> tuple[object, ...]:
    return (one.id, one.action, one.severity, one.cause, one.window, status_text(one), shorten(one.note, REASON_CHARS))


def _candidate_cells(one: CandidateView, anchors: Mapping[str, str]) -> tuple[object, ...]:
    anchor = anchors.get(one.ticket)
    against = "no champion" if one.card.champion is None else f"v{one.card.champion.version}"
    see = Markup("<code>keepfit data diff --of train {0}^ {0}</code><br><code>git show {0}:reports/REVIEW.md</code>").format(shlex_quote(one.branch))
    version = None if one.version is None else f"v{one.version}"
    ticket = _link(one.ticket, None if anchor is None else f"#{anchor}")
    return (version, ticket, verdict_line(one.card), primary_value(one.card), against, one.card.n, see)
