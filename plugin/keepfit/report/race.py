"""A race of recipes for people and for programs: who led where it was ranked, and what that was worth on the windows that told."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from keepfit.report.backtest import Cells, Row
from keepfit.report.tables import markdown_table
from keepfit.update.outcomes import mean
from keepfit.update.race import REFERENCE, Race

LEAST_P = 0.0001


def race_table(metric: str, found: Race, rows: Sequence[Row]) -> str:
    """Return a Markdown table: a row a recipe, the reference first, then in the order of the ranking; `rows` are the judged windows."""
    return markdown_table(race_head(metric, found), race_rows(found, rows))


def race_head(metric: str, found: Race) -> tuple[str, ...]:
    """Return the headers of the recipes' rows."""
    ranked, told = f"gain over {REFERENCE}, first {found.ranking} windows", f"gain, last {found.windows - found.ranking} windows"
    return ("recipe", f"mean {metric}", ranked, told, "at least", "at most", "p (Holm)")


def race_rows(found: Race, rows: Sequence[Row]) -> Cells:
    """Return a row a recipe; a gain is positive where the recipe is better, whichever way the metric counts."""
    means = _means([REFERENCE, *found.recipes], rows)
    cells: Cells = [(REFERENCE, _four(means[REFERENCE]), *[None] * 5)]
    for name, one in found.recipes.items():
        rest = one.rest
        cells.append((name, _four(means[name]), *(f"{value:+.4f}" for value in (one.ranked, rest.value, rest.low, rest.high)), _p(one.p)))
    return cells


def race_sentence(metric: str, found: Race, windows: Sequence[str], *, confidence: float) -> str:
    """Return who won and why in one sentence; `windows` are the names of the judged ones.

    >>> from keepfit.update.bounded_value import BoundedValue
    >>> steady = [BoundedValue(value=0.02, low=0.01, high=0.03, n=500)] * 9
    >>> from keepfit.update.race import race
    >>> print(race_sentence("auc", race({"last3": steady}, confidence=0.95), [f"w{at}" for at in range(1, 10)], confidence=0.95))
    last3 led on w1 to w6 and is surely better than all on w7 to w9: +0.0200 auc, at least +0.0098 (p 0.0147 after Holm)
    """
    ranked, rest = (f"{some[0]} to {some[-1]}" for some in (windows[: found.ranking], windows[found.ranking :]))
    if found.leader == REFERENCE:
        return f"all history led on {ranked}: no other recipe was better there in the mean"
    one = found.recipes[found.leader]
    gain, p = f"{one.rest.value:+.4f} {metric}", f"p {_p(one.p)} after Holm"
    if found.chosen == found.leader:
        return f"{found.leader} led on {ranked} and is surely better than {REFERENCE} on {rest}: {gain}, at least {one.rest.low:+.4f} ({p})"
    between = f"{confidence:.0%} bounds {one.rest.low:+.4f} and {one.rest.high:+.4f}, {p}"
    return f"{found.leader} led on {ranked}, but is not surely better than {REFERENCE} on {rest}: {gain} ({between}); it stays with {REFERENCE}"


def race_json(metric: str, found: Race, rows: Sequence[Row], *, left_out: Mapping[str, str], said: str) -> str:
    """Return one JSON object: the metric, who led and who was chosen, and per recipe its mean, its windows, and its gain (null of the reference)."""
    names = [REFERENCE, *found.recipes]
    means, windows = _means(names, rows), [window for window, _, _ in rows]
    recipes: dict[str, dict[str, object]] = {
        name: {
            "mean": _six(means[name]),
            "windows": [{"window": window, "rows": n, "value": _six(values[name])} for window, n, values in rows],
            **_gains(found, name),
        }
        for name in names
    }
    told = {
        "metric": metric,
        "ranked_on": windows[: found.ranking],
        "valued_on": windows[found.ranking :],
        "recipes": recipes,
        "left_out": dict(left_out),
        "leader": found.leader,
        "chosen": found.chosen,
        "said": said,
    }
    return json.dumps(told, indent=2) + "\n"


def _gains(found: Race, name: str) -> dict[str, object]:
    one = found.recipes.get(name)
    if one is None:
        return dict.fromkeys(("ranked", "gain", "low", "high", "p"))
    return {"ranked": _six(one.ranked), "gain": _six(one.rest.value), "low": _six(one.rest.low), "high": _six(one.rest.high), "p": _six(one.p)}


def _means(names: Sequence[str], rows: Sequence[Row]) -> dict[str, float | None]:
    return {name: mean([values[name] for _, _, values in rows]) for name in names}


def _p(value: float) -> str:
    """A p-value with four digits; 0 is none.

    >>> _p(0.0131), _p(1e-9)
    ('0.0131', '< 0.0001')
    """
    return f"{value:.4f}" if value >= LEAST_P else f"< {LEAST_P}"


def _four(value: float | None) -> str | None:
    return None if value is None else f"{value:.4f}"


def _six(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
