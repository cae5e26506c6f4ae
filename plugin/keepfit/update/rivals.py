"""The champion beside its rivals, row by row: a scout (a retraining on what was known before the window) and the champion that served before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepfit.errors import KeepfitError
from keepfit.monitor.champion import Floats, Scores
from keepfit.monitor.performance import regret_evidence, scout_evidence
from keepfit.params import Params
from keepfit.records import Evidence, EvidenceKind
from keepfit.slices.name import OVERALL
from keepfit.stats.clusters import RowOrigins, codes_of
from keepfit.stats.looks import confidence_at
from keepfit.tables.labels import labels
from keepfit.tables.origins import origins
from keepfit.update.promise import metric_for, metric_of

WHY_CHARS = 300
UNREAD = "both give the same answers: does the training read the rows that were added?"


@dataclass(frozen=True, kw_only=True)
class Paired:
    """Labels, the champion's and a rival's scores of the same rows, and when and whose the rows are; `trained` rows made the rival (0: not known)."""

    y: Floats
    champion: Floats
    rival: Floats
    origins: RowOrigins = field(default_factory=RowOrigins)
    trained: int = 0


@dataclass(frozen=True, kw_only=True)
class LabelledRows:
    """The labelled rows that judge a rival, with their labels and the champion's scores: the rival is asked for its own."""

    params: Params
    rows: pa.Table
    y: Floats
    champion: Floats

    @classmethod
    def of(cls, params: Params, table: pa.Table, scores: Floats) -> LabelledRows:
        """Take the rows of a table that have a label."""
        y = labels(params, table)
        known = ~np.isnan(y)
        return cls(params=params, rows=table.filter(pa.array(known)), y=y[known], champion=scores[known])

    def among(self, ids: Collection[str], key: str) -> LabelledRows:
        """Take those rows only whose id, in the column `key`, is one of these."""
        kept = pc.is_in(self.rows[key].cast(pa.string()), value_set=pa.array(list(ids), pa.string()))
        mask = np.array(kept.to_pylist(), np.bool_)
        return LabelledRows(params=self.params, rows=self.rows.filter(kept), y=self.y[mask], champion=self.champion[mask])

    def of_another(self, scores: Floats) -> LabelledRows:
        """Take the same rows with another model's scores in the champion's place."""
        return replace(self, champion=scores)

    def beside(self, answer: Scores, *, trained: int = 0) -> Paired:
        """Put a rival's answer to the rows beside the champion's; `TrainError` if the metric needs probabilities the rival does not have."""
        metric_for(self.params, "the rival", only_labels=answer.only_labels)
        return Paired(y=self.y, champion=self.champion, rival=answer.values, origins=origins(self.params.data, self.rows), trained=trained)


def scout_gain(params: Params, found: Paired) -> Evidence:
    """Return what a retraining on the windows before this one gains."""
    return replace(_gain(params, found), n_reference=found.trained)


def newer_gain(params: Params, found: Paired) -> Evidence:
    """Return what the rows of one more window brought: the scout against the one before it, which stands in the champion's place."""
    gain = replace(_gain(params, found), kind="newer", n_reference=found.trained)
    same = len(found.y) > 0 and np.array_equal(found.champion, found.rival)
    return replace(gain, detail="; ".join(part for part in (gain.detail, UNREAD) if part)) if same else gain


def _gain(params: Params, found: Paired) -> Evidence:
    metric, clusters = metric_of(params), codes_of([found.origins])
    return scout_evidence(found.y, found.champion, found.rival, metric=metric, confidence=params.update.confidence, clusters=clusters)


def regret_since(params: Params, found: Sequence[Paired], *, version: str) -> Evidence:
    """Return what the previous champion (`version`) would have gained on the rows of all these windows together.

    Each window since the promotion is one more look, and the bounds hold over all of them.
    """
    y, a, b = (np.concatenate(parts) for parts in zip(*((one.y, one.champion, one.rival) for one in found), strict=True))
    confidence, clusters = confidence_at(len(found), confidence=params.update.confidence), codes_of([one.origins for one in found])
    return regret_evidence(y, a, b, version=version, metric=metric_of(params), confidence=confidence, clusters=clusters)


def same_model(metric: str, *, n: int, trained: int = 0, refit: bool = True) -> Evidence:
    """Return what a retraining gains that would be the champion itself, on `n` rows; `trained` rows made it, 0: not known.

    With a refit it would still be newer by a window; without one there is nothing to retrain for, and no debt to know.
    """
    gain, said = 0.0 if refit else None, "a retraining would be the champion itself"
    return Evidence(kind="scout", subject=OVERALL, detector=metric, statistic=gain, effect=gain, low=gain, high=gain, n=n, n_reference=trained, detail=said)


def impossible(kind: EvidenceKind, metric: str, why: KeepfitError, *, subject: str = OVERALL) -> Evidence:
    """Return evidence that could not be had, and why."""
    said = f"not measured: {why.what}"[:WHY_CHARS]
    return Evidence(kind=kind, subject=subject, detector=metric, statistic=None, effect=None, n=0, n_reference=0, detail=said)
