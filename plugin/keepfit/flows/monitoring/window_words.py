"""Words of the target that nobody trained on: an export that begins to write `Y` for `yes` would make every label a 0, and a good model look bad.

Asked where the target is words and the windows that trained have two of them. Blind where they have more (all but one word count as 0, as
`model.positive` says), and to windows that were closed before keepfit kept the target's own words.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from keepfit.flows.project import Project
from keepfit.records import Evidence
from keepfit.tables.written_targets import WRITTEN

if TYPE_CHECKING:
    import pyarrow as pa

SHOWN, WORD_CHARS = 5, 40


def strange_words(project: Project, table: pa.Table, *, accepted: bool) -> tuple[Evidence, ...]:
    """Return evidence on labels that are neither of the two words of `data/windows`: their share is the effect, 0 where a person accepted the window."""
    import pyarrow as pa
    import pyarrow.compute as pc

    positive = project.params.model.positive
    if positive is None or WRITTEN not in table.column_names:
        return ()
    known = _known(project)
    if len(known) != 2 or positive not in {_word(text) for text in known}:
        return ()
    labels = pc.drop_null(table[WRITTEN])
    strange = labels.filter(pc.invert(pc.is_in(labels, value_set=pa.array(known, pa.string()))))
    if not len(strange):
        return ()
    have = "1 label is a word" if len(strange) == 1 else f"{len(strange):,} of {len(labels):,} labels are words"
    said = f"{have} that nobody trained on ({_shown(pc.unique(strange).to_pylist())}; known are {_shown(known)}), and would count as 0"
    return (
        Evidence(
            kind="schema",
            subject=project.params.model.target,
            detector="target_words",
            statistic=float(len(strange)),
            effect=0.0 if accepted else len(strange) / len(labels),
            n=len(labels),
            n_reference=0,
            detail=f"accepted: {said}" if accepted else said,
        ),
    )


def _known(project: Project) -> list[str]:
    """The target's words, as JSON, in the windows that train."""
    from pyarrow import parquet

    found: set[str] = set()
    for file in sorted((project.root / "data" / "windows").glob("*.parquet")):
        if WRITTEN in parquet.read_schema(file).names:
            found |= set(parquet.read_table(file, columns=[WRITTEN])[WRITTEN].unique().to_pylist())
    return sorted(text for text in found if text is not None)


def _word(text: str) -> str:
    value = json.loads(text)
    return value if isinstance(value, str) else text.removesuffix(".0")


def _shown(texts: list[str]) -> str:
    words = sorted(_word(text)[:WORD_CHARS] for text in texts)
    return ", ".join(repr(word) for word in words[:SHOWN]) + (", …" if len(words) > SHOWN else "")
