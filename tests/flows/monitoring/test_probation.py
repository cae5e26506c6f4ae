"""A promotion on probation, on a small real project: what is kept agrees with a recount, whatever happens in between."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import datetime

import pandas as pd
import pytest
from mlflow import MlflowClient
from sklearn.metrics import confusion_matrix, roc_auc_score
from tests.flows.monitoring.test_monitor import DIGEST, rows_of, run, write_rows
from tests.flows.owed import owed

from keepfit.flows.models.scoring import open_scorer
from keepfit.flows.models.training import train_once
from keepfit.flows.project import Project
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.records import Baseline, Pin, Scorecard, ScoreRow, to_json

B = "sha256:" + "b" * 64
DISPLACED = Pin(model="clicks", version="1", digest=DIGEST, trained_until=datetime(2013, 1, 1), evaluated_until=datetime(2013, 1, 1))
CHAMPION = Pin(model="clicks", version="2", digest=B, trained_until=datetime(2013, 1, 15), evaluated_until=datetime(2013, 2, 1))
JUNE = datetime(2013, 6, 1)
EUR = "impact: {unit: EUR, costs: {false_positive: 5, false_negative: 40}}\n"


@pytest.fixture
def project(watched, weak):
    """Version 2 took the place of version 1, which knows only half of the truth; February to May have labels."""
    kept = watched.state / "models" / f"1-{'a' * 12}"
    kept.parent.mkdir(parents=True)
    kept.symlink_to(weak)
    (watched.root / "baseline.json").write_text(to_json(Baseline(champion=CHAMPION, previous=DISPLACED)))
    write_rows(watched.root, *map(rows_of, range(1, 6)))
    return watched


@pytest.fixture(scope="module")
def weak(tmp_path_factory, clicks):
    """A model that was trained on labels half of which are noise."""
    root = tmp_path_factory.mktemp("weak")
    shutil.copy(clicks.parent / "params.yaml", root)
    frame = rows_of(12, n=60)
    train_once(Project(root).params, frame.assign(y=frame["y"].sample(frac=1, random_state=3).to_numpy()), root / "champion")
    return root / "champion"


def kept(project):
    with ledger_of(project) as ledger, ledger.reading() as book:
        return book.probations("clicks")


def both(project, months):
    """The rows of these months, and version 2's and version 1's scores of them."""
    rows = pd.concat([rows_of(month) for month in months])
    folders = (project.champion_dir, project.state / "models" / f"1-{'a' * 12}")
    return rows["y"], *(open_scorer(folder).answer(rows).scores for folder in folders)


def recount(project, months):
    """The gain of version 2 over version 1 on the rows of these months, by scikit-learn."""
    y, new, old = both(project, months)
    return roc_auc_score(y, new) - roc_auc_score(y, old)


def recount_of_costs(project, months):
    """The same in money, a row, by scikit-learn's confusion matrices."""
    y, new, old = both(project, months)
    paid = [(confusion_matrix(y, scores >= 0.5) * [[0, 5], [40, 0]]).sum() for scores in (old, new)]
    return (paid[0] - paid[1]) / len(y)


def test_the_first_three_windows_are_pooled_and_agree_with_a_recount_from_rows_and_from_the_ledger(project):
    told = run(project, until=JUNE)
    (found,) = kept(project)
    assert [(one.window, one.labelled) for one in found.windows] == [("2013-02", 400), ("2013-03", 400), ("2013-04", 400)]
    assert (found.over, found.version, found.displaced_version) == (True, "2", "1")
    (auc,) = found.kept
    assert (auc.unit, auc.promised, auc.delivered.n, auc.delivered.clusters) == ("roc_auc", None, 1200, 81)
    assert auc.delivered.gain == pytest.approx(recount(project, (2, 3, 4)))
    assert auc.delivered.low < auc.delivered.gain < auc.delivered.high
    assert [one.gain for one in found.windows] == pytest.approx([recount(project, (month,)) for month in (2, 3, 4)])
    april = next(seen for seen in told.windows if seen.window.id == "2013-04")
    regret = next(one for one in april.evidence if one.kind == "regret")
    assert auc.delivered.gain == pytest.approx(-regret.effect), "the ledger's regret is the same gain, seen from the other side"


def test_window_by_window_is_the_same_as_all_at_once_and_a_second_run_changes_nothing(project):
    for month in (3, 4, 5, 6):
        run(project, until=datetime(2013, month, 1))
    step_by_step = kept(project)
    run(project, until=JUNE)
    assert kept(project) == step_by_step
    assert [(event.kind, event.version, event.window) for event in owed(project)] == [("probation_ended", "2", "2013-04")]
    for file in project.state.glob("ledger.db*"):
        file.unlink()
    run(project, until=JUNE)
    assert kept(project) == step_by_step


@pytest.mark.parametrize("place", ["monitor.probation", "monitor.judged"])
def test_a_run_that_is_killed_leaves_what_the_next_one_completes(project, place):
    code = f"""if True:
        import os
        from datetime import datetime
        from pathlib import Path
        from keepfit.flows.monitoring.monitor import monitor
        from keepfit.flows.project import Project
        os.environ["KEEPFIT_KILL_AFTER"] = {place!r}
        monitor(Project(Path({str(project.root)!r})), until=datetime(2013, 6, 1), say=print)
    """
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, cwd=project.root).returncode == -signal.SIGKILL
    run(project, until=JUNE)
    (found,) = kept(project)
    assert [one.window for one in found.windows] == ["2013-02", "2013-03", "2013-04"]
    assert found.kept[0].delivered.gain == pytest.approx(recount(project, (2, 3, 4)))
    assert [event.kind for event in owed(project)] == ["probation_ended"]


def test_labels_that_come_late_are_counted_once_and_earlier_windows_come_first(project):
    def come(*labelled):
        months = [rows_of(month) for month in range(1, 6)]
        write_rows(project.root, *(rows if month in labelled else rows.assign(y=None) for month, rows in enumerate(months, start=1)))

    come(1, 3, 4, 5)
    run(project, until=JUNE)
    assert [one.window for one in kept(project)[0].windows] == ["2013-03", "2013-04", "2013-05"]
    come(1, 2, 3, 4, 5)
    run(project, until=JUNE)
    (found,) = kept(project)
    assert [(one.window, one.arrivals) for one in found.windows] == [("2013-02", 1), ("2013-03", 0), ("2013-04", 0)]
    assert found.kept[0].delivered.gain == pytest.approx(recount(project, (2, 3, 4)))


def test_without_labels_nothing_is_delivered_yet(project):
    write_rows(project.root, *(rows_of(month).assign(y=None if month > 1 else 1) for month in range(1, 4)))
    run(project, until=datetime(2013, 4, 1))
    (found,) = kept(project)
    assert (found.windows, found.kept, found.over) == ((), (), False)


def test_a_rollback_is_no_promotion_and_promoted_again_the_same_version_goes_on_where_it_was(project):
    run(project, until=datetime(2013, 3, 1))
    (before,) = kept(project)
    assert [one.window for one in before.windows] == ["2013-02"]
    there, back = project.champion_dir, project.state / "models" / f"1-{'a' * 12}"
    away = project.state / "models" / f"2-{'b' * 12}"
    there.rename(away), back.rename(there)
    (project.root / "baseline.json").write_text(to_json(Baseline(champion=DISPLACED, previous=CHAMPION)))
    run(project, until=datetime(2013, 4, 1))
    assert kept(project) == (before,)
    there.rename(back), away.rename(there)
    (project.root / "baseline.json").write_text(to_json(Baseline(champion=CHAMPION, previous=DISPLACED)))
    run(project, until=JUNE)
    (after,) = kept(project)
    assert [one.window for one in after.windows] == ["2013-02", "2013-03", "2013-04"], "no window counts twice"
    assert after.kept[0].delivered.gain == pytest.approx(recount(project, (2, 3, 4)))


@pytest.mark.parametrize("change", ["first", "off"])
def test_a_first_model_has_no_probation_and_it_can_be_switched_off(project, change):
    if change == "first":
        (project.root / "baseline.json").write_text(to_json(Baseline(champion=CHAMPION)))
    else:
        text = (project.root / "params.yaml").read_text()
        (project.root / "params.yaml").write_text(text.replace("update: {", "update: {probation: 0, "))
    run(project, until=datetime(2013, 3, 1))
    assert kept(project) == ()


def test_a_displaced_model_that_cannot_be_had_is_reported_and_tried_again(project, weak):
    model = project.state / "models" / f"1-{'a' * 12}"
    model.unlink()
    said: list[str] = []
    run(project, until=datetime(2013, 3, 1), said=said)
    assert any("version 1, which was displaced, is not scored beside the champion" in line for line in said)
    assert kept(project)[0].windows == ()
    model.symlink_to(weak)
    run(project, until=datetime(2013, 3, 1))
    assert [one.window for one in kept(project)[0].windows] == ["2013-02"]


ROW = {"slice": "overall", "metric": "roc_auc", "rule": "any", "bound": 0.0, "champion": 0.8, "challenger": 0.9, "p_value": 0.5, "status": "pass"}
PROMISED = ScoreRow(**ROW, difference=0.1, low=0.05, high=0.15, n=300, confidence=0.95)


def registered(project, card):
    """Version 2 in a registry, with the scorecard that it was registered with."""
    uri = f"sqlite:///{project.root / 'mlflow.db'}"
    (project.root / "params.yaml").write_text((project.root / "params.yaml").read_text().replace('"http://127.0.0.1:9"', f'"{uri}"'))
    client = MlflowClient(uri, uri)
    experiment = client.create_experiment("clicks", artifact_location=(project.root / "artifacts").as_uri())
    run_id = client.create_run(experiment).info.run_id
    client.log_text(run_id, to_json(card), "reports/scorecard.json")
    client.create_registered_model("clicks")
    for _ in range(2):
        client.create_model_version("clicks", (project.root / "artifacts").as_uri(), run_id)


def scorecard(champion):
    shape = {"model": "clicks", "task": "classification", "metric": "roc_auc", "basis": "later", "evaluated_from": None, "evaluated_until": None}
    return Scorecard(**shape, champion=champion, n=300, rows=(PROMISED,))


def test_what_was_promised_is_read_when_the_server_is_there_and_stands_beside_what_was_delivered(project):
    said: list[str] = []
    run(project, until=datetime(2013, 3, 1), said=said)
    assert any("what version 2 promised is not known yet" in line for line in said)
    registered(project, scorecard(DISPLACED))
    (project.root / "params.yaml").write_text((project.root / "params.yaml").read_text() + EUR)
    run(project, until=datetime(2013, 4, 1))
    (found,) = kept(project)
    auc, money = found.kept
    assert (auc.promised.gain, auc.promised.low, auc.promised.high, auc.promised.n) == (0.1, 0.05, 0.15, 300)
    assert auc.delivered.gain == pytest.approx(recount(project, (2, 3)))
    assert (money.unit, money.promised) == ("EUR", None)
    assert money.delivered.gain == pytest.approx(recount_of_costs(project, (2, 3)))
    assert found.note == ""


def test_a_promise_about_another_pair_is_none_of_this_promotion(project):
    registered(project, scorecard(replace(DISPLACED, version="7", digest="sha256:" + "c" * 64)))
    run(project, until=datetime(2013, 3, 1))
    (found,) = kept(project)
    assert (found.against, found.kept[0].promised) == ("7", None)
    assert "compares with version 7" in found.note
