"""`keepfit skew`: features as they were logged online beside those recomputed offline. Needs no project, no git, no DVC, no MLflow.

With a time the offline table is a history: an online row is held against the newest offline row of its key that is not later. Without one it is held against
the offline row of its key.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import DataError, ParamsError

if TYPE_CHECKING:
    from keepfit.monitor.skew import FeatureSkew, Skew
    from keepfit.monitor.skewed_tables import RowPairs, SkewSide

EXIT_CODES = {"no skew": 0, "skew": 3, "nothing compared": 4}


@dataclass(frozen=True, kw_only=True)
class SkewQuestion:
    """What is compared by which columns; `tolerance` is relative to the larger of two numbers and to 1, `max_share` of rows may be unlike."""

    key: tuple[str, ...]
    time: str | None = None
    timezone: str = "UTC"
    columns: tuple[str, ...] | None = None
    tolerance: float
    max_share: float


def skew_of(online: Path, offline: Path, asked: SkewQuestion) -> Skew:
    """Return how the features of two files (CSV, Parquet, or folders of such files) differ.

    Raises `DataError` for a table that cannot be read or has no rows, `UnknownNameError` for a column that one lacks.
    """
    from keepfit.integrations.duckdb.as_of import newest_not_later
    from keepfit.monitor.skew import Skew
    from keepfit.monitor.skewed_tables import RowPairs

    _require_zone(asked.timezone)
    logged, history = _side(online, asked), _side(offline, asked)
    matches = newest_not_later(logged.keys, history.keys, keys=asked.key)
    pairs = RowPairs.of(logged, history, matches.places)
    features = [_feature(pairs, name, asked) for name in asked.columns or pairs.names([*asked.key, asked.time])]
    own, other = (set(side.table.column_names) for side in (logged, history))
    return Skew(
        names=(online.name, offline.name) if online.name != offline.name else (str(online), str(offline)),
        key=asked.key,
        time=asked.time,
        rows_online=logged.table.num_rows,
        rows_offline=history.table.num_rows,
        matched=len(pairs.rows),
        repeated=matches.pairs.num_rows,
        features=tuple(sorted(features, key=lambda one: (-one.share, one.name))),
        only_online=tuple(sorted(own - other)),
        only_offline=tuple(sorted(other - own)),
        tolerance=asked.tolerance,
        max_share=asked.max_share,
    )


def _side(path: Path, asked: SkewQuestion) -> SkewSide:
    """A table with its keys and moments."""
    from keepfit.flows.rows.row_files import read_all
    from keepfit.integrations.tables import read_table
    from keepfit.monitor.skewed_tables import SkewSide
    from keepfit.tables.columns import require_columns
    from keepfit.tables.held_features import key_columns, same_moment
    from keepfit.tables.times import moments

    if not path.exists():
        raise DataError(f"no file {path.name}", where=str(path), fix="check the path")
    table = read_all(path, lambda file: read_table(file, codes=True), where=str(path))
    require_columns(table, [*asked.key, *([asked.time] if asked.time else []), *(asked.columns or ())], where=path.name)
    try:
        at = moments(table, asked.time, timezone=asked.timezone) if asked.time else same_moment(table)
    except DataError as bad:
        raise DataError(bad.what, where=path.name, fix=bad.fix) from bad
    return SkewSide(table, key_columns(table, asked.key, at))


def _feature(pairs: RowPairs, name: str, asked: SkewQuestion) -> FeatureSkew:
    """A feature's record; with a time also how many differing rows say what the offline table said earlier."""
    from keepfit.integrations.duckdb.as_of import newest_not_later
    from keepfit.monitor.skewed_tables import VALUE

    found = pairs.compare(name, tolerance=asked.tolerance)
    if asked.time is None or not found.skew.differ:
        return found.skew
    differing = pairs.differing(found)
    earlier = newest_not_later(differing, pairs.said(name), keys=[*asked.key, VALUE])
    return pairs.with_earlier(found, differing, earlier.places)


def _require_zone(timezone: str) -> None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(timezone)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise ParamsError(f"no timezone {timezone[:40]!r}", where="--timezone", fix="a name of the IANA database: UTC, America/New_York") from None


def exit_code(skew: Skew) -> int:
    """Return 0 no skew, 3 skew, 4 nothing that could be compared."""
    return EXIT_CODES[skew.verdict]


def json_text(skew: Skew) -> str:
    """Return the whole record as one JSON object, with the sentence, the verdict and the exit code."""
    from keepfit.records import to_data
    from keepfit.report.skew import skew_line

    found = {**to_data(skew), "sentence": skew_line(skew), "verdict": skew.verdict, "exit_code": exit_code(skew)}
    return json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
