"""`keepfit suggest`: read what is past, ask the core for lines, and show them as a patch to the suite files, or write it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keepfit.errors import DataError, ExpectationError, ParamsError
from keepfit.expect.suggest.suite_text import edited, entries_of, patch
from keepfit.flows.project import Project
from keepfit.flows.tickets.tickets import find_ticket
from keepfit.integrations.programs.git import GitRepo
from keepfit.records import Scorecard, Ticket, from_json
from keepfit.records.suggestion import Suggestion
from keepfit.slices.name import OVERALL, Slice

if TYPE_CHECKING:
    from keepfit.expect.suggest.past import PastWindows
    from keepfit.expect.suggest.proposed import Proposals

WINDOWS, SCORECARD = "windows", "scorecard"
ROWS = "rows"
CARD = "reports/scorecard.json"


@dataclass(frozen=True, kw_only=True)
class SuggestAsked:
    """What was asked for: a `source` (`windows`, `scorecard`, a ticket's id), `only` lines whose id matches; or a line to `loosen`, for a `reason`."""

    source: str = WINDOWS
    only: tuple[str, ...] = ()
    loosen: str | None = None
    reason: str = ""


def suggest(project: Project, asked: SuggestAsked, *, write: bool = False) -> Suggestion:
    """Return what is suggested with its patch; `write` also changes the suite file, and nothing else.

    Raises `DataError` where the past is too short, `TicketError` for a ticket that is not there, `ExpectationError` for a suite that cannot be changed.
    """
    if asked.reason and asked.loosen is None:
        raise ParamsError("a reason is for --loosen", where="--reason", fix="keepfit suggest --loosen ID --reason …")
    file = project.suites / ("model/scorecard.json" if asked.source == SCORECARD else f"data/{ROWS}.json")
    before = _text(file)
    entries = entries_of(before, file.stem)
    proposals, past = _proposals(project, asked, entries, file.stem)
    kept = tuple(one for one in proposals.found if not asked.only or any(fnmatchcase(one.line.id, pattern) for pattern in asked.only))
    after = before if not kept else edited(before, file.stem, [one.entry for one in kept])
    if write and after is not None and after != before:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(after, encoding="utf-8")
    return Suggestion(
        source=asked.source,
        lines=tuple(one.line for one in kept),
        not_suggested=proposals.not_suggested,
        windows=() if past is None else tuple(one.window for one in past.accepted),
        incidents=() if past is None else tuple(one.window for one in past.incidents),
        lines_considered=proposals.considered,
        alpha=proposals.alpha,
        patch="" if after is None else patch(_shown(project, file), before, after),
    )


def _proposals(project: Project, asked: SuggestAsked, entries: list[dict[str, Any]], suite: str) -> tuple[Proposals, PastWindows | None]:
    from keepfit.expect.suggest.from_scorecards import from_scorecards
    from keepfit.expect.suggest.loosened import loosened
    from keepfit.expect.suggest.proposed import from_windows
    from keepfit.flows.expectations.past_windows import past_windows

    if asked.loosen is not None:
        past = past_windows(project)
        return loosened(past, entries, suite, line=asked.loosen, reason=asked.reason), past
    if asked.source == SCORECARD:
        return from_scorecards(_scorecards(project), entries, suite, size=project.params.data.window), None
    if asked.source == WINDOWS:
        past = past_windows(project)
        return from_windows(past, entries, suite), past
    return _from_ticket(project, find_ticket(project, asked.source), entries, suite)


def _from_ticket(project: Project, ticket: Ticket, entries: list[dict[str, Any]], suite: str) -> tuple[Proposals, PastWindows]:
    """The line that would have caught a ticket's window: of all its rows, else of the slice that the ticket found."""
    from keepfit.expect.suggest.from_ticket import from_ticket
    from keepfit.flows.expectations.past_windows import past_windows

    found: tuple[Proposals, PastWindows] | None = None
    for where in (Slice(), *slices_of(ticket)):
        past = past_windows(project, incidents=(ticket.window,), where=where)
        incident = next((one for one in past.incidents if one.window == ticket.window), None)
        if incident is None:
            raise DataError(f"the window {ticket.window} of {ticket.id} is not closed here", where=".keepfit/windows", fix="dvc pull, or keepfit monitor")
        proposals = from_ticket(past, incident, entries, suite, columns=columns_of(ticket, entries))
        if proposals.found or any(one.there for one in proposals.not_suggested):
            return proposals, past
        found = found or (proposals, past)
    assert found is not None
    return found


def columns_of(ticket: Ticket, entries: Collection[Mapping[str, Any]]) -> frozenset[str]:
    """Return the columns that a ticket is about: those of its cause, of the expectations that failed, and of what drifts."""
    by_id = {str(one["meta"]["id"]): str((one.get("kwargs") or {}).get("column", "")) for one in entries}
    evidence = {by_id.get(one.subject, one.subject) for one in ticket.evidence if one.kind in ("quality", "schema", "data")}
    return frozenset({*evidence, "" if ticket.root is None else ticket.root.column} - {""})


def slices_of(ticket: Ticket) -> tuple[Slice, ...]:
    """Return the slices of one column that a ticket's cause was located in, at most three."""
    root = ticket.root
    found = () if root is None else (*root.slices, *root.moved)
    named = (Slice.parse(one.slice) for one in found if len(one.columns) == 1 and "=" in one.slice and one.slice != OVERALL)
    return tuple(dict.fromkeys(named))[:3]


def _scorecards(project: Project) -> tuple[Scorecard, ...]:
    """The scorecards in git's history, the oldest first, each once, and the one in the work tree."""
    git, texts = GitRepo(project.root), []
    for commit in reversed(git.run("log", "--format=%H", "--", CARD).split()):
        text = git.show(commit, CARD)
        if text is not None and text not in texts:
            texts.append(text)
    here = project.root / CARD
    if here.is_file() and here.read_bytes() not in texts:
        texts.append(here.read_bytes())
    return tuple(from_json(Scorecard, text, where=CARD) for text in texts)


def _text(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8") if file.is_file() else None
    except (OSError, UnicodeDecodeError) as bad:
        raise ExpectationError(f"a suite cannot be read: {bad}", where=str(file), fix="restore it with git") from bad


def _shown(project: Project, file: Path) -> str:
    """The file's path as git names it: from the top of the work tree."""
    top = project.repo.resolve()
    return file.relative_to(top).as_posix() if file.is_relative_to(top) else file.relative_to(file.parents[2]).as_posix()
