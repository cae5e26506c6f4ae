"""What `keepfit expect` prints: findings, what a suite says of past windows, and the record of its lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keepfit.records.expectation_record import LineRecord, LintFinding, PastRun, SuiteRecord
from keepfit.report.tables import markdown_table, plain, shorten

SHOWN = 5


def lint_text(found: Sequence[LintFinding]) -> str:
    """Return each finding with its place and what to do."""
    lines = []
    for one in found:
        place = f"{one.file}: {one.id}" if one.id else one.file
        lines.append(plain(f"{one.level}  {place}: {one.what}"))
        lines += [f"  fix: {plain(one.fix)}"] if one.fix else []
    return "".join(f"{line}\n" for line in lines)


def past_text(run: PastRun) -> str:
    """Return the lines that fired, where, and the accepted windows that critical ones would have blocked."""
    rows = [(one.id, one.severity, len(one.fired), _few(one.fired)) for one in run.lines if one.fired]
    aside = len(run.windows) - len(run.accepted)
    head = f"{len(run.lines)} lines on {len(run.windows)} windows ({aside} of them incidents); {len(rows)} fired\n"
    table = markdown_table(("line", "severity", "windows", "fired on"), rows) if rows else ""
    wrong = [f"{line} fails on {window}, which is accepted" for line, window in run.wrong]
    more = [f"and {len(wrong) - SHOWN} more"] if len(wrong) > SHOWN else []
    return head + ("\n" + table if table else "") + "".join(f"\n{plain(one)}\n" for one in [*wrong[:SHOWN], *more])


def record_text(record: SuiteRecord) -> str:
    """Return the record as a table, and below it which lines could be retired."""
    rows = [(one.suite, one.id, one.severity, one.judged, len(one.fired), len(one.true), len(one.false), one.changed or None) for one in record.lines]
    table = markdown_table(("suite", "line", "severity", "judged on", "fired", "true", "false", "last change"), rows)
    return table + "".join(f"\n{line}\n" for line in _retired(record.lines))


def _retired(lines: Sequence[LineRecord]) -> Iterator[str]:
    found = [one for one in lines if one.retire]
    for one in found[: 2 * SHOWN]:
        yield f"{plain(one.suite)}: {plain(one.id)}: {plain(one.retire)}"
    if len(found) > 2 * SHOWN:
        yield f"and {len(found) - 2 * SHOWN} more (--json)"


def _few(windows: Sequence[str]) -> str:
    return shorten(", ".join(windows[:SHOWN]) + (f" and {len(windows) - SHOWN} more" if len(windows) > SHOWN else ""))
