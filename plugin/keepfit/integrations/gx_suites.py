"""Great Expectations behind one strict door: quiet, one context a call, and no answer taken on trust.

What a suite says is checked before (`expect/suites.py`) and what the library answered after it ran (`expect/outcomes.py`),
because it drops unknown types, passes empty sets and NaN, and answers in another order than it was asked.
Importing the library costs about six seconds: call this once per process for all tables.
"""

from __future__ import annotations

import logging
import math
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from keepfit.errors import ExpectationError
from keepfit.expect.outcomes import SAMPLES, STRUCTURAL, LibraryResult, judge, unanswered
from keepfit.expect.suites import Expectation, Suite, parse_suite
from keepfit.expect.times import with_times
from keepfit.expect.waiting import Labels
from keepfit.records import ExpectationOutcome

if TYPE_CHECKING:
    import pandas as pd

MESSAGE = 200
NO_ROWS = 'it failed, and the library names no row that could be set aside: "level": "batch"'
OTHER_KIND = "the column holds none of the kinds of values in value_set (text, numbers), so nothing of it could be there"
WITHOUT_VALUES = "expect_column_proportion_of_non_null_values_to_be_between"


@dataclass(frozen=True, kw_only=True)
class SuiteResult:
    """Outcomes in the order of their ids; `unexpected_rows` maps each failed row-level expectation to all its row ids.

    `waiting` names the expectations that are undecided because labels are still to come.
    """

    outcomes: tuple[ExpectationOutcome, ...]
    unexpected_rows: Mapping[str, tuple[str, ...]]
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Roles:
    """The columns with a role: `id` names failing rows (None: values are shown instead), `target` holds labels that may come later."""

    id: str | None = None
    target: str | None = None


NO_ROLES = Roles()


def validate_suite(suite_text: str, name: str, frame: pd.DataFrame, *, window: str | None, min_rows: int, roles: Roles = NO_ROLES) -> SuiteResult:
    """Judge a frame by a suite's JSON text; what it expects of the target is judged on the rows that have one (`expect/waiting.py`).

    Raises `ExpectationError` if the suite could not do what it says; what breaks while it runs is an outcome `error`.
    """
    suite = parse_suite(suite_text, name, known=known_types())
    if roles.id is not None and roles.id not in frame.columns:
        raise ExpectationError(f"the table has no id column {roles.id!r}", where=f"suite {name}", fix="check data.id in params.yaml")
    frame, labels = _with_target(frame, roles.target)
    run = _SuiteRun(suite=suite, labels=labels, window=window, min_rows=min_rows, id_column=roles.id)
    parts = [([one for one in suite.expectations if not labels.of_labelled(one)], frame)]
    if labels.labelled < labels.rows:
        parts.append(([one for one in suite.expectations if labels.of_labelled(one)], frame.dropna(subset=[labels.target])))
    results = [run.judged(expectations, rows) for expectations, rows in parts]
    return SuiteResult(
        outcomes=tuple(sorted((outcome for result in results for outcome in result.outcomes), key=lambda one: one.expectation)),
        unexpected_rows={key: rows for result in results for key, rows in result.unexpected_rows.items()},
        waiting=tuple(sorted(name for result in results for name in result.waiting)),
    )


def _with_target(frame: pd.DataFrame, target: str | None) -> tuple[pd.DataFrame, Labels]:
    """The frame with a column for its labels, empty where none is there yet, and how many labels there are."""
    if target is not None and target not in frame.columns:
        frame = frame.assign(**{target: math.nan})
    return frame, Labels(target=target, rows=len(frame), labelled=len(frame) if target is None else int(frame[target].notna().sum()))


@dataclass(frozen=True, kw_only=True)
class _SuiteRun:
    """One table's suite, run on the rows that each expectation is about."""

    suite: Suite
    labels: Labels
    window: str | None
    min_rows: int
    id_column: str | None

    def judged(self, expectations: Sequence[Expectation], frame: pd.DataFrame) -> SuiteResult:
        """Run expectations on a frame and judge the answers."""
        by_rows = [one for one in expectations if one.level == "row" and self.id_column is not None]
        answers = _answers(self.suite, {"SUMMARY": [one for one in expectations if one not in by_rows], "COMPLETE": by_rows}, frame, self.id_column)
        unexpected: dict[str, tuple[str, ...]] = {}
        outcomes, waiting = [], []
        for one in expectations:
            outcome = self._outcome(one, answers.get(one.id), frame)
            if self.labels.can_turn(one, outcome.status):
                outcome = self.labels.undecided(outcome)
                waiting.append(one.id)
            if one in by_rows and outcome.status == "fail":
                rows = _unexpected_ids(answers[one.id], self.id_column)
                outcome = outcome if rows else replace(outcome, status="error", sample=(), detail=NO_ROWS)
                unexpected |= {one.id: rows} if rows else {}
            outcomes.append(outcome)
        return SuiteResult(outcomes=tuple(outcomes), unexpected_rows=unexpected, waiting=tuple(waiting))

    def _outcome(self, one: Expectation, answer: Any, frame: pd.DataFrame) -> ExpectationOutcome:
        if answer is None:
            return unanswered(one, suite=self.suite.name, window=self.window)
        measured = _measured(one, answer, frame, self.id_column)
        return judge(one, measured, suite=self.suite.name, window=self.window, min_rows=self.min_rows)


def known_types() -> frozenset[str]:
    """The expectation types that the installed library can run."""
    _quiet_import()
    from great_expectations.expectations.registry import list_registered_expectation_implementations

    return frozenset(list_registered_expectation_implementations())


def load_library() -> None:
    """Load all that a suite needs and judge nothing, which else the first suite of a process does."""
    known_types()
    from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: F401 - loaded for its module

    _remember()


def _quiet_import() -> Any:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")  # read when the library is imported
    with _without_spark():
        import great_expectations as gx

    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    return gx


@contextmanager
def _without_spark() -> Iterator[None]:
    """Hide PySpark while the library is imported, unless a session runs in this process; suites are run on pandas.

    The library imports all of it, which costs half a second (MLflow has imported a part before); and without grpcio `pyspark.sql.connect` (4.3.0) ends
    a process whose main module has no file, with exit code 0 (findings/gx_import_ends_the_process_beside_pyspark.sh).
    """
    hidden = {name: sys.modules.get(name) for name in ("pyspark", "pyspark.sql.connect") if name not in sys.modules or not _spark_runs()}
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None: an import of it raises ImportError
    try:
        yield
    finally:
        for name, module in hidden.items():
            sys.modules.pop(name)
            if module is not None:
                sys.modules[name] = module


def _spark_runs() -> bool:
    """Whether somebody in this process has a Spark session: classic, or by Connect."""
    context = getattr(sys.modules.get("pyspark.core.context"), "SparkContext", None)
    return "pyspark.sql.connect.session" in sys.modules or getattr(context, "_active_spark_context", None) is not None


def _answers(suite: Suite, by_format: Mapping[str, Sequence[Expectation]], frame: pd.DataFrame, id_column: str | None) -> dict[str, Any]:
    """Run them in a context of their own (a shared one gives wrong answers to threads), all on one batch: the library hashes each one's rows; by their ids."""
    asked = {result_format: expectations for result_format, expectations in by_format.items() if expectations}
    if not asked:
        return {}
    gx = _quiet_import()
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    batch = context.data_sources.add_pandas("table").add_dataframe_asset(suite.name).add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    times = {str(name): getattr(kind, "tz", None) for name, kind in frame.dtypes.items() if kind.kind == "M"}
    naming = {} if id_column is None else {"unexpected_index_column_names": [id_column]}
    answers: dict[str, Any] = {}
    for result_format, expectations in asked.items():
        with _made_once():
            results = batch.validate(_loaded(gx, suite, expectations, times), result_format={"result_format": result_format, **naming}).results
        answers |= {result.expectation_config.meta["id"]: result for result in results}
    return answers


@dataclass(frozen=True)
class _Remembered:
    """What the library makes anew each time that it is asked, of one run.

    `configurations`: of each expectation, beside the expectation itself (as long as it is here no other has its number); `ids`: the names of the arguments
    that metrics are computed for.
    """

    configurations: dict[int, tuple[Any, Any]] = field(default_factory=dict)
    ids: dict[tuple[str, ...], Any] = field(default_factory=dict)


_REMEMBERED: ContextVar[_Remembered | None] = ContextVar("keepfit_suite_run", default=None)
PLAIN = frozenset({str, int, float, bool, type(None)})


@contextmanager
def _made_once() -> Iterator[None]:
    """Inside, a configuration and a metric's name are made once: the library asks for each some 140 times and makes them anew, a third of a suite's time."""
    _remember()
    before = _REMEMBERED.set(_Remembered())
    try:
        yield
    finally:
        _REMEMBERED.reset(before)


@cache
def _remember() -> None:
    from great_expectations.core.id_dict import IDDict
    from great_expectations.expectations.expectation import Expectation

    own, named = cast("Any", Expectation), cast("Any", IDDict)
    plain, plain_id = own.configuration.fget, named.to_id

    def configuration(self: Any) -> Any:
        run = _REMEMBERED.get()
        if run is None:
            return plain(self)
        if id(self) not in run.configurations:
            run.configurations[id(self)] = (self, plain(self))
        return run.configurations[id(self)][1]

    def to_id(self: Any, id_keys: Any = None, id_ignore_keys: Any = None) -> Any:
        run = _REMEMBERED.get()
        if run is None or id_keys is not None or id_ignore_keys is not None or any(type(value) not in PLAIN for value in self.values()):
            return plain_id(self, id_keys, id_ignore_keys)
        content = (type(self).__name__, *(f"{name}={value!r}" for name, value in sorted(self.items())))  # as written: 1, 1.0 and True are three
        if content not in run.ids:
            run.ids[content] = plain_id(self)
        return run.ids[content]

    own.configuration = property(configuration)
    named.to_id = to_id


def _loaded(gx: Any, suite: Suite, expectations: Sequence[Expectation], times: Mapping[str, Any]) -> Any:
    """The library's own suite, one expectation at a time so that a misfit is named, and compared with what was asked."""
    loaded = gx.ExpectationSuite(name=suite.name)
    for one in expectations:
        kwargs = with_times(one.kwargs, times, where=f"suite {suite.name}: {one.id}")
        config = {"type": one.type, "kwargs": kwargs, "severity": one.severity, "meta": {"id": one.id}}
        try:
            made = gx.ExpectationSuite(name=suite.name, expectations=[config]).expectations
        except Exception as bad:
            raise ExpectationError(f"{one.type} cannot be built: {_line(bad)}", where=f"suite {suite.name}: {one.id}", fix="check its kwargs") from bad
        if [(entry.expectation_type, str(getattr(entry.severity, "value", entry.severity))) for entry in made] != [(one.type, one.severity)]:
            raise ExpectationError("the library dropped or changed the expectation", where=f"suite {suite.name}: {one.id}", fix="check its type and kwargs")
        loaded.expectations.extend(made)
    return loaded


def _line(error: object) -> str:
    return " ".join(str(error).split())[:MESSAGE] or type(error).__name__


# -- reading one result ---------------------------------------------------------------------------------------------------


def _measured(one: Expectation, answer: Any, frame: pd.DataFrame, id_column: str | None) -> LibraryResult:
    result = answer.result or {}
    failure = _failure(answer.exception_info)
    success = None if answer.success is None else bool(answer.success)
    if failure or one.type.startswith(STRUCTURAL):
        observed = result.get("observed_value", "there" if success else "missing")
        return LibraryResult(success=success, support=None, observed=_text(observed) if not failure else "", unexpected=0, failure=failure)
    if "element_count" in result:
        measured = _measured_rows(one, success, result, id_column)
        return replace(measured, failure=OTHER_KIND) if success and _of_another_kind(one, frame) else measured
    try:
        rows = _rows_with_values(one, frame)
    except Exception as bad:  # noqa: BLE001 - a row_condition is code of the suite's author
        return LibraryResult(success=success, support=None, observed="", unexpected=0, failure=_line(bad))
    lacking = tuple(str(item) for item in (result.get("partial_missing_list") or result.get("partial_unexpected_list") or ()))
    value = _observed(one, result, rows)
    finite = bool(lacking) or _is_result(value, success=success)
    return LibraryResult(success=success, support=len(rows), observed=_text(value), unexpected=len(lacking), sample=lacking[:SAMPLES], finite=finite)


def _observed(one: Expectation, result: Mapping[str, Any], rows: pd.DataFrame) -> Any:
    """What the library observed; where it keeps it to itself, what can be told without it."""
    value = result.get("observed_value")
    if value is not None:
        return value
    if {"missing_count", "unexpected_count"} & set(result):  # sets: only what is too many or too few is named
        return sorted(map(str, rows[one.column].unique()))
    return math.inf if "observed_partition" in (result.get("details") or {}) else None  # a divergence without an end: a value that was never expected


def _is_result(value: Any, *, success: bool | None) -> bool:
    """Whether something was measured; what is not finite can be a failure, but is no pass."""
    if isinstance(value, dict):  # quantiles
        return all(_is_result(one, success=success) for one in value.get("values", ()))
    if not isinstance(value, int | float):
        return value is not None
    return math.isfinite(value) or (math.isinf(value) and success is False)


def _measured_rows(one: Expectation, success: bool | None, result: Mapping[str, Any], id_column: str | None) -> LibraryResult:
    unexpected = int(result.get("unexpected_count") or 0)
    support = int(result["element_count"]) - int(result.get("missing_count") or 0)
    share = 100 * (support - unexpected) / support if support else 0.0
    share = math.floor(100 * share) / 100  # 99.996 % is not 100.00 %
    observed = f"{share:.2f} % of {support} rows, {100 * one.kwargs.get('mostly', 1):g} % wanted"
    return LibraryResult(success=success, support=support, observed=observed, unexpected=unexpected, sample=_samples(result, id_column))


def _of_another_kind(one: Expectation, frame: pd.DataFrame) -> bool:
    """Whether values that must not be there could not be: texts in a column of numbers, or numbers in one of texts."""
    from pandas.api.types import is_bool_dtype, is_numeric_dtype, is_string_dtype

    values = one.kwargs.get("value_set")
    if one.type != "expect_column_values_to_not_be_in_set" or not isinstance(values, list) or not values:
        return False
    column = frame[one.column].dropna()
    if is_numeric_dtype(column) or is_bool_dtype(column):
        return all(isinstance(value, str) for value in values)
    return bool(is_string_dtype(column)) and not any(isinstance(value, str) for value in values)


def _samples(result: Mapping[str, Any], id_column: str | None) -> tuple[str, ...]:
    """Failing rows as `id: value`; without ids the failing values."""
    rows = list(result.get("unexpected_index_list") or result.get("partial_unexpected_index_list") or ())[:SAMPLES]
    if id_column is None or not rows:
        return tuple(_text(value) for value in list(result.get("partial_unexpected_list") or ())[:SAMPLES])
    shown = [[str(row[id_column]), *(_text(value) for key, value in row.items() if key != id_column and not _absent(value))] for row in rows]
    return tuple(": ".join(texts) for texts in shown)  # a missing value (NaN, None) is not shown: what is wrong is that it is not there


def _unexpected_ids(answer: Any, id_column: str | None) -> tuple[str, ...]:
    return tuple(sorted(str(row[id_column]) for row in answer.result.get("unexpected_index_list") or ()))


def _rows_with_values(one: Expectation, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows that an aggregate could see: those of its condition with a value in each of its columns."""
    condition = one.kwargs.get("row_condition")
    if condition is not None:
        if not isinstance(condition, str) or one.kwargs.get("condition_parser") != "pandas":
            raise ExpectationError("row_condition needs condition_parser pandas", fix='"row_condition": "x == 1", "condition_parser": "pandas"')
        frame = frame.query(condition)
    columns = [name for name in (one.column or "").split(", ") if name]
    return frame.dropna(subset=columns) if columns and one.type != WITHOUT_VALUES else frame


def _failure(info: Mapping[str, Any] | None) -> str:
    """The first message of what was raised; the library nests it by metric when there were several."""
    infos = [info] if info and "raised_exception" in info else list((info or {}).values())
    raised = [one for one in infos if one.get("raised_exception")]
    return _line(raised[0].get("exception_message")) if raised else ""


def _absent(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _text(value: Any) -> str:
    if isinstance(value, dict) and set(value) == {"quantiles", "values"}:
        return ", ".join(f"{_text(quantile)}: {_text(one)}" for quantile, one in zip(value["quantiles"], value["values"], strict=True))
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple | set):
        items = [str(item) for item in value]
        return ", ".join(items[:SAMPLES]) + (f", … ({len(items)} in all)" if len(items) > SAMPLES else "")
    return str(value)
