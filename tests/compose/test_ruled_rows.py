"""Rows by slice, class or window in a recipe: quotas, thinning, weights, and what became of each."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.contracts.pools import pool as plain

from keepfit import plugins
from keepfit.compose.recipe import recipe_of
from keepfit.compose.strata import coded
from keepfit.errors import ParamsError

SMALL = "model: {name: m, task: classification, target: y}\ndata: {live: rows.csv, time: t}\n"
CARRIERS = np.array(["EV", "UA", "UA", "UA", "HA"])


def pool(keep=None, order=None):
    """60 rows in each of four windows; a third is of class 1, and one row in five each of EV and HA."""
    rows = plain()
    object.__setattr__(rows, "slices", {"carrier": coded("carrier", pa.array(CARRIERS[np.arange(240) % 5]))})
    if order is not None:
        for name in ("row_id", "window", "time", "label"):
            object.__setattr__(rows, name, getattr(rows, name)[order])
        object.__setattr__(rows, "slices", {name: column.rows(order) for name, column in rows.slices.items()})
    return rows if keep is None else rows.rows(keep)


def draw(says, rows=None):
    params = plugins.read_params(f"{SMALL}compose: {{use: mine, recipes: {{mine: {says}}}}}")
    return recipe_of(params.compose).draw(rows or pool())


def counts(drawn, column, rows=None):
    one = (rows or pool()).column(column)
    return dict(zip((name.partition("=")[2] for name in one.names), one.counts(drawn.trains).tolist(), strict=True))


@pytest.mark.parametrize(
    ("says", "column", "found"),
    [
        ("{rows: {carrier=UA: {at_most: 30}}}", "carrier", {"EV": 48, "HA": 48, "UA": 30}),
        ("{rows: {carrier=*: {at_most: 40}}}", "carrier", {"EV": 40, "HA": 40, "UA": 40}),
        ("{rows: {carrier=*: {at_most: 40}, carrier=UA: {}}}", "carrier", {"EV": 40, "HA": 40, "UA": 144}),
        ("{rows: {carrier=HA: {at_most: 0}}}", "carrier", {"EV": 48, "HA": 0, "UA": 144}),
        ("{rows: {class=1: {share: 0.5}}}", "class", {"0": 80, "1": 80}),
        ("{rows: {class=1: {at_least: 0.4}}}", "class", {"0": 120, "1": 80}),
        ("{rows: {window=*: {at_most: 0.25}}}", "window", {"2013-01": 60, "2013-02": 60, "2013-03": 60, "2013-04": 60}),
        ("{rows: {window=2013-01: {keep: 0.1}}}", "window", {"2013-01": 6, "2013-02": 60, "2013-03": 60, "2013-04": 60}),
        ("{max_rows: 50, rows: {carrier=HA: {at_least: 20}}}", "carrier", {"EV": 8, "HA": 20, "UA": 22}),
        ("{windows: {last: 2}, rows: {carrier=HA: {at_least: 30}}}", "carrier", {"EV": 24, "HA": 24, "UA": 72}),
    ],
)
def test_quotas_by_slice_class_and_window(says, column, found):
    assert counts(draw(says), column) == found


@pytest.mark.parametrize(
    ("says", "train", "replay"),
    [
        ("{parts: {new: {last: 1}, replay: {share: 0.5}}}", 60, 60),
        ("{parts: {new: {last: 1}, replay: {share: 0.25}}, max_rows: 40}", 30, 10),
        ("{parts: {new: {last: 3}, replay: {share: 0.9}}}", 180, 60),
        ("{windows: {last: 2}, parts: {new: {last: 1}, replay: {share: 0.9}}}", 60, 60),
        ("{parts: {new: {last: 2}, replay: {share: 0.7}}, max_rows: 10}", 3, 7),
        ("{max_rows: 100}", 100, 0),
    ],
)
def test_parts_and_a_cap(says, train, replay):
    part = draw(says).part
    assert ((part == "train").sum(), (part == "replay").sum()) == (train, replay)


def test_the_shares_of_a_replay_a_class_and_a_slice_hold_together():
    drawn = draw("{parts: {new: {last: 1}, replay: {share: 0.4}}, rows: {class=1: {share: 0.5}, carrier=EV: {at_most: 0.1}}}")
    total = drawn.trains.sum()
    assert abs((drawn.part == "replay").sum() - 0.4 * total) < 1
    assert abs(counts(drawn, "class")["1"] - 0.5 * total) < 1
    assert counts(drawn, "carrier")["EV"] < 0.1 * total + 1
    assert total > 40


def test_a_weight_by_slice_is_a_weight_and_every_row_stands_once():
    drawn = draw("{rows: {carrier=HA: {weight: 3}, class=1: {weight: 2}}}")
    rows = pool()
    weights = {
        (carrier, label): drawn.weight[(CARRIERS[np.arange(240) % 5] == carrier) & (rows.label == label)] for carrier in ("HA", "UA") for label in (0, 1)
    }
    base = weights["UA", 0][0]
    assert [weights[key][0] / base for key in (("HA", 0), ("UA", 1), ("HA", 1))] == pytest.approx([3, 2, 6])
    assert drawn.weight.mean() == pytest.approx(1)
    assert drawn.trains.all()


RULES = st.fixed_dictionaries(
    {},
    optional={
        "carrier=EV": st.sampled_from(["{at_most: 0.1}", "{at_most: 20}", "{keep: 0.5}", "{weight: 3}"]),
        "class=1": st.sampled_from(["{share: 0.5}", "{at_least: 0.4}", "{at_least: 30}"]),
        "window=*": st.sampled_from(["{at_most: 25}", "{at_most: 0.4}"]),
    },
)


def written(rules, more=""):
    return "{" + more + "rows: {" + ", ".join(f"{name}: {rule}" for name, rule in rules.items()) + "}}"


@settings(max_examples=30, deadline=None)
@given(RULES, st.sampled_from(["", "max_rows: 60, ", "parts: {new: {last: 2}, replay: {share: 0.3}}, "]), st.randoms())
def test_a_draw_is_the_same_in_whatever_order_rows_come_and_no_rule_is_left_unheld(rules, more, chance):
    says = written(rules, more)
    order = np.array(chance.sample(range(240), 240))
    drawn, turned = draw(says), draw(says, pool(order=order))
    assert turned.part.tolist() == drawn.part[order].tolist()
    assert turned.reason.tolist() == drawn.reason[order].tolist()
    assert turned.weight == pytest.approx(drawn.weight[order])
    assert {one.status for one in drawn.strata} <= {"met", None, *(["short"] if "{at_least: 30}" in rules.values() else [])}
    assert all(drawn.reason)


def test_a_row_more_changes_at_most_one_other_where_rows_are_capped():
    rows, without = pool(), pool(keep=np.arange(240) != 17)
    says = "{rows: {carrier=*: {at_most: 20}}}"
    before, after = (set(one.row_id[draw(says, one).trains]) for one in (rows, without))
    assert len(before - after) <= 1
    assert len(after - before) <= 1


def test_what_became_of_each_stratum_is_said_and_what_is_short_too():
    drawn = draw("{windows: {last: 1}, rows: {carrier=HA: {at_least: 20}, carrier=ZZ: {at_least: 5}, carrier=UA: {at_most: 0.5}}, max_rows: 50}")
    found = {one.name: (one.available, one.rows, one.asked, one.status) for one in drawn.strata}
    assert found["carrier=HA"] == (12, 12, "at least 20 rows", "short")
    assert found["carrier=ZZ"] == (0, 0, "at least 5 rows", "short")
    assert found["carrier=UA"][2:] == ("at most 50 %", "met")
    assert found["carrier=EV"][2:] == ("", None)
    assert sum(one.share for one in drawn.strata) == pytest.approx(1)
    replayed = draw("{parts: {new: {last: 3}, replay: {share: 0.5}}}").strata
    assert [(one.name, one.rows, one.asked, one.status) for one in replayed] == [("replay", 60, "50 %", "short")]


def test_each_row_that_leaves_says_for_what():
    drawn = draw("{windows: {last: 3}, parts: {new: {last: 2}, replay: {share: 0.1}}, rows: {carrier=EV: {keep: 0.5}, class=1: {share: 0.5}}, max_rows: 40}")
    said = set(drawn.reason[~drawn.trains])
    assert said == {"older than the recipe's windows", "not drawn for replay", "thinned by carrier", "over the quotas of class", "over max_rows 40"}


def test_only_rows_of_older_windows_are_not_drawn_for_replay():
    drawn = draw("{parts: {new: {last: 3}, replay: {share: 0.3}}, rows: {carrier=EV: {at_most: 5}, class=1: {at_most: 20}}}")
    new = np.isin(pool().window, pool().order[-3:])
    assert not (new & (drawn.reason == "not drawn for replay")).any()
    assert (new & (drawn.reason == "left out to keep the replay's share")).any()


@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        ("{rows: {class=0: {at_most: 0.3}, class=1: {at_most: 0.3}}}", r"at most 60% of the training rows .* \(params.yaml: compose.recipes.mine.rows\)"),
        ("{rows: {class=0: {at_most: 0}}}", r"the recipe mine leaves only rows whose label is 1 \(params.yaml: compose.recipes.mine\)"),
        ("{rows: {window=*: {at_most: 0}}}", r"the recipe mine leaves no row to train on, of 240 that may \(params.yaml: compose.recipes.mine\)"),
        ("{rows: {class=1: {keep: 0.001}}}", "leaves only rows whose label is 0"),
    ],
)
def test_a_recipe_that_nothing_can_be_learned_from_is_refused(says, sentence):
    with pytest.raises(ParamsError, match=sentence):
        draw(says)


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("carrier=EV: {at_mots: 3}", "no key 'at_mots' (params.yaml: compose.recipes.mine.rows.carrier=EV.at_mots)\n  fix: did you mean 'at_most'?"),
        ("carrier=EV: {at_most: 1.5}", "it is a number of rows (a whole one, 300) or a share of all rows that train (above 0 and below 1, 0.3), got '1.5' ("),
        ("carrier=EV: {at_least: -1}", "it is a number of rows"),
        ("carrier=EV: {at_most: many}", "it is a number of rows"),
        ("carrier=EV: {weight: 0}", "Input should be greater than 0, got '0' (params.yaml: compose.recipes.mine.rows.carrier=EV.weight)"),
        ("carrier=EV: {at_least: 30, at_most: 20}", "no rows are at least 30 and at most 20 (params.yaml: compose.recipes.mine.rows.carrier=EV)"),
        ("carrier=EV: {share: 0.2, at_most: 0.3}", "a share is both the least and the most"),
        ("carrier: {at_most: 3}", "rows are named column=value, such as carrier=EV, carrier=*, class=1 or window=*: 'carrier' is none ("),
    ],
)
def test_a_rule_that_means_nothing_is_refused_at_its_place(rule, sentence):
    with pytest.raises(ParamsError) as caught:
        plugins.read_params(f"{SMALL}compose: {{recipes: {{mine: {{rows: {{{rule}}}}}}}}}")
    assert str(caught.value).startswith(sentence)
