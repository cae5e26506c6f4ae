"""Expectations learned on the first half of real streams: false alarms on the second half, and which planted incidents of it they catch.

    KEEPFIT_STREAMS=FOLDER python tests/bench/bench_suggest.py [STREAM …]

Flights of 2013, and of the streams of `stream_tables.py` those whose files `KEEPFIT_STREAMS` holds (flights of 2023, traffic, bike); in months, and in weeks.
Nothing is tuned to them: lines are those of `keepfit suggest --from windows` on an empty suite. Windows with defects that the stream is known for are left out
of the first half, as a person would have excluded them (`KNOWN`). Planted is into up to six windows of the second half, into each column in turn; an incident
is caught if a line fails that does not fail on the window as it is. Real incidents of the second half count as false alarms here and are named.
KEEPFIT_BENCH_SIZE=tiny only shows that it runs.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # as a script it sees its own folder only

from tests.bench import stream_tables

from keepfit.expect.suggest.answers import answer
from keepfit.expect.suggest.facts import FactsAsked, WindowFacts, facts_of
from keepfit.expect.suggest.past import PastWindows
from keepfit.expect.suggest.proposed import Proposal, from_windows
from keepfit.integrations.flights import flights_table
from keepfit.records import Window
from keepfit.tables.by_time import rows_of
from keepfit.tables.windows import windows_covering

TINY = os.environ.get("KEEPFIT_BENCH_SIZE") == "tiny"
PLANTED = 2 if TINY else 6
FLIGHTS = ("carrier", "origin", "dest", "distance", "dep_minute", "arr_minute", "day_of_week")
WEATHER = ("temp", "dewp", "humid", "wind_dir", "wind_speed", "precip", "pressure", "visib")
KEY, TIME = "row_id", "time"
LABELS = ("late", "target", "air_time")
KNOWN = {"traffic": ("2014-01", "2014-02", "2014-08", "2015-06")}
"""Months with known defects: 0 K of traffic's weather; a gap of ten months begins and ends within a month."""
Change = Callable[[pa.Table, str], pa.Table]


@dataclass(frozen=True, kw_only=True)
class Planted:
    """A kind of incident: what it does to a window, and to which columns in turn (`numbers`, `words`; none: to all rows at once)."""

    name: str
    change: Change
    into: str = ""


def put(table: pa.Table, column: str, values: pa.Array | pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.column_names.index(column), column, values)


def some(table: pa.Table, column: str, share: float, values: pa.Array | pa.ChunkedArray | pa.Scalar) -> pa.Table:
    """Other values in the first `share` of the rows."""
    chosen = pa.array([at < share * table.num_rows for at in range(table.num_rows)])
    return put(table, column, pc.if_else(chosen, values, table[column]))


def unit(table: pa.Table, column: str) -> pa.Table:
    values = table[column].cast(pa.float64())
    return put(table, column, pc.add(pc.multiply(values, 1.8), 32.0))


def stuck(share: float) -> Change:
    def change(table: pa.Table, column: str) -> pa.Table:
        values = table[column].cast(pa.float64())
        return some(put(table, column, values), column, share, pa.scalar(pc.quantile(values, 0.5, interpolation="nearest")[0].as_py(), pa.float64()))

    return change


def without(share: float) -> Change:
    """The measurements of a stretch of time are missing, as the weather of 31 December 2013 was."""

    def change(table: pa.Table, _: str) -> pa.Table:
        for column in (
            name for name in table.column_names if pa.types.is_floating(table.schema.field(name).type) and name not in ("late", "target", "air_time")
        ):
            table = some(table, column, share, pa.scalar(None, table.schema.field(column).type))
        return table

    return change


def renamed(table: pa.Table, column: str) -> pa.Table:
    counted = max(pc.value_counts(table[column].drop_null()).to_pylist(), key=lambda one: (one["counts"], str(one["values"])))["values"]
    return put(table, column, pc.if_else(pc.equal(table[column], counted), f"{counted}_2", table[column]))


INCIDENTS = (
    Planted(name="other unit", change=unit, into="numbers"),
    Planted(name="stuck, whole", change=stuck(1.0), into="numbers"),
    Planted(name="stuck, half", change=stuck(0.5), into="numbers"),
    Planted(name="renamed", change=renamed, into="words"),
    Planted(name="no measurements, a tenth", change=without(0.1)),
    Planted(name="no measurements, a 30th", change=without(1 / 30)),
    Planted(name="a tenth twice", change=lambda table, _: pa.concat_tables([table, table.slice(0, table.num_rows // 10)])),
    Planted(name="cut by half", change=lambda table, _: table.slice(0, table.num_rows // 2)),
    Planted(name="cut by a quarter", change=lambda table, _: table.slice(0, 3 * table.num_rows // 4)),
)


@dataclass(frozen=True, kw_only=True)
class Stream:
    name: str
    table: pa.Table
    features: tuple[str, ...]
    target: str


def loaded(names: Sequence[str]) -> Iterator[Stream]:
    """The streams at hand; a sentence for each that is not."""
    if not names or "flights" in names:
        end = datetime(2013, 4, 1) if TINY else None
        yield Stream(name="flights 2013", table=flights_table(start=None, end=end), features=(*FLIGHTS, *WEATHER), target="late")
    if TINY:
        return
    with tempfile.TemporaryDirectory() as work:
        for found in stream_tables.streams(Path(work)):
            if isinstance(found, str):
                print(found)
            elif found.name == "flights 2023" and (not names or found.name in names):
                os.environ.update(found.env)
                yield Stream(name=found.name, table=flights_table(start=None, end=None), features=(*FLIGHTS, *WEATHER), target="late")
                del os.environ["KEEPFIT_FLIGHTS"]
            elif found.name in ("traffic", "bike") and (not names or found.name in names):
                table = pa.parquet.read_table(Path(work) / f"{found.name}.parquet")
                table = put(table, TIME, table[TIME].cast(pa.timestamp("us")))
                yield Stream(
                    name=found.name, table=table, features=tuple(name for name in table.column_names if name not in (KEY, TIME, "target")), target="target"
                )


def halves(stream: Stream, size: str, asked: FactsAsked) -> tuple[list[tuple[Window, pa.Table]], list[WindowFacts]]:
    span = pc.min_max(stream.table[TIME]).as_py()
    cut = [(window, rows_of(stream.table, TIME, window)) for window in windows_covering(size, span["min"], span["max"] + timedelta(days=1))]
    cut = [(window, rows) for window, rows in cut if rows.num_rows]
    return cut, [facts_of(rows, window, asked) for window, rows in cut]


def failing(lines: Sequence[Proposal], facts: WindowFacts) -> set[str]:
    return {one.line.id for one in lines if answer(one.entry["type"], one.entry["kwargs"], facts) is False}


def run(stream: Stream, size: str) -> None:
    asked = FactsAsked(left_out=frozenset({KEY, TIME, "day_part"}), keys=((KEY,), (TIME, *stream.features)))
    begun = time.process_time()
    cut, facts = halves(stream, size, asked)
    half = len(facts) // 2
    known = [one for one in facts[:half] if one.start is not None and f"{one.start:%Y-%m}" in KNOWN.get(stream.name, ())]
    past = PastWindows(accepted=[one for one in facts[:half] if one not in known], incidents=known, size=size, key=KEY, target=stream.target)
    counted = time.process_time()
    proposals = from_windows(past, [], "rows")
    took = time.process_time()
    false = {one.window: names for one in facts[half:] if (names := failing(proposals.found, one))}
    years = sum(one.days or 0.0 for one in facts[half:]) / 365.25
    lines = f"{len(proposals.found)} lines of {proposals.considered} considered"
    print(f"\n{stream.name}, {size}s: learned on {half - len(known)} windows, judged on {len(facts) - half}; {lines}")
    print(f"  CPU seconds: {counted - begun:.2f} to count all windows, {took - counted:.2f} to learn and score")
    print(f"  windows with a false alarm: {len(false)}, {len(false) / years:.2f} a year")
    for window, names in list(false.items())[:5]:
        print(f"    {window}: {', '.join(sorted(names)[:8])}")
    later = list(zip(cut[half:], facts[half:], strict=True))
    chosen = later[:: max(1, -(-len(later) // PLANTED))]
    for planted in INCIDENTS:
        caught = [one for place, as_it_is in chosen for one in tried(planted, stream, place, failing(proposals.found, as_it_is), proposals.found, asked)]
        print(f"  {planted.name:26} caught {sum(caught)} of {len(caught)}")


def tried(planted: Planted, stream: Stream, place: tuple[Window, pa.Table], before: set[str], lines: Sequence[Proposal], asked: FactsAsked) -> Iterator[bool]:
    """Whether the incident is caught, in each column in turn."""
    window, rows = place
    numbers = [name for name in stream.features if pa.types.is_floating(kind := rows.schema.field(name).type) or pa.types.is_integer(kind)]
    words = [name for name in stream.features if name not in numbers]
    for column in {"numbers": numbers, "words": words, "": [""]}[planted.into]:
        if not column or rows[column].null_count < rows.num_rows:
            yield bool(failing(lines, facts_of(planted.change(rows, column), window, asked)) - before)


def main() -> None:
    for stream in loaded(sys.argv[1:]):
        for size in ("week",) if TINY else ("month", "week"):
            run(stream, size)


if __name__ == "__main__":
    main()
