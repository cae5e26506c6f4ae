"""The journal and its audit as text for people."""

from __future__ import annotations

from collections.abc import Sequence

from keepfit.records import JournalRow
from keepfit.report.tables import markdown_table

DIGEST_SHOWN = 19


def history_table(rows: Sequence[JournalRow]) -> str:
    """Return one line a row: when, what, which version as what, who (and by which way), on which certificate, in whose words."""
    headers = ("row", "when", "what", "version", "as", "before", "who", "certificate", "in words")
    return markdown_table(headers, [_row(row) for row in rows])


def _row(row: JournalRow) -> tuple[object, ...]:
    version = f"v{row.version}" if row.version.isdigit() else row.version
    who = f"{row.who} (in a client)" if row.via == "client" else row.who
    before = f"v{row.previous}" if row.previous else None
    certificate = row.certificate[:DIGEST_SHOWN] if row.certificate else None
    return (row.id, row.at, row.kind, version, row.target or None, before, who, certificate, row.text)
