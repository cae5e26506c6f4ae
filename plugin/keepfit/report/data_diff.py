"""What changed in the data, as a person reads it: less than 60 lines whatever changed, the same record the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from keepfit.records.data_diff import CellValue, ColumnChange, DataDiff, FileChange, LabelChange, LoneColumn, RowExample, SliceChange
from keepfit.report.tables import NOTHING, Raw, inline, markdown_table, number

FILES = 8
COLUMNS = 12
NAMES = 6
CLASSES = 6
SLICES = 6
PAIRS = 3
SHORT = 4
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


def rows_that_train(diff: DataDiff) -> str:
    """Return the short form for a review, of rows that train now beside those that trained before: a sentence and at most four bullets."""
    if not diff.differs:
        return "The rows that train are those that trained before."
    line = f"Rows that train, beside those of the base: {inline(data_diff_line(diff))} ({number(diff.rows_before)} → {number(diff.rows_now)})."
    bullets = [_columns_said(diff), _labels_said(diff.labels), _classes_said(diff.labels), _slices_said(diff)]
    return "\n".join([line, "", *(f"- {one}" for one in bullets if one)]).rstrip("\n")


def _columns_said(diff: DataDiff) -> str:
    changed = [one for one in diff.columns if one.rows]
    renamed = [one for one in diff.columns if one.was is not None]
    told = [
        ("changed", [f"{_short(one.name)} ({number(one.rows)} rows: {_how(one)})" for one in changed[:SHORT]], len(changed)),
        ("renamed", [f"{_short(one.was)} → {_short(one.name)}" for one in renamed[:SHORT]], len(renamed)),
        ("added", [_short(one.name) for one in diff.columns_added[:SHORT]], len(diff.columns_added)),
        ("removed", [_short(one.name) for one in diff.columns_removed[:SHORT]], len(diff.columns_removed)),
    ]
    said = [f"{word} {', '.join(shown)}{f' and {number(count - len(shown))} more' if count > len(shown) else ''}" for word, shown, count in told if shown]
    return f"Columns: {'; '.join(said)}." if said else ""


def _labels_said(labels: LabelChange | None) -> str:
    return _label_moves(labels) if labels is not None and (labels.arrived or labels.flipped or labels.lost) else ""


def _classes_said(labels: LabelChange | None) -> str:
    """The shares of the commonest classes, or a number's median."""
    if labels is None:
        return ""
    if labels.spread_before is not None and labels.spread is not None:
        return f"Median of {_short(labels.target)}: {number(labels.spread_before.middle)} → {number(labels.spread.middle)}."
    shares = [f"{_short(name)} {_share(old, labels.known_before)} → {_share(new, labels.known)}" for name, old, new in _classes(labels)[:SHORT]]
    return f"Classes of {_short(labels.target)}: {', '.join(shares)}." if shares else ""


def _slices_said(diff: DataDiff) -> str:
    """The slices whose share changed most."""
    shown = [f"{_short(one.slice)} {_share(one.before, diff.rows_before)} → {_share(one.now, diff.rows_now)}" for one in _by_share(diff)[:SHORT]]
    more = f" and {number(len(diff.slices) - SHORT)} more" if len(diff.slices) > SHORT else ""
    return f"Slices, of the rows: {', '.join(shown)}{more}." if shown else ""


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
    keys = f"Keys that are there more than once: {number(found.before)} before, {number(found.now)} now{shown if found.examples else ''}"
    return f"{keys}; {number(found.rows)} rows with such a key, or none, are compared whole."


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
        lines[0] += f" {number(alike)} {_plural('file', alike)} {'differs' if alike == 1 else 'differ'} in bytes or column names only, not in values."
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
    if column.factor is not None and not column.pairs:
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
    return "\n\n".join(part for part in (f"## Labels: {_short(labels.target)}", _label_moves(labels), _class_table(labels)) if part)


def _label_moves(labels: LabelChange) -> str:
    moved = [f"{number(count)} {word}" for count, word in ((labels.arrived, "arrived"), (labels.flipped, "changed"), (labels.lost, "went")) if count]
    flips = ", ".join(f"{_pair(one.before, one.now)} ({number(one.rows)})" for one in labels.flips[:PAIRS])
    if not moved:
        return "No label of a row that was there before changed."
    return f"Labels of rows that were there before: {', '.join(moved)}{f': {flips}' if flips else ''}."


def _class_table(labels: LabelChange) -> str:
    """Classes by their rows; of a number its spread."""
    classes = _classes(labels)
    rows = [(name, old, new, _share(old, labels.known_before), _share(new, labels.known)) for name, old, new in classes[:CLASSES]]
    if rows:
        more = f"\n… and {number(len(classes) - CLASSES)} more classes\n" if len(classes) > CLASSES else ""
        return markdown_table((f"class of {labels.target}", "rows before", "rows now", "share before", "share now"), rows, max_chars=CHARS) + more
    spread = [(word, one.low, one.middle, one.high) for one, word in ((labels.spread_before, "before"), (labels.spread, "now")) if one is not None]
    return markdown_table((labels.target, "5 %", "median", "95 %"), spread, max_chars=CHARS) if spread else ""


def _classes(labels: LabelChange) -> list[tuple[str, int, int]]:
    """(class, rows before, rows now), the commonest first."""
    every = [(name, labels.classes_before.get(name, 0), labels.classes.get(name, 0)) for name in {*labels.classes, *labels.classes_before}]
    return sorted(every, key=lambda one: (-max(one[1:]), one[0]))


def _share(rows: int, of: int) -> str:
    return f"{rows / of:.1%}" if of else NOTHING


def _slices(diff: DataDiff) -> str:
    if not diff.slices:
        return ""
    shown = _by_share(diff)[:SLICES]
    rows = [(one.slice, one.before, one.now, _share(one.before, diff.rows_before), _share(one.now, diff.rows_now)) for one in shown]
    more = f"\n… and {number(len(diff.slices) - SLICES)} more slices have other counts\n" if len(diff.slices) > SLICES else ""
    return "## Slices\n\n" + markdown_table(("slice", "rows before", "rows now", "share before", "share now"), rows, max_chars=CHARS) + more


def _by_share(diff: DataDiff) -> list[SliceChange]:
    """The slices whose share of the rows changed most first."""
    return sorted(diff.slices, key=lambda one: (-abs(one.now * diff.rows_before - one.before * diff.rows_now), one.slice))


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
