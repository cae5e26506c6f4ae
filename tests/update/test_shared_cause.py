from dataclasses import replace
from datetime import datetime
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.records import FoundSlice, RootCause, Ticket
from keepfit.update.shared_cause import direction, shared_causes, what_changed


def ticket(model="a", *, column="x", kind="covariate", window="w", moved=(), cause="drift:x", ground="drift"):
    root = RootCause(kind=kind, column=column, moved=moved)
    rest = {"opened": datetime(2013, 2, 1), "target": None, "reasons": (), "evidence": (), "affected": "", "next": ()}
    return Ticket(id=f"{window}-{ground}", model=model, champion="1", action="inspect", ground=ground, cause=cause, window=window, root=root, **rest)


def slice_of(name, effect, column="x"):
    numbers = {"rows": 9, "share": 0.5, "low": effect, "high": effect, "p_value": 0.0, "explained": 0.1, "n": 9, "tests": 1}
    return FoundSlice(question="share", slice=name, columns=(column,), effect=effect, **numbers)


UP, DOWN = (slice_of("x>3", 0.4),), (slice_of("x<=-1.5", 0.4),)
ONE_PLACE = {"a": {"": ["rows"]}, "b": {"": ["rows"]}}
TWO_PLACES = {"a": {"": ["rows"]}, "b": {"": ["others"]}}


def models(tickets, places=ONE_PLACE):
    return [cause.models for cause in shared_causes(tickets, places)]


def test_one_column_of_one_source_is_one_cause():
    assert models([ticket("b"), ticket("a")]) == [("a", "b")]


@pytest.mark.parametrize(
    "other",
    [
        ticket("b", column="z", cause="drift:z"),
        ticket("b", window="v"),
        ticket("b", kind="target"),
        ticket("b", column="", kind="concept", cause="harm:overall", ground="harm"),
        replace(ticket("b"), root=None),
    ],
    ids=["another column", "another window", "another kind", "no column", "a ticket of an older keepfit"],
)
def test_another_change_is_another_cause(other):
    assert models([ticket("a"), other]) == [("a",), ("b",)]


def test_models_that_only_became_worse_share_nothing():
    worse = {"column": "", "kind": "concept", "cause": "harm:overall", "ground": "harm"}
    assert models([ticket("a", **worse), ticket("b", **worse)]) == [("a",), ("b",)]


def test_in_two_places_it_is_one_cause_only_if_it_moved_the_same_way():
    assert models([ticket("a", moved=UP), ticket("b", moved=UP)], TWO_PLACES) == [("a", "b")]
    assert models([ticket("a", moved=UP), ticket("b", moved=DOWN)], TWO_PLACES) == [("a",), ("b",)]
    assert models([ticket("a"), ticket("b")], TWO_PLACES) == [("a",), ("b",)]


def test_a_column_of_a_feature_table_is_shared_by_all_who_read_that_table():
    places = {"a": {"": ["rows"], "x": ["weather"]}, "b": {"": ["others"], "x": ["weather"]}, "c": {"": ["rows"]}}
    assert models([ticket("a"), ticket("b"), ticket("c")], places) == [("a", "b"), ("c",)]


def test_a_broken_expectation_is_named_by_its_id():
    broken = {"column": "", "kind": "quality", "cause": "quality:x_is_there", "ground": "quality"}
    causes = shared_causes([ticket("a", **broken), ticket("b", **broken)], ONE_PLACE)
    assert [(cause.what, cause.models, cause.subject) for cause in causes] == [("expectation x_is_there failed", ("a", "b"), "a/w-quality")]


@pytest.mark.parametrize(
    ("moved", "way"),
    [
        (UP, "up"),
        (DOWN, "down"),
        ((slice_of("x in (1.5, 3]", 0.4), slice_of("x in (-2, -1]", -0.1)), "up"),
        ((slice_of("x in (1.5, 3]", -0.4), slice_of("x in (-2, -1]", 0.1)), "down"),
        ((slice_of("x in (1.5, 3]", 0.4),), ""),
        ((slice_of("x=b", 0.3), slice_of("x=a", -0.3)), "b"),
        ((slice_of("z>1", 0.3, column="z"),), ""),
        ((), ""),
    ],
)
def test_which_way_a_column_moved(moved, way):
    assert direction(RootCause(kind="covariate", column="x", moved=moved)) == way


def test_what_changed_is_said_in_words():
    assert [what_changed(ticket(moved=moved)) for moved in (UP, (slice_of("x=b", 0.3),), ())] == ["x moved up", "x moved to b", "x moved"]
    assert what_changed(ticket(column="", kind="concept", cause="harm:overall")) == "harm:overall"


TICKETS = st.builds(
    ticket,
    model=st.sampled_from("abcd"),
    column=st.sampled_from(["x", "z", ""]),
    kind=st.sampled_from(["covariate", "target", "concept"]),
    window=st.sampled_from("vw"),
    moved=st.sampled_from([UP, DOWN, ()]),
)
PLACES = st.fixed_dictionaries({model: st.fixed_dictionaries({"": st.lists(st.sampled_from("pq"), max_size=2)}) for model in "abcd"})


@given(st.lists(TICKETS, max_size=9, unique_by=lambda one: (one.model, one.id)), PLACES, st.randoms())
def test_causes_part_the_tickets_as_a_search_for_ties_does(tickets, places, rng):
    causes = shared_causes(tickets, places)
    assert sorted((one.model, one.id) for cause in causes for one in cause.tickets) == sorted((one.model, one.id) for one in tickets)
    shuffled = list(tickets)
    rng.shuffle(shuffled)
    assert shared_causes(shuffled, places) == causes
    assert {frozenset((one.model, one.id) for one in cause.tickets) for cause in causes} == by_hand(tickets, places)


def by_hand(tickets, places):
    """Every two that are tied are together, until nothing changes."""
    groups = [{(one.model, one.id)} for one in tickets]
    for first, second in combinations(tickets, 2):
        if not tied(first, second, places):
            continue
        one, other = (next(group for group in groups if (each.model, each.id) in group) for each in (first, second))
        if one is not other:
            groups.remove(other)
            one |= other
    return {frozenset(group) for group in groups}


def tied(first, second, places):
    if first.window != second.window or first.root.kind != second.root.kind or first.root.kind == "concept":
        return False
    if not first.root.column or first.root.column != second.root.column:
        return False
    shared = set(places[first.model][""]) & set(places[second.model][""])
    return bool(shared) or (first.root.column == "x" and first.root.moved == second.root.moved != ())  # what moved is x
