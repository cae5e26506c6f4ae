"""A queue for people: rows without a label, in a file that they fill in, with a record by which their answers are understood; all of it or nothing."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from tests.flows.monitoring.test_monitor import rows_of, write_rows
from tests.flows.monitoring.test_monitor import run as monitor

from keepfit.compose.holdout import in_holdout
from keepfit.errors import DataError, KeepfitError, ParamsError, ProjectError, UnknownNameError
from keepfit.flows.labelling.export import ExportRequest, export_queue
from keepfit.flows.labelling.import_labels import ImportRequest, import_labels
from keepfit.flows.labelling.queues import known_queues
from keepfit.flows.labelling.status import label_status
from keepfit.flows.project import Project
from keepfit.flows.rows.people_labels import people_labels
from keepfit.flows.tickets.tickets import ledger_of
from keepfit.records import FoundSlice, RootCause, Ticket, to_json
from keepfit.records.quality import Suspect, Suspects

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def half_labelled(month):
    """A month of which every other row waits for its label."""
    rows = rows_of(month)
    return rows.assign(y=rows["y"].astype(float).where(np.arange(len(rows)) % 2 == 0))


@pytest.fixture
def project(watched, tmp_path):
    """February and March are closed, half of their rows labelled."""
    write_rows(watched.root, rows_of(1), half_labelled(2), half_labelled(3))
    monitor(watched, until=datetime(2013, 4, 1))
    return Project(watched.root)


def export(project, **asked):
    out = project.root / asked.pop("out", "ask.csv")
    return export_queue(project, ExportRequest(**{"rows": 50, "out": out, **asked}), now=NOW)


def sheet(path):
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def filled(project, path, answer=lambda _: "1"):
    """The sheet as a person saves it."""
    header, *lines = sheet(path)
    out = project.root / f"filled-{path.name}"
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *([row, answer(row), *values] for row, _, *values in lines)])
    return out


def state(project):
    """Everything that an export could leave."""
    return sorted(str(path.relative_to(project.root)) for path in project.root.rglob("*") if path.is_file() and "mlruns" not in path.parts)


# -- the file and the record --------------------------------------------------------------------------------------------


def test_the_sheet_has_the_rows_that_wait_in_the_newest_window_and_names_the_allowed_labels(project):
    found = export(project)
    header, *lines = sheet(project.root / "ask.csv")
    assert header == ["row", "label (0 | 1)", "t", "x", "c"]
    assert len(lines) == 50
    assert {line[1] for line in lines} == {""}
    assert {line[2][:7] for line in lines} == {"2013-03"}
    assert {int(line[0].removeprefix("id:3-")) % 2 for line in lines} == {1}
    assert (found.queue.population, found.queue.windows) == (200, ("2013-03",))


def test_the_record_says_what_was_asked_and_how_likely_each_row_was(project):
    made = export(project, strategy="uncertainty", seed=7).queue
    assert [made] == known_queues(project)
    assert (made.name, made.strategy, made.seed, made.format, made.model, made.version, made.classes, made.made_at) == (
        *("ask", "uncertainty", 7, "csv", "clicks", "1", ("0", "1"), NOW),
    )
    assert [row.selected for row in made.rows].count("random") == 10
    assert all(row.probability == pytest.approx(10 / 200) or row.probability > 0.05 for row in made.rows)
    assert {row.slices for row in made.rows} == {("c=a",), ("c=b",)}
    assert [row.row for row in made.rows] == [line[0].removeprefix("id:") for line in sheet(project.root / "ask.csv")[1:]]


def test_what_people_fill_in_is_imported_with_the_probability_of_each_row(project):
    made = export(project, strategy="margin").queue
    found = import_labels(project, filled(project, project.root / "ask.csv"), ImportRequest(), now=NOW)
    assert (found.taken, found.refused) == (50, ())
    said = {label.row: label for label in people_labels(project)}
    assert {row.row: (row.selected, row.probability) for row in made.rows} == {row: (label.selected, label.probability) for row, label in said.items()}


def test_the_next_queue_asks_about_other_rows(project):
    first = {row.row for row in export(project, rows=80).queue.rows}
    import_labels(project, filled(project, project.root / "ask.csv"), ImportRequest(), now=NOW)
    found = export(project, rows=500, out="more.csv")
    assert not first & {row.row for row in found.queue.rows}
    assert len(found.queue.rows) == 120
    assert "120 of 500 rows: no more wait for a label (280 have one, 0 are being asked about)" in found.remarks
    assert "every row that waits is in the queue: nobody chose" in found.remarks
    with pytest.raises(DataError, match=r"no row waits for a label \(280 have one, 120 are in an open queue\)"):
        export(project, out="again.csv")


def test_a_row_that_has_a_label_is_asked_about_where_that_is_wanted(project):
    found = export(project, rows=400, labelled=True)
    assert (len(found.queue.rows), found.queue.labelled) == (400, True)


def test_the_same_seed_asks_about_the_same_rows_and_another_about_others(project, tmp_path):
    again = tmp_path.parent / f"{tmp_path.name}-again"
    shutil.copytree(project.root, again, symlinks=True)
    one, same = export(project).queue.rows, export(Project(again)).queue.rows
    (again / "ask.csv").unlink()
    (again / ".keepfit/queues/ask.json").unlink()
    other = export(Project(again), seed=1).queue.rows
    assert one == same
    assert {row.row for row in one} != {row.row for row in other}


def test_label_studio_gets_tasks_and_a_configuration_with_the_classes(project):
    found = export(project, out="ask.json")
    tasks = json.loads((project.root / "ask.json").read_text(encoding="utf-8"))
    assert [task["data"]["row"] for task in tasks] == [row.row for row in found.queue.rows]
    assert tasks[0]["data"].keys() == {"row", "queue", "text", "columns"}
    assert tasks[0]["data"]["columns"].keys() == {"t", "x", "c"}
    config = ET.fromstring((project.root / "ask.xml").read_text(encoding="utf-8"))
    shown, control = config.find("Table"), config.find("Choices")
    assert shown.attrib == {"name": "columns", "value": "$columns"}
    assert (control.get("name"), control.get("toName"), [choice.get("value") for choice in control]) == ("label", "columns", ["0", "1"])


def test_an_export_of_label_studio_for_these_tasks_is_imported(project):
    export(project, out="ask.json", rows=3)
    tasks = json.loads((project.root / "ask.json").read_text(encoding="utf-8"))
    said = {"from_name": "label", "to_name": "columns", "type": "choices", "value": {"choices": ["1"]}}
    answered = [
        {"id": at, **task, "annotations": [{"id": at, "completed_by": 1, "result": [said], "was_cancelled": False}]} for at, task in enumerate(tasks, start=1)
    ]
    (project.root / "export.json").write_text(json.dumps(answered))
    found = import_labels(project, project.root / "export.json", ImportRequest(), now=NOW)
    assert (found.taken, found.refused) == (3, ())


def test_rows_on_which_people_disagree_are_asked_about_again_as_they_were_selected(project):
    made = export(project, rows=5).queue
    lines = ["row,label,annotator", *(f"{row.row},{label},{who}" for row in made.rows[:2] for who, label in (("ann", 1), ("bo", 0)))]
    (project.root / "two.csv").write_text("\n".join(lines))
    assert len(import_labels(project, project.root / "two.csv", ImportRequest(), now=NOW).ties) == 2
    (asked,) = label_status(project)
    assert (asked.ties, asked.total.answered) == (tuple(row.row for row in made.rows[:2]), 0)
    found = export(project, rows=6, out="more.csv")
    assert {row.row for row in found.queue.rows[:2]} == set(asked.ties)
    assert {row.row: row.probability for row in found.queue.rows[:2]} == {row.row: row.probability for row in made.rows[:2]}
    assert not {row.row for row in found.queue.rows[2:]} & {row.row for row in made.rows}
    assert found.remarks == ("2 rows are asked about again, as people disagree on them",)
    assert len(found.queue.rows) == 6
    assert next(row.row for row in export(project, rows=1, out="one.csv").queue.rows) in asked.ties


def test_a_status_says_what_is_missing_and_forgets_a_queue_that_is_answered(project):
    export(project, rows=10)
    import_labels(project, filled(project, project.root / "ask.csv", lambda row: "1" if row < "id:3-2" else ""), ImportRequest(), now=NOW)
    (asked,) = label_status(project)
    assert 0 < asked.total.answered < 10
    import_labels(project, filled(project, project.root / "ask.csv"), ImportRequest(), now=NOW)
    assert label_status(project) == ()
    assert [one.total.missing for one in label_status(project, every=True)] == [0]
    assert [one.name for one in label_status(project, "ask")] == ["ask"]
    with pytest.raises(UnknownNameError, match="did you mean"):
        label_status(project, "aks")


# -- slices and tickets -------------------------------------------------------------------------------------------------


def of_ticket(project, *slices, moved=()):
    """A ticket that names these slices."""
    told = [
        FoundSlice(question="loss", slice=name, columns=("c",), rows=9, share=0.1, effect=0.2, low=0.1, high=0.3, p_value=0.001, explained=0.2, n=90, tests=9)
        for name in slices
    ]
    ticket = Ticket(
        id="T-1",
        model="clicks",
        champion="1",
        action="improve",
        ground="harm",
        cause="harm:roc_auc",
        window="2013-02",
        opened=NOW,
        target=None,
        reasons=("it is worse",),
        evidence=(),
        affected="some",
        next=(),
        root=RootCause(kind="concept", slices=tuple(told), moved=tuple(moved)),
    )
    with ledger_of(project) as ledger, ledger.transaction() as book:
        book.save_ticket(ticket)
    return ticket


def test_a_tickets_rows_are_of_its_slice_and_its_window_beside_the_share_by_chance(project):
    of_ticket(project, "c=a")
    made = export(project, ticket="T-1").queue
    assert (made.ticket, made.slice, made.windows) == ("T-1", "c=a", ("2013-02",))
    kinds = {kind: [row for row in made.rows if row.selected == kind] for kind in ("random", "ticket", "active")}
    assert [len(kinds[kind]) for kind in kinds] == [10, 40, 0]
    assert {row.slices for row in kinds["ticket"]} == {("c=a",)}
    assert {row.slices for row in kinds["random"]} == {("c=a",), ("c=b",)}


def test_rows_that_a_strategy_chose_in_a_slice_are_chosen_ones(project):
    of_ticket(project, "c=a")
    made = export(project, ticket="T-1", strategy="uncertainty").queue
    assert {row.selected for row in made.rows} == {"random", "active"}


def test_a_slice_as_a_search_names_it_is_found_by_the_champions_bins(project):
    from keepfit.flows.monitoring.champion import load_champion
    from keepfit.slices.codes import literals_of

    served = load_champion(project)
    literal = next(one for one in literals_of("x", served.champion.layout["x"]) if " in (" in one)
    low, high = (float(edge) for edge in literal.partition(" in (")[2].removesuffix("]").split(","))
    of_ticket(project, f"{literal} & c=b")
    export(project, ticket="T-1", random_share=0, reason="only the slice")
    _, *lines = sheet(project.root / "ask.csv")
    assert lines
    assert all(low < float(line[3]) <= high and line[4] == "b" for line in lines)


def test_a_ticket_without_a_slice_asks_about_its_whole_window_and_says_so(project):
    of_ticket(project)
    found = export(project, ticket="T-1")
    assert found.remarks == ("the ticket T-1 names no slice: rows of its whole window",)
    assert {row.window for row in found.queue.rows} == {"2013-02"}
    assert {row.selected for row in found.queue.rows} == {"random"}


def test_a_slice_with_few_rows_gives_them_all_and_says_how_many_it_has(project):
    found = export(project, slices=("c=a",), rows=150)
    (said,) = [
        re.fullmatch(r"\d+ of 150 rows: (\d+) rows of the slice are there to be asked about, and (\d+) more are held out .*", one) for one in found.remarks
    ]
    n, held = map(int, said.groups())
    assert 80 < n + held < 120
    assert sum(row.slice == "c=a" and row.selected == "ticket" for row in found.queue.rows) + by_chance(found) == n


def by_chance(found):
    """Rows of the slice that were drawn by chance from all rows, and could have been chosen."""
    drawn = [row.row for row in found.queue.rows if row.slice == "c=a" and row.selected == "random"]
    return int((~in_holdout(drawn, share=0.2, salt="keepfit")).sum())


@pytest.mark.parametrize("asked", [{"slices": ("c=a",)}, {"strategy": "uncertainty"}, {"strategy": "diversity"}])
def test_what_is_chosen_is_never_of_the_permanent_holdout_and_what_chance_draws_is(project, asked):
    rows = export(project, rows=80, random_share=0.5, **asked).queue.rows
    held = {row.row: bool(one) for row, one in zip(rows, in_holdout([row.row for row in rows], share=0.2, salt="keepfit"), strict=True)}
    assert not any(held[row.row] for row in rows if row.selected != "random")
    assert any(held[row.row] for row in rows if row.selected == "random")


def test_windows_are_drawn_from_together(project):
    made = export(project, windows=("all",), rows=100).queue
    assert made.windows == ("2013-02", "2013-03")
    assert made.population == 400
    assert {row.window for row in made.rows} == {"2013-02", "2013-03"}


def test_a_strategy_that_looks_at_some_of_the_rows_says_so_and_probabilities_are_of_all(project):
    found = export(project, rows=10, look_at=50, strategy="diversity")
    assert found.remarks == ("the strategy looked at 50 of 200 rows, drawn by chance (--look-at)",)
    assert max(row.probability for row in found.queue.rows) == 50 / 200
    assert min(row.probability for row in found.queue.rows) >= 2 / 200


def test_rows_drawn_by_chance_are_drawn_from_all_however_many_a_strategy_would_look_at(project):
    found = export(project, rows=10, look_at=50, slices=("c=a",))
    assert found.remarks == ()
    assert {row.probability for row in found.queue.rows if row.slice == ""} <= {2 / 200}


# -- doubtful labels ----------------------------------------------------------------------------------------------------


def suspected(project, *rows):
    """What `keepfit data check --suspects` leaves."""
    found = tuple(Suspect(row=row, kind="label_errors", score=1 - 0.01 * place, label="1", instead="0") for place, row in enumerate(rows))
    ranked = Suspects(source="the rows that train", target="y", method="out of folds", folds=5, seed=0, judged=400, rows=found)
    (project.root / ".keepfit" / "suspects.json").write_text(to_json(ranked))


def test_the_most_doubtful_labels_are_asked_about_first_and_the_label_they_have_is_not_shown(project):
    suspected(project, *(f"{month}-{number}" for number in range(0, 60, 2) for month in (2, 3)), "9-1")
    made = export(project, of_quality=True, rows=20, windows=()).queue
    chosen = {row.row for row in made.rows if row.selected == "active"}
    assert len(chosen) == 16
    assert chosen <= {f"{month}-{number}" for number in range(0, 24, 2) for month in (2, 3)}
    assert {row.label for row in made.rows if row.row in chosen} == {"1"}
    assert (made.strategy, made.windows, made.population, made.labelled) == ("quality", ("2013-02", "2013-03"), 800, True)
    header, *lines = sheet(project.root / "ask.csv")
    assert header == ["row", "label (0 | 1)", "t", "x", "c"]
    assert {line[1] for line in lines} == {""}


def test_suspects_that_people_have_answered_are_left_out(project):
    suspected(project, "3-0", "3-2", "3-4")
    (project.root / "said.csv").write_text("id,label\n3-0,1\n")
    import_labels(project, project.root / "said.csv", ImportRequest(), now=NOW)
    found = export(project, of_quality=True, rows=10)
    assert {row.row for row in found.queue.rows if row.label} >= {"3-2", "3-4"}
    assert "3-0" not in {row.row for row in found.queue.rows}
    assert any("2 suspects are there to be asked about" in said for said in found.remarks)


def test_without_a_ranking_there_is_nobody_to_suspect_and_no_strategy_goes_beside_it(project):
    with pytest.raises(ProjectError, match="nobody has ranked the labels"):
        export(project, of_quality=True)
    with pytest.raises(ParamsError, match="no strategy chooses"):
        export(project, of_quality=True, strategy="margin")


# -- what people see ----------------------------------------------------------------------------------------------------


def test_people_see_the_columns_that_are_named_without_the_redacted_ones(project):
    export(project, columns=("c", "x"), redacted=("x*",))
    assert sheet(project.root / "ask.csv")[0] == ["row", "label (0 | 1)", "c"]


@pytest.mark.parametrize(
    ("asked", "error", "where"),
    [
        ({"columns": ("cc",)}, UnknownNameError, "--columns"),
        ({"columns": ("y",)}, ParamsError, "--columns"),
        ({"redacted": ("customer",)}, UnknownNameError, "--redact"),
        ({"windows": ("2013-09",)}, UnknownNameError, "--window"),
        ({"slices": ("c=z",)}, UnknownNameError, "--slice"),
        ({"slices": ("d=a",)}, UnknownNameError, "--slice"),
        ({"strategy": "entropy"}, UnknownNameError, "--strategy entropy"),
        ({"strategy": "disagreement"}, ProjectError, None),
        ({"strategy": "slices", "fields": {"quotas": {"c=z": 3}}}, UnknownNameError, "--quota"),
        ({"strategy": "margin", "fields": {"quotas": {"c=a": 3}}}, ParamsError, None),
        ({"random_share": 0}, ParamsError, "--random-share"),
        ({"ticket": "T-9"}, KeepfitError, None),
        ({"out": "ask.xlsx"}, ParamsError, "--out"),
        ({"out": "nowhere/ask.csv"}, DataError, "--out"),
        ({"name": "../ask"}, ParamsError, "--name"),
        ({"rows": 0}, ParamsError, "--rows"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_does_not_fit_is_one_sentence_and_nothing_is_written(project, asked, error, where):
    before = state(project)
    with pytest.raises(error) as refused:
        export(project, **asked)
    assert where is None or refused.value.where == where
    assert state(project) == before


@pytest.mark.parametrize("there", ["ask.csv", ".keepfit/queues/ask.json"])
def test_what_is_there_is_never_overwritten(project, there):
    path = project.root / there
    path.parent.mkdir(exist_ok=True)
    path.write_text("{}")
    with pytest.raises(KeepfitError, match="is there already") as refused:
        export(project)
    assert refused.value.where == ("--out" if there == "ask.csv" else "--name")
    assert path.read_text() == "{}"


def test_where_the_record_cannot_be_written_the_sheet_is_taken_back(project, monkeypatch):
    from keepfit.flows.labelling import queue_files

    def full(path, text, write=queue_files._write_new):
        if path.suffix == ".json":
            raise OSError(28, "No space left on device")
        write(path, text)

    monkeypatch.setattr(queue_files, "_write_new", full)
    with pytest.raises(OSError, match="No space"):
        export(project)
    assert not (project.root / "ask.csv").exists()
    assert known_queues(project) == []


def test_a_strategy_that_asks_a_model_needs_a_champion_and_others_do_not(project):
    (project.root / "models/champion").unlink()
    with pytest.raises(ProjectError, match="no champion to ask"):
        export(project, strategy="uncertainty")
    assert len(export(project, strategy="diversity").queue.rows) == 50


def test_disagreement_asks_the_candidate_that_the_pipeline_made(project, clicks):
    (project.root / "models/candidate").symlink_to(clicks)
    assert {row.selected for row in export(project, strategy="disagreement").queue.rows} == {"random", "active"}


def test_a_regression_asks_for_numbers_and_has_no_uncertain_rows(project):
    text = (project.root / "params.yaml").read_text()
    text = text.replace("task: classification", "task: regression").replace("LogisticRegression", "LinearRegression").replace("metric: roc_auc", "metric: mae")
    (project.root / "params.yaml").write_text(text)
    numbers = Project(project.root)
    with pytest.raises(ParamsError, match="a regression has none"):
        export(numbers, strategy="uncertainty")
    assert export(numbers, strategy="diversity").queue.classes == ()
    assert sheet(project.root / "ask.csv")[0][1] == "label (a number)"


def test_without_a_closed_window_there_is_nothing_to_label(watched):
    with pytest.raises(DataError, match="no window is closed yet"):
        export(Project(watched.root))


def test_a_queue_of_an_older_form_is_read(project):
    made = export(project).queue
    path = project.root / ".keepfit/queues/ask.json"
    old = {key: value for key, value in json.loads(path.read_text()).items() if key not in ("windows", "population", "labelled", "random_share", "reason")}
    path.write_text(json.dumps(old))
    (read,) = known_queues(project)
    assert read == replace(made, windows=(), population=None, random_share=None)
