"""validate and compose on an own table, through their files as the stages run them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from click.testing import CliRunner

from keepfit.cli.windows import window
from keepfit.errors import BlockedError, DataError, ExpectationError, ProjectError, UnknownNameError
from keepfit.flows.project import Project
from keepfit.flows.rows.windows import decide_window
from keepfit.flows.stages.compose import run_compose
from keepfit.flows.stages.ingest import run_ingest
from keepfit.flows.stages.validate import run_validate
from keepfit.integrations.tables import read_table, write_parquet
from keepfit.records import Composition, Validation, from_json

PARAMS = "model: {name: m, task: classification, target: y}\ndata: {live: rows.csv, time: t, id: id, features: {x: numeric}}\n"
ROWS = 200


def table(month, x=None, y=None):
    at = [datetime(2013, month, 1) + timedelta(minutes=30 * row) for row in range(ROWS)]
    values = x or [float(row) for row in range(ROWS)]
    return pa.table({"id": [f"{month}-{row:03d}" for row in range(ROWS)], "t": at, "x": values, "y": y or [float(row % 2) for row in range(ROWS)]})


def expectation(name, kind, level, **kwargs):
    return {"type": kind, "kwargs": kwargs, "severity": "critical", "meta": {"id": name, "level": level}}


SUITE = [
    expectation("x_small", "expect_column_values_to_be_between", "row", column="x", min_value=0, max_value=1000),
    expectation("x_there", "expect_column_values_to_not_be_null", "batch", column="x", mostly=0.98),
]


@pytest.fixture
def root(tmp_path):
    (tmp_path / "params.yaml").write_text(PARAMS)
    for folder in ("data/windows", "expectations/data", "models/champion", "reports"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "models/champion/NONE").touch()
    (tmp_path / "baseline.json").write_text('{"champion": null}')
    (tmp_path / "expectations/windows.yaml").write_text("{}\n")
    (tmp_path / "expectations/data/rows.json").write_text(json.dumps({"name": "rows", "expectations": SUITE}))
    decide(tmp_path)
    return tmp_path


def decide(root, action="improve", target=None):
    (root / "decision.json").write_text(json.dumps({"action": action, "target": target}))


def put(root, month, **changes):
    write_parquet(table(month, **changes), root / f"data/windows/2013-{month:02d}.parquet")


def validate(root):
    run_ingest(root, windows="data/windows", out="build/ingest")
    run_validate(root, ingest="build/ingest", out="build/validate", reports="reports")
    return from_json(Validation, (root / "reports/validation.json").read_text())


def compose(root):
    run_compose(root, ingest="build/ingest", validate="build/validate", out="build/compose", reports="reports")
    return from_json(Composition, (root / "reports/composition.json").read_text())


def test_a_row_that_fails_is_quarantined_and_does_not_train(root):
    put(root, 1, x=[1048.0] + [1.0] * (ROWS - 1))
    (found,) = validate(root).windows
    assert (found.quarantined, found.blocked) == (1, False)
    assert read_table(root / "build/validate/quarantine.parquet").to_pylist() == [
        {"window": "2013-01", "row_id": "1-000", "suite": "rows", "expectation": "x_small"}
    ]
    compose(root)
    manifest = read_table(root / "build/compose/manifest.parquet")
    assert manifest.filter(pc.equal(manifest["row_id"], "1-000"))["reason"].to_pylist() == ["quarantined"]


def test_a_first_model_learns_from_the_windows_up_to_as_of_also_where_it_was_changed(root):
    for month in (1, 2, 3):
        put(root, month)
    composed = {}
    for as_of in ("2013-02-01", "2013-03-15", "2013-04-01"):
        (root / "params.yaml").write_text(PARAMS.replace("time: t", f"time: t, as_of: '{as_of}'"))
        validate(root)
        composed[as_of] = compose(root).trained_until
    assert composed == {"2013-02-01": datetime(2013, 2, 1), "2013-03-15": datetime(2013, 3, 1), "2013-04-01": datetime(2013, 4, 1)}


@pytest.mark.parametrize(
    ("as_of", "says"),
    [
        ("2013-06-01", "data/windows ends before 2013-03-01: 3 windows up to there are not tracked"),
        ("2013-01-15", "no window of data/windows is closed by 2013-01-15"),
    ],
)
def test_an_as_of_that_the_windows_cannot_give_is_one_sentence_with_the_command(root, as_of, says):
    put(root, 1)
    put(root, 2)
    (root / "params.yaml").write_text(PARAMS.replace("time: t", f"time: t, as_of: '{as_of}'"))
    validate(root)
    with pytest.raises(DataError) as raised:
        compose(root)
    assert says in str(raised.value)
    assert ("keepfit init --as-of 2013-06-01" in str(raised.value)) == (as_of == "2013-06-01")


def test_a_blocked_window_stops_compose_in_one_sentence_until_a_person_decides(root, monkeypatch):
    put(root, 1)
    put(root, 2, x=[None] * 5 + [1.0] * (ROWS - 5))
    assert [one.window for one in validate(root).windows if one.blocked] == ["2013-02"]
    with pytest.raises(BlockedError) as caught:
        compose(root)
    says = "the window 2013-02 is blocked: rows/x_there on x: 97.50 % of 200 rows, 98 % wanted; 5 rows, such as 2-000, 2-001, 2-002, 2-003, 2-004"
    assert caught.value.what == says
    assert "keepfit window exclude 2013-02" in caught.value.fix
    monkeypatch.chdir(root)
    done = CliRunner().invoke(window, ["exclude", "2013-02", "--reason", "sensor down"])
    assert done.exit_code == 0, done.output
    assert {part.reason for part in compose(root).parts if part.window == "2013-02"} == {"window excluded: sensor down"}
    decide_window(Project(root), "2013-02", "accept", "good enough", by="me")
    assert {part.part for part in compose(root).parts if part.window == "2013-02"} >= {"train", "holdout"}
    listed = json.loads(CliRunner().invoke(window, ["list", "--json"]).stdout)
    assert listed["windows"] == [{"window": "2013-02", "state": "blocked", "quarantined": 0, "verdict": "accept", "reason": "good enough"}]


def test_what_is_expected_of_labels_blocks_no_window_whose_labels_come_later(root):
    both = expectation("both", "expect_column_mean_to_be_between", "batch", column="y", min_value=0.2, max_value=0.8)
    known = expectation("known", "expect_column_values_to_be_in_set", "row", column="y", value_set=[0, 1])
    (root / "expectations/data/rows.json").write_text(json.dumps({"name": "rows", "expectations": [*SUITE, both, known]}))
    put(root, 1)
    put(root, 2, y=[0.0, 1.0] * 50 + [None] * (ROWS - 100))
    put(root, 3, y=[None] * ROWS)
    found = validate(root).windows
    assert [(one.blocked, one.quarantined) for one in found] == [(False, 0)] * 3
    assert [[outcome.status for outcome in one.outcomes] for one in found] == [["pass"] * 4, ["pass"] * 4, ["undecided", "undecided", "pass", "pass"]]
    assert f"not yet decidable: {ROWS} of {ROWS} rows wait for their label" in (root / "reports/validation.md").read_text()
    assert {part.reason for part in compose(root).parts if part.window == "2013-03"} == {"no label", "permanent holdout"}
    put(root, 3, y=[1.0] * ROWS)
    assert [one.window for one in validate(root).windows if one.blocked] == ["2013-03"]


def test_a_candidate_is_composed_against_the_champions_composition(root):
    put(root, 1)
    put(root, 2)
    validate(root)
    first = compose(root)
    (root / "models/champion/composition.json").write_bytes((root / "reports/composition.json").read_bytes())
    pin = {"model": "m", "version": "1", "digest": "d", "trained_until": "2013-02-01T00:00:00", "evaluated_until": "2013-02-01T00:00:00"}
    (root / "baseline.json").write_text(json.dumps({"champion": pin}))
    decide(root, target="2013-02-01")
    second = compose(root)
    assert (first.basis, second.basis) == ("same-period", "later")
    assert second.evaluated_from == datetime(2013, 2, 1)
    text = (root / "reports/COMPOSITION.md").read_text()
    assert "| trained until | 2013-02-01 | 2013-03-01 | changed |" in text


def test_all_stages_twice_give_the_same_bytes(root):
    put(root, 1)

    def everything():
        validate(root)
        compose(root)
        return {path.name: path.read_bytes() for folder in ("build", "reports") for path in (root / folder).rglob("*") if path.is_file()}

    assert everything() == everything()


@pytest.mark.parametrize(
    ("action", "target", "error", "says"),
    [
        ("inspect", None, ProjectError, "the decision says inspect"),
        ("imporve", None, ProjectError, "the action 'imporve' is none of"),
        ("improve", "soon", ProjectError, "the target 'soon' is no time"),
        ("improve", 3, ProjectError, "the target 3 is no time"),
    ],
)
def test_a_decision_that_cannot_be_followed_is_refused(root, action, target, error, says):
    put(root, 1)
    validate(root)
    decide(root, action, target)
    with pytest.raises(error, match=says):
        compose(root)


def test_an_unknown_sampler_is_answered_with_the_nearest(root):
    put(root, 1)
    (root / "params.yaml").write_text(PARAMS + "compose: {sampler: recnt}\n")
    validate(root)
    with pytest.raises(UnknownNameError, match=r"no sampler 'recnt'[\s\S]*did you mean 'recent'"):
        compose(root)


def test_a_suite_about_no_table_is_refused(root):
    put(root, 1)
    (root / "expectations/data/wether.json").write_text("{}")
    with pytest.raises(ExpectationError, match="the suite 'wether' is about no table"):
        validate(root)


def test_without_suites_nothing_is_checked_and_nothing_pretends_to_be(root):
    put(root, 1)
    (root / "expectations/data/rows.json").unlink()
    assert validate(root).windows[0].outcomes == ()
    assert "no suite" in (root / "reports/validation.md").read_text()


@pytest.mark.parametrize(
    ("arguments", "says"), [(["exclude", "february", "--reason", "r"], "is no window's id"), (["accept", "2013-02", "--reason", " "], "needs a reason")]
)
def test_a_decision_needs_a_window_and_a_reason(root, monkeypatch, arguments, says):
    monkeypatch.chdir(root)
    done = CliRunner().invoke(window, arguments)
    assert done.exit_code == 1
    assert says in str(done.exception)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2013-02: exclude\n", "a decision is a map"),
        ("2013-02: {verdict: drop, reason: r}\n", "the verdict 'drop'"),
        ("2013-02: {verdict: accept}\n", "has no reason"),
    ],
)
def test_an_edited_decision_file_is_checked(root, text, says):
    from keepfit.errors import ParamsError

    put(root, 1)
    validate(root)
    (root / "expectations/windows.yaml").write_text(text)
    with pytest.raises(ParamsError, match=says):
        compose(root)


def test_rules_on_single_rows_are_applied_counted_and_shown(root):
    put(root, 1)
    put(root, 2, x=[1048.0, 1049.0] + [1.0] * (ROWS - 2))
    validate(root)
    decide(root, target="2013-03-01")
    put(root, 3)
    validate(root)
    common = "author: ann, reason: why, expires: null"
    (root / "curation.yaml").write_text(
        "rules:\n"
        f"  out: {{action: exclude, where: 't < \"2013-01-02\"', {common}}}\n"
        f"  fine: {{action: include, where: x > 1000, {common}}}\n"
        f"  wrong: {{action: relabel, value: 1, rows: [2-004, zz], {common}}}\n"
        f"  far: {{action: weight, value: 0.5, where: x > 5000, {common}}}\n"
    )
    made = compose(root)
    rules = {rule.name: rule for rule in made.curation.rules}
    manifest = read_table(root / "build/compose/manifest.parquet").to_pylist()
    reasons = [row["reason"] for row in manifest]
    assert rules["out"].train == reasons.count("curation out: why") > 30
    assert rules["fine"].train == sum(row["row_id"] in ("2-000", "2-001") and row["part"] == "train" for row in manifest)
    assert (rules["wrong"].matched, rules["wrong"].strangers, rules["far"].matched) == (1, 1, 0)
    report = (root / "reports/COMPOSITION.md").read_text()
    for said in ("| out | exclude | 48 |", "- far matches nothing", "- wrong names 1 id that no row has: zz"):
        assert said in report
    first = (root / "reports/composition.json").read_bytes(), (root / "build/compose/train.parquet").read_bytes(), report
    compose(root)
    assert first == ((root / "reports/composition.json").read_bytes(), (root / "build/compose/train.parquet").read_bytes(), report)


def test_a_rule_that_cannot_be_read_leaves_what_was_composed(root):
    from keepfit.errors import ParamsError

    put(root, 1)
    validate(root)
    compose(root)
    before = (root / "build/compose/train.parquet").read_bytes()
    (root / "curation.yaml").write_text("rules: {a: {action: exclude, where: 'x > ', author: ann, reason: why, expires: null}}\n")
    with pytest.raises(ParamsError, match="the condition ends where it needs a column"):
        compose(root)
    assert (root / "build/compose/train.parquet").read_bytes() == before


AUGMENTED = PARAMS + "compose: {use: mine, recipes: {mine: {augment: {jitter: {share: 1, within: 10}}}}}\n"


def augmented(root, *suite, x):
    """What the recipe made of two windows, whose suite has these expectations more."""
    (root / "expectations/data/rows.json").write_text(json.dumps({"name": "rows", "expectations": [*SUITE, *suite]}))
    (root / "params.yaml").write_text(AUGMENTED)
    for month in (1, 2):
        put(root, month, x=x)
    validate(root)
    (one,) = compose(root).augmented
    return one, read_table(root / "build/compose/train.parquet")


EVEN = [float(row % 50) for row in range(ROWS)]


def test_a_made_row_that_breaks_the_data_suite_does_not_train_and_is_counted(root):
    even = expectation("x_even", "expect_column_values_to_be_in_set", "row", column="x", value_set=[float(value) for value in range(50)])
    odd = [value + 0.25 * (row % 3) for row, value in enumerate(EVEN)]
    known = expectation("x_known", "expect_column_values_to_be_in_set", "row", column="x", value_set=sorted({*odd}))
    one, train = augmented(root, known, x=odd)
    assert (one.rows, one.checked) == (0, True)
    assert one.broken > 200
    assert "_parent" not in train.column_names
    one, train = augmented(root, even, x=EVEN)
    assert one.broken == 0
    assert one.rows == sum(parent is not None for parent in train["_parent"].to_pylist()) > 200


@pytest.mark.parametrize("mean", [24.5, 90.0])
def test_a_batch_is_refused_for_what_its_parents_meet_and_not_for_what_they_break_too(root, mean):
    distinct = expectation("few", "expect_column_unique_value_count_to_be_between", "batch", column="x", min_value=1, max_value=20)
    near = expectation("mean", "expect_column_mean_to_be_between", "batch", column="x", min_value=mean - 9, max_value=mean + 9)
    put(root, 1)
    if mean == 24.5:  # both are met by what came; what is made has more values than it may
        few = [float(value) if row % 2 else value + 25.0 for row, value in enumerate(row % 5 for row in range(ROWS))]
        one, train = augmented(root, distinct, expectation("mean", "expect_column_mean_to_be_between", "batch", column="x", min_value=0, max_value=99), x=few)
        assert one.rows == 0
        assert one.refused.startswith("they break rows/few on x, which their parents meet: ")
        assert "_parent" not in train.column_names
        assert "**None of the rows that jitter made trains:**" in (root / "reports/COMPOSITION.md").read_text()
        return
    (root / "expectations/windows.yaml").write_text("".join(f"2013-0{month}: {{verdict: accept, reason: known}}\n" for month in (1, 2)))
    one, _ = augmented(root, near, x=EVEN)
    assert (one.refused, one.broken) == ("", 0)
    assert one.rows > 200
