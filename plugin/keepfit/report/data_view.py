"""`keepfit data view`: what a model learns from, as one page for domain experts. No script, nothing loaded from anywhere, every value escaped.

The page stays below `MOST_BYTES`: tables are bounded on any data, and where it is too large still, samples are left out, which it says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from markupsafe import Markup

from keepfit.records.data_view import Contents, DataView, Importance, QueueRows, Reliance, ReliancePart, Relied, Samples, SliceColumn, SliceRows, SuspectRows
from keepfit.report.composition import BASES, composition_report, label_origins
from keepfit.report.data_diff import data_diff_report
from keepfit.report.markdown_page import PagePiece, pieces
from keepfit.report.pages import render
from keepfit.report.tables import NOTHING, number, plain, shorten
from keepfit.stats.clusters import sentence

MOST_BYTES = 2_000_000
MOST_CHARS, HEAD_CHARS, NAME_CHARS, ID_CHARS = 240, 60, 80, 36
RELIED = 15
BAR, WHISKER, HIGH = 90, 200, 22


def data_view_page(view: DataView, *, most: int = MOST_BYTES) -> str:
    """Return the page, of less than `most` bytes; the same record gives the same bytes."""
    page = _page(view, left_off=0)
    left, rows = len(view.samples.rows), len(view.samples.rows)
    while len(page.encode()) >= most and left:
        left //= 2
        page = _page(replace(view, samples=replace(view.samples, rows=view.samples.rows[:left])), left_off=rows - left)
    return page


def _page(view: DataView, *, left_off: int) -> str:
    return render(
        "data_view.html",
        view=view,
        model=plain(view.model),
        line=_line(view),
        basis=BASES[view.basis],
        classes=_classes(view.contents),
        spread=_spread(view),
        columns=[(plain(one.column), _slice_head(view), _slices(view, one), one) for one in view.contents.columns],
        relied=None if view.relied is None else [_relied(view.relied, part) for part in view.relied.parts],
        relied_note="" if view.relied is None else _relied_note(view.relied),
        queue_head=QUEUE_HEAD,
        suspect_head=("row", "time", f"label: {plain(view.target)}", "rather", "doubt", *_sample_head(view)[3:]),
        suspects=None if view.suspects is None else _suspects(view),
        suspect_line="" if view.suspects is None else _suspect_line(view.suspects),
        sample_head=_sample_head(view),
        samples=_samples(view.samples, champion=bool(view.champion)),
        left_off=left_off,
        origins=pieces(label_origins(view.composition.labels)) if view.composition.labels else (),
        queues=_queues(view.queues),
        composition=pieces_of(composition_report(replace(view.composition, labels=()), view.champion_composition)),
        diff=None if view.diff is None else pieces_of(data_diff_report(view.diff)),
        notes=[plain(note) for note in view.notes],
        redacted=[plain(name) for name in view.redacted],
    )


def pieces_of(markdown: str) -> tuple[PagePiece, ...]:
    """Return the pieces of a report without its title."""
    found = pieces(markdown)
    return found[1:] if found and found[0].kind == "heading" and found[0].lines == ("Composition",) else found


def _line(view: DataView) -> str:
    rows = f"{number(view.contents.rows)} rows train"
    span = f", from {_day(view.trained_from)} to before {_day(view.trained_until)}" if view.trained_from and view.trained_until else ""
    return f"{view.what}: {rows}{span}. {f'It stands beside the champion, {view.champion}.' if view.champion else 'There is no champion yet.'}"


def _day(time: datetime | None) -> str:
    return NOTHING if time is None else f"{time:%Y-%m-%d}"


# -- classes and slices -------------------------------------------------------------------------------------------------


def _classes(contents: Contents) -> list[tuple[object, ...]]:
    return [(_name(one.name), bar(one.share), one.rows, percent(one.share), percent(one.weight)) for one in contents.classes]


def _spread(view: DataView) -> list[tuple[object, ...]]:
    one = view.contents.spread
    return [] if one is None else [(_name(view.target), number(one.low), number(one.middle), number(one.high))]


def _slice_head(view: DataView) -> tuple[str, ...]:
    labels = [f"mean {view.target}"] if view.contents.spread is not None else _class_heads(view.contents)
    return ("value", "", "rows", "share", "of weights", *(shorten(plain(label), HEAD_CHARS) for label in labels))


def _class_heads(contents: Contents) -> list[str]:
    """Of two classes the rate of the second, of more the share of each that is shown."""
    if len(contents.classes) == 2 and len(contents.shown) == 2:
        return [f"label {contents.shown[1]}"]
    return [f"label {name}" for name in contents.shown]


def _slices(view: DataView, column: SliceColumn) -> list[tuple[object, ...]]:
    return [(_value(column, one), bar(one.share), one.rows, percent(one.share), percent(one.weight), *_labels(view.contents, one)) for one in column.slices]


def _value(column: SliceColumn, one: SliceRows) -> str:
    return _name(one.name.removeprefix(f"{column.column}=")) or "(empty text)"


def _labels(contents: Contents, one: SliceRows) -> list[str]:
    if contents.spread is not None:
        return [number(one.mean)]
    shares = [percent(rows / one.rows if one.rows else None) for rows in one.classes]
    return shares[1:] if len(contents.classes) == 2 and len(shares) == 2 else shares


def percent(share: float | None) -> str:
    """Return a share for people.

    >>> percent(0.1234).replace("\N{NO-BREAK SPACE}", " "), percent(0.00001).replace("\N{NO-BREAK SPACE}", " "), percent(None)
    ('12.3 %', '0.001 %', '–')
    """
    if share is None:
        return NOTHING
    shown = f"{share * 100:.1f}" if not share or share >= 0.0005 else f"{share * 100:.1g}"
    return f"{shown}\N{NO-BREAK SPACE}%"


def bar(share: float) -> Markup:
    """Return a bar as long as the share; its number stands beside it."""
    wide = max(0.0, min(share, 1.0)) * BAR
    return Markup(f'<svg class="bar" aria-hidden="true" viewBox="0 0 {BAR} 10" width="{BAR}" height="10"><rect width="{wide:.1f}" height="10"/></svg>')  # noqa: S704 - numbers


# -- what the model relies on -------------------------------------------------------------------------------------------


def _relied(relied: Relied, part: ReliancePart) -> dict[str, object]:
    """A part as the template shows it: title, what the metric is, a table with a drawing a row."""
    shown = part.columns[:RELIED]
    ends = [end for one in shown for each in (one.champion, one.candidate) if each is not None for end in (each.low, each.high, 0.0)]
    low, high = min(ends, default=0.0), max(ends, default=0.0)
    sides = [name for name in ("champion", "candidate") if getattr(part, name) is not None]
    served = sides[0] if sides else "model"
    return {
        "title": "On all rows that judge" if part.slice == "overall" else f"Where the {served} is worst: {_name(part.slice)}",
        "line": _part_line(relied, part),
        "head": ("column", "", *sides),
        "rows": [(_name(one.column), whiskers(one, low, high), *(_told(getattr(one, side)) for side in sides)) for one in shown],
        "more": len(part.columns) - len(shown),
        "why": part.why,
    }


def _part_line(relied: Relied, part: ReliancePart) -> str:
    values = [f"{name} {number(value)}" for name, value in (("champion", part.champion), ("candidate", part.candidate)) if value is not None]
    clusters = f"; {sentence(part.unit, part.clusters, None)}" if part.clusters else ""
    return f"{number(part.rows)} rows; {relied.metric}: {', '.join(values)}{clusters}."


def _told(one: Importance | None) -> str:
    return "not read" if one is None else f"{_signed(one.value)} ({_signed(one.low)} to {_signed(one.high)})"


def _signed(value: float) -> str:
    """Four digits; what rounds to nothing has no sign."""
    return f"{round(value, 4) + 0.0:.4f}".replace("-", "−")


def whiskers(one: Reliance, low: float, high: float) -> Markup:
    """Return the drawing of a row: the interval as a line, the mean as a mark (a circle of the champion, a square of the candidate), zero as a dashed line."""
    wide = (high - low) or 1.0

    def at(value: float) -> float:
        return 6 + (value - low) / wide * (WHISKER - 12)

    marks = [f'<line class="zero" x1="{at(0):.1f}" x2="{at(0):.1f}" y1="0" y2="{HIGH}"/>']
    if one.champion is not None:
        marks += [_span(at, one.champion, 7, "champion"), f'<circle class="champion" cx="{at(one.champion.value):.1f}" cy="7" r="4"/>']
    if one.candidate is not None:
        marks += [_span(at, one.candidate, 15, "candidate"), f'<rect class="candidate" x="{at(one.candidate.value) - 3.5:.1f}" y="11.5" width="7" height="7"/>']
    return Markup(f'<svg class="whisker" aria-hidden="true" viewBox="0 0 {WHISKER} {HIGH}" width="{WHISKER}" height="{HIGH}">{"".join(marks)}</svg>')  # noqa: S704 - numbers


def _span(at: Callable[[float], float], one: Importance, y: int, css: str) -> str:
    low, high = at(one.low), at(one.high)
    return f'<line class="{css}" x1="{low:.1f}" x2="{high:.1f}" y1="{y}" y2="{y}"/>'


def _relied_note(relied: Relied) -> str:
    more = "" if not relied.left_out else f" {number(relied.left_out)} more columns were not shuffled."
    return (
        f"Each column's values were shuffled among the rows that judge, {relied.repeats} times: the number is how much worse {relied.metric} became "
        "(0: the model does as well without it). The intervals cover other rows like these and other shuffles, "
        f"each end at {relied.confidence:.0%}; they do not cover another training or rows unlike these. Where two columns say the same, the other still "
        f"says it: both look less important than they are. Which slice is the worst of many is partly chance.{more}"
    )


# -- doubtful labels ----------------------------------------------------------------------------------------------------


def _suspects(view: DataView) -> list[list[str]]:
    """The rows as samples are shown, with what the label should rather be, and how doubtful it is."""
    found = view.suspects.rows if view.suspects is not None else ()
    shown = _samples(replace(view.samples, rows=tuple(one.row for one in found)), champion=bool(view.champion), like=view.samples)
    return [[*row[:3], _name(one.instead), f"{one.score:.2f}", *row[3:]] for one, row in zip(found, shown, strict=True)]


def _suspect_line(found: SuspectRows) -> str:
    return (
        f"The {number(len(found.rows))} most doubtful of {number(found.listed)} listed labels, of {number(found.judged)} rows; {plain(found.method)}: "
        "each was judged by a model that did not train on it. It is a ranking and no verdict: where labels are uncertain by nature, many of these are right. "
        "keepfit label export --from quality --rows 50 --out doubtful.csv asks people about them."
    )


# -- the queue ----------------------------------------------------------------------------------------------------------


QUEUE_HEAD = ("queue", "made", "rows chosen by", "ticket", "rows", "answered", "waiting", "people disagree")


def _queues(queues: Sequence[QueueRows]) -> list[tuple[object, ...]]:
    return [
        (
            _name(one.name),
            f"{one.made_at:%Y-%m-%d}",
            _name(one.strategy),
            _name(one.ticket) or NOTHING,
            one.rows,
            one.answered,
            one.rows - one.answered,
            one.ties,
        )
        for one in queues
    ]


# -- samples ------------------------------------------------------------------------------------------------------------


def _sample_head(view: DataView) -> tuple[str, ...]:
    scores = [name for name, there in _scored(view.samples, champion=bool(view.champion)) if there]
    return ("row", "time", f"label: {plain(view.target)}", *scores, *(shorten(plain(name), HEAD_CHARS) for name in view.samples.columns))


def _scored(samples: Samples, *, champion: bool) -> list[tuple[str, bool]]:
    return [("champion says", champion), ("candidate says", any(row.candidate for row in samples.rows))]


def _samples(samples: Samples, *, champion: bool, like: Samples | None = None) -> list[list[str]]:
    """The rows as texts, with the columns of scores that the samples of the page have."""
    there = [has for _, has in _scored(like or samples, champion=champion)]
    return [
        [shorten(plain(row.id), ID_CHARS), *map(_cell, (row.time, row.label, *_kept((row.champion, row.candidate), there), *row.cells))] for row in samples.rows
    ]


def _kept(values: Iterable[str], there: Sequence[bool]) -> list[str]:
    return [value for value, has in zip(values, there, strict=True) if has]


def _cell(text: str) -> str:
    return shorten(plain(text), MOST_CHARS)


def _name(text: str) -> str:
    return shorten(plain(text), NAME_CHARS)
