"""What a scorecard's page says of many classes: each class's metrics, worst first, and which classes are taken for which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from keepfit.evaluate.compare import Comparison
from keepfit.evaluate.confusions import ByClass
from keepfit.records import CLASS
from keepfit.report.tables import NOTHING, markdown_table, number
from keepfit.slices.name import Slice

SHOWN = 30


def classes_section(comparisons: Sequence[Comparison], by_class: ByClass) -> list[str]:
    """Return the sections: a line a class with each metric of the challenger and its gain over the champion, then the pairs confused most."""
    found: dict[str, dict[str, Comparison]] = defaultdict(dict)
    for one in comparisons:
        its = Slice.parse(one.slice)
        if its.column == CLASS and its.value is not None:
            found[its.value][one.metric] = one
    return [*_unlisted(by_class.unlisted), *_classes(found, by_class), *_confused(by_class)]


def _unlisted(rows: int) -> list[str]:
    if not rows:
        return []
    are = "row is" if rows == 1 else "rows are"
    return [f"{number(rows)} {are} of a class that `model.classes` does not list: whatever is answered to them is wrong."]


def _classes(found: Mapping[str, Mapping[str, Comparison]], by_class: ByClass) -> list[str]:
    """The classes, those with the largest loss against the champion first, then the weakest by the first metric; what was not measured is last."""
    if not found:
        return []
    metrics = list(next(iter(found.values())))
    sign = 1 if by_class.greater_is_better else -1
    names = sorted(
        found, key=lambda name: (found[name][metrics[0]].challenger is None, _gain(found[name][metrics[0]]), sign * _value(found[name][metrics[0]]), name)
    )
    headers = ["class", "rows", *(cell for metric in metrics for cell in (metric, "gain"))]
    lines = [_line(name, [found[name][metric] for metric in metrics]) for name in names]
    if any(line[-1] for line in lines):
        headers.append("why")
    lines = [line[: len(headers)] for line in lines]
    more = f"{len(lines) - SHOWN} classes more are in `scorecard.json`.\n\n" if len(lines) > SHOWN else ""
    return [f"## By class\n\n{more}{markdown_table(headers, lines[:SHOWN]).rstrip()}"]


def _line(name: str, measured: Sequence[Comparison]) -> tuple[object, ...]:
    """A class's line; what keeps metrics from being measured stands once, at its end."""
    why = dict.fromkeys(one.detail for one in measured if one.challenger is None and one.detail)
    return (name, max(one.n for one in measured), *(cell for one in measured for cell in _cells(one)), "; ".join(why))


def _cells(one: Comparison) -> tuple[str, str]:
    if one.challenger is None:
        return one.status, NOTHING
    gain = one.difference
    return f"{one.challenger:.4f}", NOTHING if gain is None else f"{gain.gain:+.4f} ({gain.low:+.4f} … {gain.high:+.4f})"


def _gain(one: Comparison) -> float:
    return 0.0 if one.difference is None else min(0.0, one.difference.high)


def _value(one: Comparison) -> float:
    return 0.0 if one.challenger is None else one.challenger


def _confused(by_class: ByClass) -> list[str]:
    if not by_class.confused:
        return []
    lines = [(one.true, one.said, one.n, one.champion, one.challenger) for one in by_class.confused]
    return [f"## Most often confused\n\n{markdown_table(('class', 'answered', 'rows of the class', 'champion', 'challenger'), lines).rstrip()}"]
