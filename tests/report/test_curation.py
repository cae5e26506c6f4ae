from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from tests.report.test_version_page import card, row

from keepfit.records import CuratedRule, CurationConflict, CurationReport, from_json, to_json
from keepfit.report.curation import curation_findings, curation_section, curation_summary
from keepfit.report.scorecard import scorecard_markdown
from keepfit.report.version_page import version_description

RULE = CuratedRule(
    name="sensor-1048",
    action="exclude",
    value=None,
    author="ann",
    reason="a broken anemometer",
    expires=None,
    judging=False,
    expired=False,
    matched=12,
    train=9,
    judge=0,
    examples=("r1", "r2", "r3"),
)
END = datetime(2013, 3, 1)


def report(*rules, conflicts=()):
    return CurationReport(end=END, rules=rules, conflicts=conflicts)


def test_a_rule_has_a_line_with_what_it_matched_and_changed_who_and_why():
    said = curation_section(report(RULE))
    assert "| sensor-1048 | exclude | 12 | 9 | 0 | r1, r2 | for good | ann | a broken anemometer |" in said
    assert "1 rules" not in said
    assert "1 rule of curation.yaml: of the rows that may train, 9 left out; no row that judges." in said


def test_a_rule_that_does_nothing_is_reported_with_why():
    expired = replace(RULE, name="a", expired=True, expires=date(2013, 2, 1), train=0)
    nothing, idle = replace(RULE, name="b", matched=0, train=0, examples=()), replace(RULE, name="c", train=0)
    strange = replace(RULE, name="d", strangers=7, strange=("x", "y"))
    assert curation_findings(report(expired, nothing, idle, strange)) == [
        "a expired on 2013-02-01 (the data ends on 2013-03-01) and does nothing",
        "b matches nothing",
        "c matches 12 rows and changes nothing",
        "d names 7 ids that no row has: x, y, …",
    ]


def test_rules_that_contradict_each_other_are_reported_with_how_many_rows_and_what_was_done():
    conflicts = (
        CurationConflict(rules=("a", "b"), rows=1, then="left out", examples=("r1",)),
        CurationConflict(rules=("c", "d"), rows=30, then="neither weighs", examples=("r1", "r2")),
    )
    assert curation_findings(report(RULE, conflicts=conflicts)) == [
        "a and b contradict each other on 1 row (r1): these are left out",
        "c and d contradict each other on 30 rows (r1, r2): neither weighs these",
    ]


def test_rules_that_change_rows_that_judge_are_said_to_change_the_evidence():
    judging = replace(RULE, action="relabel", value="no", judging=True, judge=3)
    assert "**of the rows that judge, or are held out, 3 relabelled**: the evidence is of curated rows" in curation_summary(report(judging))
    assert "relabel no, judging too" in curation_section(report(judging))


def test_a_report_is_bounded_and_does_nothing_but_show_text():
    many = tuple(replace(RULE, name=f"rule-{number}", matched=0, train=0) for number in range(200))
    assert len(curation_section(report(*many)).splitlines()) < 200 + 20
    assert "<script>" not in curation_section(report(replace(RULE, reason="<script>|\n# no", matched=0)))


def test_a_report_survives_json():
    whole = report(replace(RULE, expires=date(2013, 2, 1), value=0.5), conflicts=(CurationConflict(rules=("a", "b"), rows=1, then="left out", examples=()),))
    assert from_json(CurationReport, to_json(whole)) == whole


def test_a_scorecard_and_a_versions_page_say_that_the_evidence_is_of_curated_rows():
    plain = card(row())
    curated, said = replace(plain, curated=3), "**3 rows that judge, or are held out, were changed or left out by rules of curation.yaml**"
    assert said in scorecard_markdown(curated)
    assert said in version_description(curated, page=None)
    assert "curation.yaml" not in scorecard_markdown(plain) + version_description(plain, page=None)
    assert "**1 row that judges, or is held out, was changed" in scorecard_markdown(replace(plain, curated=1))
