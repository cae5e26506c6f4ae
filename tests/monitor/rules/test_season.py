"""A yearly season is no change where the same period last year is the reference; what comes on top of it is."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pytest

from keepfit.monitor.rules.e_detector import EvidenceOverTime
from keepfit.monitor.rules.fixed import Fixed
from keepfit.monitor.rules.rule import Watch
from keepfit.monitor.rules.season import Waiting, period_last_year
from keepfit.profiles.profile import learn_layout, profile_table, total
from keepfit.records import Evidence, EvidenceMemory, Reference, ShareCount, Window
from keepfit.tables.windows import parse_window_id

DAYS, ROWS, MONTHS = 28, 150, 12
SEASON = 0.7
NAMES = [f"x{number}" for number in range(5)]


def table(rng, month, shift=0.0, n=ROWS):
    """Five columns: the first has a yearly season (in sd), the second may shift."""
    season = SEASON * np.sin(2 * np.pi * month / MONTHS)
    means = [season, shift, *[0.0] * (len(NAMES) - 2)]
    return pa.table({name: rng.normal(mean, 1, n) for name, mean in zip(NAMES, means, strict=True)})


RNG = np.random.default_rng(5)
LAYOUT = learn_layout(table(RNG, 0, n=20_000), dict.fromkeys(NAMES, "numeric"))


def month_of(rng, month, shift=0.0):
    return tuple(profile_table(table(rng, month, shift), LAYOUT, f"{month:02}-{day:02}") for day in range(DAYS))


def fold(references, windows):
    """What is loud in each window, each held to its own reference, the memory going on from one to the next."""
    memory, found = EvidenceMemory(), []
    for profiles, days in zip(references, windows, strict=True):
        rule = EvidenceOverTime(Watch(reference=Reference(profiles=profiles), stream="last_year"))
        weighed = rule.step(memory, total(Reference(profiles=days)), (), steps=days)
        memory = weighed.memory
        found.append([one.subject for one in weighed.loud])
    return found, memory


@pytest.fixture(scope="module")
def years():
    rng = np.random.default_rng(11)
    return [month_of(rng, month) for month in range(MONTHS)], [month_of(rng, month) for month in range(MONTHS)]


def test_a_season_alerts_against_one_month_of_training_and_not_against_the_same_month_last_year(years):
    before, now = years
    against_training, _ = fold([before[0]] * MONTHS, now)
    assert [found for found in against_training if found] == [["x0"]] * (MONTHS - 2)  # in months 0 and 6 the season is where training was
    assert fold(before, now)[0] == [[]] * MONTHS


def test_what_comes_on_top_of_the_season_alerts_at_once(years):
    before, now = years
    moved = [*now[:6], *(month_of(np.random.default_rng(month), month, shift=0.2) for month in range(6, MONTHS))]
    assert fold(before, moved)[0] == [[]] * 6 + [["x1"]] * 6


def test_evidence_adds_up_over_windows_although_the_reference_changes(years):
    before, _ = years
    moved = [month_of(np.random.default_rng(99 + month), month, shift=0.2)[:3] for month in range(MONTHS)]
    found, memory = fold(before, moved)
    first = next(number for number, loud in enumerate(found) if "x1" in loud)
    assert first > 0
    alone = [fold([reference], [days])[0] for reference, days in zip(before, moved, strict=True)]
    assert not any("x1" in loud for [loud] in alone[: first + 1])
    assert memory.windows == MONTHS * 3


@pytest.mark.parametrize(
    ("name", "period"),
    [
        ("2024-03", ("2023-03-01", "2023-04-01")),
        ("2024-02", ("2023-02-01", "2023-03-01")),
        ("2025-02", ("2024-02-01", "2024-03-01")),
        ("2024-W10", ("2023-02-21", "2023-03-22")),
        ("2024-02-29", ("2023-02-14", "2023-03-15")),
    ],
)
def test_the_same_period_is_a_month_or_four_weeks_around_the_date(name, period):
    window = parse_window_id(name, source="live")
    found = period_last_year(window)
    assert tuple(f"{time:%Y-%m-%d}" for time in found) == period
    assert found[1] - found[0] >= timedelta(days=28)
    assert found[1] < window.start


def test_a_window_without_times_has_no_last_year():
    assert period_last_year(Window(id="rows-1", source="live", start=None, end=None)) is None


def test_while_nothing_is_known_of_last_year_nothing_is_drift_and_the_memory_stays(years):
    before, now = years
    rule = EvidenceOverTime(Watch(reference=Reference(profiles=before[0]), stream="last_year"))
    learned = rule.step(EvidenceMemory(), total(Reference(profiles=now[0])), (), steps=now[0]).memory
    weighed = Waiting(rule, {"x4": "target"}, "no rows").step(learned, total(Reference(profiles=now[3])), (), steps=now[3])
    assert weighed.memory == learned
    assert weighed.loud == ()
    assert [(one.kind, one.subject, one.e_value, one.detail) for one in weighed.evidence] == [
        ("target" if name == "x4" else "data", name, None, "calibrating: no rows") for name in NAMES
    ]


def test_rules_that_go_by_p_values_wait_too(years):
    loud = Evidence(kind="data", subject="x0", detector="ks", statistic=0.4, effect=0.4, p_value=1e-9, n=4000, n_reference=4000)
    rule = Fixed(Watch(reference=Reference(profiles=years[0][0])))
    profile = total(Reference(profiles=years[1][3]))
    assert rule.step(EvidenceMemory(), profile, [loud]).loud == (loud,)
    assert Waiting(rule, {}, "no rows").step(EvidenceMemory(), profile, [loud]).loud == ()


def test_errors_need_no_reference_and_are_watched_meanwhile(years):
    def wrong(share, day):
        errors = ShareCount(group="performance", yes=int(share * ROWS), n=ROWS)
        return replace(day, shares={"errors": errors})

    calm, bad = ([wrong(share, day) for day in years[1][0]] for share in (0.1, 0.3))
    rule = EvidenceOverTime(Watch(reference=Reference(profiles=years[0][0]), labels=True, stream="last_year"))
    waiting, memory = Waiting(rule, {}, "no rows"), EvidenceMemory()
    found = []
    for days in (calm, calm, bad):
        weighed = waiting.step(memory, total(Reference(profiles=tuple(days))), (), steps=tuple(days))
        memory = weighed.memory
        found.append([one.subject for one in weighed.loud])
    assert found == [[], [], ["errors"]]


@pytest.mark.long
@pytest.mark.parametrize("sd", [0.05, 0.1])
def test_288_months_that_differ_from_last_years_by_chance_alone_raise_no_alert(sd):
    """The promise allows 8 alerts in 8,064 base windows; evidence counts, whatever the effect."""
    names = [f"x{number}" for number in range(20)]

    def rows(rng, month, n=200, wobble=0.0):
        season = SEASON * np.sin(2 * np.pi * month / MONTHS)
        return pa.table({name: rng.normal(season * (number < 5) + wobble * rng.normal(), 1, n) for number, name in enumerate(names)})

    alerts = 0
    for seed in range(8):
        rng, memory = np.random.default_rng(seed), EvidenceMemory()
        layout = learn_layout(rows(rng, 0, n=20_000), dict.fromkeys(names, "numeric"))
        months = [tuple(profile_table(rows(rng, month, wobble=sd), layout, f"{month:02}-{day:02}") for day in range(DAYS)) for month in range(4 * MONTHS)]
        for before, days in zip(months[:-MONTHS], months[MONTHS:], strict=True):
            rule = EvidenceOverTime(Watch(reference=Reference(profiles=before), stream="last_year"))
            weighed = rule.step(memory, total(Reference(profiles=days)), (), steps=days)
            memory = weighed.memory
            alerts += any((one.e_value or 0.0) >= rule.threshold for one in weighed.evidence)
    assert alerts == 0
