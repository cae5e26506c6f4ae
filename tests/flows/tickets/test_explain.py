"""A ticket that monitor opened, explained: on the small real project of the monitor's tests."""

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from tests.flows.monitoring.test_monitor import pin, project, rows_of, run, trained, write_rows

from keepfit.cli.tickets import explain
from keepfit.errors import DataError
from keepfit.flows.tickets.explain import figures_of, write_ticket_page
from keepfit.flows.tickets.tickets import find_ticket

__all__ = ["project", "trained"]


def half_flipped(month):
    """The relation is turned round where c is b, and only there."""
    rows, turned = rows_of(month, n=2000), rows_of(month, n=2000, flipped=True)
    return pd.concat([rows[rows["c"] == "a"], turned[turned["c"] == "b"]]).sort_values("t")


@pytest.fixture
def told(project):
    write_rows(project.root, rows_of(1), rows_of(2), rows_of(3), half_flipped(4))
    return run(project).tickets


def test_a_relation_that_changed_in_one_slice_is_told_with_that_slice(told):
    (ticket,) = told
    assert (ticket.root.kind, ticket.cause, ticket.root.since) == ("concept", "harm:overall", "2013-04")
    assert "c=b" in ticket.root.slices[0].slice
    assert not any("c=a" in found.slice for found in ticket.root.slices)
    assert ticket.root.harm.effect < -0.1


def test_inputs_that_moved_and_did_harm_are_another_cause(project):
    """x is drawn a hundred times closer to 0, where the model knows nothing."""
    april = rows_of(4)
    chance = 1 / (1 + np.exp(-2 * april["x"] / 100))
    april = april.assign(x=april["x"] / 100, y=(np.random.default_rng(0).random(len(april)) < chance).astype(int))
    write_rows(project.root, rows_of(1), rows_of(2), rows_of(3), april)
    (ticket,) = run(project).tickets
    assert (ticket.cause, ticket.root.column) == ("harm:overall/covariate", "x")
    assert ticket.root.where.startswith("x in (")
    came = ticket.root.moved[0]
    assert came.columns == ("x",)
    assert came.share_before + came.effect == pytest.approx(came.share)
    assert came.effect > 0.1


def test_a_slice_that_got_worse_says_its_share_before(told):
    worst = told[0].root.slices[0]
    assert told[0].root.moved == (), "the relation changed, the rows did not"
    assert worst.share_before == pytest.approx(worst.share, abs=0.1)


def test_without_rows_of_the_past_no_slice_is_compared_with_it(project):
    write_rows(project.root, rows_of(2), rows_of(3), half_flipped(4))
    (ticket,) = run(project).tickets
    assert ticket.root.slices[0].share_before is None


def test_the_page_shows_both_sides_of_the_columns(project, told, tmp_path):
    write_ticket_page(project, told[0], tmp_path / "ticket.html")
    html = (tmp_path / "ticket.html").read_text(encoding="utf-8")
    assert html.count('<svg class="bars"') == 2
    assert html.count('<svg class="course') == 2  # one for a desk, one for a phone
    assert "c=b" in html


def test_where_the_rows_or_the_champion_are_gone_the_page_says_so(project, told):
    (project.state / "windows" / "2013-04.parquet").unlink()
    assert figures_of(project, told[0])[1].startswith("no distributions: the champion's profile or the window's rows")
    pin(project.root, version="2")
    fresh = type(project)(project.root)
    assert figures_of(fresh, told[0]) == ((), "no distributions: version 1 is not the pinned champion any more")


def test_explain_prints_the_text_and_writes_the_page(project, told, tmp_path):
    done = CliRunner().invoke(explain, [told[0].id, "--html", str(tmp_path / "out.html")], catch_exceptions=False)
    assert "their relation changed" in done.stdout
    assert (tmp_path / "out.html").stat().st_size < 500_000
    with pytest.raises(DataError, match="no folder"):
        CliRunner().invoke(explain, [told[0].id, "--html", str(tmp_path / "none" / "out.html")], catch_exceptions=False)
    assert find_ticket(project, told[0].id) == told[0]
