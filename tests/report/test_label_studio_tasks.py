"""Tasks and configuration for Label Studio: valid JSON and XML whatever the rows hold, one object tag that the control names."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

from keepfit.report.label_sheet import ShownRows
from keepfit.report.label_studio_tasks import label_studio_config, label_studio_tasks

CLASSES = ("a & b", '<"c">', "d'e")


def rows(classes=CLASSES, columns=("body", "n")):
    return ShownRows(ids=["007"], columns=columns, values=[("</script> & \u2028", "1")[: len(columns)]], classes=classes, queue="q")


def test_a_tasks_data_names_its_row_as_it_is_and_its_queue():
    (task,) = json.loads(label_studio_tasks(rows(), text="body"))
    assert task == {"data": {"row": "007", "queue": "q", "text": "</script> & \u2028", "columns": {"n": "1"}}}


def test_without_a_text_the_row_is_a_table_and_lines():
    (task,) = json.loads(label_studio_tasks(rows(), text=None))
    assert task["data"]["columns"] == {"body": "</script> & \u2028", "n": "1"}
    assert task["data"]["text"] == "body: </script> & \u2028\nn: 1"


@pytest.mark.parametrize("text", ["body", None])
@pytest.mark.parametrize("classes", [CLASSES, ()], ids=["classes", "a number"])
@pytest.mark.parametrize("columns", [("body", "n"), ("body",)], ids=["two columns", "one column"])
def test_the_control_is_of_an_object_that_is_there(text, classes, columns):
    view = ET.fromstring(label_studio_config(rows(classes, columns), text=text))
    control = view.find("Choices" if classes else "Number")
    assert control.get("name") == "label"
    assert control.get("toName") in {one.get("name") for one in view if one.tag in ("Text", "Table")}
    assert [choice.get("value") for choice in control] == list(classes)


def test_many_classes_are_a_list_to_select_from():
    assert 'layout="select"' in label_studio_config(rows([str(number) for number in range(10_000)]), text="body")
