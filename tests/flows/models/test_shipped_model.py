"""A model that is sent to where rows are answers as it does here, and only if its bytes came whole."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace

import pytest
from tests.flows.monitoring.test_monitor import rows_of

from keepfit.errors import TrainError
from keepfit.flows.models import shipped_model
from keepfit.flows.models.files_digest import files_digest
from keepfit.flows.models.scoring import open_scorer
from keepfit.flows.models.shipped_model import ShippedModel
from keepfit.tables.frames import to_frame

ANSWER = "import pickle, sys; model, table = pickle.load(sys.stdin.buffer); sys.stdout.buffer.write(pickle.dumps(model(table).values.tolist()))"


@pytest.fixture
def table():
    import pyarrow as pa

    return pa.Table.from_pandas(rows_of(2).drop(columns="y"), preserve_index=False)


def test_it_answers_in_another_process_what_it_answers_here(clicks, table):
    sent = ShippedModel.of(clicks)
    assert sent.digest == files_digest(clicks)
    there = subprocess.run([sys.executable, "-c", ANSWER], input=pickle.dumps((sent, table)), stdout=subprocess.PIPE, check=True).stdout
    assert pickle.loads(there) == open_scorer(clicks).score(to_frame(table)).tolist()


def test_it_is_loaded_once_a_process(clicks, table, monkeypatch):
    loaded = []
    monkeypatch.setattr(shipped_model, "_LOADED", {})
    monkeypatch.setattr(shipped_model, "open_scorer", lambda folder, **more: loaded.append(folder) or open_scorer(folder, **more))
    for sent in (ShippedModel.of(clicks), pickle.loads(pickle.dumps(ShippedModel.of(clicks)))):
        sent(table)
    assert len(loaded) == 1


def test_bytes_that_are_not_those_that_were_sent_are_not_loaded(clicks, table, monkeypatch):
    monkeypatch.setattr(shipped_model, "_LOADED", {})
    sent = ShippedModel.of(clicks)
    damaged = replace(sent, files=tuple((name, content[:-1]) for name, content in sent.files))
    with pytest.raises(TrainError, match="the model that came here is sha256:"):
        damaged(table)
