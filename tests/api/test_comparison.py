"""A comparison as a notebook shows it: a few lines, or a fragment that styles itself and nothing else."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pandas as pd
import pytest
from tests.api.frames import frame

import keepfit
from keepfit.errors import DataError


@pytest.fixture(scope="module")
def found():
    return keepfit.compare(frame(), frame(seed=1, shift=8), slices=True)


class Fragment(HTMLParser):
    """Its tags, how deep they are nested, and its text."""

    VOID = ("br", "meta", "rect", "line", "path", "circle")

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.outer, self.text = [], [], 0, ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.outer += not self.open
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def test_a_cell_is_one_element_that_loads_nothing_and_runs_nothing(found):
    shown = Fragment(found._repr_html_())
    assert (shown.outer, shown.open, shown.tags[0]) == (1, [], ("div", {"class": "keepfit-cell"}))
    assert not {"script", "link", "img", "iframe", "body", "html", "a"} & {tag for tag, _ in shown.tags}
    assert not [name for _, attributes in shown.tags for name in attributes if name.startswith("on") or name in ("id", "src", "href", "style")]
    assert found.sentence in shown.text


def test_its_style_reaches_nothing_outside_and_leaves_the_pages_colours(found):
    style = re.search(r"<style>(.*?)</style>", found._repr_html_(), re.DOTALL)[1]
    selectors = [one.strip() for rule in re.findall(r"([^{}]+)\{", style) for one in rule.split(",")]
    assert len(selectors) > 10
    assert [one for one in selectors if not one.startswith(".keepfit-cell")] == []
    assert "color: inherit; background: transparent" in style  # text on the notebook's own ground, light or dark
    assert re.findall(r"(?<!border-)(?<!-)color: (?!inherit)[^;]+", style) == []


def test_every_mark_of_a_chart_has_a_rule(found):
    """What a chart is drawn with is said by a page's style; a cell has one of its own, which must know the same marks."""
    style, body = found._repr_html_().partition("</style>")[::2]
    marks = re.findall(r'<(?:rect|line|path|polyline|circle)[^>]* class="([^"]+)"', body)
    assert len(marks) > 10
    assert {names for names in marks if not any(f"svg .{name} {{" in style for name in names.split())} == set()


def test_what_it_shows_is_bounded_and_names_what_drifts(found):
    wide = {f"column {place}": range(place, place + 200) for place in range(80)}
    shown = keepfit.compare(pd.DataFrame(wide), pd.DataFrame({name: [value + 150 for value in values] for name, values in wide.items()}))
    cell = Fragment(shown._repr_html_())
    assert [tag for tag, _ in cell.tags].count("svg") == 6
    assert "… and 60 more columns, see to_html(path)" in cell.text
    assert len(repr(shown).splitlines()) == 7
    assert repr(shown).splitlines()[-1] == "  … and 75 more, see to_dict()"
    assert repr(found).splitlines()[1].startswith("  age: ks 0.")


def test_names_that_are_code_stay_text(tmp_path):
    name = "<script>alert(1)</script></style>{{ 7 * 7 }}\n"
    shown = keepfit.compare(pd.DataFrame({name: range(300)}), pd.DataFrame({name: range(200, 500)}))
    cell = shown._repr_html_()
    assert "script" not in {tag for tag, _ in Fragment(cell).tags}
    assert "{{ 7 * 7 }}" in cell
    assert "<script" not in shown.to_html(tmp_path / "page.html").read_text()


def test_the_same_tables_give_the_same_bytes(found):
    again = keepfit.compare(frame(), frame(seed=1, shift=8), slices=True)
    assert (again._repr_html_(), repr(again)) == (found._repr_html_(), repr(found))


@pytest.mark.parametrize(("place", "said"), [("no/page.html", "no folder"), ("", "is there and is no file")])
def test_a_page_that_cannot_be_written_is_refused(found, tmp_path, place, said):
    with pytest.raises(DataError, match=said) as refused:
        found.to_html(tmp_path / place)
    assert refused.value.where == "path"


def test_a_comparison_cannot_be_changed_by_accident(found):
    with pytest.raises(AttributeError):
        found.drift = None
    with pytest.raises(AttributeError):
        found.passed = True
