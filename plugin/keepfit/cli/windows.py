"""`keepfit window`: what a person decides on a window that failed its expectations."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from keepfit.slices.past_entries import PastStatus
    from keepfit.tables.window_decisions import Choice

DONE = {"exclude": "excluded", "accept": "accepted"}
REASON = click.option("--reason", required=True, help="Why; it is reviewed with the change.")


@click.group()
def window() -> None:
    """Decide on windows: exclude or accept one that failed, retire or activate one that is past."""


@window.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def list_windows(as_json: bool) -> None:
    """Show the windows that are blocked or lost rows, and what people decided on them and on the past."""
    from keepfit.flows.project import find_project
    from keepfit.flows.rows.past import past_entries
    from keepfit.flows.rows.windows import failed_windows, window_decisions

    project = find_project()
    decisions = window_decisions(project)
    failed = {one.window: one for one in failed_windows(project)}
    rows = [
        {
            "window": name,
            "state": "blocked" if name in failed and failed[name].blocked else "usable",
            "quarantined": failed[name].quarantined if name in failed else 0,
            "verdict": decisions[name].verdict if name in decisions else None,
            "reason": decisions[name].reason if name in decisions else "",
        }
        for name in sorted({*failed, *decisions})
    ]
    past = past_entries(project).said
    if as_json:
        click.echo(json.dumps({"windows": rows, "past": past}, indent=2))
        return
    for row in rows:
        waits = f"waits for keepfit window exclude|accept {row['window']} --reason …" if row["state"] == "blocked" else "nothing to decide"
        decided = f"{DONE[str(row['verdict'])]}: {row['reason']}" if row["verdict"] else waits
        click.echo(f"{row['window']}  {row['state']}  {row['quarantined']} rows quarantined  {decided}")
    for one in past:
        click.echo(f"{one['name']}  {one['status']}: {one['reason']}")


@window.command()
@click.argument("window_id", metavar="WINDOW")
@REASON
def exclude(window_id: str, reason: str) -> None:
    """Leave a window's rows out of every training and evaluation."""
    _decide(window_id, "exclude", reason)


@window.command()
@click.argument("window_id", metavar="WINDOW")
@REASON
def accept(window_id: str, reason: str) -> None:
    """Use a window although it failed; its quarantined rows stay out."""
    _decide(window_id, "accept", reason)


@window.command()
@click.argument("window_id", metavar="WINDOW|incident=NAME")
@REASON
def retire(window_id: str, reason: str) -> None:
    """Judge no candidate by a past window (or an incident) any more: it is shown."""
    _remember(window_id, "retired", reason)


@window.command()
@click.argument("window_id", metavar="WINDOW|incident=NAME")
@REASON
def activate(window_id: str, reason: str) -> None:
    """Let a past window (or an incident) judge candidates again."""
    _remember(window_id, "active", reason)


@window.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def past(as_json: bool) -> None:
    """Show what each champion scored on each past window, and what was forgotten."""
    from keepfit.cli.output import show
    from keepfit.flows.project import find_project
    from keepfit.flows.retraining.past_matrix import past_matrix
    from keepfit.report.forgetting import forgetting_data, forgetting_matrix

    project = find_project()
    found, metric = past_matrix(project), project.params.evaluate.metric
    if as_json:
        click.echo(json.dumps(forgetting_data(found, metric), indent=2))
    else:
        show(forgetting_matrix(found, metric))


@window.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def draw(as_json: bool) -> None:
    """Draw the rows that the recipe trains on from all rows of an engine's table, in place of the samples of its windows (compose.draws_from)."""
    from keepfit.flows.project import find_project
    from keepfit.flows.retraining.draw import draw_here
    from keepfit.flows.stages.compose import DECISION, read_decision
    from keepfit.records import to_data

    project = find_project()
    drawn = draw_here(project, read_decision(project.root / DECISION))
    if as_json:
        click.echo(json.dumps({"drawn": None if drawn is None else to_data(drawn)}, indent=2))
    elif drawn is not None:
        for one in drawn.windows:
            click.echo(f"{one.window}  {one.drawn:,} of {one.trainable:,} rows that may train")
        click.echo(drawn.sentence)
    folder = os.path.relpath(project.root / "data" / "windows")
    click.echo(f"next: dvc add {folder} && git add {folder}.dvc && git commit, then dvc repro", err=True)


def _remember(name: str, status: PastStatus, reason: str) -> None:
    from keepfit.flows.project import find_project
    from keepfit.flows.rows.past import decide_past

    path = decide_past(find_project(), name, status, reason)
    click.echo(f"next: git add {os.path.relpath(path)} && git commit, then dvc repro", err=True)


def _decide(window_id: str, verdict: Choice, reason: str) -> None:
    from keepfit.flows.project import find_project
    from keepfit.flows.rows.windows import decide_window

    path = decide_window(find_project(), window_id, verdict, reason)
    click.echo(f"next: git add {os.path.relpath(path)} && git commit, then dvc repro or keepfit monitor", err=True)
