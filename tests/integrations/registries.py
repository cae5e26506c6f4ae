"""Two registries side by side: a history to start from, what a call answers, what lies in the tables."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from enum import Enum

OURS = "keepfit_"
PLAIN = (str, int, float, bool, bytes, type(None), Enum)
GUARDED = "guarded-flights"


@dataclass(frozen=True)
class Outcome:
    """What a call answered, as plain values that compare by content; `error` holds class, message, code and HTTP status."""

    value: object = None
    error: tuple | None = None


def outcome(call, *arguments, **named):
    """Call, and return what comes back or what is raised."""
    try:
        return Outcome(value=plain(call(*arguments, **named)))
    except Exception as bad:  # noqa: BLE001 - whatever stock MLflow raises, ours must raise too
        code = getattr(bad, "error_code", None)
        status = bad.get_http_status_code() if hasattr(bad, "get_http_status_code") else None
        return Outcome(error=(type(bad), str(bad), code, status, plain(getattr(bad, "json_kwargs", None))))


def plain(value):
    """An entity as (class, fields), private ones too; a page as (class, items, token)."""
    if isinstance(value, PLAIN):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return (type(value).__name__, [plain(each) for each in value], getattr(value, "token", None))
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return (type(value), {key: plain(each) for key, each in vars(value).items()})


def tables(path, *, without=()):
    """All rows of all tables but keepfit's own, sorted; `without` names columns that hold a clock's or a dice's value."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        names = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'") if not name.startswith((OURS, "sqlite_"))]
        return {name: _rows(connection, name, without) for name in sorted(names)}


def _rows(connection, table, without):
    columns = [column for _, column, *_ in connection.execute(f'pragma table_info("{table}")') if column not in without]
    listed = ", ".join(f'"{column}"' for column in columns)
    return sorted(connection.execute(f'select {listed} from "{table}"'), key=repr)


@dataclass(frozen=True)
class History:
    """Ids of what stock MLflow has made in a database before anything else happens."""

    runs: tuple[str, ...]
    logged_models: tuple[str, ...]
    traces: tuple[str, ...]


def make_history(uri):
    """Fill a database as stock MLflow does: runs, logged models, a trace; models with aliases, stages and tags; a prompt; a webhook."""
    from mlflow.entities import TraceInfo, TraceLocation, TraceState
    from mlflow.entities.model_registry import ModelVersionTag, RegisteredModelTag
    from mlflow.entities.webhook import WebhookEvent
    from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore as TrackingStore

    tracking = TrackingStore(uri, "/artifacts")
    runs = tuple(tracking.create_run("0", "somebody", 1, [], f"run-{number}").info.run_id for number in range(2))
    logged = tuple(tracking.create_logged_model("0", f"logged-{number}", source_run_id=runs[number]).model_id for number in range(2))
    trace = TraceInfo("tr-" + "1" * 32, TraceLocation.from_experiment_id("0"), 1, TraceState.OK)
    tracking.start_trace(trace)
    store = SqlAlchemyStore(uri)
    for name in (GUARDED, "wind", "rain"):
        store.create_registered_model(name, [RegisteredModelTag("team", "weather")], f"all about {name}")
        for number in range(3):
            store.create_model_version(name, f"/models/{name}/{number}", runs[number % 2], [ModelVersionTag("number", str(number))])
        store.set_registered_model_alias(name, "champion", 2)
        store.transition_model_version_stage(name, 1, "Production", archive_existing_versions=False)
    store.create_prompt("ask", "a question", {"tone": "kind"})
    for template in ("Is it {{what}}?", "Why {{what}}?"):
        store.create_prompt_version("ask", template, tags={"tone": "kind"})
    store.set_prompt_alias("ask", "champion", 1)
    store.create_webhook("bell", "https://8.8.8.8/bell", [WebhookEvent.from_str("registered_model.created")])
    for each in (store, tracking):
        each.engine.dispose()
    return History(runs=runs, logged_models=logged, traces=(trace.trace_id,))
