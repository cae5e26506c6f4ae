"""What a retraining changed beside the model it replaces: its data, its params, its metrics. A review and a comment on a pull request both say it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from keepfit.records import Composition, Scorecard
from keepfit.records.data_diff import DataDiff
from keepfit.report.augmented import augmented_summary
from keepfit.report.composition import labels_said
from keepfit.report.curation import curation_findings, curation_summary
from keepfit.report.data_diff import rows_that_train
from keepfit.report.quality import quality_summary
from keepfit.report.tables import Raw, inline, markdown_table, shorten
from keepfit.report.version_page import failing_expectations, shipped_said

BACKTICKS = re.compile("`+")
PARTS, OUTCOMES, METRICS, DIFF_LINES, RULES, WIDTH = 3, 2, 4, 8, 2, 300


@dataclass(frozen=True, kw_only=True)
class WhatChanged:
    """What was found of a candidate, and what is another than before; None, or empty, of what is not known.

    `rows` is what changed in the rows that train, one by one, if they can be had; `params_diff` a unified diff.
    """

    scorecard: Scorecard
    composition: Composition | None = None
    previous_composition: Composition | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
    previous_metrics: Mapping[str, float] = field(default_factory=dict)
    params_diff: str = ""
    rows: DataDiff | None = None


def data_said(changed: WhatChanged, *, added: str = "", most: int = PARTS) -> str:
    """Return how the training rows are composed, what moved, and what people did to them; `added` is what stands first."""
    now = changed.composition
    if now is None:
        return ""
    new, old = _by_part(now), _by_part(changed.previous_composition)
    keys = sorted({*new, *old})
    rows = [(window, part, old.get((window, part)), new.get((window, part))) for window, part in keys]
    moved = [row for row in rows if row[2] != row[3]]
    table = markdown_table(("window", "part", "rows before", "rows now"), moved, max_rows=most) if moved else "No row moved.\n"
    shipped = "".join(f" {line}" for line in shipped_said(changed.scorecard))
    recipe = _recipe(now, changed.previous_composition)
    compared = "" if changed.rows is None else f"\n\n{rows_that_train(changed.rows)}"
    people = "".join(f"\n\n{said}" for said in (*_people(now, changed.previous_composition), augmented_summary(now)) if said)
    return f"{added}Trained {_span(now)}.{recipe}{shipped}\n\n{table.rstrip()}{people}{compared}"


def params_said(changed: WhatChanged, *, most: int = DIFF_LINES) -> str:
    """Return the diff of the reviewed files, at most so many lines of it, in a fence that nothing in it closes."""
    lines = changed.params_diff.splitlines()
    if not lines:
        return "Unchanged."
    more = [f"… and {len(lines) - most} more lines"] if len(lines) > most else []
    return fenced([*(shorten(line, WIDTH) for line in lines[:most]), *more], "diff")


def fenced(lines: list[str], language: str = "") -> str:
    """Return lines as a block of code; its fence is longer than any in it.

    >>> print(fenced(["```", "x"]))
    ````
    ```
    x
    ````
    """
    longest = max((len(run) for line in lines for run in BACKTICKS.findall(line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"{fence}{language}", *lines, fence])


def metrics_said(changed: WhatChanged, *, most: int = METRICS) -> str:
    """Return the metrics of before and now as a table; empty without any."""
    names = sorted({*changed.metrics, *changed.previous_metrics})
    rows = [(Raw(f"`{name}`"), changed.previous_metrics.get(name), changed.metrics.get(name)) for name in names]
    return markdown_table(("metrics.json", "before", "now"), rows, max_rows=most).rstrip("\n") if rows else ""


def expectations_said(changed: WhatChanged, *, most: int = OUTCOMES) -> str:
    """Return the critical expectations on the scorecard that do not hold; empty if all do."""
    rows = [(one.suite, one.expectation, one.observed, one.status) for one in failing_expectations(changed.scorecard)]
    return markdown_table(("suite", "expectation", "observed", "status"), rows, max_rows=most).rstrip("\n") if rows else ""


def _recipe(composition: Composition, previous: Composition | None) -> str:
    """Which recipe composed the rows, and which did before, where it is another."""
    was = "" if previous is None or previous.recipe == composition.recipe else f" (before: {inline(previous.recipe or 'none')})"
    return f" Recipe: {inline(composition.recipe or 'none')}{was}." if composition.recipe or was else ""


def _people(now: Composition, before: Composition | None) -> tuple[str, str, str]:
    """Whose labels train, what people's rules on single rows did, and what was done about rows that repeat or contradict others."""
    return labels_said(now, before), _curation(now, before), quality_summary(now.quality)


def _curation(composition: Composition, previous: Composition | None) -> str:
    """What people's rules on single rows did, which of them are new, and what is odd about them."""
    now, before = composition.curation, previous.curation if previous else None
    if now is None or not (now.rules or (before and before.rules)):
        return ""
    names, known = {rule.name for rule in now.rules}, {rule.name for rule in before.rules} if before else set()
    moved = [f"{word}: {', '.join(map(inline, sorted(those)[:RULES]))}" for word, those in (("new", names - known), ("gone", known - names)) if those]
    odd = curation_findings(now)
    more = [f"and {len(odd) - RULES} more in COMPOSITION.md"] if len(odd) > RULES else []
    said = "; ".join([*(inline(sentence, max_chars=400) for sentence in odd[:RULES]), *more])
    return f"{curation_summary(now)}{' ' + '; '.join(moved) + '.' if moved else ''}{f' Odd: {said}.' if said else ''}"


def _span(composition: Composition) -> str:
    def day(value: object) -> str:
        return str(value)[:10] if value is not None else "the start"

    trained = f"on rows from {day(composition.trained_from)} to before {day(composition.trained_until)}"
    return f"{trained}, judged on {composition.basis} rows from {day(composition.evaluated_from)} to before {day(composition.evaluated_until)}"


def _by_part(composition: Composition | None) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for part in composition.parts if composition else ():
        counts[part.window, part.part] += part.rows
    return dict(counts)
