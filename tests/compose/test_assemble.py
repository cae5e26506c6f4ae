from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepfit.compose.assemble import CompositionRequest, Sources, compose
from keepfit.compose.holdout import in_holdout
from keepfit.compose.recipe import recipe_of
from keepfit.compose.samplers.sampler import Drawn
from keepfit.errors import DataError, ParamsError, ProjectError, UnknownNameError
from keepfit.params import Params
from keepfit.records import Window
from keepfit.tables.window_decisions import WindowDecision

FIRST = datetime(2013, 1, 1)
TRAINS = {"train", "replay"}


def window(number):
    start = FIRST + timedelta(days=7 * number)
    return Window(id=f"2013-W{number + 1:02d}", source="live", start=start, end=start + timedelta(days=7))


def table(number, labels, groups=None):
    rows = range(len(labels))
    return pa.table(
        {
            "id": [f"w{number}r{row:03d}" for row in rows],
            "t": pa.array([FIRST + timedelta(days=7 * number, minutes=100 * row) for row in rows], pa.timestamp("us")),
            "g": pa.array([None if groups is None else groups[row] for row in rows], pa.string()),
            "y": pa.array(labels, pa.float64()),
        }
    )


def params(**changes):
    data = {"live": "x.csv", "time": "t", "id": "id", "window": "week"} | changes.pop("data", {})
    return Params.model_validate({"model": {"name": "m", "task": "classification", "target": "y"} | changes.pop("model", {}), "data": data, "compose": changes})


def sources(*tables, quarantined=(), decisions=None):
    windows = [window(number) for number in range(len(tables))]
    return Sources(
        tables={one.id: part for one, part in zip(windows, tables, strict=True)}, windows=windows, quarantined=quarantined, decisions=decisions or {}
    )


def run(parts, asked=None, settings_=None, sampler=None):
    settings_ = settings_ or params()
    recipe = recipe_of(settings_.compose)
    used = replace(recipe, sampler=sampler) if sampler else recipe
    return compose(parts, asked or CompositionRequest(action="improve", target=None), settings_, id_column="id", recipe=used)


MIXED = [0.0, 1.0] * 30
LABELS = st.lists(st.sampled_from([0.0, 1.0, None]), min_size=1, max_size=25)
GROUPS = st.lists(st.sampled_from(["a", "b", "c", "d", None]), min_size=25, max_size=25)


RECIPES = st.builds(
    lambda windows, parts, rows, weights, max_rows, judge: {
        "use": "mine",
        "recipes": {"mine": {"windows": windows, "parts": parts, "rows": rows, "weights": weights, "max_rows": max_rows}},
        "judge": judge,
    },
    st.sampled_from(["all", {"last": 2}, {"last": 4}]),
    st.sampled_from([None, {"new": {"last": 1}, "replay": {"share": 0.3}}, {"new": {"last": 2}}]),
    st.sampled_from([{}, {"class=1": {"share": 0.5}}, {"class=*": {"at_least": 3}, "window=*": {"at_most": 6}}, {"class=0": {"keep": 0.5, "weight": 2}}]),
    st.sampled_from([{}, {"recency": {"half_life_windows": 1}}, {"class_balance": {}, "recency": {"half_life_days": 3}}]),
    st.none() | st.integers(2, 30),
    st.sampled_from([{}, {"quotas": {"class=1": 5}, "windows": 3}]),
)
"""Recipes of every kind, and quotas of what judges."""


@st.composite
def cases(draw):
    labels = draw(st.lists(LABELS, min_size=1, max_size=6))
    grouped = draw(st.booleans())
    tables = [table(number, one, draw(GROUPS)) for number, one in enumerate(labels)]
    border = st.integers(0, 7 * len(labels) * 24).map(lambda hours: FIRST + timedelta(hours=hours))
    champion = draw(st.booleans())
    asked = CompositionRequest(
        action="improve",
        target=draw(st.none() | border),
        champion=champion,
        champion_trained_until=draw(border) if champion else None,
        holds_back=draw(st.booleans()),
    )
    plain = {
        "recent_windows": draw(st.none() | st.integers(1, 3)),
        "replay_share": draw(st.sampled_from([0.0, 0.3, 0.9])),
        "max_rows": draw(st.none() | st.integers(1, 30)),
        "balance": draw(st.sampled_from(["none", "class"])),
    }
    chosen = params(
        **draw(st.just(plain) | RECIPES),
        seed=draw(st.integers(0, 3)),
        data={"group": "g" if grouped else None, "holdout_share": draw(st.sampled_from([0.0, 0.2, 0.5]))},
    )
    aside = {(window(0).id, f"w0r{row:03d}") for row in draw(st.sets(st.integers(0, 24), max_size=5))}
    verdicts = draw(
        st.dictionaries(
            st.integers(0, 5).map(lambda number: window(number).id),
            st.sampled_from([WindowDecision(verdict="exclude", reason="why"), WindowDecision(verdict="accept", reason="why")]),
            max_size=2,
        )
    )
    return sources(*tables, quarantined=aside, decisions=verdicts), asked, chosen


@settings(max_examples=150, deadline=None)
@given(cases())
def test_what_judges_is_later_than_all_that_trained_and_the_holdout_never_trains(case):
    parts, asked, chosen = case
    try:
        made = run(parts, asked, chosen)
    except (DataError, ParamsError):
        return  # nothing to learn from or to judge by: refused, not bent
    rows = made.manifest.to_pylist()
    every = [name for one in parts.tables.values() for name in one["id"].to_pylist()]
    assert sorted(row["row_id"] for row in rows) == sorted(every), "every row is accounted for exactly once"
    part = {row["row_id"]: row["part"] for row in rows}
    assert {name for name in part if part[name] in TRAINS} == set(made.train["id"].to_pylist())
    assert {name for name in part if part[name] == "holdout"} == set(made.holdout["id"].to_pylist())
    assert not {row["row_id"] for row in rows if (row["source"], row["row_id"]) in parts.quarantined} & {name for name in part if part[name] != "out"}
    trained, judged = made.train["t"].to_pylist(), made.evaluate["t"].to_pylist()
    assert None not in made.train["y"].to_pylist() + made.evaluate["y"].to_pylist()
    assert max(trained) < made.composition.trained_until
    if made.composition.basis == "later":
        assert max(trained) < min(judged)
        assert asked.champion_trained_until is None or min(judged) >= asked.champion_trained_until
        assert not set(made.evaluate["id"].to_pylist()) & set(made.holdout["id"].to_pylist())
    else:
        assert not asked.champion
        assert asked.target is None
        assert set(made.evaluate["id"].to_pylist()) <= set(made.holdout["id"].to_pylist())
    if chosen.data.group:
        held, free = set(made.holdout["g"].to_pylist()), set(made.train["g"].to_pylist())
        assert not held & free
    most = chosen.compose.recipes["mine"].max_rows if chosen.compose.use else chosen.compose.fields["max_rows"]
    assert most is None or made.train.num_rows <= most
    assert sum(one.rows for one in made.composition.parts) == len(every)


@settings(max_examples=30, deadline=None)
@given(cases())
def test_the_same_input_gives_the_same_data_set(case):
    parts, asked, chosen = case
    try:
        first = run(parts, asked, chosen)
    except (DataError, ParamsError):
        return
    second = run(parts, asked, chosen)
    assert first.train.equals(second.train)
    assert first.composition == second.composition


@settings(max_examples=60, deadline=None)
@given(cases())
def test_a_refit_learns_what_judged_its_sibling_and_never_the_holdout(case):
    parts, asked, chosen = case
    try:
        sibling = run(parts, asked, chosen)
        judged = sibling.composition
        made = run(parts, CompositionRequest.refit(judged), chosen) if judged.basis == "later" else None
    except (DataError, ParamsError):
        return
    if made is None:
        return
    ids = set(made.train["id"].to_pylist())
    assert not ids & set(made.holdout["id"].to_pylist())
    assert max(made.train["t"].to_pylist()) < made.composition.trained_until == judged.evaluated_until
    assert made.composition.sibling_until == judged.trained_until
    assert set(made.evaluate["id"].to_pylist()) <= set(made.holdout["id"].to_pylist())
    assert all(judged.evaluated_from <= time < judged.evaluated_until for time in made.evaluate["t"].to_pylist())
    fields = chosen.compose.fields
    if not chosen.compose.use and fields["recent_windows"] is None and fields["max_rows"] is None:
        assert ids >= {*sibling.train["id"].to_pylist(), *sibling.evaluate["id"].to_pylist()}


def test_a_group_in_the_holdout_is_in_it_for_a_refit_too():
    groups = [str(number) for number in range(40)]
    held = in_holdout(groups, share=0.2, salt="keepfit").tolist()
    free, never = groups[held.index(False)], groups[held.index(True)]
    grouped = params(data={"group": "g"})
    tables = sources(table(0, MIXED, [free] * 60), table(1, MIXED, [free] * 30 + [never] * 30))
    sibling = run(tables, CompositionRequest(action="improve", target=window(1).start), grouped)
    made = run(tables, CompositionRequest.refit(sibling.composition), grouped)
    assert (made.train.num_rows, made.evaluate.num_rows) == (90, 30)


def test_a_first_model_is_judged_on_the_holdout_of_its_own_windows():
    made = run(sources(table(0, MIXED), table(1, MIXED)))
    assert made.composition.basis == "same-period"
    assert made.evaluate.equals(made.holdout)
    assert (made.composition.trained_until, made.composition.evaluated_until) == (window(1).end, window(1).end)


def test_a_candidate_trains_before_the_target_and_is_judged_after_it():
    made = run(
        sources(table(0, MIXED), table(1, MIXED)), CompositionRequest(action="improve", target=window(1).start, champion=True, champion_trained_until=FIRST)
    )
    assert set(made.train["_window"].to_pylist()) == {window(0).id}
    assert set(made.evaluate["_window"].to_pylist()) == {window(1).id}
    assert made.composition.evaluated_from == window(1).start


def test_with_a_champion_but_no_target_the_newest_window_judges():
    made = run(
        sources(table(0, MIXED), table(1, MIXED)), CompositionRequest(action="improve", target=None, champion=True, champion_trained_until=window(0).end)
    )
    assert made.composition.basis == "later"
    assert set(made.evaluate["_window"].to_pylist()) == {window(1).id}


def test_rows_that_the_champion_saw_do_not_judge():
    asked = CompositionRequest(action="improve", target=window(1).start, champion=True, champion_trained_until=window(2).start)
    made = run(sources(*(table(number, MIXED) for number in range(3))), asked)
    reasons = Counter((row["source"], row["reason"]) for row in made.manifest.to_pylist())
    assert reasons[window(1).id, "seen by the champion"] > 0
    assert set(made.evaluate["_window"].to_pylist()) == {window(2).id}


def test_the_holdout_of_a_window_is_the_same_whatever_is_composed_around_it():
    alone = run(sources(table(0, MIXED)))
    among = run(sources(table(0, MIXED), table(1, MIXED)), CompositionRequest(action="improve", target=window(1).start))
    held = set(alone.holdout["id"].to_pylist())
    assert held == {name for name in among.holdout["id"].to_pylist() if name.startswith("w0")}


def test_replay_is_its_share_of_the_training_rows():
    made = run(sources(*(table(number, MIXED) for number in range(5))), None, params(recent_windows=1, replay_share=0.3))
    counts = Counter(row["part"] for row in made.manifest.to_pylist())
    assert counts["replay"] / (counts["replay"] + counts["train"]) == pytest.approx(0.3, abs=0.01)


def test_balanced_classes_weigh_the_same():
    made = run(sources(table(0, [0.0, 0.0, 0.0, 1.0] * 20)), None, params(balance="class"))
    weights, labels = np.array(made.train["_weight"].to_pylist()), np.array(made.train["y"].to_pylist())
    assert weights[labels == 0].sum() == pytest.approx(weights[labels == 1].sum())


def test_an_excluded_window_is_left_out_with_the_reason_and_an_accepted_one_is_used():
    decided = {window(0).id: WindowDecision(verdict="exclude", reason="the feed was down"), window(1).id: WindowDecision(verdict="accept", reason="why")}
    made = run(sources(table(0, MIXED), table(1, MIXED), decisions=decided))
    assert {row["reason"] for row in made.manifest.to_pylist() if row["source"] == window(0).id} == {"window excluded: the feed was down"}
    assert set(made.train["_window"].to_pylist()) == {window(1).id}


def test_an_excluded_window_may_be_empty():
    made = run(sources(table(0, []), table(1, MIXED), decisions={window(0).id: WindowDecision(verdict="exclude", reason="why")}))
    assert made.train.num_rows > 0


@pytest.mark.parametrize(
    ("tables", "asked", "changes", "error", "says"),
    [
        ([MIXED], CompositionRequest(action="inspect", target=None), {}, ProjectError, "the decision says inspect"),
        ([MIXED], CompositionRequest(action="rollback", target=None), {}, ProjectError, "the decision says rollback"),
        ([MIXED], None, {"model": {"target": "z"}}, UnknownNameError, "no column 'z'"),
        ([MIXED], None, {"model": {"task": "regression"}, "balance": "class"}, ParamsError, "no classes to balance"),
        ([[]], None, {}, DataError, "the window 2013-W01 has no rows"),
        ([[None] * 50], None, {}, DataError, "no labelled row may train"),
        ([[1.0] * 50], None, {}, DataError, r"have the class 1 "),
        ([MIXED], None, {"data": {"holdout_share": 0.0}}, DataError, "no labelled row is held out"),
        ([MIXED], CompositionRequest(action="improve", target=window(1).start), {}, DataError, "no labelled row from 2013-01-08"),
        ([MIXED], CompositionRequest(action="improve", target=FIRST), {}, DataError, "no labelled row may train"),
        ([MIXED], None, {"replay_share": 1.0}, ParamsError, "a replay share of 1"),
    ],
)
def test_what_cannot_be_composed_is_refused_in_a_sentence(tables, asked, changes, error, says):
    with pytest.raises(error, match=says) as caught:
        run(sources(*(table(number, labels) for number, labels in enumerate(tables))), asked, params(**changes))
    assert "fix:" in str(caught.value)


def test_a_row_outside_of_its_window_is_refused():
    with pytest.raises(DataError, match="rows of the window 2013-W01 lie outside"):
        run(sources(table(1, MIXED)))


def test_an_id_that_comes_in_two_windows_is_refused():
    again = table(1, MIXED).set_column(0, "id", table(0, MIXED)["id"])
    with pytest.raises(DataError, match="60 ids in 'id' come again"):
        run(sources(table(0, MIXED), again))


def test_columns_of_two_types_are_refused():
    words = table(0, MIXED).set_column(2, "g", pa.array(["north"] * 60))
    other = table(1, MIXED).set_column(2, "g", pa.array([1] * 60))
    with pytest.raises(DataError, match="do not fit together"):
        run(sources(words, other))


def test_a_sampler_that_says_something_else_is_refused():
    class Wild:
        def draw(self, pool, *, rng):
            return Drawn(part=np.full(len(pool.row_id), "evaluate", dtype=object), reason=np.full(len(pool.row_id), "", dtype=object))

    with pytest.raises(ParamsError, match="did not say train, replay or out"):
        run(sources(table(0, MIXED)), sampler=Wild())


class Weighing:
    """Every row trains, with the weight that the function gives the pool's rows."""

    def __init__(self, weigh):
        self.weigh = weigh

    def draw(self, pool, *, rng):
        self.seen = pool
        return Drawn(part=np.full(len(pool.row_id), "train", dtype=object), reason=np.full(len(pool.row_id), "all", dtype=object), weight=self.weigh(pool))


def test_a_sampler_is_given_features_time_and_what_rows_weigh_before_it():
    sampler = Weighing(lambda pool: np.ones(len(pool.row_id)))
    made = run(sources(table(0, [0.0, 0.0, 0.0, 1.0] * 20)), None, params(balance="class", data={"features": {"g": "categorical"}}), sampler)
    seen = sampler.seen
    assert seen.features.column_names == ["g"]
    assert seen.row_id.tolist() == made.train["id"].to_pylist()
    assert seen.time.astype("datetime64[us]").tolist() == made.train["t"].to_pylist()
    assert seen.weight[seen.label == 0].sum() == pytest.approx(seen.weight[seen.label == 1].sum())


def test_a_samplers_weights_travel_into_the_training_table_the_manifest_and_the_composition():
    made = run(sources(table(0, MIXED), table(1, MIXED)), sampler=Weighing(lambda pool: np.where(pool.window == window(1).id, 1.0, 0.25)))
    weights = dict(zip(made.train["_window"].to_pylist(), made.train["_weight"].to_pylist(), strict=True))
    assert weights == {window(0).id: 0.25, window(1).id: 1.0}
    assert {one["weight"] for one in made.manifest.to_pylist() if one["part"] == "train"} == {0.25, 1.0}
    assert {one["weight"] for one in made.manifest.to_pylist() if one["part"] != "train"} == {0.0}
    assert {(one.window, one.weight) for one in made.composition.parts if one.part == "train"} == {(window(0).id, 0.25), (window(1).id, 1.0)}


def test_balanced_classes_keep_a_samplers_weights_in_proportion():
    made = run(sources(table(0, [0.0, 0.0, 0.0, 1.0] * 20)), None, params(balance="class"), Weighing(lambda pool: 1.0 + np.arange(len(pool.row_id))))
    weights, labels = np.array(made.train["_weight"].to_pylist()), np.array(made.train["y"].to_pylist())
    assert weights[labels == 0].sum() == pytest.approx(weights[labels == 1].sum())
    assert weights.mean() == pytest.approx(1.0)
    given = 1.0 + np.arange(len(labels))
    assert np.ptp((weights / given)[labels == 0]) == pytest.approx(0.0)


@pytest.mark.parametrize("weight", [0.0, -1.0, np.nan, np.inf])
def test_a_row_that_trains_has_a_weight_above_zero_or_is_left_out(weight):
    with pytest.raises(ParamsError, match="a weight that is not above 0"):
        run(sources(table(0, MIXED)), sampler=Weighing(lambda pool: np.where(np.arange(len(pool.row_id)) == 3, weight, 1.0)))


def test_without_weights_every_row_that_trains_weighs_one():
    made = run(sources(table(0, MIXED)), sampler=Weighing(lambda pool: None))
    assert set(made.train["_weight"].to_pylist()) == {1.0}
