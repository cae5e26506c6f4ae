"""Which records are stored or signed, and what each looks like: what a golden version holds one of each of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from keepfit.integrations.ledger.schema import META
from keepfit.records import (
    Certificate,
    Composition,
    Envelope,
    Event,
    JournalRow,
    JudgedWindow,
    Label,
    ModelMeta,
    PolicyState,
    PolicyStep,
    Probation,
    Queue,
    RecipeDraw,
    RefitReport,
    Request,
    Ticket,
    WindowCounts,
)
from keepfit.records.labels import Ties
from keepfit.records.v1 import JournalRowV1, SignedCertificateV1, SignedRequestV1

FORMS: Final[dict[str, tuple[type, ...]]] = {
    "gate": (Certificate, Envelope, JournalRow, JournalRowV1, Request, SignedCertificateV1, SignedRequestV1),
    "ledger": (Event, JudgedWindow, PolicyState, PolicyStep, Probation, Ticket),
    "composed": (Composition, ModelMeta, RecipeDraw, RefitReport, WindowCounts),
    "labelling": (Label, Queue, Ties),
}
SAID_IN_WORDS = ("title", "description")


def forms_of(part: str) -> dict[str, Any]:
    """The JSON schema of each record of a part, without the words that say what it means."""
    records = {form.__name__: _plain(TypeAdapter(form).json_schema()) for form in FORMS.get(part, ())}
    return records | (_tables() if part == "ledger" else {})


def _tables() -> dict[str, Any]:
    """The ledger's tables: their columns, and what is looked up."""
    return {
        table.name: {
            "columns": {column.name: f"{column.type}{'' if column.nullable else ' not null'}" for column in table.columns},
            "indices": {str(index.name): [column.name for column in index.columns] for index in sorted(table.indexes, key=lambda index: str(index.name))},
            "key": [column.name for column in table.primary_key.columns],
        }
        for table in META.sorted_tables
    }


def _plain(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {name: _plain(value) for name, value in schema.items() if name not in SAID_IN_WORDS or not isinstance(value, str)}


def write_forms(part: str, out: Path) -> None:
    """Write down what the records of a part look like now."""
    if part in FORMS:
        (out / name_of(part)).write_text(json.dumps(forms_of(part), indent=1, sort_keys=True) + "\n", encoding="utf-8")


def name_of(part: str) -> str:
    """The file that says so."""
    return f"forms-{part}.json"
