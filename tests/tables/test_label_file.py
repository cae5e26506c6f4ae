"""`labels/NAME.csv`: the same labels are the same bytes, and a line that is no label is named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepfit.errors import DataError
from keepfit.records import Label
from keepfit.tables.label_file import COLUMNS, read, written

AT = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
WORDS = st.text(alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=12)


def label(**changed):
    return Label(**{"row": "7", "label": "yes", "origin": "annotator", "known_at": AT, **changed})


@given(
    st.lists(
        st.builds(
            Label,
            row=WORDS,
            label=WORDS,
            origin=st.sampled_from(["gold", "annotator", "proxy", "weak"]),
            annotator=WORDS | st.just(""),
            known_at=st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0, fold=0)),
            queue=WORDS | st.just(""),
            selected=st.sampled_from([None, "random", "active", "ticket"]),
            probability=st.none() | st.floats(min_value=0, max_value=1, exclude_min=True),
        ),
        max_size=5,
    )
)
def test_what_is_written_is_read_as_it_was(labels):
    text = written(labels)
    again = read(text, where="labels/a.csv")
    assert sorted(map(repr, again)) == sorted(map(repr, labels))
    assert written(again) == text


def test_the_order_of_the_labels_makes_no_difference():
    labels = [label(row="2"), label(row="1"), label(row="1", known_at=AT - timedelta(days=1))]
    assert written(labels) == written(labels[::-1])


def test_a_time_is_in_utc_to_the_second():
    there = datetime(2026, 11, 30, 18, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=2)))
    assert "2026-11-30T16:00:00Z" in written([label(known_at=there)])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("7,yes,annotator,,2026-11-30,,,,", "9 cells, 8 are due"),
        (",yes,annotator,,2026-11-30,,,", "an id or a label is empty"),
        ("7,,annotator,,2026-11-30,,,", "an id or a label is empty"),
        ("7,yes,source,,2026-11-30,,,", "the origin 'source' is none"),
        ("7,yes,annotator,,yesterday,,,", "known_at is 'yesterday', no time"),
        ("7,yes,annotator,,2026-11-30,q,maybe,", "selected is 'maybe'"),
        ("7,yes,annotator,,2026-11-30,q,random,0", "the probability is '0'"),
        ("7,yes,annotator,,2026-11-30,q,random,nan", "the probability is 'nan'"),
    ],
)
def test_a_line_that_is_no_label_is_named_by_its_number(line, said):
    with pytest.raises(DataError, match=said) as bad:
        read(f"{','.join(COLUMNS)}\n1,no,gold,,2026-11-30,,,\n{line}\n", where="labels/a.csv")
    assert bad.value.where == "labels/a.csv: line 3"


def test_another_first_line_is_refused():
    with pytest.raises(DataError, match="the first line is not row,label,origin"):
        read("id,label\n7,yes\n", where="labels/a.csv")
