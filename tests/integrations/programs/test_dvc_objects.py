"""What DVC keeps of a folder at a revision."""

from __future__ import annotations

import pytest

from keepfit.errors import ProjectError
from keepfit.integrations.programs.dvc_objects import TrackedFolder, files_in, object_file, tracked_folder

LISTED = '[{"md5": "aa11", "relpath": "2026-01.parquet"}, {"md5": "bb22", "relpath": "deep/x.parquet"}]'


def test_a_lock_names_the_out_of_any_stage():
    lock = "stages: {a: {cmd: x}, compose: {cmd: c, outs: [{path: build/compose, hash: md5, md5: ab12.dir}]}}"
    assert tracked_folder(lock, "build/compose", where="dvc.lock") == TrackedFolder(path="build/compose", md5="ab12.dir")
    assert tracked_folder(lock, "build/other", where="dvc.lock") is None


def test_what_dvc_2_wrote_lies_in_another_place_of_the_cache(tmp_path):
    old = tracked_folder("outs: [{path: windows, md5: ab12.dir}]", "windows", where="data/windows.dvc")
    assert old is not None
    assert old.old
    place = object_file(tmp_path, old.md5, old=True)
    place.parent.mkdir(parents=True)
    place.write_text(LISTED)
    assert files_in(tmp_path, old) == {"2026-01.parquet": "aa11", "deep/x.parquet": "bb22"}


@pytest.mark.parametrize("text", ["outs: [{path: windows, etag: 1, files: []}]", "outs: [{path: windows, md5: ab12}]"])
def test_a_folder_that_is_not_kept_by_md5_is_one_sentence(text):
    with pytest.raises(ProjectError, match="DVC does not keep windows as a folder by md5"):
        tracked_folder(text, "windows", where="data/windows.dvc")


@pytest.mark.parametrize("text", ["outs: [", "outs: 3", "- 1", "outs: [{md5: x.dir}]"])
def test_what_is_no_file_of_dvc_is_one_sentence(text):
    with pytest.raises(ProjectError, match="not a file of DVC"):
        tracked_folder(text, "windows", where="data/windows.dvc")


def test_a_list_that_is_not_there_is_none_and_a_broken_one_an_error(tmp_path):
    folder = TrackedFolder(path="windows", md5="ab12.dir")
    assert files_in(tmp_path, folder) is None
    place = object_file(tmp_path, folder.md5)
    place.parent.mkdir(parents=True)
    place.write_text("{}x")
    with pytest.raises(ProjectError, match="a list of files in DVC's cache cannot be read"):
        files_in(tmp_path, folder)
