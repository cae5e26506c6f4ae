"""A composed data set: what became of each row, and the wide rows of its parts, a block at a time or as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.compose.apart import ORIGIN, Apart
from keepfit.compose.augment.made import PARENT_OF, Made
from keepfit.compose.fates import TRAINS, Fates
from keepfit.compose.manifest import CODED, SCHEMA, ManifestDigest, manifest_blocks
from keepfit.compose.merged import WideColumns, merged
from keepfit.compose.quality.admissible import Floats
from keepfit.compose.sources import Mask, Positions, SortedRows
from keepfit.records import Composition
from keepfit.tables.columns import PARENT, WEIGHT
from keepfit.tables.from_numpy import from_numpy
from keepfit.tables.unreadable import noted_ids, notes_for

FILES = ("train", "evaluate", "holdout")
OF_PARENT = pa.field(PARENT, pa.string())


@dataclass(frozen=True, kw_only=True)
class Composed:
    """The data set: which rows train, judge and stay apart, with the composition. Its tables are sorted by row id and made when they are asked for.

    A refit's `evaluate` are the rows that it is only looked over on: of the permanent holdout, from where those that judged its sibling came. Rows that were
    `made` stand below all others in the table that trains and in the manifest, in the order of their parents.
    """

    rows: SortedRows
    fates: Fates
    weight: Floats
    judges: Mask
    apart: Apart
    summary: Composition
    layout: WideColumns
    made: Made | None = None

    @cached_property
    def composition(self) -> Composition:
        """What is made of what, with the manifest's digest."""
        return self.told(self.manifest_blocks())

    def told(self, manifest: Iterable[pa.Table]) -> Composition:
        """Return the composition, the digest being of this manifest's blocks."""
        digest = ManifestDigest()
        for block in manifest:
            digest.add(block)
        return replace(self.summary, manifest=digest.told)

    @cached_property
    def train(self) -> pa.Table:
        """The rows that train, each with its `_weight`."""
        return self._table("train")

    @cached_property
    def evaluate(self) -> pa.Table:
        """The rows that judge."""
        return self._table("evaluate")

    @cached_property
    def holdout(self) -> pa.Table:
        """The rows that never train."""
        return self._table("holdout")

    @cached_property
    def manifest(self) -> pa.Table:
        """Each row of every window with its part, weight and reason, and each that was made."""
        schema = self._with_parents(SCHEMA.append(ORIGIN) if self.apart.relabels else SCHEMA)
        return pa.concat_tables([*(block.cast(schema) for block in self.manifest_blocks()), pa.Table.from_batches([], schema)]).combine_chunks()

    def manifest_blocks(self) -> Iterator[pa.Table]:
        """Yield the manifest, a block of rows at a time."""
        start, parents = 0, []
        for block in manifest_blocks(self.rows, self.fates, self.weight):
            lines = self.apart.marked(block, start)
            yield lines if self._made is None else lines.append_column(PARENT_OF, pa.nulls(len(lines), PARENT_OF.type))
            if self._made is not None:
                first, last = np.searchsorted(self._made.at, [start, start + len(block)])
                parents.append(lines.take(from_numpy(self._made.at[first:last] - start)))
            start += block.num_rows
        if self._made is not None:
            yield self._made.manifest(pa.concat_tables(parents), self.layout.id_column).combine_chunks()

    @property
    def manifest_schema(self) -> pa.Schema:
        """The columns of the manifest's blocks: with the origin of labels, where a rule set one."""
        return self._with_parents(CODED.append(ORIGIN) if self.apart.relabels else CODED)

    @property
    def _made(self) -> Made | None:
        """The rows that were made; None where none was."""
        return self.made if self.made is not None and len(self.made) else None

    def _with_parents(self, schema: pa.Schema) -> pa.Schema:
        return schema if self._made is None else schema.append(PARENT_OF)

    def schema(self, name: str) -> pa.Schema:
        """The columns of `train`, `evaluate` or `holdout`, and what is noted of the rows of its own."""
        schema, notes = self.layout.schema, self.layout.schema.metadata
        noted = pc.is_in(self.rows.row_id, value_set=pa.array(noted_ids(notes), pa.string())).to_numpy() & self._mask(name) if notes else None
        there = [] if noted is None else self.rows.row_id.filter(from_numpy(noted)).to_pylist()
        columns = schema.append(pa.field(WEIGHT, pa.float64())) if name == "train" else schema
        columns = columns.append(OF_PARENT) if name == "train" and self._made is not None else columns
        return columns.with_metadata(notes_for(notes, there))

    @property
    def judged_by_all_held(self) -> bool:
        """Whether `evaluate` and `holdout` are the same rows: of a first model, if each row that is held out has its label."""
        return bool(np.array_equal(self.judges, self._mask("holdout")))

    def blocks(self, *names: str) -> Iterator[tuple[str, pa.Table]]:
        """Yield the rows of these tables, a block at a time, each table's in its order; every window is read once."""
        masks = {name: self._mask(name) for name in names}
        chosen = np.flatnonzero(np.logical_or.reduce(list(masks.values())))
        for place, rows in merged(self.rows, self.layout, chosen):
            at = chosen[place]
            for name, mask in masks.items():
                there = mask[at]
                if there.any():
                    part = self.apart.relabelled(rows if there.all() else rows.filter(from_numpy(there)), at[there])
                    yield name, self._weighed(part, at[there]) if name == "train" else part
        if "train" in names and self._made is not None:
            yield "train", self._made.table

    def _weighed(self, part: pa.Table, at: Positions) -> pa.Table:
        """Rows that train with what each weighs; beside rows that were made with no parent."""
        found = part.append_column(WEIGHT, from_numpy(self.weight[at]))
        return found if self._made is None else found.append_column(OF_PARENT, pa.nulls(len(found), OF_PARENT.type))

    def _table(self, name: str) -> pa.Table:
        schema = self.schema(name)
        found = [rows.replace_schema_metadata(schema.metadata) for _, rows in self.blocks(name)]
        return pa.concat_tables([*found, pa.Table.from_batches([], schema)]).combine_chunks()

    def _mask(self, name: str) -> Mask:
        return self.judges if name == "evaluate" else self.fates.where(*(TRAINS if name == "train" else (name,)))
