from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from keepfit.errors import ParamsError
from keepfit.integrations.yaml_files import edited, put_entry, read_map, set_key

TEMPLATE = Path(__file__).resolve().parents[2] / "params.yaml"


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("data.as_of", datetime(2013, 3, 1), "  as_of: '2013-03-01'"),
        ("compose.recent_windows", None, "  recent_windows: null"),
        ("compose.replay_share", 0.25, "  replay_share: 0.25"),
        ("model.name", "yes", "  name: 'yes'"),
        ("evaluate.metrics", ["brier", "log_loss"], "  metrics: [brier, log_loss]"),
        ("evaluate.rules.floor.bound", 1, "      bound: 1"),
        ("monitor.columns.*.detector", "psi", "    '*': {detector: psi}"),
    ],
)
def test_one_line_of_the_template_changes_and_its_comment_stays(tmp_path, key, value, line):
    path = tmp_path / "params.yaml"
    path.write_bytes(TEMPLATE.read_bytes())
    set_key(path, key, value)
    before, after = TEMPLATE.read_text().splitlines(), path.read_text().splitlines()
    assert len(before) == len(after)
    (changed,) = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert changed[1].startswith(line)
    assert changed[1].partition("#")[2] == changed[0].partition("#")[2]


def test_a_value_that_was_left_empty_is_filled_in():
    assert edited("a:\nb: 1\n", "a", 2) == "a: 2\nb: 1\n"


@pytest.mark.parametrize(
    ("key", "says"), [("data.as_off", r"no key 'as_off' to edit[\s\S]*did you mean 'as_of'"), ("data", "more than one line"), ("data.as_of.x", "no key 'x'")]
)
def test_what_cannot_be_edited_is_said(key, says):
    with pytest.raises(ParamsError, match=says):
        edited(TEMPLATE.read_text(), key, 1)


def test_entries_join_an_empty_map_and_comments_stay(tmp_path):
    path = tmp_path / "windows.yaml"
    path.write_text("{}\n")
    put_entry(path, "2013-12", {"verdict": "exclude", "reason": "no: weather"})
    path.write_text("# decided by people\n" + path.read_text())
    put_entry(path, "2013-W06", {"verdict": "accept", "reason": "blizzard"})
    assert path.read_text().startswith("# decided by people\n2013-12:\n")
    assert read_map(path) == {"2013-12": {"verdict": "exclude", "reason": "no: weather"}, "2013-W06": {"verdict": "accept", "reason": "blizzard"}}


def test_an_id_that_looks_like_a_date_stays_text(tmp_path):
    put_entry(tmp_path / "w.yaml", "2013-02-05", {"verdict": "accept", "reason": "r"})
    assert list(read_map(tmp_path / "w.yaml")) == ["2013-02-05"]


def test_a_list_is_no_map(tmp_path):
    (tmp_path / "w.yaml").write_text("- a\n")
    with pytest.raises(ParamsError, match="not a map"):
        read_map(tmp_path / "w.yaml")
