"""What something goes by is no record written out again: a field that comes later would change every name.

Where bytes are stored, they are digested; where none are, named fields are. Who may write a record's canonical bytes, and for what, is listed here.
"""

from __future__ import annotations

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "plugin" / "keepfit"
WRITE_BYTES = {
    "flows/backtesting/cache.py": "a record that is kept; its key is not made of it",
    "flows/deliver/command.py": "a message, which is sent and kept by nobody here",
    "flows/models/training.py": "profile.json, which is read as the bytes it is",
    "flows/promotion/requests.py": "what is signed",
    "flows/retraining/adoption.py": "a description, named by the very bytes that are kept",
    "flows/serving/gated_store.py": "what was signed",
    "flows/tickets/replay.py": "two decisions side by side, neither of them kept",
    "gate/": "what is signed and hashed",
    "integrations/models/asked_process.py": "an answer between two processes, which is kept nowhere",
    "integrations/models/served_process.py": "an answer between two processes, which is kept nowhere",
    "flows/fleet/monitor.py": "what one process hands to another, which is kept nowhere",
    "integrations/hooks/": "a message, which is sent and kept by nobody here",
    "integrations/ledger/stored.py": "a row, which is read as the bytes it is",
    "records/": "where it is defined",
}
DIGESTS = {
    "flows/promotion/": "certificates",
    "flows/serving/": "certificates",
    "gate/": "certificates and journal rows",
    "integrations/mlflow/store/": "certificates",
    "records/": "where it is defined",
}


def users(name):
    """The files that import a function of records by this name."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("keepfit.records") and name in {one.name for one in node.names}:
                yield path.relative_to(PACKAGE).as_posix()


def test_no_record_is_written_out_to_name_something():
    assert [path for path in users("digest") if not path.startswith(tuple(DIGESTS))] == []


def test_who_writes_a_records_bytes_is_known():
    assert [path for path in users("canonical") if not path.startswith(tuple(WRITE_BYTES))] == []
