from __future__ import annotations

import json

from keepfit.report.story import StoryRow, YearMean, standings, standings_table, story_json, story_table

ROWS = (
    StoryRow(month="2013-01", decision="improve", candidate="1", verdict="promoted", reasons=("same-period",), champion="1", value=0.77),
    StoryRow(
        month="2013-02",
        decision="improve",
        ground="harm",
        ticket="2013-02-harm",
        candidate="2",
        verdict="refused",
        reasons=("carrier=EV lost 0.04", "b" * 300, "third", "fourth"),
        champion="1",
        value=0.6,
        static=0.61,
        calendar=0.62,
    ),
)


def test_the_json_has_the_months_and_where_everything_lies():
    told = json.loads(story_json(ROWS, [YearMean(name="static", retrainings=0, mean=0.6)], seconds=12.34, project="/p", server="http://s"))
    assert set(told) == {"months", "year", "seconds", "project", "server"}
    assert told["year"] == [{"name": "static", "retrainings": 0, "mean": 0.6}]
    assert told["months"][1] == {
        "month": "2013-02",
        "decision": "improve",
        "ground": "harm",
        "ticket": "2013-02-harm",
        "candidate": "2",
        "verdict": "refused",
        "reasons": ["carrier=EV lost 0.04", "b" * 300, "third", "fourth"],
        "champion": "1",
        "auc": {"champion": 0.6, "static": 0.61, "calendar": 0.62},
    }


def test_the_table_has_a_line_a_row_and_bounds_its_reasons():
    lines = story_table(ROWS).splitlines()
    assert len(lines) == 4
    assert "| 2013-02 | improve | harm | v2 | refused | carrier=EV lost 0.04; " in lines[3]
    assert "and 2 more" in lines[3]
    assert len(lines[3]) < 400


def test_what_was_not_measured_is_a_dash():
    assert story_table(ROWS[:1]).splitlines()[2].endswith("| 0.77 | – | – |")


def test_a_refusal_names_every_slice_in_the_table():
    refused = StoryRow(month="2013-08", decision="improve", verdict="refused", reasons=("a", "b", "c"), slices=("overall", "carrier=MQ", "day_part=evening"))
    assert "refused on overall, carrier=MQ, day_part=evening" in story_table([refused])


def backtested(trainings):
    same = {"trainings": trainings, "best": 0.71, "spaced": 0.66, "random_mean": 0.65, "random_low": 0.62, "random_high": 0.69}
    return {"policies": {"never": {"trainings": 0}, "calendar": {"trainings": 10}, "params": {"trainings": trainings, "same_trainings": same}}}


def test_the_year_is_held_against_its_rivals_over_the_months_that_all_have_a_number_for():
    accepted = StoryRow(month="2013-03", decision="improve", candidate="3", verdict="promoted", value=0.7, static=0.63, calendar=0.72)
    blocked = StoryRow(month="2013-03", decision="inspect", verdict="blocked", static=0.63, calendar=0.72)
    refused = StoryRow(month="2013-03", decision="improve", candidate="4", verdict="refused", value=0.7, static=0.63, calendar=0.72)
    found = standings((*ROWS, blocked, accepted, refused), backtested(2))
    assert [(one.name, one.retrainings, round(one.mean, 6)) for one in found] == [
        ("champion, as lived", 3, 0.65),
        ("static: January's model", 0, 0.62),
        ("calendar: every month", 10, 0.67),
        ("evenly spaced", 2, 0.66),
        ("best in hindsight", 2, 0.71),
    ]
    assert standings_table(found).splitlines()[-1] == "| best in hindsight | 2 | 0.71 |"


def test_a_year_without_a_measured_month_says_nothing():
    assert standings(ROWS[:1], backtested(0)) == ()


def test_without_measured_windows_there_are_no_schedules_beside_it():
    told = backtested(2)
    told["policies"]["params"]["same_trainings"] = None
    assert [one.name for one in standings(ROWS, told)] == ["champion, as lived", "static: January's model", "calendar: every month"]
