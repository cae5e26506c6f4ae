"""What a database answers instead of rows, as one sentence that says what to do."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError

from keepfit.errors import DataError
from keepfit.integrations.sql.address import Address

REFUSED = re.compile(r"^\[28|password authentication failed|no password supplied|authentication failed|access denied", re.IGNORECASE)
PACKAGES = {"postgresql+psycopg": "'psycopg[binary]'", "postgresql+psycopg2": "psycopg2-binary"}
TOO_SLOW = ("the query takes too long", "raise {key}.timeout_seconds, or ask for less: an index on the time column helps")
SPOKEN = (
    (r"^\[57014|statement timeout|^\[\] interrupted", *TOO_SLOW),
    (r"^\[(55P03|40P01)|is locked|lock timeout", "the database is locked by another program", "run the command again when it has ended"),
    (r"^\[25006|readonly database", "the query writes", "one SELECT: keepfit only reads"),
    (r"^\[42|syntax error|no such|ambiguous|unrecognized token", "the database cannot run the query", "run it in the database's own shell first"),
    (r"^\[22|too large \(after year", "the query's values cannot be read", "CAST the column in the query, or leave such rows out"),
)
"""What the standard's code of an error (in brackets) or a driver's words mean, and what to do."""


@contextmanager
def failures(address: Address, *, connecting: bool = False) -> Iterator[None]:
    """Raise what the database or its driver raises as a `DataError` without a word of the URL."""
    try:
        yield
    except (NoSuchModuleError, ImportError):
        what = f"no driver for {address.url.drivername} is installed"
        package = PACKAGES.get(address.url.drivername, "its package")
        raise DataError(what, where=address.where, fix=f"pip install {package}, or name another driver in {address.variable}") from None
    except (SQLAlchemyError, sqlite3.Error, OSError) as bad:
        raise _sentence(bad, address, connecting=connecting) from None  # a driver's exception may hold the URL


def _sentence(bad: BaseException, address: Address, *, connecting: bool) -> DataError:
    said = address.short(bad)
    text = f"[{getattr(getattr(bad, 'orig', None), 'sqlstate', None) or ''}] {said}"
    if REFUSED.search(text):
        return DataError("the database refuses the name or the password", where=address.where, fix=f"check the URL in {address.variable}")
    for pattern, what, fix in SPOKEN:
        if re.search(pattern, text, re.IGNORECASE):
            return DataError(f"{what}: {said}", where=address.where, fix=fix.format(key=address.key))
    if connecting:
        return DataError(f"the database cannot be reached: {said}", where=address.where, fix=f"check that it is up, and the URL in {address.variable}")
    return DataError(f"the database failed: {said}", where=address.where, fix="run the command again; see the database's own log")
