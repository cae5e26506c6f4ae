"""A revision's data: found by git and DVC, fetched where they are not here, and one sentence where they cannot be had."""

from __future__ import annotations

import shutil

import pytest
from tests.flows.data.tracked import ROWS

from keepfit.errors import ProjectError, UnknownNameError
from keepfit.flows.data.diff import diff_revisions
from keepfit.flows.data.revisions import ProjectData
from keepfit.flows.project import Project
from keepfit.records import to_json
from keepfit.report.data_diff import data_diff_report


@pytest.mark.parametrize(("revision", "near"), [("mian", "main"), ("v11", "v1"), ("HAED", "HEAD")])
def test_an_unknown_revision_names_the_nearest_branch_or_tag(tracked, revision, near):
    with pytest.raises(UnknownNameError, match=f"no revision '{revision}'") as raised:
        diff_revisions(tracked.project, revision, "main")
    assert f"did you mean '{near}'" in str(raised.value)


def test_a_revision_without_windows(tracked):
    with pytest.raises(ProjectError, match=r"v0 \(\w{10}\) has no data/windows.dvc") as raised:
        diff_revisions(tracked.project, "v0", "main")
    assert raised.value.fix == "name a commit that has it: git log -- data/windows.dvc"


def test_a_project_without_git(tmp_path, tracked):
    for name in ("params.yaml", "baseline.json"):
        (tmp_path / name).write_bytes((tracked.root / name).read_bytes())
    with pytest.raises(ProjectError, match="no git repository here"):
        diff_revisions(Project(tmp_path), "HEAD", None)


def test_a_work_tree_without_windows(mine):
    shutil.rmtree(mine.root / "data" / "windows")
    with pytest.raises(ProjectError, match="data/windows is not in the work tree") as raised:
        diff_revisions(mine.project, "HEAD", None)
    assert raised.value.fix == "dvc checkout data/windows"


# -- DVC's cache and remote ---------------------------------------------------------------------------------------------


def test_what_the_cache_lacks_is_fetched_from_the_remote(mine):
    expected = to_json(diff_revisions(mine.project, "v1", "main"))
    shutil.rmtree(mine.cache / "files")
    said: list[str] = []
    assert to_json(diff_revisions(mine.project, "v1", "main", say=said.append)) == expected
    assert len(said) == 2
    assert mine.git("status", "--porcelain") == ""


def test_what_neither_cache_nor_remote_has_is_one_sentence(mine):
    shutil.rmtree(mine.cache / "files")
    shutil.rmtree(mine.far)
    with pytest.raises(ProjectError, match="is not in DVC's cache, and its remote does not give it") as raised:
        diff_revisions(mine.project, "v1", "main")
    assert raised.value.fix == "dvc push from where it was made"
    mine.dvc("remote", "remove", "far")
    with pytest.raises(ProjectError, match="is not in DVC's cache, and there is no DVC remote"):
        diff_revisions(mine.project, "v1", "main")


def test_a_window_that_is_the_same_need_not_be_here(mine):
    mine.dvc("remote", "remove", "far")
    (same,) = [file.path for name, file in ProjectData(project=mine.project, revision="v1").files("windows").items() if name == "2026-02"]
    assert same is not None
    same.unlink()
    found = diff_revisions(mine.project, "v1", "main")
    assert (found.added, found.changed, found.same_files, found.absent_files) == (ROWS, 6, 1, 1)
    assert "1 of them is not here" in data_diff_report(found)
