"""What an augmentation is: it takes copies of rows that train and changes some of their features, so that a model learns what should not matter.

It is looked up by its name (`augment` of a recipe in params.yaml, entry points `keepfit.augmentations`) and its own fields stand below it, beside `share` and
`weight`, which every one has. It never sees a row that judges or is held out, and says nothing of labels, times or weights: a made row has its
parent's. A new one is a file beside this one, or a class of another package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Protocol

from pydantic import BeforeValidator, Field

from keepfit.errors import ParamsError, UnknownNameError

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.compose.draws import Hashes
    from keepfit.compose.quality.admissible import Floats
    from keepfit.compose.strata import Coded
    from keepfit.params import Params


@dataclass(frozen=True, kw_only=True)
class AugmentPlan:
    """What an augmentation works on, as `prepared` says: the features that it changes, and the slicing columns that it looks at."""

    columns: tuple[str, ...]
    slices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SomeRows:
    """Some of the rows that train: all columns of `data.features`, the labels, the slicing columns asked for, and a hash of each row from which it draws.

    Rows to learn from have what is derived from their times beside it (`data.time_features`), which no augmentation changes. A row's draws are its own:
    `uniform(rows.hashes, "what for")` of `compose/draws.py` is the same whatever rows stand beside it.
    """

    features: pa.Table
    label: Floats
    hashes: Hashes
    slices: Mapping[str, Coded] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.label)


@dataclass(frozen=True, kw_only=True)
class Changed:
    """The columns that are other than the parents', each with a value for every row, in the type that it had; `notes` are sentences for a page.

    A row that comes out as its parent is not kept, so an augmentation need not see to that.
    """

    columns: Mapping[str, pa.Array | pa.ChunkedArray]
    notes: tuple[str, ...] = ()


class Augmentation(Protocol):
    """Changes copies of rows: the same rows, fields and seed give the same, and no row's change depends on what other copies are made beside it."""

    name: ClassVar[str]
    words: ClassVar[str]
    """What it does to a row, for a table."""

    def prepared(self, params: Params) -> AugmentPlan:
        """Return what it works on; raises `ParamsError` or `UnknownNameError` for columns that it cannot change."""

    def change(self, copies: SomeRows, known: SomeRows, params: Params) -> Changed:
        """Return the changed columns of these copies; `known` are rows that train to learn from, at most `MOST_KNOWN`, in the order of their ids.

        Raises `ParamsError` where none of its columns can be changed.
        """


MOST_KNOWN = 100_000


def _alone(names: Any) -> Any:
    return (names,) if isinstance(names, str) else names


Names = Annotated[tuple[str, ...], BeforeValidator(_alone)]
"""Columns by name; one may stand alone."""
SomeNames = Annotated[Names, Field(min_length=1)]


def chosen_columns(said: Sequence[str] | None, usual: Sequence[str], params: Params) -> tuple[str, ...]:
    """Return the features that an augmentation is told to change, or those that it usually does; raises for one that is none."""
    for name in said or ():
        if name not in params.data.features:
            raise UnknownNameError("feature", name, known=list(params.data.features))
    return tuple(dict.fromkeys(said)) if said is not None else tuple(usual)


def check_kinds(columns: Sequence[str], kind: str, params: Params) -> None:
    """Raise `ParamsError` for the first column that is a feature of another kind."""
    for name in columns:
        has = str(params.data.features[name])
        if has != kind:
            known = [one for one, its in params.data.features.items() if str(its) == kind]
            fix = f"columns: [{', '.join(known[:3])}]" if known else "another augmentation, or take it out"
            raise ParamsError(f"the feature {name!r} is {has}, not {kind}", fix=fix)
