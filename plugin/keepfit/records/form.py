"""What makes a class a record, and its JSON both ways.

Pydantic, which reads and writes the JSON, is loaded with the first of it: what only counts (a worker of Spark) makes records and needs none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

from keepfit.errors import KeepfitError

if TYPE_CHECKING:
    from pydantic import TypeAdapter, ValidationError

Record = TypeVar("Record")
Written = TypeVar("Written", bound=Callable[..., Any])
LATER: Any
"""Annotates a field that a record got later: unset it is left out of the JSON, so that a record which does not say it keeps the bytes that it had.

A serializer of the whole record that returns a `dict[str, Any]` would do the same and write every NaN below it as null. Write `form.LATER`: it is
pydantic's, and made when pydantic looks at the annotation.
"""
_UNREADY: list[tuple[type, str]] = []
_WRITES = "_writes_the_record"


def __getattr__(name: str) -> Any:
    """Make `LATER` when it is first looked at."""
    if name != "LATER":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from pydantic import Field

    found: Any = Field(exclude_if=lambda value: value is None or value in ("", (), {}))
    globals()[name] = found
    return found


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
def record(cls: type[Record]) -> type[Record]:
    """Make a class a record: frozen, keyword-only; reading NaN or infinity is refused."""
    cls.__pydantic_config__ = {"allow_inf_nan": False}  # type: ignore[attr-defined]
    made = dataclass(frozen=True, kw_only=True)(cls)
    _UNREADY.extend((made, name) for name, value in vars(made).items() if getattr(value, _WRITES, False))
    return made


def writes_record(method: Written) -> Written:
    """Make a method `(self, write) -> JSON-able` what writes the whole record: pydantic's `model_serializer(mode="wrap")`, once pydantic is there."""
    setattr(method, _WRITES, True)
    return method


def _adapter(cls: Any) -> TypeAdapter[Any]:
    return _cached_adapter(cls)


@cache
def _cached_adapter(cls: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter, model_serializer

    while _UNREADY:
        kind, name = _UNREADY.pop()
        setattr(kind, name, model_serializer(mode="wrap")(vars(kind)[name]))
    return TypeAdapter(cls)


def make_ready(*kinds: type) -> None:
    """Make what reads and writes records of these kinds, which else the first of each does: .1 s for those that hold many others."""
    for kind in kinds:
        _adapter(kind)


def to_data(value: object) -> Any:
    """Return the record as JSON-able plain values (datetimes as ISO 8601)."""
    return _adapter(type(value)).dump_python(value, mode="json")


def to_json(value: object) -> str:
    """Return pretty JSON with sorted keys and a trailing newline; refuses NaN and infinity."""
    return json.dumps(to_data(value), sort_keys=True, allow_nan=False, ensure_ascii=False, indent=2) + "\n"


def canonical(value: object) -> bytes:
    """Return the bytes that are signed and hashed: sorted keys, no spaces, UTF-8."""
    return json.dumps(to_data(value), sort_keys=True, allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode()


def digest(value: object) -> str:
    """Return `sha256:` and the hex digest of the canonical JSON."""
    return "sha256:" + hashlib.sha256(canonical(value)).hexdigest()


def from_data(cls: type[Record], data: object, *, where: str | None = None) -> Record:
    """Build a record from plain values; what does not fit is one `KeepfitError` naming the first place."""
    from pydantic import ValidationError

    try:
        value: Record = _adapter(cls).validate_python(data)
    except ValidationError as bad:
        raise _misfit(cls, bad, where) from bad
    return value


def from_json(cls: type[Record], text: str | bytes, *, where: str | None = None) -> Record:
    """Read a record's JSON; what does not fit is one `KeepfitError` naming the first place."""
    from pydantic import ValidationError

    try:
        value: Record = _adapter(cls).validate_json(text)
    except ValidationError as bad:
        raise _misfit(cls, bad, where) from bad
    return value


def _misfit(cls: type, bad: ValidationError, where: str | None) -> KeepfitError:
    first = bad.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "the whole text"
    return KeepfitError(
        f"not a {cls.__name__} record: {place}: {first['msg']}", where=where, fix="the file was edited or is from another version: restore it with git"
    )
