"""The section `model`: which model a project keeps fit, and between which classes it tells."""

from __future__ import annotations

import re
from typing import Any

from pydantic import field_validator, model_validator

from keepfit.params.own_names import no_own_name
from keepfit.params.section import Section
from keepfit.records import Task

NAME = re.compile(r"^[^/:\s][^/:]*$")
MANY = 3
MOST_CLASSES = 256
"""A row has a probability for each class: scores, kept answers and scorecards grow by a column or a row a class."""


class ModelParams(Section):
    """Which model this project keeps fit.

    `classes` are the target's values as people write them, where there are three or more; None: two classes, of which `positive` counts as 1 (None: the
    target is 0 and 1 already). The place of a class in the list is its *code*, and the number of classes the code of a class that is not in it.
    """

    name: str
    task: Task
    target: str
    positive: str | None = None
    classes: tuple[str, ...] | None = None

    @property
    def many(self) -> bool:
        """Whether the model tells between three or more classes.

        >>> ModelParams(name="m", task="classification", target="topic", classes=("a", "b", "c")).many
        True
        """
        return self.classes is not None

    @property
    def class_names(self) -> tuple[str, ...]:
        """The texts of all classes in the order of their codes; none of a regression.

        >>> ModelParams(name="m", task="classification", target="left", positive="yes").class_names
        ('not yes', 'yes')
        """
        if self.task == "regression":
            return ()
        return self.classes or (("0", "1") if self.positive is None else (f"not {self.positive}", self.positive))

    @field_validator("name")
    @classmethod
    def _registrable(cls, name: str) -> str:
        if not NAME.match(name):
            raise ValueError("a model name has no '/', ':' or leading space (MLflow refuses them)")
        return name

    @field_validator("target")
    @classmethod
    def _told_from_ours(cls, target: str) -> str:
        no_own_name([target])
        return target

    @field_validator("classes", mode="before")
    @classmethod
    def _as_people_write_them(cls, given: Any) -> Any:
        """Texts, whatever YAML takes them for: `1`, `2.5` and `true` are written as in the table."""
        return tuple(as_word(value) for value in given) if isinstance(given, list | tuple) else given

    @field_validator("classes")
    @classmethod
    def _three_or_more(cls, classes: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if classes is None:
            return None
        twice = next((name for at, name in enumerate(classes) if name in classes[:at]), None)
        if twice is not None:
            raise ValueError(f"the class {twice[:40]!r} is listed twice")
        if "" in classes:
            raise ValueError("a class has a name: an empty value is a row without a label")
        if len(classes) < MANY:
            raise ValueError("three or more classes are listed; of two, model.positive names the one that counts as 1")
        if len(classes) > MOST_CLASSES:
            why = "each is a column of every table of scores and a row of every scorecard"
            raise ValueError(f"{len(classes):,} classes are more than {MOST_CLASSES}, the most that one model is judged by, as {why}: group rare ones together")
        return classes

    @model_validator(mode="after")
    def _classes_of_a_classification(self) -> ModelParams:
        if self.classes is None:
            return self
        if self.task != "classification":
            raise ValueError("a regression has no classes: task: classification, or take classes out")
        if self.positive is not None and self.positive not in self.classes:
            raise ValueError(f"model.positive {self.positive[:40]!r} is none of model.classes")
        return self


def as_word(value: object) -> str:
    """Return a YAML value as it is written in a table: `1`, `2.5`, `true`."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else f"{value:g}" if isinstance(value, float) else str(value)
