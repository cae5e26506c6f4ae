"""One MLflow run per judged window: its decision as tags, its numbers as metrics, its report as an artifact.

Owed through the ledger's outbox, so that a server that is away costs nothing: the runs are logged by the next `keepfit monitor`.
A run is found again by its key; a window that a person has decided on gets its run filled anew, not a second one. Beside them one
run a champion holds the same metrics over time.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Sequence
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import ServerError
from keepfit.flows.performance import course_of
from keepfit.flows.project import Project
from keepfit.integrations.ledger.outbox import Owed
from keepfit.integrations.ledger.transaction import LedgerTransaction
from keepfit.integrations.mlflow.client import Mlflow, Points, RunContent
from keepfit.records import Evidence, JudgedWindow, to_json
from keepfit.report.performance import MOST

if TYPE_CHECKING:
    from keepfit.flows.monitoring.memory import Memory
    from keepfit.monitor.compare import Drift

VERB, SERIES = "log-run", "log-series"
REPORT = "keepfit/report.html"
OVER_TIME = "One step a window, at the time of its end: statistics, e-values and performance of this champion. Open *Model metrics* for the charts."
NOT_IN_A_NAME = re.compile(r"[^0-9A-Za-z_\-. /]")


def owe_run(book: LedgerTransaction, seen: JudgedWindow) -> None:
    """Put the window's run and its point of the champion's series into the outbox, in the transaction that remembers the window."""
    scored = f":labels-{seen.arrivals}" if seen.arrivals else ""
    for verb in (VERB, SERIES):
        key = f"{verb}:{seen.model}:{seen.champion}:{seen.window.id}:{seen.status}{scored}"
        payload = {"model": seen.model, "champion": seen.champion, "window": seen.window.id}
        book.owe(Owed(model=seen.model, key=key, verb=verb, payload=payload))


def write_page(project: Project, seen: JudgedWindow, drift: Drift | None, *, memory: Memory) -> None:
    """Write the window's page under `.keepfit/reports/`, whole or not at all."""
    from keepfit.report.monitor import window_html

    path = report_path(project, seen.champion, seen.window.id)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    view = memory.view
    course = course_of(project.params, [row.seen for row in view.rows[-MOST:]], tickets=view.tickets, until=seen)
    draft.write_text(window_html(seen, drift=drift, scored=memory.record_of_estimates(seen), course=course), encoding="utf-8")
    draft.replace(path)


def report_path(project: Project, champion: str, window: str) -> Path:
    """Where a window's page lies: git-ignored."""
    return project.state / "reports" / f"{window}-{champion.removeprefix('sha256:')[:12]}.html"


def log_owed_runs(project: Project, memory: Memory, *, say: Callable[[str], None]) -> int:
    """Log the runs that are owed, oldest first, and return how many; a server that is away is told once and changes nothing else."""
    owed, runs = memory.view.owes(VERB), Mlflow(project.tracking_uri)
    for number, effect in enumerate(owed):
        seen = memory.view.window(effect.payload["champion"], effect.payload["window"])
        try:
            if number == 0:
                runs.probe()
            if seen is not None:
                _log(runs, project, seen)
        except ServerError as away:
            say(f"{away.what}; {len(owed) - number} window runs were not logged there, the next keepfit monitor does it")
            return number
        memory.settle((effect,))
    try:
        log_owed_series(project, memory, runs)
    except ServerError as away:
        say(f"{away.what}; the charts over time were not drawn there, the next keepfit monitor does it")
    return len(owed)


def _log(runs: Mlflow, project: Project, seen: JudgedWindow) -> None:
    content, key = run_content(project, seen), f"window:{seen.model}:{seen.champion}:{seen.window.id}"
    experiment = runs.experiment(project.params.mlflow.experiment)
    run = runs.find_run(experiment, key) or runs.start_run(experiment, key, content)
    runs.fill_run(run.id, content)
    runs.finish_run(run.id)


def run_content(project: Project, seen: JudgedWindow) -> RunContent:
    """Return what the run holds; a page that was lost is made again from the record, without its histograms."""
    from keepfit.report.monitor import window_html

    tags = {
        "kf.kind": "window",
        "kf.model": seen.model,
        "kf.version": seen.version,
        "kf.window": seen.window.id,
        "kf.decision": seen.decision.action,
        "kf.status": seen.status,
        "kf.ground": seen.decision.ground or "",
        "kf.ticket": seen.ticket or "",
        "mlflow.note.content": "\n".join((f"{_said(seen)}\n", *(f"- {reason}" for reason in (*seen.decision.reasons, *seen.notes)))),
    }
    report = report_path(project, seen.champion, seen.window.id)
    texts = {"keepfit/window.json": to_json(seen), REPORT: report.read_text(encoding="utf-8") if report.is_file() else window_html(seen)}
    return RunContent(name=f"window {seen.window.id}", tags=tags, metrics=_metrics(seen), step=seen.arrivals, texts=texts)


def _said(seen: JudgedWindow) -> str:
    """The sentence that a list of runs shows: what was decided, and how good the champion was."""
    from keepfit.report.monitoring import measured_said

    ticket = f", ticket {seen.ticket}" if seen.ticket else ""
    return f"{seen.decision.action.capitalize()}{ticket}: {measured_said(seen)}."


# -- over time ------------------------------------------------------------------------------------------------------------


def log_owed_series(project: Project, memory: Memory, runs: Mlflow) -> None:
    """Write the owed windows into the series of their champion, a step a window, so that MLflow's charts show them over time.

    MLflow changes no point once written: after labels came late the champion's series is made anew.
    """
    owed = memory.view.owes(SERIES)
    for champion in dict.fromkeys(str(effect.payload["champion"]) for effect in owed):
        mine = [effect for effect in owed if effect.payload["champion"] == champion]
        _log_series(runs, project, memory.view.windows(champion), names={str(effect.payload["window"]) for effect in mine})
        memory.settle(mine)


def _log_series(runs: Mlflow, project: Project, windows: Sequence[JudgedWindow], *, names: Collection[str]) -> None:
    last = windows[-1]
    experiment, key = runs.experiment(project.params.mlflow.experiment), f"series:{last.model}:{last.champion}"
    run = runs.find_run(experiment, key)
    if run is not None and any(seen.arrivals and seen.window.id in names for seen in windows):
        runs.delete_run(run.id)
        run = None
    tags = {"kf.kind": "series", "kf.model": last.model, "kf.version": last.version, "mlflow.note.content": OVER_TIME}
    made = run or runs.start_run(experiment, key, RunContent(name=f"{last.model} v{last.version} over time", tags=tags))
    points = [Points(step=step, at=_at(seen), metrics=_metrics(seen)) for step, seen in enumerate(windows, start=1) if run is None or seen.window.id in names]
    runs.log_series(made.id, points)
    runs.finish_run(made.id)


def _at(seen: JudgedWindow) -> int:
    """The window's end in milliseconds; the table's clock is taken for UTC."""
    return 0 if seen.window.end is None else int(seen.window.end.replace(tzinfo=UTC).timestamp() * 1000)


def _metrics(seen: JudgedWindow) -> dict[str, float]:
    numbers: dict[str, float | None] = {"rows": seen.rows, "labelled": seen.labelled, "late_rows": seen.late_rows}
    if seen.metric is not None:
        numbers |= {seen.metric: seen.value, f"{seen.metric}.low": seen.low, f"{seen.metric}.high": seen.high}
    if seen.estimate is not None and seen.metric is not None:
        said = seen.estimate
        named = {"": said.value, ".low": said.low, ".high": said.high, ".held": None if said.held is None else float(said.held)}
        numbers |= {f"{seen.metric}.estimate{part}": value for part, value in named.items()}
    for evidence in seen.evidence:
        numbers[_metric_name(evidence)] = evidence.effect
        if evidence.e_value is not None:
            numbers[f"{_metric_name(evidence)}.e_value"] = evidence.e_value
    return {name: float(value) for name, value in numbers.items() if value is not None}


def _metric_name(evidence: Evidence) -> str:
    """MLflow takes letters, digits, `_-. /` in a metric's name."""
    return NOT_IN_A_NAME.sub("_", f"{evidence.kind}/{evidence.subject}/{evidence.detector}")[:200]
