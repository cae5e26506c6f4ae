"""The real things that other tests stand on start and stop."""

from __future__ import annotations

import os
import urllib.request
from pathlib import Path

import pytest


@pytest.mark.postgres
@pytest.mark.slow
def test_postgresql_starts_on_a_port_of_its_own(postgres):
    import sqlalchemy

    engine = sqlalchemy.create_engine(postgres.uri)
    with engine.connect() as connection:
        assert connection.execute(sqlalchemy.text("select 6 * 7")).scalar() == 42
    engine.dispose()


@pytest.mark.browser
@pytest.mark.slow
def test_chromium_shows_a_page(browser):
    page = browser.new_page()
    page.set_content("<h1>keepfit</h1>")
    assert page.inner_text("h1") == "keepfit"
    page.close()


@pytest.mark.slow
def test_the_gated_server_answers(gated_server):
    with urllib.request.urlopen(f"{gated_server.uri}/health", timeout=30) as answer:
        assert answer.status == 200
    assert gated_server.rules.is_file()


def test_tests_touch_no_keys_and_no_git_configuration_of_the_person():
    home = Path.home()
    assert not Path(os.environ["KEEPFIT_KEYS"]).is_relative_to(home)
    assert not Path(os.environ["GIT_CONFIG_GLOBAL"]).is_relative_to(home)
