"""The page of an evaluation outside a project."""

from dataclasses import replace

from tests.certificates import pinned, scorecard

from keepfit.records import Evaluation
from keepfit.report.evaluation import evaluation_markdown

EVALUATION = Evaluation(
    model="late",
    version="2",
    model_id=None,
    model_digest="sha256:" + "a" * 64,
    table="/rows/march.csv",
    target="late",
    data={"march.csv": "sha256:" + "b" * 64},
    asked={"id": "id"},
    rules="sha256:" + "c" * 64,
    place="the server's own",
    scorecard="sha256:d",
    notes=("7 rows without a label are left out",),
)
CARD = scorecard("late", champion=pinned("late", "1", "sha256:" + "e" * 64))


def test_it_says_of_which_bytes_on_which_rows_by_whose_rules():
    page = evaluation_markdown(EVALUATION, replace(CARD, unseen="unknown"))
    for said in (
        "late v2, files sha256:aaaaaaaaaaaa…",
        "late v1, files sha256:eeeeeeeeeeee…",
        "march.csv, sha256:bbbb",
        "the server's own",
        "7 rows without a label",
    ):
        assert said in page
    assert "of which nobody knows whether they trained one of the models" in page


def test_what_is_known_of_training_rows_is_said():
    page = evaluation_markdown(EVALUATION, replace(CARD, unseen="known"))
    assert "no row trained one of the two models" in page
    assert "nobody knows" not in page


def test_what_people_named_does_nothing_on_the_page():
    page = evaluation_markdown(replace(EVALUATION, target="<script>|x", notes=("![x](http://e.vil)",)), replace(CARD, unseen="unknown"))
    assert "<script>" not in page
    assert "![x]" not in page
