"""Where rows, labels and features come from: a path, a query of a database whose URL stands in the environment alone, or a table of an engine."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, FiniteFloat, Tag, model_validator

from keepfit.params.section import Section

URL_ENV = "KEEPFIT_DATABASE_URL"
ENVIRONMENT = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")


class SqlParams(Section):
    """Rows of a database: one query that only reads. The URL, with its password, is in the environment and nowhere else."""

    sql: str
    url_env: str = URL_ENV
    timeout_seconds: int = Field(default=300, ge=1, le=86_400)

    @model_validator(mode="before")
    @classmethod
    def _no_credentials(cls, given: Any) -> Any:
        if isinstance(given, dict):
            asked = next((key for key in ("url", "uri", "user", "password") if key in given), None)
            if asked is not None:
                raise ValueError(f"{asked} does not belong into a file: export {URL_ENV}=…, or name another variable in url_env")
            if not ENVIRONMENT.match(str(given.get("url_env", URL_ENV))):  # not shown: it may be the URL itself
                raise ValueError(f"url_env is the name of a variable of the environment, such as {URL_ENV}, never a URL")
        return given


class EngineSource(Section):
    """Rows that stay where they are: a Parquet file, a folder of them or a table, counted by an engine; only samples of them come here."""

    table: Annotated[str, Field(min_length=1)]
    engine: Literal["local", "duckdb", "spark"]


SOURCE_KINDS = ("a path", "a query", "an engine's table")
Source = Annotated[
    Annotated[str, Tag("a path")] | Annotated[SqlParams, Tag("a query")],
    Discriminator(lambda given: "a query" if isinstance(given, dict | SqlParams) else "a path"),
]
"""A path (a file, a folder of files), or a query of a database."""


def _kind_of(given: Any) -> str:
    if isinstance(given, EngineSource) or (isinstance(given, dict) and "sql" not in given and {"table", "engine"} & given.keys()):
        return "an engine's table"
    return "a query" if isinstance(given, dict | SqlParams) else "a path"


RowSource = Annotated[
    Annotated[str, Tag("a path")] | Annotated[SqlParams, Tag("a query")] | Annotated[EngineSource, Tag("an engine's table")],
    Discriminator(_kind_of),
]
"""The same, or a table of an engine."""


class FeatureTableParams(Section):
    """A table of features over time: a row gets the newest row of its keys that is not later."""

    source: Source
    keys: tuple[str, ...] = ()
    time: str
    order: str | None = None
    columns: tuple[str, ...] | None = None
    max_age_hours: Annotated[FiniteFloat, Field(gt=0)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _no_url_in_a_file(cls, given: Any) -> Any:
        return without_url(given, "source")


def without_url(given: Any, *keys: str) -> Any:
    """What was given; a URL in place of a path is refused and not shown: it may hold a password."""
    named = next((key for key in keys if "://" in str(given.get(key)) and isinstance(given[key], str)), None) if isinstance(given, dict) else None
    if named is not None:
        raise ValueError(f"{named} is a path or {{sql: SELECT …, url_env: {URL_ENV}}}, never a URL: its password would be in a file")
    return given
