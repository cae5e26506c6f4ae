"""Is a window's data sound? Its columns, what of it could be read, the words of its labels; and what its suite said."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from keepfit.monitor.champion import Champion
from keepfit.params import Params
from keepfit.profiles.schema import schema_evidence
from keepfit.profiles.stored import RETYPED, UNREADABLE
from keepfit.records import Evidence
from keepfit.tables.unreadable import unreadable_in
from keepfit.tables.written_targets import WRITTEN

SHOWN, TEXT_CHARS, WORD_CHARS = 5, 40, 40


@dataclass(frozen=True, kw_only=True)
class Checked:
    """Whether a window's data is sound: evidence (an effect above 0 blocks), ids of rows to set aside, expectations that wait for labels."""

    broken: tuple[Evidence, ...] = ()
    aside: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Soundness:
    """All that says whether a window's data is sound: its columns or its suite (`checked`), the words of its labels, values that could not be read."""

    checked: Checked
    words: tuple[Evidence, ...] = ()
    unread: tuple[Evidence, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether the window waits for a person; values that could not be read block where the column is another one."""
        return any(one.effect for one in (*self.checked.broken, *self.words, *(one for one in self.unread if one.detector == RETYPED)))

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What there is to say of the data."""
        return (*self.checked.broken, *self.words, *self.unread)


def schema_broken(champion: Champion, table: pa.Table) -> tuple[Evidence, ...]:
    """Return what keeps the rows from being compared with the champion's: features that are gone, or that are something else now."""
    read = champion.read(table)
    known = {one.subject for one in read.retyped}
    return (*read.retyped, *schema_evidence({name: column for name, column in champion.features.items() if name not in known}, read.table))


def unreadable_noted(table: pa.Table) -> tuple[Evidence, ...]:
    """Return evidence on each numeric column with values that are no numbers: how many, their share as the effect, and some of them.

    Where more of the window's values are none than are numbers, the column is retyped.
    """
    return tuple(_unreadable(name, list(texts.values()), table[name]) for name, texts in sorted(unreadable_in(table).items()) if name in table.column_names)


def _unreadable(name: str, texts: list[str], column: pa.ChunkedArray) -> Evidence:
    shown = ", ".join(repr(text[:TEXT_CHARS]) for text in list(dict.fromkeys(texts))[:SHOWN])
    said = f"{len(texts):,} of {len(column):,} values are no numbers"
    retyped = len(texts) > len(column) - column.null_count
    return Evidence(
        kind="schema",
        subject=name,
        detector=RETYPED if retyped else UNREADABLE,
        statistic=float(len(texts)),
        effect=1.0 if retyped else len(texts) / len(column),
        n=len(column),
        n_reference=0,
        detail=f"was number, is text: {said} ({shown})" if retyped else f"{said}, taken as missing ({shown})",
    )


# -- words of the target ------------------------------------------------------------------------------------------------


def strange_words(params: Params, table: pa.Table, known: Collection[str], *, accepted: bool) -> tuple[Evidence, ...]:
    """Return evidence on labels that are neither of the two words that trained: their share is the effect, 0 where a person accepted the window.

    An export that begins to write `Y` for `yes` would make every label a 0, and a good model look bad. `known` are the target's words, as JSON,
    in the windows that train: asked where the target is words and there are two of them. Blind where there are more (all but one word count as
    0, as `model.positive` says), and to windows that were closed before keepfit kept the target's own words.
    """
    positive = params.model.positive
    if positive is None or WRITTEN not in table.column_names or len(known) != 2 or positive not in {_word(text) for text in known}:
        return ()
    labels = pc.drop_null(table[WRITTEN])
    strange = labels.filter(pc.invert(pc.is_in(labels, value_set=pa.array(sorted(known), pa.string()))))
    if not len(strange):
        return ()
    have = "1 label is a word" if len(strange) == 1 else f"{len(strange):,} of {len(labels):,} labels are words"
    said = f"{have} that nobody trained on ({_shown(pc.unique(strange).to_pylist())}; known are {_shown(known)}), and would count as 0"
    return (
        Evidence(
            kind="schema",
            subject=params.model.target,
            detector="target_words",
            statistic=float(len(strange)),
            effect=0.0 if accepted else len(strange) / len(labels),
            n=len(labels),
            n_reference=0,
            detail=f"accepted: {said}" if accepted else said,
        ),
    )


def words_in(table: pa.Table) -> set[str]:
    """Return the words, as JSON, that a table's labels are written in; none where they are not kept."""
    return {text for text in table[WRITTEN].unique().to_pylist() if text is not None} if WRITTEN in table.column_names else set()


def _word(text: str) -> str:
    value = json.loads(text)
    return value if isinstance(value, str) else text.removesuffix(".0")


def _shown(texts: Collection[str]) -> str:
    words = sorted(_word(text)[:WORD_CHARS] for text in texts)
    return ", ".join(repr(word) for word in words[:SHOWN]) + (", …" if len(words) > SHOWN else "")
