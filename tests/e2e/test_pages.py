"""Every page in a real browser at two widths: nothing leaves the page sideways, no text of a picture lies over another, and pictures hold all their text."""

from __future__ import annotations

import random
from dataclasses import replace

import pyarrow as pa
import pytest
from tests.report.test_backtest_page import outcome
from tests.report.test_backtest_page import page as backtest_html
from tests.report.test_monitor import page as seen_window
from tests.report.test_performance_chart import course
from tests.report.test_project_page import VIEW
from tests.report.test_ticket_page import ticket

from keepfit.monitor.compare import drift_of
from keepfit.profiles.profile import learn_layout, profile_table
from keepfit.report.drift import drift_html
from keepfit.report.monitor import window_html
from keepfit.report.project_page import project_html
from keepfit.report.ticket_page import Figure, explain_html

pytestmark = [pytest.mark.slow, pytest.mark.browser]
WIDTHS = (1280, 390)
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
PICTURES = """() => [...document.querySelectorAll('svg')].filter(svg => svg.getBoundingClientRect().width > 0).map(svg => {
  const box = one => { const r = one.getBoundingClientRect(); return [one.textContent, r.left, r.right, r.top, r.bottom]; };
  return {name: svg.getAttribute('aria-label'), frame: box(svg), texts: [...svg.querySelectorAll('text')].map(box)};
})"""
SLACK = 1.0


def tables():
    rng = random.Random(0)
    airlines = ["UA", "EV", "an airline with a very long name indeed", "DL", "B6", "MQ", "US", "WN", "VX", "FL", "AS", "F9", "YV"]
    return [
        pa.table(
            {
                "delay": [rng.expovariate(1 / (30 * scale)) - 10 for _ in range(900)],
                "airline": [rng.choice(airlines) for _ in range(900)],
                "temperature": [None if rng.random() < 0.04 * scale else rng.gauss(10 * scale, 5) for _ in range(900)],
                "flag": [1.0] * 900,
                "note": [" ".join(rng.choice(["late", "on", "time", "storm"]) for _ in range(rng.randint(1, 8))) for _ in range(900)],
            }
        )
        for scale in (1, 2)
    ]


def pages():
    before, now = tables()
    kinds = {"delay": "numeric", "airline": "categorical", "temperature": "numeric", "flag": "numeric", "note": "text"}
    layout = learn_layout(before, kinds)
    sides = [profile_table(table, layout, name) for table, name in ((before, "january"), (now, "february"))]
    drift, shown = drift_of(*sides), course(90, seed=3)
    figures = [Figure(column=name, reference=sides[0].columns[name], current=sides[1].columns[name]) for name in kinds]
    policies = {"never": outcome(0, 0.55), "params": outcome(4, 0.6), "calendar": outcome(38, 0.62), "reviews:4": outcome(5, 0.61)}
    return {
        "compare": drift_html(drift),
        "window": window_html(seen_window(), drift=drift, course=shown),
        "ticket": explain_html(ticket(), figures, course=shown),
        "backtest": backtest_html(policies, winner="reviews:4"),
        "project": project_html(replace(VIEW, course=shown)),
    }


PAGES = pages()


@pytest.fixture(scope="module")
def tab(browser):
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_its_window_and_its_pictures_are_readable(tab, name, width):
    tab.set_viewport_size({"width": width, "height": 900})
    tab.set_content(PAGES[name])
    assert tab.evaluate(SIDEWAYS) == 0
    pictures = tab.evaluate(PICTURES)
    assert pictures
    for picture in pictures:
        _, left, right, top, bottom = picture["frame"]
        for said, *box in picture["texts"]:
            inside = left - SLACK <= box[0] and box[1] <= right + SLACK and top - SLACK <= box[2] and box[3] <= bottom + SLACK
            assert inside, (picture["name"], said)
        assert overlapping(picture["texts"]) == [], picture["name"]


def overlapping(texts):
    """Pairs of texts of which one covers part of the other; lines may touch."""
    found = []
    for at, (one, left, right, top, bottom) in enumerate(texts):
        for other, start, end, above, below in texts[at + 1 :]:
            if min(right, end) - max(left, start) > SLACK and min(bottom, below) - max(top, above) > 0.35 * (bottom - top):
                found.append((one, other))
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_ground_follow_the_readers_scheme_and_print_is_light(tab, scheme):
    tab.emulate_media(color_scheme=scheme, media="screen")
    tab.set_content(PAGES["project"])
    paper = "() => getComputedStyle(document.body).backgroundColor"
    assert tab.evaluate(paper) == {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 24, 26)"}[scheme]
    tab.emulate_media(color_scheme=scheme, media="print")
    assert tab.evaluate(paper) == "rgb(255, 255, 255)"
    tab.emulate_media(color_scheme="light", media="screen")


def test_of_the_two_pictures_of_a_course_the_one_that_fits_is_shown(tab):
    tab.set_content(PAGES["project"])
    for width, shown in ((1280, "on-desk"), (390, "on-phone")):
        tab.set_viewport_size({"width": width, "height": 900})
        seen = tab.evaluate(
            "() => [...document.querySelectorAll('svg.course')].filter(svg => svg.getBoundingClientRect().width > 0).map(svg => svg.classList[1])"
        )
        assert seen == [shown]
