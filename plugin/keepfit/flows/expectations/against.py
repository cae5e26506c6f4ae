"""`keepfit expect test`: run the suite of rows on past windows, as monitor would have."""

from __future__ import annotations

from fnmatch import fnmatchcase

from keepfit.errors import DataError, UnknownNameError
from keepfit.flows.expectations.past_windows import unsound_windows, windows_of
from keepfit.flows.monitoring.suite import SUITE, suite_text
from keepfit.flows.project import Project
from keepfit.records import Status
from keepfit.records.expectation_record import PastLine, PastRun
from keepfit.tables.columns import id_column
from keepfit.tables.frames import to_frame
from keepfit.tables.time_features import with_time_features

ALL = "all"


def run_against(project: Project, wanted: str = ALL) -> PastRun:
    """Return what each line of the suite says of past windows: `all`, `FIRST..LAST`, or ids with commas between (`*` and `?` match).

    Raises `DataError` without a suite or a window, `UnknownNameError` for a window that is not closed here.
    """
    from keepfit.integrations.gx_suites import Roles, validate_suite

    text = suite_text(project)
    if text is None:
        raise DataError("there is no suite of rows", where=f"{project.params.expect.suites}/data/{SUITE}.json", fix="keepfit suggest --write makes one")
    params = project.params
    roles = Roles(id=id_column(params), target=params.model.target)
    chosen = choose([window.id for window, _ in windows_of(project)], wanted)
    said: dict[str, dict[str, Status]] = {}
    severity = {}
    for window, rows in windows_of(project):
        if window.id not in chosen:
            continue
        frame = to_frame(with_time_features(rows, params.data.derived))
        for one in validate_suite(text, SUITE, frame, window=window.id, min_rows=params.expect.min_rows, roles=roles).outcomes:
            said.setdefault(one.expectation, {})[window.id] = one.status
            severity[one.expectation] = one.severity
    aside = unsound_windows(project)
    return PastRun(
        suite=SUITE,
        windows=tuple(chosen),
        accepted=tuple(one for one in chosen if one not in aside),
        lines=tuple(PastLine(id=name, severity=severity[name], statuses=statuses) for name, statuses in sorted(said.items())),
    )


def choose(there: list[str], wanted: str) -> list[str]:
    """Return the windows that are meant, in their order.

    >>> choose(["2013-01", "2013-02", "2013-03"], "2013-02..2013-03"), choose(["2013-01", "2013-02"], "*-01")
    (['2013-02', '2013-03'], ['2013-01'])
    """
    if not there:
        raise DataError("no window is closed yet", where=".keepfit/windows", fix="keepfit monitor closes windows")
    if wanted == ALL:
        return there
    if ".." in wanted:
        ends = [there.index(_known(end, there)) if end else at for end, at in zip(wanted.split("..", 1), (0, len(there) - 1), strict=True)]
        return there[ends[0] : ends[1] + 1]
    patterns = [part.strip() for part in wanted.split(",")]
    for part in patterns:
        if not any(fnmatchcase(one, part) for one in there):
            _known(part, there)
    return [one for one in there if any(fnmatchcase(one, part) for part in patterns)]


def _known(window: str, there: list[str]) -> str:
    if window not in there:
        raise UnknownNameError("closed window", window, known=there, where="--against")
    return window
