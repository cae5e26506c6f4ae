"""What others need to know of a member of a family is its attributes; its name is a string of its own file and of the table of built-in names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import keepfit
from keepfit import plugins
from keepfit.monitor.detectors.detector import Effect
from keepfit.monitor.rules.rule import RuleWords
from keepfit.stats.metric import Sound

PACKAGE = Path(keepfit.__file__).parent
OWN = {
    name: target.partition(":")[0].removeprefix("keepfit.").replace(".", "/") + ".py"
    for family, members in plugins.BUILTIN.items()
    if family != "hooks"  # file, command, github: words of every second sentence
    for name, target in members.items()
}
NAMED_FOR_ALL = {"plugins.py", "params/__init__.py", "params/recipe.py"}
"""The table of built-in names, and what params.yaml says by default."""
WORDS = {"missing", "range", "recent", "fixed", "persist", "accuracy", "correlation", "silence", "swap", "volume"}
WORDS |= {"random", "uncertainty", "margin", "disagreement", "diversity", "slices"}
"""Names that are words of English, too: they are looked for as whole strings, and the others inside of longer ones as well."""
OTHER_MEANINGS = {
    "missing": {"integrations/gx_suites.py", "profiles/identity.py"},
    "random": {"records/labels.py", "tables/label_file.py", "compose/queue/drawing.py", "report/label_queue.py"},
    "swap": {"evaluate/behaviour/changes.py", "evaluate/behaviour/reading.py"},
    "slices": {
        "records/words.py",
        "cli/label.py",
        "profiles/shares.py",
        "profiles/confusions.py",
        "report/drift.py",
        "monitor/rules/e_detector.py",
        "monitor/rules/budget.py",
    },
}
"""Files in which the word is no member: an expectation's observed value, a count in a profile; how a row was selected; what a behaviour test
changes; a group of the promise."""


def texts(code: str) -> Iterator[tuple[int, str]]:
    """Line and text of every string that is no docstring."""
    tree = ast.parse(code)
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}
    yield from ((node.lineno, node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said)


def named(code: str) -> list[tuple[int, str]]:
    """The members that the strings of some code name."""
    return [(line, name) for line, text in texts(code) for name in OWN if _names(text, name)]


def _names(text: str, name: str) -> bool:
    return text == name if name in WORDS else re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None


def test_no_member_is_named_outside_its_own_file():
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        place = str(path.relative_to(PACKAGE))
        found += [
            f"{place}:{line}: {name}"
            for line, name in named(path.read_text(encoding="utf-8"))
            if place not in NAMED_FOR_ALL | {OWN[name]} | OTHER_MEANINGS.get(name, set())
        ]
    assert found == []


@pytest.mark.parametrize("code", ["x == 'recent'", "fix='ks or range'", "OF = ('e-detector',)", "f'{x} roc_auc'"])
def test_a_name_would_be_found(code):
    assert named(code)


@pytest.mark.parametrize("code", ["'''ks'''", "'the recent windows'", "'desks'", "'a fixed bound'"])
def test_words_are_no_names(code):
    assert named(code) == []


# -- what every member says of itself -----------------------------------------------------------------------------------


def members(*families: plugins.Family):
    found = [(family, name) for family in families for name in plugins.names(family)]
    return pytest.mark.parametrize("member", [plugins.load(family, name) for family, name in found], ids=[name for _, name in found])


DETECTORS = ("detectors", "row_detectors", "pair_detectors", "window_detectors", "source_detectors")


@members(*DETECTORS)
def test_a_detector_says_what_its_effect_is_and_how_a_sentence_about_it_reads(member):
    assert isinstance(member.effect, Effect)
    assert member.effect.highest is None or member.effect.highest > 0
    assert member.words


@members("detectors", "row_detectors", "pair_detectors")
def test_a_detector_says_how_many_rows_it_needs(member):
    assert member.least_rows >= 1


@members("window_detectors")
def test_a_detector_of_windows_says_how_many_it_needs(member):
    detector, enough = member(), [1000 + number for number in range(member.least_windows)]
    assert detector.compare(enough, 500).effect > 0
    too_few = detector.compare(enough[:-1], 500)
    assert (too_few.statistic, too_few.effect, too_few.p_value) == (None, None, None)
    assert too_few.detail


@members("detectors")
def test_a_detector_says_which_columns_it_looks_at(member):
    assert member.kinds
    assert set(member.kinds) <= {"numeric", "categorical", "text"}


@members("evidence")
def test_a_rule_over_evidence_says_what_it_promises_and_remembers(member):
    assert (type(member.promises), type(member.remembers)) == (bool, bool)
    assert member.learns >= 0
    assert member.effect is None or isinstance(member.effect, Effect)
    assert member.words is None or isinstance(member.words, RuleWords)
    assert member.remembers or not member.promises, "a promise over time needs a memory"


@members("metrics")
def test_a_metric_says_what_its_values_are(member):
    low, high = member.range
    assert member.task in ("classification", "regression")
    assert isinstance(member.sound, Sound)
    assert low <= member.sound.low < high
    assert member.sound.high is None or member.sound.high <= high
    assert member.mean_of_rows == hasattr(member, "rows")
    assert member.words


@members("augmentations")
def test_an_augmentation_says_in_words_what_it_does_to_a_row(member):
    assert member.words


@members("samplers")
def test_a_sampler_says_how_far_back_it_looks(member):
    assert member().windows_needed is None or member().windows_needed >= 1


@members(*plugins.BUILTIN)
def test_every_member_goes_by_its_name(member):
    assert any(plugins.knows(family, member.name) and plugins.load(family, member.name) is member for family in plugins.BUILTIN)
