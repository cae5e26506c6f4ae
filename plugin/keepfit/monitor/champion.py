"""The champion as windows are compared with it: what is known of the model, and the profiles of the days that it was trained on.

Rows and scores come in as values: whoever reads them has the model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepfit.monitor.compare import Drift, Thresholds, drift_of
from keepfit.monitor.evidence import choose_detectors
from keepfit.monitor.rules.rule import EvidenceRule, Watch, rule_for
from keepfit.params import Params
from keepfit.profiles.answers import answer_columns, target_column
from keepfit.profiles.confusions import confusion_shares
from keepfit.profiles.layout import Layout
from keepfit.profiles.profile import layout_of, profile_table, total
from keepfit.profiles.shares import error_shares, pair_shares, size_shares, spread_of
from keepfit.profiles.stored import ReadTable, as_known, forms_of_layout
from keepfit.records import CONFIDENCE, PREDICTION, Basis, EvidenceKind, ModelMeta, Profile, Reference, ShareCount, ValueForm, Window
from keepfit.tables.base_windows import base_windows
from keepfit.tables.labels import labels
from keepfit.tables.time_features import stand_still, with_time_features

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scores:
    """A model's answer to rows, a number each, of many classes a probability a class; `only_labels`: it answers labels where there should be probabilities."""

    values: Floats
    only_labels: bool = False


@dataclass(frozen=True, kw_only=True)
class Champion:
    """The model that serves, with the profiles of the days it was trained on, or of those it is compared with (`stream`: the name they go by).

    `refit`: its bytes are not those that were judged, but the refit of what was.
    """

    params: Params
    meta: ModelMeta
    reference: Reference
    basis: Basis
    stream: str = ""
    refit: bool = False

    @cached_property
    def total(self) -> Profile:
        """The reference's sum."""
        return total(self.reference)

    @cached_property
    def layout(self) -> Layout:
        """The reference's edges and categories."""
        return layout_of(self.reference)

    @cached_property
    def features(self) -> Layout:
        """The layout of what the model is given."""
        return {name: column for name, column in self.layout.items() if name in self.meta.features}

    @cached_property
    def watched(self) -> Layout:
        """The layout of what is compared: all but time features that differ from day to day, or from window to window, with nothing having changed."""
        still = stand_still(self.meta.time_features, self.params.data.window).difference(self.params.monitor.columns)
        return {name: column for name, column in self.layout.items() if name not in still}

    @cached_property
    def paired(self) -> Layout:
        """The layout of the features whose pairs are counted: those of the table itself."""
        own = () if self.meta.time_features is None else self.meta.time_features.names
        return {name: column for name, column in self.features.items() if name not in own}

    @cached_property
    def forms(self) -> Mapping[str, ValueForm]:
        """What each feature's values are: as its meta says, else as its reference gives away."""
        return self.meta.values or forms_of_layout(self.features)

    def read(self, table: pa.Table) -> ReadTable:
        """Return rows as the champion knows its features, whatever stores them, with those that it has of the time."""
        return as_known(with_time_features(table, self.meta.time_features), self.features, self.forms)

    def part_as_known(self, table: pa.Table) -> ReadTable:
        """Return some of a window's rows, with the features that are derived from the time, as `read` does; that a column is another one the window says."""
        return as_known(table, self.features, self.forms, mostly=1.0)

    def profile(self, table: pa.Table, scores: Floats, window: Window) -> Profile:
        """Count a window's features, predictions and targets; rows without a label are no missing targets, they wait for one."""
        read = self.read(table)
        return read.without_lost(self._counted(read.table, scores, window))

    def _counted(self, table: pa.Table, scores: Floats, window: Window) -> Profile:
        target = self.meta.target
        features = replace(self._inputs(table, scores, window), shares=self._shares(table, scores))
        if target not in table.column_names or target not in self.layout:
            return features
        known = self._target(table).drop_null()
        labelled = profile_table(known, {target: self.layout[target]}, window.id)
        return replace(features, columns={**features.columns, **(labelled.columns if known.num_rows else {})})

    def part(self, table: pa.Table, scores: Floats | None, window: Window) -> Profile:
        """Count the features and predictions (None: those are not known) of some of a window's rows: parts of it add up to what `profile` counts of them."""
        read = self.part_as_known(table)
        return read.without_lost(self._inputs(read.table, scores, window))

    def _inputs(self, table: pa.Table, scores: Floats | None, window: Window) -> Profile:
        target, there = self.meta.target, set(table.column_names)
        seen = table.select([name for name in self.meta.features if name in there])
        for name, values in ({} if scores is None else answer_columns(self.params, scores)).items():
            seen = seen.append_column(name, pa.array(values))
        return profile_table(seen, {name: column for name, column in self.layout.items() if name != target}, window.id)

    def _target(self, table: pa.Table) -> pa.Table:
        """The target as it is profiled."""
        target = self.meta.target
        return pa.table({target: pa.array(target_column(self.params, table), pa.string())}) if self.params.model.many else table.select([target])

    def _shares(self, table: pa.Table, scores: Floats) -> Mapping[str, ShareCount]:
        """Count the pairs that the reference counts, and the model's errors where labels are there."""
        pairs = pair_shares(table, self.paired) if any(profile.shares for profile in self.reference.profiles) else {}
        if self.meta.target not in table.column_names:
            return pairs
        y = labels(self.params, table)
        if self.params.model.task == "regression":
            return {**pairs, **size_shares(y, scores, spread=spread_of(self.total.columns.get(self.meta.target)))}
        classes = confusion_shares(y, scores, self.params.model.class_names) if self.params.model.many else {}
        return {**pairs, **error_shares(table, self.features, y=y, scores=scores), **classes}

    def steps(self, table: pa.Table, scores: Floats, window: Window) -> tuple[Profile, ...]:
        """Count a window's base windows, as long as the reference's (a month's days); none where it is one itself or cannot be cut."""
        parts = base_windows(table, scores, window, time=self.params.data.time, reference=self.reference)
        return tuple(self.profile(rows, own, base) for rows, own, base in parts)

    @cached_property
    def rule(self) -> EvidenceRule:
        """The rule that calls a change drift (params.yaml: monitor.evidence), made for this champion's reference."""
        monitor = self.params.monitor
        watch = Watch(
            reference=self.reference,
            columns=tuple(choose_detectors(monitor.columns, self.watched)),
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
        return {self.meta.target: "target", PREDICTION: "prediction", CONFIDENCE: "prediction"}

    def drift(self, profile: Profile) -> Drift:
        """Compare a window's profile with the reference, column by column."""
        monitor = self.params.monitor
        return drift_of(
            replace(self.total, columns={name: self.total.columns[name] for name in self.watched}),
            profile,
            thresholds=Thresholds(min_effect=monitor.min_effect, alpha=monitor.alpha, min_rows=monitor.min_rows),
            rules=monitor.columns,
            kinds=self.kinds,
        )


def of_labels(profile: Profile, features: Mapping[str, object]) -> Profile:
    """Return only what labels tell of a profile: inputs, their pairs and predictions were told when the window was judged."""
    columns = {name: column for name, column in profile.columns.items() if name not in features and name not in (PREDICTION, CONFIDENCE)}
    return replace(profile, columns=columns, shares={name: share for name, share in profile.shares.items() if share.group != "pairs"})
