"""What a sampler is: it takes the pool (every labelled row that may train) and says which of its rows train, and with what weight.

It is looked up by its name (`sampler` of a recipe in params.yaml, or `compose.sampler`; entry points `keepfit.samplers`) and its own fields stand below
it. A new one is a file beside this one, or a class of another package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from keepfit.compose.draws import Hashes
    from keepfit.compose.quality.admissible import Floats
    from keepfit.compose.sources import Mask, Texts
    from keepfit.compose.strata import Coded
    from keepfit.compose.words import Words
    from keepfit.records import Stratum


@dataclass(frozen=True, kw_only=True)
class Pool:
    """Rows that may train, in the order of their ids; `order` lists their windows, the oldest first.

    `features` are the columns of `data.features`, `time` is naive, `weight` is what each row weighs before the draw: 1, or what makes the classes of the
    pool equal where a recipe balances them. `slices` are the slicing columns that the recipe names. `own` is what people's rules on single rows
    (`curation/`) multiply a row's weight by, after the draw and before the recipe's weights; None: they weigh none. `class_names`: the classes that the
    labels are codes of, where there are more than two.
    """

    row_id: Texts
    window: Texts
    time: npt.NDArray[np.datetime64]
    label: Floats
    weight: Floats
    features: pa.Table
    order: Sequence[str]
    slices: Mapping[str, Coded] = field(default_factory=dict)
    own: Floats | None = None
    class_names: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.label)

    def column(self, name: str) -> Coded:
        """Return the strata of a column: of `class`, of `window`, or of a slicing column that the recipe names."""
        import pyarrow as pa

        from keepfit.compose.strata import WINDOWS, classes, coded
        from keepfit.records import CLASS

        if name == CLASS:
            return classes(self.label, self.class_names)
        return coded(name, pa.array(self.window, pa.string())) if name == WINDOWS else self.slices[name]

    @cached_property
    def hashes(self) -> Hashes:
        """A hash of each row's id, from which draws make its rank (`compose/draws.py`)."""
        from keepfit.compose.draws import row_hashes

        return row_hashes(self.row_id)

    @cached_property
    def ages(self) -> npt.NDArray[np.int64]:
        """How many windows each row is older than the newest window of the pool."""
        import numpy as np
        import pyarrow as pa

        coded = pa.array(self.window, pa.string()).dictionary_encode()
        place = {name: len(self.order) - 1 - at for at, name in enumerate(self.order)}
        ages = np.array([place[name] for name in coded.dictionary.to_pylist()], dtype=np.int64)
        found: npt.NDArray[np.int64] = ages[coded.indices.to_numpy()]
        return found

    def rows(self, keep: Mask) -> Pool:
        """Return the pool of these rows only, with the windows that have one."""
        import pyarrow as pa

        window = self.window[keep]
        present = set(window)
        return replace(
            self,
            row_id=self.row_id[keep],
            window=window,
            time=self.time[keep],
            label=self.label[keep],
            weight=self.weight[keep],
            features=self.features.filter(pa.array(keep)) if self.features.num_columns else self.features,
            order=[name for name in self.order if name in present],
            slices={name: column.rows(keep) for name, column in self.slices.items()},
            own=None if self.own is None else self.own[keep],
        )


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A sampler's word on each row of the pool: its part (`train`, `replay` or `out`) and the reason, and of those that train the weight.

    `weight` None: all that train weigh the same. A row that is to count for nothing is `out`; a weight is above 0. The weights of a recipe
    (`compose/weights/`) are multiplied with it afterwards. `strata` is what became of the rows that a recipe names. `CodedDraw` says the same in codes.
    """

    part: Texts
    reason: Texts
    weight: Floats | None = None
    strata: tuple[Stratum, ...] = ()

    @cached_property
    def parts(self) -> Words:
        """The parts in codes."""
        from keepfit.compose.words import Words

        return Words.of(self.part)

    @cached_property
    def reasons(self) -> Words:
        """The reasons in codes."""
        from keepfit.compose.words import Words

        return Words.of(self.reason)

    @cached_property
    def trains(self) -> Mask:
        """The rows that train."""
        return self.parts.among("train", "replay")

    def but(
        self, *, parts: Words | None = None, reasons: Words | None = None, weight: Floats | None = None, strata: tuple[Stratum, ...] | None = None
    ) -> CodedDraw:
        """Return the same but for what is given, in codes."""
        return CodedDraw(
            part=self.parts if parts is None else parts,
            reason=self.reasons if reasons is None else reasons,
            weight=self.weight if weight is None else weight,
            strata=self.strata if strata is None else strata,
        )


class CodedDraw(Drawn):
    """A `Drawn` that is given codes (`compose/words.py`), whose texts are made when they are asked for: of ten million rows they would be a gigabyte."""

    def __init__(self, *, part: Words | Texts, reason: Words | Texts, weight: Floats | None = None, strata: tuple[Stratum, ...] = ()) -> None:
        from keepfit.compose.words import Words

        parts, reasons = (said if isinstance(said, Words) else Words.of(said) for said in (part, reason))
        self.__dict__.update(parts=parts, reasons=reasons, weight=weight, strata=strata)

    @cached_property
    def part(self) -> Texts:
        """The parts, as Python's text."""
        return self.parts.texts

    @cached_property
    def reason(self) -> Texts:
        """The reasons, as Python's text."""
        return self.reasons.texts


class Sampler(Protocol):
    """Chooses the training rows: the same pool, fields and seed give the same answer, and no row is added."""

    name: ClassVar[str]

    @property
    def windows_needed(self) -> int | None:
        """How many of the newest windows with labels it looks at, None for all: older ones need not be read."""

    def draw(self, pool: Pool, *, rng: np.random.Generator) -> Drawn:
        """Say of each row where it goes; chance comes from `rng` only."""
