"""The rows that augmentations made, for COMPOSITION.md and a review."""

from __future__ import annotations

from keepfit.records import Augmented, Composition
from keepfit.report.tables import inline, markdown_table, number

TRAINS = ("train", "replay")
NO_SUITE = "There is no data suite (`expectations/data/rows.json`) to look the made rows over.\n"


def made_fact(composition: Composition) -> dict[str, object]:
    """Return the line of a composition's facts that counts the rows that were made."""
    return {"rows made of them": sum(one.rows for one in composition.augmented)}


def augmented_section(composition: Composition) -> list[str]:
    """Return Markdown: each augmentation with the rows that it made, and what became of those that do not train; nothing where none was asked for."""
    made = composition.augmented
    if not made:
        return []
    headers = ["made by", "asked", "rows", "of so many parents", "share of weights", "as their parents", "broke the data suite"]
    lines = [_line(one) for one in made]
    said = "Made of rows that train, and in no other count of this page. Those that came out as their parents or broke the data suite do not train.\n"
    refused = [f"**None of the rows that {inline(one.name)} made trains:** {inline(one.refused, max_chars=400)}.\n" for one in made if one.refused]
    notes = [f"{inline(one.name)}: {inline(note, max_chars=400)}.\n" for one in made for note in one.notes]
    return ["## Rows that were made\n", said, *refused, markdown_table(headers, lines), *notes, *([] if all(one.checked for one in made) else [NO_SUITE])]


def _line(one: Augmented) -> list[object]:
    broken = one.broken if one.checked else "not checked"
    return [one.name, f"{100 * one.share:g} %", one.rows, one.parents, f"{one.weight:.1%}", one.alike, broken]


def augmented_summary(composition: Composition, *, plain: bool = False) -> str:
    """Return how many rows were made beside those that came, in a sentence; '' where none was asked for. `plain`: not as Markdown."""
    if not composition.augmented:
        return ""
    came = sum(part.rows for part in composition.parts if part.part in TRAINS)
    rows = sum(one.rows for one in composition.augmented)
    each = "; ".join(_said(one) for one in composition.augmented)
    each = each.replace("**", "") if plain else each
    return f"Beside {number(came)} rows that came train {number(rows)} that were made of them: {each}."


def _said(one: Augmented) -> str:
    if one.refused:
        return f"**{inline(one.name)} none**, as {inline(one.refused, max_chars=300)}"
    broken = f", {number(one.broken)} more broke the data suite and were left out" if one.broken else ""
    return f"{inline(one.name)} {number(one.rows)} ({one.weight:.1%} of the weights{broken})"
