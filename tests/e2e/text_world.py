"""A help desk whose mails are of four topics: weekly windows, few labels once a topic's words have changed, and people who answer in Label Studio.

The texts are of the seeded grammar (`tests/grammar.py`): from week `CHANGED` on mails about bills speak of vouchers and wallets.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pc
from tests.e2e.shell import Commands, commands
from tests.e2e.shop import serve_rules
from tests.grammar import START, Change, texts

from keepfit.integrations.yaml_files import put

SEED, ROWS_A_WEEK, FIRST_WEEKS, CHANGED = 3, 400, 4, 4
CHANGE = Change(topic="billing", since=CHANGED)
HEARD_OF = 0.4
"""The share of the topics that the desk hears of by itself, from the week of the change on."""


def week_of(week: int) -> pa.Table:
    """A week's mails with the topics that a person would say; the first week is 0."""
    table = texts(SEED, windows=week + 1, rows=ROWS_A_WEEK, change=CHANGE)
    return table.slice(week * ROWS_A_WEEK, ROWS_A_WEEK)


def truth(*weeks: int) -> dict[str, str]:
    """The topic of each mail, by its id."""
    return {row["id"]: row["topic"] for week in weeks for row in week_of(week).select(["id", "topic"]).to_pylist()}


def heard_of(week: int) -> pa.Table:
    """The week as the table has it: from the change on the topic of most mails is not known."""
    table, rng = week_of(week), random.Random(week)
    known = [topic if week < CHANGED or rng.random() < HEARD_OF else None for topic in table["topic"].to_pylist()]
    return table.set_column(table.column_names.index("topic"), "topic", pa.array(known, pa.string()))


def over(week: int) -> str:
    """The day on which a week is over."""
    return (START + timedelta(weeks=week + 1)).date().isoformat()


@dataclass(frozen=True)
class Desk:
    """The folder of weekly tables, and commands in the project that is made of it."""

    tables: Path
    run: Commands
    model: str

    @property
    def root(self) -> Path:
        return self.run.folder

    def arrive(self, week: int) -> str:
        """A week of mails arrives; return the day on which it is over."""
        write_week(self.tables, week)
        return over(week)

    def monitor(self, until: str) -> dict[str, Any]:
        return self.run.json("keepfit", "monitor", "--until", until, "--json")  # type: ignore[no-any-return]

    def printed(self, lines: Iterator[str] | list[str]) -> None:
        """Type commands as they were printed."""
        for line in lines:
            self.run("sh", "-c", line)


def write_week(folder: Path, week: int) -> None:
    pc.write_csv(heard_of(week), folder / f"week-{week:02d}.csv")


def open_desk(home: Path, model: str, server: Any) -> Desk:
    """Four weeks of mails and `keepfit init --data`; the first model is trained, registered and committed."""
    tables = home / "mails"
    tables.mkdir()
    for week in range(FIRST_WEEKS):
        write_week(tables, week)
    asked = ("--data", str(tables), "--time", "time", "--target", "topic", "--model", model, "--id", "id", "--window", "week")
    commands(home)("keepfit", "init", "desk", *asked, "--as-of", over(FIRST_WEEKS - 2))
    desk = Desk(tables, commands(home / "desk", server=server.uri), model)
    params = desk.root / "params.yaml"
    params.write_text(put(params.read_text(), "mlflow.tracking_uri", server.uri))
    serve_rules(server.rules, desk.root / "gate.yaml")
    desk.run("dvc", "repro")
    desk.run.commit("The first model")
    return desk


# -- Label Studio -------------------------------------------------------------------------------------------------------


def answered_export(tasks: list[dict[str, Any]], topics: dict[str, str], config: str) -> list[dict[str, Any]]:
    """The full JSON export that Label Studio writes of these tasks: two people, a skipped task, an empty submission, one disagreement.

    Every task is answered by `1`, ada@example.org; every fifth by `2` as well, who disagrees once.
    """
    name, to_name = _choices(config)
    made = []
    for number, task in enumerate(tasks):
        data = task["data"]
        topic = topics[_row(data)]
        answers = [_annotation(number, 1, topic, name, to_name)]
        if number == 1:
            answers = [{**_annotation(number, 1, topic, name, to_name), "result": [], "was_cancelled": True}, _annotation(number, 2, topic, name, to_name)]
        elif number == 2:
            answers.append({**_annotation(number, 2, topic, name, to_name), "result": []})
        elif number % 5 == 0:
            other = next(each for each in sorted(set(topics.values())) if each != topic)
            answers.append(_annotation(number, 2, other if number == 5 else topic, name, to_name))
        made.append(
            {
                "id": 7000 + number,
                "annotations": answers,
                "cancelled_annotations": sum(one["was_cancelled"] for one in answers),
                "total_annotations": sum(not one["was_cancelled"] for one in answers),
                "drafts": [],
                "predictions": [],
                "data": data,
                "meta": {},
                "created_at": _moment(0),
                "updated_at": _moment(number),
                "inner_id": number + 1,
                "project": 7,
                "updated_by": 1,
            }
        )
    return made


def _annotation(number: int, person: int, topic: str, name: str, to_name: str) -> dict[str, Any]:
    result = {"value": {"choices": [topic]}, "id": f"r{number}-{person}", "from_name": name, "to_name": to_name, "type": "choices", "origin": "manual"}
    return {
        "id": 90_000 + 2 * number + person,
        "completed_by": {"id": person, "email": f"{'ada' if person == 1 else 'ben'}@example.org", "first_name": "", "last_name": ""},
        "result": [result],
        "was_cancelled": False,
        "ground_truth": False,
        "created_at": _moment(number),
        "updated_at": _moment(number),
        "draft_created_at": None,
        "lead_time": 4.2,
        "result_count": 1,
        "task": 7000 + number,
        "project": 7,
        "updated_by": person,
        "parent_prediction": None,
        "parent_annotation": None,
    }


def _moment(number: int) -> str:
    return (datetime(2024, 2, 6, 9) + timedelta(seconds=30 * number)).isoformat(timespec="microseconds") + "Z"


def _choices(config: str) -> tuple[str, str]:
    """What the labelling configuration calls the choice, and what it is about."""
    found = re.search(r"<(?:Choices|Taxonomy)\b[^>]*>", config)
    assert found is not None, config
    of = dict(re.findall(r'(\w+)="([^"]*)"', found.group(0)))
    return of["name"], of["toName"]


def _row(data: dict[str, Any]) -> str:
    return str(data["row"]).removeprefix("id:")


def write_export(tasks: Path, config: Path, out: Path, topics: dict[str, str]) -> Path:
    """People answer in Label Studio, and somebody exports the project as JSON."""
    out.write_text(json.dumps(answered_export(json.loads(tasks.read_text(encoding="utf-8")), topics, config.read_text(encoding="utf-8")), indent=2))
    return out
