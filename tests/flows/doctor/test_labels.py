from __future__ import annotations

from datetime import UTC, datetime

import pytest

from keepfit.flows.doctor.labels import examine
from keepfit.flows.project import Project
from keepfit.flows.rows.people_labels import add_labels
from keepfit.records import Label

PIPELINE = "stages: {compose: {cmd: c, deps: [DEPS]}, refit: {cmd: r, deps: [labels]}}\n"


@pytest.fixture
def project(tmp_path):
    (tmp_path / "dvc.yaml").write_text(PIPELINE.replace("DEPS", "labels"))
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "README.md").write_text("Labels\n")
    return Project(tmp_path)


def add(project, *rows, origin="annotator", name="a"):
    add_labels(project, name, [Label(row=row, label="yes", origin=origin, known_at=datetime(2026, 11, 30, tzinfo=UTC)) for row in rows])


def test_nothing_is_said_where_nobody_labelled_anything(project):
    assert list(examine(project)) == list(examine(None)) == []


def test_rows_with_labels_of_people_are_counted_by_origin(project):
    add(project, "1", "2")
    add(project, "2", origin="gold", name="b")
    (only,) = examine(project)
    assert (only.status, only.found) == ("ok", "2 rows have labels of people (2 annotator, 1 gold)")


def test_a_pipeline_of_before_is_told_what_to_add(project):
    add(project, "1")
    (project.root / "dvc.yaml").write_text(PIPELINE.replace("DEPS", "build/ingest"))
    found = next(iter(examine(project)))
    assert found.status == "warn"
    assert found.found == "compose in dvc.yaml do not depend on labels: new labels re-run nothing"
    assert found.fix == "add labels to the deps of compose and refit in dvc.yaml"


def test_a_broken_file_is_named_with_its_line(project):
    add(project, "1")
    path = project.root / "labels" / "a.csv"
    path.write_text(path.read_text() + "2,yes,nobody,,2026-11-30T00:00:00Z,,,\n")
    (only,) = examine(project)
    assert (only.status, only.found) == ("fail", "the origin 'nobody' is none (labels/a.csv: line 3)")


def test_tables_of_another_kind_are_passed_over_and_named(project):
    (project.root / "labels" / "images.csv").write_text("path,class\n1.png,cat\n")
    (only,) = examine(project)
    assert (only.status, only.found) == ("unknown", "images.csv in labels/ hold no labels that keepfit wrote: they are passed over")
