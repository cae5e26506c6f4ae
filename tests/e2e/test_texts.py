"""A table of texts, no code: the first model reads words, and the ticket on a changed topic names the new ones."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.csv
import pytest
from tests.e2e.shell import commands
from tests.e2e.shop import serve_rules
from tests.grammar import Change, new_words, texts

from keepfit.integrations.yaml_files import put

pytestmark = pytest.mark.long  # test_text_walk.py goes the same way, with four classes, in make test
MODEL, WEEKS, CHANGED = "e2e-texts", 12, 10


def messages(*, weeks: int = WEEKS) -> pa.Table:
    """Customers' messages and whether they are about a bill; from week 11 on that is spoken of in other words."""
    stream = texts(0, windows=weeks, rows=200, change=Change(since=CHANGED))
    bill = pa.array(["yes" if topic == "billing" else "no" for topic in stream["topic"].to_pylist()])
    return stream.drop_columns(["topic"]).append_column("bill", bill)


@pytest.fixture(scope="module")
def lived(tmp_path_factory, gated_server):
    """Eight weeks taught the first model, it is promoted, and four more weeks are monitored."""
    home = tmp_path_factory.mktemp("texts")
    pyarrow.csv.write_csv(messages(), home / "messages.csv")
    asked = ("--data", str(home / "messages.csv"), "--time", "time", "--target", "bill", "--model", MODEL, "--id", "id", "--window", "week")
    said = commands(home)("keepfit", "init", "desk", *asked, "--as-of", "2024-02-26")
    run = commands(home / "desk", server=gated_server.uri)
    params = run.folder / "params.yaml"
    changes = {"mlflow.tracking_uri": gated_server.uri, "evaluate.metric": "log_loss", "evaluate.metrics": ["roc_auc"]}
    for key, value in changes.items():
        params.write_text(put(params.read_text(), key, value))
    serve_rules(gated_server.rules, run.folder / "gate.yaml")
    run("dvc", "repro")
    run.commit("The first model")
    run("keepfit", "certify", MODEL, "1")
    run("keepfit", "promote", MODEL, "1")
    run("keepfit", "sync")
    run.commit("Pin version 1")
    calm = run.json("keepfit", "monitor", "--until", "2024-03-11", "--json")
    told = run.json("keepfit", "monitor", "--until", "2024-03-25", "--json")
    return run, said, calm, told, gated_server


def test_init_takes_the_column_for_text_and_the_model_is_good(lived):
    run, *_ = lived
    params = (run.folder / "params.yaml").read_text()
    assert "text: text" in params
    assert "sklearn.linear_model.LogisticRegression" in params
    rows = json.loads((run.folder / "reports/scorecard.json").read_text())["rows"]
    assert next(row["challenger"] for row in rows if (row["slice"], row["metric"]) == ("overall", "roc_auc")) > 0.9


def test_weeks_in_which_nothing_changes_open_no_ticket(lived):
    _, _, calm, *_ = lived
    assert calm["tickets"] == []


def test_the_ticket_names_the_new_words(lived):
    run, _, _, told, _ = lived
    tickets = told["tickets"]
    assert len(tickets) == 1, told
    page = run("keepfit", "explain", tickets[0]["id"])
    assert "where: words unknown to the reference 1." in page
    named = page.partition("the most frequent: ")[2].partition(" (in ")[0]
    assert named in new_words()


def test_the_ticket_is_explained_with_a_histogram_of_the_texts(lived, tmp_path):
    run, _, _, told, _ = lived
    run("keepfit", "explain", told["tickets"][0]["id"], "--html", str(tmp_path / "page.html"))
    page = (tmp_path / "page.html").read_text()
    assert "of the words unknown" in page
    assert "Histogram of text" in page


def test_the_served_model_reads_texts(lived):
    import mlflow
    import pandas as pd

    *_, server = lived
    mlflow.set_tracking_uri(server.uri)
    model = mlflow.pyfunc.load_model(f"models:/{MODEL}/1")
    frame = pd.DataFrame({"text": ["the invoice was charged twice, please refund", "the parcel never arrived", None], "channel": "mail", "waited": 3.0})
    bill, parcel, nothing = model.predict(frame)
    assert bill > 0.6 > 0.4 > parcel
    assert 0 < nothing < 1
