"""`keepfit rules check`: a `gate.yaml` in words, what is odd about it, and which rules the last window cannot decide."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from keepfit import plugins
from keepfit.errors import KeepfitError, ParamsError, ProjectError
from keepfit.flows.project import find_project
from keepfit.flows.rules.file import RulesFile, projects_rules, read_file
from keepfit.flows.rules.served import VARIABLE
from keepfit.gate.decidable import RowFinding, row_findings
from keepfit.gate.findings import Range, findings, wrong_directions
from keepfit.gate.pass_rate import PassRates
from keepfit.gate.rules import ModelRules
from keepfit.records import Scorecard, from_json
from keepfit.report.rules import sentences, unprotected

SCORECARD = "reports/scorecard.json"
FINE, UNDECIDABLE = 0, 4
EVERYTHING: Range = (float("-inf"), float("inf"))


@dataclass(frozen=True, kw_only=True)
class Remark:
    """A sentence with the place that it is about (`gate.yaml:14`), and what to do if it is a warning."""

    about: str
    text: str
    place: str | None = None
    fix: str = ""


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A pattern's rules in words."""

    pattern: str
    place: str | None
    sentences: tuple[Remark, ...]


@dataclass(frozen=True, kw_only=True)
class RulesCheck:
    """What is said about a rules file; `window` names the scorecard that was asked, None if there is none; `rates`: how often whom it lets pass."""

    place: str
    digest: str
    patterns: tuple[Pattern, ...]
    unprotected: str
    warnings: tuple[Remark, ...]
    window: str | None
    rows: tuple[RowFinding, ...] = ()
    rates: PassRates | None = None

    @property
    def exit_code(self) -> int:
        """4 if the last window cannot decide a rule, else 0."""
        return UNDECIDABLE if any(found.undecidable for found in self.rows) else FINE


def rules_check(named: str | None = None, *, here: Path | None = None) -> RulesCheck:
    """Explain the rules named, else those of the project, the folder, or `KEEPFIT_GATE`; raises `ProjectError` for what is no rules file."""
    here = here or Path.cwd()
    file = _file(named, here)
    card = _last_scorecard(here)
    pattern = None if card is None else file.pattern_of(card.model)
    rows = () if card is None or pattern is None else tuple(row_findings(file.rules.models[pattern], card))
    return RulesCheck(
        place=file.place,
        digest=file.rules.digest,
        patterns=tuple(_patterns(file)),
        unprotected=unprotected(tuple(file.rules.models)),
        warnings=tuple(_warnings(file)),
        window=None if card is None else _window(card, pattern),
        rows=rows,
        rates=None if card is None or pattern is None else _rates(here, file.rules.models[pattern], card),
    )


def _rates(here: Path, held: ModelRules, card: Scorecard) -> PassRates | None:
    """How often a candidate of a known worth passes; None where nothing was compared, or where params.yaml cannot be read."""
    try:
        wanted = find_project(here).params.evaluate if card.champion else None
    except KeepfitError:
        return None
    if wanted is None:
        return None
    import numpy as np

    from keepfit.update.pass_rates import pass_rates

    return pass_rates(wanted, held, card, rng=np.random.default_rng(0))


def _file(named: str | None, here: Path) -> RulesFile:
    lying = "gate.yaml" if (here / "gate.yaml").is_file() else None
    place = named or projects_rules(here) or lying or os.environ.get(VARIABLE)
    if place is None:
        raise ProjectError("no rules file here", where=str(here), fix="keepfit rules check PATH/gate.yaml")
    try:
        return read_file(place, here=here)
    except ParamsError as bad:
        raise ProjectError(bad.what, where=bad.where, fix=bad.fix) from bad


def _patterns(file: RulesFile) -> Iterator[Pattern]:
    for pattern, held in file.rules.models.items():
        said = (Remark(about=one.about, text=one.text, place=file.at("models", pattern, *one.keys)) for one in sentences(held))
        yield Pattern(pattern=pattern, place=file.at("models", pattern), sentences=tuple(said))


def _warnings(file: RulesFile) -> Iterator[Remark]:
    known = {name: _range(name) for name in plugins.names("metrics")}
    higher = {name: more for name in known if (more := _higher(name)) is not None}
    for found in (*findings(file.rules, metrics=known), *wrong_directions(file.rules, higher=higher)):
        place = file.at(*found.keys) or file.at(*found.keys[:-1])  # a default has no line of its own
        yield Remark(about="warning", text=found.text, place=place, fix=found.fix)


def _higher(metric: str) -> bool | None:
    """Whether more of a metric is better; None of one that does not say it, or whose package is broken."""
    try:
        found: bool = plugins.load("metrics", metric).greater_is_better
    except (KeepfitError, AttributeError):
        return None
    return found


def _range(metric: str) -> Range:
    """The values that a metric can have; every number of one that does not say it, or whose package is broken."""
    try:
        found: Range = plugins.load("metrics", metric).range
    except (KeepfitError, AttributeError):
        return EVERYTHING
    return found


# -- the last window ----------------------------------------------------------------------------------------------------


def _last_scorecard(here: Path) -> Scorecard | None:
    try:
        path = find_project(here).root / SCORECARD
    except ProjectError:
        return None
    return from_json(Scorecard, path.read_bytes(), where=SCORECARD) if path.is_file() else None


def _window(card: Scorecard, pattern: str | None) -> str:
    until = "" if card.evaluated_until is None else f" until {card.evaluated_until:%Y-%m-%d}"
    said = f"{SCORECARD}: {card.model}, {card.n:,} rows{until}"
    if pattern is None:
        return f"{said}; no pattern protects this model"
    return f"{said}; a first model, nothing was compared" if card.champion is None else said
