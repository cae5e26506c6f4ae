from __future__ import annotations

import subprocess
import sys

import pytest

from keepfit import plugins
from keepfit.errors import KeepfitError, UnknownNameError
from keepfit.plugins import BUILTIN, load, names

ENTRY_POINTS = "[keepfit.detectors]\nmine = mine:Mine\nks = mine:Mine\nbroken = no_such_module:Thing\n"


@pytest.fixture
def other_package(tmp_path, monkeypatch):
    """An installed package that brings a detector, a name already taken and one that is broken."""
    (tmp_path / "mine.py").write_text("class Mine:\n    name = 'mine'\n")
    info = tmp_path / "mine-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: mine\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop("mine", None)


def test_a_detector_of_another_package_is_one_of_the_family(other_package):
    assert "mine" in names("detectors")
    assert load("detectors", "mine").name == "mine"


def test_a_built_in_name_cannot_be_taken_over(other_package):
    assert plugins._targets("detectors")["ks"] == BUILTIN["detectors"]["ks"]


def test_a_broken_plugin_names_its_place_and_not_its_traceback(other_package):
    assert "broken" in names("detectors")
    with pytest.raises(KeepfitError, match="the detector 'broken' cannot be loaded from no_such_module:Thing"):
        load("detectors", "broken")


def test_an_unknown_name_offers_the_nearest():
    with pytest.raises(UnknownNameError) as caught:
        load("metrics", "roc_acu", where="params.yaml: evaluate.metric")
    assert "no metric 'roc_acu' (params.yaml: evaluate.metric)" in str(caught.value)
    assert "did you mean 'roc_auc'?" in str(caught.value)


def test_listing_loads_nothing():
    code = (
        "import sys; from keepfit import plugins; "
        "[plugins.names(family) for family in plugins.BUILTIN]; "
        "print([name for name in sys.modules if name.startswith('keepfit.') and name not in ('keepfit.plugins', 'keepfit.errors')])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


@pytest.mark.parametrize(("family", "name"), [(family, name) for family, known in BUILTIN.items() for name in known])
def test_every_built_in_name_stands_for_something(family, name):
    assert load(family, name) is not None
