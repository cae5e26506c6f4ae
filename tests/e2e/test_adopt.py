"""An existing scikit-learn + MLflow repository, with its own train.py and dvc.yaml, is adopted without a changed line."""

from __future__ import annotations

import json
import math
import random
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.e2e.shell import commands
from tests.e2e.shop import serve_rules

from keepfit.integrations.yaml_files import put

pytestmark = pytest.mark.slow
THEIRS = Path(__file__).parent / "adopted"
MODEL = "e2e-rentals"
FIRST_MONDAY = datetime(2026, 3, 2)
STATIONS = ("north", "harbour", "market", "park")  # 672 rows a week: the holdout of a first model has its 100 rows whatever the draw


def week_of_rentals(week):
    """A week, hour by hour and station by station; from the fifth week on a festival is in town."""
    rng = random.Random(week)
    for hour in range(7 * 24):
        at = FIRST_MONDAY + timedelta(weeks=week - 1, hours=hour)
        for station in STATIONS:
            weather, temp = rng.choice(["clear", "rain", "cloud"]), rng.gauss(14, 5)
            mean = 10 + temp / 2 + 6 * math.cos((at.hour - 17) / 24 * 6.28) - 4 * (weather == "rain") + 12 * (week >= 5)
            yield f"{at.isoformat()},{station},{weather},{temp:.1f},{rng.randint(30, 95)},{at.hour},{at.weekday()},{max(0, round(rng.gauss(mean, 3)))}"


def append(repo, week):
    with (repo / "data" / "rentals.csv").open("a") as file:
        file.write("\n".join(week_of_rentals(week)) + "\n")
    return (FIRST_MONDAY + timedelta(weeks=week)).date().isoformat()


@pytest.fixture(scope="module")
def adopted(tmp_path_factory, gated_server):
    """The repository as its people have it, trained once by themselves, then adopted, with a first model in the registry."""
    repo = tmp_path_factory.mktemp("adopted") / "rentals"
    shutil.copytree(THEIRS, repo, ignore=shutil.ignore_patterns("__pycache__"))
    theirs, run = commands(repo), commands(repo, server=gated_server.uri)
    (repo / "data").mkdir()
    (repo / "data" / "rentals.csv").write_text("hour,station,weather,temp,humidity,hour_of_day,weekday,rentals\n")
    for week in (1, 2, 3):
        append(repo, week)
    (repo / ".gitignore").write_text((repo / ".gitignore").read_text() + "/data\n")
    theirs("git", "init", "-qb", "main")
    theirs("dvc", "init", "-q")
    theirs("dvc", "repro")
    theirs.commit("Rentals")
    run("keepfit", "init", "--train", "python train.py", "--model", MODEL, "--window", "week")
    params = repo / "keepfit" / "params.yaml"
    params.write_text(put(put(params.read_text(), "mlflow.tracking_uri", gated_server.uri), "compose.recent_windows", 1))
    serve_rules(gated_server.rules, repo / "keepfit" / "gate.yaml")
    run("git", "add", "keepfit", "expectations")
    run("git", "commit", "-qm", "keepfit watches over the rentals")
    inside = commands(repo / "keepfit", server=gated_server.uri)
    inside("dvc", "repro")
    inside.commit("The first model")
    return repo, run, inside


def lines_changed(run, *, since="main~0"):
    """What differs, outside of keepfit/ and expectations/, from the commit before the adoption."""
    first = run("git", "log", "--format=%H", "--grep=^Rentals$").strip()
    return run("git", "diff", "--stat", first, "--", ".", ":!keepfit", ":!expectations").strip()


def test_no_line_of_theirs_is_changed(adopted):
    repo, run, _ = adopted
    assert lines_changed(run) == ""
    assert set(run("git", "ls-files").split()) >= {"train.py", "dvc.yaml", "dvc.lock", "keepfit/dvc.yaml", "keepfit/dvc.lock", "expectations/data/rows.json"}
    assert (repo / "train.py").read_text() == (THEIRS / "train.py").read_text()


def test_their_own_pipeline_still_knows_that_nothing_changed(adopted):
    _, run, _ = adopted
    assert "up to date" in run("dvc", "status", "dvc.yaml")


def test_the_model_is_the_one_that_their_script_left(adopted):
    _, _, inside = adopted
    meta = json.loads((inside.folder / "models" / "candidate" / "meta.json").read_text())
    assert (meta["model"], meta["flavor"], meta["task"]) == (MODEL, "command", "regression") or meta["flavor"] in {"mlflow", "command"}
    card = json.loads((inside.folder / "reports" / "scorecard.json").read_text())
    assert all(row["status"] == "pass" for row in card["rows"] if row["slice"] == "overall")


def test_the_loop_goes_round_once(adopted):
    repo, run, inside = adopted
    inside("keepfit", "certify", MODEL, "1")
    inside("keepfit", "promote", MODEL, "1")
    inside("keepfit", "sync")
    inside.commit("Pin version 1")
    append(repo, 4)
    for ticket in inside.json("keepfit", "monitor", "--until", append(repo, 5), "--json")["tickets"]:
        inside("keepfit", "resolve", ticket["id"], "--reason", "the festival has just begun: wait for a whole week of it")
    (ticket,) = inside.json("keepfit", "monitor", "--until", append(repo, 6), "--json")["tickets"]
    made = json.loads(inside("keepfit", "improve", ticket["id"], "--json"))
    assert made["passed"], made
    inside("keepfit", "accept", ticket["id"], "--yes")
    assert json.loads((inside.folder / "baseline.json").read_text())["champion"]["version"] == "2"
    assert lines_changed(run) == ""
    assert run("git", "status", "--porcelain").strip() == ""
