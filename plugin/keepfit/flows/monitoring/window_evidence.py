"""What a window says of the champion: drift against the reference inside the model, performance where labels are there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from keepfit import plugins
from keepfit.errors import ProjectError
from keepfit.flows.models.scoring import open_scorer
from keepfit.flows.project import Project
from keepfit.integrations.models.scorer import is_model
from keepfit.params import Params
from keepfit.profiles.identity import identity_of_bytes
from keepfit.records import PREDICTION, Basis, Composition, Evidence, EvidenceKind, ModelMeta, Profile, Reference, ShareCount, ValueForm, Window, from_json
from keepfit.slices.name import Slice

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

    from keepfit.integrations.models.answer import Answer
    from keepfit.integrations.models.scorer import Scorer
    from keepfit.monitor.compare import Drift
    from keepfit.monitor.rules.rule import EvidenceRule
    from keepfit.profiles.profile import Layout
    from keepfit.profiles.stored import ReadTable
    from keepfit.stats.metric import Metric

    Floats = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]

REFERENCE = "profile.json"
LABELS_ONLY = "not measured: the model answers labels only; let it answer probabilities (predict_proba, or train.predict with a column 'probability')"


@dataclass(frozen=True, kw_only=True)
class Champion:
    """The model that serves, with the profiles of the days it was trained on, or of those it is compared with (`stream`: the name they go by)."""

    params: Params
    scorer: Scorer
    reference: Reference
    basis: Basis
    composition: Composition | None = None
    stream: str = ""

    @property
    def meta(self) -> ModelMeta:
        """What keepfit knows of the model."""
        return self.scorer.meta

    @cached_property
    def total(self) -> Profile:
        """The reference's sum."""
        from keepfit.profiles.profile import total

        return total(self.reference)

    @cached_property
    def layout(self) -> Layout:
        """The reference's edges and categories."""
        from keepfit.profiles.profile import layout_of

        return layout_of(self.reference)

    @cached_property
    def forms(self) -> Mapping[str, ValueForm]:
        """What each feature's values are: as its meta says, else as its reference gives away."""
        from keepfit.profiles.stored import forms_of_layout

        return self.meta.values or forms_of_layout(self._features)

    @property
    def _features(self) -> Layout:
        return {name: column for name, column in self.layout.items() if name in self.meta.features}

    def read(self, table: pa.Table) -> ReadTable:
        """Return rows as the champion knows its features, whatever stores them."""
        from keepfit.profiles.stored import as_known

        return as_known(table, self._features, self.forms)

    def profile(self, table: pa.Table, scores: Floats, window: Window) -> Profile:
        """Count a window's features, predictions and targets; rows without a label are no missing targets, they wait for one."""
        read = self.read(table)
        return read.without_lost(self._counted(read.table, scores, window))

    def _counted(self, table: pa.Table, scores: Floats, window: Window) -> Profile:
        import pyarrow as pa

        from keepfit.profiles.profile import profile_table

        target = self.meta.target
        there = set(table.column_names)
        seen = table.select([name for name in self.meta.features if name in there]).append_column(PREDICTION, pa.array(scores))
        features = profile_table(seen, {name: column for name, column in self.layout.items() if name != target}, window.id)
        features = replace(features, shares=self._shares(table, scores))
        if target not in table.column_names or target not in self.layout:
            return features
        labels = table.select([target]).drop_null()
        labelled = profile_table(labels, {target: self.layout[target]}, window.id)
        return replace(features, columns={**features.columns, **(labelled.columns if labels.num_rows else {})})

    def _shares(self, table: pa.Table, scores: Floats) -> Mapping[str, ShareCount]:
        """Count the pairs that the reference counts, and the model's errors where labels are there."""
        from keepfit.profiles.shares import error_shares, pair_shares, size_shares, spread_of
        from keepfit.tables.frames import to_frame
        from keepfit.tables.labels import labels

        features = self._features
        pairs = pair_shares(table, features) if any(profile.shares for profile in self.reference.profiles) else {}
        if self.meta.target not in table.column_names:
            return pairs
        y = labels(self.params, to_frame(table.select([self.meta.target])))
        if self.params.model.task == "regression":
            return {**pairs, **size_shares(y, scores, spread=spread_of(self.total.columns.get(self.meta.target)))}
        return {**pairs, **error_shares(table, features, y=y, scores=scores)}

    def steps(self, table: pa.Table, scores: Floats, window: Window) -> tuple[Profile, ...]:
        """Count a window's base windows, as long as the reference's (a month's days); none where it is one itself or cannot be cut."""
        from keepfit.tables.base_windows import base_windows

        parts = base_windows(table, scores, window, time=self.params.data.time, reference=self.reference)
        return tuple(self.profile(rows, own, base) for rows, own, base in parts)

    @cached_property
    def rule(self) -> EvidenceRule:
        """The rule that calls a change drift (params.yaml: monitor.evidence), made for this champion's reference."""
        from keepfit.monitor.evidence import choose_detectors
        from keepfit.monitor.rules.rule import Watch, rule_for

        monitor = self.params.monitor
        watch = Watch(
            reference=self.reference,
            columns=tuple(choose_detectors(monitor.columns, self.layout)),
            kinds=self.kinds,
            false_alerts_per_1000_windows=monitor.false_alerts_per_1000_windows,
            min_effect=monitor.min_effect,
            alpha=monitor.alpha,
            min_rows=monitor.min_rows,
            labels=True,
            stream=self.stream,
        )
        return rule_for(monitor.evidence, watch)

    @property
    def kinds(self) -> Mapping[str, EvidenceKind]:
        """Which columns are no features."""
        return {self.meta.target: "target", PREDICTION: "prediction"}

    def drift(self, profile: Profile) -> Drift:
        """Compare a window's profile with the reference, column by column."""
        from keepfit.monitor.compare import Thresholds, drift_of

        monitor = self.params.monitor
        return drift_of(
            self.total,
            profile,
            thresholds=Thresholds(min_effect=monitor.min_effect, alpha=monitor.alpha, min_rows=monitor.min_rows),
            rules=monitor.columns,
            kinds=self.kinds,
        )


@dataclass(frozen=True, kw_only=True)
class Measured:
    """The champion's metric on all labelled rows of a window, with its interval, and the evidence: overall, then by slice."""

    labelled: int
    value: float | None
    low: float | None
    high: float | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What a champion is held to: a `value`, or, a first model in its first labelled window, the `certificate` of its training's own period."""

    value: float | None = None
    certificate: float | None = None


def performance(params: Params, promise: Promise, frame: pd.DataFrame, answer: Answer) -> Measured:
    """Measure the champion where labels are there; only the whole is held to a promise, slices are told.

    Raises `TrainError` if it answers labels only and the metric that decides needs probabilities.
    """
    import numpy as np

    from keepfit.monitor.performance import performance_evidence
    from keepfit.tables.labels import labels
    from keepfit.update.policy import CERTIFICATE

    metric = metric_for(params, "the champion", only_labels=answer.only_labels)
    y, scores, confidence = labels(params, frame), answer.scores, params.update.confidence
    overall = performance_evidence(y, scores, metric=metric, promised=promise.value, confidence=confidence)
    known = ~np.isnan(y)
    low, high = (None, None) if overall.statistic is None else metric.interval(y[known], scores[known], confidence)
    slices = tuple(
        performance_evidence(y[mask], scores[mask], metric=metric, promised=None, confidence=confidence, subject=name)
        for name, mask in _slices(params, frame, known).items()
    )
    certified = [
        performance_evidence(y, scores, metric=metric, promised=value, confidence=confidence, subject=CERTIFICATE)
        for value in (promise.certificate,)
        if value is not None
    ]
    evidence = (overall, *certified, *_told(params, y, answer), *slices)
    return Measured(labelled=int(known.sum()), value=overall.statistic, low=low, high=high, evidence=evidence)


def _told(params: Params, y: Floats, answer: Answer) -> tuple[Evidence, ...]:
    """What a classifier's labels say beside the metric that decides: how often it is wrong, and if its probabilities come true; held to no promise."""
    from keepfit.monitor.calibration import calibration_evidence
    from keepfit.monitor.performance import performance_evidence
    from keepfit.stats.metrics import ErrorRate

    if params.model.task != "classification":
        return ()
    scores = answer.scores
    confidence, wrong = params.update.confidence, ErrorRate()
    decided = params.evaluate.metric == wrong.name
    errors = () if decided else (performance_evidence(y, scores, metric=wrong, promised=None, confidence=confidence),)
    calibration = calibration_evidence(y, scores, confidence=confidence)
    return (*errors, replace(calibration, statistic=None, detail=LABELS_ONLY) if answer.only_labels else calibration)


def _slices(params: Params, frame: pd.DataFrame, known: Mask) -> dict[str, Mask]:
    """The labelled rows of each slice that has enough of them."""
    from keepfit.slices.masks import slice_masks

    evaluate = params.evaluate
    least = {column: evaluate.slices[column].min_rows or evaluate.min_rows for column in evaluate.slices if column in frame}
    masks = slice_masks({column: frame[column].tolist() for column in least})
    return {name: mask & known for name, mask in masks.items() if (mask & known).sum() >= least[Slice.parse(name).column or ""]}


def project_metric(params: Params) -> Metric:
    """The metric that decides (params.yaml: evaluate.metric)."""
    metric: Metric = plugins.load("metrics", params.evaluate.metric, where="params.yaml: evaluate.metric")()
    return metric


def metric_for(params: Params, who: str, *, only_labels: bool) -> Metric:
    """The metric that decides; raises `TrainError` if it needs probabilities and `who` answers labels only."""
    from keepfit.evaluate.scorecard import measures_labels, needs_probabilities

    metric = project_metric(params)
    if only_labels and not measures_labels(metric):
        raise needs_probabilities(metric, who)
    return metric


def load_champion(project: Project) -> Champion:
    """Load the champion that baseline.json pins; raises `ProjectError` if its files are not there."""
    folder = project.champion_dir
    if not is_model(folder):
        raise ProjectError("the champion's files are not here", where=str(folder), fix="dvc checkout models/champion.dvc, or keepfit sync")
    composition, stored = _composition(folder), _stored_reference(folder / REFERENCE)
    return Champion(
        params=project.params,
        scorer=project_scorer(project, folder),
        reference=from_json(Reference, stored, where=str(folder / REFERENCE)),
        stream=identity_of_bytes(stored),
        basis="later" if composition is None else composition.basis,
        composition=composition,
    )


def project_scorer(project: Project, folder: Path) -> Scorer:
    """Return a scorer of the model in `folder`, by the project's own predict command if it has one."""
    train = project.params.train
    return open_scorer(folder, train, project.repo if train.command is not None else None)


def _composition(folder: Path) -> Composition | None:
    path = folder / "composition.json"
    return from_json(Composition, path.read_bytes(), where=str(path)) if path.is_file() else None


def _stored_reference(path: Path) -> bytes:
    if not path.is_file():
        raise ProjectError("the champion has no reference profile", where=str(path), fix="train it again with this keepfit")
    return path.read_bytes()
