"""What the texts of events need to know of a project, besides the record of what happened."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import quote

from keepfit.report.tables import plain
from keepfit.slices.name import Slice

REDACTED = "(redacted)"


@dataclass(frozen=True, kw_only=True)
class EventSetting:
    """The pages of MLflow (None: no server), the pinned version, whether a retraining starts by itself, and the columns whose values nobody may see."""

    pages: str | None = None
    pinned: str | None = None
    retrains: bool = False
    redact: tuple[str, ...] = ()

    def version_page(self, model: str, version: str | None) -> str | None:
        """Return the address of a version's page; None without a server, or a version.

        >>> EventSetting(pages="http://mlflow:5000/#").version_page("bikes north", "3")
        'http://mlflow:5000/#/models/bikes%20north/versions/3'
        """
        if self.pages is None or not version:
            return None
        return f"{self.pages}/models/{quote(model, safe='')}/versions/{quote(version, safe='')}"

    def hides(self, column: str) -> bool:
        """Whether nobody may see the column's values."""
        return any(fnmatchcase(column, pattern) for pattern in self.redact)

    def shown_slices(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return the slices (`a=x & b=y` too) that name no value of a hidden column."""
        return tuple(name for name in names if not any(self.hides(Slice.parse(part).column or "") for part in name.split(" & ")))

    def shown(self, text: str) -> str:
        """Return a sentence without the values of hidden columns: what stands behind one ends it, as a value may hold anything.

        >>> EventSetting(redact=("name",)).shown("errors rose where name=Ann Lee, and elsewhere")
        'errors rose where name=(redacted)'
        """
        for pattern in self.redact:
            named = re.escape(pattern).replace(r"\*", r"\w*").replace(r"\?", r"\w")
            text = re.sub(rf"(?<!\w)({named})=.*", rf"\1={REDACTED}", text, flags=re.DOTALL)
        return text


def typed(*words: str) -> str:
    """Return a command as it is typed: whatever a name holds, the shell takes it for that name.

    >>> typed("keepfit", "promote", "bikes $(reboot)", "3")
    "keepfit promote 'bikes $(reboot)' 3"
    """
    return shlex.join(plain(word) if word else word for word in words)
