from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from tests.report.test_curation import RULE

from keepfit.evaluate.cure import Cure
from keepfit.records import Composition, CurationReport, ExpectationOutcome, Part, Pin, Scorecard, ScoreRow, Shipped, Ticket
from keepfit.records.data_diff import ColumnChange, DataDiff, LabelChange, LoneColumn, SliceChange
from keepfit.records.labels import LabelCount
from keepfit.report.review import Review, review_text

TICKET = Ticket(
    id="2013-02-harm",
    model="flights",
    champion="1",
    action="improve",
    ground="harm",
    cause="harm:overall",
    window="2013-02",
    opened=datetime(2013, 3, 1),
    target="2013-02-01",
    reasons=("roc_auc fell to <b>0.6</b>",),
    evidence=(),
    affected="1,000 rows",
    next=(),
)
OLD = Composition(
    action="improve",
    basis="same-period",
    trained_from=None,
    trained_until=datetime(2013, 2, 1),
    evaluated_from=None,
    evaluated_until=datetime(2013, 2, 1),
    parts=(Part(window="2013-01", part="train", reason="newest", rows=800, labelled=790),),
)
NEW = replace(
    OLD,
    basis="later",
    evaluated_until=datetime(2013, 3, 1),
    parts=(*OLD.parts, Part(window="2013-02", part="evaluate", reason="later", rows=700, labelled=690)),
)
CARD = Scorecard(
    model="flights",
    task="classification",
    metric="roc_auc",
    basis="later",
    champion=None,
    evaluated_from=None,
    evaluated_until=None,
    n=700,
    rows=(
        ScoreRow(
            slice="overall",
            metric="roc_auc",
            rule="at_least",
            bound=0.6,
            champion=None,
            challenger=0.5,
            difference=None,
            low=None,
            high=None,
            p_value=None,
            n=700,
            status="fail",
        ),
    ),
)
REVIEW = Review(
    ticket=TICKET,
    branch="retrain/2013-02-harm",
    base_branch="main",
    base="c" * 40,
    version="2",
    page="http://h/v",
    windows=("2013-02",),
    composition=NEW,
    previous_composition=OLD,
    scorecard=CARD,
    metrics={"roc_auc": 0.5},
    previous_metrics={"roc_auc": 0.7},
    params_diff="-null\n+2013-02-01\n",
    next=("keepfit certify flights 2",),
)


SHIPPED = Shipped(refit=True, text="judged: that; shipped: its refit", judged_until=None, trained_until=None, notes=("the training left the same model",))


@pytest.fixture(scope="module")
def text():
    return review_text(REVIEW)


@pytest.mark.parametrize(
    "line",
    [
        "**failed on overall roc_auc (at_least: fail)**: [version 2 of flights](http://h/v), branch `retrain/2013-02-harm`, from main at cccccccccccc.",
        "- roc_auc fell to &lt;b&gt;0.6&lt;/b&gt;",
        "| 2013-02 | evaluate | – | 700 |",
        "+2013-02-01",
        "| `roc_auc` | 0.7 | 0.5 |",
        "keepfit certify flights 2",
    ],
)
def test_the_page_says_why_what_changed_how_good_and_what_next(text, line):
    assert line in text.splitlines()


def test_parts_that_did_not_change_are_left_out(text):
    assert "| 2013-01 |" not in text


def test_the_same_review_gives_the_same_bytes_and_bounded_ones(text):
    assert review_text(REVIEW) == text
    long = replace(REVIEW, params_diff="+x\n" * 500, windows=tuple(map(str, range(500))), ticket=replace(TICKET, reasons=("why",) * 500))
    rows = tuple(replace(CARD.rows[0], slice=f"carrier={number}") for number in range(500))
    metrics = {f"m{number}": 0.5 for number in range(500)}
    windows = tuple(replace(NEW.parts[1], window=str(number)) for number in range(500))
    outcome = {"suite": "s", "type": "t", "column": None, "severity": "critical", "level": "batch", "status": "fail", "observed": "1", "unexpected": 1}
    expectations = tuple(ExpectationOutcome(expectation=f"e{number}", **outcome) for number in range(500))
    card = replace(CARD, rows=rows, expectations=expectations, shipped=SHIPPED)
    changed = DataDiff(
        what="rows that train", before="a", now="b", key=("id",), rows_before=1, rows_now=2, added=1, removed=1, changed=1, moved=1,
        columns=tuple(ColumnChange(name=f"c{number}", was=f"d{number}", kind="text", stored="text", stored_before="int64", rows=9) for number in range(500)),
        columns_added=(LoneColumn(name="new", stored="text", known=1),) * 500,
        labels=LabelChange(target="late", known_before=1, known=1, classes={str(number): 1 for number in range(500)}, flipped=3),
        slices=tuple(SliceChange(slice=f"carrier={number}", before=1, now=2) for number in range(500)),
    )  # fmt: skip
    odd = curated(*(f"rule-{number}" for number in range(100)), matched=0, train=0, judge=1)
    long = replace(long, rows=changed)
    most = replace(long, scorecard=card, metrics=metrics, composition=replace(NEW, parts=windows, curation=odd), next=("keepfit sync",) * 4)
    assert len(review_text(most).splitlines()) < 94  # the head of a new file's diff has six lines more


def test_the_review_names_the_recipe_and_the_one_before_if_it_is_another(text):
    assert "Recipe" not in text
    mine = replace(REVIEW, composition=replace(NEW, recipe="mine"))
    assert " Recipe: mine (before: none)." in review_text(mine)
    assert " Recipe: mine. " in review_text(replace(mine, previous_composition=replace(NEW, recipe="mine"))).replace("\n", " ")


def test_the_review_says_what_changed_in_the_rows_that_train():
    changed = DataDiff(
        what="rows that train", before="a", now="b", key=("id",), rows_before=1000, rows_now=1900, added=1000, removed=100, changed=2,
        columns=(ColumnChange(name="temp", kind="number", stored="float64", stored_before="float64", rows=2, low=1.0, middle=1.0, high=1.0),),
        labels=LabelChange(target="late", known_before=1000, known=1900, classes_before={"0": 750, "1": 250}, classes={"0": 1330, "1": 570}),
        slices=(SliceChange(slice="carrier=EV", before=100, now=300),),
    )  # fmt: skip
    said = review_text(replace(REVIEW, rows=changed))
    assert "Rows that train, beside those of the base: 1,000 rows added, 100 removed, 2 changed (1,000 → 1,900).\n" in said
    assert "- Columns: changed temp (2 rows: by +1).\n" in said
    assert "- Classes of late: 0 75.0% → 70.0%, 1 25.0% → 30.0%.\n" in said
    assert "- Slices, of the rows: carrier=EV 10.0% → 15.8%.\n" in said
    assert "Rows that train" not in review_text(REVIEW)


def test_the_review_says_what_was_judged_and_what_is_shipped(text):
    said = review_text(replace(REVIEW, scorecard=replace(CARD, shipped=SHIPPED)))
    assert " Judged: that; shipped: its refit. Note: the training left the same model.\n" in said
    assert "shipped" not in text


def test_without_an_earlier_composition_or_a_server_the_page_stands(text):
    bare = review_text(
        replace(REVIEW, previous_composition=None, version=None, page=None, params_diff="", windows=(), metrics={}, previous_metrics={}, next=())
    )
    assert "a candidate for flights" in bare
    assert "Windows added: none." in bare
    assert "## Next" not in bare


LEFT = Cure(subject="overall", metric="mae", promised=169.0, value=263.0, missing=94.0, allowed=20.0, n=700)
PASSING = replace(CARD, rows=(replace(CARD.rows[0], status="pass"),))


def first_line(cure, card=PASSING):
    return review_text(replace(REVIEW, scorecard=card, cure=cure)).splitlines()[2]


def test_a_candidate_that_passes_and_leaves_the_harm_says_so_first():
    said = "**passed on 700 rows, but does not cure the harm: mae of overall is 263, 94 worse than promised (169), allowed is 20**"
    assert first_line(LEFT).startswith(said)


def test_a_harm_that_was_not_measured_again_is_not_called_cured():
    said = "**passed on 700 rows, but it is not known if it cures the harm: mae of overall was not measured**"
    assert first_line(replace(LEFT, value=None, missing=None)).startswith(said)


@pytest.mark.parametrize("cure", [None, replace(LEFT, value=189.0, missing=20.0), replace(LEFT, value=100.0, missing=-69.0)])
def test_a_candidate_that_cures_says_no_more_than_that_it_passed(cure):
    assert first_line(cure).startswith("**passed on 700 rows**")


def test_a_candidate_that_fails_is_not_asked_what_it_cures():
    assert first_line(LEFT, CARD).startswith("**failed on overall roc_auc (at_least: fail)**")


def test_of_an_equal_candidate_it_says_what_renewing_is_worth_with_the_figure_that_the_monitor_knows():
    [own] = CARD.rows
    equal = {"rule": "not_shown_worse", "bound": 0.02, "champion": 0.7, "challenger": 0.701, "difference": 0.001, "low": -0.009, "high": 0.011}
    champion = Pin(model="flights", version="1", digest="sha256:0", trained_until=None, evaluated_until=None)
    review = replace(REVIEW, scorecard=replace(CARD, champion=champion, rows=(replace(own, status="pass", **equal),)))
    assert "no better, no worse (+0.0010 roc_auc, -0.0090 to +0.0110)" in review_text(review)
    assert "what that is worth is not known yet." in review_text(review)
    assert "a window of newer data has brought +0.0123 roc_auc on average." in review_text(replace(review, newer=0.0123))
    assert "renewing" not in review_text(replace(REVIEW, newer=0.0123))


def curated(*rules, **changes):
    return CurationReport(end=datetime(2013, 3, 1), rules=tuple(replace(RULE, name=name, **changes) for name in rules))


def test_what_rules_on_single_rows_did_stands_below_the_data():
    review = replace(REVIEW, composition=replace(NEW, curation=curated("a", "b")), previous_composition=replace(OLD, curation=curated("b", "c")))
    assert "2 rules of curation.yaml: of the rows that may train, 18 left out; no row that judges. new: a; gone: c." in review_text(review)
    assert "curation.yaml" not in review_text(REVIEW)
    assert "curation.yaml" not in review_text(replace(REVIEW, composition=replace(NEW, curation=curated())))
    gone = replace(REVIEW, composition=replace(NEW, curation=curated()), previous_composition=replace(OLD, curation=curated("c")))
    assert "curation.yaml has no rules. gone: c." in review_text(gone)


def test_odd_rules_and_a_changed_evidence_are_in_the_review_which_stays_short():
    names = [f"rule-{number}" for number in range(100)]
    odd = replace(REVIEW, composition=replace(NEW, curation=curated(*names, matched=0, train=0)))
    said = review_text(odd)
    assert " Odd: rule-0 matches nothing; rule-1 matches nothing; and 98 more in COMPOSITION.md." in said
    assert len(said.splitlines()) < 100
    judging = replace(REVIEW, composition=replace(NEW, curation=curated("a", judging=True, judge=2)))
    assert "the evidence is of curated rows" in review_text(judging)


def test_a_review_says_whose_labels_train_beside_those_of_before():
    asked = (LabelCount(origin="annotator", train=39, judge=0, chosen=9), LabelCount(origin="source", train=2098, judge=930))
    before = (LabelCount(origin="annotator", train=12, judge=0),)
    said = review_text(replace(REVIEW, composition=replace(NEW, labels=asked), previous_composition=replace(OLD, labels=before)))
    sentence = "Labels of rows that train, by whose word they are: annotators 39 (before 12), the source's own 2,098."
    assert f"{sentence} 9 rows that people were asked about by choice and that would have judged or been held out do neither." in said
    assert "Labels of rows" not in review_text(REVIEW)
