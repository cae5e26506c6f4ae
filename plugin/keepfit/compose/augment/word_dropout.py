"""The augmentation `word_dropout`: some words of a text are left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from keepfit.compose.augment.augmentation import AugmentPlan, Changed, SomeNames, check_kinds, chosen_columns
from keepfit.errors import ParamsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from keepfit.compose.augment.augmentation import SomeRows
    from keepfit.compose.draws import Hashes
    from keepfit.compose.quality.admissible import Floats
    from keepfit.params import Params

WORD = re.compile(r"\S+\s*")


@dataclass(frozen=True, kw_only=True)
class WordDropout:
    """Each word of a text is left out with the chance `rate`, at least one stays; words are what stands between spaces.

    What stays keeps its order and spelling. Blind to which word the label hangs on, and to languages without spaces: a text of one word stays as it is.
    """

    name: ClassVar[str] = "word_dropout"
    words: ClassVar[str] = "words of texts left out"
    columns: SomeNames | None = None
    rate: Annotated[float, Field(gt=0, lt=1)] = 0.1

    def prepared(self, params: Params) -> AugmentPlan:
        """Change the columns that are named, or every text."""
        usual = [name for name, kind in params.data.features.items() if str(kind) == "text"]
        columns = chosen_columns(self.columns, usual, params)
        check_kinds(columns, "text", params)
        if not columns:
            raise ParamsError("there is no feature of the kind text to leave words out of", fix="another augmentation, or take it out")
        return AugmentPlan(columns=columns)

    def change(self, copies: SomeRows, known: SomeRows, params: Params) -> Changed:  # noqa: ARG002 - every augmentation is given the rows that train
        """Leave words out of the copies' texts."""
        return Changed(columns={name: self._shortened(name, copies) for name in self.prepared(params).columns})

    def _shortened(self, name: str, copies: SomeRows) -> pa.Array:
        import numpy as np
        import pyarrow as pa

        texts = copies.features[name].to_pylist()
        words = [WORD.findall(text) if text else [] for text in texts]
        counts = np.array([len(each) for each in words], np.int64)
        ends = np.cumsum(counts)
        draws = self._draws(name, copies.hashes, counts)
        found = [_without(text, each, draws[end - len(each) : end], self.rate) for text, each, end in zip(texts, words, ends.tolist(), strict=True)]
        return pa.array(found, copies.features[name].type)

    def _draws(self, name: str, hashes: Hashes, counts: npt.NDArray[np.int64]) -> Floats:
        """A number from 0 to 1 for each word of each text, which its row and its place decide."""
        import numpy as np

        from keepfit.compose.draws import mixed, uniform

        place = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        return uniform(mixed(np.repeat(hashes, counts) ^ mixed(place.astype(np.uint64))), f"leave out of {name}")


def _without(text: str | None, words: Sequence[str], draws: Floats, rate: float) -> str | None:
    """The text without the words that were drawn to leave; of those the last drawn stays if no other does."""
    stays = draws >= rate
    if text is None or len(words) < 2 or stays.all():
        return text
    stays[int(draws.argmax())] = True
    return "".join(word for word, kept in zip(words, stays.tolist(), strict=True) if kept).rstrip()
