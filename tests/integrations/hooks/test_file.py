from __future__ import annotations

import json
from datetime import datetime

import pytest

from keepfit.hooks import HookError, Surroundings
from keepfit.integrations.hooks.file import FileHook
from keepfit.records import Event, Message

NOW = datetime(2013, 3, 1, 3)
EVENT = Event(key="ticket_opened:flights:2013-02-harm", kind="ticket_opened", model="flights", subject="2013-02-harm", at=NOW, changed="AUC fell")


def message(key: str) -> Message:
    return Message(key=key, subscriber="log", model="flights", title="flights: AUC fell", text="AUC fell\n'quoted' \"too\"", events=(EVENT,))


def test_each_message_is_a_line(tmp_path):
    around = Surroundings(root=str(tmp_path), now=NOW)
    for key in ("a", "b"):
        assert FileHook(path="logs/keepfit.jsonl").deliver(message(key), around=around) == "written to logs/keepfit.jsonl"
    lines = (tmp_path / "logs" / "keepfit.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["key"] for line in lines] == ["a", "b"]


def test_a_folder_in_the_files_place_is_a_sentence(tmp_path):
    (tmp_path / "log").mkdir()
    with pytest.raises(HookError, match="log cannot be written: Is a directory") as caught:
        FileHook(path="log").deliver(message("a"), around=Surroundings(root=str(tmp_path), now=NOW))
    assert caught.value.again
