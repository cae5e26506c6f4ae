"""What lies upstream explains what lies downstream."""

import itertools
from dataclasses import replace
from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from keepfit import plugins
from keepfit.monitor.compare import drift_of
from keepfit.monitor.evidence import drifting
from keepfit.monitor.performance import performance_evidence
from keepfit.profiles.profile import learn_layout, profile_table
from keepfit.records import Decision, Evidence, FoundSlice, PolicyState, RootCause, Window
from keepfit.slices.codes import CodedColumn
from keepfit.slices.search import find_slices
from keepfit.update.policy import UpdatePolicy, step
from keepfit.update.rootcause import ORDER, Alarm, located, root_cause, root_first, since
from keepfit.update.tickets import standing, ticket_for

EFFECT = {"effect": 0.1, "low": 0.05, "high": 0.15, "p_value": 1e-6, "explained": 0.1, "n": 1000, "tests": 50}


def alarm(ground, subject="", size=0.0):
    return Alarm(ground=ground, subject=subject, sentence="…", size=size)


def test_the_order_is_upstream_first_whatever_the_input_order():
    for shuffled in itertools.permutations([alarm(ground) for ground in ORDER]):
        assert [one.ground for one in root_first(shuffled)] == list(ORDER)


def test_of_one_ground_the_largest_is_the_root_then_the_name_decides():
    found = root_first([alarm("quality", "b", 1), alarm("quality", "a", 1), alarm("quality", "c", 2)])
    assert [one.cause for one in found] == ["quality:c", "quality:a", "quality:b"]


def test_no_alarm_is_no_cause():
    assert root_first([]) == ()


# -- what changed: inputs, labels, or their relation ------------------------------------------------------------------------

WINDOW = Window(id="2013-03", source="live")
POLICY = UpdatePolicy(harm_margin=0.03)
LOGISTIC = {"same": 2.0, "only X": 2.0, "only y": 2.0, "only y|X": -2.0}


def world(what, *, n, seed):
    """One numeric input, its label, and the score of the model that is right in the world `same`."""
    rng = np.random.default_rng(seed)
    x = rng.normal(scale=0.4 if what == "only X" else 1.0, size=n)
    y = (rng.random(n) < expit(LOGISTIC[what] * x)).astype(float)
    if what == "only y":
        y = np.maximum(y, rng.random(n) < 0.5)
    return pa.table({"x": x, "y": y}), expit(2 * x)


def evidence_of(what, *, seed=1):
    (before, old), (now, scores) = world("same", n=20_000, seed=0), world(what, n=4000, seed=seed)
    layout = learn_layout(before, {"x": "numeric", "y": "categorical"})
    found = drift_of(profile_table(before, layout, "ref"), profile_table(now, layout, "w"), kinds={"y": "target"})
    metric = plugins.load("metrics", "roc_auc", where="a test")()
    promised = metric.value(np.asarray(before["y"]), old)
    performance = performance_evidence(np.asarray(now["y"]), scores, metric=metric, promised=promised, confidence=0.95)
    return (*(one for change in found.changes for one in change.evidence), performance)


def opened(evidence):
    """The ticket that the policy opens for a window's evidence."""
    _, decision = step(POLICY, PolicyState(), evidence=evidence, window=WINDOW, now=datetime(2013, 4, 1))
    root = root_cause(decision, evidence, loud=loud_of(evidence))
    return ticket_for(decision, evidence, model="m", champion="1", window=WINDOW, opened=datetime(2013, 4, 1), root=root)


def loud_of(evidence):
    return drifting(evidence, alpha=POLICY.alpha, min_effect=POLICY.min_effect, min_rows=POLICY.min_rows)


@pytest.mark.parametrize(
    ("what", "kind", "column", "cause"),
    [
        ("only X", "covariate", "x", "harm:overall/covariate"),
        ("only y", "target", "y", "harm:overall/target"),
        ("only y|X", "concept", "", "harm:overall"),
    ],
)
def test_only_x_only_y_and_only_their_relation_give_three_different_tickets(what, kind, column, cause):
    """Effects of .17 and more against a minimum of .1 and sampling errors of .01, an AUC .1 and more below its promise: no chance in it."""
    for seed in range(1, 6):
        ticket = opened(evidence_of(what, seed=seed))
        assert (ticket.root.kind, ticket.root.column, ticket.cause) == (kind, column, cause)
        assert ticket.root.harm.effect < -0.03


def test_the_same_world_gives_no_ticket():
    with pytest.raises(ValueError, match="no ticket"):
        opened(evidence_of("same"))


def test_moved_inputs_fold_moved_labels_and_harm_into_their_ticket():
    evidence = (*evidence_of("only X"), *(one for one in evidence_of("only y") if one.kind == "target"))
    ticket = opened([one for one in evidence if one.kind != "target" or one.effect > 0.1])
    assert ticket.root.kind == "covariate"
    assert [said.split(":")[0] for said in ticket.root.explains] == ["target y"]


def test_a_broken_column_is_the_root_whatever_moved_below_it():
    broken = Evidence(kind="schema", subject="x", detector="retyped", statistic=None, effect=1.0, n=900, n_reference=0, detail="was number, is text")
    ticket = opened([*evidence_of("only y|X"), broken])
    assert (ticket.action, ticket.root.kind, ticket.root.column, ticket.root.where) == ("inspect", "schema", "x", "was number, is text")


def test_another_kind_of_harm_does_not_hide_behind_an_open_ticket():
    first = opened(evidence_of("only X"))
    later = opened(evidence_of("only y|X"))
    _, decision = step(POLICY, PolicyState(), evidence=evidence_of("only y|X"), window=WINDOW, now=datetime(2013, 5, 1))
    assert standing([first], decision, now=datetime(2013, 5, 1), root=later.root) is None
    assert standing([first, later], decision, now=datetime(2013, 5, 1), root=later.root) == later


def test_a_cause_began_with_its_unbroken_run_of_windows():
    moved, calm = evidence_of("only X"), evidence_of("same")
    root = opened(moved).root
    earlier = [("2013-02", moved, loud_of(moved)), ("2013-01", moved, loud_of(moved)), ("2012-12", calm, loud_of(calm)), ("2012-11", moved, loud_of(moved))]
    assert since(root, earlier).since == "2013-01"
    assert since(root, []).since == "2013-03"


def test_what_an_incident_says_of_its_first_window_stands_though_windows_between_lack_it():
    moved = [replace(one, since="2013-01") for one in evidence_of("only X")]
    root = opened(moved).root
    assert root.since == "2013-01"
    assert since(root, [("2013-02", (), ()), ("2013-01", moved, loud_of(moved)), ("2012-12", (), ())]).since == "2013-01"


def test_the_first_window_of_a_run_is_found_however_ids_sort():
    moved = [replace(one, since="rows-1000000") for one in evidence_of("only X")]
    root, there = opened(moved).root, (evidence_of("only X"), loud_of(moved))
    earlier = [("rows-1000001", *there), ("rows-1000000", *there), ("rows-999999", *there), ("rows-999998", (), ())]
    assert since(root, earlier).since == "rows-999999"


def test_slices_that_moved_are_told_where_inputs_or_outputs_moved_and_only_there():
    worse, moved = (FoundSlice(question=question, slice="c=b", columns=("c",), rows=40, share=0.04, **EFFECT) for question in ("loss", "share"))
    for kind, told in (("covariate", (moved,)), ("prediction", (moved,)), ("concept", ()), ("target", ()), ("none", ())):
        found = located(RootCause(kind=kind, share=0.3), slices=(worse, moved))
        assert (found.slices, found.moved) == ((worse,), told)
        assert found.share == (0.04 if kind == "concept" else 0.3), "a slice that moved is not what a changed relation touches"


@pytest.mark.parametrize(("detector", "share"), [("ks", 0.4), ("chi2", 0.4), ("e-detector", 0.4), ("psi", None), ("js", None), ("wasserstein", None)])
def test_an_index_or_standard_deviations_are_not_told_as_a_share_of_the_rows(detector, share):
    moved = Evidence(kind="data", subject="x", detector=detector, statistic=0.4, effect=0.4, n=900, n_reference=900)
    decision = Decision(window="w", action="inspect", ground="drift", cause="drift:x", target=None, reasons=())
    assert root_cause(decision, [moved], loud=[moved]).share == share


def test_the_first_slice_says_which_share_of_the_rows_a_changed_relation_touches():
    found = find_slices([CodedColumn("c", ("c=a", "c=b"), np.repeat([0, 1], [900, 100]))], np.r_[np.zeros(900), np.ones(100)])
    root = located(opened(evidence_of("only y|X")).root, slices=found)
    assert (root.share, root.slices[0].slice) == (0.1, "c=b")


@given(st.permutations(evidence_of("only X")))
def test_the_cause_does_not_depend_on_the_order_of_the_evidence(evidence):
    assert opened(evidence).root == opened(evidence_of("only X")).root
