"""The one comment on a pull request: verdict, the rows that decide, and folded below them the data, the params and all rows.

It begins with a hidden line by which it is found again, so that it is edited and not repeated. It is never longer than GitHub takes: what does not fit is cut
by sections, and a line says what was left off. No value in it calls a person or makes a link (`unlinked.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote

from keepfit.records import Scorecard
from keepfit.report.evidence_lines import evidence_lines
from keepfit.report.five_rows import FIVE, first_rows
from keepfit.report.tables import Raw, inline, number
from keepfit.report.unlinked import unlinked
from keepfit.report.version_page import failing_expectations, failing_rows, open_rows, score_table, verdict_line, worth_line
from keepfit.report.what_changed import WhatChanged, data_said, expectations_said, metrics_said, params_said

MOST = 65_535
"""GitHub refuses 65,536 characters; bytes are counted here, which are never fewer."""
SIZES = (200, 50, 20, 5)
RESERVED = 600


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a comment is about: the version and its page (None: not known), the commit, and against which one things changed."""

    version: str | None = None
    page: str | None = None
    commit: str | None = None
    base: str | None = None


@dataclass(frozen=True)
class Folded:
    """A section below a line that opens it; `said` is asked for so many rows or lines at most."""

    title: str
    said: Callable[[int], str]


def marker(model: str) -> str:
    """Return the hidden line of a model's comment.

    >>> marker("flights-->x")
    '<!-- keepfit-comment: flights%2D%2D%3Ex -->'
    """
    return f"<!-- keepfit-comment: {quote(model, safe='').replace('-', '%2D')} -->"


def comment_text(changed: WhatChanged, subject: Subject | None = None) -> str:
    """Return the comment as Markdown, below 65,536 characters whatever it is about; the same values give the same bytes."""
    card = changed.scorecard
    heads = (f"{marker(card.model)}\n{unlinked(_head(card, subject or Subject(), rows=rows))}" for rows in range(FIVE, -1, -1))
    head = next(text for text in heads if _size(text) < MOST - RESERVED)
    kept, left_off = _fitting(head, [section for section in _sections(changed) if section.said(1)])
    more = f"Left off, as a comment holds no more: {', '.join(left_off)}. They are in `reports/` of the branch." if left_off else ""
    return "\n\n".join(part for part in (head, *kept, more) if part) + "\n"


def _head(card: Scorecard, subject: Subject, *, rows: int) -> str:
    who = f"version {subject.version} of {card.model}" if subject.version else f"a candidate for {card.model}"
    shown = Raw(f"[{inline(who)}]({subject.page})") if subject.page else inline(who)
    against = f"the champion, version {inline(card.champion.version)}" if card.champion else "no champion: a first model, judged by absolute bounds only"
    commit = f", commit {inline(subject.commit[:12])}" if subject.commit else ""
    span = "" if card.evaluated_from is None else f" ({str(card.evaluated_from)[:10]} to before {str(card.evaluated_until)[:10]})"
    about = f"{shown}{commit}, on {number(card.n)} {card.basis} rows{span}, against {against}."
    table = score_table(first_rows(card), most=rows).rstrip("\n")
    lines = "\n".join(f"- {line}" for line in (*evidence_lines(card), worth_line(card)) if line)
    return "\n\n".join(part for part in (f"### keepfit: {inline(verdict_line(card))}", about, table, lines) if part)


def _sections(changed: WhatChanged) -> Iterable[Folded]:
    card = changed.scorecard
    against = [*failing_rows(card), *open_rows(card)]
    seen = {id(row) for row in against}
    rows = (*against, *(row for row in card.rows if id(row) not in seen))
    outcomes, lines = len(failing_expectations(card)), len(changed.params_diff.splitlines())
    title = f"Params and decision: {number(lines)} lines of diff" if lines else "Params and decision: unchanged"
    yield Folded("Data", lambda most: data_said(changed, most=most))
    yield Folded(title, lambda most: params_said(changed, most=most))
    yield Folded(f"All {number(len(rows))} rows of the scorecard", lambda most: score_table(rows, most=most).rstrip("\n") if rows else "")
    yield Folded(f"Expectations that do not hold: {number(outcomes)}", lambda most: expectations_said(changed, most=most))
    yield Folded("Metrics, before and now", lambda most: metrics_said(changed, most=most))


def _fitting(head: str, sections: list[Folded]) -> tuple[list[str], list[str]]:
    """The sections as long as there is room for them, each cut where it alone would take more than its share; and the titles of those without room."""
    room, kept, left_off = MOST - RESERVED - _size(head), [], []
    for place, section in enumerate(sections):
        share = room // (len(sections) - place)
        found = next((text for text in (_folded(section, most) for most in SIZES) if _size(text) + 2 <= share), None)
        if found is None:
            left_off.append(section.title)
        else:
            kept.append(found)
            room -= _size(found) + 2
    return kept, left_off


def _folded(section: Folded, most: int) -> str:
    return f"<details><summary>{section.title}</summary>\n\n{unlinked(section.said(most))}\n\n</details>"


def _size(text: str) -> int:
    return len(text.encode("utf-8"))
