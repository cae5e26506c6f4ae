"""A ticket explained: what, where, how sure, how bad, since when, what speaks for it, what to type. Record -> text.

The same sentences on a terminal (Markdown) and on one static page: no script, nothing loaded from anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from keepfit.monitor.new_classes import is_new_class
from keepfit.records import CauseKind, ColumnProfile, Evidence, FoundSlice, GrownConfusion, RootCause, Ticket, record
from keepfit.report.drift import MOVED_HEADERS, moved_cells, p_text, share_before
from keepfit.report.evidence import compared, difference_cells, note_of, unseen, value_of, with_value
from keepfit.report.histograms import twin_bins, twin_histogram
from keepfit.report.pages import render
from keepfit.report.performance import PerformanceCourse
from keepfit.report.performance_chart import course_values
from keepfit.report.tables import inline, markdown_table, number
from keepfit.report.tickets import commands_of, status_text
from keepfit.update.confusions import sentence as confused

KINDS: dict[CauseKind, str] = {
    "schema": "the table itself changed",
    "quality": "the data is not sound",
    "covariate": "the inputs moved (X)",
    "target": "the labels moved, no drift of the inputs was called (y)",
    "concept": "no drift of inputs or labels was called, their relation changed (y given X)",
    "prediction": "the model's own outputs moved, no drift of inputs or labels was called",
    "none": "no change of the data was called drift",
}
SLICE_HEADERS = ("slice", "labelled rows", "share of these", "share before", "worse by", "at least", "at most", "p after control", "of the loss explained")
CONFUSION_HEADERS = ("rows of class", "taken for", "before", "now", "more by at least", "at most", "p after control", "of the errors explained")
CONFUSED = "classes that are surely taken for others more than in the windows that say what is normal, the most rows first"
UNLISTED = "labels of a class that is not in the list (y): the model cannot answer it"
MOVED_SLICES = ("slice", *MOVED_HEADERS)
EVIDENCE_HEADERS = ("kind", "subject", "measure", "value", "effect", "lower bound", "upper bound", "p", "rows", "note")
FIGURES = 8


@record
class Figure:
    """One column's two sides, for its twin histogram."""

    column: str
    reference: ColumnProfile
    current: ColumnProfile


def headline(ticket: Ticket) -> str:
    """Return the one sentence: what is asked for, and why."""
    kind = "" if ticket.root is None else f": {_kind(ticket, ticket.root)}"
    return f"{ticket.action} on the ground of {ticket.ground}{kind}"


def _kind(ticket: Ticket, root: RootCause) -> str:
    """What kind of change it is, in words."""
    return UNLISTED if any(is_new_class(one) and one.subject == root.column for one in ticket.evidence) else KINDS[root.kind]


def answers(ticket: Ticket) -> tuple[tuple[str, str], ...]:
    """Return the questions of somebody on call with one sentence each."""
    root = ticket.root or RootCause(kind="none", since=ticket.window)
    kind = _kind(ticket, root)
    what = f"{root.column} – {kind}" if root.column else kind
    quiet = "" if kind == UNLISTED else unseen(root, ticket.evidence)
    return (
        ("what", f"{what}{quiet and f'; {quiet}'}" if ticket.root else "; ".join(ticket.reasons[:2]) or ticket.cause),
        ("where", _where(root)),
        ("share of rows", "not measured" if root.share is None else f"{root.share:.1%}; {ticket.affected}"),
        ("how sure", _how_sure(ticket, root)),
        ("how bad", f"{ticket.severity}; {_how_bad(root)}" if ticket.severity else _how_bad(root)),
        ("since when", f"window {root.since or ticket.window}" + ("" if root.since in ("", ticket.window) else f", told in {ticket.window}")),
        ("status", status_text(ticket)),
    )


def _where(root: RootCause) -> str:
    said = [root.where] if root.where else []
    said += [text for text in map(confused, root.confusions) if text != root.where]
    if worse := sure(root.slices):
        said.append("surely worse where " + ", then where ".join(found.slice for found in worse))
    said += [f"rows where {first.slice} went from {share_before(first):.1%} to {first.share:.1%}" for first in sure(root.moved)[:1]]
    return "; ".join(said) or "everywhere: no slice is surely worse than the rest"


def _how_sure(ticket: Ticket, root: RootCause) -> str:
    counted = root.kind in ("schema", "quality") or _kind(ticket, root) == UNLISTED
    own = [] if counted else [one for one in ticket.evidence if one.subject == root.column and one.kind in ("data", "target", "prediction")]
    said = [f"{one.detector} {number(one.effect)}, p {p_text(one.p_value) or '–'} on {one.n:,} rows" for one in own[:2]]
    said += [f"the slice has p {p_text(first.p_value)} after control for {first.tests:,} slices" for first in sure(root.slices)[:1]]
    if counted:
        said.append("certain: it was counted, not estimated")
    return "; ".join(said) or ("by the evidence below" if root.harm is None else f"the bounds of {_promised(root.harm)}")


def _how_bad(root: RootCause) -> str:
    if root.harm is None:
        return "not measured: no labels, or nothing was promised"
    told = [one for one in sure(root.slices)[:1] if one.explained > 0]
    first = "".join(f"; {one.slice} explains {one.explained:.0%} of the {one.measure or 'loss'}" for one in told)
    return f"{_promised(root.harm)}{first}"


def _promised(harm: Evidence) -> str:
    return compared(harm, "than promised", rows="labelled rows")


def sure(slices: Sequence[FoundSlice]) -> tuple[FoundSlice, ...]:
    """Return the slices whose interval excludes the opposite, in their order; tickets of older keepfits hold others too."""
    return tuple(one for one in slices if one.low > 0 or (one.question == "share" and one.high < 0))


def slice_rows(slices: Sequence[FoundSlice]) -> list[tuple[object, ...]]:
    """Return the found slices under `SLICE_HEADERS`."""
    return [
        (
            one.slice,
            one.rows,
            f"{one.share:.1%}",
            _percent(one.share_before),
            one.effect,
            one.low,
            one.high,
            p_text(one.p_value),
            f"{one.explained:.0%}",
        )
        for one in slices
    ]


def confusion_rows(found: Sequence[GrownConfusion]) -> list[tuple[object, ...]]:
    """Return what is taken for what more than before under `CONFUSION_HEADERS`."""
    return [
        (
            one.label,
            one.taken_for or "any other",
            f"{one.before:.1%} of {one.rows_before:,}",
            f"{one.now:.1%} of {one.rows:,}",
            f"{one.low:.1%}",
            f"{one.high:.1%}",
            p_text(one.p_value),
            f"{one.explained:.0%}",
        )
        for one in found
    ]


def moved_rows(slices: Sequence[FoundSlice]) -> list[tuple[object, ...]]:
    """Return the slices whose share of the rows changed under `MOVED_SLICES`."""
    return [(one.slice, *moved_cells(one)) for one in slices]


def evidence_rows(ticket: Ticket) -> list[tuple[object, ...]]:
    """Return the ticket's evidence under `EVIDENCE_HEADERS`."""
    return [
        (one.kind, one.subject, one.detector, value_of(one), *difference_cells(one), p_text(one.p_value), one.n, note_of(one))
        for one in with_value(ticket.evidence)
    ]


def explain_markdown(ticket: Ticket) -> str:
    """Return the explanation as Markdown, for a terminal."""
    slices, moved = ((), ()) if ticket.root is None else (sure(ticket.root.slices), sure(ticket.root.moved))
    lines = [f"**{inline(headline(ticket))}**", "", inline(_about(ticket)), ""]
    lines += [f"- {question}: {inline(answer)}" for question, answer in answers(ticket)]
    lines += ["", "why:", *(f"- {inline(reason)}" for reason in ticket.reasons)]
    if ticket.root is not None and ticket.root.explains:
        lines += ["", "explained by it:", *(f"- {inline(one)}" for one in ticket.root.explains)]
    if ticket.root is not None and ticket.root.confusions:
        lines += ["", f"{CONFUSED}:", "", markdown_table(CONFUSION_HEADERS, confusion_rows(ticket.root.confusions)).rstrip("\n")]
    if slices:
        lines += [
            "",
            f"slices that are surely worse ({inline(slices[0].measure)}), the most surprising first:",
            "",
            markdown_table(SLICE_HEADERS, slice_rows(slices)).rstrip("\n"),
        ]
    if moved:
        lines += ["", "slices whose share of the rows surely changed, the largest change first:", ""]
        lines += [markdown_table(MOVED_SLICES, moved_rows(moved)).rstrip("\n")]
    if ticket.evidence:
        lines += ["", markdown_table(EVIDENCE_HEADERS, evidence_rows(ticket)).rstrip("\n")]
    return "\n".join([*lines, *_next_lines(ticket)]) + "\n"


def _next_lines(ticket: Ticket) -> list[str]:
    commands = _commands(ticket)
    return ["", "next:", *(f"  {inline(command)}" for command in commands)] if commands else []


def explain_html(ticket: Ticket, figures: Sequence[Figure] = (), *, note: str = "", course: PerformanceCourse | None = None) -> str:
    """Return the explanation as one self-contained page; `note` says why histograms are not there, `course` are the model's windows."""
    slices, moved = ((), ()) if ticket.root is None else (sure(ticket.root.slices), sure(ticket.root.moved))
    return render(
        "ticket.html",
        ticket=ticket,
        line=headline(ticket),
        about=_about(ticket),
        answers=answers(ticket),
        explains=() if ticket.root is None else ticket.root.explains,
        confused=CONFUSED,
        confusions=() if ticket.root is None else confusion_rows(ticket.root.confusions),
        confusion_headers=CONFUSION_HEADERS,
        measure=slices[0].measure if slices else "",
        slices=slice_rows(slices),
        slice_headers=SLICE_HEADERS,
        moved=moved_rows(moved),
        moved_headers=MOVED_SLICES,
        evidence=evidence_rows(ticket),
        evidence_headers=EVIDENCE_HEADERS,
        figures=[
            (one, twin_histogram(one.reference, one.current, title=one.column, now=f"window {ticket.window}"), twin_bins(one.reference, one.current))
            for one in figures[:FIGURES]
        ],
        note=note,
        **course_values(course),
        commands=_commands(ticket),
    )


def _commands(ticket: Ticket) -> list[str]:
    """What to type, but the command that shows this."""
    return [command for command in commands_of(ticket) if command.split()[:2] != ["keepfit", "explain"]]


def _about(ticket: Ticket) -> str:
    note = f"; note: {ticket.note}" if ticket.note else ""
    opened = f"opened {ticket.opened:%Y-%m-%d %H:%M}"
    return f"ticket {ticket.id}: {ticket.cause}; window {ticket.window} under champion {ticket.champion} of {ticket.model}, {opened}{note}"


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{share:.1%}"
