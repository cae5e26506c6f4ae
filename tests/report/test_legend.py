"""Keys above a chart: as many lines as they need, none past the picture's width."""

from hypothesis import given
from hypothesis import strategies as st
from tests.report.drawn import assert_readable

from keepfit.report.axis import picture
from keepfit.report.legend import legend


@given(st.text(max_size=80), st.lists(st.text(max_size=40), max_size=8), st.sampled_from([360.0, 960.0]))
def test_keys_stay_inside_and_apart(head, texts, width):
    parts, end = legend(head, [(text, "<g/>") for text in texts], width=width)
    assert_readable(picture(parts, width=width, height=end, title="x", text="y", css="z"))
