"""The family's members that only tests have."""

from __future__ import annotations

import pytest
from tests.flows.deliver.receivers import BOXES
from tests.integrations.ledger.conftest import on_postgres  # noqa: F401 - a fixture

from keepfit import plugins


@pytest.fixture(autouse=True)
def _in_memory(monkeypatch):
    BOXES.clear()
    for name, member in {"memory": "MemoryHook", "hasty": "HastyHook"}.items():
        monkeypatch.setitem(plugins.BUILTIN["hooks"], name, f"tests.flows.deliver.receivers:{member}")
