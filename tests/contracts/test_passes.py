"""What every pass over rows promises: the same result however the rows are cut into parts and batches, with pass and states sent from process to process.

A pass is found by its methods in the source, so that a new one fails here until it is among `PASSES`, or `ELSEWHERE` names the test that cuts its rows.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.parted_rows import PartedRows, travelled

from keepfit.compose.drawn_rows import ALL, DrawRows, RowsOfIds
from keepfit.monitor.source_times import CountTimes
from keepfit.params import Params
from keepfit.profiles import layout as layouts
from keepfit.profiles.boolean_words import BooleanWordsPass
from keepfit.profiles.layout import learn_layout
from keepfit.profiles.lost_booleans import LostPass
from keepfit.profiles.pairs import PairsPass
from keepfit.profiles.readable import ReadRows, SignsPass
from keepfit.profiles.stream import LayoutPass, ProfilePass
from keepfit.slices.counting import SlicePass
from keepfit.tables.batches import TableRows
from keepfit.tables.first_values import FirstValuesPass
from keepfit.tables.mapped_pass import CountedPass, MappedPass
from keepfit.tables.passes import run_part, run_pass
from keepfit.tables.period_rows import Clock, _Between, _OfPeriod
from keepfit.tables.sample import DrawnPass, PickedPass

TESTS = Path(__file__).resolve().parents[1]
START = datetime(2013, 1, 1)
PACKAGE = TESTS.parent / "plugin" / "keepfit"
KINDS = {"x": "numeric", "n": "numeric", "c": "categorical", "b": "categorical", "t": "text"}
WORDS = ["the", "bill", "is", "wrong", "twice", "neu", "Straße", "東京へ行く"]
ODD = [math.nan, math.inf, -math.inf, -0.0, 0.0, 5e-324, 1e308, 0.1, 2.0**53]


def table_of(rows):
    x, n, c, b, t, s, f = (list(column) for column in zip(*rows, strict=True)) if rows else ([],) * 7
    return pa.table(
        {
            "x": pa.array(x, pa.float64()),
            "n": pa.array(n, pa.int64()),
            "c": pa.array(c, pa.string()).dictionary_encode(),
            "b": pa.array(b, pa.bool_()),
            "t": pa.array(t, pa.string()),
            "s": pa.array(s, pa.string()),
            "f": pa.array(f, pa.string()),
            "id": pa.array([f"r{place // 2}" for place in range(len(x))], pa.string()),
            "at": pa.array([None if place % 9 == 4 else START + timedelta(minutes=25 * place) for place in range(len(x))], pa.timestamp("us")),
        }
    )


def some(*values):
    return st.sampled_from([None, *values])


ROW = st.tuples(
    st.one_of(st.none(), st.sampled_from(ODD), st.floats(-3, 3)),
    st.one_of(st.none(), st.integers(-(2**53), 2**53), st.integers(0, 3)),
    some("a", "b", "A", "", "nan", "é"),
    some(True, False),
    st.one_of(st.none(), st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)),
    some("1.5", "1,5", "$2", "007", "n/a", "TOTAL", "x" * 41 + "1", "x" * 41 + "2"),
    some("true", "FALSE", "True"),
)
TABLES = st.lists(ROW, max_size=25).map(table_of)


def made(n=60, seed=0):
    """A table of which no part is like another: texts of one word at the end only, numbers in order."""
    rng = np.random.default_rng(seed)
    pick = lambda values: values[int(rng.integers(len(values)))]  # noqa: E731 - said once, used thrice
    return table_of(
        [
            (
                pick(ODD) if i % 5 == 0 else i / 7,
                None if i % 7 == 0 else i,
                pick(["a", "b", "A", None]) if i < n / 2 else f"late {i % 4}",
                bool(i < n / 2),
                " ".join(pick(WORDS) for _ in range(i % 5)),
                "1,5" if i < n / 2 else "TOTAL",
                "FALSE" if i < n / 2 else "true",
            )
            for i in range(n)
        ]
    )


PARAMS = Params.model_validate(
    {"model": {"name": "m", "task": "classification", "target": "b"}, "data": {"live": "x", "time": "at", "id": "id", "features": {"x": "numeric"}}}
)
LAYOUT = learn_layout(made(), KINDS, bins=4, max_categories=3)


def plain_profile(profile):
    """A profile without its moments, float sums of which the last digits depend on the parts; these are compared by `math.isclose`."""
    return replace(profile, columns={name: plain_column(column) for name, column in profile.columns.items()})


def plain_column(column):
    if column.kind == "numeric":
        return replace(column, total=0.0, total_squared=0.0)
    return replace(column, lengths=plain_column(column.lengths)) if column.kind == "text" else column


def learned(learner):
    layout = learner.layout()
    words = {name: (column.seen, column.shared) for name, column in layout.items() if column.kind == "text"}
    return learner.rows, layout, words, learner.counted(layout)


def signs(found):
    """Which of very many different texts are kept may depend on the cuts, how many never does."""
    plain = {name: replace(one, distinct=frozenset(), lengths=dict(sorted(one.lengths.items()))) for name, one in found.items()}
    return {name: (plain[name], len(one.distinct), one.are_numbers) for name, one in found.items()}


@dataclass(frozen=True)
class Asked:
    """A pass for a table, what of its state must not depend on the cuts, and whether the parts' order matters to it."""

    look: Callable[[pa.Table], Any]
    result: Callable[[Any], Any] = lambda state: state
    ordered: bool = False


def brought(state):
    return [row for one in state.tables for row in one.to_pylist()], state.unnamed


def came(state):
    found = CountTimes.found(state)
    return [each.tolist() for each in (found.arrivals.hours, found.arrivals.counts, found.arrivals.latest)], found.rows, found.untimed


def of_tables(state):
    return state.table.combine_chunks().to_pydict()


PASSES = {
    "ProfilePass": Asked(lambda table: ProfilePass(LAYOUT, "w"), plain_profile),
    "LayoutPass": Asked(lambda table: LayoutPass(KINDS, table.num_rows + 3), learned),
    "SignsPass": Asked(lambda table: SignsPass(("s", "c", "t")), signs),
    "FirstValuesPass": Asked(
        lambda table: FirstValuesPass(("t", "c"), most=7, within=30, missing_words=False),
        lambda state: {name: texts.to_pylist() for name, texts in state.found.items()},
        ordered=True,
    ),
    "BooleanWordsPass": Asked(
        lambda table: BooleanWordsPass(("f", "s")), lambda state: {name: None if words is None else sorted(words) for name, words in state.items()}
    ),
    "LostPass": Asked(lambda table: LostPass(("s", "f", "n"), table.num_rows), lambda state: {name: one.mostly or one for name, one in state.items()}),
    "PairsPass": Asked(
        lambda table: PairsPass({"x": (0.0, 1.0, 2.0), "n": (1.0, 20.0), "b": (0.5,)}), lambda sums: {name: each.tolist() for name, each in sums.items()}
    ),
    "SlicePass": Asked(lambda table: SlicePass(LAYOUT, ("x", "c"), (((0, 1),), ((1, 0),), ((0, 2), (1, 1))))),
    "DrawnPass": Asked(lambda table: DrawnPass(plain_schema(table, "x", "c"), 9, 7), lambda state: (of_tables(state), state.keys.tolist()), ordered=True),
    "PickedPass": Asked(lambda table: PickedPass(plain_schema(table, "n", "c"), (0, 2, 3, 11, 40, 90)), of_tables, ordered=True),
    "CountedPass": Asked(lambda table: CountedPass(PickedPass(plain_schema(table, "n"), (1, 5, 99))), lambda state: (state[0], of_tables(state[1]))),
    "CountTimes": Asked(lambda table: CountTimes(Clock("at"), START + timedelta(hours=20)), came),
    "DrawRows": Asked(lambda table: DrawRows(columns=("id", "n"), params=PARAMS, bound=ALL // 2), brought, ordered=True),
    "RowsOfIds": Asked(lambda table: RowsOfIds.of(("id", "n"), PARAMS, ["r1", "r3", "r12", "r29"]), brought, ordered=True),
    "_OfPeriod": Asked(
        lambda table: _OfPeriod(
            SlicePass(LAYOUT, ("x", "c"), (((0, 1),), ((1, 0),))), _Between(Clock("at"), START + timedelta(hours=1), START + timedelta(hours=20))
        )
    ),
    "MappedPass": Asked(
        lambda table: MappedPass(
            ProfilePass({name: LAYOUT[name] for name in ("x",)}, "w"), ReadRows(rows=TableRows(table), numbers={}, texts=frozenset())._change()
        ),
        plain_profile,
    ),
}


def plain_schema(table, *names):
    return pa.schema([(name, pa.string() if pa.types.is_dictionary(table.schema.field(name).type) else table.schema.field(name).type) for name in names])


def passes_in_the_source():
    found = set()
    for file in PACKAGE.rglob("*.py"):
        if "def join(self" in (text := file.read_text(encoding="utf-8")):
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.ClassDef) and {"start", "add", "join"} <= {one.name for one in node.body if isinstance(one, ast.FunctionDef)}:
                    found.add(node.name)
    return found - {"RowPass"}


ELSEWHERE = {
    "CountTrainable": "compose/drawing/test_draw.py",
    "FetchLowest": "compose/drawing/test_draw.py",
    "CountWindow": "flows/monitoring/test_counting.py",
}


def test_the_rows_of_every_pass_of_the_package_are_cut_by_a_test():
    assert passes_in_the_source() == {*PASSES, *ELSEWHERE}
    assert all((TESTS / file).is_file() for file in ELSEWHERE.values())


def same(found, expected):
    """Equal, a NaN like a NaN."""
    return repr(found) == repr(expected)


def holds(asked, table, cuts, size, look=None):
    """Whether the result of the parts is that of one part in one batch."""
    look = look or asked.look(table)
    one = run_part(look, lambda: [table.select(list(look.columns))] if table.num_rows else [])
    parts = run_pass(PartedRows(table, cuts, size), look)
    return same(asked.result(parts), asked.result(one))


@pytest.fixture(scope="module", autouse=True)
def _few_rows_are_sampled():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layouts, "SAMPLE", 8)
        yield


@pytest.mark.parametrize("name", PASSES)
@settings(max_examples=10, deadline=None)
@given(table=TABLES, cuts=st.lists(st.integers(0, 25), max_size=3), size=st.integers(1, 26))
def test_however_the_rows_are_cut_the_result_is_the_same(name, table, cuts, size):
    assert holds(PASSES[name], table, tuple(sorted(min(cut, table.num_rows) for cut in cuts)), size)


@pytest.mark.parametrize("name", PASSES)
def test_parts_are_joined_in_any_grouping_and_a_joined_state_goes_on(name):
    table, asked = made(), PASSES[name]
    look = asked.look(table)
    cut = [table.slice(start, 15).select(list(look.columns)) for start in range(0, 60, 15)]
    parts = [travelled(run_part(look, lambda part=part: [part], first_row=15 * place)) for place, part in enumerate(cut)]
    a, b, c, d = (travelled(part) for part in parts)
    expected = asked.result(look.join(look.join(look.join(a, b), c), d))
    assert same(asked.result(look.join(parts[0], look.join(parts[1], look.join(parts[2], parts[3])))), expected)
    assert same(asked.result(look.add(look.join(look.join(parts[0], parts[1]), parts[2]), cut[3])), expected)
    assert same(asked.result(look.join(look.join(parts[0], parts[1]), look.join(parts[2], parts[3]))), expected), "a joined state was changed"


class Wrong:
    """A pass that is wrong where parts are joined."""

    def __init__(self, look, join):
        self.look, self.join = look, join

    def __getattr__(self, name):
        if name in ("look", "join") or name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.look, name)


def forgets_the_second(before, after):
    return before


def forgets_the_first(before, after):
    return after


@pytest.mark.parametrize("forgets", [forgets_the_second, forgets_the_first])
@pytest.mark.parametrize("name", PASSES)
def test_a_join_that_forgets_a_part_is_found(name, forgets):
    asked, table = PASSES[name], made()
    assert holds(asked, table, (3, 30), 11)
    assert not holds(asked, table, (3, 30), 11, look=Wrong(asked.look(table), forgets))


@pytest.mark.parametrize("name", [name for name, asked in PASSES.items() if asked.ordered])
def test_a_join_in_the_other_order_is_found(name):
    asked, table = PASSES[name], made()
    look = asked.look(table)
    found = run_pass(PartedRows(table, (3, 30), 11), look)
    parts = [
        run_part(look, lambda part=part: [part.select(list(look.columns))], first_row=first) for first, part in [(0, table.slice(0, 20)), (20, table.slice(20))]
    ]
    assert not same(asked.result(look.join(*parts[::-1])), asked.result(found))


def test_moments_differ_in_the_last_digits_at_most():
    table = made(600)
    look = PASSES["ProfilePass"].look(table)
    one, parts = (run_pass(rows, look).columns["x"] for rows in (TableRows(table), PartedRows(table, (3, 100, 333), 50)))
    assert parts.total == pytest.approx(one.total, rel=1e-12)
    assert parts.total_squared == pytest.approx(one.total_squared, rel=1e-12)
