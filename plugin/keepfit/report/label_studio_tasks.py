"""A queue as Label Studio knows it: tasks (JSON, to be imported) and the labelling configuration (XML) of a project for them.

Written after its documentation, by hand: its SDK brings 75 packages. A task's `data` holds the row's id, the queue's name, and what is shown.
"""

from __future__ import annotations

import json
from xml.sax.saxutils import quoteattr

from keepfit.report.label_sheet import LABEL, ShownRows

TEXT, COLUMNS = "text", "columns"
MANY = 20


def label_studio_tasks(asked: ShownRows, *, text: str | None) -> str:
    """Return the tasks as JSON; `text` names the column that is shown as running text (None: no column, numbers get the whole row as lines)."""
    tasks = [{"data": _data(asked, place, text)} for place in range(len(asked.ids))]
    return json.dumps(tasks, ensure_ascii=False, indent=1) + "\n"


def _data(asked: ShownRows, place: int, text: str | None) -> dict[str, object]:
    shown = dict(zip(asked.columns, asked.values[place], strict=True))
    said = shown.pop(text) if text is not None else "\n".join(f"{name}: {value}" for name, value in shown.items())
    return {"row": asked.ids[place], "queue": asked.queue, TEXT: said, COLUMNS: shown}


def label_studio_config(asked: ShownRows, *, text: str | None) -> str:
    """Return the labelling configuration: choices for classes, a number else.

    >>> print(label_studio_config(ShownRows(ids=[], columns=["a", "b"], values=[], classes=("no", 'a "b"'), queue="may"), text="a"), end="")
    <View>
      <Text name="text" value="$text"/>
      <Table name="columns" value="$columns"/>
      <Choices name="label" toName="text" choice="single" required="true" showInline="true">
        <Choice value="no"/>
        <Choice value='a "b"'/>
      </Choices>
    </View>
    """
    as_text = text is not None or not asked.classes
    shown = [f'  <Text name="{TEXT}" value="${TEXT}"/>'] if as_text else []
    if len(asked.columns) > 1 if text is not None else asked.classes:
        shown.append(f'  <Table name="{COLUMNS}" value="${COLUMNS}"/>')
    return "\n".join(["<View>", *shown, *_control(asked, TEXT if as_text else COLUMNS), "</View>"]) + "\n"


def _control(asked: ShownRows, name: str) -> list[str]:
    if not asked.classes:
        return [f'  <Number name="{LABEL}" toName="{name}" step="0.01" required="true"/>']
    layout = 'layout="select"' if len(asked.classes) > MANY else 'showInline="true"'
    choices = [f"    <Choice value={quoteattr(one)}/>" for one in asked.classes]
    return [f'  <Choices name="{LABEL}" toName="{name}" choice="single" required="true" {layout}>', *choices, "  </Choices>"]
