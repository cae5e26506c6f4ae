"""What people said of single rows, in what is composed: it trains, the chosen rows never judge, and the manifest says whose word a label is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from tests.compose.test_apart import LATER, by_id, held
from tests.compose.test_assemble import MIXED, params, run, sources, table

from keepfit.compose.apart import CHOSEN
from keepfit.compose.assemble import CompositionRequest
from keepfit.compose.curation.rules import curation_of
from keepfit.compose.unlabelled import WithTarget
from keepfit.params.model import ModelParams
from keepfit.records import Label
from keepfit.report.composition import composition_report
from keepfit.tables.people_labels import people_labels

AT = datetime(2026, 11, 30, tzinfo=UTC)
MODEL = ModelParams(name="m", task="classification", target="y")


def say(origin="annotator", selected=None, **rows):
    return [Label(row=row, label=text, origin=origin, known_at=AT, selected=selected) for row, text in rows.items()]


def composed(said, *tables, asked=LATER, rules=None, **changes):
    """What is composed of three windows, of which the newest judges."""
    tables = tables or tuple(table(number, MIXED) for number in range(3))
    made = replace(sources(*tables), people=people_labels(said, MODEL) if said else None)
    return run(replace(made, curation=curation_of({"rules": rules})) if rules else made, asked, params(**changes))


def counts(made):
    return {one.origin: (one.train, one.judge, one.chosen) for one in made.composition.labels}


def labels_of(part):
    return dict(zip(part["id"].to_pylist(), part["y"].to_pylist(), strict=True))


def train_rows(made, window):
    return sorted(name for name, part in by_id(made).items() if part == "train" and name.startswith(window))


def test_without_labels_of_people_nothing_is_said_of_them():
    made = composed([])
    assert made.composition.labels == ()
    assert "label_origin" not in made.manifest.column_names
    assert "## Labels" not in composition_report(made.composition, None)


def test_labels_of_people_train_and_judge_and_the_manifest_says_whose_word_they_are():
    plain = composed([])
    (old, older), new = train_rows(plain, "w0")[:2], plain.evaluate["id"].to_pylist()[0]
    flipped = {name: f"{1 - by_id_label(plain, name):g}" for name in (old, new)}
    made = composed([*say(**{old: flipped[old]}), *say("gold", **{new: flipped[new]}), *say("weak", **{older: "1"})])
    assert labels_of(made.train)[old] == float(flipped[old])
    assert labels_of(made.evaluate)[new] == float(flipped[new])
    origin = by_id(made, "label_origin")
    assert (origin[old], origin[new], origin[older]) == ("annotator", "gold", None)
    found = counts(made)
    assert found["annotator"] == (1, 0, 0)
    assert found["gold"] == (0, 1, 0)
    assert found["source"] == (made.train.num_rows - 1, made.evaluate.num_rows - 1, 0)
    assert "| gold: experts | 0 | 1 |" in composition_report(made.composition, None)


def by_id_label(made, name):
    return {**labels_of(made.train), **labels_of(made.evaluate)}[name]


@pytest.mark.parametrize("selected", ["active", "ticket"])
def test_a_chosen_row_trains_and_never_judges_nor_is_it_held_out(selected):
    plain = composed([])
    old, new, apart = train_rows(plain, "w0")[0], plain.evaluate["id"].to_pylist()[0], sorted(held(plain))[0]
    made = composed(say(selected=selected, **dict.fromkeys((old, new, apart), "1")))
    part, reason = by_id(made), by_id(made, "reason")
    assert (part[old], part[new], part[apart]) == ("train", "out", "out")
    assert reason[new] == reason[apart] == CHOSEN
    assert new not in labels_of(made.evaluate)
    assert apart not in labels_of(made.holdout)
    assert counts(made)["annotator"] == (1, 0, 2)
    assert "2 rows that people were asked about by choice judge nothing." in composition_report(made.composition, None)


def test_a_row_that_chance_drew_judges():
    new = composed([]).evaluate["id"].to_pylist()[0]
    assert new in labels_of(composed(say(selected="random", **{new: "1"})).evaluate)


def test_a_first_model_is_not_judged_on_chosen_rows_of_its_holdout():
    first = CompositionRequest(action="improve", target=None)
    plain = composed([], asked=first)
    apart = sorted(held(plain))[0]
    made = composed(say(selected="active", **{apart: "1"}), asked=first)
    assert apart in labels_of(plain.evaluate)
    assert apart not in labels_of(made.evaluate)


def test_windows_that_are_held_back_to_judge_judge_without_their_chosen_rows():
    judge = {"use": "all", "judge": {"quotas": {"class=1": 40}, "windows": 2}}
    asked = replace(LATER, holds_back=True)
    plain = composed([], asked=asked, **judge)
    row = next(name for name in plain.evaluate["id"].to_pylist() if name.startswith("w1"))
    made = composed(say(selected="active", **{row: "1"}), asked=asked, **judge)
    assert by_id(made)[row] == "out"


def test_the_refit_trains_on_the_chosen_rows_of_the_window_that_judged():
    new = composed([]).evaluate["id"].to_pylist()[0]
    said = say(selected="active", **{new: "1"})
    judged = composed(said).composition
    refit = composed(said, asked=CompositionRequest.refit(judged))
    assert by_id(refit)[new] == "train"


def test_rows_without_a_target_of_their_own_are_labelled_by_people_alone():
    tables = [table(number, MIXED).drop_columns("y") for number in range(3)]
    said = say(**{f"w{number}r{row:03d}": str(row % 2) for number in range(3) for row in range(0, 60, 3)})
    made = composed(said, *tables)
    assert made.train.num_rows > 0
    assert made.evaluate.num_rows > 0
    assert set(counts(made)) == {"annotator"}
    assert made.train["y"].null_count == 0
    assert {name: value for name, value in labels_of(made.train).items() if value != int(name[3:]) % 2} == {}


def test_a_rule_on_single_rows_has_the_last_word_and_sees_what_people_said():
    old = train_rows(composed([]), "w0")[:2]
    said = say(**dict.fromkeys(old, "1"))
    made = composed(
        said, rules={"back": {"action": "relabel", "value": 0, "where": f"id == '{old[0]}' and y == 1", "author": "a", "reason": "r", "expires": None}}
    )
    assert labels_of(made.train)[old[0]] == 0.0
    origin = by_id(made, "label_origin")
    assert (origin[old[0]], origin[old[1]]) == ("curated", "annotator")
    assert counts(made)["curated"] == (1, 0, 0)


def test_the_empty_target_reads_as_the_rows_do():
    rows = table(0, MIXED).drop_columns("y")
    empty = WithTarget(rows, "y")
    assert empty.schema.names == ["id", "t", "g", "y"]
    assert empty.select(["y"]).num_rows == 60
    assert empty.select(["y", "id"]).column_names == ["y", "id"]
    assert empty.drop_columns(["id"]).schema.names == ["t", "g", "y"]
    assert empty.drop_columns(["y"]).schema.names == ["id", "t", "g"]
    read = empty.to_reader(7).read_all()
    assert read.schema == empty.schema
    assert np.isnan(read["y"].to_numpy()).all()
