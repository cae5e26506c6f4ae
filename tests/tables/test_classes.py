from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest

from keepfit.errors import DataError
from keepfit.params import Params
from keepfit.tables.classes import class_texts, codes_of, unlisted
from keepfit.tables.conform import conform
from keepfit.tables.labels import labels, listed, teachable
from keepfit.tables.targets import as_listed
from keepfit.tables.written_targets import WRITTEN

TOPICS = ("billing", "outage", "contract")


def params(classes=TOPICS):
    model = {"name": "m", "task": "classification", "target": "topic", "classes": list(classes)}
    return Params.model_validate({"model": model, "data": {"live": "rows.csv", "time": "time", "id": "id"}})


def rows(topics, type_=None):
    n = len(topics)
    return pa.table({"id": [f"r{i}" for i in range(n)], "time": pa.array(np.datetime64("2024-01-01", "us") + np.arange(n)), "topic": pa.array(topics, type_)})


def coded(topics, classes=TOPICS, type_=None):
    return conform(rows(topics, type_), params(classes))


@pytest.mark.parametrize(
    ("values", "classes"),
    [
        (["b", "a", None, "c"], ("a", "b", "c")),
        ([2, 1, None, 3], ("1", "2", "3")),
        ([2.0, 1.0, float("nan"), 3.0], ("1", "2", "3")),
        ([2.5, 0.5, None, 3.0], ("0.5", "2.5", "3")),
        ([1000002.0, 1000001.0, None, 1000003.0], ("1000001", "1000002", "1000003")),
        ([True, False, None, True], ("false", "true", "unsure")),
    ],
)
def test_a_class_is_known_as_it_is_written_whatever_type_the_column_has(values, classes):
    found = codes_of(pa.array(values), classes).to_pylist()
    assert found == [1.0, 0.0, None, 1.0 if values[3] is True else 2.0]


def test_a_dictionary_column_and_an_empty_text_are_read_too():
    assert codes_of(pa.array(["b", "", "a"]).dictionary_encode(), ("a", "b", "c")).to_pylist() == [1.0, None, 0.0]


def test_a_class_that_is_not_listed_has_a_code_of_its_own_and_is_told_by_what_was_written():
    table = coded(["outage", "legal", None, "legal", "press"])
    assert table["topic"].to_pylist() == [1.0, 3.0, None, 3.0, 3.0]
    assert unlisted(table, params()) == {"legal": 2, "press": 1}
    assert class_texts(labels(params(), table), TOPICS, table[WRITTEN].to_pylist()) == ["outage", "legal", None, "legal", "press"]


def test_rows_that_were_coded_before_are_coded_again_when_the_list_grows_or_turns():
    before = coded(["outage", "legal", None])
    now = params(("legal", "contract", "outage", "billing"))
    assert as_listed(before, now)["topic"].to_pylist() == [2.0, 0.0, None]
    assert conform(before, now)["topic"].to_pylist() == [2.0, 0.0, None]
    assert as_listed(before, params())["topic"].equals(before["topic"])


def test_a_label_that_a_person_corrected_has_no_written_value_and_keeps_its_code():
    table = coded(["outage", "billing"])
    cut = table.set_column(table.column_names.index(WRITTEN), WRITTEN, pa.array([json.dumps("outage"), None]))
    assert conform(cut, params())["topic"].to_pylist() == [1.0, 0.0]


def test_a_code_of_no_class_is_refused_with_the_way_out():
    table = coded(["outage"]).drop_columns([WRITTEN])
    with pytest.raises(DataError, match="holds 7, which is the code of no class"):
        labels(params(), table.set_column(table.column_names.index("topic"), "topic", pa.array([7.0])))


def test_a_class_that_is_not_listed_is_labelled_and_teaches_nothing():
    y = labels(params(), coded(["outage", "legal", None]))
    assert listed(params(), y).tolist() == [True, False, False]
    frame = coded(["outage", "legal", None]).to_pandas()
    assert teachable(params(), frame)["id"].tolist() == ["r0"]
    with pytest.raises(DataError, match="none of the 1 labelled rows is of a class in"):
        teachable(params(), coded(["legal"]).to_pandas())
