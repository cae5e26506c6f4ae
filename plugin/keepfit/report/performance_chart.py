"""Performance over time, the chart that everybody looks for first.

A metric by window with its interval, the promise and the estimate before labels; below the same axis a lane for each kind of what happened: promotions,
rollbacks, refusals, tickets. Drawn twice, for a desk and for a phone, whose page shows the newest windows; shapes and dashes tell things apart without colour.
Better is up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from markupsafe import Markup

from keepfit.report.axis import Axis, fitted, label, picture, spaced, text_width, tick_texts
from keepfit.report.legend import SMALL, legend
from keepfit.report.performance import HEADERS, KINDS, CourseMark, PerformanceCourse, PerformancePoint, performance_line, performance_rows

DESK, PHONE = 960.0, 360.0
PHONE_WINDOWS = 40
PLOT, LANE, SIGN = 210.0, 20.0, 7.0
RIGHT = 12.0
MEASURED, PROMISED, ESTIMATED = "measured, with its interval", "promised", "estimate before labels"


@dataclass(frozen=True, kw_only=True)
class _Frame:
    """Where the plot lies: from windows and numbers to places."""

    x: Axis
    y: Axis
    width: float

    @property
    def step(self) -> float:
        return (self.x.end - self.x.start) / (self.x.high - self.x.low)


def performance_figure(course: PerformanceCourse) -> Markup:
    """Return both pictures, of which a page shows the one that fits; empty where nothing was measured."""
    if not course.known:
        return Markup()
    return Markup(performance_chart(course) + performance_chart(course, width=PHONE))  # noqa: S704 - numbers and escaped labels


def course_values(course: PerformanceCourse | None) -> dict[str, object]:
    """Return what templates show of a course; nothing of one in which nothing was measured."""
    known = course is not None and course.known
    return {
        "course": performance_rows(course) if course is not None and known else [],
        "figure": performance_figure(course) if course is not None and known else "",
        "performance": performance_line(course) if course is not None else "",
        "performance_headers": HEADERS,
    }


def performance_chart(course: PerformanceCourse, *, width: float = DESK) -> str:
    """Return one picture: of a narrow one the newest windows alone."""
    shown = course.newest(PHONE_WINDOWS) if width < DESK else course
    lanes = [kind for kind in KINDS if any(mark.kind == kind for mark in shown.marks)]
    way = "" if shown.greater_is_better else " (less is better, so less is up)"
    keys, top = legend(f"{shown.metric}{way}", _keys(shown), width=width)
    y = _scale(shown, top + 8, top + 8 + PLOT)
    ticks = y.ticks(5)
    texts = tick_texts(ticks)
    left = max([text_width(text, SMALL) for text in [*texts, *lanes]]) + 10
    frame = _Frame(x=Axis(low=-0.5, high=len(shown.windows) - 0.5, start=left, end=width - RIGHT), y=y, width=width)
    bottom = max(y.start, y.end)
    parts = [*keys, *_grid(frame, ticks, texts), *_windows(frame, shown.windows, bottom), *_versions(frame, shown, top + 8, bottom)]
    parts += [*_promises(frame, shown.points), *_estimates(frame, shown.points), *_values(frame, shown.points)]
    for number, kind in enumerate(lanes):
        parts += _lane(frame, kind, [mark for mark in shown.marks if mark.kind == kind], bottom + 34 + number * LANE)
    height = bottom + 30 + LANE * len(lanes)
    title = f"{course.metric} over time"
    return picture(parts, width=width, height=height, title=title, text=performance_line(shown), css=f"course {'on-phone' if width < DESK else 'on-desk'}")


def _scale(course: PerformanceCourse, top: float, bottom: float) -> Axis:
    """From all numbers that are drawn, better above."""
    drawn = [
        value
        for one in course.points
        for value in (one.value, one.low, one.high, one.promised, one.estimate, one.estimate_low, one.estimate_high)
        if value is not None
    ]
    low, high = min(drawn), max(drawn)
    room = (high - low) * 0.06 or abs(high) * 0.05 or 0.01
    ends = (bottom, top) if course.greater_is_better else (top, bottom)
    return Axis(low=low - room, high=high + room, start=ends[0], end=ends[1])


def _keys(course: PerformanceCourse) -> Iterator[tuple[str, str]]:
    if any(one.value is not None for one in course.points):
        yield MEASURED, '<path class="interval" d="M10 -7v14"/><circle class="value" cx="10" cy="0" r="3.5"/>'
    if any(one.promised is not None for one in course.points):
        yield PROMISED, '<path class="promise" d="M0 0h20"/>'
    if any(one.estimate is not None for one in course.points):
        yield ESTIMATED, '<path class="estimate" d="M10 -7v14"/><path class="guess" d="M10 -4l4 4l-4 4l-4 -4z"/>'


def _grid(frame: _Frame, ticks: Sequence[float], texts: Sequence[str]) -> list[str]:
    drawn = []
    for tick, text in zip(ticks, texts, strict=True):
        up = frame.y.at(tick)
        drawn.append(f'<path class="grid" d="M{frame.x.start:.1f} {up:.1f}H{frame.x.end:.1f}"/>')
        drawn.append(label(text, frame.x.start - 6, up + 4, anchor="end", css="quiet", size=SMALL))
    return drawn


def _windows(frame: _Frame, windows: Sequence[str], bottom: float) -> list[str]:
    """The axis with the names of as many windows as fit, evenly."""
    parts = [f'<path class="axis" d="M{frame.x.start:.1f} {bottom:.1f}H{frame.x.end:.1f}"/>']
    names = [fitted(name, frame.width / 3, SMALL) for name in windows]
    widths = [text_width(name, SMALL) for name in names]
    places = [min(max(frame.x.at(at), wide / 2), frame.width - wide / 2) for at, wide in enumerate(widths)]
    for at in spaced(places, widths, gap=10):
        parts.append(f'<path class="axis" d="M{frame.x.at(at):.1f} {bottom:.1f}v4"/>')
        parts.append(label(names[at], places[at], bottom + 16, anchor="middle", css="quiet", size=SMALL))
    return parts


def _versions(frame: _Frame, course: PerformanceCourse, top: float, bottom: float) -> list[str]:
    """A dotted line where another version began to serve; the lane below says which."""
    changes = [mark.at for mark in course.marks if mark.kind in ("promoted", "rolled back")]
    return [f'<path class="change" d="M{frame.x.at(at - 0.5):.1f} {top:.1f}V{bottom:.1f}"/>' for at in dict.fromkeys(changes)]


def _stretches(points: Sequence[PerformancePoint]) -> Iterator[list[PerformancePoint]]:
    """The points of each champion, one after the other."""
    for _, group in groupby(sorted(points, key=lambda one: (_first(points, one.version), one.at)), key=lambda one: one.version):
        yield from _runs(list(group))


def _first(points: Sequence[PerformancePoint], version: str) -> int:
    return next(at for at, one in enumerate(points) if one.version == version)


def _runs(points: Sequence[PerformancePoint]) -> Iterator[list[PerformancePoint]]:
    """Windows in a row: where another champion served between, the line ends."""
    run = [points[0]]
    for before, one in pairwise(points):
        if one.at > before.at + 1:
            yield run
            run = []
        run.append(one)
    yield run


def _values(frame: _Frame, points: Sequence[PerformancePoint]) -> list[str]:
    radius = max(min(4.0, frame.step * 0.35), 1.5)
    parts = []
    for run in _stretches(points):
        line = [f"{frame.x.at(one.at):.1f} {frame.y.at(one.value):.1f}" for one in run if one.value is not None]
        parts += [f'<path class="line" d="M{"L".join(line)}"/>'] if len(line) > 1 else []
    for one in points:
        if one.value is None:
            continue
        at = frame.x.at(one.at)
        if one.low is not None and one.high is not None:
            parts.append(f'<path class="interval" d="M{at:.1f} {frame.y.at(one.low):.1f}V{frame.y.at(one.high):.1f}"/>')
        parts.append(f'<circle class="value" cx="{at:.1f}" cy="{frame.y.at(one.value):.1f}" r="{radius:.1f}"/>')
    return parts


def _promises(frame: _Frame, points: Sequence[PerformancePoint]) -> list[str]:
    return [
        f'<path class="promise" d="M{frame.x.at(one.at - 0.5):.1f} {frame.y.at(one.promised):.1f}H{frame.x.at(one.at + 0.5):.1f}"/>'
        for one in points
        if one.promised is not None
    ]


def _estimates(frame: _Frame, points: Sequence[PerformancePoint]) -> list[str]:
    parts = []
    for before, one in pairwise([None, *points]):
        if one is None or one.estimate is None:
            continue
        at, up, half = frame.x.at(one.at), frame.y.at(one.estimate), max(min(4.5, frame.step * 0.4), 1.8)
        known = None if before is None or before.version != one.version else before.value if before.value is not None else before.estimate
        if before is not None and known is not None:
            parts.append(f'<path class="estimate" d="M{frame.x.at(before.at):.1f} {frame.y.at(known):.1f}L{at:.1f} {up:.1f}"/>')
        if one.estimate_low is not None and one.estimate_high is not None:
            parts.append(f'<path class="estimate" d="M{at:.1f} {frame.y.at(one.estimate_low):.1f}V{frame.y.at(one.estimate_high):.1f}"/>')
        parts.append(f'<path class="guess" d="M{at:.1f} {up - half:.1f}l{half:.1f} {half:.1f}l-{half:.1f} {half:.1f}l-{half:.1f} -{half:.1f}z"/>')
    return parts


# -- what happened ------------------------------------------------------------------------------------------------------------


def _lane(frame: _Frame, kind: str, marks: Sequence[CourseMark], up: float) -> list[str]:
    """One kind of what happened, in a line of its own; a word stands beside its mark where there is room up to the next one."""
    parts = [
        f'<path class="grid" d="M{frame.x.start:.1f} {up:.1f}H{frame.x.end:.1f}"/>',
        label(kind, frame.x.start - 6, up + 4, anchor="end", css="quiet", size=SMALL),
    ]
    groups = [list(group) for _, group in groupby(sorted(marks, key=lambda one: one.at), key=lambda one: one.at)]
    begins = [frame.x.at(group[0].at) - SIGN for group in groups[1:]] + [frame.width]
    taken = frame.x.start
    for group, end in zip(groups, begins, strict=True):
        at = frame.x.at(group[0].at)
        parts.append(_symbol(kind, at, up, filled=any(one.open for one in group)))
        text = f"{group[0].label}{f' +{len(group) - 1}' if len(group) > 1 else ''}"
        wide, after, taken = text_width(text, SMALL), taken, at + SIGN
        if at + SIGN + wide <= end:
            parts.append(label(text, at + SIGN, up + 4, size=SMALL))
            taken += wide
        elif at - SIGN - wide >= after:
            parts.append(label(text, at - SIGN, up + 4, anchor="end", size=SMALL))
    return parts


def _symbol(kind: str, at: float, up: float, *, filled: bool) -> str:
    if kind == "promoted":
        return f'<path class="mark" d="M{at:.1f} {up - 5:.1f}l5 9h-10z"/>'
    if kind == "rolled back":
        return f'<path class="mark hollow" d="M{at:.1f} {up + 5:.1f}l5 -9h-10z"/>'
    if kind == "refused":
        return f'<path class="cross" d="M{at - 4:.1f} {up - 4:.1f}l8 8m0 -8l-8 8"/>'
    return f'<circle class="mark{"" if filled else " hollow"}" cx="{at:.1f}" cy="{up:.1f}" r="4"/>'
