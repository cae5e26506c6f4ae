"""A DAG of Airflow's that looks every hour."""

from __future__ import annotations

import json
import os
import shlex

from keepfit.flows.init.schedules.place import LOOK, SchedulePlace, filled

DAG = '''\
# Watches @SAID@: judges the windows that closed, and delivers what subscribers are owed. Written by `keepfit init --schedule airflow`; edit it as you like.
#   3 (a ticket, or a window that waits for a person) and 4 (too few rows) of `keepfit monitor` are findings, not failures: subscribers hear of them.
#   keepfit lives in an environment of its own; KEEPFIT_PROJECT and KEEPFIT name folder and program where the worker has them elsewhere.
#   Secrets come from the worker's environment: @SECRETS@
import os
from datetime import UTC, datetime

try:
    from airflow.providers.standard.operators.bash import BashOperator
    from airflow.sdk import DAG
except ImportError:  # Airflow 2
    from airflow import DAG
    from airflow.operators.bash import BashOperator

PROJECT = os.environ.get("KEEPFIT_PROJECT", @PROJECT@)
PROGRAM = os.environ.get("KEEPFIT", @PROGRAM@)
LOOK = """
keepfit() { "$KEEPFIT" "$@"; }
@LOOK@"""

with DAG(
    dag_id="@DAG_ID@",
    schedule="@FIELDS@",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    tags=["keepfit"],
) as dag:
    # one task, and no retry: a message that was given up must not be forgotten by a second try, and the next hour looks again
    BashOperator(task_id="look", bash_command=LOOK, cwd=PROJECT, env={"KEEPFIT": PROGRAM}, append_env=True, retries=0)
'''


def airflow_files(place: SchedulePlace) -> dict[str, bytes]:
    """Return the DAG's file, by its path below the repository's top."""
    known = {"said": place.said, "fields": place.every_hour, "secrets": ", ".join(place.secrets), "dag_id": f"keepfit_{place.name.replace('-', '_')}"}
    places = {"project": _literal(os.fspath(place.root)), "program": _literal(os.fspath(place.program))}
    text = filled(DAG, **known, **places, look=LOOK)
    return {_path(place): text.encode()}


def airflow_next(place: SchedulePlace) -> tuple[str, ...]:
    """Return what to type where the scheduler looks for its files."""
    return (f'ln -s {shlex.quote(os.fspath(place.top / _path(place)))} "$AIRFLOW_HOME/dags/"',)


def _path(place: SchedulePlace) -> str:
    return f"{place.prefix}dags/keepfit_{place.name.replace('-', '_')}.py"


def _literal(text: str) -> str:
    """A text as Python's source has it, in ASCII: JSON's texts are Python's."""
    return json.dumps(text)
