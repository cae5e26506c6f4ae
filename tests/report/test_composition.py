from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from keepfit.records import Composition, Part, Stratum
from keepfit.report.composition import composition_report


def part(window, name):
    return Part(window=window, part=name, reason="", rows=80, labelled=80)


CANDIDATE = Composition(
    action="improve",
    basis="later",
    trained_from=datetime(2013, 1, 1),
    trained_until=datetime(2013, 4, 1),
    evaluated_from=datetime(2013, 4, 1),
    evaluated_until=datetime(2013, 5, 1),
    parts=(part("2013-03", "train"), part("2013-04", "evaluate")),
)
CHAMPION = replace(
    CANDIDATE,
    trained_until=datetime(2013, 3, 1),
    evaluated_from=datetime(2013, 2, 1),
    evaluated_until=datetime(2013, 3, 1),
    parts=(part("2013-01", "train"), part("2013-02", "train")),
    sibling_until=datetime(2013, 2, 1),
)


def test_beside_a_refit_stands_until_when_the_model_was_trained_that_was_judged():
    said = composition_report(CANDIDATE, CHAMPION)
    assert "| trained until, when judged | 2013-04-01 | 2013-02-01 | changed |" in said
    assert "| rows that judge | 80 | – | changed |" in said, "the rows that judged a refit are among those that train it"
    assert "when judged" not in composition_report(CANDIDATE, replace(CHAMPION, sibling_until=None))


def stratum(name, rows, available=400, **more):
    return Stratum(name=name, part="train", available=available, rows=rows, share=rows / 1000, weight=rows / 1000, **more)


HA = stratum("carrier=HA", 12, 12, asked="at least 20 rows", status="short")
RECIPE = replace(
    CANDIDATE,
    recipe="mine",
    strata=(
        stratum("carrier=B6", 300),
        HA,
        stratum("class=1", 500, asked="50 %", status="met"),
        replace(HA, name="carrier=OO", part="judge", rows=1, asked="at least 30 rows"),
    ),
)


def test_a_recipe_is_told_by_its_name_with_its_effect_on_each_slice_and_class():
    said = composition_report(RECIPE, None)
    assert "| recipe | mine |" in said
    assert "**Not as asked:** carrier=HA (at least 20 rows: 12 rows, 1.2%). Nothing was added in place of rows that are not there." in said
    assert "| carrier=HA | at least 20 rows | short | 12 | 12 | 1.2% | 1.2% |" in said
    assert "| class=1 | 50 % | met | 400 | 500 | 50.0% | 50.0% |" in said
    assert said.index("carrier=HA |") < said.index("class=1 |") < said.index("carrier=B6 |"), "what is short, what was asked for, the others"
    assert said.index("## Rows that judge") < said.index("carrier=OO (at least 30 rows: 1 row, 1.2%)")


def test_beside_the_champions_recipe_stands_what_changed():
    champion = replace(RECIPE, recipe="all", strata=(stratum("carrier=HA", 90),))
    said = composition_report(RECIPE, champion)
    assert "| recipe | mine | all | changed |" in said
    assert "| carrier=HA | at least 20 rows | short | 12 | 12 | 1.2% | 1.2% | 9.0% |" in said
    assert "| class=1 | 50 % | met | 400 | 500 | 50.0% | 50.0% | – |" in said
    assert "| recipe | mine | none: keys of compose | changed |" in composition_report(RECIPE, CANDIDATE)


def test_a_project_without_recipes_reads_as_before():
    said = composition_report(CANDIDATE, CHAMPION)
    assert "recipe" not in said
    assert "by what the recipe names" not in said


def test_many_strata_are_cut():
    many = tuple(stratum(f"dest={number:03d}", 1, asked="at least 9 rows", status="short") for number in range(60))
    said = composition_report(replace(RECIPE, strata=many), None)
    assert "dest=009 (at least 9 rows: 1 row, 0.1%) and 50 more." in said
    assert "30 others are not shown." in said
