"""What an expectation demands: bounds that something could break, and something could meet.

The library takes a bound that is missing, empty or null as no bound, so that everything passes: a divergence without a threshold, or from
nothing (it is then measured from the table itself), an order of no columns, any type, any text.

>>> check_demands("expect_column_kl_divergence_to_be_less_than", {"column": "x", "partition_object": {"values": ["a"]}}, "suite s: a")
Traceback (most recent call last):
keepfit.errors.ExpectationError: threshold is not set, so it would always pass (suite s: a)
  fix: set it
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from keepfit.errors import ExpectationError

QUANTILES = "expect_column_quantile_values_to_be_between"
BETWEEN = ("_to_be_between", "_value_lengths_to_be_between")
NEEDED = {
    "expect_column_kl_divergence_to_be_less_than": ("partition_object", "threshold"),
    "expect_column_values_to_be_in_type_list": ("type_list",),
    "expect_column_values_to_match_json_schema": ("json_schema",),
    "expect_column_values_to_match_regex": ("regex",),
    "expect_table_columns_to_match_ordered_list": ("column_list",),
    "expect_table_columns_to_match_set": ("column_set",),
}
"""What the library takes for granted where it is left out."""


def check_demands(kind: str, kwargs: Mapping[str, Any], where: str) -> None:
    """Raise `ExpectationError` for bounds that everything or nothing meets."""
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if _crossed(low, high):
        _refuse(f"min_value {low} is above max_value {high}, which nothing meets", where, "swap them")
    if kind == QUANTILES:
        _check_quantiles(kwargs.get("quantile_ranges"), where)
    elif kind.endswith(BETWEEN) and low is None and high is None:
        _refuse("neither min_value nor max_value is set, so it would always pass", where, "set one")
    for key in NEEDED.get(kind, ()):
        if kwargs.get(key) in (None, [], {}, ""):
            _refuse(f"{key} is not set, so it would always pass", where, "set it")
    for key in ("value_set", "value_pairs_set"):
        if kwargs.get(key) == []:
            _refuse(f"{key} is empty", where, "list the values")
    mostly = kwargs.get("mostly", 1)
    if isinstance(mostly, bool) or (isinstance(mostly, int | float) and not 0 < mostly <= 1):
        _refuse(f"mostly {mostly} is no share of rows", where, "a number above 0, at most 1")


def _check_quantiles(ranges: Any, where: str) -> None:
    quantiles, bounds = (ranges.get(key) if isinstance(ranges, dict) else None for key in ("quantiles", "value_ranges"))
    shape = '"quantile_ranges": {"quantiles": [0.5], "value_ranges": [[0, 9]]}'
    if not isinstance(quantiles, list) or not isinstance(bounds, list) or not quantiles or len(quantiles) != len(bounds):
        _refuse("quantile_ranges names no quantiles with a range each", where, shape)
    for quantile, pair in zip(quantiles, bounds, strict=True):
        if not isinstance(pair, list) or len(pair) != 2:
            _refuse(f"the range of the quantile {quantile} is no [low, high]", where, shape)
        if pair == [None, None]:
            _refuse(f"the range of the quantile {quantile} has no bound, so it would always pass", where, "set one")
        if _crossed(*pair):
            _refuse(f"the range of the quantile {quantile} ends below its start, which nothing meets", where, "swap them")


def _crossed(low: Any, high: Any) -> bool:
    comparable = (isinstance(low, int | float) and isinstance(high, int | float)) or (isinstance(low, str) and isinstance(high, str))
    return comparable and low > high


def _refuse(what: str, where: str, fix: str) -> NoReturn:
    raise ExpectationError(what, where=where, fix=fix)
