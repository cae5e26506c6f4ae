from __future__ import annotations

import pytest

from keepfit import plugins
from keepfit.errors import ParamsError, UnknownNameError
from keepfit.stats.known_metric import metric_named
from keepfit.stats.metrics import Accuracy

WHERE = "params.yaml: evaluate.metric"


class OldAccuracy(Accuracy):
    """As another package wrote one when rows were independent."""

    def interval(self, y, s, confidence):
        return 0.0, 1.0


@pytest.mark.parametrize("name", sorted(plugins.BUILTIN["metrics"]))
def test_every_metric_of_ours_knows_clusters(name):
    assert metric_named(name, where=WHERE).name == name


def test_one_of_another_package_that_does_not_is_refused_in_one_sentence(monkeypatch):
    monkeypatch.setitem(plugins.BUILTIN["metrics"], "old", f"{__name__}:OldAccuracy")
    with pytest.raises(
        ParamsError, match="the metric 'old' of another package does not know of rows that vary together: its interval takes no `clusters`"
    ) as caught:
        metric_named("old", where=WHERE)
    assert "MeanOfRows" in caught.value.fix


def test_an_unknown_one_is_named():
    with pytest.raises(UnknownNameError, match="'roc'"):
        metric_named("roc", where=WHERE)
