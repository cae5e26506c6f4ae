"""The winner's settings in params.yaml: the lines that differ, nothing else."""

import pytest

from keepfit.errors import ParamsError
from keepfit.flows.backtesting.write import SETTINGS, write_winner
from keepfit.flows.project import Project
from keepfit.params import load_params

TEXT = """model: {name: m, task: regression, target: y}
data: {live: rows.csv, time: t}
compose:
  recent_windows: 2             # the newest
update:
  scout: true
  max_age_days: 90              # of the training data
  grounds: [harm, debt, age]    # what may ask
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "params.yaml").write_text(TEXT)
    return Project(tmp_path)


def test_only_the_lines_that_differ_change_and_their_comments_stay(project):
    diff = write_winner(project, "harm")
    changed = [line for line in diff.splitlines() if line[0] in "+-" and not line.startswith(("+++", "---"))]
    assert changed == [
        "-  scout: true",
        "+  scout: false",
        "-  grounds: [harm, debt, age]    # what may ask",
        "+  grounds: [harm]               # what may ask",
    ]


@pytest.mark.parametrize("winner", SETTINGS)
def test_twice_is_once_and_the_file_can_be_read(project, winner):
    write_winner(project, winner)
    assert write_winner(project, winner) == ""
    params = load_params((project.root / "params.yaml").read_text())
    assert list(params.update.grounds) == SETTINGS[winner]["update.grounds"]


def test_what_params_say_already_is_no_diff(project):
    assert write_winner(project, "all") == ""
    assert (project.root / "params.yaml").read_text() == TEXT


def test_a_key_that_an_older_project_does_not_have_gets_a_line(project):
    (project.root / "params.yaml").write_text(TEXT.replace("  grounds: [harm, debt, age]    # what may ask\n", ""))
    diff = write_winner(project, "debt")
    assert [line for line in diff.splitlines()[2:] if line[0] in "+-"] == ["+  grounds: [debt]"]


def test_a_section_that_is_not_there_is_added(project):
    (project.root / "params.yaml").write_text(TEXT[: TEXT.index("update:")])
    write_winner(project, "never")
    assert (project.root / "params.yaml").read_text().endswith("update:\n  scout: false\n  grounds: []\n")


def test_a_section_on_one_line_is_named_and_nothing_is_written(project):
    short = TEXT[: TEXT.index("update:")] + "update: {scout: true}\n"
    (project.root / "params.yaml").write_text(short)
    with pytest.raises(ParamsError, match=r"'update.scout' has no line of its own"):
        write_winner(project, "harm")
    assert (project.root / "params.yaml").read_text() == short
