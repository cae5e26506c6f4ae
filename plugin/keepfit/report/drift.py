"""A comparison as Markdown and as one HTML page: the verdict first, the schema's changes, then the columns by effect."""

from __future__ import annotations

from collections.abc import Sequence

from keepfit.monitor.compare import BESIDE, Change, Drift, loud_joint, loud_slices, tells
from keepfit.monitor.rules.rule import words_of
from keepfit.records import Evidence, FoundSlice
from keepfit.report.histograms import twin_bins, twin_histogram
from keepfit.report.pages import render
from keepfit.report.tables import inline, markdown_table, number

HEADERS = ("column", "drift", "effect", "measure", "p", BESIDE, "missing before", "missing now", "note")
MOVED_HEADERS = ("share before", "share now", "change", "at least", "at most", "p after control", "rows now")
SLICE_HEADERS = ("slice", "drift", *MOVED_HEADERS)
FIGURES = 20
ROWS = 200
JOINT = 10


def verdict_line(drift: Drift) -> str:
    """Return the one sentence that a reader in a hurry needs; it names the schema first, then the largest change."""
    broken = [one.subject for one in drift.columns if one.effect]
    loud = [change for change in drift.changes if change.drifts]
    if drift.verdict == "too few rows":
        return f"too few rows to tell: {drift.rows_reference:,} and {drift.rows_current:,}, at least {drift.min_rows:,} on each side are needed"
    if drift.verdict == "nothing compared":
        return f"nothing could be compared: {_why_nothing(drift)}"
    if drift.verdict == "no drift":
        return f"no drift: no change of {drift.min_effect:g} or more {_none_called(drift)}{_untold(drift)}"
    said = (
        [f"{len(broken)} columns removed or retyped ({_some(broken)})" if len(broken) > 1 else f"a column removed or retyped ({broken[0]})"] if broken else []
    )
    joint = loud_joint(drift)
    if loud:
        said.append(f"{len(loud)} of {_columns(drift)} {_how_changed(drift, loud)}, most of all {loud[0].column} ({measure(loud[0])})")
    if joint:
        several = "whole rows" if joint[0].subject == "rows" else joint[0].subject.replace("|", " with ")
        said.append(f"{several} changed ({joint[0].detector} {number(joint[0].effect, digits=3)})")
    slices = loud_slices(drift)
    if slices:
        said.append(f"rows where {slices[0].slice} went from {share_before(slices[0]):.1%} to {slices[0].share:.1%}")
    return "drift: " + "; ".join(said)


def _why_nothing(drift: Drift) -> str:
    silent = [change for change in drift.changes if not tells(change, drift.min_rows)]
    if not silent:
        return "the tables have no column in common that can be"
    rare = _rare(drift)
    few = [change.column for change in silent if change.column not in rare]
    said = [f"nearly every text occurs too rarely to be told apart ({_some(rare)})"] if rare else []
    return "; ".join([*said, *([f"fewer than {drift.min_rows:,} values on a side ({_some(few)})"] if few else [])])


def _rare(drift: Drift) -> list[str]:
    """The columns of which nothing is known: nearly all of their values are rare texts."""
    return [change.column for change in drift.changes if not tells(change, drift.min_rows) and drift_word(change, drift.min_rows) != "undecided"]


def _untold(drift: Drift) -> str:
    """On which columns "no drift" is no statement."""
    rare = _rare(drift)
    return f"; nothing is known of {_some(rare)}, where nearly every text occurs too rarely to be told apart" if rare else ""


def unreadable_lines(drift: Drift) -> list[str]:
    """Return a sentence for each column of numbers with values that are none; bounded, since columns are many."""
    lines = [_unreadable_line(drift, name) for name in drift.unreadable]
    return lines[:JOINT] + ([f"… and {len(lines) - JOINT} more columns with unreadable values"] if len(lines) > JOINT else [])


def _unreadable_line(drift: Drift, name: str) -> str:
    one = drift.unreadable[name]
    shown = ", ".join(repr(text) for text in one.examples)
    counts = f"{one.reference:,} of {drift.rows_reference:,} values before and {one.current:,} of {drift.rows_current:,} now are none"
    booleans = any(change.column == name and change.reference.kind == "categorical" for change in drift.changes)
    return f"unreadable: {name} is compared as {'booleans' if booleans else 'numbers'}; {counts}, counted as missing ({shown})"


def _how_changed(drift: Drift, loud: Sequence[Change]) -> str:
    """What is said of the columns that drift; where others changed as much and do not, by what they are told apart."""
    changed = f"by {drift.min_effect:g} or more"
    if all(change in loud for change in _large(drift)):
        return f"changed {changed}"
    return words_of(drift.rule).changed.format(by=changed)


def _large(drift: Drift) -> list[Change]:
    """The changes that are large enough to be drift, the largest first."""
    return [change for change in drift.changes if (change.effect or 0.0) >= drift.min_effect]


def _none_called(drift: Drift) -> str:
    """What is said of changes that are large enough and yet no drift: chance alone may bring them, or the rule does not call them."""
    large = _large(drift)
    if not large:
        return f"is shown in {_columns(drift, untold=len(_rare(drift)))}"
    judged = words_of(drift.rule).judged
    main = _main(large[0])
    p = "" if main is None or main.p_value is None else f", p {p_text(main.p_value)}"
    return f"{judged} in {_columns(drift, untold=len(_rare(drift)))}; the largest that is not: {large[0].column} ({measure(large[0])}{p})"


def joint_lines(drift: Drift) -> list[str]:
    """Return the sentences on several columns at once, what is drift first; bounded, since pairs are many."""
    loud = loud_joint(drift)
    ordered = [*loud, *(one for one in drift.joint if one not in loud)]
    more = [f"… and {len(ordered) - JOINT} more, none of them drift" if len(loud) <= JOINT else f"… and {len(ordered) - JOINT} more"]
    return [joint_line(drift, one) for one in ordered[:JOINT]] + (more if len(ordered) > JOINT else [])


def joint_line(drift: Drift, evidence: Evidence) -> str:
    """Return one sentence on evidence about several columns at once: what was measured on how many rows, and whether it is drift."""
    if evidence.effect is None:
        return f"{evidence.subject}: {evidence.detector} could not be measured: {evidence.detail}"
    word = "DRIFT" if evidence in loud_joint(drift) else "no drift"
    p = "" if evidence.p_value is None else f", p {p_text(evidence.p_value)}"
    return f"{evidence.subject}: {evidence.detector} {number(evidence.effect, digits=3)}{p} on {evidence.n_reference:,} and {evidence.n:,}: {word}"


def slice_rows(drift: Drift) -> list[tuple[object, ...]]:
    """Return the slices whose share of the rows changed under `SLICE_HEADERS`, the largest change first."""
    loud = loud_slices(drift)
    return [(one.slice, "DRIFT" if one in loud else "no", *moved_cells(one)) for one in drift.slices]


def moved_cells(one: FoundSlice) -> tuple[object, ...]:
    """Return what is told of a slice whose share of the rows changed: both shares, the change with its interval, p and the rows now."""
    shares = [f"{part:.1%}" for part in (share_before(one), one.share)]
    return (*shares, *(_rounded(value) for value in (one.effect, one.low, one.high)), p_text(one.p_value), one.rows)


def share_before(one: FoundSlice) -> float:
    """Return the share of the reference's rows that a moved slice held: what it holds now without the change.

    `share_before` itself says the same, but not in the tickets of keepfits that mixed up the sides of a slice that shrank.
    """
    return one.share - one.effect


def measure(change: Change) -> str:
    """Return the detector that shows a column's largest effect, and the effect; a dash if nothing could be measured."""
    main = _main(change)
    return "–" if main is None else f"{main.detector} {number(main.effect, digits=3)}"


def change_rows(drift: Drift) -> list[tuple[object, ...]]:
    """Return the table of changes under `HEADERS`, the largest effect first."""
    return [_row(change, drift.min_rows) for change in drift.changes]


def drift_word(change: Change, min_rows: int) -> str:
    """Return DRIFT, no, or undecided (too few values to tell)."""
    if change.drifts:
        return "DRIFT"
    return "no" if any(min(one.n, one.n_reference) >= min_rows for one in change.evidence) else "undecided"


def _row(change: Change, min_rows: int) -> tuple[object, ...]:
    main = _main(change)
    shares = [share(profile.missing, profile.missing + profile.n) for profile in (change.reference, change.current)]
    said = (None, None, None) if main is None else (_rounded(main.effect), main.detector, p_text(main.p_value))
    return (change.column, drift_word(change, min_rows), *said, _rounded(change.psi), *shares, change.note)


def _main(change: Change) -> Evidence | None:
    measured = [one for one in change.evidence if one.effect is not None]
    return max(measured, key=lambda one: one.effect or 0.0, default=None)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def p_text(p: float | None) -> str | None:
    """Return a p-value for people; tiny ones are only bounded, since nothing about them is exact.

    >>> p_text(0.0234), p_text(1e-30), p_text(None)
    ('0.023', '≤0.0001', None)
    """
    if p is None:
        return None
    return "≤0.0001" if p <= 0.0001 else f"{p:.2g}"


def share(part: int, whole: int) -> str | None:
    """Return a share in per cent, None without a whole."""
    return f"{part / whole:.1%}" if whole else None


def drift_markdown(drift: Drift) -> str:
    """Return the comparison as Markdown: verdict, schema, table; bounded at 200 columns."""
    lines = [f"**{inline(verdict_line(drift))}**", "", inline(sides_line(drift)), ""]
    if drift.columns:
        lines += [markdown_table(("column", "schema", "detail"), [(one.subject, one.detector, one.detail) for one in drift.columns])]
    if drift.unreadable:
        lines += [*(f"- {inline(line)}" for line in unreadable_lines(drift)), ""]
    if drift.joint:
        lines += [*(f"- {inline(line)}" for line in joint_lines(drift)), ""]
    if drift.changes:
        lines += [markdown_table(HEADERS, change_rows(drift), max_rows=ROWS)]
    if drift.slices:
        lines += ["slices whose share of the rows surely changed, the largest change first:", "", markdown_table(SLICE_HEADERS, slice_rows(drift))]
    if drift.skipped:
        lines += [f"not compared: {inline(skipped_line(drift))}", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def sides_line(drift: Drift) -> str:
    """Return what was compared with what, and under which rule."""
    held = words_of(drift.rule).held.format(alpha=drift.alpha)
    rule = f"drift is an effect of at least {drift.min_effect:g} {held}"
    return f"reference {drift.reference} ({drift.rows_reference:,} rows), current {drift.current} ({drift.rows_current:,} rows); {rule}"


def skipped_line(drift: Drift) -> str:
    """Return the columns that were not compared, and why."""
    return _some([f"{name} ({why})" for name, why in drift.skipped.items()])


def drift_html(drift: Drift) -> str:
    """Return the comparison as one self-contained page; histograms of the twenty largest changes, each with its numbers."""
    return render("drift.html", **drift_values(drift))


def drift_values(drift: Drift) -> dict[str, object]:
    """Return what the templates show of a comparison."""
    figures = [
        (change, twin_histogram(change.reference, change.current, title=change.column), twin_bins(change.reference, change.current))
        for change in drift.changes[:FIGURES]
    ]
    rows = change_rows(drift)
    return {
        "drift": drift,
        "verdict": verdict_line(drift),
        "sides": sides_line(drift),
        "skipped": skipped_line(drift),
        "joint": joint_lines(drift),
        "unreadable": unreadable_lines(drift),
        "headers": HEADERS,
        "rows": rows[:ROWS],
        "left_off": max(len(rows) - ROWS, 0),
        "slice_headers": SLICE_HEADERS,
        "slices": slice_rows(drift),
        "figures": figures,
        "measure": measure,
        "word": drift_word,
    }


def _columns(drift: Drift, *, untold: int = 0) -> str:
    count = len(drift.changes) - untold
    return "1 column" if count == 1 else f"{count} columns"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more
