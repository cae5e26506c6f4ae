"""A model sent to where rows are: its files' bytes, loaded once a process, after their digest was computed anew."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit.errors import TrainError
from keepfit.flows.models.files_digest import files_digest
from keepfit.flows.models.scoring import open_scorer
from keepfit.monitor.champion import Scores

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.integrations.models.scorer import Scorer

_LOADED: dict[tuple[str, tuple[str, ...] | None], tuple[Scorer, tempfile.TemporaryDirectory[str]]] = {}
"""The models of this process, by digest and by the order of their classes, each with the folder that its code may still be read from."""


@dataclass(frozen=True, kw_only=True)
class ShippedModel:
    """A model that answers for rows in any process; `classes` is the order that a model of many classes is asked in.

    Loading a model runs code of its files: ship only a model whose digest was checked.
    """

    digest: str
    files: tuple[tuple[str, bytes], ...] = field(repr=False)
    classes: tuple[str, ...] | None = None

    @classmethod
    def of(cls, folder: Path, classes: Sequence[str] | None = None) -> ShippedModel:
        """Take the model in a folder along; its digest is that of all its files."""
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        shipped = tuple((path.relative_to(folder).as_posix(), path.read_bytes()) for path in files)
        return cls(digest=files_digest(folder), files=shipped, classes=None if classes is None else tuple(classes))

    def __call__(self, table: pa.Table) -> Scores:
        """Ask the model for rows; raises `TrainError` where its files are not those that were sent, and as scorers do."""
        from keepfit.tables.frames import to_frame

        answer = self._scorer.answer(to_frame(table))
        return Scores(answer.scores, only_labels=answer.only_labels)

    @property
    def _scorer(self) -> Scorer:
        key = (self.digest, self.classes)
        if key not in _LOADED:
            _LOADED[key] = self._load()
        return _LOADED[key][0]

    def _load(self) -> tuple[Scorer, tempfile.TemporaryDirectory[str]]:
        kept = tempfile.TemporaryDirectory(prefix="keepfit-model-")
        folder = Path(kept.name)
        for name, content in self.files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        found = files_digest(folder)
        if found != self.digest:
            kept.cleanup()
            raise TrainError(f"the model that came here is {found[:19]}…, {self.digest[:19]}… was sent", where=str(folder), fix="run it again")
        return open_scorer(folder, classes=self.classes), kept
