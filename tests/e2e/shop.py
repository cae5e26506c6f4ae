"""A shop whose returns are predicted: an own table, weekly windows, and a world that turns around when a test says so."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ruamel.yaml import YAML
from tests.e2e.shell import Commands, commands

from keepfit.integrations.yaml_files import put

ROWS_A_WEEK = 900
FIRST_MONDAY = datetime(2026, 1, 5)
HEADER = "order,at,channel,size,age,returned"


def week_rows(week: int, *, lean: float) -> list[str]:
    """A week's orders; with `lean` above 0 large sizes come back, below 0 small ones, at 0 nobody knows."""
    rng = random.Random(week)
    lines = []
    for row in range(ROWS_A_WEEK):
        at = FIRST_MONDAY + timedelta(weeks=week - 1, minutes=11 * row)
        channel, size, age = rng.choice(["web", "shop", "phone"]), rng.gauss(0, 1), rng.randint(18, 80)
        logit = 2 * lean * size + (channel == "web")
        returned = rng.random() < 1 / (1 + math.exp(-logit))
        lines.append(f"o{week}-{row},{at.isoformat()},{channel},{size:.3f},{age},{'yes' if returned else 'no'}")
    return lines


@dataclass(frozen=True)
class Shop:
    """The table, the project made of it, and commands in the project."""

    table: Path
    run: Commands
    model: str

    @property
    def root(self) -> Path:
        return self.run.folder

    def append(self, week: int, *, lean: float) -> str:
        """A week of orders arrives; return the day on which it is over."""
        with self.table.open("a") as file:
            file.write("\n".join(week_rows(week, lean=lean)) + "\n")
        return (FIRST_MONDAY + timedelta(weeks=week)).date().isoformat()

    def monitor(self, until: str) -> dict:
        return self.run.json("keepfit", "monitor", "--until", until, "--json")

    def ticket(self, until: str) -> str:
        """Monitor, and return the one new ticket, which asks to improve."""
        told = self.monitor(until)
        assert [ticket["action"] for ticket in told["tickets"]] == ["improve"], told
        return str(told["tickets"][0]["id"])

    def printed(self, lines: Iterable[str]) -> None:
        """Type commands as they were printed."""
        for line in lines:
            self.run("sh", "-c", line)


def open_shop(home: Path, model: str, server, *, register: bool = True) -> Shop:
    """Three weeks of orders, `keepfit init --data`, a first model that is trained and committed; nothing is promoted."""
    table = home / "orders.csv"
    table.write_text("\n".join([HEADER, *(line for week in (1, 2, 3) for line in week_rows(week, lean=1))]) + "\n")
    asked = ("--data", str(table), "--time", "at", "--target", "returned", "--model", model, "--id", "order", "--window", "week")
    commands(home)("keepfit", "init", "shop", *asked)
    shop = Shop(table, commands(home / "shop", server=server.uri), model)
    params = shop.root / "params.yaml"
    params.write_text(put(put(params.read_text(), "compose.recent_windows", 1), "mlflow.tracking_uri", server.uri))
    serve_rules(server.rules, shop.root / "gate.yaml")
    if register:
        shop.run("dvc", "repro")
    shop.run.commit("The first model" if register else "A project")
    return shop


def serve_rules(served: Path, project: Path) -> None:
    """Add a project's gate rules to those of the running server, as a platform team would."""
    yaml = YAML(typ="safe", pure=True)
    rules, added = yaml.load(served.read_text()), yaml.load(project.read_text())
    rules["models"].update(added["models"])
    with served.open("w") as file:
        yaml.dump(rules, file)
