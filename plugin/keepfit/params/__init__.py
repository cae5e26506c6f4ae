r"""`params.yaml` as frozen models: every key has its one default here, and an unknown key is refused with the nearest known one.

>>> load_params("model: {name: m, task: regression, target: y}\ndata: {live: rows.csv, time: t}").update.reviews_a_year
4.0
>>> load_params("model: {name: m, tsk: regression, target: y}\ndata: {live: rows.csv, time: t}")
Traceback (most recent call last):
keepfit.errors.ParamsError: no key 'tsk' (params.yaml: model.tsk)
  fix: did you mean 'task'? known: classes, name, positive, target, task
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeVar, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, Field, FiniteFloat, ValidationError, ValidationInfo, field_validator, model_validator

from keepfit.errors import ParamsError, did_you_mean
from keepfit.params.hooks import HookParams
from keepfit.params.impact import ImpactParams
from keepfit.params.model import ModelParams
from keepfit.params.own_names import no_own_name
from keepfit.params.plain_yaml import load_yaml
from keepfit.params.recipe import ComposeParams
from keepfit.params.row_source import SOURCE_KINDS, EngineSource, FeatureTableParams, RowSource, SqlParams, without_url
from keepfit.params.section import Chosen, Section, Share
from keepfit.params.serving import ServingParams
from keepfit.params.shared import merged
from keepfit.params.thresholds import Styled
from keepfit.records import CLASS, Task, TimeFeature, TimeFeatures, Undecided

FeatureKind = Literal["numeric", "categorical", "text"]
TimeKind = Literal["numeric", "categorical"]
DELAY = re.compile(r"^[1-9][0-9]{0,3} (hour|day|week)s?$")
WINDOW = re.compile(r"^(month|week|day|[1-9][0-9]* rows)$")
EVERY = re.compile(r"^(never|every [1-9][0-9]*)$")
ImproveGround = Literal["harm", "debt", "age"]
Model = TypeVar("Model", bound=BaseModel)
TIME_FEATURES: dict[TimeFeature, TimeKind] = {name: "categorical" if name == "day_part" else "numeric" for name in get_args(TimeFeature)}
"""What can be derived from a row's time (`tables/time_features.py` says how), each with the kind that it has where none is said."""


class DataParams(Section):
    """Where rows come from and how they are cut into windows."""

    history: Literal["flights"] | None = None
    as_of: datetime | None = None
    live: RowSource
    sample_rows: int = Field(default=100_000, ge=1_000)
    labels: RowSource | None = None
    label_delay: str | None = None
    no_label: str | None = None
    features_from: dict[str, FeatureTableParams] = Field(default_factory=dict)
    time: str
    timezone: str = "UTC"
    id: str | None = None
    id_scheme: Literal["columns", "features"] = "columns"
    group: str | None = None
    window: str = "month"
    features: dict[str, FeatureKind] = Field(default_factory=dict)
    time_features: dict[TimeFeature, TimeKind] = Field(default_factory=dict)
    holdout_share: Share = 0.2
    holdout_salt: str = "keepfit"

    @field_validator("as_of", mode="before")
    @classmethod
    def _a_date_is_its_midnight(cls, value: Any) -> Any:
        return datetime(value.year, value.month, value.day) if isinstance(value, date) and not isinstance(value, datetime) else value

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, timezone: str) -> str:
        try:
            if timezone != "UTC":  # known without a database
                ZoneInfo(timezone)
        except (ValueError, OSError, ZoneInfoNotFoundError) as bad:
            raise ValueError("a timezone is a name of the IANA database: UTC, America/New_York") from bad
        return timezone

    @field_validator("window")
    @classmethod
    def _known_window(cls, window: str) -> str:
        if not WINDOW.match(window):
            raise ValueError("a window is month, week, day or '<n> rows'")
        return window

    @field_validator("label_delay")
    @classmethod
    def _known_delay(cls, delay: str | None) -> str | None:
        if delay is not None and not DELAY.match(delay):
            raise ValueError("how late labels are is a number of hours, days or weeks: 14 days")
        return delay

    @field_validator("no_label", mode="before")
    @classmethod
    def _as_people_write_it(cls, value: Any) -> Any:
        return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value).lower() if isinstance(value, bool) else value

    @field_validator("features")
    @classmethod
    def _told_from_ours(cls, features: dict[str, FeatureKind]) -> dict[str, FeatureKind]:
        no_own_name(features)
        return features

    @field_validator("time_features", mode="before")
    @classmethod
    def _known_time_features(cls, given: Any) -> Any:
        """A list of names, each of its usual kind, or a map from name to kind."""
        listed = given if isinstance(given, list | tuple) else [given] if given else ()
        named: dict[Any, Any] = given if isinstance(given, dict) else dict.fromkeys(map(str, listed))
        unknown = next((str(name) for name in named if name not in TIME_FEATURES), None)
        if unknown is not None:
            raise ValueError(f"no time feature {unknown[:40]!r} ({did_you_mean(unknown, TIME_FEATURES)})")
        if named.get("day_part") == "numeric":
            raise ValueError("day_part is a word: it can only be categorical")
        return {name: kind or TIME_FEATURES[name] for name, kind in named.items()}

    @model_validator(mode="after")
    def _time_features_have_names_of_their_own(self) -> DataParams:
        columns: dict[str | None, str] = {self.id: "the id", self.group: "the group", self.time: "the time"}
        columns |= dict.fromkeys(self.features, "a feature")
        taken = next((name for name in self.time_features if name in columns), None)
        if taken is not None:
            raise ValueError(f"the time feature {taken!r} has the name of the column that is {columns[taken]}: rename that column, or take one of them out")
        return self

    @property
    def inputs(self) -> dict[str, FeatureKind]:
        """What a model reads, by name: the table's features, then those that are derived from its time."""
        return self.features | {str(name): kind for name, kind in self.time_features.items()}

    @property
    def derived(self) -> TimeFeatures | None:
        """The features that are derived from the time, as a model's meta says it; None without any."""
        return TimeFeatures(column=self.time, timezone=self.timezone, names=tuple(self.time_features)) if self.time_features else None

    @property
    def source_name(self) -> str:
        """What a window says of where its rows came from: the path or table, or the name of the database's variable."""
        if isinstance(self.live, SqlParams):
            return f"sql:{self.live.url_env}"
        return self.live if isinstance(self.live, str) else self.live.table

    @model_validator(mode="before")
    @classmethod
    def _no_url_in_a_file(cls, given: Any) -> Any:
        return without_url(given, "live", "labels")

    @model_validator(mode="after")
    def _an_engine_cuts_by_time(self) -> DataParams:
        if isinstance(self.live, EngineSource) and self.window.endswith("rows"):
            raise ValueError("an engine's table is cut by time: to count rows off it would have to sort all of them; data.window: month, week or day")
        if isinstance(self.live, EngineSource) and self.features_from:
            raise ValueError("features are joined to rows that are read here (data.features_from): join them in the engine, and name the joined table")
        return self

    @model_validator(mode="after")
    def _labels_have_a_key(self) -> DataParams:
        if self.labels is not None and self.id is None:
            raise ValueError("labels are joined by key: name the id column (data.id), or write them into the rows of data.live")
        if self.no_label is not None and self.label_delay is None:
            raise ValueError("no_label needs label_delay: a row without a label says nothing until its label is due")
        return self


class ExpectParams(Section):
    """Where the suites lie and from how many rows on a check counts."""

    suites: str = "expectations"
    min_rows: int = Field(default=20, ge=1)


class TrainParams(Section):
    """An estimator by import path, or the user's own command."""

    estimator: str | None = "sklearn.ensemble.HistGradientBoostingClassifier"
    params: dict[str, Any] = Field(default_factory=dict)
    max_categories: int = Field(default=60, ge=2)
    seed: int = 0
    command: str | None = None
    reads: str | None = None
    writes: str | None = None
    predict: str | None = None

    @model_validator(mode="after")
    def _one_way_to_train(self) -> TrainParams:
        if self.command is None and self.estimator is None:
            raise ValueError("name an estimator (train.estimator) or a command (train.command)")
        return self


class SliceParams(Section):
    """A slicing column; values with fewer rows than `min_rows` (null: evaluate.min_rows) are undecided."""

    min_rows: int | None = Field(default=None, ge=1)


class RuleParams(Section):
    """One rule over scorecard rows; `slice` is `overall` or a pattern such as `carrier=*` or `*`; `undecided` None: as its kind says.

    `first_only`: it judges a first model alone; later ones are held against their champion.
    """

    kind: str
    metric: str
    slice: str = "overall"
    bound: FiniteFloat
    undecided: Undecided | None = None
    first_only: bool = False


PRESETS = {"prove": ("bound", "priority"), "renew": ("max_loss",)}
"""The presets of rules, each with the keys that it alone has; what they stand for is written out in `rule_kinds/presets.py`."""


class PresetParams(Section):
    """Rules by one line: `prove` (with `bound`, and slices with `priority`) or `renew` (with `max_loss`); `undecided` is of their first rules."""

    name: str
    bound: Annotated[FiniteFloat, Field(ge=0)] | None = None
    priority: tuple[str, ...] = ()
    max_loss: Annotated[FiniteFloat, Field(gt=0)] | None = None
    undecided: Undecided | None = None

    @field_validator("name")
    @classmethod
    def _known_preset(cls, name: str) -> str:
        if name not in PRESETS:
            raise ValueError(f"no such preset ({did_you_mean(name, PRESETS)})")
        return name

    @model_validator(mode="after")
    def _its_own_keys(self) -> PresetParams:
        needed, *_ = own = PRESETS[self.name]
        others = [key for keys in PRESETS.values() for key in keys if key not in own and getattr(self, key)]
        if others:
            raise ValueError(f"the preset {self.name} has no {others[0]}: it has {', '.join(own)}")
        if getattr(self, needed) is None:
            raise ValueError(f"the preset {self.name} needs {needed}: {{name: {self.name}, {needed}: …}}")
        return self


METRICS: dict[Task, tuple[str, ...]] = {"classification": ("roc_auc", "log_loss"), "regression": ("mae", "mse")}
"""The metric that decides, and those measured beside it, in a new project."""
MANY_METRICS = ("error_rate", "f1_macro", "log_loss")
"""The same for more than two classes: the share of wrong answers is a mean over rows, so it decides with the fewest of them, can be estimated before labels
come and measures models that answer labels; what it says little of, a rare class, is a slice of its own that may not be harmed."""


def usual_metrics(task: Task, *, many: bool) -> tuple[str, ...]:
    """Return the metric that decides, and those measured beside it, in a new project."""
    return MANY_METRICS if many else METRICS[task]


class SelectedLabelsParams(Section):
    """Labels exist only where a decision let them: `by` says for which rows, in words (approved loans); `probability` is the column that says how likely."""

    by: Annotated[str, Field(min_length=1, max_length=80)]
    probability: str | None = None


class EvaluateParams(Styled):
    """How challenger and champion are compared."""

    metric: str = "roc_auc"
    metrics: tuple[str, ...] = ()
    slices: dict[str, SliceParams] = Field(default_factory=dict)
    preset: PresetParams | None = None
    rules: dict[str, RuleParams] = Field(default_factory=dict)
    selected_labels: SelectedLabelsParams | None = None
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    min_rows: int = Field(default=100, ge=2)
    serving: ServingParams | None = None


class ColumnParams(Chosen):
    """What watches a column: a detector by name with its fields, or `auto` (ks for numbers, chi2 for categories, text_change for texts)."""

    detector: str = "auto"

    @property
    def is_auto(self) -> bool:
        """Whether the column's kind chooses the detector."""
        return self.detector == "auto"


class MonitorParams(Section):
    """What is watched and from which effect on a change is called drift."""

    columns: dict[str, ColumnParams] = Field(default_factory=lambda: {"*": ColumnParams()})
    bins: int = Field(default=15, ge=2)
    max_categories: int = Field(default=50, ge=1)
    reference: Literal["training", "last_year"] = "training"
    evidence: str = "e-detector"
    false_alerts_per_1000_windows: Annotated[float, Field(gt=0, le=100)] = 1.0
    min_effect: Annotated[float, Field(ge=0)] = 0.01
    alpha: Annotated[float, Field(gt=0, lt=1)] = 0.001
    min_rows: int = Field(default=100, ge=1)
    page_on_drift: bool = False


GONE: dict[str, str] = {
    "min_gain": "staleness debt took its place; set update.price (what one retraining is worth, in the metric x windows) or update.reviews_a_year",
    "cooldown_days": "the price of a retraining is the only brake; set update.price or update.reviews_a_year",
}
"""Keys of `update` that are refused by name, each with what is set in its place."""


class UpdateParams(Section):
    """The update policy: when a retraining is worth a person's review."""

    base_branch: str = "main"
    scout: bool | str = True
    refit: bool = True
    price: Annotated[FiniteFloat, Field(ge=0)] | None = None
    reviews_a_year: Annotated[FiniteFloat, Field(gt=0, le=366)] = 4.0
    harm_margin: Annotated[FiniteFloat, Field(ge=0)] | None = None
    release: Share = 0.8
    grounds: tuple[ImproveGround, ...] = ("harm", "debt", "age")
    max_age_days: int | None = Field(default=365, ge=1)
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    probation: int = Field(default=3, ge=0)

    @property
    def scout_every(self) -> int | None:
        """On how many labelled windows a scout is tried once; None: never.

        >>> UpdateParams(scout="every 3").scout_every, UpdateParams(scout="never").scout_every, UpdateParams().scout_every
        (3, None, 1)
        """
        if self.scout is False or self.scout == "never":
            return None
        return int(self.scout.removeprefix("every ")) if isinstance(self.scout, str) else 1

    @model_validator(mode="before")
    @classmethod
    def _what_debt_took_the_place_of(cls, given: Any) -> Any:
        if isinstance(given, dict):
            if "opportunity" in _listed(given.get("grounds")):
                raise ValueError("the ground 'opportunity' is gone: staleness debt took its place; write debt in update.grounds")
            gone = next((key for key in GONE if key in given), None)
            if gone is not None:
                raise ValueError(f"the key {gone!r} is gone: {GONE[gone]}")
        return given

    @field_validator("scout", mode="before")
    @classmethod
    def _how_often_a_scout_is_tried(cls, scout: Any) -> Any:
        if isinstance(scout, bool) or (isinstance(scout, str) and EVERY.match(scout)):
            return scout
        raise ValueError("a scout is tried at each labelled window (true), 'every 3' of them, or never (false)")

    @field_validator("price", mode="before")
    @classmethod
    def _a_price_costs(cls, price: Any) -> Any:
        if isinstance(price, int | float) and price < 0:
            raise ValueError("a retraining cannot be worth less than nothing: 0 retrains at every labelled window, null sets the price by reviews_a_year")
        return price


def _listed(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list | tuple) else ()


class BacktestParams(Section):
    """What things cost, in one currency of your own; null: not counted. A point is .01 of the primary metric over one window."""

    cost_per_training: Annotated[FiniteFloat, Field(ge=0)] | None = None
    cost_per_scout: Annotated[FiniteFloat, Field(ge=0)] | None = None
    cost_per_alert: Annotated[FiniteFloat, Field(ge=0)] | None = None
    value_per_point: Annotated[FiniteFloat, Field(gt=0)] | None = None


class ViewParams(Section):
    """What the page of `keepfit data view` does not show: the values of these columns."""

    redact: tuple[str, ...] = ()


class MlflowParams(Section):
    """The MLflow server; `MLFLOW_TRACKING_URI` wins over `tracking_uri`."""

    tracking_uri: str = "http://127.0.0.1:5000"
    experiment: str = "keepfit"
    alias: str = "champion"


class CertifyParams(Section):
    """Who signs and for how long a certificate is good."""

    branch: str = "main"
    key: str = "default"
    valid_days: int | None = Field(default=90, ge=1)


class LedgerParams(Section):
    """The monitor's memory: SQLite for one host, a database URL for several."""

    uri: str = "sqlite:///.keepfit/ledger.db"


class Params(Section):
    """The whole of `params.yaml`; `extends` names a file that holds for what it does not say (`params/shared.py`)."""

    extends: str | None = None
    model: ModelParams
    data: DataParams
    expect: ExpectParams = ExpectParams()
    compose: ComposeParams = ComposeParams()
    train: TrainParams = TrainParams()
    evaluate: EvaluateParams = EvaluateParams()
    monitor: MonitorParams = MonitorParams()
    update: UpdateParams = UpdateParams()
    backtest: BacktestParams = BacktestParams()
    impact: ImpactParams = ImpactParams()
    view: ViewParams = ViewParams()
    hooks: HookParams = HookParams()
    mlflow: MlflowParams = MlflowParams()
    certify: CertifyParams = CertifyParams()
    ledger: LedgerParams = LedgerParams()

    @property
    def sliced(self) -> dict[str, SliceParams]:
        """The columns of the table that rows are sliced by; `class` is none where there are many classes: it names these."""
        return {name: its for name, its in self.evaluate.slices.items() if not (self.model.many and name == CLASS)}

    @field_validator("data")
    @classmethod
    def _the_target_is_no_feature(cls, data: DataParams, info: ValidationInfo) -> DataParams:
        model = info.data.get("model")
        if model is not None and model.target in data.time_features:
            raise ValueError(f"the target {model.target!r} has the name of a time feature: rename its column, or take it out of data.time_features")
        if model is not None and model.target in data.features:
            raise ValueError(f"the target {model.target!r} is among data.features: a model that is given the answer learns nothing; take it out")
        return data

    @field_validator("impact")
    @classmethod
    def _costs_of_these_classes(cls, impact: ImpactParams, info: ValidationInfo) -> ImpactParams:
        model = info.data.get("model")
        if model is not None:
            impact.fits(model)
        return impact


def load_params(text: str, *, where: str = "params.yaml", below: Mapping[str, Any] | None = None) -> Params:
    """Read the text of a `params.yaml`; `below` holds for what it does not say. Raises `ParamsError` naming the first key that does not fit."""
    return load_model(Params, text, where=where, below=below)


def load_model(model: type[Model], text: str, *, where: str, below: Mapping[str, Any] | None = None) -> Model:
    """Read YAML text into a pydantic model that forbids unknown keys; one `ParamsError` for the first misfit."""
    data = load_yaml(text, where=where)
    data = data if below is None else merged([data or {}, below])
    try:
        return model.model_validate({} if data is None else data)
    except ValidationError as bad:
        raise _misfit(model, bad, where) from bad


def _misfit(model: type[BaseModel], bad: ValidationError, where: str) -> ParamsError:
    errors = bad.errors(include_url=False)
    first = next((error for error in errors if error["type"] == "extra_forbidden"), errors[0])
    path = [part for part in first["loc"] if part not in SOURCE_KINDS]
    place = ".".join(str(part) for part in path)
    if first["type"] == "extra_forbidden":
        known = _keys_at(model, path[:-1])
        return ParamsError(f"no key {str(first['loc'][-1])!r}", where=f"{where}: {place}", fix=did_you_mean(str(first["loc"][-1]), known))
    if first["type"] == "missing":
        return ParamsError(f"the key {place!r} is missing", where=where, fix=f"add {place}: …")
    return value_misfit(bad, where=f"{where}: {place}")


def value_misfit(bad: ValidationError, *, where: str) -> ParamsError:
    """Return the refusal of the first value that does not fit."""
    first = bad.errors(include_url=False)[0]
    said = first["msg"].removeprefix("Value error, ")
    return ParamsError(
        said if isinstance(first["input"], dict) else f"{said}, got {str(first['input'])[:80]!r}",  # a section's misfit is one of keys, not of its text
        where=where,
        fix="docs/params.md lists every key with its meaning",
    )


def _keys_at(model: type[BaseModel], place: Sequence[int | str]) -> list[str]:
    models = [model]
    for part in place:
        models = [below for each in models for below in _sections_below(each, str(part))]
    return list(dict.fromkeys(name for each in models for name in each.model_fields))


def _sections_below(model: type[BaseModel], key: str) -> list[type[BaseModel]]:
    """The sections that a key leads to; a map's entries all lead to the section it maps to."""
    return list(_sections(model.model_fields[key].annotation)) if key in model.model_fields else [model]


def _sections(annotation: Any) -> Iterator[type[BaseModel]]:
    """The sections that an annotation names, however deep."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _sections(part)
