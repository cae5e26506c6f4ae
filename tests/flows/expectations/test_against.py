"""`keepfit expect test`: the suite on past windows, and which critical line would block what was accepted."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from tests.expect.suggest import streams
from tests.flows.expectations import small

from keepfit.cli.expect import expect
from keepfit.errors import DataError, UnknownNameError
from keepfit.expect.suggest.answers import answer
from keepfit.expect.suggest.suite_text import entries_of
from keepfit.flows.expectations.against import choose, run_against
from keepfit.flows.expectations.past_windows import past_windows
from keepfit.flows.expectations.suggest import SuggestAsked, suggest
from keepfit.flows.rows.windows import decide_window

BROKEN = streams.month(5).id


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    root = tmp_path_factory.mktemp("against")
    made = small.make(root, months=5)
    small.close(root, 5, streams.without_gap)
    return made


def test_what_was_suggested_meets_the_windows_it_was_learned_from(project, monkeypatch):
    monkeypatch.chdir(project.root)
    decide_window(project, BROKEN, "exclude", "the sensor was off", by="Ann")
    suggest(project, SuggestAsked(), write=True)
    run = run_against(project)
    assert run.wrong == ()
    assert {line.id for line in run.lines if line.fired} == {"gap_there"}
    assert BROKEN not in run.accepted
    assert len(run.windows) == 6
    text = (project.suites / "data" / "rows.json").read_text()
    facts = {one.window: one for one in (*past_windows(project).accepted, *past_windows(project).incidents)}
    cheap = {(one["meta"]["id"], name): answer(one["type"], one["kwargs"], each) for one in entries_of(text, "rows") for name, each in facts.items()}
    assert cheap == {(line.id, window): status == "pass" for line in run.lines for window, status in line.statuses.items()}
    done = CliRunner().invoke(expect, ["test", "--against", BROKEN, "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["windows"] == [BROKEN]
    decide_window(project, BROKEN, "accept", "only one sensor", by="Ann")
    done = CliRunner().invoke(expect, ["test", "--against", f"{BROKEN}.."])
    assert done.exit_code == 3
    assert f"gap_there fails on {BROKEN}, which is accepted" in done.stdout


@pytest.mark.parametrize(("wanted", "found"), [("all", "abcd"), ("b..", "bcd"), ("..b", "ab"), ("b..c", "bc"), ("a, d", "ad"), ("?", "abcd")])
def test_windows_are_chosen_by_range_and_by_name(wanted, found):
    assert choose(list("abcd"), wanted) == list(found)


@pytest.mark.parametrize("wanted", ["e", "a..e", "a,e"])
def test_a_window_that_is_not_there_is_refused(wanted):
    with pytest.raises(UnknownNameError, match="no closed window 'e'"):
        choose(list("abcd"), wanted)


def test_no_windows_and_no_suite_are_said(tmp_path):
    made = small.make(tmp_path, months=0)
    with pytest.raises(DataError, match="no window is closed"):
        run_against(made)
    (made.suites / "data" / "rows.json").unlink()
    with pytest.raises(DataError, match="no suite of rows"):
        run_against(made)
