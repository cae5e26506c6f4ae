"""Prometheus' text format, held against the grammar of its documentation (exposition formats, version 0.0.4)."""

from __future__ import annotations

import re
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st
from tests.report.test_fleet import LINE

from keepfit.records.fleet import FleetLine
from keepfit.report.prometheus import prometheus_text

HELP = re.compile(r"# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) [^\\]*")
TYPE = re.compile(r"# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) gauge")
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\n"])*"'
SAMPLE = re.compile(rf"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{{((?:{LABEL})(?:,{LABEL})*)\}})? (-?[0-9.]+(?:e[+-]?[0-9]+)?)")
ONE = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"')


def read(text):
    """The samples of a text by name and labels, as a scraper would read it; fails for what the grammar does not allow."""
    assert text.endswith("\n")
    found, described = {}, None
    for line in text[:-1].split("\n"):
        if line.startswith("#"):
            known = HELP.fullmatch(line) or TYPE.fullmatch(line)
            assert known, line
            described = known[1]
            continue
        sample = SAMPLE.fullmatch(line)
        assert sample, line
        assert sample[1] == described  # all samples of a metric stand together
        labels = tuple((name, re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], value)) for name, value in ONE.findall(sample[2] or ""))
        assert (sample[1], labels) not in found
        found[sample[1], labels] = float(sample[3])
    return found


def test_a_line_is_its_gauges():
    said = read(prometheus_text([LINE], at=1_700_000_000.5))
    of = (("model", "churn"), ("folder", "models/churn"))
    assert said["keepfit_fleet_looked_timestamp_seconds", ()] == 1_700_000_000.5
    assert said["keepfit_fleet_models", (("state", "ticket"),)] == 1
    assert [said["keepfit_model_state", (*of, ("state", state))] for state in ("ticket", "ok")] == [1, 0]
    assert [said["keepfit_open_tickets", (*of, ("severity", severity))] for severity in ("critical", "warning", "info")] == [1, 0, 2]
    assert said["keepfit_champion_info", (*of, ("version", "7"))] == 1
    assert said["keepfit_last_look_age_seconds", of] == 9 * 24 * 3600
    assert (said["keepfit_alert_windows", of], said["keepfit_promised_false_alerts", of], said["keepfit_dead_messages", of]) == (1, 0.024, 2)
    assert ("keepfit_waivers", of) not in said


def test_an_empty_fleet_is_a_text_too():
    assert read(prometheus_text([], at=0.0))["keepfit_fleet_models", (("state", "ok"),)] == 0


@given(st.text(), st.sampled_from([datetime(2013, 1, 1), None]), st.none() | st.floats(0, 1e9))
def test_no_name_breaks_it(name, until, age):
    line = FleetLine(model=name, folder=name, state="broken", version=name, trained_until=until, age_days=age)
    said = read(prometheus_text([line], at=0.0))
    assert said["keepfit_champion_info", (("model", name), ("folder", name), ("version", name))] == 1
