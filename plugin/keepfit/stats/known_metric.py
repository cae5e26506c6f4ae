"""A metric by its name; one of another package that was written before rows came in clusters is refused in one sentence."""

from __future__ import annotations

from inspect import Parameter, signature
from typing import TYPE_CHECKING

from keepfit import plugins
from keepfit.errors import ParamsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from keepfit.stats.metric import Metric

KNOWING = ("undecidable", "interval", "difference")


def metric_named(name: str, *, where: str) -> Metric:
    """Return the metric; raises `UnknownNameError` if there is none, and `ParamsError` if it takes no `clusters`.

    >>> metric_named("roc_auc", where="params.yaml: evaluate.metric").name
    'roc_auc'
    """
    metric: Metric = plugins.load("metrics", name, where=where)()
    for method in KNOWING:
        if not _takes_clusters(getattr(metric, method)):
            raise ParamsError(
                f"the metric {name!r} of another package does not know of rows that vary together: its {method} takes no `clusters`",
                where=where,
                fix="derive it from MeanOfRows, or let it take the keyword (docs/extend.md: a metric)",
            )
    return metric


def _takes_clusters(method: Callable[..., object]) -> bool:
    taken = signature(method).parameters
    return "clusters" in taken or any(one.kind is Parameter.VAR_KEYWORD for one in taken.values())
