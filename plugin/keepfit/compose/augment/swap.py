"""The augmentation `swap`: categories are taken from another row of the same slice and class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from keepfit.compose.augment.augmentation import AugmentPlan, Changed, Names, SomeNames, check_kinds, chosen_columns
from keepfit.errors import ParamsError, UnknownNameError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from keepfit.compose.augment.augmentation import SomeRows
    from keepfit.params import Params

TENTHS = 10
TRIES = 3


@dataclass(frozen=True, kw_only=True)
class Swap:
    """The columns are those of a donor: another row that trains, of the same slice and class (of a number: of the same tenth of the target).

    All `columns` come from one donor, so what belongs together stays together if it is named together. `within` are slicing columns of which donor and
    row have the same value; none: the class alone. Blind to what the columns say together with those that stay.
    """

    name: ClassVar[str] = "swap"
    words: ClassVar[str] = "categories of another row of the slice and class"
    within: Names
    columns: SomeNames | None = None

    def prepared(self, params: Params) -> AugmentPlan:
        """Change the columns that are named, or every categorical feature but those it swaps within."""
        slicing, kinds = list(params.sliced), params.data.features
        for name in self.within:
            if name not in slicing:
                raise UnknownNameError("slicing column", name, known=slicing)
        usual = [name for name, kind in kinds.items() if kind == "categorical" and name not in self.within]
        columns = chosen_columns(self.columns, usual, params)
        if not columns:
            raise ParamsError("there is no categorical feature to swap", fix="name columns, or take it out")
        check_kinds([name for name in columns if kinds[name] != "numeric"] or columns, "categorical", params)
        both = [name for name in self.within if name in columns]
        if both:
            raise ParamsError(f"the column {both[0]!r} cannot be swapped within its own values", fix="take it out of columns, or of within")
        return AugmentPlan(columns=columns, slices=self.within)

    def change(self, copies: SomeRows, known: SomeRows, params: Params) -> Changed:
        """Take the columns of a donor; a row that has none stays as it is."""
        import pyarrow as pa

        columns = self.prepared(params).columns
        donors = self._donors(copies, known, params)
        rows = pa.concat_tables([table.select(list(columns)) for table in (copies.features, known.features)])
        taken = rows.take(pa.array(donors))
        return Changed(columns={name: taken[name] for name in columns})

    def _donors(self, copies: SomeRows, known: SomeRows, params: Params) -> npt.NDArray[np.int64]:
        """For each copy the place of its donor among copies and known rows: its own where there is none."""
        import numpy as np

        from keepfit.compose.draws import uniform

        groups = _groups(copies, known, params)
        own, theirs = groups[: len(copies)], groups[len(copies) :]
        order = np.lexsort((known.hashes, theirs))
        first, last = (np.searchsorted(theirs[order], own, side=side) for side in ("left", "right"))
        same = _whole_rows(copies, known, self.prepared(params).columns)
        found = np.arange(len(copies))
        for attempt in range(TRIES):
            place = first + np.floor(uniform(copies.hashes, f"donor {attempt}") * (last - first)).astype(np.int64)
            donor = order[np.minimum(place, len(order) - 1)]
            other = (last > first) & (found == np.arange(len(copies))) & (same[len(copies) + donor] != same[: len(copies)])
            found[other] = len(copies) + donor[other]
        return found


def _groups(copies: SomeRows, known: SomeRows, params: Params) -> npt.NDArray[np.int64]:
    """A code for each row, of the copies and then of the known ones: equal where slice and class are."""
    import numpy as np

    label = known.label
    if params.model.task == "classification":
        parts = [np.concatenate([copies.label, label])]
    else:
        edges = np.unique(np.quantile(label, np.arange(1, TENTHS) / TENTHS))
        parts = [np.concatenate([np.searchsorted(edges, copies.label), np.searchsorted(edges, label)])]
    for name, column in copies.slices.items():
        theirs = known.slices[name]
        place = {text: at for at, text in enumerate(dict.fromkeys((*column.names, *theirs.names)))}
        parts.append(np.concatenate([np.array([place[text] for text in one.names], np.int64)[one.codes] for one in (column, theirs)]))
    code = np.zeros(len(copies) + len(known), np.int64)
    for values in parts:
        named = np.unique(values, return_inverse=True)[1]
        code = np.unique(code * (int(named.max(initial=0)) + 1) + named, return_inverse=True)[1]
    return code


def _whole_rows(copies: SomeRows, known: SomeRows, columns: tuple[str, ...]) -> npt.NDArray[np.int64]:
    """A code for each row, of the copies and then of the known ones: equal where all these columns are."""
    import numpy as np
    import pyarrow as pa

    code = np.zeros(len(copies) + len(known), np.int64)
    rows = pa.concat_tables([table.select(list(columns)) for table in (copies.features, known.features)])
    for name in columns:
        named = rows[name].combine_chunks().dictionary_encode(null_encoding="encode").indices.to_numpy()
        code = np.unique(code * (int(named.max(initial=0)) + 1) + named, return_inverse=True)[1]
    return code
