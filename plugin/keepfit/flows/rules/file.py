"""A `gate.yaml` as a person reads it: its rules, and the line from which each demand stems."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from keepfit.errors import ProjectError
from keepfit.flows.project import find_project
from keepfit.flows.rules.place import OnDisk, rules_place, rules_text
from keepfit.flows.rules.served import VARIABLE
from keepfit.gate.rules import GateRules, ModelRules, parse_rules, read_rules
from keepfit.integrations.yaml_files import Keys, key_lines
from keepfit.records import Reason

BUILT_IN = "built-in"


@dataclass(frozen=True, kw_only=True)
class RulesFile:
    """Rules with where they were read (`place`), the name that findings show, and the line of each of their keys."""

    rules: GateRules
    place: str = BUILT_IN
    name: str = BUILT_IN
    lines: Mapping[Keys, int] = field(default_factory=dict)

    def pattern_of(self, model: str) -> str | None:
        """Return the pattern that holds for a model, None if none does."""
        held = self.rules.of(model)
        return next((pattern for pattern, rules in self.rules.models.items() if rules is held), None)

    def at(self, *keys: str) -> str | None:
        """Return `gate.yaml:14` for a key of the file, None if the file has no such key.

        >>> RulesFile(rules=GateRules(), name="gate.yaml", lines={("models",): 2}).at("models")
        'gate.yaml:2'
        """
        line = self.lines.get(keys)
        return None if line is None else f"{self.name}:{line}"

    def stems_from(self, demand: Reason, *, model: str) -> str | None:
        """Return the place of the key that makes a demand; None for what the gate demands whatever the file says."""
        pattern = self.pattern_of(model)
        key = None if pattern is None else _key_of(demand, self.rules.models[pattern])
        return None if pattern is None or key is None else self.at("models", pattern, *key)


def rules_file(named: str | None, *, here: Path | None = None) -> RulesFile:
    """Read the rules named, else those of the project at `here`, else those of `KEEPFIT_GATE`; without any, the built-in protection.

    Raises `ProjectError` if they cannot be read and `ParamsError` if a key of theirs does not fit.
    """
    here = here or Path.cwd()
    place = where_rules_lie(named, here=here)
    return read_file(place, here=here) if place else RulesFile(rules=read_rules(None, problem=f"no project here, and {VARIABLE} names no rules file"))


def where_rules_lie(named: str | None, *, here: Path | None = None) -> str | None:
    """Return the place of the rules named, else of the project's, else `KEEPFIT_GATE`'s; None if nothing names any."""
    return named or projects_rules(here or Path.cwd()) or os.environ.get(VARIABLE)


def read_file(named: str, *, here: Path) -> RulesFile:
    """Read the rules at a place; raises as `rules_file` does."""
    place = rules_place(named, here=here)
    text = rules_text(place)
    name = place.name if isinstance(place, OnDisk) else f"{place.branch}:{place.path}"
    return RulesFile(rules=parse_rules(text, where=name), place=str(place), name=name, lines=key_lines(text))


def projects_rules(here: Path) -> str | None:
    """Return the place of the rules of the project at `here`, None if there is no project."""
    try:
        return str(find_project(here).root / "gate.yaml")
    except ProjectError:
        return None


def about_rows(demand: Reason) -> bool:
    """Whether a demand is a rule over scorecard rows."""
    return demand.slice is not None or demand.code == "KF-G025"


def _key_of(demand: Reason, held: ModelRules) -> Keys | None:
    if about_rows(demand):
        return held.keys_of(demand.rule) if demand.rule in held.demanded else None
    if demand.rule.startswith("expectation "):
        return ("block_severities",)
    return (demand.rule,) if demand.rule in ModelRules.model_fields else None
