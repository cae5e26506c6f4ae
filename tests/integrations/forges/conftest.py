from __future__ import annotations

import pytest
from tests.forge_double import forge


@pytest.fixture
def double():
    with forge() as state:
        yield state
