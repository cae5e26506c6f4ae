"""What is wrong with a training set or a table, by the files that a project or a person has."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from keepfit.errors import ProjectError, UnknownNameError
from keepfit.expect.checked_table import TableQuestion
from keepfit.flows.data.check import SuspectsAsked, check_project, check_table
from keepfit.flows.project import Project
from keepfit.integrations.tables import write_parquet
from keepfit.records import from_json
from keepfit.records.quality import Suspects

PARAMS = """\
model: {name: m, task: TASK, target: y, CLASSES}
data: {live: x.csv, time: t, id: id, features: {a: numeric, b: categorical, c: numeric, d: numeric}}
train: {estimator: sklearn.ensemble.EXTRA, params: {n_estimators: 20, random_state: 0}}
"""
N = 400
SAID: list[str] = []


def project(root, *, many=0, regression=False):
    task = "regression" if regression else "classification"
    classes = f"classes: {[f'c{code}' for code in range(many)]}" if many else "positive: null"
    estimator = "ExtraTreesRegressor" if regression else "ExtraTreesClassifier"
    (root / "params.yaml").write_text(PARAMS.replace("TASK", task).replace("CLASSES", classes).replace("EXTRA", estimator))
    return Project(root)


def rows(label, start=0, name="r"):
    """Rows whose label is told by `a` but for a little, a day apart."""
    rng = np.random.default_rng(start)
    n = len(label)
    return pa.table(
        {
            "id": [f"{name}{at:04d}" for at in range(start, start + n)],
            "t": pa.array([datetime(2026, 1, 1) + timedelta(hours=at) for at in range(n)], pa.timestamp("us")),
            "a": np.asarray(label) + rng.normal(0, 0.1, n),
            "b": rng.choice(["x", "y"], n),
            "c": rng.normal(size=n),
            "d": rng.normal(size=n),
            "y": pa.array([float(one) for one in label]),
        }
    )


def composed(root, train, holdout):
    for name, table in (("train", train), ("evaluate", holdout), ("holdout", holdout)):
        (root / "build/compose").mkdir(parents=True, exist_ok=True)
        write_parquet(table, root / f"build/compose/{name}.parquet")


def planted(table, at, value):
    label = table["y"].to_pylist()
    label[at] = value
    return table.set_column(table.column_names.index("y"), "y", pa.array(label))


@pytest.mark.parametrize("kind", ["two", "many", "numbers"])
def test_a_planted_error_is_the_most_doubtful_label_of_a_training_set(tmp_path, kind):
    label = np.arange(N) % (2 if kind == "two" else 4)
    found = project(tmp_path, many=4 if kind == "many" else 0, regression=kind == "numbers")
    composed(tmp_path, planted(rows(label), 100, 1.0 if kind != "numbers" else 40.0), rows(label[:40], name="h"))
    said = []
    report = check_project(found, SuspectsAsked(folds=4), say=said.append)
    assert said == [f"training {at} of 4, on 300 rows" for at in range(1, 5)]
    assert (report.rows, report.labelled, report.suspects.judged, report.suspects.folds) == (N, N, N, 4)
    first = report.suspects.rows[0]
    assert (first.row, first.kind) == ("r0100", "label_errors")
    assert (first.label, first.instead) == {"two": ("1", "0"), "many": ("c1", "c0")}.get(kind, (first.label, first.instead))
    assert (report.suspects.expected_recall is None) == (kind == "numbers")
    assert len(report.suspects.rows) == N // 20
    kept = from_json(Suspects, (tmp_path / ".keepfit/suspects.json").read_bytes())
    assert kept == report.suspects


def test_the_same_check_says_the_same(tmp_path):
    composed(tmp_path, rows(np.arange(N) % 2), rows(np.arange(40) % 2, name="h"))
    first, second = (check_project(project(tmp_path), SuspectsAsked(), say=SAID.append) for _ in range(2))
    assert first == second


def test_rows_on_both_sides_are_named_without_training_anything(tmp_path):
    train = rows(np.arange(N) % 2)
    twin = train.slice(7, 1).set_column(0, "id", pa.array(["twin"]))
    composed(tmp_path, train, pa.concat_tables([rows(np.arange(40) % 2, start=1000, name="h"), twin]))
    report = check_project(project(tmp_path), None, say=pytest.fail)
    (one,) = [one for one in report.findings if one.kind == "contamination"]
    assert [(row.row, row.beside) for row in one.examples] == [("r0007", "twin")]
    assert not (tmp_path / ".keepfit/suspects.json").exists()


def test_what_is_not_composed_yet_is_said(tmp_path):
    with pytest.raises(ProjectError, match="no training set yet"):
        check_project(project(tmp_path), None, say=SAID.append)


def test_a_class_of_one_row_is_not_judged_and_the_others_are(tmp_path):
    label = (np.arange(N) % 2).tolist()
    label[5] = 2
    composed(tmp_path, rows(label), rows(np.arange(40) % 2, name="h"))
    report = check_project(project(tmp_path, many=3), SuspectsAsked(), say=SAID.append)
    assert report.suspects.judged == N - 1
    assert "r0005" not in {one.row for one in report.suspects.rows}


def test_one_class_alone_is_said_and_the_other_checks_are_made(tmp_path):
    composed(tmp_path, rows(np.zeros(50)), rows(np.arange(40) % 2, name="h"))
    report = check_project(project(tmp_path), SuspectsAsked(), say=SAID.append)
    assert report.suspects is None
    assert report.skipped == ("label_errors: the training rows hold one class only",)


@pytest.fixture
def csv(tmp_path):
    table = rows(np.arange(N) % 3).drop_columns(["t"])
    words = ["bill", "outage", "sales"]
    lines = [f"{row['id']},{row['a']:.9f},{row['b']},{row['c']:.9f},{row['a'] + row['d'] / 9:.9f},{words[int(row['y'])]}" for row in table.to_pylist()]
    path = tmp_path / "rows.csv"
    path.write_text("\n".join(["id,a,b,c,after,topic", *lines, lines[0].replace("r0000", "again")]) + "\n")
    return path


def test_a_table_is_checked_without_a_project(csv):
    report = check_table(csv, TableQuestion(target="topic", id="id"), SuspectsAsked(folds=3), say=SAID.append)
    (repeated,) = [one for one in report.findings if one.kind == "duplicates"]
    assert [(one.row, one.beside) for one in repeated.examples] == [("r0000", "again")]  # without times the first by id stays
    assert report.suspects.judged == N + 1
    assert {one.label for one in report.suspects.rows} <= {"bill", "outage", "sales"}


def test_rows_that_judge_may_be_another_table(csv):
    report = check_table(csv, TableQuestion(target="topic", id="id"), None, against=csv, say=SAID.append)
    found = {one.kind: one.rows for one in report.findings}
    assert "contamination" in found


def test_evidence_of_no_column_is_refused_with_the_nearest(csv):
    with pytest.raises(UnknownNameError, match="did you mean 'after'"):
        check_table(csv, TableQuestion(target="topic"), SuspectsAsked(evidence=("aftre",)), say=SAID.append)


def test_a_column_beside_the_features_that_knows_the_label_is_offered(tmp_path):
    train = rows(np.arange(N) % 2)
    composed(tmp_path, train.append_column("after", pa.array([float(one) for one in np.arange(N) % 2])), rows(np.arange(40) % 2, name="h"))
    assert check_project(project(tmp_path), SuspectsAsked(), say=SAID.append).suspects.witnesses == ("after",)
    asked = SuspectsAsked(evidence=("after",))
    report = check_project(project(tmp_path), asked, say=SAID.append)
    assert (report.suspects.evidence, report.suspects.witnesses) == (("after",), ())


@pytest.mark.parametrize("cell", ["x" * 5_000_000, None, "", "私の請求書は二回請求されました。返金してください。早急な対応をお願いします。"])
def test_cells_of_megabytes_of_nothing_or_without_spaces_are_checked_like_others(tmp_path, cell):
    texts = [f"the parcel number {at} of customer {7 * at} has not arrived since monday" for at in range(60)]
    texts[3] = texts[4] = cell
    path = tmp_path / "texts.parquet"
    write_parquet(pa.table({"id": [f"r{at:02d}" for at in range(60)], "body": pa.array(texts, pa.string()), "topic": ["a", "b", "b"] * 20}), path)
    report = check_table(path, TableQuestion(target="topic", id="id"), SuspectsAsked(folds=2), say=SAID.append)
    assert report.skipped == ()
    assert report.suspects.judged == 60
    (torn,) = [one for one in report.findings if one.kind == "conflicts"]
    assert [(one.row, one.beside) for one in torn.examples] == [("r03", "r04"), ("r04", "r03")]
