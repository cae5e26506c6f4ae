"""The style of all pages: every colour that text has is read against every ground that it stands on, in light and in dark."""

import re
from itertools import product

import pytest

from keepfit.report import pages

STYLE = pages._environment().loader.get_source(pages._environment(), "page.html")[0]
SCHEMES = [dict(re.findall(r"--([a-z]+): (#[0-9a-f]{3,6})", found)) for found in re.findall(r":root \{([^}]*)\}", STYLE)]
TEXT, GROUND, DRAWN = ("ink", "quiet", "fill"), ("paper", "soft"), ("fill", "other", "alarm", "calm", "open", "quiet")


def luminance(colour):
    """Relative luminance, WCAG 2.2."""
    digits = colour.removeprefix("#")
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)] if len(digits) == 6 else [int(one * 2, 16) / 255 for one in digits]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#fff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark"])
def test_text_has_a_contrast_of_at_least_four_and_a_half_and_what_is_drawn_of_three(scheme):
    assert {*TEXT, *GROUND, *DRAWN} <= set(scheme)
    low = [(one, ground) for one, ground in product(TEXT, GROUND) if contrast(scheme[one], scheme[ground]) < 4.5]
    low += [(one, "paper") for one in DRAWN if contrast(scheme[one], scheme["paper"]) < 3]
    assert low == []


def test_both_schemes_name_the_same_colours_and_nothing_is_coloured_beside_them():
    assert set(SCHEMES[0]) == set(SCHEMES[1])
    rules = re.sub(r":root \{[^}]*\}", "", STYLE.split("<style>")[1].split("</style>")[0])
    assert re.findall(r"#[0-9a-f]{3,6}\b", rules) == []


def test_a_page_prints_in_the_light_scheme():
    assert "@media screen and (prefers-color-scheme: dark)" in STYLE
    assert "@media print" in STYLE
