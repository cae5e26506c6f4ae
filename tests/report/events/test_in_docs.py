"""docs/operate.md shows each event as it is: its subject, how grave it is and what its message says; and what a message tells people to type exists."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import get_args

import click
import pytest
from tests.report.events.examples import EXAMPLES

from keepfit.cli import app
from keepfit.records import EventKind
from keepfit.report.message import LINES, heading, message_of
from keepfit.report.tables import inline

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "operate.md").read_text(encoding="utf-8")
SECTION = PAGE.partition("\n### Events\n")[2].partition("\n### ")[0].partition("\n## ")[0]
SHOWN: tuple[EventKind, ...] = ("ticket_opened", "ticket_grown", "window_blocked", "candidate_ready", "promotion_refused", "promoted", "probation_ended")


def test_every_event_has_its_row():
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in SECTION.splitlines() if re.match(r"\| [a-z_]+ \| (?!when )", line)]
    assert [row[0] for row in rows] == list(get_args(EventKind))
    for kind, row in zip(get_args(EventKind), rows, strict=True):
        event = EXAMPLES[kind]
        assert len(row) == 5
        assert row[4] == inline(heading(event))
        assert event.severity is not None
        assert event.severity in row[3] or "the ticket's" in row[3]
        assert ("ticket" if event.subject == event.ticket else event.subject) in row[2]


@pytest.mark.parametrize("kind", SHOWN)
def test_a_message_is_shown_as_it_is_sent(kind):
    assert f"```\n{message_of([EXAMPLES[kind]], subscriber='ops').text}\n```" in SECTION


@pytest.mark.parametrize("kind", get_args(EventKind))
def test_what_a_message_tells_people_to_type_can_be_typed(kind):
    event = EXAMPLES[kind]
    assert 1 <= len(event.commands) <= 2
    assert len(message_of([event], subscriber="ops").text.split("\n")) <= LINES
    for words in map(shlex.split, event.commands):
        assert words[0] in ("keepfit", "git")
        if words[0] == "git":
            continue
        context, rest = click.Context(app, info_name="keepfit"), words[1:]
        command: click.Command | None = app
        while isinstance(command, click.Group):
            name, command, rest = command.resolve_command(context, rest)
            context = click.Context(command, parent=context, info_name=name)
        command.make_context(words[-1], rest, parent=context.parent)  # raises for an option that is not there, or is left away


def test_the_section_speaks_of_what_a_first_look_does_not_report():
    assert re.search(r"first look[^.]*reports none", SECTION.replace("\n", " "))
