"""The update policy, ground by ground; it is a fold, so history and live give the same decisions."""

from dataclasses import replace
from datetime import datetime

import pytest

from keepfit.params import MonitorParams, UpdateParams
from keepfit.records import DebtMemory, Evidence, PolicyState, PolicyStep, Window, canonical, from_json, to_json
from keepfit.tables.windows import windows_between
from keepfit.update.debt import DebtRule
from keepfit.update.policy import UpdatePolicy, promoted, replayed, step

POLICY = UpdatePolicy(price=0.02, harm_margin=0.05, window="month")
OF_BEFORE = UpdatePolicy(harm_margin=0.05, min_gain=0.005, cooldown_days=45, grounds=("harm", "opportunity", "age"))
WINDOW = Window(id="2013-03", source="live", start=datetime(2013, 3, 1), end=datetime(2013, 4, 1))


def evidence(kind, subject="overall", **changes):
    numbers = {"statistic": 0.0, "effect": 0.0, "low": None, "high": None, "n": 1000, "n_reference": 1000}
    return Evidence(kind=kind, subject=subject, detector="roc_auc", **{**numbers, **changes})


def decide(*found, policy=POLICY, state=None, window=WINDOW):
    return step(policy, state or PolicyState(), evidence=found, window=window, now=window.end or datetime(2013, 4, 1))


GAIN = evidence("scout", effect=0.02, low=0.01, high=0.03)
HARM = evidence("performance", effect=-0.08, low=-0.09, high=-0.06)
REGRET = evidence("regret", subject="2", effect=0.02, low=0.001, high=0.03)
BROKEN = evidence("quality", subject="flights_have_weather", effect=1.0)
GONE = evidence("schema", subject="temp", effect=1.0)
OLD = evidence("age", subject="version 3", effect=400.0, n=0)
DRIFT = evidence("data", subject="temp", effect=0.3, p_value=1e-9)


def test_nothing_to_say_is_continue_with_a_reason():
    state, decision = decide()
    assert (decision.action, decision.ground, decision.cause, decision.target) == ("continue", None, None, None)
    assert decision.reasons == ("no change worth acting on",)
    assert state == PolicyState(windows=1)


@pytest.mark.parametrize(
    ("found", "action", "cause", "target"),
    [
        (GONE, "inspect", "schema:temp", None),
        (BROKEN, "inspect", "quality:flights_have_weather", None),
        (REGRET, "rollback", "regret:2", "2"),
        (HARM, "improve", "harm:overall", "2013-03-01T00:00:00"),
        (GAIN, "improve", "debt", "2013-03-01T00:00:00"),
        (OLD, "improve", "age", "2013-03-01T00:00:00"),
    ],
)
def test_each_ground_has_its_action_cause_and_target(found, action, cause, target):
    _, decision = decide(found)
    assert (decision.action, decision.cause, decision.target) == (action, cause, target)


@pytest.mark.parametrize("found", [HARM, OLD], ids=["harm", "age"])
def test_a_retraining_for_harm_or_age_is_a_review_too_so_that_debt_waits_longer(found):
    budget = UpdatePolicy(reviews_a_year=1.0, harm_margin=0.05, window="month")
    state, decision = decide(found, GAIN, policy=budget, state=PolicyState(debt=DebtMemory(days=365.25)))
    assert (decision.action, state.debt.asked) == ("improve", 1)
    spent, april = replace(state.debt, asked=3), Window(id="2013-04", source="live", start=datetime(2013, 4, 1), end=datetime(2013, 5, 1))
    waits = [budget.debt.owed(one, [GAIN], april)[1].price for one in (replace(state.debt, asked=0), state.debt, spent)]
    assert waits[0] <= waits[1]
    assert waits[2] is None


def test_broken_data_is_never_retrained_on():
    _, decision = decide(HARM, GAIN, OLD, REGRET, BROKEN)
    assert decision.action == "inspect"
    assert len(decision.reasons) == 5


def test_a_promotion_that_turned_out_worse_is_rolled_back_before_anything_is_trained():
    assert decide(HARM, GAIN, REGRET)[1].action == "rollback"


@pytest.mark.parametrize(
    "found",
    [
        replace(GAIN, effect=0.0099),
        replace(HARM, high=-0.05),
        replace(REGRET, low=0.0),
        replace(OLD, effect=365.0),
        replace(BROKEN, effect=0.0),
        replace(GAIN, n=99),
        replace(HARM, effect=None, low=None, high=None),
    ],
)
def test_at_the_threshold_with_few_rows_or_unmeasured_nothing_happens(found):
    assert decide(found)[1].action == "continue"


def test_drift_alone_is_told_and_counted_but_no_ground():
    state, decision = decide(DRIFT)
    assert decision.action == "continue"
    assert decision.reasons == ("drift in temp (roc_auc 0.300)",)
    state, _ = decide(DRIFT, state=state)
    assert state.drifting == {"temp": 2}
    assert decide(state=state)[0].drifting == {}


def test_a_column_with_two_measures_counts_once_a_window():
    assert decide(DRIFT, replace(DRIFT, detector="missing"))[0].drifting == {"temp": 1}


def test_a_step_of_the_ground_of_before_asks_by_its_threshold_and_waits_for_its_cooldown():
    state, first = decide(GAIN, policy=OF_BEFORE)
    assert (first.cause, state.debt) == ("opportunity", DebtMemory())
    assert decide(replace(GAIN, low=0.005), policy=OF_BEFORE)[1].action == "continue"
    assert (first.action, state.last_improve) == ("improve", datetime(2013, 4, 1))
    april = Window(id="2013-04", source="live", start=datetime(2013, 4, 1), end=datetime(2013, 5, 1))
    state, second = decide(GAIN, OLD, policy=OF_BEFORE, state=state, window=april)
    assert second.action == "continue"
    assert all(reason.endswith("not before 2013-05-16 (cooldown)") for reason in second.reasons)
    may = Window(id="2013-05", source="live", start=datetime(2013, 5, 1), end=datetime(2013, 6, 1))
    assert decide(GAIN, policy=OF_BEFORE, state=state, window=may)[1].action == "improve"


def test_under_the_ground_of_before_a_champion_that_was_old_when_it_was_promoted_waits_for_no_cooldown():
    asked = PolicyState(last_improve=datetime(2013, 12, 31), drifting={"x": 2}, harmed=("overall",), margin=0.02)
    december = Window(id="2013-12", source="live", start=datetime(2013, 12, 1), end=datetime(2014, 1, 1))
    old = replace(OLD, effect=366.0)
    assert decide(old, policy=OF_BEFORE, state=asked, window=december)[1].action == "continue"
    state = promoted(asked, data_until=datetime(2013, 3, 1))
    assert (state.drifting, state.harmed, state.margin) == ({}, (), 0.02)
    assert decide(old, policy=OF_BEFORE, state=state, window=december)[1].cause == "age"


def test_harm_and_broken_data_wait_for_no_cooldown():
    state = PolicyState(last_improve=datetime(2013, 3, 31))
    assert decide(HARM, GAIN, state=state)[1].ground == "harm"
    assert decide(BROKEN, state=state)[1].action == "inspect"


def test_no_age_limit_is_no_age_ground():
    assert decide(OLD, policy=replace(POLICY, max_age_days=None))[1].action == "continue"


def test_a_count_window_without_times_targets_its_id():
    window = Window(id="rows-000002", source="live", first_row=100, last_row=200)
    assert decide(GAIN, window=window)[1].target == "rows-000002"


def test_folding_in_two_halves_is_folding_once():
    windows = windows_between("month", datetime(2013, 2, 1), datetime(2014, 1, 1))
    history = [(window, (GAIN, DRIFT) if index % 2 else (HARM,)) for index, window in enumerate(windows)]

    def fold(state, part):
        decisions = []
        for window, found in part:
            state, decision = decide(*found, state=state, window=window)
            decisions.append(decision)
        return state, decisions

    state, first = fold(PolicyState(), history[:5])
    kept = from_json(PolicyState, to_json(state))
    end, second = fold(kept, history[5:])
    assert fold(PolicyState(), history) == (end, first + second)


def test_reasons_are_bounded():
    many = [replace(BROKEN, subject=f"e{i}") for i in range(50)] + [replace(DRIFT, subject=f"c{i}") for i in range(50)]
    assert len(decide(*many)[1].reasons) <= 8


def test_the_thresholds_come_from_params():
    policy = UpdatePolicy.of(UpdateParams(price=0.5, reviews_a_year=7), MonitorParams(min_effect=0.2), window="week")
    assert (policy.debt, policy.min_effect) == (DebtRule(price=0.5, reviews_a_year=7, window="week"), 0.2)
    assert policy.settings.keys().isdisjoint({"min_gain", "cooldown_days"})


def month(number):
    return Window(id=f"2013-{number:02}", source="live", start=datetime(2013, number, 1), end=datetime(2013, number + 1, 1))


@pytest.mark.parametrize(
    ("losses", "release", "told"),
    [
        ((0.06, 0.045, 0.06, 0.03, 0.045), 0.8, ["improve", "improve", "improve", "continue", "continue"]),  # ends below .04 only
        ((0.06, 0.045, 0.06, 0.03, 0.045), 1.0, ["improve", "continue", "improve", "continue", "continue"]),  # without hysteresis it flaps
    ],
)
def test_a_harm_that_wavers_about_the_margin_is_one_incident(losses, release, told):
    state, actions = PolicyState(), []
    for loss in losses:
        state, decision = decide(replace(HARM, high=-loss), policy=replace(POLICY, release=release), state=state)
        actions.append(decision.action)
    assert actions == told


def test_the_reason_says_where_a_standing_harm_ends():
    _, decision = decide(replace(HARM, high=-0.045), state=PolicyState(harmed=("overall",)))
    assert "allowed is 0.05 and the harm raised before ends at 0.04" in decision.reasons[0]


def test_a_window_without_labels_does_not_end_a_harm():
    state, _ = decide(HARM)
    assert decide(state=state)[0].harmed == ("overall",)
    assert decide(replace(HARM, effect=0.0, high=0.01), state=state)[0].harmed == ()


def test_an_acknowledged_root_is_silent_with_what_it_explains_until_it_expires():
    state = PolicyState(acknowledged={"harm:overall": datetime(2013, 5, 1)})
    after, decision = decide(HARM, GAIN, state=state, window=month(3))
    assert (decision.action, after.last_improve) == ("continue", None)
    assert all(reason.endswith("its cause is acknowledged until 2013-05-01") for reason in decision.reasons)
    assert decide(HARM, GAIN, state=state, window=month(4))[1].cause == "harm:overall"  # closes on the day on which it expires


def test_an_acknowledged_cause_does_not_silence_one_that_lies_upstream():
    state = PolicyState(acknowledged={"harm:overall": datetime(2013, 9, 1)})
    assert decide(HARM, REGRET, state=state)[1].action == "rollback"


def test_acknowledged_broken_data_is_still_not_trained_on():
    state = PolicyState(acknowledged={"quality:flights_have_weather": datetime(2013, 9, 1)})
    assert decide(BROKEN, HARM, GAIN, state=state)[1].action == "inspect"


def test_drift_pages_only_where_it_is_asked_to_and_nothing_else_explains_the_window():
    asked = replace(POLICY, page_on_drift=True)
    _, alone = decide(DRIFT, policy=asked)
    assert (alone.action, alone.cause, alone.reasons) == ("inspect", "drift:temp", ("drift in temp (roc_auc 0.300)",))
    assert decide(DRIFT, GAIN, policy=asked)[1].ground == "debt"


def test_paged_drift_keeps_its_name_while_another_column_overtakes_it():
    asked = replace(POLICY, page_on_drift=True)
    state, _ = decide(DRIFT, policy=asked)
    assert decide(DRIFT, replace(DRIFT, subject="humid", effect=0.9), policy=asked, state=state)[1].cause == "drift:temp"


def paged(*loud, state=None):
    """The decision with page_on_drift on what a rule over evidence calls drift."""
    return step(replace(POLICY, page_on_drift=True), state or PolicyState(), evidence=loud, window=WINDOW, now=WINDOW.end, loud=loud)[1]


def test_a_change_that_was_told_is_named_as_still_changed_and_asks_for_nothing_again():
    new, still = replace(DRIFT, since=WINDOW.id), replace(DRIFT, since="2013-02")
    assert paged(new).cause == "drift:temp"
    told = paged(still)
    assert (told.action, told.reasons) == ("continue", ("still changed: temp (0.300, since 2013-02)",))


def test_a_new_change_beside_one_that_was_told_is_paged_under_its_own_name():
    still, new = replace(DRIFT, since="2013-02", effect=0.9), replace(DRIFT, subject="humid", since=WINDOW.id)
    told = paged(still, new)
    assert (told.cause, told.reasons) == ("drift:humid", ("drift in humid (roc_auc 0.300)", "still changed: temp (0.900, since 2013-02)"))


def test_an_acknowledgement_that_runs_out_while_the_change_stands_is_told_again():
    still = replace(DRIFT, since="2013-02")
    quiet, over = (PolicyState(acknowledged={"drift:temp": until}) for until in (datetime(2013, 9, 1), datetime(2013, 3, 1)))
    assert paged(still, state=quiet).action == "continue"
    assert paged(still, state=over).cause == "drift:temp"


@pytest.mark.parametrize(("ground", "found"), [("harm", HARM), ("debt", GAIN), ("age", OLD)])
def test_a_ground_that_is_not_asked_for_asks_for_nothing(ground, found):
    only = replace(POLICY, grounds=(ground,))
    without = replace(POLICY, grounds=tuple({"harm", "debt", "age"} - {ground}))
    assert decide(found, policy=only)[1].ground == ground
    assert decide(found, policy=without)[1].action == "continue"


def test_broken_data_and_regret_are_told_under_any_grounds():
    nothing = replace(POLICY, grounds=())
    assert [decide(found, policy=nothing)[1].action for found in (GONE, BROKEN, REGRET)] == ["inspect", "inspect", "rollback"]


@pytest.mark.parametrize("found", [(HARM, GAIN, DRIFT), (GAIN,), (BROKEN, OLD), (REGRET,), ()])
@pytest.mark.parametrize("settings", [{"min_gain": 0.004, "cooldown_days": 45, "grounds": ("harm", "opportunity", "age")}, {"price": 0.02}, {}])
def test_a_step_read_back_from_json_decides_the_same_bytes(found, settings):
    policy = UpdatePolicy(**settings, harm_margin=0.0501, max_age_days=None, page_on_drift=True)
    state = PolicyState(windows=3, harmed=("overall",), acknowledged={"age": datetime(2013, 9, 1)}, drifting={"temp": 2})
    _, decision = decide(*found, policy=policy, state=state)
    values = {"model": "m", "champion": "c", "window": WINDOW, "now": WINDOW.end, "state": state, "evidence": found}
    taken = PolicyStep(policy=policy.settings, decision=decision, **values)
    again = from_json(PolicyStep, to_json(taken))
    assert again == taken
    assert canonical(replayed(again)) == canonical(decision)


# -- harm: its margin, what is told within it, and where no retraining helps ----------------------------------------------

NULL = replace(POLICY, harm_margin=None)
WORSE = evidence("scout", effect=-0.02, low=-0.03, high=-0.01)
SURE = evidence("performance", effect=-0.03, low=-0.04, high=-0.02)
CERTIFIED = evidence("performance", subject="certificate", effect=-0.17, low=-0.19, high=-0.15)


def test_a_loss_that_is_sure_is_told_even_within_the_margin():
    _, decision = decide(SURE)
    assert decision.action == "continue"
    assert decision.reasons == ("roc_auc of overall is 0.0300 worse than promised, at least 0.0200, within the allowed 0.05, on 1,000 rows",)
    assert decide(replace(SURE, high=0.001))[1].reasons == ("no change worth acting on; the debt is unknown: no scout was tried",)
    assert decide(replace(SURE, n=99))[1].reasons == ("no change worth acting on",)


def test_without_a_margin_of_ones_own_it_is_half_the_first_models_own_interval_and_promotions_do_not_reset_it():
    first = evidence("performance", effect=0.0, low=-0.015, high=0.015)
    state, decision = decide(first, policy=NULL)
    assert (decision.action, state.margin) == ("continue", 0.015)
    fallen = evidence("performance", effect=-0.05, low=-0.09, high=-0.016)
    after, harm = decide(fallen, policy=NULL, state=state)
    assert (harm.action, harm.cause, after.margin) == ("improve", "harm:overall", 0.015)
    assert "allowed is 0.015 (half the first model's own interval)" in harm.reasons[0]
    assert decide(replace(fallen, high=-0.0149), policy=NULL, state=state)[1].action == "continue"


def test_a_number_as_margin_means_what_it_meant():
    state = PolicyState(margin=0.001)
    assert decide(replace(HARM, high=-0.0499), state=state)[1].action == "continue"
    assert decide(HARM, state=state)[1].action == "improve"
    assert UpdatePolicy.of(UpdateParams(harm_margin=0.15), MonitorParams()).margin(state) == 0.15
    assert UpdatePolicy.of(UpdateParams(), MonitorParams()).margin(state) == 0.001


def test_a_harm_that_a_retraining_would_surely_make_worse_is_looked_at():
    _, decision = decide(HARM, WORSE)
    assert (decision.action, decision.ground, decision.cause, decision.target) == ("inspect", "harm", "harm:overall:no retraining helps", None)
    unsure = replace(WORSE, high=0.0)
    assert decide(HARM, unsure)[1].action == "improve"
    assert decide(HARM, replace(WORSE, n=99))[1].action == "improve"


def test_a_sure_loss_within_the_margin_is_looked_at_where_the_scout_is_surely_worse_and_nothing_else_acts():
    state, decision = decide(SURE, WORSE)
    assert (decision.action, decision.cause) == ("inspect", "harm:overall:within the margin")
    assert decision.reasons[0].endswith("within the allowed 0.05, on 1,000 rows; a retraining would surely be worse")
    assert state.harmed == ()  # no hysteresis: the margin was not crossed
    old = decide(SURE, WORSE, OLD)[1]
    assert (old.action, old.reasons[1]) == ("inspect", "the training data is 400 days old, allowed are 365; not now: a retraining would surely be worse")
    assert decide(SURE, WORSE, OLD, policy=OF_BEFORE)[1].ground == "age"
    assert decide(SURE, WORSE, OLD, policy=OF_BEFORE, state=PolicyState(last_improve=datetime(2013, 3, 31)))[1].action == "inspect"
    assert decide(SURE, WORSE, BROKEN)[1].ground == "quality"
    assert decide(SURE, replace(WORSE, high=0.001))[1].action == "continue"
    assert decide(SURE, WORSE, policy=replace(POLICY, grounds=("age",)))[1].action == "continue"
    silent = PolicyState(acknowledged={decision.cause: datetime(2013, 6, 1)})
    assert decide(SURE, WORSE, state=silent)[1].action == "continue"


def test_a_first_model_far_below_its_own_periods_certificate_is_looked_at_once_and_a_margin_of_ones_own_only_tells():
    state, decision = decide(CERTIFIED, policy=NULL)
    assert (decision.action, decision.cause) == ("inspect", "harm:certificate:first window")
    assert "worse than its certificate says, which was taken in the period of its training" in decision.reasons[0]
    assert state.margin == pytest.approx(0.02)
    steady = evidence("performance", effect=0.0, low=-0.02, high=0.02)
    assert decide(steady, policy=NULL, state=state)[1].action == "continue"
    told = decide(CERTIFIED)[1]
    assert told.action == "continue"
    assert "later windows are held to this one" in told.reasons[0]


def test_where_a_retraining_is_worth_its_price_a_first_model_far_below_its_certificate_is_retrained_and_the_loss_told():
    _, decision = decide(CERTIFIED, GAIN, policy=NULL)
    assert (decision.action, decision.cause) == ("improve", "debt")
    assert "worse than its certificate says" in decision.reasons[1]
    owed = PolicyState(debt=decide(replace(GAIN, effect=0.019))[0].debt)
    assert decide(CERTIFIED, WORSE, policy=NULL, state=owed)[1].cause == "harm:certificate:first window"  # a retraining would not help


def test_a_step_without_a_margin_of_ones_own_is_replayed_to_the_same_decision():
    state = PolicyState(margin=0.015)
    fallen = evidence("performance", effect=-0.05, low=-0.09, high=-0.016)
    _, decision = decide(fallen, policy=NULL, state=state)
    taken = PolicyStep(
        model="m", champion="c", window=WINDOW, now=WINDOW.end, policy=NULL.settings, state=state, evidence=(fallen,), loud=None, decision=decision
    )
    assert replayed(from_json(PolicyStep, to_json(taken))) == decision


# -- debt: what people, broken data and other grounds make of it -------------------------------------------------------------


def later(number):
    return month(number)


def test_a_blocked_window_leaves_the_debt_as_it_was():
    state, _ = decide(replace(GAIN, effect=0.004))
    after, decision = decide(BROKEN, state=state, window=later(4))
    assert (decision.action, after.debt) == ("inspect", state.debt)


def test_an_acknowledged_debt_is_silent_costs_nothing_and_asks_when_the_acknowledgement_runs_out():
    state = PolicyState(acknowledged={"debt": datetime(2013, 5, 15)})
    for number in (3, 4):
        state, decision = decide(GAIN, state=state, window=later(number))
        assert (decision.action, state.debt.paid, state.debt.asked) == ("continue", 0.0, 0)
        assert decision.reasons[0].endswith("its cause is acknowledged until 2013-05-15")
    state, decision = decide(GAIN, state=state, window=later(5))
    assert (decision.cause, state.debt.asked) == ("debt", 1)


def test_harm_and_debt_of_one_window_are_one_decision_one_price_and_one_review():
    state, decision = decide(HARM, GAIN)
    assert (decision.ground, len(decision.reasons)) == ("harm", 2)
    assert (state.debt.paid, state.debt.asked) == (0.02, 1)


def test_a_harm_that_stands_asks_for_one_review():
    state, _ = decide(HARM)
    state, again = decide(HARM, state=state, window=later(4))
    assert (again.action, state.debt.asked) == ("improve", 1)


def test_what_was_asked_for_is_asked_for_again_when_as_much_is_owed_anew():
    small = replace(GAIN, effect=0.0085, low=0.004)
    state, actions = PolicyState(), []
    for number in range(3, 12):
        state, decision = decide(small, state=state, window=later(number))
        actions.append(decision.action)
    assert actions == ["continue", "improve", "continue", "improve", "continue", "continue", "improve", "continue", "improve"]


def test_debt_asks_for_nothing_that_the_scout_of_the_same_window_shows_to_be_surely_worse():
    state, _ = decide(replace(GAIN, effect=0.009, low=0.001))
    owed = replace(state, debt=replace(state.debt, gains=(replace(state.debt.gains[0], gain=0.5),)))
    worse = evidence("scout", effect=-0.001, low=-0.002, high=-0.0005)
    after, decision = decide(worse, state=owed, window=later(4))
    assert (decision.action, after.debt.asked) == ("continue", 0)
    assert decision.reasons[0].endswith("one retraining is worth 0.02; not now: a retraining would surely be worse")


def test_a_scout_judged_on_one_day_owes_what_it_gains_and_is_not_sure():
    by_reviews = replace(POLICY, price=None)
    one_day = replace(GAIN, low=None, high=None, n_reference=24_000)
    state, decision = decide(one_day, policy=by_reviews)
    assert (decision.action, state.debt.gains[0].gain) == ("continue", 0.02)
    assert "but the debt may be chance" in decision.reasons[0]


def test_another_champion_owes_nothing_and_one_that_came_back_nothing_from_before():
    state, _ = decide(GAIN)
    assert (promoted(state, data_until=None).debt.gains, promoted(state, data_until=None).debt.since) == ((), None)
    assert promoted(state, data_until=None, rolled_back=True).debt.since == WINDOW.start


def test_a_renewal_for_age_that_was_refused_waits_twice_as_long():
    state, decision = decide(OLD)
    assert (decision.cause, state.vain) == ("age", 1)
    assert decide(replace(OLD, effect=430.0), state=state, window=later(4))[1].action == "continue"
    assert decide(replace(OLD, effect=731.0), state=state, window=later(5))[1].cause == "age"
