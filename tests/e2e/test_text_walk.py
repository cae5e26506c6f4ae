"""A text model of four classes lives through the loop: init, a first model, new words, labels from Label Studio, a retraining, its review, its promotion."""

from __future__ import annotations

import json
import resource
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.text_world import CHANGED, FIRST_WEEKS, Desk, open_desk, over, truth, write_export
from tests.grammar import TOPICS, new_words

pytestmark = pytest.mark.slow
ASKED = 60
MODEL = "e2e-text-walk"


@dataclass(frozen=True)
class Walk:
    """What was left on the way; `seconds` from the table to the promoted first model, and the `cpu` seconds of its commands."""

    desk: Desk
    seconds: float
    cpu: float
    dropped: dict[str, Any]
    ticket: dict[str, Any]
    tasks: Path
    taken: dict[str, Any]
    made: dict[str, Any]

    def left(self, path: str) -> str:
        """A file of the retraining's branch."""
        return self.desk.run("git", "show", f"{self.made['branch']}:{path}")


def promote_first(desk: Desk) -> None:
    desk.run("keepfit", "certify", MODEL, "1")
    desk.run("keepfit", "promote", MODEL, "1")
    desk.run("keepfit", "sync")
    desk.run.commit("Pin version 1")


def drop(told: dict[str, Any]) -> dict[str, Any]:
    """The ticket that says that the model became worse."""
    (found,) = [ticket for ticket in told["tickets"] if ticket["ground"] == "harm"]
    return found  # type: ignore[no-any-return]


def ask_people(desk: Desk, home: Path, ticket: str) -> dict[str, Any]:
    """Rows of the drop's window become tasks of Label Studio; two people answer, somebody exports, keepfit reads it, and the answers are committed."""
    desk.run("keepfit", "label", "export", "--strategy", "margin", "--rows", str(ASKED), "--out", str(home / "mails.json"))
    export = write_export(home / "mails.json", home / "mails.xml", home / "project-7-at-2024-02-06.json", truth(CHANGED))
    taken = desk.run.json("keepfit", "label", "import", str(export), "--json")
    desk.run("git", "add", "labels")
    desk.run("git", "commit", "-qm", f"Labels of {taken['taken']} mails, for {ticket}")
    return taken  # type: ignore[no-any-return]


def cpu_of_commands() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.fixture(scope="module")
def walk(tmp_path_factory, gated_server):
    home = tmp_path_factory.mktemp("texts")
    started, used = time.monotonic(), cpu_of_commands()
    desk = open_desk(home, MODEL, gated_server)
    promote_first(desk)
    seconds, cpu = time.monotonic() - started, cpu_of_commands() - used
    dropped = desk.monitor(desk.arrive(CHANGED))
    ticket = drop(dropped)
    taken = ask_people(desk, home, ticket["id"])
    later = [one["id"] for one in desk.monitor(desk.arrive(CHANGED + 1))["tickets"] if one["action"] == "improve"]
    made = json.loads(desk.run("keepfit", "improve", later[0] if later else ticket["id"], "--json"))
    assert made["passed"], made
    desk.printed(made["by_hand"])
    return Walk(desk, seconds, cpu, dropped, ticket, home / "mails.json", taken, made)


def test_init_found_a_text_and_four_classes_and_the_first_model_was_promoted(walk, capsys):
    from keepfit.params import load_params

    params = load_params((walk.desk.root / "params.yaml").read_text())
    assert params.model.classes is not None
    assert sorted(params.model.classes) == sorted(TOPICS)
    assert params.data.features["text"] == "text"
    with capsys.disabled():
        print(f"\nfour classes of texts, from the table to a promoted first model: {walk.seconds:.0f} s, {walk.cpu:.0f} CPU seconds (two minutes are wanted)")


def test_the_drop_is_reported_in_its_first_week_and_the_new_words_with_it(walk):
    assert walk.ticket["window"] == "2024-W05"
    assert FIRST_WEEKS == CHANGED
    said = walk.desk.run("keepfit", "explain", walk.ticket["id"])
    (where,) = [line for line in said.splitlines() if line.startswith("- where: ")]
    assert "words unknown to the reference" in where
    named = {word for word in new_words() if f" {word} (" in where}
    assert len(named) >= 3, where
    assert "class=billing taken for" in where


def test_label_studio_was_given_the_texts_and_the_four_topics(walk):
    tasks = json.loads(walk.tasks.read_text())
    config = walk.tasks.with_suffix(".xml").read_text()
    assert len(tasks) == ASKED
    assert all(len(task["data"]["text"]) > 20 for task in tasks)
    assert all(f'<Choice value="{topic}"/>' in config for topic in TOPICS)


def test_the_export_was_read_without_what_is_no_answer_and_the_draw_is_asked_again(walk):
    assert walk.taken["refused"] == []
    assert walk.taken["taken"] == ASKED - 1  # the row on which two people disagree waits
    assert len(walk.taken["ties"]) == 1
    assert walk.taken["empty"] == 2  # one skipped, one empty submission
    assert walk.taken["agreement"]["annotators"] == 2
    assert walk.taken["agreement"]["value"] < 1


def test_the_answers_train_as_annotators_and_the_reviewer_reads_it(walk):
    said = walk.left("reports/COMPOSITION.md")
    assert "annotator" in said
    review = walk.left("reports/REVIEW.md")
    assert "by whose word they are: annotators" in review
    assert "Rows that train, beside those of the base:" in review
    assert "Classes of topic: delivery" in review  # by their names, not by their codes


def test_the_candidate_knows_the_new_words_and_was_promoted(walk):
    card = json.loads(walk.left("reports/scorecard.json"))
    rows = [row for row in card["rows"] if row["slice"] == "overall" and row["metric"] == card["metric"]]
    assert rows[0]["difference"] > 0
    baseline = json.loads((walk.desk.root / "baseline.json").read_text())
    assert (baseline["champion"]["version"], baseline["previous"]["version"]) == (walk.made["version"], "1")


def test_what_serves_answers_a_probability_for_each_topic(walk, gated_server):
    import mlflow
    import pandas as pd

    mlflow.set_tracking_uri(gated_server.uri)
    model = mlflow.pyfunc.load_model(f"models:/{MODEL}@champion")
    asked = pd.DataFrame({"text": ["hello, the voucher got declined, please reimburse my balance"], "channel": ["mail"], "waited": [1.5]})
    answer = model.predict(asked.assign(time=pd.Timestamp("2024-02-12")))
    assert sorted(map(str, answer.columns)) == sorted(TOPICS)
    assert answer.iloc[0].idxmax() == "billing"


def test_the_page_for_experts_shows_texts_topics_and_whose_word_the_labels_are(walk):
    page = Path(walk.desk.run("keepfit", "data", "view", "--version", walk.made["version"]).strip())
    shown = page.read_text()
    for words in ("<script", "http"):
        assert words not in shown
    for words in ("billing", "Whose word the labels are", "annotator", "champion says", over(CHANGED)[:7]):
        assert words in shown
    assert page.stat().st_size < 2_000_000
