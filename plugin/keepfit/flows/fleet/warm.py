"""What a look at a project needs, loaded before there are processes that look: each of them finds it in its memory."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from importlib import import_module

from keepfit import plugins
from keepfit.flows.project import Project
from keepfit.integrations.ledger.stored import ready_to_write
from keepfit.records import Baseline, Composition, ModelMeta, Reference
from keepfit.records.form import make_ready

JUDGING = (
    "joblib",
    "keepfit.expect.quarantine",
    "keepfit.flows.monitoring.champion",
    "keepfit.flows.monitoring.known_windows",
    "keepfit.flows.monitoring.monitor",
    "keepfit.flows.monitoring.rivals",
    "keepfit.flows.monitoring.suite",
    "keepfit.flows.rows.windows",
    "keepfit.integrations.estimators",
    "keepfit.integrations.models.keepfit_model",
    "keepfit.integrations.models.scorer",
    "keepfit.monitor.rules.e_detector",
    "keepfit.monitor.rows",
    "keepfit.report.monitor",
    "keepfit.stats.neighbours",
    "keepfit.update.before_labels",
    "keepfit.update.find",
    "keepfit.update.found_slices",
    "keepfit.update.judge",
    "keepfit.update.probation",
    "narwhals._pandas_like.dataframe",
    "pandas",
    "pyarrow.dataset",
    "pyarrow.pandas_compat",
    "pyarrow.parquet",
    "sklearn.compose",
    "sklearn.ensemble",
    "sklearn.impute",
    "sklearn.linear_model",
    "sklearn.pipeline",
    "sklearn.preprocessing",
)
FAMILIES: tuple[plugins.Family, ...] = ("detectors", "pair_detectors", "window_detectors", "source_detectors", "evidence", "metrics")
PAGE = "monitor.html"


def warm(projects: Iterable[Project]) -> None:
    """Load what looks at windows, and Great Expectations where any project has a suite; no thread is started, and nothing is read of a project."""
    for name in JUDGING:
        with contextlib.suppress(ImportError):  # a library of another version: whoever needs it loads what it has
            import_module(name)
    make_ready(Baseline, Composition, ModelMeta, Reference)
    ready_to_write()
    for family in FAMILIES:
        for name in plugins.BUILTIN[family]:
            plugins.load(family, name)
        plugins.names(family)
    from keepfit.report.pages import ready

    ready(PAGE)
    if any((project.suites / "data").is_dir() for project in projects):
        from keepfit.integrations.gx_suites import load_library

        load_library()
