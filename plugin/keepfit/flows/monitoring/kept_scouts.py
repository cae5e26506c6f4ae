"""The scouts that were trained, kept under `.keepfit/scouts` (git ignores it): none is trained twice, and the next one is compared with the last.

A scout is a folder that appears whole, named by its window, by the recipe and by the rows that made it; a run that is killed loses the scout that it was
training and no other. The folder may be deleted: what is missing is trained again, what it would have been compared with is not measured.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from keepfit.records import Window
from keepfit.tables.windows import parse_window_id

MOST = 24
"""Scouts that are kept: enough to score the windows of two years again when their labels come late."""
MOST_BYTES = 1 << 30
KEY_LENGTH = 16


@dataclass(frozen=True, kw_only=True)
class ScoutName:
    """What a scout is known by: the window that it is judged on, and digests of its recipe and of the rows that made it."""

    window: str
    recipe: str
    rows: str

    @property
    def folder(self) -> str:
        """The folder's name."""
        return ".".join((self.window, self.recipe[:KEY_LENGTH], self.rows[:KEY_LENGTH]))


@dataclass(frozen=True)
class KeptScouts:
    """The kept scouts of one project."""

    folder: Path

    def of(self, name: ScoutName) -> Path | None:
        """Return the folder of a scout that was trained before, on whatever window it was judged then; None if there is none."""
        same = [place for place in self._all() if place.name.partition(".")[2] == name.folder.partition(".")[2]]
        return same[-1] if same else None

    def keep(self, name: ScoutName, make: Callable[[Path], None]) -> Path:
        """Return the folder of a window's scout, made by `make(folder)` where there is none; what lies past the bounds is let go."""
        place = self.folder / name.folder
        if not place.is_dir():
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self.folder, prefix=".making-") as scratch:
                made = Path(scratch) / "scout"
                make(made)
                if not place.is_dir():
                    made.replace(place)
            self._prune()
        return place

    def before(self, window: Window, recipe: str) -> tuple[Window, Path] | None:
        """Return the newest scout of a recipe that was judged on a window before this one; None if none is kept."""
        found = [(_window_of(place), place) for place in self._all() if place.name.split(".")[1] == recipe[:KEY_LENGTH]]
        earlier = [(one, place) for one, place in found if one.number is None or window.number is not None]
        earlier = [(one, place) for one, place in earlier if one.id != window.id and one.order < window.order]
        return max(earlier, key=lambda pair: pair[0].order, default=None)

    def _all(self) -> list[Path]:
        return sorted((place for place in self.folder.glob("[!.]*.*.*") if place.is_dir()), key=lambda place: place.stat().st_mtime)

    def _prune(self) -> None:
        """Let go of the oldest past the bounds."""
        kept = 0
        for number, place in enumerate(reversed(self._all()), start=1):
            kept += sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
            if number > 1 and (number > MOST or kept > MOST_BYTES):
                shutil.rmtree(place, ignore_errors=True)


def _window_of(place: Path) -> Window:
    return parse_window_id(place.name.partition(".")[0])
