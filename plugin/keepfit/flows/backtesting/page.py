"""The page of a backtest, written where it was asked for."""

from __future__ import annotations

from pathlib import Path

from keepfit.flows.backtesting.backtest import Backtest
from keepfit.flows.backtesting.race import RecipeRace
from keepfit.flows.page_file import write_page_file
from keepfit.report.backtest_page import backtest_page
from keepfit.report.race_page import race_page


def write_page(found: Backtest, out: Path) -> None:
    """Write the page; raises `DataError` where no file can be."""
    page = backtest_page(
        found.model, found.metric, found.rows, found.outcomes, found.standards, days=found.days, winner=found.winner, priced=found.priced
    )  # fmt: skip
    write_page_file(out, page)


def write_race_page(found: RecipeRace, out: Path) -> None:
    """Write the page of a race; raises `DataError` where no file can be."""
    write_page_file(out, race_page(found.model, found.metric, found.race, found.rows, left_out=found.left_out, said=found.said))
