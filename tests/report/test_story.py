from __future__ import annotations

import json

from keepfit.report.story import StoryRow, story_json, story_table

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
    told = json.loads(story_json(ROWS, seconds=12.34, project="/p", server="http://s"))
    assert set(told) == {"months", "seconds", "project", "server"}
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
