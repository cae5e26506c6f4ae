"""Waiting for what happens in its own time, with an end."""

from __future__ import annotations

import time

PAGE_WAIT_S = 60


def wait_for(condition, seconds=20, *, what="waited too long"):
    """Ask again until the answer is true, and return it."""
    end = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < end, what
        time.sleep(0.05)
    return answer


def version_saying(client, model, version, words):
    """The version as soon as its description says these words: the gate writes them after its answer."""

    def said():
        found = client.get_model_version(model, version)
        return found if words in (found.description or "") else None

    return wait_for(said, PAGE_WAIT_S, what=f"{model} v{version} never said {words!r}")
