from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
from tests.compose.test_assemble import MIXED, TRAINS, params, run, sources, table, window

from keepfit.compose.assemble import CompositionRequest
from keepfit.compose.curation.rules import curation_of
from keepfit.errors import DataError, ParamsError, UnknownNameError
from keepfit.report.composition import composition_report

LATER = CompositionRequest(action="improve", target=None, champion=True)


def composed(entries, *tables, asked=LATER, quarantined=(), **changes):
    """What is composed of three windows, of which the newest judges, with rules."""
    from dataclasses import replace

    tables = tables or tuple(table(number, MIXED) for number in range(3))
    rules = {name: {"author": "ann", "reason": f"why {name}", "expires": None, **entry} for name, entry in entries.items()}
    return run(replace(sources(*tables, quarantined=quarantined), curation=curation_of({"rules": rules})), asked, params(**changes))


def by_id(made, column="part"):
    return dict(zip(made.manifest["row_id"].to_pylist(), made.manifest[column].to_pylist(), strict=True))


def held(made):
    return {name for name, part in by_id(made).items() if part == "holdout"}


def test_without_rules_a_composition_says_nothing_of_them():
    made = composed({})
    assert made.composition.curation is None
    assert made.manifest.column_names == ["row_id", "source", "part", "weight", "reason"]
    assert "Curation" not in composition_report(made.composition, None)


def test_a_row_that_is_left_out_is_in_the_manifest_with_the_rule_and_its_reason():
    plain = composed({})
    made = composed({"far": {"action": "exclude", "where": "id in ['w0r000', 'w0r001', 'w2r002']"}})
    before, after = by_id(plain), by_id(made)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {name for name in ("w0r000", "w0r001") if before[name] == "train"}
    assert {by_id(made, "reason")[name] for name in changed} == {"curation far: why far"}
    assert not changed & set(made.train["id"].to_pylist())
    [rule] = made.composition.curation.rules
    assert (rule.matched, rule.train, rule.judge) == (3, len(changed), 0)


def test_a_rule_for_training_changes_no_row_that_judges_and_no_row_of_the_holdout():
    plain = composed({})
    rules = {
        "out": {"action": "exclude", "where": "y == 1 and not id starts_with 'w0'"},
        "flip": {"action": "relabel", "value": 1, "where": "y == 0 and not id starts_with 'w0'"},
    }
    made = composed(rules)
    assert made.evaluate.equals(plain.evaluate)
    assert made.holdout.equals(plain.holdout)


def test_a_rule_for_judging_changes_the_evidence_and_the_report_says_so():
    made = composed({"wrong": {"action": "relabel", "value": 1, "where": "id starts_with 'w2' and y == 0", "judging": True}})
    judged = made.evaluate.filter(np.array([name.startswith("w2") for name in made.evaluate["id"].to_pylist()]))
    assert set(judged["y"].to_pylist()) == {1.0}
    [rule] = made.composition.curation.rules
    assert rule.judge == rule.matched - sum(name.startswith("w2") and int(name[3:]) % 2 == 0 for name in held(made))
    assert "the evidence is of curated rows" in composition_report(made.composition, None)


def test_a_new_label_travels_with_its_row_and_the_manifest_says_where_it_is_from():
    made = composed({"wrong": {"action": "relabel", "value": 1, "where": "id == 'w1r000' or id == 'w1r004'"}})
    trained = dict(zip(made.train["id"].to_pylist(), made.train["y"].to_pylist(), strict=True))
    ours = {"w1r000", "w1r004"} & set(trained)
    assert ours
    assert {trained[name] for name in ours} == {1.0}
    origin, reason = by_id(made, "label_origin"), by_id(made, "reason")
    assert {name for name, said in origin.items() if said == "curated"} == ours
    assert {reason[name] for name in ours} == {"recent; curation wrong"}


def test_a_row_without_label_is_labelled_by_a_rule():
    tables = (table(0, [None, *MIXED]), table(1, MIXED))
    made = composed({"known": {"action": "relabel", "value": 0, "where": "y is null"}}, *tables)
    plain = composed({}, *tables)
    assert by_id(plain)["w0r000"] in ("out", "holdout")
    assert made.train.num_rows - plain.train.num_rows == (by_id(plain)["w0r000"] == "out")


def test_weights_are_as_declared_and_multiply_those_of_balance():
    rule = {"doubt": {"action": "weight", "value": 0.25, "where": "id starts_with 'w0'"}}
    weights = {name: weight for name, weight in by_id(composed(rule), "weight").items() if weight}
    assert {weight for name, weight in weights.items() if name.startswith("w0")} == {0.25}
    assert {weight for name, weight in weights.items() if name.startswith("w1")} == {1.0}
    made = composed(rule, balance="class")
    label, weight = made.train["y"].to_numpy(), made.train["_weight"].to_numpy()
    assert weight[label == 1].sum() == pytest.approx(weight[label == 0].sum())
    assert {round(float(weight[label == one].max() / weight[label == one].min()), 6) for one in (0, 1)} == {4.0}


def test_a_quarantined_row_that_a_rule_includes_is_used_like_any_other_in_training_alone():
    aside = {(window(number).id, f"w{number}r{row:03d}") for number in (1, 2) for row in range(60)}
    made = composed(
        {"fine": {"action": "include", "where": "id starts_with 'w1' or id in ['w2r000', 'w2r001']"}}, quarantined=aside - {(window(2).id, "w2r010")}
    )
    part = by_id(made)
    assert {part[f"w1r{row:03d}"] for row in range(60)} == {"train", "out"}
    assert {part["w2r000"], part["w2r001"]} == {"out"}
    assert all(by_id(made, "reason")[f"w1r{row:03d}"] in ("recent; curation fine", "quarantined") for row in range(60))
    [rule] = made.composition.curation.rules
    assert (rule.matched, rule.judge) == (62, 0)
    assert rule.train == sum(part[f"w1r{row:03d}"] in TRAINS for row in range(60))


def test_rules_expire_by_the_end_of_the_newest_window_not_by_a_clock():
    entries = {"old": {"action": "exclude", "where": "y == 1 and id < 'w0r010'", "expires": "2013-01-21"}}
    assert composed(entries).composition.curation.rules[0].expired, "three windows end on 22 January"
    assert not composed(entries, table(0, MIXED), table(1, MIXED)).composition.curation.rules[0].expired
    assert composed(entries).composition.curation.end == datetime(2013, 1, 22)


def test_rules_that_leave_out_every_row_are_refused_with_the_rule():
    with pytest.raises(DataError) as bad:
        composed({"all": {"action": "exclude", "where": "true"}, "none": {"action": "exclude", "where": "false"}})
    assert bad.value.what.startswith("no labelled row may train: the rules leave out ")
    assert bad.value.where == "curation.yaml: rules.all"
    with pytest.raises(DataError, match="no labelled row may judge: the rules leave out"):
        composed({"all": {"action": "exclude", "where": "id starts_with 'w2'", "judging": True}})


def test_rules_that_leave_one_class_are_refused():
    with pytest.raises(DataError, match="training rows have the class 0"):
        composed({"late": {"action": "exclude", "where": "y == 1"}})


@pytest.mark.parametrize(
    ("entry", "error", "said"),
    [
        (
            {"action": "exclude", "where": "idd == '1'"},
            UnknownNameError,
            "no column 'idd' (curation.yaml: rules.a.where)\n  fix: did you mean 'id'? known: g, id, t, y",
        ),
        ({"action": "exclude", "where": "id > 3 or y"}, ParamsError, "y holds numbers and is no condition by itself (curation.yaml: rules.a.where)"),
        ({"action": "relabel", "value": 2, "where": "y == 1"}, UnknownNameError, "no class of 'y' '2' (curation.yaml: rules.a.value)"),
    ],
)
def test_a_rule_that_does_not_fit_the_data_is_one_sentence_with_its_place(entry, error, said):
    with pytest.raises(error) as bad:
        composed({"a": entry})
    assert str(bad.value).startswith(said)


def test_rows_that_judged_are_curated_like_others_when_a_refit_trains_on_them():
    rule = {"wrong": {"action": "relabel", "value": 1, "where": "id starts_with 'w2' and y == 0"}, "far": {"action": "exclude", "where": "id == 'w2r001'"}}
    judged = composed(rule)
    assert {one.train + one.judge for one in judged.composition.curation.rules} == {0}
    refit = composed(rule, asked=CompositionRequest.refit(judged.composition))
    trained = {name: label for name, label in zip(refit.train["id"].to_pylist(), refit.train["y"].to_pylist(), strict=True) if name.startswith("w2")}
    assert len(trained) > 30
    assert set(trained.values()) == {1.0}
    assert "w2r001" not in trained
    assert set(refit.evaluate["y"].to_pylist()) == {0.0, 1.0}, "what a refit is only looked over on stays as it came"


def test_a_window_that_is_held_back_to_judge_is_no_business_of_a_rule_for_training():
    asked = CompositionRequest(action="improve", target=None, champion=True, holds_back=True)
    judge = {"judge": {"quotas": {"class=1": 40}, "windows": 2}}
    rules = {
        "out": {"action": "exclude", "where": "id in ['w0r000', 'w1r001', 'w2r001']"},
        "flip": {"action": "relabel", "value": 1, "where": "id >= 'w1' and y == 0"},
    }
    plain, made = composed({}, asked=asked, **judge), composed(rules, asked=asked, **judge)
    assert {name[:2] for name in plain.evaluate["id"].to_pylist()} == {"w1", "w2"}
    assert made.evaluate.equals(plain.evaluate)
    assert {name[:2] for name in made.train["id"].to_pylist()} == {"w0"}
    counted = {rule.name: (rule.matched, rule.train, rule.judge) for rule in made.composition.curation.rules}
    assert counted == {"flip": (60, 0, 0), "out": (3, 1, 0)}


def test_what_slices_weigh_is_reported_as_it_is_under_rules():
    recipe = {"use": "mine", "recipes": {"mine": {"rows": {"class=1": {"weight": 3}}}}}
    made = composed({"doubt": {"action": "weight", "value": 0.25, "where": "id starts_with 'w0' and y == 1"}}, **recipe)
    label, weight = made.train["y"].to_numpy(), made.train["_weight"].to_numpy()
    late = weight[label == 1]
    assert late.max() / weight[label == 0].max() == pytest.approx(3.0)
    assert late.max() / late.min() == pytest.approx(4.0)
    [told] = [one for one in made.composition.strata if one.name == "class=1"]
    assert told.weight == pytest.approx(late.sum() / weight.sum(), abs=1e-4)


def test_a_named_recipe_keeps_its_mean_weight_under_rules():
    rule = {"doubt": {"action": "weight", "value": 0.25, "where": "id starts_with 'w0'"}}
    weight = composed(rule, use="all").train["_weight"].to_numpy()
    assert weight.mean() == pytest.approx(1.0)
    assert weight.max() / weight.min() == pytest.approx(4.0)
