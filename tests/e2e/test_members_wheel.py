"""Members of every family from a separate wheel: the examples of docs/extend.md, built, installed beside keepfit, named in params.yaml and used.

(The rule kind goes its whole way in `test_rule_kind_wheel.py`.)
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import joblib
import numpy as np
import pytest
from tests.e2e.test_wheel import run
from tests.flows.conftest import clicks, watched  # noqa: F401  fixtures
from tests.flows.deliver.messages import event
from tests.flows.monitoring.test_monitor import by_window, rows_of, write_rows
from tests.flows.monitoring.test_monitor import run as monitor
from tests.flows.monitoring.test_silences import hourly
from tests.flows.stages.test_compose import compose, put, root, validate  # noqa: F401  a fixture and its verbs

from keepfit import plugins
from keepfit.errors import ParamsError
from keepfit.flows.deliver.worker import run_hooks
from keepfit.flows.models.train_command import user_columns
from keepfit.flows.project import Project
from keepfit.flows.rules.check import rules_check
from keepfit.flows.stages.train import run_train
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.integrations.tables import read_table
from keepfit.tables.frames import to_frame

REPOSITORY = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow

PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "far"
version = "1.0"
[tool.hatch.build.targets.wheel]
include = ["far_*.py"]
"""
MEMBERS = {
    "detectors": "mean_moved",
    "row_detectors": "means_apart",
    "pair_detectors": "same_side",
    "window_detectors": "from_median",
    "source_detectors": "every_day",
    "evidence": "by_effect",
    "samplers": "decayed",
    "weights": "daytime",
    "queue_strategies": "most_missing",
    "augmentations": "gaps",
    "metrics": "missed_cost",
    "rules": "within_percent",
    "hooks": "pager",
}


def examples(language: str) -> list[str]:
    """The blocks of this language in docs/extend.md."""
    return re.findall(rf"^```{language}\n(.*?)^```", (REPOSITORY / "docs" / "extend.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    """A folder with nothing but the wheel of the page's examples."""
    source, dist, folder = (tmp_path_factory.mktemp(name) for name in ("far", "dist", "target"))
    for code in examples("python"):
        (source / code.partition("\n")[0].removeprefix("# ")).write_text(code)
    (source / "pyproject.toml").write_text(PROJECT + "\n".join(examples("toml")))
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", dist, source, cwd=dist)
    run(sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--quiet", "--target", folder, *dist.glob("*.whl"), cwd=dist)
    return folder


@pytest.fixture
def installed(target, monkeypatch):
    monkeypatch.syspath_prepend(str(target))
    return target


def elsewhere(target, *command):
    """A process of its own, in which the wheel is installed."""
    env = {**os.environ, "PYTHONPATH": str(target)}
    return subprocess.run([sys.executable, *map(str, command)], cwd=REPOSITORY, env=env, capture_output=True, text=True, check=False)


def configured(project, **sections):
    """The project with other params: what stands for a word of its text."""
    text = (project.root / "params.yaml").read_text()
    for before, after in sections.values():
        assert before in text
        text = text.replace(before, after)
    (project.root / "params.yaml").write_text(text)
    return Project(project.root)


def test_the_page_has_an_example_of_every_family(installed):
    assert MEMBERS.keys() == plugins.BUILTIN.keys()
    assert [family for family, name in MEMBERS.items() if plugins.load(family, name).name != name] == []
    assert [family for family, name in MEMBERS.items() if name in plugins.BUILTIN[family]] == []


def test_the_contract_tests_discover_the_examples_and_they_keep_every_promise(target):
    held = ("detectors", "row_detectors", "pair_detectors", "members_own_their_facts", "samplers", "weights", "queue_strategies", "augmentations", "hooks")
    contracts = [f"tests/contracts/test_{name}.py" for name in held]
    done = elsewhere(target, "-m", "pytest", "-v", "-p", "no:cacheprovider", *contracts)
    assert done.returncode == 0, done.stdout[-3000:]
    assert [name for name in MEMBERS.values() if f"[{name}" not in done.stdout and f"{name}]" not in done.stdout] == []


def test_monitor_goes_by_a_detector_with_its_fields_a_rule_over_evidence_a_metric_and_a_detector_of_windows(installed, watched):  # noqa: F811
    project = configured(
        watched,
        monitor=(
            "monitor: {min_rows: 60}",
            "monitor: {min_rows: 60, evidence: by_effect, min_effect: 0.6, page_on_drift: true,"
            " columns: {x: {detector: mean_moved, least_values: 100}, c: {detector: auto}}}",
        ),
        metric=("metric: roc_auc", "metric: missed_cost"),
    )
    march = rows_of(3)
    write_rows(project.root, rows_of(1), rows_of(2), march.assign(x=march["x"] + 2))
    windows = by_window(monitor(project, until=datetime(2013, 4, 1)))
    said = {name: {one.detector: one for one in seen.evidence if one.subject in ("x", "overall", "rows")} for name, seen in windows.items()}
    assert said["2013-02"]["mean_moved"].effect < 0.6 < 1.5 < said["2013-03"]["mean_moved"].effect
    assert (windows["2013-02"].decision.ground, windows["2013-03"].decision.ground) == (None, "drift")
    assert "drift in x (mean_moved 2." in windows["2013-03"].decision.reasons[0]
    assert 0 < said["2013-02"]["missed_cost"].statistic < 5
    assert (said["2013-03"]["from_median"].statistic, said["2013-03"]["from_median"].effect) == (1.0, 0.0)


def test_a_field_that_a_detector_does_not_have_is_refused_with_the_nearest(installed, watched):  # noqa: F811
    project = configured(watched, monitor=("monitor: {min_rows: 60}", "monitor: {columns: {x: {detector: mean_moved, last_values: 9}}}"))
    with pytest.raises(ParamsError, match=r"no key 'last_values' \(params.yaml: monitor.columns.x.last_values\)\n  fix: did you mean 'least_values'"):
        _ = project.params


def test_a_detector_of_a_source_blocks_the_window_that_it_misses_rows_of(installed, watched):  # noqa: F811
    write_rows(watched.root, rows_of(1).head(0), hourly("2013-02-01", "2013-02-11"))
    told = monitor(watched, until=datetime(2013, 3, 20))
    february = by_window(told)["2013-02"]
    assert (february.status, february.decision.action, february.decision.reasons) == ("blocked", "inspect", ("no row in the last 18 days of the window",))
    assert told.exit_code == 3


def test_a_samplers_weights_go_through_the_manifest_and_the_composition_to_the_estimator(installed, root):  # noqa: F811
    dummy = "train: {estimator: sklearn.dummy.DummyClassifier, params: {strategy: prior}}\ncompose: {sampler: decayed, half_life_days: 10}\n"
    (root / "params.yaml").write_text((root / "params.yaml").read_text() + dummy)
    for month, ones in ((1, 4), (2, 1)):
        put(root, month, y=[float(row % 5 < ones) for row in range(200)])
    validate(root)
    composition = compose(root)
    manifest = to_frame(read_table(root / "build/compose/manifest.parquet"))
    trains = manifest[manifest["part"] == "train"]
    assert trains["weight"].between(0, 1, inclusive="right").all()
    means = trains.groupby("source")["weight"].mean()
    assert means["2013-01"] < 0.2 < 0.5 < means["2013-02"]
    assert {one.window: one.weight for one in composition.parts if one.part == "train"} == pytest.approx(means.to_dict(), abs=1e-6)
    table = to_frame(read_table(root / "build/compose/train.parquet"))
    run_train(root, table=root / "build/compose/train.parquet", composition=root / "reports/composition.json", out=root / "models/candidate")
    prior = joblib.load(root / "models/candidate/estimator.joblib").predict_proba(table[["x"]])[0, 1]
    assert prior == pytest.approx(np.average(table["y"], weights=table["_weight"]))
    assert abs(prior - table["y"].mean()) > 0.1
    assert "_weight" in user_columns(Project(root).params, table), "a train.py of one's own is given the weights"
    assert "_weight" not in user_columns(Project(root).params, table.assign(_weight=1.0))


def test_a_recipe_takes_another_packages_sampler_and_weight(installed, root):  # noqa: F811
    recipe = "compose: {use: mine, recipes: {mine: {sampler: {decayed: {half_life_days: 10}}, weights: {daytime: {night: 0.25}}}}}\n"
    (root / "params.yaml").write_text((root / "params.yaml").read_text() + recipe)
    put(root, 1)
    validate(root)
    compose(root)
    table = to_frame(read_table(root / "build/compose/train.parquet"))
    assert table["_weight"].mean() == pytest.approx(1.0)
    night = table["t"].dt.hour.isin([22, 23, 0, 1, 2, 3, 4, 5])
    day = table["t"].dt.date == table["t"].dt.date.iloc[0]
    assert table["_weight"][day & night].max() < 0.3 * table["_weight"][day & ~night].min()


def test_compare_asks_detectors_of_rows_and_of_pairs(target, tmp_path):
    before, now = rows_of(1), rows_of(2)
    for name, frame, z in (("before", before, -before["x"]), ("now", now, now["x"])):
        frame.assign(x=frame["x"] + (name == "now"), z=z)[["x", "z"]].to_csv(tmp_path / f"{name}.csv", index=False)
    done = elsewhere(target, "-m", "keepfit", "compare", tmp_path / "before.csv", tmp_path / "now.csv", "--rows", "means_apart", "--pairs")
    assert done.returncode == 3, done.stderr
    assert "means_apart" in done.stdout
    assert "same_side" in done.stdout


def test_rules_check_knows_the_values_that_a_metric_can_have(installed, tmp_path):
    text = "schema: 1\nmodels:\n  m:\n    trust: self\n    rules:\n      cheap: {kind: at_least, metric: missed_cost, bound: 6}\n"
    (tmp_path / "gate.yaml").write_text(text)
    assert ["missed_cost lies between 0 and 5" in one.text for one in rules_check(str(tmp_path / "gate.yaml")).warnings] == [True]


def test_a_subscriber_names_a_hook_and_an_event_becomes_one_page(installed, watched, monkeypatch):  # noqa: F811
    subscriber = "hooks: {subscribers: {oncall: {hook: pager, folder: outbox, number_env: MY_PAGER}}}\n"
    (watched.root / "params.yaml").write_text((watched.root / "params.yaml").read_text() + subscriber)
    project = Project(watched.root)
    with ledger_of(project) as ledger, ledger.transaction() as book:
        book.owe_event(event(key="k", model=project.params.model.name))
    said = []
    assert run_hooks(project, now=datetime(2026, 3, 1), say=said.append).dead == 1
    assert "MY_PAGER is not set in the environment" in said[0]
    monkeypatch.setenv("MY_PAGER", "555")
    with ledger_of(project) as ledger, ledger.transaction() as book:
        book.owe_event(event(key="l", model=project.params.model.name, subject="2026-03-harm"))
    assert run_hooks(project, now=datetime(2026, 3, 1), say=said.append).taken == 1
    [page] = (project.root / "outbox").iterdir()
    assert page.read_text().startswith("555\n")
