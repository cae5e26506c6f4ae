"""What is drawn where the rows lie is what composing from all of them in memory trains on."""

import pickle
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepfit.compose.assemble import CompositionRequest, Sources, compose
from keepfit.compose.drawing.draw import draw
from keepfit.compose.recipe import recipe_of
from keepfit.errors import DataError, ParamsError
from keepfit.params import Params
from keepfit.records import Window
from keepfit.tables.batches import TableRows

FIRST, NOW = datetime(2013, 1, 7), datetime(2013, 3, 1)
WINDOWS = tuple(Window(id=f"2013-W{2 + k:02d}", source="live", start=FIRST + timedelta(days=7 * k), end=FIRST + timedelta(days=7 * k + 7)) for k in range(5))


class CutRows(TableRows):
    """Rows that run a pass as an engine does: cut into parts anywhere, each part and each state pickled, the states joined pairwise."""

    def __init__(self, table, cuts):
        super().__init__(table)
        self.__dict__["cuts"] = cuts

    def run(self, look):
        ends = [0, *sorted(self.cuts), self.table.num_rows]
        states = []
        for low, high in pairwise(ends):
            ours, part = pickle.loads(pickle.dumps(look)), self.table.slice(low, high - low).select(list(look.columns))
            state = ours.start(low)
            for at in range(0, part.num_rows, 97):
                state = ours.add(state, part.slice(at, 97))
            states.append(pickle.loads(pickle.dumps(state)))
        while len(states) > 1:
            states = [look.join(*states[at : at + 2]) if at + 1 < len(states) else states[at] for at in range(0, len(states), 2)]
        return states[0]


def rows(n, seed, labelled=0.8):
    chance = np.random.default_rng(seed)
    y = chance.integers(0, 2, n).astype(float)
    return pa.table(
        {
            "id": [f"r{at:05d}" for at in chance.permutation(n)],
            "t": pa.array([FIRST + timedelta(minutes=int(m)) for m in chance.integers(0, 5 * 7 * 24 * 60, n)], pa.timestamp("us")),
            "carrier": pa.array(chance.choice(["EV", "UA", "HA", None], n, p=[0.6, 0.3, 0.05, 0.05]).tolist(), pa.string()),
            "size": pa.array(chance.choice([1.0, 2.5], n)),
            "x": pa.array(chance.normal(size=n)),
            "y": pa.array([None if at else value for at, value in zip(chance.uniform(size=n) > labelled, y, strict=True)], pa.float64()),
        }
    )


def params(recipe, **data):
    slices = {"carrier": {"min_rows": None}, "size": {"min_rows": None}, "day_part": {"min_rows": None}}
    return Params.model_validate(
        {
            "model": {"name": "m", "task": "classification", "target": "y"},
            "data": {"live": "x", "time": "t", "id": "id", "window": "week", "features": {"x": "numeric"}} | data,
            "evaluate": {"slices": slices},
            "compose": {"use": "mine", "recipes": {"mine": recipe}},
        }
    )


def composed(table, settings_, until=None):
    times = table["t"].to_numpy()
    parts = {one.id: table.filter(pa.array((times >= np.datetime64(one.start)) & (times < np.datetime64(one.end)))).sort_by("id") for one in WINDOWS}
    used = [one for one in WINDOWS if parts[one.id].num_rows]
    sources = Sources(tables={one.id: parts[one.id] for one in used}, windows=used, quarantined=(), decisions={})
    asked = CompositionRequest(action="improve", target=until, champion=until is not None)
    return compose(sources, asked, settings_, id_column="id", recipe=recipe_of(settings_.compose))


def drawn_from(source, settings_, until=None, labels=None):
    windows = [one for one in WINDOWS if until is None or one.end <= until]
    return draw(source, windows, settings_, recipe=recipe_of(settings_.compose), now=NOW, labels=labels)


def trains(found):
    manifest = found.manifest.filter(pa.compute.is_in(found.manifest["part"], value_set=pa.array(["train", "replay"])))
    return manifest.to_pylist()


def with_the_others(drawn, table, found):
    """The drawn rows beside those of the windows' samples that are held out or judge."""
    kept = found.manifest.filter(pa.compute.is_in(found.manifest["part"], value_set=pa.array(["holdout", "evaluate"])))["row_id"]
    return pa.concat_tables([drawn.table, table.filter(pa.compute.is_in(table["id"], value_set=kept))])


ROWS = st.sampled_from(
    [
        {},
        {"class=1": {"share": 0.4}},
        {"carrier=*": {"at_most": 90}, "carrier=HA": {"at_least": 12}},
        {"carrier=HA": {"at_least": 9}, "class=1": {"at_least": 40}, "size=1": {"at_most": 0.4}, "carrier=UA": {"weight": 3}},
        {"window=*": {"at_most": 0.3}, "day_part=night": {"at_most": 0.1}},
    ]
)
RECIPES = st.builds(
    lambda windows, parts, rows_, max_rows: {"windows": windows, "parts": parts, "rows": rows_, "max_rows": max_rows, "weights": {"class_balance": {}}},
    st.sampled_from(["all", {"last": 3}]),
    st.sampled_from([None, {"new": {"last": 1}, "replay": {"share": 0.3}}]),
    ROWS,
    st.sampled_from([40, 150, 10_000]),
)


@settings(max_examples=20, deadline=None)
@given(RECIPES, st.integers(0, 3), st.lists(st.integers(0, 900), max_size=4), st.sampled_from([None, WINDOWS[-1].start]))
def test_a_recipe_draws_from_the_source_the_rows_that_it_trains_on_in_memory(recipe, seed, cuts, until):
    table, settings_ = rows(900, seed), params(recipe)
    try:
        whole = composed(table, settings_, until)
    except ParamsError as contradiction:
        with pytest.raises(ParamsError, match=contradiction.where):
            drawn_from(CutRows(table, cuts), settings_, until)
        return
    drawn = drawn_from(CutRows(table, cuts), settings_, until)
    expected = trains(whole)
    assert sorted(drawn.table["id"].to_pylist()) == [row["row_id"] for row in expected]
    again = composed(with_the_others(drawn, table, whole), settings_, until)
    assert trains(again) == expected
    assert again.train.equals(whole.train)


def test_labels_of_a_table_of_their_own_count_and_those_that_are_not_due_do_not():
    table, late = rows(900, 5, labelled=0.5), {"label_delay": "7 days", "no_label": "0"}
    settings_ = params({"rows": {"class=1": {"share": 0.5}}, "max_rows": 60})
    unknown = table.filter(pa.compute.is_null(table["y"]))
    labels = pa.table({"id": unknown["id"], "y": pa.array(np.ones(unknown.num_rows))})
    known = table.set_column(table.column_names.index("y"), "y", pa.compute.fill_null(table["y"], 1.0))
    found = drawn_from(TableRows(table), settings_, labels=labels)
    assert sorted(found.table["id"].to_pylist()) == [row["row_id"] for row in trains(composed(known, settings_))]
    waits = draw(TableRows(table), WINDOWS, params({"max_rows": 900}, **late), recipe=recipe_of(settings_.compose), now=WINDOWS[2].end)
    assert max(waits.table["t"].to_pylist()) <= WINDOWS[2].end - timedelta(days=7)
    assert [waits.trainable[one.id] > 0 for one in WINDOWS] == [True, True, False, False, False]


def test_ids_and_times_are_those_of_the_closed_windows_however_the_source_stores_them():
    table = rows(600, 6)
    settings_ = params({"rows": {"carrier=*": {"at_most": 20}}, "max_rows": 50}, timezone="America/New_York", group="carrier")
    zoned = pa.compute.assume_timezone(table["t"], "America/New_York", ambiguous="earliest", nonexistent="earliest").cast(pa.timestamp("ms", "UTC"))
    stored = table.set_column(1, "t", zoned).set_column(2, "carrier", table["carrier"].dictionary_encode())
    stored = pa.concat_tables([stored, stored.slice(0, 3).set_column(1, "t", pa.nulls(3, zoned.type))])
    found, plain = drawn_from(TableRows(stored), settings_), drawn_from(TableRows(table), settings_)
    assert found.table["id"].equals(plain.table["id"])
    assert found.trainable == plain.trainable


class ChangingRows(TableRows):
    """A source that gets a row between two passes."""

    def run(self, look):
        state = look.add(look.start(0), self.table.select(list(look.columns)))
        self.__dict__["table"] = pa.concat_tables([self.table, self.table.slice(0, 40)])
        return state


def test_a_source_that_changes_between_the_passes_is_found_out():
    with pytest.raises(DataError, match="the source changed while rows were drawn"):
        drawn_from(ChangingRows(rows(300, 1)), params({"max_rows": 50}))


@pytest.mark.parametrize(
    ("recipe", "beside", "says"),
    [
        ({}, {}, "the recipe mine has no max_rows"),
        ({"max_rows": 9, "rows": {"class=0": {"keep": 0.5}}}, {}, "class=0 is to be thinned"),
        ({"max_rows": 9, "sampler": {"recent": {}}}, {}, "with windows, parts, rows and max_rows"),
        ({"max_rows": 9}, {"judge": {"windows": 2}}, "held back to judge"),
        ({"max_rows": 9, "quality": {"duplicates": "quarantine"}}, {}, "are not looked for in the source"),
    ],
)
def test_a_recipe_that_cannot_be_drawn_from_counts_is_refused_with_its_place(recipe, beside, says):
    settings_ = params(recipe)
    settings_ = Params.model_validate(settings_.model_dump() | {"compose": settings_.compose.model_dump() | beside})
    with pytest.raises(ParamsError, match=says):
        drawn_from(TableRows(rows(50, 0)), settings_)


def test_a_source_without_labels_is_one_sentence():
    with pytest.raises(DataError, match="no labelled row of 5 windows may train"):
        drawn_from(TableRows(rows(50, 0, labelled=0)), params({"max_rows": 9}))
