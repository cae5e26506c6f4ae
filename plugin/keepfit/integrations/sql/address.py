"""A database's URL, from the environment: it is used and never shown. What a driver says is searched for it before anybody reads it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_plus

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from keepfit.errors import DataError

SHOWN, HIDDEN, LEAST = 240, "***", 4
SECRET_KEYS = re.compile(r"pass|secret|token|key|pwd|credential", re.IGNORECASE)
OLD_NAMES = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}
"""Drivers that a URL leaves open: the one that keepfit's tests run with."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where a database is and who asks; `variable` is the environment's name for it, the only one that is shown."""

    variable: str
    where: str
    url: URL = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False, default=())

    @property
    def file(self) -> Path | None:
        """SQLite's file; None for another database."""
        return Path(self.url.database or "") if self.url.get_backend_name() == "sqlite" else None

    @property
    def key(self) -> str:
        """The key of params.yaml that asks."""
        return self.where.rpartition(": ")[2]

    def short(self, bad: BaseException) -> str:
        """What a driver said, in one line, without anything of the URL's secrets."""
        said = str(getattr(bad, "orig", None) or bad)
        for secret in self.secrets:
            said = said.replace(secret, HIDDEN) if len(secret) >= LEAST else re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", HIDDEN, said)
        return " ".join(said.split())[:SHOWN]


def address_of(variable: str, *, where: str, root: Path) -> Address:
    """Return the address that the environment has under this name; a relative SQLite file lies under `root`.

    Raises `DataError` where there is none, or no URL, without showing it.
    """
    text = os.environ.get(variable, "").strip()
    if not text:
        raise DataError(
            f"the environment has no {variable}", where=f"{where}.url_env", fix=f"export {variable}=postgresql+psycopg://user:password@host/database"
        )
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise DataError(
            f"what the environment has in {variable} is no database URL", where=f"{where}.url_env", fix="postgresql+psycopg://user:password@host/database"
        ) from None
    url = url.set(drivername=OLD_NAMES.get(url.drivername, url.drivername))
    if url.get_backend_name() == "sqlite":
        if not url.database or url.database == ":memory:":
            raise DataError(f"{variable} names no SQLite file", where=f"{where}.url_env", fix="sqlite:////folder/rows.db")
        url = url.set(database=str(root / url.database))
    return Address(variable=variable, where=where, url=url, secrets=_secrets(text, url))


def _secrets(text: str, url: URL) -> tuple[str, ...]:
    """The password however it is written, what may be a part of it where a character in it was not escaped, and the keys of the query; longest first."""
    found = {text, url.password or ""}
    found |= {value for key, values in url.query.items() if SECRET_KEYS.search(key) for value in ([values] if isinstance(values, str) else values)}
    who, at, _ = text.partition("://")[2].rpartition("@")
    if at and ":" in who:
        password = who.partition(":")[2]
        found |= {password, unquote_plus(password), *(piece for piece in re.split(r"[@:/?#]", password) if len(piece) >= LEAST)}
    return tuple(sorted({str(one) for one in found if one}, key=lambda one: (-len(one), one)))
