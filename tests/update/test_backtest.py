"""The fold over history, on grids small enough to follow by hand."""

from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from keepfit.monitor.rules.rule import Weighed
from keepfit.records import Evidence, EvidenceMemory, Profile
from keepfit.tables.windows import windows_between
from keepfit.update.backtest import History, Trained, calendar, folded, never, scheduled
from keepfit.update.bounded_value import BoundedValue
from keepfit.update.found import Found, nothing_found
from keepfit.update.policy import UpdatePolicy

POLICY = UpdatePolicy(price=0.06, harm_margin=0.05, max_age_days=None)
ERROR = 0.01


@dataclass
class Rule:
    """Remembers how many windows it was shown, and calls nothing drift."""

    remembered: list[EvidenceMemory]
    name: str = "e-detector"

    def step(self, memory, profile, evidence, *, steps=()):
        self.remembered.append(memory)
        return Weighed(memory=replace(memory, rule=self.name, windows=memory.windows + 1))


@dataclass
class Table:
    """Scores by (window the model learned to, window judged), each known to one hundredth; a candidate passes whose lower bound is not below -allowed."""

    scores: dict[tuple[int, int], float]
    allowed: float = 0.0
    asked: list[tuple[int, int, tuple[int, ...]]] = field(default_factory=list)
    looks: dict[int, Found | None] = field(default_factory=dict)
    remembered: list[EvidenceMemory] = field(default_factory=list)

    def look(self, champion, window, *, drift):
        seen = look(window)
        watched = replace(seen, rule=Rule(self.remembered), profile=Profile(window="w", rows=0, columns={})) if drift else seen
        return self.looks.get(window, watched)

    def score(self, model, window):
        return self.scores.get((model.until, window))

    def value(self, model, window):
        score = self.score(model, window)
        return None if score is None else BoundedValue(value=score, low=score - ERROR, high=score + ERROR, n=1000)

    def learned_rows(self, model):
        return 1000 * (model.until + 1)

    def passes(self, champion, candidate, window):
        found = self.gain(champion, candidate, [window], rows="outside the holdout")
        return found is not None and (candidate == champion or found.low >= -self.allowed)

    def gain(self, champion, rival, windows, *, rows):
        self.asked.append((champion.until, rival.until, tuple(windows)))
        pairs = [(self.scores.get((champion.until, at)), self.scores.get((rival.until, at))) for at in windows]
        known = [b - a for a, b in pairs if a is not None and b is not None]
        if not known:
            return None
        mean = sum(known) / len(known)
        return BoundedValue(value=mean, low=mean - ERROR, high=mean + ERROR, n=1000 * len(known))


def grid(count, score):
    return Table({(i, j): score(i, j) for j in range(1, count) for i in range(j)})


def with_allowed(table, allowed):
    return replace(table, allowed=allowed)


def history(count, **changes):
    windows = windows_between("month", datetime(2013, 1, 1), datetime(2013, count + 1, 1))
    return History(**{"windows": windows, "metric": "auc", "greater_is_better": True, "refit": False, **changes})


def until(course):
    return [model.until for model in course.served]


def test_a_world_that_stands_still_is_left_alone():
    course = folded(POLICY, history(8), grid(8, lambda i, j: 0.7))
    assert (until(course), course.trainings, course.alerts) == ([0] * 7, (), ())
    assert course.scouts == (2, 3, 4, 5, 6, 7)  # in the first served window there is nothing newer to try


def test_a_gain_is_taken_at_the_close_and_serves_from_the_next_window():
    course = folded(POLICY, history(6), grid(6, lambda i, j: 0.8 if i >= 1 else 0.7))
    assert (until(course), course.trainings, course.alerts) == ([0, 0, 1, 1, 1], (2,), ((2, "debt"),))


def test_without_a_scout_no_debt_is_known():
    course = folded(POLICY, history(6), grid(6, lambda i, j: 0.8 if i >= 1 else 0.7), scout_every=None)
    assert (course.trainings, course.scouts) == ((), ())


def test_a_first_model_is_held_to_its_first_labelled_window_and_harm_brings_what_was_learned_since():
    table = grid(6, lambda i, j: 0.6 if i == 0 and j >= 3 else 0.7)
    course = folded(UpdatePolicy(grounds=("harm",), harm_margin=0.05), history(6), table, scout_every=None)
    assert (course.alerts, course.trainings, until(course)) == (((3, "harm"),), (3,), [0, 0, 0, 2, 2])


def test_errors_count_the_other_way():
    table = grid(6, lambda i, j: 1.4 if i == 0 and j >= 3 else 1.3)
    policy = UpdatePolicy(grounds=("harm",), harm_margin=0.05)
    assert folded(policy, history(6, greater_is_better=False), Table({key: 2.0 - score for key, score in table.scores.items()}), scout_every=None).alerts == ()
    assert folded(policy, history(6, greater_is_better=False), table, scout_every=None).alerts[0] == (3, "harm")


def test_a_candidate_that_is_shown_no_better_is_refused_and_tried_again():
    worse_everywhere = grid(5, lambda i, j: 0.5 if j >= 2 else 0.7)
    policy = UpdatePolicy(grounds=("harm",), harm_margin=0.05)
    course = folded(policy, history(5), worse_everywhere, scout_every=None)
    assert (until(course), course.trainings) == ([0, 0, 0, 0], (2, 3, 4))
    allowed = folded(policy, history(5), with_allowed(worse_everywhere, 0.02), scout_every=None)
    assert until(allowed) == [0, 0, 1, 1]


def test_a_promotion_that_turns_out_worse_is_rolled_back_without_a_training():
    def score(i, j):
        return 0.7 if i == 0 or j == 2 else 0.6

    table = grid(6, score)
    table.scores[1, 2] = 0.8
    course = folded(POLICY, history(6), table)
    assert course.alerts == ((2, "debt"), (3, "regret"))
    assert (until(course), course.trainings) == ([0, 0, 1, 0, 0], (2,))
    assert (1, 0, (3,)) in table.asked  # judged on what came since the promotion


def test_age_alone_retrains_whenever_the_data_is_too_old():
    policy = UpdatePolicy(grounds=("age",), max_age_days=62)
    course = folded(policy, history(8), with_allowed(grid(8, lambda i, j: 0.7), 0.05), scout_every=None)
    assert [ground for _, ground in course.alerts] == ["age"] * len(course.alerts)
    assert course.trainings == (3, 5, 7)


def test_what_nobody_labelled_decides_nothing():
    course = folded(POLICY, history(5), Table({}))
    assert (until(course), course.alerts) == ([0, 0, 0, 0], ())


def test_no_model_is_asked_about_a_window_that_it_learned_from():
    table = grid(10, lambda i, j: 0.6 + 0.02 * i + 0.01 * (j % 3))
    folded(POLICY, history(10), table)
    assert all(max(champion, rival) < min(windows) for champion, rival, windows in table.asked)


@pytest.mark.parametrize("count", [2, 3, 9])
def test_never_and_calendar_serve_every_window_but_the_first(count):
    assert until(never(count)) == [0] * (count - 1)
    assert until(calendar(count)) == list(range(count - 1))
    assert len(calendar(count).trainings) == count - 2
    assert {model.recipe for model in calendar(count).served} == {"all"}
    assert folded(POLICY, history(count), Table({}), scout_every=None).served[0] == Trained("params", 0)


def look(window, **record):
    """A window of the history in which nothing was found, or what its record says."""
    place = history(11).windows[window]
    return Found(judged=replace(nothing_found(place, model="m", champion="a", version="a", rows=900), **record))


def broken(window):
    evidence = Evidence(kind="quality", subject="weather", detector="missing", statistic=1.0, effect=1.0, n=900, n_reference=0)
    return look(window, status="blocked", evidence=(evidence,))


def moved(window):
    evidence = Evidence(kind="data", subject="x", detector="ks", statistic=0.3, effect=0.3, p_value=1e-9, n=900, n_reference=900)
    return look(window, evidence=(evidence,))


def test_a_blocked_window_asks_to_inspect_once_and_is_looked_at_no_further():
    table = grid(6, lambda i, j: 0.8 if i >= 1 else 0.7)
    table.looks = {2: broken(2), 3: broken(3)}
    course = folded(POLICY, history(6), table)
    assert course.alerts == ((2, "quality"), (4, "debt"))  # one cause, one ticket
    assert [one.action for one in course.decisions] == ["continue", "inspect", "inspect", "improve", "continue"]
    assert course.scouts == (4, 5)
    assert until(course) == [0, 0, 0, 0, 3]


def test_a_window_that_is_left_out_is_no_step():
    table = grid(5, lambda i, j: 0.8 if i >= 1 else 0.7)
    table.looks = {2: None}
    course = folded(POLICY, history(5), table)
    assert [one.window for one in course.decisions] == ["2013-02", "2013-04", "2013-05"]
    assert (until(course), course.trainings) == ([0, 0, 0, 2], (3,))


def test_the_rule_over_evidence_remembers_until_the_champion_changes():
    table = grid(6, lambda i, j: 0.8 if i >= 1 else 0.7)
    folded(replace(POLICY, page_on_drift=True), history(6), table)
    assert [memory.windows for memory in table.remembered] == [0, 1, 0, 1, 2]


def test_drift_pages_once_where_it_is_asked_to():
    table = grid(5, lambda i, j: 0.7)
    table.looks = {2: moved(2), 3: moved(3)}
    assert folded(POLICY, history(5), table, scout_every=None).alerts == ()
    assert folded(replace(POLICY, page_on_drift=True), history(5), table, scout_every=None).alerts == ((2, "drift"),)


def test_what_is_broken_since_the_promotion_says_nothing_of_it():
    table = grid(7, lambda i, j: 0.7 if j == 1 or i == 0 else 0.75)
    table.looks = {3: broken(3)}
    folded(POLICY, history(7), table)
    assert {windows for champion, rival, windows in table.asked if rival == 0 != champion} == {(4,), (4, 5), (4, 5, 6)}


def test_a_ticket_that_could_not_be_answered_yet_is_answered_when_something_newer_can_be_trained():
    policy = UpdatePolicy(grounds=("age",), max_age_days=20)
    course = folded(policy, history(4), grid(4, lambda i, j: 0.7 + 0.05 * i), scout_every=None)
    assert (course.alerts[0], course.trainings) == ((1, "age"), (2, 3))
    assert course.alerts == ((1, "age"), (3, "age"))


# -- refits -------------------------------------------------------------------------------------------------------------


def test_what_passed_serves_as_its_refit_which_has_learned_from_the_window_that_judged_it():
    table = grid(6, lambda i, j: 0.8 if i >= 1 else 0.7)
    course = folded(POLICY, history(6, refit=True), table)
    assert (until(course), course.trainings) == ([0, 0, 2, 2, 2], (2,))
    assert (0, 1, (2,)) in table.asked  # judged was the recipe, on a window that it had not seen


def test_a_refit_is_never_judged_on_what_it_learned_from():
    table = grid(10, lambda i, j: 0.6 + 0.02 * i + 0.01 * (j % 3))
    folded(POLICY, history(10, refit=True), table)
    assert all(max(champion, rival) < min(windows) for champion, rival, windows in table.asked)


def test_for_nothing_the_policy_retrains_at_every_close_as_the_calendar_does():
    policy = UpdatePolicy(price=0.0, grounds=("debt",))
    course = folded(policy, history(9, refit=True), grid(9, lambda i, j: 0.6 + 0.02 * i))
    assert until(course) == until(calendar(9))
    assert course.trainings[:-1] == calendar(9).trainings  # the last one serves nobody yet
    assert course.scouts == ()  # a scout that is the champion is not trained


def test_a_refused_candidate_is_a_training_and_changes_nothing():
    policy = UpdatePolicy(grounds=("harm",), harm_margin=0.05)
    worse = grid(5, lambda i, j: (0.5 if j >= 2 else 0.7) - 0.05 * i)
    refused = folded(policy, history(5, refit=False), worse, scout_every=None)
    assert (refused.refused, refused.trainings, until(refused)) == ((2, 3, 4), (2, 3, 4), [0, 0, 0, 0])


def test_harms_are_told_apart_by_what_drifts_only_where_there_are_several():
    one = grid(5, lambda i, j: 0.6 if j == 4 else 0.7)
    folded(UpdatePolicy(grounds=("harm",), harm_margin=0.05), history(5), one, scout_every=None)
    assert one.remembered == []  # no ticket of a harm before: nothing to compare with what drifted


def test_a_dear_scout_is_tried_once_in_so_many_windows_and_stands_for_those_before():
    course = folded(POLICY, history(9), grid(9, lambda i, j: 0.8 if i >= 1 else 0.7), scout_every=3)
    assert (course.scouts, course.trainings) == ((4, 7), (4,))  # the first window only says what the first model is held to


def test_a_schedule_serves_each_model_from_the_window_after_its_close():
    assert until(scheduled(7, (2, 4))) == [0, 0, 2, 2, 4, 4]
    assert scheduled(7, (2, 4)).trainings == (2, 4)
