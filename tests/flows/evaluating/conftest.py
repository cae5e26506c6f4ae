"""One registry a session that people made by hand; models are asked in the test's own process, as what they are asked with is tested elsewhere."""

from __future__ import annotations

import pytest
from tests.flows.evaluating.by_hand import ByHand, make_by_hand

from keepfit.flows.evaluating import evaluate as flow
from keepfit.integrations.models.asked_process import MODEL, QUESTION, ROWS, ask_here, place_apart, read_answer
from keepfit.integrations.tables import write_parquet
from keepfit.records import to_json


@pytest.fixture(scope="session")
def by_hand(tmp_path_factory) -> ByHand:
    """`late`: v1 is champion, v2 better, v3 worse on one carrier."""
    return make_by_hand(tmp_path_factory.mktemp("by-hand"))


@pytest.fixture
def here(by_hand, tmp_path_factory, monkeypatch) -> ByHand:
    """The registry is the one that is asked, and models answer in this process: a process each is what costs."""

    def ask(whole, rows, question):
        folder = tmp_path_factory.mktemp("asked")
        place_apart(whole, folder / MODEL)
        (folder / QUESTION).write_text(to_json(question), encoding="utf-8")
        write_parquet(rows, folder / ROWS)
        ask_here(folder)
        return read_answer(folder, called=question.called)

    monkeypatch.setattr(flow, "ask_apart", ask)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", by_hand.uri)
    return by_hand
