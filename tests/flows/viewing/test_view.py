"""`keepfit data view` on a small project: what a person gets, and one sentence where there is nothing to show."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from tests.flows.conftest import improved, promoted  # noqa: F401 - fixtures
from tests.flows.projects import MODEL

from keepfit.errors import KeepfitError, ParamsError, ProjectError, UnknownNameError
from keepfit.flows.viewing.view import ViewRequest, data_view, write_data_view
from keepfit.flows.viewing.viewed import champions_commit, of_version, work_tree
from keepfit.integrations.yaml_files import put

pytestmark = pytest.mark.slow


@pytest.fixture
def small(promoted, tmp_path, monkeypatch):  # noqa: F811
    """The promoted project with its champion pinned."""
    copy = promoted.copy(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", copy.uri)
    copy.keepfit("sync")
    copy.git("add", "-A")
    copy.git("commit", "-qm", "Pin the first champion")
    return copy


def record(small, **asked):
    project = small.project
    return data_view(project, work_tree(project), ViewRequest(**asked))


def text(page):
    return re.sub(r"<[^>]+>", " ", page.read_text())


def test_the_command_writes_a_page_that_git_ignores_and_changes_nothing(small):
    done = small.keepfit("data", "view")
    page = small.root / ".keepfit" / "data-view.html"
    assert done.stdout.strip() == str(page)
    assert page.stat().st_size < 200_000
    assert small.git("status", "--porcelain") == ""
    shown = text(page)
    for words in ("What parts learns from", "Rows by class and slice", "What the model relies on", "Samples", "champion says", "candidate says", "heat"):
        assert words in shown


def test_it_counts_what_trains_and_says_what_the_model_relies_on(small):
    found = record(small, samples=10)
    composed = json.loads((small.root / "reports" / "composition.json").read_text())
    assert found.contents.rows == sum(part["rows"] for part in composed["parts"] if part["part"] == "train")
    assert sum(one.rows for one in found.contents.classes) == found.contents.labelled
    assert found.champion == "version 1"
    assert len(found.samples.rows) == 10
    assert found.relied is not None
    assert found.relied.parts[0].columns[0].column == "heat"
    assert found.diff is not None
    assert not found.diff.differs  # the champion was made of these very rows
    assert [row.label for row in found.samples.rows].count("1") == 5


def test_the_page_of_a_version_is_made_of_its_commit(improved, tmp_path, monkeypatch):  # noqa: F811
    copy = improved.copy(tmp_path / "copy")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", copy.uri)
    number = copy.runs.versions(MODEL)[-1].number
    out = tmp_path / "page.html"
    write_data_view(copy.project, ViewRequest(version=number, out=out, samples=4))
    assert f"version {number} of parts" in text(out)
    assert "It stands beside the champion, version 1" in text(out)
    viewed = of_version(copy.project, number, tmp_path / "scratch", say=lambda _: None)
    found = data_view(copy.project, viewed, ViewRequest(samples=4))
    assert found.basis == "later"
    assert found.diff is not None
    assert not found.diff.differs  # January trains both: February judges
    assert champions_commit(copy.project, viewed) is not None
    assert found.relied is not None
    assert {name for one in found.relied.parts[0].columns for name in ("champion", "candidate") if getattr(one, name)} == {"champion", "candidate"}
    with pytest.raises(KeepfitError, match="99"):
        of_version(copy.project, "99", tmp_path / "none", say=lambda _: None)


def test_a_model_that_no_commit_registered(small, tmp_path):
    first = small.runs.versions(MODEL)[0]
    small.runs.create_version(MODEL, "sha256:of-nothing-here", model_id=first.model_id, run_id=first.run_id, tags={}, description="")
    with pytest.raises(ProjectError, match="no commit here registered version 2 of parts"):
        write_data_view(small.project, ViewRequest(version="2", out=tmp_path / "page.html"))


def test_redacted_columns_are_nowhere_on_the_page(small, tmp_path):
    params = small.root / "params.yaml"
    params.write_text(put(params.read_text(), "view.redact", ["part"]))
    out = tmp_path / "page.html"
    write_data_view(small.project, ViewRequest(redact=("line",), out=out))
    shown = text(out)
    assert "Not shown, as asked: the values of line, part" in shown
    assert not re.search(r"\bp1-\d+\b", shown)
    assert "line=" not in shown


def test_a_redacted_name_that_is_no_column_names_the_nearest(small):
    with pytest.raises(UnknownNameError, match="no column 'lin'") as bad:
        record(small, redact=("lin",))
    assert "did you mean 'line'" in str(bad.value)
    with pytest.raises(ParamsError, match="the target 'failed' cannot be redacted"):
        record(small, redact=("failed",))


def test_nothing_composed_is_one_sentence(small):
    shutil.rmtree(small.root / "build" / "compose")
    done = small.keepfit("data", "view", check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("keepfit: nothing is composed yet (")
    assert "dvc repro compose" in done.stderr
    assert not (small.root / ".keepfit" / "data-view.html").exists()


def test_a_champion_that_was_not_pulled_is_one_sentence(small):
    shutil.rmtree(small.root / "models" / "champion")
    with pytest.raises(ProjectError, match="the champion, version 1 of parts, is not here") as bad:
        work_tree(small.project)
    assert "dvc pull models/champion" in str(bad.value)


def test_before_the_first_model_the_page_shows_the_rows_alone(promoted, tmp_path, monkeypatch):  # noqa: F811
    copy = promoted.copy(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", copy.uri)
    shutil.rmtree(copy.root / "models" / "candidate")
    found = record(copy)
    assert (found.champion, found.relied, found.diff) == ("", None, None)
    assert found.notes == ("there is no candidate of these rows yet: dvc repro trains one",)
    assert found.samples.rows[0].champion == found.samples.rows[0].candidate == ""


def test_a_candidate_of_other_rows_is_said(small):
    path = small.root / "models" / "candidate" / "composition.json"
    kept = path.read_text()
    path.unlink()
    path.write_text(kept.replace('"manifest": "sha256:', '"manifest": "sha256:0'))
    assert "the candidate was trained on other rows than these: dvc repro" in record(small).notes


def test_doubtful_labels_are_shown_with_their_rows_and_those_that_no_longer_train_are_not(small):
    small.keepfit("data", "check", "--suspects", "--share", "0.02", "--folds", "2", check=False)
    path = small.root / ".keepfit" / "suspects.json"
    kept = json.loads(path.read_text())
    gone = kept["rows"][0]["row"]
    kept["rows"][0]["row"] = "no-such-row"
    path.write_text(json.dumps(kept))
    found = record(small)
    assert found.suspects is not None
    assert found.suspects.listed == len(kept["rows"]) > 1
    assert [one.row.id for one in found.suspects.rows] == [one["row"] for one in kept["rows"][1:41]]
    assert gone not in {one.row.id for one in found.suspects.rows}
    assert all(one.row.label != one.instead and one.row.champion for one in found.suspects.rows)
    assert found.suspects.rows[0].score >= found.suspects.rows[-1].score


def test_a_folder_that_is_not_there_is_one_sentence(small, tmp_path):
    with pytest.raises(KeepfitError, match="no folder") as bad:
        write_data_view(small.project, ViewRequest(out=tmp_path / "no" / "page.html"))
    assert "--out" in str(bad.value)
