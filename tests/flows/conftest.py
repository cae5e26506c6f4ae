"""One small project a session, trained once; tests work on copies of it."""

from __future__ import annotations

import pytest
from tests.flows.projects import TICKET, Small, make_project, promote_first


@pytest.fixture(scope="session")
def promoted(tmp_path_factory) -> Small:
    """A champion serves, February is closed and has an open ticket."""
    small = make_project(tmp_path_factory.mktemp("small"))
    promote_first(small)
    return small


@pytest.fixture(scope="session")
def improved(promoted, tmp_path_factory) -> Small:
    """The ticket's retraining went through undisturbed and was pushed."""
    small = promoted.copy(tmp_path_factory.mktemp("improved"))
    small.keepfit("improve", TICKET, "--push")
    return small
