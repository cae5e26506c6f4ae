"""The drift report: verdict first, schema before columns, numbers beside every picture, nothing from outside."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pyarrow as pa
import pytest

from keepfit.monitor.compare import compare_tables, with_slices
from keepfit.records import FoundSlice
from keepfit.report.drift import drift_html, drift_markdown, verdict_line

NASTY = "</td><script>alert('x')</script>|`[a](http://e.vil)"


def table(n, *, seed, shift=0.0, **more):
    rng = np.random.default_rng(seed)
    return pa.table({"age": rng.normal(40 + shift, 10, n), "city": rng.choice(["a", NASTY], n), **more})


def compare(reference, current, **options):
    return compare_tables(reference, current, names=("ref.csv", "cur.csv"), **options)


DRIFTED = compare(table(500, seed=0, gone=[1] * 500), table(400, seed=1, shift=15, **{NASTY: [1] * 400}))


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs


NUMBERS = {"x": [i / 7 for i in range(800)]}


def test_the_verdict_is_the_first_line():
    text = drift_markdown(DRIFTED)
    assert text.startswith("**drift: a column removed or retyped (gone); 1 of 2 columns changed by 0.1 or more, most of all age (ks 0.")
    body = drift_html(DRIFTED).split("<body>")[1]
    assert body.lstrip().startswith('<p class="verdict alarm">drift: a column removed')


def test_schema_changes_come_before_columns():
    text = drift_markdown(DRIFTED)
    assert text.index("| gone | removed |") < text.index("| age | DRIFT |")


@pytest.mark.parametrize(
    ("n", "m", "shift", "verdict"),
    [
        (500, 500, 0, "no drift: no change of 0.1 or more is shown in 2 columns"),
        (500, 20, 9, "too few rows to tell: 500 and 20, at least 100 on each side are needed"),
    ],
)
def test_each_verdict_is_one_sentence(n, m, shift, verdict):
    assert verdict_line(compare(table(n, seed=2), table(m, seed=3, shift=shift))) == verdict


def test_no_drift_names_the_columns_of_which_nothing_is_known():
    before, now = ({"x": rows["x"], "weight": [f"{i + first} stone" for i in range(800)]} for rows, first in ((NUMBERS, 0), (NUMBERS, 9_000)))
    said = "no drift: no change of 0.1 or more is shown in 1 column; nothing is known of weight, where nearly every text occurs too rarely to be told apart"
    assert verdict_line(compare(pa.table(before), pa.table(now))) == said


def test_the_page_stands_alone_and_runs_nothing():
    found = Tags()
    html = drift_html(DRIFTED)
    found.feed(html)
    assert not {"script", "link", "img", "iframe", "object", "embed", "form", "a"} & set(found.tags)
    assert not [name for name, _ in found.attributes if name.startswith("on") or name in ("src", "href", "srcset", "action", "style")]
    assert "@import" not in html
    assert "url(" not in html


def test_every_picture_has_its_numbers_in_a_table():
    found = Tags()
    found.feed(drift_html(DRIFTED))
    assert found.tags.count("svg") == found.tags.count("details") == len(DRIFTED.changes)


def test_hostile_names_break_no_markdown_table():
    lines = [line for line in drift_markdown(DRIFTED).split("\n") if line.startswith("|")]
    assert all(len(re.split(r"(?<!\\)\|", line.replace("\\\\", ""))) in (5, 11) for line in lines)
    assert "<script" not in drift_markdown(DRIFTED)


def test_the_same_record_gives_the_same_bytes():
    assert drift_html(DRIFTED) == drift_html(DRIFTED)


def test_a_wide_table_stays_small():
    rng = np.random.default_rng(4)
    wide = [pa.table({f"c{i}": rng.normal(size=120) for i in range(300)}) for _ in range(2)]
    found = compare(*wide)
    assert len(drift_html(found)) < 300_000
    assert "… and 100 more" in drift_markdown(found)


SLICE = FoundSlice(
    question="share",
    slice=f"age>50 & city={NASTY}",
    columns=("age", "city"),
    rows=80,
    share=0.2,
    effect=0.15,
    low=0.11,
    high=0.19,
    p_value=1e-9,
    explained=0.15,
    n=400,
    tests=321,
)


@pytest.mark.parametrize("show", [drift_markdown, drift_html])
def test_slices_are_told_with_their_share_before_and_now(show):
    quiet = replace(SLICE, slice="age<20", effect=-0.05, share=0.05, low=-0.07, high=-0.03)
    found = with_slices(compare(table(500, seed=2), table(400, seed=3)), [SLICE, quiet])
    assert verdict_line(found).startswith("drift: rows where age>50 & city=")
    assert verdict_line(found).endswith("went from 5.0% to 20.0%")
    text = show(found)
    assert "share before" in text
    assert all(said in text for said in ("5.0%", "20.0%", "0.15", "10.0%", "-0.05"))
    assert "<script" not in text
    assert text.count("DRIFT") == 1 or show is drift_html


def test_few_rows_make_no_slice_drift():
    found = with_slices(compare(table(500, seed=2), table(20, seed=3)), [SLICE])
    assert found.verdict == "too few rows"


def test_fifty_columns_with_slices_are_a_page_of_less_than_half_a_megabyte():
    rng = np.random.default_rng(4)
    names = [f"a rather long name of column {i}" for i in range(50)]
    wide = [pa.table({name: rng.normal(size=1200) if i % 5 else rng.choice(list("abcdefghijklmnop"), 1200) for i, name in enumerate(names)}) for _ in range(2)]
    found = with_slices(compare(*wide), [SLICE] * 5)
    page = drift_html(found)
    assert page.count("<svg") == 20
    assert len(page.encode()) < 500_000


@pytest.mark.parametrize("n", [100, 110, 130])
def test_no_drift_names_the_large_change_that_the_table_shows(n):
    rng = np.random.default_rng(n)
    found = compare(pa.table({"x": rng.normal(size=n), "y": rng.normal(size=n)}), pa.table({"x": rng.normal(0.4, 1, n), "y": rng.normal(size=n)}))
    largest = found.changes[0]
    assert (found.verdict, largest.column, largest.effect >= 0.1) == ("no drift", "x", True)
    measured = f"ks {largest.effect:.3g}, p {largest.evidence[0].p_value:.2g}"
    assert verdict_line(found) == f"no drift: no change of 0.1 or more is significant in 2 columns; the largest that is not: x ({measured})"
    by_rule = verdict_line(replace(found, rule="e-detector"))
    assert by_rule.startswith("no drift: no change of 0.1 or more is called drift by the rule e-detector in 2 columns; the largest that is not: x (ks")


@pytest.mark.parametrize("seed", range(20))
def test_the_count_in_the_headline_is_that_of_the_table(seed):
    rng = np.random.default_rng(seed)
    sides = [{f"x{n}": np.where(rng.random(400) < rng.uniform(0, 0.97), np.nan, rng.normal(shift * n / 3, 1, 400)) for n in range(4)} for shift in (0, 1)]
    found = compare(*(pa.table({name: pa.array(values, from_pandas=True) for name, values in side.items()}) for side in sides))
    large = sum((change.effect or 0.0) >= found.min_effect for change in found.changes)
    loud = sum(change.drifts for change in found.changes)
    for said, others in ((verdict_line(found), "significantly"), (verdict_line(replace(found, rule="e-detector")), "by the rule e-detector")):
        if loud:
            assert f"{loud} of 4 columns" in said
            assert (others in said) == (large > loud)
