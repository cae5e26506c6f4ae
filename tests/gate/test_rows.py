from __future__ import annotations

from dataclasses import replace

import pytest
from tests.certificates import row
from tests.gate.verdicts import GREEN, RULES, again, refusing, verdict

from keepfit.gate.standing import Standing


@pytest.mark.parametrize(
    ("name", "changes", "codes"),
    [
        ("overall", None, ["KF-G020"]),
        ("slices", None, ["KF-G020"]),
        ("overall", {"status": "fail"}, ["KF-G021"]),
        ("overall", {"status": "undecided"}, ["KF-G022"]),
        ("floor", {"status": "undecided"}, ["KF-G022"]),
        ("slices", {"status": "undecided"}, []),
        ("slices", {"status": "error"}, ["KF-G023"]),
        ("overall", {"bound": 0.02}, ["KF-G024"]),
        ("overall", {"bound": 0.0}, []),
        ("overall", {"bound": None}, ["KF-G024"]),
        ("slices", {"bound": 0.01}, ["KF-G024"]),
        ("floor", {"bound": 0.5}, ["KF-G024"]),
        ("floor", {"bound": 0.65}, []),
    ],
)
def test_each_row_refuses_on_its_own(name, changes, codes):
    rows = {key: one for key, one in GREEN.items() if key != name} if changes is None else GREEN | {name: again(name, **changes)}
    assert refusing(verdict(rows=rows)) == codes


def test_a_row_that_failed_a_rule_of_the_project_alone_refuses_too():
    own = RULES.replace("      floor: {kind: at_least, metric: roc_auc, bound: 0.6}\n", "")
    for status, codes in {"pass": [], "undecided": ["KF-G022"], "fail": ["KF-G021"], "error": ["KF-G023"]}.items():
        assert refusing(verdict(rows=GREEN | {"floor": again("floor", status=status)}, rules=own)) == codes


def test_a_first_model_is_judged_by_absolute_bounds_only_and_the_verdict_says_so():
    first = {"standing": Standing(champion=None), "champion": None, "basis": "same-period"}
    found = verdict(rows={"floor": GREEN["floor"]}, **first)
    assert found.promote
    assert [reason.rule for reason in found.reasons if reason.code == "KF-G025"] == ["overall", "slices"]
    only_comparisons = RULES.replace("      floor: {kind: at_least, metric: roc_auc, bound: 0.6}\n", "")
    assert refusing(verdict(rows={}, rules=only_comparisons, **first)) == ["KF-G026"]
    assert refusing(verdict(rows={"floor": again("floor", status="fail")}, rules=only_comparisons, **first)) == ["KF-G021"]


def test_the_bound_of_no_proof_of_harm_is_said_to_be_an_error_rate():
    """Beside a difference it would read as the size that is allowed."""
    found = verdict(rows=GREEN | {"slice": row("no_proof_of_harm", 0.05, "fail", "carrier=EV", difference=-0.03)})
    assert "significantly worse at bound 0.05" in next(reason.text for reason in found.reasons if reason.slice == "carrier=EV")


BESIDE_RULES = RULES + "      behaves: {kind: at_most, metric: failure_rate, slice: 'test=*', bound: 0.05, basis: behaviour}\n"


def behaving(status="pass", basis="behaviour"):
    return {"behaves": replace(row("at_most", 0.05, status, slice_="test=case"), metric="failure_rate", basis=basis)}


def test_a_rule_reads_rows_of_another_basis_only_where_it_names_it():
    any_floor = RULES + "      any: {kind: at_most, metric: '*', slice: '*', bound: 0.05}\n"
    assert refusing(verdict(rows=GREEN | behaving(), rules=any_floor)) == ["KF-G020"]
    assert refusing(verdict(rows=GREEN | behaving(), rules=BESIDE_RULES)) == []
    assert refusing(verdict(rows=GREEN | behaving(basis=None), rules=BESIDE_RULES)) == ["KF-G020"]
    assert refusing(verdict(rows=GREEN | behaving("fail"), rules=BESIDE_RULES)) == ["KF-G021"]


@pytest.mark.parametrize("basis", ["past", "behaviour", "serving"])
def test_a_row_beside_those_that_judge_refuses_where_the_projects_own_rule_failed(basis):
    assert refusing(verdict(rows=GREEN | behaving("fail", basis))) == ["KF-G021"]
    assert refusing(verdict(rows=GREEN | behaving("error", basis))) == ["KF-G023"]


def test_rows_beside_those_that_judge_are_no_judgement_of_a_first_model():
    first = {"standing": Standing(champion=None), "champion": None, "basis": "same-period"}
    only_comparisons = RULES.replace("      floor: {kind: at_least, metric: roc_auc, bound: 0.6}\n", "")
    assert refusing(verdict(rows=behaving(), rules=only_comparisons, **first)) == ["KF-G026"]
    assert refusing(verdict(rows={"floor": GREEN["floor"]} | behaving("fail"), **first)) == ["KF-G021"]


REMEMBERING = RULES + "      remembers: {kind: not_forgotten, metric: '*', slice: 'window=*', bound: 0.02}\n"


def remembering(status="pass", bound=0.02, **more):
    """The row of a past window: worse by .06 (p .004 of a loss beyond the bound) where it failed."""
    numbers = {"difference": -0.06, "low": -0.09, "high": -0.03, "p_value": 0.004} if status == "fail" else {}
    made = row("not_forgotten", bound, status, slice_="window=2013-01", **{**numbers, **{key: value for key, value in more.items() if key != "basis"}})
    return {"past": replace(made, basis=more.get("basis", "past"))}


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ({}, ["KF-G020"]),
        (remembering(), []),
        (remembering("undecided"), []),
        (remembering("error"), ["KF-G023"]),
        (remembering("fail"), ["KF-G021"]),
        (remembering(bound=0.03), ["KF-G024"]),
        (remembering(bound=0.0), []),
        (remembering(basis=None), ["KF-G020"]),  # rows that judge are not what is past
    ],
)
def test_a_server_that_demands_memory_reads_what_is_past_and_nothing_else(rows, codes):
    assert refusing(verdict(rows=GREEN | rows, rules=REMEMBERING)) == codes


def test_what_is_forgotten_is_refused_by_the_name_of_the_window_also_where_the_server_does_not_ask():
    for rules in (RULES, REMEMBERING):
        [reason] = [each for each in verdict(rows=GREEN | remembering("fail"), rules=rules).reasons if each.blocking]
        assert reason.slice == "window=2013-01"
        assert reason.text == "window=2013-01 roc_auc not_forgotten: difference to the champion -0.06 [-0.09, -0.03], forgotten; largest loss allowed 0.02"


@pytest.mark.parametrize("lie", [{"status": "pass"}, {"status": "undecided"}, {"p_value": 0.2}, {"bound": 0.1}])
def test_a_row_whose_numbers_say_that_it_was_forgotten_is_believed_by_its_numbers(lie):
    lying = {"past": replace(remembering("fail")["past"], **lie)}
    assert refusing(verdict(rows=GREEN | lying, rules=REMEMBERING)) != []
