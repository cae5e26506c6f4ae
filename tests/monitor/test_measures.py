"""Who made a piece of evidence, by its kind and its detector's name alone."""

import subprocess
import sys

import pytest

from keepfit.monitor.measures import effect_of, family_of, is_of_source, is_over_time
from keepfit.records import Evidence


def said(detector, kind="data"):
    return Evidence(kind=kind, subject="x", detector=detector, statistic=0.3, effect=0.3, n=900, n_reference=9000)


@pytest.mark.parametrize(
    ("evidence", "family"),
    [
        (said("ks"), "detectors"),
        (said("mmd"), "row_detectors"),
        (said("correlation"), "pair_detectors"),
        (said("e-detector", "prediction"), "evidence"),
        (said("e-detector", "performance"), "evidence"),
        (said("roc_auc", "performance"), "metrics"),
        (said("roc_auc", "scout"), "metrics"),
        (said("silence", "quality"), "source_detectors"),
        (said("volume", "quality"), "window_detectors"),
        (said("expect_column_values_to_not_be_null", "quality"), None),
        (said("calibration", "performance"), None),
        (said("age", "age"), None),
        (said("ks", "quality"), None),
        (said("gone"), None),
    ],
)
def test_a_name_belongs_to_a_family_of_its_kind_or_to_none(evidence, family):
    assert family_of(evidence) == family


def test_the_rules_own_evidence_is_over_time_and_a_detectors_is_not():
    assert is_over_time(said("e-detector", "target"))
    assert not is_over_time(said("chi2"))


def test_only_rows_that_did_not_come_are_of_the_source():
    assert is_of_source(said("silence", "quality"))
    assert not is_of_source(said("volume", "quality"))


@pytest.mark.parametrize(("evidence", "unit"), [(said("ks"), "share of rows"), (said("psi"), "divergence"), (said("e-detector"), "share of rows")])
def test_an_effect_is_in_its_detectors_unit(evidence, unit):
    assert effect_of(evidence).unit == unit


@pytest.mark.parametrize("evidence", [said("gone"), said("mae", "performance"), said("age", "age")])
def test_nothing_is_known_of_the_effect_where_nothing_says_so(evidence):
    assert effect_of(evidence) is None


def test_to_ask_for_the_family_loads_no_member():
    code = (
        "import sys; from keepfit.monitor.measures import is_over_time; from keepfit.records import Evidence; "
        "is_over_time(Evidence(kind='data', subject='x', detector='e-detector', statistic=None, effect=None, n=1, n_reference=1)); "
        "assert not {'numpy', 'scipy'} & set(sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
