from __future__ import annotations

import random
from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepfit.compose.curation.curate import Uncurated, curate
from keepfit.compose.curation.rules import Curation, curation_of
from keepfit.errors import UnknownNameError
from keepfit.params.model import ModelParams
from keepfit.tables.targets import as_number

END = datetime(2013, 3, 1)
NAN = float("nan")


def rules(**entries):
    filled = {name: {"author": "ann", "reason": f"why {name}", "expires": None, **entry} for name, entry in entries.items()}
    return curation_of({"rules": filled})


def rows(labels, judging=(), quarantined=(), positive=None, **columns):
    n = len(labels)
    table = as_number(pa.table({"y": labels, "x": list(range(n)), **columns}), "y", positive=positive, keep=True)
    return Uncurated(
        table=table,
        columns=[name for name in table.column_names if name != "_target"],
        time="t",
        row_id=np.array([f"r{number}" for number in range(n)], dtype=object),
        label=table["y"].to_numpy(),
        judging=np.isin(np.arange(n), judging),
        quarantined=np.isin(np.arange(n), quarantined),
        end=END,
        model=ModelParams(name="m", task="classification", target="y", positive=positive),
    )


def places(mask):
    return np.flatnonzero(mask).tolist()


def why(made):
    return [made.texts[code] for code in made.why]


def notes(made):
    return [made.texts[code] for code in made.note]


def report(made, trains=None):
    judging = made._rows.judging
    trains = ~made.excluded & ~judging if trains is None else trains
    return made.report(trains=trains, judges=judging & ~made.excluded, left_out=made.excluded)


# -- one rule ----------------------------------------------------------------------------------------------------------------


def test_without_rules_nothing_changes():
    made = curate(Curation(), rows([0.0, 1.0, None]))
    assert not made.excluded.any()
    assert made.weight.tolist() == [1, 1, 1]
    assert report(made).rules == ()


def test_exclude_leaves_out_the_rows_that_may_train_and_says_why():
    made = curate(rules(far={"action": "exclude", "where": "x >= 1"}), rows([0.0, 1.0, 0.0], judging=[2]))
    assert places(made.excluded) == [1]
    assert why(made) == ["", "curation far: why far", ""]


def test_a_rule_speaks_of_rows_that_judge_only_where_it_says_so():
    made = curate(rules(far={"action": "exclude", "where": "x >= 1", "judging": True}), rows([0.0, 1.0, 0.0], judging=[2]))
    assert places(made.excluded) == [1, 2]
    [one] = report(made).rules
    assert (one.matched, one.train, one.judge) == (2, 1, 1)


def test_include_uses_what_was_set_aside_and_nothing_else():
    made = curate(rules(fine={"action": "include", "where": "x < 2"}), rows([0.0, 1.0, 0.0], quarantined=[1, 2]))
    assert places(made.released) == [1]
    assert notes(made) == ["", "curation fine", ""]
    [one] = report(made).rules
    assert (one.matched, one.train) == (2, 1)


def test_relabel_sets_a_label_also_where_there_is_none_and_counts_what_it_changed():
    made = curate(rules(wrong={"action": "relabel", "value": 1, "where": "x < 3"}), rows([0.0, 1.0, None, 0.0]))
    assert made.label.tolist() == [1.0, 1.0, 1.0, 0.0]
    assert places(made.relabelled) == [0, 2]
    [one] = report(made).rules
    assert (one.matched, one.train) == (3, 2)


def test_weight_is_told_for_rows_that_may_train():
    made = curate(rules(doubt={"action": "weight", "value": 0.25, "where": "x > 0"}), rows([0.0, 1.0, 0.0], judging=[2]))
    assert made.weight.tolist() == [1, 0.25, 1]


def test_rows_are_named_by_id_and_ids_of_no_row_are_counted():
    made = curate(rules(mine={"action": "exclude", "rows": ["r1", "zz", "r0"]}), rows([0.0, 1.0, 0.0]))
    assert places(made.excluded) == [0, 1]
    [one] = report(made).rules
    assert (one.matched, one.examples, one.strangers, one.strange) == (2, ("r0", "r1"), 1, ("zz",))


def test_a_rule_that_has_expired_does_nothing_and_says_what_it_would_have_matched():
    made = curate(rules(old={"action": "exclude", "where": "x > 0", "expires": date(2013, 2, 1)}), rows([0.0, 1.0]))
    assert not made.excluded.any()
    [one] = report(made).rules
    assert (one.expired, one.matched, one.train) == (True, 1, 0)


def test_a_rule_that_matches_nothing_is_reported_with_0_rows():
    [one] = report(curate(rules(far={"action": "exclude", "where": "x > 99"}), rows([0.0, 1.0]))).rules
    assert (one.matched, one.train, one.judge) == (0, 0, 0)


def test_an_exclude_counts_only_rows_that_were_left_out_by_it():
    made = curate(rules(far={"action": "exclude", "where": "true"}), rows([0.0, 1.0, 0.0]))
    left_out = np.array([True, False, True])  # row 1 was out already: its window was excluded
    [one] = made.report(trains=~made.excluded, judges=made._rows.judging, left_out=left_out).rules
    assert (one.matched, one.train) == (3, 2)


# -- what conditions read ------------------------------------------------------------------------------------------------------


def test_a_target_of_words_is_compared_as_its_words():
    asked = rows(["yes", "no", None, "yes"], positive="yes")
    assert places(curate(rules(a={"action": "exclude", "where": "y == 'yes'"}), asked).excluded) == [0, 3]
    assert places(curate(rules(a={"action": "relabel", "value": "no", "where": "y == 'yes' and x == 0"}), asked).relabelled) == [0]


def test_a_column_that_only_other_windows_have_is_missing_here():
    curation = rules(a={"action": "exclude", "where": "later > 3 or x == 0"})
    made = curate(Curation(rules=curation.rules, columns=frozenset(("later",))), rows([0.0, 1.0]))
    assert places(made.excluded) == [0]


def test_a_condition_may_name_a_feature_of_the_rows_time():
    times = pa.array([datetime(2013, 2, 1, hour) for hour in (3, 12)], pa.timestamp("us"))
    made = curate(rules(a={"action": "exclude", "where": "day_part == 'night' or hour == 23"}), rows([0.0, 1.0], t=times))
    assert places(made.excluded) == [0]


@pytest.mark.parametrize("name", ["z", "_target", "_window"])
def test_a_column_that_no_window_has_is_refused(name):
    with pytest.raises(UnknownNameError) as bad:
        curate(rules(a={"action": "exclude", "where": f"{name} == '1'"}), rows(["yes", "no"], positive="yes"))
    assert bad.value.where == "curation.yaml: rules.a.where"
    assert bad.value.fix.endswith("known: x, y")


def test_a_misspelt_time_feature_is_found():
    with pytest.raises(UnknownNameError) as bad:
        curate(rules(a={"action": "exclude", "where": "huor < 5"}), rows([0.0, 1.0]))
    assert bad.value.fix.startswith("did you mean 'hour'?")


# -- rules that contradict each other ----------------------------------------------------------------------------------------------


def test_exclude_wins_over_include_and_the_contradiction_is_reported():
    both = rules(out={"action": "exclude", "where": "x <= 1"}, keep={"action": "include", "where": "x >= 1"})
    made = curate(both, rows([0.0, 1.0, 0.0], quarantined=[0, 1, 2]))
    assert places(made.excluded) == [0, 1]
    assert places(made.released) == [2]
    [conflict] = report(made).conflicts
    assert (conflict.rules, conflict.rows, conflict.then, conflict.examples) == (("keep", "out"), 1, "left out", ("r1",))


def test_a_row_that_is_given_two_labels_is_left_out():
    both = rules(a={"action": "relabel", "value": 0, "where": "x <= 1"}, b={"action": "relabel", "value": 1, "where": "x >= 1"})
    made = curate(both, rows([1.0, 1.0, 0.0]))
    assert places(made.excluded) == [1]
    assert why(made)[1] == "curation a and b contradict each other"
    assert made.label.tolist() == [0.0, 1.0, 1.0]
    assert [one.rules for one in report(made).conflicts] == [("a", "b")]


def test_two_rules_that_give_one_label_do_not_contradict_each_other():
    both = rules(a={"action": "relabel", "value": 1, "where": "x <= 1"}, b={"action": "relabel", "value": "true", "where": "x >= 1"})
    made = curate(both, rows([0.0, 0.0, 0.0]))
    assert made.label.tolist() == [1.0, 1.0, 1.0]
    assert report(made).conflicts == ()
    assert notes(made) == ["curation a", "curation a, b", "curation b"]


def test_a_row_that_is_given_two_weights_keeps_the_recipes():
    both = rules(a={"action": "weight", "value": 2, "where": "x <= 1"}, b={"action": "weight", "value": 3, "where": "x >= 1"})
    made = curate(both, rows([0.0, 1.0, 0.0]))
    assert made.weight.tolist() == [2, 1, 3]
    assert [(one.rules, one.rows, one.then) for one in report(made).conflicts] == [(("a", "b"), 1, "neither weighs")]


def test_rules_that_speak_of_different_sides_do_not_contradict_each_other():
    both = rules(a={"action": "relabel", "value": 0, "where": "x == 0"}, b={"action": "relabel", "value": 1, "where": "x == 1", "judging": True})
    made = curate(both, rows([1.0, 0.0], judging=[1]))
    assert made.label.tolist() == [0.0, 1.0]
    assert report(made).conflicts == ()


# -- promises -------------------------------------------------------------------------------------------------------------------

ENTRY = st.builds(
    lambda kind, low, high, judging, expires: dict(
        action=kind[0],
        where=f"x between {low} and {high}",
        expires=expires,
        **({} if kind[1] is None else {"value": kind[1]}),
        **({"judging": True} if judging and kind[0] != "weight" else {}),
    ),
    st.sampled_from([("exclude", None), ("include", None), ("relabel", 0), ("relabel", 1), ("weight", 0.5), ("weight", 2)]),
    st.integers(0, 11),
    st.integers(0, 11),
    st.booleans(),
    st.sampled_from([None, None, "2013-01-31"]),
)
CASES = st.tuples(
    st.dictionaries(st.sampled_from("abcdef"), ENTRY, max_size=6),
    st.lists(st.sampled_from([0.0, 1.0, None]), min_size=12, max_size=12),
    st.sets(st.integers(0, 11)),
    st.sets(st.integers(0, 11)),
)


def slow(entries, labels, judging, quarantined):
    """Each row by itself: (left out, released, label, weight)."""
    found = []
    for x, label in enumerate(labels):
        speaks = [
            entry
            for entry in entries.values()
            if entry["expires"] is None
            and int(entry["where"].split()[2]) <= x <= int(entry["where"].split()[4])
            and (x not in judging or (entry.get("judging", False)))
        ]
        of = {kind: {entry.get("value") for entry in speaks if entry["action"] == kind} for kind in ("exclude", "include", "relabel", "weight")}
        out = bool(of["exclude"]) or len(of["relabel"]) > 1
        new = float(min(of["relabel"])) if len(of["relabel"]) == 1 and not out else NAN if label is None else label
        weight = float(min(of["weight"])) if len(of["weight"]) == 1 else 1.0
        found.append((out, bool(of["include"]) and x in quarantined and not of["exclude"], new, weight))
    return found


@settings(max_examples=200, deadline=None)
@given(CASES, st.randoms(use_true_random=False))
def test_what_becomes_of_a_row_is_what_a_reading_row_by_row_says_whatever_the_order_of_rules(case, chance):
    entries, labels, judging, quarantined = case
    names = list(entries)
    random.Random(chance.random()).shuffle(names)
    made = curate(rules(**{name: entries[name] for name in names}), rows(labels, judging=list(judging), quarantined=list(quarantined)))
    found = list(zip(made.excluded.tolist(), made.released.tolist(), made.label.tolist(), made.weight.tolist(), strict=True))
    assert str(found) == str(slow(entries, labels, judging, quarantined))
    for one in report(made).rules:
        assert one.train + one.judge <= one.matched
