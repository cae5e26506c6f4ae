"""Slices: named parts of a table's rows, as `column=value`; `overall` is all rows.

>>> Slice.parse("carrier=EV").name
'carrier=EV'
>>> matches("carrier=*", "carrier=EV"), matches("overall", "carrier=EV"), matches("*", "overall")
(True, False, False)
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

OVERALL = "overall"


@dataclass(frozen=True, order=True)
class Slice:
    """The rows whose `column` equals `value` (compared as text); both None is all rows."""

    column: str | None = None
    value: str | None = None

    @property
    def name(self) -> str:
        """`overall` or `column=value`."""
        return OVERALL if self.column is None else f"{self.column}={self.value}"

    @classmethod
    def parse(cls, name: str) -> Slice:
        """Read a slice's name; only the first `=` separates, so values may hold one."""
        if name == OVERALL:
            return cls()
        column, _, value = name.partition("=")
        return cls(column, value)


def matches(pattern: str, name: str) -> bool:
    """Whether a rule's slice pattern covers the slice; `*` covers every slice but `overall`, which is named on its own."""
    if OVERALL in (pattern, name):
        return pattern == name
    return fnmatchcase(name, pattern)
