"""The augmentation `jitter`: numbers are moved within their measured noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from keepfit.compose.augment.augmentation import AugmentPlan, Changed, SomeNames, check_kinds, chosen_columns
from keepfit.errors import ParamsError

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.compose.augment.augmentation import SomeRows
    from keepfit.compose.quality.admissible import Floats
    from keepfit.params import Params

SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Jitter:
    """Each number moves by up to `within` times its measured noise (`noise.py`), up or down, evenly: what rows that are alike otherwise differ by.

    Whole numbers stay whole, NULL stays NULL, and no number leaves the range of those that are known. Columns move apart from one another. A column
    without noise stays as it is. Blind to a label that turns within the noise: there a made row has the wrong one.
    """

    name: ClassVar[str] = "jitter"
    words: ClassVar[str] = "numbers moved within their measured noise"
    columns: SomeNames | None = None
    within: Annotated[float, Field(gt=0, le=10)] = 1.0

    def prepared(self, params: Params) -> AugmentPlan:
        """Change the columns that are named, or every numeric feature."""
        usual = [name for name, kind in params.data.features.items() if kind == "numeric"]
        columns = chosen_columns(self.columns, usual, params)
        check_kinds(columns, "numeric", params)
        if not columns:
            raise ParamsError("there is no numeric feature to move", fix="another augmentation, or take it out")
        return AugmentPlan(columns=columns)

    def change(self, copies: SomeRows, known: SomeRows, params: Params) -> Changed:
        """Move the numbers of the copies; raises `ParamsError` where no column has noise."""
        from keepfit.compose.augment.noise import measured_noise

        columns = self.prepared(params).columns
        numbers = [name for name in columns if _is_number(known.features[name].type)]
        noise = measured_noise(known, numbers)
        still = [name for name in columns if not noise.get(name)]
        if len(still) == len(columns):
            what = f"{', '.join(still[:SHOWN])}: no noise to move within, as rows that are alike otherwise have the same numbers"
            raise ParamsError(what, fix="other columns, or take it out")
        notes = (f"without noise, and left as they are: {', '.join(still)}",) if still else ()
        return Changed(columns={name: self._moved(name, noise[name], copies, known) for name in columns if name not in still}, notes=notes)

    def _moved(self, name: str, noise: float, copies: SomeRows, known: SomeRows) -> pa.Array:
        import numpy as np
        import pyarrow as pa

        from keepfit.compose.augment.noise import as_floats
        from keepfit.compose.draws import uniform

        kind, were, seen = copies.features[name].type, as_floats(copies.features[name]), as_floats(known.features[name])
        seen = seen[np.isfinite(seen)]
        moved: Floats = were + (2 * uniform(copies.hashes, f"move {name}") - 1) * self.within * noise
        if pa.types.is_integer(kind) or bool((seen == np.round(seen)).all()):
            moved = np.round(moved)
        moved = folded(moved, np.minimum(were, seen.min()), np.maximum(were, seen.max()))
        there = np.isfinite(were)
        values = np.where(there, moved, were)
        return pa.array(values, pa.float64(), mask=np.isnan(values)).cast(kind)


def folded(values: Floats, low: Floats, high: Floats) -> Floats:
    """Return the values turned back at the ends as often as it takes: cut off, they would pile up there.

    >>> import numpy as np
    >>> folded(np.array([5.0, 11.0, -3.0, 23.0]), np.zeros(4), np.full(4, 10.0)).tolist()
    [5.0, 9.0, 3.0, 3.0]
    """
    import numpy as np

    span = np.where(high > low, high - low, 1.0)
    place = np.mod(values - low, 2 * span)
    turned: Floats = low + np.minimum(place, 2 * span - place)
    return np.where((values < low) | (values > high), np.clip(turned, low, high), values)


def _is_number(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))
