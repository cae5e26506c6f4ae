from __future__ import annotations

from datetime import datetime

import pytest
from tests.flows.deliver.receivers import BOXES, event, owe, project_with, rows_of

from keepfit.flows.deliver import keep_running
from keepfit.flows.deliver.keep_running import keep_delivering

ME = {"hook": "memory", "box": "me"}


def test_it_looks_again_reads_params_anew_and_says_what_is_wrong_once(tmp_path, monkeypatch):
    monkeypatch.setattr(keep_running, "utc_now", lambda: datetime(2026, 3, 2, 3))
    project, said, looks = project_with(tmp_path / "p", me=ME), [], []
    whole = (project.root / "params.yaml").read_text()

    def between(seconds):
        looks.append(seconds)
        if len(looks) == 1:
            owe(project, event("a"))
            (project.root / "params.yaml").write_text(whole + "hooks: [")
        elif len(looks) == 3:
            (project.root / "params.yaml").write_text(whole)
        elif len(looks) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keep_delivering(project.root, say=said.append, sleep=between)
    assert looks == [30.0] * 4
    assert BOXES["me"].events == ["a:m"]
    assert len([line for line in said if "params.yaml" in line and line.endswith("trying again every 30 s")]) == 1
    assert [row.status for row in rows_of(project)] == ["delivered"]
