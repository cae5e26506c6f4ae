"""The page of a backtest is written whole or not at all."""

from __future__ import annotations

import pytest
from tests.flows.backtesting.test_backtest import PARAMS, csv

from keepfit.errors import DataError
from keepfit.flows.backtesting.backtest import backtest
from keepfit.flows.backtesting.page import write_page
from keepfit.flows.project import Project
from keepfit.records import Baseline, to_json


@pytest.fixture
def found(tmp_path):
    (tmp_path / "params.yaml").write_text(PARAMS)
    (tmp_path / "baseline.json").write_text(to_json(Baseline()))
    (tmp_path / "rows.csv").write_text(csv(4))
    return backtest(Project(tmp_path), policies=["never", "every-2"])


def test_the_same_backtest_is_the_same_page(found, tmp_path):
    for name in ("one.html", "two.html"):
        write_page(found, tmp_path / name)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_a_folder_that_is_not_there_is_named(found, tmp_path):
    with pytest.raises(DataError, match="no folder"):
        write_page(found, tmp_path / "there" / "page.html")
