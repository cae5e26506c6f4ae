"""A shop in which returns by telephone turn around in week 4, and the shop hears of few of them: its labels are asked of people."""

from __future__ import annotations

import csv
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.e2e.shell import commands
from tests.e2e.shop import FIRST_MONDAY, HEADER, Shop, serve_rules

from keepfit.integrations.yaml_files import put

ROWS_A_WEEK = 1500
TURNED = 4
HEARD_OF = 0.3
"""The share of the returns by telephone that the shop hears of by itself, from the week on in which they turn around."""


RECIPE = "{windows: {last: 2}}"


@dataclass(frozen=True)
class Order:
    """One order, and whether it came back: what a person knows who is asked."""

    id: str
    line: str
    returned: str
    heard_of: bool


def week_of(week: int) -> Iterator[Order]:
    """A week's orders: large sizes come back, by telephone small ones from week 4 on."""
    rng = random.Random(week)
    for row in range(ROWS_A_WEEK):
        at = FIRST_MONDAY + timedelta(weeks=week - 1, minutes=6.5 * row)
        channel, size, age = rng.choice(["web", "shop", "phone"]), rng.gauss(0, 1), rng.randint(18, 80)
        lean = -1.0 if channel == "phone" and week >= TURNED else 1.0
        returned = "yes" if rng.random() < 1 / (1 + math.exp(-2.5 * lean * size)) else "no"
        heard_of = week < TURNED or channel != "phone" or rng.random() < HEARD_OF
        name = f"o{week}-{row}"
        yield Order(name, f"{name},{at.isoformat(timespec='seconds')},{channel},{size:.3f},{age}", returned, heard_of)


def lines(week: int) -> list[str]:
    """The week as the table has it."""
    return [f"{order.line},{order.returned if order.heard_of else ''}" for order in week_of(week)]


def open_label_shop(home: Path, model: str, server) -> Shop:
    """Three weeks of orders, `keepfit init --data`, a recipe of its own, and a first model that is trained and committed."""
    table = home / "orders.csv"
    table.write_text("\n".join([HEADER, *(line for week in (1, 2, 3) for line in lines(week))]) + "\n")
    asked = ("--data", str(table), "--time", "at", "--target", "returned", "--model", model, "--id", "order", "--window", "week")
    commands(home)("keepfit", "init", "shop", *asked)
    shop = Shop(table, commands(home / "shop", server=server.uri), model)
    params = shop.root / "params.yaml"
    recipe = f"  use: mine\n  recipes:\n    mine: {RECIPE}\n"
    params.write_text(put(params.read_text().replace("  # use: mine\n", recipe), "mlflow.tracking_uri", server.uri))
    serve_rules(server.rules, shop.root / "gate.yaml")
    shop.run("dvc", "repro")
    shop.run.commit("The first model")
    return shop


def fill_in(sheet: Path, *, week: int) -> None:
    """A person opens the sheet in a spreadsheet, answers each row, now and then with a capital letter, and saves it as it does: with semicolons."""
    known = {order.id: order.returned for order in week_of(week)}
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    answer = next(place for place, name in enumerate(header) if name.startswith("label"))
    for number, row in enumerate(rows):
        row[answer] = known[row[0]] if number % 7 else known[row[0]].capitalize()
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows([header, *rows])


def arrive(shop: Shop, week: int) -> str:
    """A week of orders arrives; return the day on which it is over."""
    with shop.table.open("a") as file:
        file.write("\n".join(lines(week)) + "\n")
    return (FIRST_MONDAY + timedelta(weeks=week)).date().isoformat()
