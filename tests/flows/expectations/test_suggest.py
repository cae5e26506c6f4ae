"""`keepfit suggest` on a project: from windows, a ticket and scorecards, as a patch or written, and what is refused in a sentence."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from datetime import datetime

import pytest
from click.testing import CliRunner
from tests.expect.suggest import streams
from tests.expect.suggest.test_from_scorecards import card
from tests.flows.expectations import small

from keepfit.cli.suggest import suggest as command
from keepfit.errors import DataError, ExpectationError, KeepfitError, ParamsError, TicketError
from keepfit.flows.expectations.suggest import SuggestAsked, suggest
from keepfit.flows.project import Project
from keepfit.flows.rows.windows import decide_window
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.records import Evidence, FoundSlice, RootCause, Ticket, to_json

WITHOUT_GAP = streams.month(13).id


@pytest.fixture
def project(tmp_path) -> Project:
    made = small.make(tmp_path)
    small.close(tmp_path, 13, streams.without_gap)
    return made


def ticket(window: str, *, column: str = "", slices: tuple[FoundSlice, ...] = ()) -> Ticket:
    evidence = Evidence(kind="quality", subject="gap_there", detector="t", statistic=1.0, effect=1.0, n=9, n_reference=0)
    return Ticket(
        id=f"{window}-quality",
        model="small",
        champion="1",
        action="inspect",
        ground="quality",
        cause="quality:gap_there",
        window=window,
        opened=datetime(2014, 1, 1),
        target=None,
        reasons=(),
        evidence=(evidence,),
        affected="",
        next=(),
        root=RootCause(kind="quality", column=column, moved=slices),
    )


def opened(project: Project, one: Ticket) -> str:
    with ledger_of(project) as ledger, ledger.transaction() as book:
        book.save_ticket(one)
    return one.id


def test_an_excluded_window_is_an_incident_and_its_line_blocks(project):
    decide_window(project, WITHOUT_GAP, "exclude", "the sensor was off", by="Ann")
    found = suggest(project, SuggestAsked())
    assert (found.incidents, len(found.windows)) == ((WITHOUT_GAP,), 12)
    (first,) = [one for one in found.lines if one.id == "gap_there"]
    assert (first.change, first.severity, first.caught) == ("tighter", "critical", (WITHOUT_GAP,))


def test_the_patch_applies_and_is_what_write_writes(project):
    decide_window(project, WITHOUT_GAP, "exclude", "the sensor was off", by="Ann")
    suite = project.suites / "data" / "rows.json"
    was = suite.read_bytes()
    done = subprocess.run(["git", "apply", "-"], cwd=project.root, input=suggest(project, SuggestAsked()).patch.encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    applied = suite.read_bytes()
    assert applied != was
    suite.write_bytes(was)
    written = suggest(project, SuggestAsked(), write=True)
    assert suite.read_bytes() == applied
    assert written.patch
    assert small.git(project.root, "status", "--porcelain").split() == ["M", "expectations/data/rows.json", "M", "expectations/windows.yaml"]
    assert suggest(project, SuggestAsked()).patch == ""


def test_only_named_lines_are_proposed(project):
    found = suggest(project, SuggestAsked(only=("x_*",)))
    assert {one.id for one in found.lines} == {"x_mean", "x_spread", "x_present"}
    assert found.lines_considered > 10


def test_a_project_in_a_folder_names_files_from_the_top(tmp_path):
    found = suggest(small.make(tmp_path, folder="keepfit"), SuggestAsked())
    assert found.patch.startswith("--- a/keepfit/expectations/data/rows.json\n")


def test_a_project_without_a_suite_gets_one(project):
    (project.suites / "data" / "rows.json").unlink()
    suggest(project, SuggestAsked(only=("x_mean",)), write=True)
    assert [one["meta"]["id"] for one in json.loads((project.suites / "data" / "rows.json").read_text())["expectations"]] == ["x_mean"]


def test_a_ticket_gets_the_line_that_would_have_caught_it(project):
    small.close(project.root, 14, streams.stuck)
    (line,) = suggest(project, SuggestAsked(source=opened(project, ticket(streams.month(14).id, column="x")))).lines
    assert (line.id, line.caught, line.false) == ("x_spread", (streams.month(14).id,), ())


def test_a_ticket_of_a_slice_gets_a_line_on_its_rows(project):
    def in_c(columns):
        columns["x"] = columns["x"] + (columns["of"] == "c") * 4.0

    small.close(project.root, 14, in_c)
    found = FoundSlice(
        question="share", slice="of=c", columns=("of",), rows=200, share=0.2, effect=0.1, low=0.0, high=0.2, p_value=0.0, explained=0.0, n=1000, tests=3
    )
    name = opened(project, ticket(streams.month(14).id, column="gap", slices=(found,)))
    (line,) = suggest(project, SuggestAsked(source=name), write=True).lines
    assert (line.id, line.caught, line.false) == ("x_mean_of_c", (streams.month(14).id,), ())
    (written,) = [one for one in json.loads((project.suites / "data" / "rows.json").read_text())["expectations"] if one["meta"]["id"] == line.id]
    assert written["kwargs"] == {"column": "x", "max_value": 52.0, "row_condition": 'of == "c"', "condition_parser": "pandas"}


def test_scorecards_of_gits_history_teach_floors(project):
    (project.root / "reports").mkdir()
    (project.suites / "model").mkdir()
    for number in range(6):
        (project.root / "reports" / "scorecard.json").write_text(to_json(replace(card(number), model="small")))
        small.git(project.root, "add", "reports")
        small.git(project.root, "commit", "-qm", f"evaluation {number}")
    found = suggest(project, SuggestAsked(source="scorecard"), write=True)
    assert [one.windows for one in found.lines] == [6, 6]
    assert (project.suites / "model" / "scorecard.json").is_file()


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        (SuggestAsked(source="2013-02-nothing"), TicketError, "no ticket"),
        (SuggestAsked(source="scorecard"), DataError, "0 scorecards"),
        (SuggestAsked(reason="why"), ParamsError, "a reason is for --loosen"),
        (SuggestAsked(loosen="gap_there"), ExpectationError, "for a reason only"),
        (SuggestAsked(loosen="gap", reason="why"), KeepfitError, "no expectation 'gap'"),
    ],
)
def test_what_cannot_be_suggested_is_said(project, asked, error, said):
    with pytest.raises(error, match=said):
        suggest(project, asked)


def test_too_few_windows_none_and_only_excluded_ones_are_said(tmp_path):
    project = small.make(tmp_path, months=0)
    with pytest.raises(DataError, match="no window is closed yet"):
        suggest(project, SuggestAsked())
    names = [small.close(tmp_path, number) for number in range(4)]
    with pytest.raises(DataError, match="4 accepted windows"):
        suggest(project, SuggestAsked())
    for name in names:
        decide_window(project, name, "exclude", "a test feed", by="Ann")
    with pytest.raises(DataError, match="no accepted window, 4 are incidents"):
        suggest(project, SuggestAsked())


def test_a_ticket_whose_window_is_not_here_is_said(project):
    with pytest.raises(DataError, match="2013-09 of 2013-09-quality is not closed here"):
        suggest(project, SuggestAsked(source=opened(project, ticket("2013-09"))))


def test_the_command_prints_comments_and_the_patch(project, monkeypatch):
    monkeypatch.chdir(project.root)
    decide_window(project, WITHOUT_GAP, "exclude", "the sensor was off", by="Ann")
    done = CliRunner().invoke(command, ["--only", "gap_there"], catch_exceptions=False)
    comments = [row for row in done.stdout.splitlines() if row.startswith("# ")]
    assert comments[0] == f"# 1 line suggested, from 12 accepted windows; left out as incidents: {WITHOUT_GAP}"
    assert f"would have caught 1 of 1 incident ({WITHOUT_GAP}), 0 false on 12 windows" in comments[2]
    assert subprocess.run(["git", "apply", "--check", "-"], input=done.stdout.encode(), check=False).returncode == 0
    assert done.stderr.startswith("next: ")
    as_json = json.loads(CliRunner().invoke(command, ["--only", "gap_there", "--json"]).stdout)
    assert as_json["lines"][0]["id"] == "gap_there"
    assert as_json["patch"].startswith("--- a/expectations/data/rows.json")
