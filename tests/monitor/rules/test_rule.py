"""The rules over evidence by name: what each calls drift, and that all of them resume and start anew alike."""

import pytest

from keepfit import plugins
from keepfit.errors import UnknownNameError
from keepfit.monitor.rules.fixed import Fixed
from keepfit.monitor.rules.persist import Persist
from keepfit.monitor.rules.pvalue_holm import PValueHolm
from keepfit.monitor.rules.rule import Watch, words_of
from keepfit.records import Evidence, EvidenceMemory, Profile, Reference, from_json, to_json

WATCH = Watch(reference=Reference(profiles=(Profile(window="2013-01", rows=500, columns={}),)), min_effect=0.1)
PROFILE = Profile(window="2013-02", rows=500, columns={})


def said(subject, *, effect=0.3, p=1e-9, n=500):
    return Evidence(kind="data", subject=subject, detector="ks", statistic=effect, effect=effect, p_value=p, n=n, n_reference=500)


def fold(rule, *windows, memory=None):
    memory, found = memory or EvidenceMemory(), []
    for evidence in windows:
        weighed = rule.step(memory, PROFILE, evidence)
        memory = weighed.memory
        found.append([one.subject for one in weighed.loud])
    return memory, found


QUIET, SMALL, LOUD = said("x", p=0.2), said("x", effect=0.05), said("x")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Fixed, [["x"], [], [], ["x"]]),
        (PValueHolm, [["x"], ["x"], [], ["x"]]),
        (Persist, [[], [], [], []]),
    ],
)
def test_what_each_rule_calls_drift(rule, expected):
    assert fold(rule(WATCH), [LOUD], [SMALL], [QUIET], [LOUD])[1] == expected


def test_persist_wants_two_of_three():
    assert fold(Persist(WATCH), [LOUD], [QUIET], [LOUD], [LOUD], [QUIET])[1] == [[], [], ["x"], ["x"], []]


def test_few_rows_never_speak():
    assert fold(Fixed(WATCH), [said("x", n=99)])[1] == [[]]


def test_a_column_with_two_measures_speaks_once_a_window():
    assert fold(Persist(WATCH), [LOUD, LOUD])[1] == [[]]


@pytest.mark.parametrize("name", sorted(plugins.BUILTIN["evidence"]))
def test_every_rule_is_found_by_its_own_name(name):
    assert plugins.load("evidence", name).name == name


def test_a_rule_nobody_knows_is_one_sentence():
    with pytest.raises(UnknownNameError, match=r"no evidence 'edetector' \(params.yaml: monitor.evidence\)"):
        plugins.load("evidence", "edetector", where="params.yaml: monitor.evidence")


@pytest.mark.parametrize("rule", [Fixed, PValueHolm, Persist])
def test_folding_in_two_halves_through_json_is_folding_once(rule):
    history = [[LOUD], [QUIET], [LOUD, said("y")], [said("y")], []]
    kept, first = fold(rule(WATCH), *history[:2])
    end, second = fold(rule(WATCH), *history[2:], memory=from_json(EvidenceMemory, to_json(kept)))
    assert (end, first + second) == fold(rule(WATCH), *history)


def test_another_rule_or_another_reference_starts_anew():
    memory, _ = fold(Persist(WATCH), [LOUD])
    other = Watch(reference=Reference(profiles=(Profile(window="2013-06", rows=500, columns={}),)), min_effect=0.1)
    assert fold(Persist(other), [LOUD], memory=memory)[1] == [[]]
    assert fold(Fixed(WATCH), [LOUD], memory=memory)[0].windows == 1
    assert fold(Persist(WATCH), [LOUD], memory=memory)[1] == [["x"]]


def test_sentences_name_a_rule_without_words_of_its_own_also_where_it_is_gone():
    assert words_of("fixed").held.format(alpha=0.01) == "with p below 0.01 after Holm"
    assert words_of("persist").changed.format(by="by 0.1 or more") == "changed by 0.1 or more by the rule persist"
    assert words_of("of {another} package").changed.format(by="by 0.1") == "changed by 0.1 by the rule of {another} package"
    assert words_of("of {another} package").held.format(alpha=0.01) == "that the rule of {another} package calls one"
