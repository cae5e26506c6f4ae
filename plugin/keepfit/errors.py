"""Errors that say what, where and what to do.

Every error a user can meet is a `KeepfitError`: one sentence, an optional place, an optional fix.

>>> print(UnknownNameError("detector", "kss", known=["ks", "chi2", "psi"], where="params.yaml: monitor.columns.age.detector"))
no detector 'kss' (params.yaml: monitor.columns.age.detector)
  fix: did you mean 'ks'? known: chi2, ks, psi
"""

from __future__ import annotations

import difflib
import errno
from collections.abc import Iterable

KNOWN_SHOWN = 12
SAID = 300
TRACEBACK = "KEEPFIT_TRACEBACK"
"""Set in the environment, it shows the traceback of an error below its sentence."""


class KeepfitError(Exception):
    """What went wrong, `where`, and the `fix`; `exit_code` is what the command line ends with."""

    exit_code = 1

    def __init__(self, what: str, *, where: str | None = None, fix: str | None = None) -> None:
        """Keep the three parts apart so that a page or a test can use each."""
        self.what = what
        self.where = where
        self.fix = fix
        super().__init__(what)

    def __str__(self) -> str:
        """`what (where)` and, on a line of its own, the fix."""
        place = f" ({self.where})" if self.where else ""
        cure = f"\n  fix: {self.fix}" if self.fix else ""
        return f"{self.what}{place}{cure}"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a fix that offers the nearest known name and lists at most twelve of the known ones."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    more = f", … ({len(names)} in all)" if len(names) > KNOWN_SHOWN else ""
    listed = f"known: {', '.join(names[:KNOWN_SHOWN]) or 'none'}{more}"
    return f"did you mean {near[0]!r}? {listed}" if near else listed


def unforeseen(error: BaseException) -> KeepfitError:
    """Return what a library raised, and keepfit did not foresee, as one bounded sentence; the error itself is the cause.

    >>> str(unforeseen(ZeroDivisionError("division by zero"))).splitlines()[0]
    'ZeroDivisionError: division by zero'
    """
    kind = type(error)
    module = kind.__module__.partition(".")[0]
    name = kind.__name__ if module == "builtins" else f"{module}'s {kind.__name__}"
    said = " ".join(str(error).split())[:SAID]
    found = KeepfitError(f"{name}: {said}" if said else name, where=_last_place(error), fix=f"{TRACEBACK}=1 before the command shows where it comes from")
    found.__cause__ = error
    return found


def _last_place(error: BaseException) -> str | None:
    """The last line of keepfit's own that the error came through."""
    place, found = error.__traceback__, None
    while place is not None:
        module = str(place.tb_frame.f_globals.get("__name__", ""))
        found = f"in {module}, line {place.tb_lineno}" if module.startswith("keepfit.") else found
        place = place.tb_next
    return found


FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FULL_DATABASES = ("SQLITE_FULL", "53100")  # what SQLite and PostgreSQL call it


def out_of_space(bad: BaseException) -> bool:
    """Whether an error says that a disk, or a quota on one, is full: the system's own, or a database's.

    >>> out_of_space(OSError(errno.ENOSPC, "No space left on device")), out_of_space(OSError(errno.EACCES, "no"))
    (True, False)
    """
    if isinstance(bad, OSError) and bad.errno in FULL:
        return True
    driver = getattr(bad, "orig", None) or bad  # SQLAlchemy keeps the driver's error beside its own
    return getattr(driver, "sqlite_errorname", None) in FULL_DATABASES or str(getattr(driver, "sqlstate", getattr(driver, "pgcode", None))) in FULL_DATABASES


class UnknownNameError(KeepfitError):
    """A name that nothing answers to; the fix names the nearest known one."""

    exit_code = 2

    def __init__(self, kind: str, name: str, *, known: Iterable[str], where: str | None = None) -> None:
        """`kind` is the field's word for what was looked up: detector, metric, key, column."""
        super().__init__(f"no {kind} {name!r}", where=where, fix=did_you_mean(name, known))


class ParamsError(KeepfitError):
    """`params.yaml`, `gate.yaml` or an option does not fit its model."""

    exit_code = 2


class DataError(KeepfitError):
    """A table or a window cannot be used: missing, unreadable, empty, wrong columns or types."""


class ExpectationError(KeepfitError):
    """A suite cannot be trusted to say what it seems to say (unknown type, empty, no evidence)."""


class BlockedError(KeepfitError):
    """A batch-level critical expectation failed and no person has decided yet."""

    exit_code = 3


class TrainError(KeepfitError):
    """The training command or estimator broke the train contract."""


class ProjectError(KeepfitError):
    """No project, no git, no DVC, or a state of them in which the verb would lose work."""


class ServerError(KeepfitError):
    """The MLflow server is away or answered with an error that is not a refusal."""


class RefusedError(KeepfitError):
    """The gate said no; `what` is its sentence."""

    exit_code = 3


class TicketError(KeepfitError):
    """No such ticket, or the ticket's state does not allow the verb."""


class LedgerError(KeepfitError):
    """The ledger cannot be opened, is busy, or was written by a newer keepfit."""


class DeliveryError(KeepfitError):
    """No such delivery or subscriber, or the delivery's state does not allow the verb."""
