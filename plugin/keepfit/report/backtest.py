"""The backtest for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from keepfit.report.tables import markdown_table
from keepfit.update.outcomes import Outcome, mean

Row = tuple[str, int, Mapping[str, float | None]]
FIELDS = ("score", "trainings", "scouts", "alerts", "cost", "net", "regret")


def backtest_table(metric: str, policies: Sequence[str], rows: Sequence[Row]) -> str:
    r"""Return a Markdown table: a row a window with its labelled rows and each policy's value of the metric, then the means.

    >>> print(backtest_table("roc_auc", ["never"], [("2013-02", 100, {"never": 0.61}), ("2013-03", 90, {"never": None})]), end="")
    | window | rows | roc_auc of never |
    |---|--:|---|
    | 2013-02 | 100 | 0.6100 |
    | 2013-03 | 90 | – |
    | mean | – | 0.6100 |
    """
    cells: list[tuple[object, ...]] = [(window, n, *(_four(values[name]) for name in policies)) for window, n, values in rows]
    cells.append(("mean", None, *(_four(mean([values[name] for _, _, values in rows])) for name in policies)))
    return markdown_table(("window", "rows", *(f"{metric} of {name}" for name in policies)), cells)


def outcomes_table(metric: str, outcomes: Mapping[str, Outcome], *, priced: bool) -> str:
    """Return a Markdown table: what each policy came to; `priced`: regret is money, else of the mean metric at equal trainings."""
    regret = "regret (money)" if priced else f"regret ({metric}, same number of trainings)"
    head = ("policy", f"mean {metric}", "trainings", "scouts", "alerts", "cost", "net", regret)
    rows = [(name, _four(one.score), one.trainings, one.scouts, one.alerts, _two(one.cost), _two(one.net), _four(one.regret)) for name, one in outcomes.items()]
    return markdown_table(head, rows)


def backtest_json(
    metric: str, policies: Sequence[str], rows: Sequence[Row], outcomes: Mapping[str, Outcome] | None = None, *, winner: str | None = None
) -> str:
    """Return one JSON object: the metric, and per policy its mean and its windows with rows and value (null: undecidable).

    With outcomes a policy also has what it came to, and the object its winner.
    """
    told: dict[str, dict[str, object]] = {
        name: {
            "mean": _rounded(mean([values[name] for _, _, values in rows])),
            "windows": [{"window": window, "rows": n, "value": _rounded(values[name])} for window, n, values in rows],
        }
        for name in policies
    }
    for name, outcome in (outcomes or {}).items():
        told[name] |= {field: _rounded(getattr(outcome, field)) for field in FIELDS}
    return json.dumps({"metric": metric, "policies": told, **({"winner": winner} if outcomes else {})}, indent=2) + "\n"


def _rounded(value: float | None) -> float | None:
    return value if value is None or isinstance(value, int) else round(value, 6)


def _four(value: float | None) -> str | None:
    return None if value is None else f"{value:.4f}"


def _two(value: float | None) -> str | None:
    return None if value is None else f"{value:.2f}"
