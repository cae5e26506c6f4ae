"""Where a ticket's pages lie."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from tests.flows.projects import MODEL, TICKET

from keepfit.cli.accept import open_
from keepfit.errors import ServerError, TicketError
from keepfit.flows.accepting import pages
from keepfit.integrations import browser
from keepfit.integrations.mlflow.client import Mlflow


def test_the_page_is_written_anew_and_shown_where_there_is_a_screen(promoted, monkeypatch):
    shown = []
    monkeypatch.chdir(promoted.root)
    monkeypatch.setattr(browser.webbrowser, "open", lambda address: shown.append(address) or True)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    told = CliRunner().invoke(open_, [TICKET])
    path = f".keepfit/reports/tickets/{TICKET}.html"
    assert (told.exit_code, told.stdout, told.stderr, shown) == (0, f"{path}\n", "keepfit: no browser to show it in here\n", [])
    assert "harm" in (promoted.root / path).read_text()
    monkeypatch.setenv("DISPLAY", ":0")
    assert CliRunner().invoke(open_, [TICKET, "--print"]).exit_code == 0
    assert shown == []
    CliRunner().invoke(open_, [TICKET])
    assert shown == [(promoted.root / path).as_uri()]


def test_the_candidates_page_is_that_of_its_version_on_the_server(improved, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", improved.uri)
    with pytest.raises(ServerError, match="MLflow is a database here"):
        pages.candidate_page(improved.project, TICKET)
    monkeypatch.setattr(Mlflow, "page", "http://mlflow.example/#")
    assert pages.candidate_page(improved.project, TICKET) == f"http://mlflow.example/#/models/{MODEL}/versions/2"


def test_a_ticket_without_a_candidate_has_none(promoted, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", promoted.uri)
    with pytest.raises(TicketError, match="has no candidate") as bad:
        pages.candidate_page(promoted.project, TICKET)
    assert bad.value.fix == f"keepfit improve {TICKET}"
