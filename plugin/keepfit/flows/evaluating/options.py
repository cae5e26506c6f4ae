"""Errors of params, in the words of the command line: outside of a project there is no params.yaml that could be edited."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from keepfit.errors import KeepfitError

OPTIONS = {
    "evaluate.metrics": "--metrics",
    "evaluate.metric": "--metric",
    "evaluate.slices": "--slices",
    "evaluate.rules": "the gate's rules",
    "model.positive": "--positive",
    "model.classes": "--target",
    "model.target": "--target",
    "model.task": "--task",
    "data.group": "--group",
    "data.time": "--time",
    "data.live": "--data",
    "data.id": "--id",
}
"""Keys of params.yaml, longer ones first, with the option that says the same."""


@contextmanager
def by_options() -> Iterator[None]:
    """Inside the block, let errors name options where they name keys."""
    try:
        yield
    except KeepfitError as bad:
        bad.where, bad.fix = (None if said is None else in_options(said) for said in (bad.where, bad.fix))
        raise


def in_options(said: str) -> str:
    """Return the sentence with options in the place of keys.

    >>> in_options("params.yaml: model.positive"), in_options("params.yaml: evaluate.rules.overall.metric")
    ('--positive', "the gate's rules.overall.metric")
    """
    said = said.replace("params.yaml: ", "")
    for key, option in OPTIONS.items():
        said = said.replace(key, option)
    return said
