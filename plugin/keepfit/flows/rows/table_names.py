"""What a text names: a path, or a table of Spark's (`catalog.schema.table`, a view, ``delta.`/a/folder` ``)."""

from __future__ import annotations

import re
from pathlib import Path

NAME = re.compile(r"(?:\w+|`[^`]+`)(?:\.(?:\w+|`[^`]+`))*")
OF_FILES = re.compile(r"\.(?:csv|tsv|txt|gz|parquet|json|jsonl|xlsx?|arrow|feather|orc|avro|zip|db|sqlite|duckdb)", re.IGNORECASE)


def is_table_name(text: str) -> bool:
    """Return whether a text is no path that is there and may be a table's name in Spark: identifiers with dots between them.

    >>> [is_table_name(text) for text in ("prod.lake.flights", "flights", "delta.`s3://bucket/flights`")]
    [True, True, True]
    >>> [is_table_name(text) for text in ("lost.parquet", "lost/flights", "s3://bucket/flights")]
    [False, False, False]
    """
    return NAME.fullmatch(text) is not None and not OF_FILES.fullmatch(Path(text).suffix) and not Path(text).exists()


def is_surely_table_name(text: str) -> bool:
    """Return whether it is a table's name with its schema: a single word is as likely a folder's that was mistyped.

    >>> is_surely_table_name("lake.flights"), is_surely_table_name("flights")
    (True, False)
    """
    return is_table_name(text) and "." in text
