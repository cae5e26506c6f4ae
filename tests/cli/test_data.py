"""`keepfit data diff`: what a person or a CI job types."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from keepfit.cli.data import data
from keepfit.errors import KeepfitError, UnknownNameError


@pytest.fixture
def files(tmp_path):
    (tmp_path / "a.csv").write_text("id,x,c\n1,1,a\n2,2,b\n3,3,c\n")
    (tmp_path / "b.csv").write_text("id;x;c\n3;3,5;c\n1;1;d\n4;4;\n")
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(data, ["diff", *map(str, arguments)])


def test_a_difference_ends_with_3_and_tells_it(files):
    done = run(files / "a.csv", files / "b.csv", "--key", "id")
    assert done.exit_code == 3
    assert done.stdout.splitlines()[0] == "1 row added, 1 removed, 2 changed"
    assert "- changed 1: c a → d" in done.stdout


def test_no_difference_ends_with_0(files):
    done = run(files / "a.csv", files / "a.csv")
    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, "no difference in the data")


def test_json_is_the_record(files):
    done = run(files / "a.csv", files / "b.csv", "--key", "id", "--json")
    found = json.loads(done.stdout)
    assert (found["schema"], found["added"], found["removed"], found["changed"]) == (1, 1, 1, 2)


def test_markdown_is_for_a_pull_request(files):
    assert run(files / "a.csv", files / "b.csv", "--markdown").stdout.startswith("**")


def test_a_folder_is_one_table(files):
    folder = files / "folder"
    folder.mkdir()
    (folder / "1.csv").write_text("id,x,c\n1,1,a\n")
    (folder / "2.csv").write_text("id,x,c\n2,2,b\n3,3.0,c\n")
    assert run(files / "a.csv", folder, "--key", "id").exit_code == 0


def test_a_key_that_is_no_column_names_the_nearest(files):
    done = run(files / "a.csv", files / "b.csv", "--key", "idd")
    assert isinstance(done.exception, UnknownNameError)
    assert "did you mean 'id'" in str(done.exception)


def test_a_file_that_is_not_there(files):
    done = run(files / "a.csv", files / "c.csv")
    assert isinstance(done.exception, KeepfitError)
    assert str(done.exception).startswith("no file c.csv")


def test_options_of_files_are_refused_for_revisions():
    done = run("HEAD", "--key", "id")
    assert done.exit_code == 2
    assert "--key is for two files; of revisions params.yaml says it" in done.stderr


def test_outside_a_project_revisions_are_one_sentence(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run("HEAD~1", "HEAD")
    assert isinstance(done.exception, KeepfitError)
    assert str(done.exception).startswith("no keepfit project here")


def test_a_folder_that_has_a_branchs_name_is_no_table(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "main").mkdir()
    assert str(run("main", "HEAD").exception).startswith("no keepfit project here")


def test_a_key_without_columns_is_refused(files):
    assert run(files / "a.csv", files / "b.csv", "--key", ",").exit_code == 2


def check(*arguments):
    return CliRunner().invoke(data, ["check", *map(str, arguments)])


@pytest.fixture
def doubtful(tmp_path):
    lines = [f"{at},{at % 7},{'yes' if at % 7 > 3 else 'no'}" for at in range(300)]
    (tmp_path / "rows.csv").write_text("\n".join(["id,x,left", *lines, "300,1,yes", "301,1,yes", "302,1,yes", "303,2,yes"]) + "\n")
    return tmp_path / "rows.csv"


def test_a_check_says_a_sentence_for_each_kind_and_ends_with_3_where_somebody_should_act(doubtful):
    done = check(doubtful, "--target", "left", "--id", "id")
    assert (done.exit_code, done.stdout.splitlines()[0]) == (3, "1 critical, 1 warning, 1 info")
    assert "- critical: x gives the target away" in done.stdout
    assert "have the features of another row with another label" in done.stdout
    assert "keepfit data check --suspects" in done.stdout


def test_a_check_of_suspects_lists_them_and_what_to_expect_of_the_list(doubtful):
    done = check(doubtful, "--target", "left", "--id", "id", "--suspects", "--share", "0.02")
    assert "The most doubtful labels" in done.stdout
    assert "these would hold about" in done.stdout
    found = json.loads(check(doubtful, "--target", "left", "--id", "id", "--suspects", "--share", "0.02", "--json").stdout)
    assert {one["row"] for one in found["suspects"]["rows"][:4]} == {"300", "301", "302", "303"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--target", "y"], "--target is of a table"),
        (["rows.csv"], "--target names the column of the labels"),
        (["rows.csv", "--target", "left", "--evidence", "x"], "--evidence is for --suspects"),
    ],
)
def test_what_does_not_go_together_is_a_usage_error(arguments, said):
    done = check(*arguments)
    assert done.exit_code == 2
    assert said in done.stderr
