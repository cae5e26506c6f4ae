"""The backtest as a page that stands alone: the curve of score against reviews a year, and every number that it draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from keepfit.report.backtest import Row, outcomes_head, outcomes_rows, standards_head, standards_rows, windows_head, windows_rows
from keepfit.report.curve import Level, Place, curves
from keepfit.report.pages import render
from keepfit.update.outcomes import YEAR_DAYS, Outcome
from keepfit.update.standards import Standard, Standards

POINTS = 24
BEYOND = 1.25
LEVEL_HEAD = ("trainings", "a year", "best in hindsight", "evenly spaced", "random, 5th percentile", "random, mean", "random, 95th percentile")


def backtest_page(
    model: str, metric: str, rows: Sequence[Row], outcomes: Mapping[str, Outcome], standards: Standards, *, days: float, winner: str | None, priced: bool
) -> str:
    """Return the page; `days` is how long the judged windows last together."""
    policies, levels = list(outcomes), _levels(outcomes, standards)
    places = [Place(name=name, a_year=one.a_year, score=one.score) for name, one in outcomes.items() if one.score is not None]
    drawn = [_level(one, days) for one in levels]
    said = (
        "nothing was measured: no window has labels that decide"
        if winner is None
        else f"the winner by {'net worth' if priced else f'mean {metric}'} is {winner}"
    )
    return render(
        "backtest.html",
        model=model,
        verdict=said,
        calm=winner is not None,
        sides=f"{model}: {len(rows)} windows after the first, {rows[0][0]} to {rows[-1][0]}, {sum(n for _, n, _ in rows):,} labelled rows",
        figure=curves(places, drawn, metric=metric, greater_is_better=standards.sign > 0, winner=winner) if places else None,
        tables=(
            ("What policies came to", outcomes_head(metric, priced=priced), outcomes_rows(outcomes)),
            ("Beside schedules with as many trainings", standards_head(metric), standards_rows(outcomes)),
            ("Schedules by their number of trainings", LEVEL_HEAD, [_cells(one, days) for one in levels]),
            ("Window by window", windows_head(metric, policies), windows_rows(policies, rows)),
        ),
    )


def _levels(outcomes: Mapping[str, Outcome], standards: Standards) -> list[Standard]:
    """Schedules with 0, 1 … trainings, as far as policies go and a little beyond; of many only some."""
    most = max((one.trainings for one in outcomes.values()), default=0)
    last = max(min(int(most * BEYOND) + 1, standards.windows - 2), 0)
    counts = sorted({round(at * last / min(last, POINTS)) for at in range(min(last, POINTS) + 1)} if last else {0})
    return [found for found in map(standards.of, counts) if found is not None]


def _level(one: Standard, days: float) -> Level:
    return Level(a_year=_a_year(one, days), best=one.best, spaced=one.spaced, random_low=one.random_low, random_high=one.random_high)


def _cells(one: Standard, days: float) -> tuple[object, ...]:
    numbers = (one.best, one.spaced, one.random_low, one.random_mean, one.random_high)
    return (one.trainings, f"{_a_year(one, days):.1f}", *(f"{value:.4f}" for value in numbers))


def _a_year(one: Standard, days: float) -> float:
    return one.trainings / days * YEAR_DAYS if days else 0.0
