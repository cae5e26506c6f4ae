"""Windows that could not be judged: what a model, a suite or a library said of the rows becomes one sentence, and the other windows go on.

What is wrong with the project or its surroundings (params, ledger, a champion that cannot be loaded, a full disk) ends the run as ever:
it is the same for every window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from keepfit.errors import DataError, KeepfitError, TrainError, unforeseen

SHOWN = 5


@dataclass(frozen=True)
class Failures:
    """The windows of a run that could not be judged, by id, each with why."""

    found: dict[str, KeepfitError] = field(default_factory=dict)

    @contextmanager
    def border(self, window: str, *, loaded: Callable[[], bool]) -> Iterator[None]:
        """Keep what goes wrong inside as the window's; what a champion that is not even `loaded` says goes through."""
        try:
            yield
        except TrainError as bad:
            if not loaded():
                raise
            self.found[window] = bad
        except DataError as bad:
            self.found[window] = bad
        except (KeepfitError, OSError):
            raise
        except Exception as bad:  # noqa: BLE001 - whatever a library raises, it is about these rows
            self.found[window] = unforeseen(bad)

    @property
    def errors(self) -> tuple[KeepfitError, ...]:
        """One error for all windows that say the same, placed at these windows."""
        alike: dict[tuple[str, str | None], list[str]] = {}
        for window, error in self.found.items():
            alike.setdefault((error.what, error.where), []).append(window)
        return tuple(_placed(self.found[windows[0]], windows) for windows in alike.values())


def _placed(error: KeepfitError, windows: list[str]) -> KeepfitError:
    named = ", ".join(windows[:SHOWN]) + (f" and {len(windows) - SHOWN} more" if len(windows) > SHOWN else "")
    where = f"window{'s' * (len(windows) > 1)} {named}" + (f"; {error.where}" if error.where else "")
    placed = KeepfitError(error.what, where=where, fix=error.fix)
    placed.__cause__ = error.__cause__ or error
    return placed
