"""The promise with all that a committed params.yaml watches: 20 columns and their 190 pairs, through rows, profiles and the whole rule.

The conditions of `test_promise.py`, where counts are drawn and pairs are not there. Bars as there: m + 2.33 sqrt(m) + 1 windows in which an
incident opens. Quick: 60 windows of 6 columns and 15 pairs; long: 3,000 of 20 and 190.
"""

import numpy as np
import pyarrow as pa
import pytest
from tests.monitor.streams import allowed, effects, opened
from tests.monitor.test_promise_rows import counted

from keepfit.monitor.rules.e_detector import EvidenceOverTime
from keepfit.monitor.rules.rule import Watch
from keepfit.profiles.profile import learn_layout
from keepfit.records import EvidenceMemory, Reference

ONE = [  # at most 1 per 1,000
    {"rows": 200},
    {"rows": 1000},
    {"rows": 5000},
    {"rows": (200, 5000)},
    {"rows": 1000, "reference_rows": 1000},
    {"rows": 1000, "reference_rows": 10_000},
    {"rows": 1000, "reference_rows": 100_000},
    {"rows": 1000, "sd": 0.05},
    {"rows": 1000, "sd": 0.1},
    {"rows": 1000, "sd": 0.2},
    {"rows": 1000, "sd": 0.1, "reference_windows": 8},
    {"rows": 1000, "sd": 0.2, "reference_windows": 8},
    {"rows": 1000, "reference_windows": 52},
    {"rows": 1000, "sd": 0.2, "reference_windows": 52},
    {"rows": 1000, "sd": 0.1, "weekdays": True, "reference_windows": 28},
    {"rows": 1000, "sd": 0.1, "windows": 600},
]
TWO = [  # at most 2 per 1,000
    {"rows": 1000, "sd": 0.1, "heavy": True},
    {"rows": 1000, "sd": 0.1, "shared": True},
    {"rows": 1000, "sd": 0.1, "scale": 5},
    {"rows": 1000, "sd": 0.1, "alike": 0.5},
]


def called(setting):
    return " ".join(f"{name}={value}" for name, value in setting.items())


def flagged(seeds, *, rows, sd=0.0, reference_windows=20, reference_rows=None, windows=60, columns=20, scale=1, **moving):
    """Windows in which an incident opens, over seeds each with a reference of its own; `sd` is the window-to-window variation."""
    total = 0
    for seed in seeds:
        rng = np.random.default_rng(seed)
        moves = window_effects(rng, reference_windows + windows, columns, sd=sd, **moving)
        most, least = (rows[1], rows[0]) if isinstance(rows, tuple) else (rows, rows)
        sizes = rng.integers(least, most + 1, windows)
        usual = reference_rows // reference_windows if reference_rows else least
        tables = [table(rng, size, move) for size, move in zip([usual] * reference_windows + (sizes * scale).tolist(), moves, strict=True)]
        layout = learn_layout(pa.concat_tables(tables[:reference_windows]), dict.fromkeys(tables[0].column_names, "numeric"))
        profiles = [counted(one, layout, f"{i:03}") for i, one in enumerate(tables)]
        rule, memory = EvidenceOverTime(Watch(reference=Reference(profiles=tuple(profiles[:reference_windows])))), EvidenceMemory()
        for profile in profiles[reference_windows:]:
            weighed = rule.step(memory, profile)
            memory, total = weighed.memory, total + bool(opened(weighed, profile))
    return total


def window_effects(rng, windows, columns, *, sd, alike=0.0, heavy=False, weekdays=False, shared=False):
    """What moves each column's mean in each window; `shared`: all columns alike."""
    found = effects(rng, windows, 1 if shared else columns, sd=sd, alike=alike, heavy=heavy, weekdays=weekdays)
    return np.broadcast_to(found, (windows, columns))


def table(rng, rows, move):
    return pa.table({f"x{i:02}": values for i, values in enumerate(move[:, None] + rng.normal(size=(len(move), rows)))})


@pytest.mark.parametrize("setting", [{"rows": 200}, {"rows": (200, 2000)}, {"rows": 500, "sd": 0.1}, {"rows": 500, "sd": 0.1, "shared": True}], ids=called)
def test_with_pairs_the_promise_is_kept(setting):
    assert flagged(range(2), **setting, windows=30, columns=6) <= allowed(1, 60)


@pytest.mark.long
@pytest.mark.parametrize(("setting", "bar"), [*((one, 1) for one in ONE), *((two, 2) for two in TWO)], ids=str)
def test_with_pairs_the_promise_is_kept_over_3000_windows(setting, bar):
    windows = setting.get("windows", 60)
    seeds = range(7000, 7000 + 3000 // windows)
    assert flagged(seeds, **setting) <= allowed(bar, len(seeds) * windows)


@pytest.mark.long
def test_with_pairs_a_harmless_shift_in_large_windows_never_alerts_over_3000_windows():
    shift = np.r_[0.03, np.zeros(19)]
    total = 0
    for seed in range(30):
        rng = np.random.default_rng(7500 + seed)
        tables = [table(rng, 20_000, np.zeros(20)) for _ in range(20)]
        layout = learn_layout(pa.concat_tables(tables), dict.fromkeys(tables[0].column_names, "numeric"))
        rule = EvidenceOverTime(Watch(reference=Reference(profiles=tuple(counted(one, layout, f"r{i:02}") for i, one in enumerate(tables)))))
        memory = EvidenceMemory()
        for i in range(100):
            profile = counted(table(rng, 20_000, shift), layout, f"w{i:02}")
            weighed = rule.step(memory, profile)
            memory, total = weighed.memory, total + bool(opened(weighed, profile))
    assert total == 0
