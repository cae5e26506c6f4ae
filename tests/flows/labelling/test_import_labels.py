"""What people hand in becomes a reviewed file: all of it or nothing, once however often it is imported, by whoever does it at the same time."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from keepfit.errors import DataError, ProjectError, UnknownNameError
from keepfit.flows.labelling.import_labels import ImportRequest, import_labels
from keepfit.flows.labelling.ties import open_ties
from keepfit.flows.project import Project
from keepfit.flows.rows.people_labels import people_labels
from keepfit.flows.rows.window_store import WindowStore
from keepfit.records import Queue, QueueRow, to_json

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
PARAMS = """
model: {name: m, task: classification, target: churned, positive: "yes"}
data: {live: rows.csv, labels: labels.csv, time: t, id: id, features: {x: numeric}}
"""
ALL = ImportRequest()
SKIP = ImportRequest(skip_refused=True)


@pytest.fixture
def project(tmp_path):
    """Twelve rows of January, closed, and one of February; the first two have labels of the source."""
    (tmp_path / "params.yaml").write_text(PARAMS)
    (tmp_path / "baseline.json").write_text('{"champion": null}')
    rows = [f"r{row},2026-01-{row + 1:02},{row}" for row in range(12)]
    (tmp_path / "rows.csv").write_text("\n".join(["id,t,x", *rows, "r12,2026-02-01,12", ""]))
    (tmp_path / "labels.csv").write_text("id,churned\nr0,yes\nr1,no\n")
    project = Project(tmp_path)
    store = WindowStore(project, None, datetime(2026, 2, 1))
    store.rows(store.windows[0])
    return project


def sheet(project, *lines, name="answers.csv", header="id,label"):
    path = project.root / name
    path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return path


def take(project, *lines, request=ALL, now=NOW, **more):
    return import_labels(project, sheet(project, *lines, **more), request, now=now)


def files(project):
    return {path.name: path.read_text() for path in sorted((project.root / "labels").glob("*"))} if (project.root / "labels").is_dir() else {}


def test_answers_are_written_as_labels_of_closed_rows_and_of_young_ones(project):
    found = take(project, "r3,yes", "r12,NO", "r4,")
    assert (found.file, found.taken, found.empty) == ("labels/answers.csv", 2, 1)
    assert files(project) == {
        "answers.csv": "row,label,origin,annotator,known_at,queue,selected,probability\n"
        "r12,no,annotator,,2026-11-30T12:00:00Z,,,\nr3,yes,annotator,,2026-11-30T12:00:00Z,,,\n"
    }


def test_one_refused_answer_and_nothing_is_written_unless_the_others_are_asked_for(project):
    found = take(project, "r3,yes", "r99,no")
    assert (found.file, found.taken, [one.place for one in found.refused]) == (None, 1, ["line 3"])
    assert files(project) == {}
    found = take(project, "r3,yes", "r99,no", request=SKIP)
    assert (found.file, found.taken, len(found.refused)) == ("labels/answers.csv", 1, 1)


def test_importing_twice_changes_nothing(project):
    take(project, "r3,yes", "r4,no")
    before = files(project)
    again = take(project, "r3,yes", "r4,no", now=NOW + timedelta(days=1))
    assert (again.file, again.taken, again.known) == (None, 0, 2)
    assert files(project) == before


def test_what_was_filled_in_since_comes_in_a_file_of_its_own(project):
    take(project, "r3,yes", "r4,")
    before = files(project)
    again = take(project, "r3,yes", "r4,no", now=NOW + timedelta(days=1))
    assert (again.file, again.taken, again.known) == ("labels/answers-2.csv", 1, 1)
    assert files(project).items() > before.items()
    assert [(one.row, one.label) for one in people_labels(project)] == [("r4", "no"), ("r3", "yes")]


def test_an_answer_that_was_changed_is_one_more_and_is_counted(project):
    take(project, "r3,yes")
    again = take(project, "r3,no", now=NOW + timedelta(days=1))
    assert (again.file, again.taken, again.changed) == ("labels/answers-2.csv", 1, 1)


def test_two_imports_at_once_write_every_label_once(project):
    path = sheet(project, *(f"r{row},yes" for row in range(2, 12)))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: import_labels(project, path, ALL, now=NOW), range(4)))
    assert sorted(one.taken for one in found) == [0, 0, 0, 10]
    assert len(people_labels(project)) == 10
    assert list(files(project)) == ["answers.csv"]


def test_of_many_classes_the_listed_ones_are_labels_and_no_others(project):
    params = project.root / "params.yaml"
    params.write_text(PARAMS.replace('positive: "yes"', "classes: [billing, outage, 7]"))
    (project.root / "labels.csv").write_text("id,churned\nr0,billing\nr1,7\n")
    found = take(Project(project.root), "r3,Billing", "r4,7.0", "r5,legal", request=SKIP)
    assert [(one.row, one.label) for one in people_labels(project)] == [("r3", "billing"), ("r4", "7")]
    assert [one.why for one in found.refused] == ["the label 'legal' is none of 'billing', 'outage', '7'"]


def test_a_row_of_a_queue_is_labelled_with_how_it_was_selected(project):
    row = QueueRow(row="r3", window="2026-01", selected="active", probability=0.25)
    queue = Queue(name="january", made_at=NOW, strategy="margin", seed=0, format="csv", model="m", rows=(row,))
    (project.state / "queues").mkdir(parents=True)
    (project.state / "queues" / "january.json").write_text(to_json(queue))
    take(project, "r3,yes", "r4,no")
    assert [(one.row, one.queue, one.selected, one.probability) for one in people_labels(project)] == [
        ("r3", "january", "active", 0.25),
        ("r4", "", None, None),
    ]
    refused = take(project, "r3,yes", "r4,no", request=ImportRequest(queue="january"), name="more.csv").refused
    assert [(one.place, one.why) for one in refused] == [("line 3", "the queue january did not ask about it")]
    with pytest.raises(UnknownNameError, match="no queue 'januar'"):
        take(project, "r3,yes", request=ImportRequest(queue="januar"))


def test_ties_are_kept_until_somebody_decides_them(project):
    lines = ("r3,yes,ann", "r3,no,bob", "r4,no,ann", "r4,no,bob")
    found = take(project, *lines, header="id,label,annotator")
    assert [tie.row for tie in found.ties] == ["r3"]
    assert [tie.answers for tie in open_ties(project)] == [{"ann": "yes", "bob": "no"}]
    assert found.agreement.rows == 2
    take(project, *lines, header="id,label,annotator")
    assert len(open_ties(project)) == 1
    take(project, "r3,yes,cy", header="id,label,annotator", name="third.csv")
    assert open_ties(project) == []


def test_a_sheet_of_only_empty_answers_writes_nothing(project):
    found = take(project, "r3,", "r4, ")
    assert (found.file, found.empty, found.refused) == (None, 2, ())
    assert files(project) == {}


def test_a_name_that_is_no_file_name_becomes_one(project):
    assert take(project, "r3,yes", name="=cmd|' antworten märz (2).csv").file == "labels/cmd-antworten-m-rz-2.csv"


def test_labels_that_git_would_ignore_are_not_written(project):
    subprocess.run(["git", "init", "-q"], cwd=project.root, check=True)
    (project.root / ".gitignore").write_text("*.csv\n")
    with pytest.raises(ProjectError, match=r"git would ignore a file that keepfit has to track"):
        take(project, "r3,yes")
    assert files(project) == {}


@pytest.mark.parametrize("text", ["<<<<<<< HEAD\n", "row,label\nr3,yes\n"])
def test_a_file_of_labels_that_somebody_broke_is_named_and_nothing_is_written(project, text):
    (project.root / "labels").mkdir()
    (project.root / "labels" / "old.csv").write_text(text)
    with pytest.raises(DataError) as bad:
        take(project, "r3,yes")
    assert bad.value.where == "labels/old.csv"
    assert list(files(project)) == ["old.csv"]


def test_a_file_that_is_not_there_is_one_sentence(project):
    with pytest.raises(DataError, match=r"none\.csv cannot be read"):
        import_labels(project, project.root / "none.csv", ALL)


def test_the_verb_prints_the_git_command_and_exits_with_1_where_something_is_refused(project):
    sheet(project, "r3,yes", "r99,no")
    bad = verb(project, "answers.csv")
    assert bad.returncode == 1
    assert "line 3: 'r99': no row has this id" in bad.stdout
    assert "1 answer is refused, so none was taken" in bad.stderr
    assert "--skip-refused takes the other 1" in bad.stderr
    good = verb(project, "answers.csv", "--skip-refused")
    assert good.returncode == 0, good.stderr
    assert "next: git add labels/answers.csv && git commit -m 'Labels of answers'" in good.stderr


def verb(project, *arguments):
    return subprocess.run([sys.executable, "-m", "keepfit", "label", "import", *arguments], cwd=project.root, capture_output=True, text=True, check=False)
