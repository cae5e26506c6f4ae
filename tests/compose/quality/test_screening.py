"""What a recipe does about rows that repeat or contradict others, in the composed data set."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from tests.compose.test_assemble import FIRST, CompositionRequest, run, sources, timedelta

from keepfit.compose.recipe import recipe_of
from keepfit.errors import DataError, ParamsError
from keepfit.params import Params

MODEL = {"name": "m", "task": "classification", "target": "y"}
DATA = {"live": "x.csv", "time": "t", "id": "id", "window": "week", "features": {"a": "numeric", "b": "categorical"}, "holdout_share": 0.0}
JUDGED = CompositionRequest(action="improve", target=FIRST + timedelta(days=7), champion=True)


def settings(recipe=None, **compose):
    said = {"use": "mine", "recipes": {"mine": recipe}} if recipe is not None else {}
    return Params.model_validate({"model": MODEL, "data": DATA, "compose": said | compose})


def rows(number, *cells, minutes=None):
    """A window of rows (a, b, y), a minute apart."""
    times = [FIRST + timedelta(days=7 * number, minutes=at) for at in (minutes or range(len(cells)))]
    ids = [f"w{number}r{at}" for at in range(len(cells))]
    a, b, y = zip(*cells, strict=True)
    return pa.table({"id": ids, "t": pa.array(times, pa.timestamp("us")), "a": list(a), "b": list(b), "y": pa.array(y, pa.float64())})


PARTS = (
    rows(0, (1.0, "x", 0.0), (1.0, "x", 0.0), (5.0, "x", 1.0), (2.0, "y", 0.0), (2.0, "y", 1.0), (9.0, "z", 1.0), minutes=[0, 0, 1, 2, 3, 4]),
    rows(1, (9.0, "z", 1.0), (3.0, "x", 0.0)),
)


def reasons(composed):
    return {row["row_id"]: (row["part"], row["reason"]) for row in composed.manifest.to_pylist() if row["reason"].startswith("quality")}


@pytest.mark.parametrize(
    ("kind", "left_out"),
    [
        ("duplicates", {"w0r1": "quality: repeats another row"}),
        ("conflicts", dict.fromkeys(("w0r3", "w0r4"), "quality: another row of the same features has another label")),
        ("contamination", {"w0r5": "quality: repeats a row that judges or is held out"}),
        ("near_duplicates", {}),
    ],
)
def test_rows_are_left_out_with_the_reason_in_the_manifest(kind, left_out):
    composed = run(sources(*PARTS), JUDGED, settings({"quality": {kind: "quarantine"}}))
    assert reasons(composed) == {row: ("out", why) for row, why in left_out.items()}
    assert {(one.kind, one.action, one.rows, one.left_out) for one in composed.composition.quality} == {(kind, "quarantine", len(left_out), len(left_out))}


def test_reported_rows_stay_and_are_counted_with_examples():
    composed = run(sources(*PARTS), JUDGED, settings({"quality": {"duplicates": "report", "conflicts": "report"}}))
    plain = run(sources(*PARTS), JUDGED, settings({}))
    assert composed.manifest.equals(plain.manifest)
    found = {one.kind: one for one in composed.composition.quality}
    assert (found["duplicates"].rows, found["duplicates"].left_out) == (1, 0)
    assert [(one.row, one.beside) for one in found["duplicates"].examples] == [("w0r1", "w0r0")]
    assert [(one.row, one.beside) for one in found["conflicts"].examples] == [("w0r3", "w0r4"), ("w0r4", "w0r3")]
    assert plain.composition.quality == ()


def test_near_duplicates_within_the_tolerance_are_left_out():
    near = (rows(0, (1.0, "x", 0.0), (1.2, "x", 0.0), (2.0, "x", 1.0), (3.0, "x", 1.0), (4.0, "x", 0.0)), PARTS[1])
    for tolerance, expected in ((0.2, {"w0r1"}), (0.01, set())):
        composed = run(sources(*near), JUDGED, settings({"quality": {"near_duplicates": "quarantine", "tolerance": tolerance}}))
        assert reasons(composed).keys() == expected


def test_a_row_is_left_out_for_the_first_kind_that_finds_it():
    both = (rows(0, (1.0, "x", 0.0), (1.0, "x", 0.0), (1.0, "x", 1.0), (4.0, "x", 1.0), (5.0, "x", 0.0), minutes=[0, 0, 0, 3, 4]), PARTS[1])
    composed = run(sources(*both), JUDGED, settings({"quality": {"duplicates": "quarantine", "conflicts": "quarantine"}}))
    assert {row: why for row, (_, why) in reasons(composed).items()} == {
        "w0r1": "quality: repeats another row",
        "w0r0": "quality: another row of the same features has another label",
        "w0r2": "quality: another row of the same features has another label",
    }


def test_a_project_without_recipes_says_it_too():
    composed = run(sources(*PARTS), JUDGED, settings(quality={"duplicates": "quarantine"}))
    assert reasons(composed).keys() == {"w0r1"}


def test_what_a_recipe_says_goes_before_what_the_project_says():
    said = {"duplicates": "quarantine"}
    assert reasons(run(sources(*PARTS), JUDGED, settings({}, quality=said))).keys() == {"w0r1"}
    assert reasons(run(sources(*PARTS), JUDGED, settings({"quality": {"conflicts": "report"}}, quality=said))).keys() == set()


def test_a_recipe_that_asks_for_nothing_is_told_as_before():
    plain, asked = (recipe_of(settings({}, quality=said).compose).told for said in ({}, {"duplicates": "report"}))
    assert asked.keys() - plain.keys() == {"quality"}


def test_the_same_rows_are_left_out_whatever_order_and_type_they_are_stored_in():
    said = settings({"quality": {"duplicates": "quarantine", "contamination": "quarantine", "near_duplicates": "quarantine"}})
    turned = [part.take(pa.array(range(part.num_rows - 1, -1, -1))) for part in PARTS]
    stored = [part.set_column(3, "b", pc.dictionary_encode(part["b"])).set_column(2, "a", part["a"].cast(pa.float32())) for part in turned]
    assert run(sources(*stored), JUDGED, said).manifest.equals(run(sources(*PARTS), JUDGED, said).manifest)


def test_rows_that_judge_stay_as_they_came():
    twice = (PARTS[0], rows(1, (9.0, "z", 1.0), (9.0, "z", 1.0), (9.0, "z", 0.0), minutes=[0, 0, 0]))
    said = settings({"quality": dict.fromkeys(("duplicates", "near_duplicates", "conflicts", "contamination"), "quarantine")})
    assert run(sources(*twice), JUDGED, said).evaluate.num_rows == 3


def test_a_recipe_that_leaves_nothing_is_refused_in_a_sentence():
    torn = (rows(0, (1.0, "x", 0.0), (1.0, "x", 1.0)), PARTS[1])
    with pytest.raises(DataError, match="no labelled row may train: quality leaves out 2 rows"):
        run(sources(*torn), JUDGED, settings({"quality": {"conflicts": "quarantine"}}))


@pytest.mark.parametrize("said", [{"duplicates": "drop"}, {"duplicate": "report"}, {"tolerance": -1}])
def test_what_cannot_be_asked_is_refused_with_its_place(said):
    from keepfit.plugins import read_params

    text = f"model: {{name: m, task: classification, target: y}}\ndata: {{live: x.csv, time: t}}\ncompose: {{quality: {said}}}"
    with pytest.raises(ParamsError, match=r"compose\.quality"):
        read_params(text, where="params.yaml")


def test_off_without_quotation_marks_is_off():
    from keepfit.plugins import read_params

    text = "model: {name: m, task: classification, target: y}\ndata: {live: x.csv, time: t}\ncompose: {quality: {duplicates: off}}"
    assert read_params(text, where="params.yaml").compose.quality.asked == ()
