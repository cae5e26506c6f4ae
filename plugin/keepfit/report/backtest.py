"""The backtest for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from keepfit.report.tables import markdown_table
from keepfit.update.outcomes import Outcome, mean

Row = tuple[str, int, Mapping[str, float | None]]
FIELDS = ("score", "trainings", "refused", "scouts", "alerts", "cost", "net", "regret", "share")
Cells = list[tuple[object, ...]]


def backtest_table(metric: str, policies: Sequence[str], rows: Sequence[Row]) -> str:
    r"""Return a Markdown table: a row a window with its labelled rows and each policy's value of the metric, then the means.

    >>> print(backtest_table("roc_auc", ["never"], [("2013-02", 100, {"never": 0.61}), ("2013-03", 90, {"never": None})]), end="")
    | window | rows | roc_auc of never |
    |---|--:|---|
    | 2013-02 | 100 | 0.6100 |
    | 2013-03 | 90 | – |
    | mean | – | 0.6100 |
    """
    return markdown_table(windows_head(metric, policies), windows_rows(policies, rows))


def windows_head(metric: str, policies: Sequence[str]) -> tuple[str, ...]:
    """Return the headers of the windows' rows."""
    return ("window", "rows", *(f"{metric} of {name}" for name in policies))


def windows_rows(policies: Sequence[str], rows: Sequence[Row]) -> Cells:
    """Return a row a window, then the means."""
    cells: Cells = [(window, n, *(_four(values[name]) for name in policies)) for window, n, values in rows]
    return [*cells, ("mean", None, *(_four(mean([values[name] for _, _, values in rows])) for name in policies))]


def outcomes_table(metric: str, outcomes: Mapping[str, Outcome], *, priced: bool) -> str:
    """Return a Markdown table: what each policy came to; `priced`: regret is money, else of the mean metric at equal trainings."""
    return markdown_table(outcomes_head(metric, priced=priced), outcomes_rows(outcomes))


def outcomes_head(metric: str, *, priced: bool) -> tuple[str, ...]:
    """Return the headers of the outcomes' rows."""
    regret = "regret (money)" if priced else f"regret ({metric}, same number of trainings)"
    return ("policy", f"mean {metric}", "trainings", "a year", "refused", "scouts", "alerts", "cost", "net", regret)


def outcomes_rows(outcomes: Mapping[str, Outcome]) -> Cells:
    """Return a row a policy: what it came to."""
    return [
        (name, _four(one.score), one.trainings, f"{one.a_year:.1f}", one.refused, one.scouts, one.alerts, _two(one.cost), _two(one.net), _four(one.regret))
        for name, one in outcomes.items()
    ]


def standards_table(metric: str, outcomes: Mapping[str, Outcome]) -> str:
    """Return a Markdown table: each policy's mean metric beside that of schedules with as many trainings; '' if nothing was measured."""
    rows = standards_rows(outcomes)
    return markdown_table(standards_head(metric), rows) if rows else ""


def standards_head(metric: str) -> tuple[str, ...]:
    """Return the headers of the standards' rows."""
    return ("policy", "trainings", f"mean {metric}", "best in hindsight", "share of its gain", "evenly spaced", "random, mean", "random, 95th percentile")


def standards_rows(outcomes: Mapping[str, Outcome]) -> Cells:
    """Return a row a policy: it beside schedules with as many trainings."""
    known = [(name, one, one.standard) for name, one in outcomes.items() if one.standard is not None]
    return [
        (name, its.trainings, _four(one.score), _four(its.best), _two(one.share), _four(its.spaced), _four(its.random_mean), _four(its.random_high))
        for name, one, its in known
    ]


def backtest_json(
    metric: str, policies: Sequence[str], rows: Sequence[Row], outcomes: Mapping[str, Outcome] | None = None, *, winner: str | None = None
) -> str:
    """Return one JSON object: the metric, and per policy its mean and its windows with rows and value (null: undecidable).

    With outcomes a policy also has what it came to and what schedules with as many trainings (`same_trainings`) did, and the object its winner.
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
        told[name]["trainings_a_year"] = _rounded(outcome.a_year)
        standard = outcome.standard
        told[name]["same_trainings"] = None if standard is None else {field: _rounded(value) for field, value in asdict(standard).items()}
    return json.dumps({"metric": metric, "policies": told, **({"winner": winner} if outcomes else {})}, indent=2) + "\n"


def written_line(metric: str, *, score: float | None, refused: int, needs_holdout: bool) -> list[str]:
    """Return what params.yaml gives as it was written, and what to do before a first model is trained by it.

    >>> written_line("auc", score=0.7, refused=1, needs_holdout=False)
    ['as written, params.yaml gives a mean auc of 0.7000; its rules refuse 1 candidate']
    """
    told = [] if score is None else [f"as written, params.yaml gives a mean {metric} of {score:.4f}"]
    if told and refused:
        told = [f"{told[0]}; its rules refuse {refused} candidate{'s' * (refused != 1)}"]
    hint = "a first model is judged on the permanent holdout: give data.holdout_share its share until one is promoted"
    return [*told, *([hint] if needs_holdout else [])]


def _rounded(value: float | None) -> float | None:
    return value if value is None or isinstance(value, int) else round(value, 6)


def _four(value: float | None) -> str | None:
    return None if value is None else f"{value:.4f}"


def _two(value: float | None) -> str | None:
    return None if value is None else f"{value:.2f}"
