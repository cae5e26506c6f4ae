from __future__ import annotations

import subprocess
import sys

import pytest

from keepfit import plugins
from keepfit.errors import KeepfitError, ParamsError, UnknownNameError
from keepfit.plugins import BUILTIN, load, make, names, read_params

SMALL = "model: {name: m, task: regression, target: y}\ndata: {live: rows.csv, time: t}\n"

MINE = """
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Mine:
    name = "mine"
    least: int = 3
    word: str = "x"


@dataclass(frozen=True, kw_only=True)
class Needy:
    least: int


def function():
    pass
"""
ENTRY_POINTS = "[keepfit.detectors]\nmine = mine:Mine\nneedy = mine:Needy\nfunction = mine:function\nks = mine:Mine\nbroken = no_such_module:Thing\n"
WHERE = "params.yaml: monitor.columns.age.detector"


@pytest.fixture
def other_package(tmp_path, monkeypatch):
    """An installed package that brings a detector, a name already taken and one that is broken."""
    (tmp_path / "mine.py").write_text(MINE)
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


def test_a_members_fields_are_the_keys_beside_its_name(other_package):
    made = make("detectors", "mine", {"least": 7}, where=WHERE)
    assert (made.least, made.word) == (7, "x")
    text = SMALL + "monitor: {columns: {age: {detector: mine, least: 7}}}"
    assert read_params(text).monitor.columns["age"].fields == {"least": 7}


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("mine", {"leest": 7}, "no key 'leest' (params.yaml: monitor.columns.age.leest)\n  fix: did you mean 'least'? known: least, word"),
        ("mine", {"least": "many"}, "Input should be a valid integer, unable to parse string as an integer, got 'many' ("),
        ("needy", {}, "the detector 'needy' needs the key 'least' (params.yaml: monitor.columns.age)\n  fix: add least: …"),
        ("function", {}, f"the detector 'function' is not a class ({WHERE})"),
        ("meine", {"least": 7}, f"no detector 'meine' ({WHERE})\n  fix: did you mean 'mine'?"),
    ],
)
def test_what_a_member_cannot_be_made_from_is_one_sentence(other_package, name, given, sentence):
    with pytest.raises(KeepfitError) as caught:
        make("detectors", name, given, where=WHERE)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        ("monitor: {columns: {age: {detektor: ks}}}", "no key 'detektor' (params.yaml: monitor.columns.age.detektor)\n  fix: did you mean 'detector'?"),
        ("monitor: {columns: {age: {detector: mine, leest: 3}}}", "no key 'leest' (params.yaml: monitor.columns.age.leest)\n  fix: did you mean 'least'?"),
        ("monitor: {columns: {age: {detector: mine, detektor: 3}}}", "no key 'detektor' (params.yaml: monitor.columns.age.detektor)\n  fix: did you mean"),
        ("compose: {replay_shar: 0.1}", "no key 'replay_shar' (params.yaml: compose.replay_shar)\n  fix: did you mean 'replay_share'? known: balance,"),
        ("compose: {replay_share: 1.5}", "Input should be less than or equal to 1, got '1.5' (params.yaml: compose.replay_share)"),
        ("compose: {recent_windows: 0}", "Input should be greater than or equal to 1, got '0' (params.yaml: compose.recent_windows)"),
    ],
)
def test_a_key_that_neither_the_section_nor_its_member_has_is_refused_with_the_nearest(other_package, section, sentence):
    with pytest.raises(ParamsError) as caught:
        read_params(SMALL + section)
    assert str(caught.value).startswith(sentence)


def test_the_fields_of_a_member_that_is_not_installed_here_are_for_whoever_uses_it(other_package):
    for name in ("gone", "broken"):
        assert read_params(SMALL + f"monitor: {{columns: {{age: {{detector: {name}, least: 3}}}}}}").monitor.columns["age"].detector == name


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
