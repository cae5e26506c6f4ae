"""What changed in the data, as a person reads it: less than 60 lines whatever changed, the same record the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from keepfit.records.data_diff import CellValue, ColumnChange, DataDiff, FileChange, LabelChange, LoneColumn, RowExample
from keepfit.report.tables import NOTHING, Raw, inline, markdown_table, number

FILES = 8
COLUMNS = 12
NAMES = 6
CLASSES = 6
SLICES = 6
PAIRS = 3
CHARS = 40
WORDS = {"added": "came", "removed": "went", "changed": "changed"}


def data_diff_line(diff: DataDiff) -> str:
    """Return the answer in one sentence, as plain text."""
    if not diff.differs:
        return "no difference in the data"
    parts = [f"{number(count)} {word}" for count, word in ((diff.added, "added"), (diff.removed, "removed"), (diff.changed, "changed")) if count]
    rows = f"{_rows(parts)}" if parts else "no row changed"
    columns = [f"{len(found)} {_plural('column', len(found))} {word}" for found, word in _column_events(diff) if found]
    moved = [f"{number(diff.moved)} {_plural('row', diff.moved)} in another file"] if diff.moved else []
    return ", ".join([rows, *moved, *columns])


def _rows(parts: Sequence[str]) -> str:
    first, _, rest = parts[0].partition(" ")
    return ", ".join([f"{first} {_plural('row', 1 if first == '1' else 2)} {rest}", *parts[1:]])


def _column_events(diff: DataDiff) -> list[tuple[Sequence[object], str]]:
    return [(diff.columns_added, "added"), (diff.columns_removed, "removed"), ([one for one in diff.columns if one.was is not None], "renamed")]


def data_diff_report(diff: DataDiff) -> str:
    """Return Markdown: the sentence, rows by file, columns, labels, slices and examples."""
    parts = [f"**{inline(data_diff_line(diff))}**", _about(diff)]
    if diff.differs:
        parts += [_facts(diff), _files(diff), _columns(diff), _labels(diff.labels), _slices(diff), _examples(diff)]
    else:
        parts += [_files(diff), _columns(diff)]
    return "\n\n".join(part.rstrip("\n") for part in parts if part) + "\n"


def _about(diff: DataDiff) -> str:
    by = f"rows by {', '.join(inline(name, max_chars=CHARS) for name in diff.key[:NAMES])}" if diff.key else "rows compared whole: there is no key"
    made = ", which is made of the row's content: another value is another row" if diff.made else ""
    lines = [f"{inline(diff.what)}, {inline(diff.before)} → {inline(diff.now)}; {by}{made}."]
    if diff.repeated is not None:
        lines.append(_repeated(diff))
    return " ".join(lines)


def _repeated(diff: DataDiff) -> str:
    found = diff.repeated
    if found is None:
        return ""
    shown = f" ({', '.join(inline(key, max_chars=CHARS) for key in found.examples)}{' …' if max(found.before, found.now) > len(found.examples) else ''})"
    keys = f"{number(found.before)} keys are there more than once before, {number(found.now)} now{shown if found.examples else ''}"
    return f"{keys}: {number(found.rows)} rows with such a key, or none, are compared whole."


def _facts(diff: DataDiff) -> str:
    facts: list[tuple[object, ...]] = [("rows", diff.rows_before, diff.rows_now)]
    if diff.labels is not None:
        facts.append((f"rows with {diff.labels.target}", diff.labels.known_before, diff.labels.known))
    if diff.span_before is not None or diff.span is not None:
        before, now = diff.span_before, diff.span
        facts.append(("first row", before and before.first, now and now.first))
        facts.append(("last row", before and before.last, now and now.last))
    return markdown_table(("", "before", "now"), [(name, *(Raw(inline(value)) for value in values)) for name, *values in facts], max_chars=CHARS)


# -- files --------------------------------------------------------------------------------------------------------------


def _files(diff: DataDiff) -> str:
    if not diff.files and not diff.same_files:
        return ""
    changed = [one for one in diff.files if _says_something(one)]
    alike = len(diff.files) - len(changed)
    lines = [_states(changed, same=diff.same_files)]
    if diff.absent_files:
        lines[0] += f" {number(diff.absent_files)} of them {'is' if diff.absent_files == 1 else 'are'} not here: the rows are not counted."
    if alike:
        lines[0] += f" {number(alike)} {_plural('file', alike)} {'differs' if alike == 1 else 'differ'} in bytes only: the same values, stored in another way."
    rows = [(one.name, WORDS[one.state], one.before, one.now, one.added, one.removed, one.changed) for one in changed[-FILES:]]
    if rows:
        older = f"The newest {FILES} of {number(len(changed))}:\n\n" if len(changed) > FILES else ""
        lines.append(older + markdown_table(("window", "", "rows before", "rows now", "added", "removed", "changed"), rows, max_chars=CHARS).rstrip("\n"))
    return "\n\n".join(lines)


def _says_something(file: FileChange) -> bool:
    return file.state != "changed" or bool(file.added or file.removed or file.changed) or file.before != file.now


def _states(files: Sequence[FileChange], *, same: int) -> str:
    counts = [(sum(one.state == state for one in files), word) for state, word in WORDS.items()]
    said = [f"{number(count)} {word}" for count, word in (*counts, (same, "the same")) if count]
    return f"Windows: {', '.join(said) or 'none differs'}."


# -- columns ------------------------------------------------------------------------------------------------------------


def _columns(diff: DataDiff) -> str:
    changed = [one for one in diff.columns if one.rows]
    renamed = [one for one in diff.columns if one.was is not None]
    stored = [one for one in diff.columns if not one.rows and one.stored != one.stored_before]
    lines = []
    if changed:
        rows = [(_name(one), one.rows, Raw(_how(one))) for one in changed[:COLUMNS]]
        more = f"\n… and {number(len(changed) - COLUMNS)} more columns changed\n" if len(changed) > COLUMNS else ""
        lines.append(markdown_table(("column", "rows changed", "how"), rows, max_chars=CHARS * 2) + more)
    if renamed:
        lines.append(f"Renamed: {_listed(f'{_short(one.was)} → {_short(one.name)}' for one in renamed)}.")
    lines += [f"{word}: {_listed(map(_lone, found))}." for found, word in ((diff.columns_added, "Added"), (diff.columns_removed, "Removed")) if found]
    if stored:
        named = _listed(f"{_short(one.name)} as {inline(one.stored)} (was {inline(one.stored_before)})" for one in stored)
        lines.append(f"Stored in another way, the values are the same: {named}.")
    return "\n\n".join(["## Columns", *(line.rstrip("\n") for line in lines)]) if lines else ""


def _name(column: ColumnChange) -> str:
    return column.name if column.was is None else f"{column.name} (was {column.was})"


def _how(column: ColumnChange) -> str:
    said = []
    if column.factor is not None:
        said.append(f"× {number(column.factor)}")
    elif column.middle is not None and not column.pairs:
        said.append(_by(column))
    said += [f"{_pair(one.before, one.now)} ({number(one.rows)})" for one in column.pairs[:PAIRS]]
    if column.filled and not _all_told(column, "before"):
        said.append(f"{number(column.filled)} filled in")
    if column.emptied and not _all_told(column, "now"):
        said.append(f"{number(column.emptied)} now missing")
    if column.stored != column.stored_before:
        said.append(f"{inline(column.stored_before)} → {inline(column.stored)}")
    return "; ".join(said) or NOTHING


def _all_told(column: ColumnChange, side: str) -> bool:
    """Whether the shown pairs say already how many rows had, or have, no value."""
    shown = sum(one.rows for one in column.pairs[:PAIRS] if getattr(one, side) is None)
    return shown == (column.filled if side == "before" else column.emptied)


def _by(column: ColumnChange) -> str:
    low, middle, high = column.low, column.middle, column.high
    unit = " s" if column.kind == "time" else ""
    spread = f" ({_signed(low)} … {_signed(high)}){unit}" if low != middle or high != middle else unit
    return f"by {_signed(middle)}{spread}"


def _signed(value: float | None) -> str:
    if value is None:
        return NOTHING
    return f"−{number(-value)}" if value < 0 else f"+{number(value)}"


def _lone(column: LoneColumn) -> str:
    return f"{_short(column.name)} ({inline(column.stored)}, {number(column.known)} values)"


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    more = f" and {number(len(found) - NAMES)} more" if len(found) > NAMES else ""
    return ", ".join(found[:NAMES]) + more


# -- labels, slices, examples -------------------------------------------------------------------------------------------


def _labels(labels: LabelChange | None) -> str:
    if labels is None:
        return ""
    moved = [f"{number(count)} {word}" for count, word in ((labels.arrived, "arrived"), (labels.flipped, "changed"), (labels.lost, "went")) if count]
    flips = ", ".join(f"{_pair(one.before, one.now)} ({number(one.rows)})" for one in labels.flips[:PAIRS])
    line = (
        f"Labels of rows that were there before: {', '.join(moved)}{f': {flips}' if flips else ''}."
        if moved
        else "No label of a row that was there before changed."
    )
    rows: list[tuple[object, ...]] = []
    for name in sorted({*labels.classes, *labels.classes_before})[:CLASSES]:
        old, new = labels.classes_before.get(name, 0), labels.classes.get(name, 0)
        rows.append((name, old, new, _share(old, labels.known_before), _share(new, labels.known)))
    if rows:
        return f"## Labels: {_short(labels.target)}\n\n{line}\n\n" + markdown_table(
            ("class", "rows before", "rows now", "share before", "share now"), rows, max_chars=CHARS
        )
    spread = [(word, one.low, one.middle, one.high) for one, word in ((labels.spread_before, "before"), (labels.spread, "now")) if one is not None]
    table = markdown_table(("", "5 %", "median", "95 %"), spread) if spread else ""
    return f"## Labels: {_short(labels.target)}\n\n{line}\n\n{table}"


def _share(rows: int, of: int) -> str:
    return f"{rows / of:.1%}" if of else NOTHING


def _slices(diff: DataDiff) -> str:
    if not diff.slices:
        return ""
    rows = [(one.slice, one.before, one.now, _share(one.before, diff.rows_before), _share(one.now, diff.rows_now)) for one in diff.slices[:SLICES]]
    more = f"\n… and {number(len(diff.slices) - SLICES)} more slices have other counts\n" if len(diff.slices) > SLICES else ""
    return "## Slices\n\n" + markdown_table(("slice", "rows before", "rows now", "share before", "share now"), rows, max_chars=CHARS) + more


def _examples(diff: DataDiff) -> str:
    return "\n".join(["## Examples", "", *(f"- {_example(one)}" for one in diff.examples)]) if diff.examples else ""


def _example(row: RowExample) -> str:
    place = f" ({_short(row.file)})" if row.file else ""
    if row.state == "changed":
        cells = ", ".join(f"{_short(one.column)} {_pair(one.before, one.now)}" for one in row.cells)
    else:
        cells = ", ".join(f"{_short(one.column)} {_value(one.now if row.state == 'added' else one.before)}" for one in row.cells)
    return f"{row.state} {_short(row.key)}{place}: {cells}".removesuffix(": ")


def _value(value: CellValue) -> str:
    if value is None:
        return "(missing)"
    return number(value) if isinstance(value, int | float) and not isinstance(value, bool) else _short(value) if value != "" else "(empty)"


def _pair(before: CellValue, now: CellValue) -> str:
    """Both values; in full where they would read the same."""
    old, new = _value(before), _value(now)
    return f"{old} → {new}" if old != new else f"{_short(repr(before))} → {_short(repr(now))}"


def _short(value: object) -> str:
    return inline(value, max_chars=CHARS)


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"
