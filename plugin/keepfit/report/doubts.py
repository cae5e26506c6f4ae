"""What there is to look at in an own table before a first model is trained on it, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keepfit.expect.bounds import Bounds
    from keepfit.expect.own_table import TableFacts


def sentences(facts: TableFacts) -> tuple[str, ...]:
    """Return what there is to look at, a line each."""
    first, target = facts.first, facts.target
    said = [f"{facts.asked.target}: {one}" for one in (target.doubt, target.rare) if one]
    said += [f"{name} {doubt}" for name, doubt in first.doubts.items()]
    said += [f"{name}: {aside(one)}" for name, one in first.bounds.items() if one.aside]
    said += [repeats_said(facts.asked.time, first.repeats)] if first.repeats else []
    said += [entity_said(first.entity)] if first.entity is not None else []
    return tuple(said)


def aside(bounds: Bounds) -> str:
    """What the bounds set aside, and what the other rows span."""
    shown = ", ".join(f"{value:g}" for value in bounds.extremes)
    rows = "1 row lies" if bounds.aside == 1 else f"{bounds.aside:,} rows lie"
    others = f"the others in [{bounds.seen[0]:g}, {bounds.seen[1]:g}]"
    return f"{rows} outside of [{bounds.low:g}, {bounds.high:g}] ({bounds.aside / bounds.n:.2%}, the farthest: {shown}), {others}"


def repeats_said(time: str, repeats: int) -> str:
    """That moments of a series come more than once."""
    return f"{repeats:,} rows share their {time} with another row of this series: the same moment counts more than once"


def entity_said(entity: tuple[str, float, float]) -> str:
    """That rows of one entity stand on both sides of the holdout."""
    name, rows, share = entity
    return f"{name} comes again ({rows:.1f} rows each): {share:.0%} of held-out rows have a twin that trains; data.group: {name} keeps them on one side"
