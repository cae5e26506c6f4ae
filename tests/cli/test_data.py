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
