"""`keepfit expect record`: what each line was good for, from what is kept anyway: validation reports, the ledger, decisions on windows, git's history."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from keepfit.errors import KeepfitError
from keepfit.expect.line_record import Firing, line_record
from keepfit.expect.suggest.suite_text import entries_of
from keepfit.flows.expectations.past_windows import windows_of
from keepfit.flows.project import Project
from keepfit.flows.rows.windows import window_decisions
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.integrations.ledger.view import LedgerView
from keepfit.integrations.programs.git import GitRepo
from keepfit.records import Severity, Ticket, Validation, Window, from_json
from keepfit.records.expectation_record import LineRecord, SuiteRecord

REPORT = "reports/validation.json"
ROWS = "rows"
MOST_COMMITS = 200
Seen = dict[tuple[str, str], dict[str, bool]]


def record_lines(project: Project) -> SuiteRecord:
    """Return the record of every line of the suites of tables; raises `ExpectationError` for a suite whose lines have no ids."""
    with ledger_of(project) as ledger, ledger.reading() as book:
        view = LedgerView.of(book, project.params.model.name)
    seen, windows, decisions = _seen(project, view), _windows(project), window_decisions(project)
    found: list[LineRecord] = []
    for file in sorted((project.suites / "data").glob("*.json")):
        commits = list(_commits(file))
        for entry in entries_of(file.read_text(encoding="utf-8"), file.stem):
            name = str(entry["meta"]["id"])
            fired = seen.get((file.stem, name), {})
            firing = Firing(fired=fired, tickets={one.window for one in view.tickets if names(one, name)})
            severity: Severity = entry["severity"] if entry.get("severity") in get_args(Severity) else "warning"
            made = line_record(file.stem, name, severity, firing, windows=windows, decisions=decisions)
            commit, day = last_change(name, entry, commits)
            found.append(replace(made, commit=commit[:12], changed=day))
    return SuiteRecord(lines=tuple(found))


def names(ticket: Ticket, line: str) -> bool:
    """Whether a ticket was opened for a line of the suite, or found it broken beside its cause."""
    return any(one.kind == "quality" and one.subject == line and bool(one.effect) for one in ticket.evidence)


def last_change(name: str, entry: Mapping[str, Any], commits: list[tuple[str, str, dict[str, Any]]]) -> tuple[str, str]:
    """Return the commit and day since which a line is as it is; empty where it is not committed so. `commits` are the newest first, with the lines by id.

    >>> was = [("c3", "2026-03-01", {"a": 1}), ("c2", "2026-02-01", {"a": 1}), ("c1", "2026-01-01", {"a": 0})]
    >>> last_change("a", 1, was), last_change("a", 2, was)
    (('c2', '2026-02-01'), ('', ''))
    """
    found = ("", "")
    for commit, day, lines in commits:
        if lines.get(name) != entry:
            return found
        found = (commit, day)
    return found


def _seen(project: Project, view: LedgerView) -> Seen:
    """Of each line by suite and id the windows it was judged on, and whether it fired: by monitor's steps and by every validation in git."""
    found: Seen = defaultdict(dict)
    for text in _reports(project):
        for window in from_json(Validation, text, where=REPORT).windows:
            for one in window.outcomes:
                fired = found[one.suite, one.expectation].get(window.window, False)
                found[one.suite, one.expectation][window.window] = fired or one.status in ("fail", "error")
    file = project.suites / "data" / f"{ROWS}.json"
    lines = [str(one["meta"]["id"]) for one in entries_of(file.read_text(encoding="utf-8"), ROWS)] if file.is_file() else []
    for judged in view.windows():
        broken = {one.subject for one in judged.evidence if one.kind == "quality"}
        for line in lines:
            found[ROWS, line][judged.window.id] = found[ROWS, line].get(judged.window.id, False) or line in broken
    return found


def _windows(project: Project) -> dict[str, Window]:
    return {window.id: window for window, _ in windows_of(project)}


def _reports(project: Project) -> Iterator[bytes]:
    """The validation reports: the one in the work tree, and those of git's history, the newest first."""
    here = project.root / REPORT
    if here.is_file():
        yield here.read_bytes()
    git = GitRepo(project.root)
    for commit in git.run("log", f"-{MOST_COMMITS}", "--format=%H", "--", REPORT).split():
        text = git.show(commit, REPORT)
        if text is not None:
            yield text


def _commits(file: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The commits that changed a suite, the newest first: id, day, and the lines by id; a text that was no suite has none."""
    git = GitRepo(file.parent)
    for line in git.run("log", f"-{MOST_COMMITS}", "--format=%H %cs", "--", file.name).splitlines():
        commit, _, day = line.partition(" ")
        text = git.show(commit, file.name)
        try:
            entries = [] if text is None else entries_of(text.decode("utf-8"), file.stem)
        except (KeepfitError, UnicodeDecodeError):
            entries = []
        yield commit, day, {str(one["meta"]["id"]): json.loads(json.dumps(one)) for one in entries}
