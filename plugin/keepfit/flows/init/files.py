"""The files that init writes, as text: the template as it is, or changed for another task, an own table, an own train.py."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from keepfit.flows.init.guess import Guess
from keepfit.flows.init.preset import findable_loss, renewing_gate, renewing_params
from keepfit.flows.init.suites import rows_suite, scorecard_suite, without_columns
from keepfit.flows.init.template import template_files
from keepfit.flows.init.time_trial import OF_WORDS, REGRESSOR
from keepfit.integrations.yaml_files import commented, put, put_block, scalar, without
from keepfit.params import usual_metrics
from keepfit.records import CLASS
from keepfit.report.doubts import entity_said, repeats_said
from keepfit.rule_kinds.at_least import AtLeast
from keepfit.rule_kinds.at_most import AtMost
from keepfit.stats.known_metric import metric_named

if TYPE_CHECKING:
    from keepfit.expect.own_table import TableFacts
    from keepfit.expect.time_trial import Trial

Files = dict[str, bytes]
WEATHER = ("temp", "dewp", "humid", "wind_dir", "wind_speed", "precip", "pressure", "visib")
DECISION = b'{"action": "improve", "target": null}\n'
BASELINE = b'{\n  "champion": null,\n  "previous": null,\n  "schema": 1\n}\n'
IGNORED = b"# made by the stages, the monitor and the server; never reviewed\n/build/\n/.keepfit/\n/mlruns/\n__pycache__/\n"
STALE_DAYS = 90
AIR_TIME_LOSS = 0.5
MANY = "a mean over rows: decides with the fewest rows, and is estimated before labels; each class is a slice that may not be harmed"
FEWEST_OF_A_CLASS = 20
SCORECARD = "expectations/model/scorecard.json"


@dataclass(frozen=True, kw_only=True)
class Own:
    """An own table's project: where its rows come from, the training command if there is one, and the time features that helped."""

    facts: TableFacts
    live: str
    stale: bool
    command: str | None = None
    reads: str | None = None
    writes: str | None = None
    guess: Guess
    untimed: tuple[str, ...] = ()
    trial: Trial | None = None


def project_files() -> Files:
    """The files that every project starts with beside the template's."""
    return {
        "decision.json": DECISION,
        "baseline.json": BASELINE,
        ".gitignore": IGNORED,
        "models/.gitignore": b"/champion\n/candidate\n/refit\n",
        "models/champion/NONE": b"no model serves yet\n",
        "expectations/windows.yaml": b"{}\n",
    }


def flights_files(*, task: str, weather: bool, as_of: datetime | None = None) -> Files:
    """The flights template, for `late` or `air_time`, with or without the weather columns."""
    files = {**project_files(), **template_files()}
    params = files["params.yaml"].decode()
    if task == "air_time":
        params = _air_time(params)
        files["gate.yaml"] = renewing_gate(files["gate.yaml"].decode(), AIR_TIME_LOSS).encode()
        files[SCORECARD] = scorecard_suite(metric_named(usual_metrics("regression", many=False)[0], where=SCORECARD))
    elif not weather:
        params = without(params, "evaluate.rules.remembers")  # a model of the last month is to forget the others
    if not weather:
        params = _without_weather(params)
        files.pop("expectations/data/weather.json", None)
        files["expectations/data/rows.json"] = without_columns(files["expectations/data/rows.json"], {*WEATHER, "weather"})
    files["params.yaml"] = (put(params, "data.as_of", as_of) if as_of else params).encode()
    return files


def own_files(own: Own) -> Files:
    """The template for an own table: params from what the table says, a first data suite, gate rules for the model's name."""
    files = {**project_files(), **template_files()}
    facts = own.facts
    files.pop("expectations/data/weather.json", None)
    files["params.yaml"] = _own_params(files["params.yaml"].decode(), own).encode()
    gate = _own_gate(files["gate.yaml"].decode(), facts.asked.model, stale=own.stale)
    files["gate.yaml"] = renewing_gate(gate, findable_loss(facts)).encode()
    files["expectations/data/rows.json"] = rows_suite(facts)
    if facts.task == "regression" or facts.many:
        files[SCORECARD] = scorecard_suite(metric_named(facts.metrics[0], where=SCORECARD), classes=facts.target.classes or ())
    return files


def adopted_files(own: Own) -> Files:
    """Like `own_files`, for an existing repository: all below `keepfit/`, the expectations beside it."""
    files = own_files(own)
    pipeline = files["dvc.yaml"].decode().replace("expectations/", "../expectations/")
    if own.guess.script is not None:
        theirs = ", ".join(scalar(f"../{name}") for name in (own.guess.script, *own.guess.needs))
        for stage in ("train", "refit"):
            pipeline = pipeline.replace(f"deps: [stages/{stage}.py, ", f"deps: [stages/{stage}.py, {theirs}, ")
    files["dvc.yaml"] = pipeline.encode()
    files["params.yaml"] = put(files["params.yaml"].decode(), "expect.suites", "../expectations").encode()
    return {name if name.startswith("expectations/") else f"keepfit/{name}": content for name, content in files.items()}


# -- params.yaml --------------------------------------------------------------------------------------------------------


def _set(text: str, changes: Mapping[str, object]) -> str:
    for key, value in changes.items():
        text = put(text, key, value)
    return text


def _metric(text: str, metrics: Sequence[str], floor: tuple[str, float, str]) -> str:
    kind, bound, said = floor
    metric, *beside = metrics
    text = _set(text, {"evaluate.metric": metric, "evaluate.metrics": beside, "evaluate.rules.floor.metric": metric, "evaluate.rules.floor.kind": kind})
    return put(text, "evaluate.rules.floor.bound", bound, comment=said)


def _air_time(text: str) -> str:
    text = _set(text, {"model.name": "flights-air-time", "model.task": "regression", "train.estimator": REGRESSOR})
    text = put(text, "model.target", "air_time", comment="minutes in the air")
    text = renewing_params(text, AIR_TIME_LOSS, said="minutes; keepfit rules check says what the last window finds")
    text = _metric(text, usual_metrics("regression", many=False), (AtMost.name, 20.0, ""))
    return put(text, "update.harm_margin", 2.0)


def _without_weather(text: str) -> str:
    kept = [line for line in text.split("\n") if line.strip().split(":")[0] not in WEATHER]
    return put(put("\n".join(kept), "compose.recent_windows", 1), "compose.replay_share", 0.0)


def _own_params(text: str, own: Own) -> str:
    facts, asked = own.facts, own.facts.asked
    text = "\n".join([f"# What keeps {asked.model!r} fit. TODO marks a guess: check it. Every key is explained in docs/params.md.", *text.split("\n")[1:]])
    text = put(text, "model.name", asked.model)
    text = put(text, "model.task", facts.task, comment=f"TODO: {facts.target.doubt}" if facts.target.doubt else None)
    text = put(text, "model.target", asked.target, comment=_todo(own.guess.target == asked.target, "guessed from the script"))
    positive = facts.target.positive
    text = put(text, "model.positive", positive, comment="TODO: this value counts as 1" if positive is not None else None)
    if facts.target.classes is not None:
        rare = f"TODO: {facts.target.rare}" if facts.target.rare else "as they are written in the rows; one that is not listed is an event, and trains nothing"
        text = put(text, "model.classes", list(facts.target.classes), comment=rare)
    text = put(text, "data.history", None, comment="only the flights template has a history of its own")
    text = put(text, "data.as_of", facts.as_of, comment=_todo(asked.as_of is None, "the first model trains on windows that end here or before"))
    text = put(text, "data.live", own.live, comment="where new rows come from: a file, or a folder of files")
    again = f"TODO: {repeats_said(asked.time, facts.first.repeats)}" if facts.first.repeats else "the column that says when"
    text = put(text, "data.time", asked.time, comment=again)
    text = put(text, "data.id", facts.id, comment=_todo(facts.id is not None and asked.id is None, "guessed: different in every row"))
    text = put(text, "data.group", None, comment=f"TODO: {entity_said(facts.first.entity)}") if facts.first.entity else text
    text = put(text, "data.window", facts.window, comment=None if asked.window else "TODO: month | week | day | '<n> rows'; guessed from the table's length")
    text = put_block(text, "data.features", [*_features(facts), *(f"# left out: {name} ({why})" for name, why in facts.left_out.items())])
    if own.trial is not None:
        text = put(text, "data.time_features", own.trial.names, comment=own.trial.sentence)
    text = put(text, "compose.recent_windows", None, comment="the newest windows train in full; null: all")
    text = put(text, "compose.replay_share", 0.0)
    text = _own_evaluation(text, facts)
    old = "TODO: null, as the newest row is old; for live data: 90"
    text = put(text, "certify.valid_days", None if own.stale else STALE_DAYS, comment=old if own.stale else "")
    return _training(text, own)


def _features(facts: TableFacts) -> list[str]:
    doubts = {name: f"TODO: {doubt}" for name, doubt in facts.first.doubts.items()}
    first, *rest = facts.features
    said = {first: "TODO: take out what is only known after the target (a leak)", **dict.fromkeys(rest, ""), **doubts}
    return commented((f"{scalar(name)}: {kind}", said[name]) for name, kind in facts.features.items())


def _own_evaluation(text: str, facts: TableFacts) -> str:
    enough = max(20, min(100, facts.rows_a_window // 2))
    slices = [(f"{scalar(name)}: {{min_rows: null}}", "") for name in facts.slices]
    if facts.target.classes is not None:
        slices = [(f"{CLASS}: {{min_rows: {max(FEWEST_OF_A_CLASS, enough // len(facts.target.classes))}}}", "each class, by its own rows"), *slices]
    text = put_block(text, "evaluate.slices", commented(slices))
    text = put(text, "update.harm_margin", None, comment="of the metric below what the certificate promised; null: half the first model's own interval")
    text = _set(text, {"evaluate.min_rows": enough, "monitor.min_rows": enough, "expect.min_rows": min(20, enough)})
    said = f"TODO: planned, not measured: what windows of {facts.rows_a_window:,} rows may find with power .8; keepfit rules check says what the last one finds"
    text = renewing_params(text, findable_loss(facts), said=said)
    if facts.many:
        always = "TODO: as bad as always answering the commonest class; what is good enough to serve?"
        text = _metric(text, facts.metrics, (AtMost.name, _two_digits(facts.first.trivial), always))
        return put(text, "evaluate.metric", facts.metrics[0], comment=MANY)
    if facts.task == "classification":
        return _metric(text, facts.metrics, (AtLeast.name, 0.5, "TODO: 0.5 is chance; what is good enough to serve?"))
    scale = facts.first.trivial or 1.0
    return _metric(text, facts.metrics, (AtMost.name, _two_digits(scale), "TODO: as bad as always saying the median; what is good enough to serve?"))


def _training(text: str, own: Own) -> str:
    if own.command is None:
        return _estimator(text, own.facts)
    text = put(text, "train.estimator", None)
    text = put_block(text, "train.params", [])
    text = put(text, "train.command", own.command, comment="runs at the top of a scratch work tree of this repository")
    text = put(text, "train.reads", own.reads, comment=_guessed(own.guess.reads, own.reads, "where it finds the composed table"))
    none = "it logs its model to an MLflow run" if own.guess.logs_model else "TODO: the path of the model that it leaves"
    return put(text, "train.writes", own.writes, comment=_guessed(own.guess.writes, own.writes, "the model that it leaves") if own.writes else none)


def _estimator(text: str, facts: TableFacts) -> str:
    """Trees, or a linear model where words are read: of these there are thousands."""
    if "text" in facts.features.values():
        text = put(text, "train.estimator", OF_WORDS[facts.task], comment="linear: it reads thousands of words")
        return put_block(text, "train.params", ["max_iter: 1000"])
    return put(text, "train.estimator", REGRESSOR) if facts.task == "regression" else text


def _guessed(guess: str | None, value: str | None, said: str) -> str:
    return f"TODO: guessed; {said}" if guess is not None and guess == value else said


def _todo(guessed: bool, said: str) -> str:
    return f"TODO: {said}" if guessed else ""


def _two_digits(value: float) -> float:
    return float(f"{value:.2g}")


# -- gate.yaml ----------------------------------------------------------------------------------------------------------


def _own_gate(text: str, model: str, *, stale: bool) -> str:
    text = text.replace("'flights-*':", f"{json.dumps(model, ensure_ascii=False)}:")
    age = "# TODO: null, as the newest row is old; for live data: 90" if stale else "# older evidence is refused"
    lines = [f"    max_data_age_days: {'null' if stale else STALE_DAYS}     {age}" if "max_data_age_days:" in line else line for line in text.split("\n")]
    return "\n".join(lines)


def with_trust(text: str, keys: Mapping[str, str]) -> str:
    """Return gate.yaml with the signers' public keys in place of `trust: self`; other rules stay."""
    found = ", ".join(f"{scalar(name)}: {json.dumps(key)}" for name, key in keys.items())
    said = "    # whose certificates count: name: public key"
    return "\n".join(f"{_indent(line)}trust: {{{found}}}{said}" if line.strip().startswith("trust: self") else line for line in text.split("\n"))


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def todo_lines(files: Mapping[str, bytes], names: Iterable[str]) -> int:
    """Count the guesses a person should look at."""
    return sum(files[name].decode().count("TODO") for name in names if name in files)
