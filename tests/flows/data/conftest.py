"""One tracked repository for the room; tests that change it work on copies."""

from __future__ import annotations

import pytest
from tests.flows.data.tracked import Tracked, make_tracked


@pytest.fixture(scope="session")
def tracked(tmp_path_factory) -> Tracked:
    return make_tracked(tmp_path_factory.mktemp("tracked"))


@pytest.fixture
def mine(tracked, tmp_path) -> Tracked:
    """A copy that a test may change."""
    return tracked.copy(tmp_path / "mine")
