from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from keepfit.records import JournalRow, Reason, Verdict
from keepfit.report.verdict import BEGIN, END, asked, explanation, outcome, verdict_block, with_note, with_verdict, without_verdict

MISSING = Reason(code="KF-G050", rule="approvals", text="0 of 1 approvals by others than rita", fix="someone else approves")
SHOWN = Reason(code="KF-G025", rule="overall", text="does not apply", blocking=False)
REFUSED = Verdict(
    model="m",
    version="2",
    target="alias champion",
    promote=False,
    kind="refused",
    self_attested=False,
    reasons=(SHOWN, MISSING),
    rules="sha256:" + "a" * 64,
    certificate=None,
)
PROMOTED = replace(REFUSED, promote=True, kind="promoted", reasons=())
PAGE = "/#/experiments/1/runs/r/artifacts/gate/verdict.html"


def asking(who="rita", **more):
    about = {"kind": "refused", "model": "m", "version": "2", "target": "alias champion", "via": "server", "text": "t"}
    return JournalRow(at=datetime(2026, 1, 31, 18, 30, tzinfo=UTC), who=who, **about | more)


def block(verdict=REFUSED, row=None, **more):
    return verdict_block(verdict, row or asking(), **more)


def test_a_refusal_says_what_happened_before_it_says_why():
    text = outcome(REFUSED)
    assert text.startswith("v2 was not made alias champion; nothing has changed.")
    assert text.endswith("(gate.yaml), and 1 is not met.")
    assert outcome(replace(REFUSED, target="stage Production")).startswith("v2 was not moved to stage Production;")
    assert outcome(replace(REFUSED, reasons=(MISSING, MISSING))).endswith("and 2 are not met.")


def test_what_refuses_stands_apart_from_what_is_no_obstacle():
    refusing, _, other = block().partition("Also found, and no obstacle:")
    assert "| 0 of 1 approvals by others than rita | someone else approves | approvals | KF-G050 |" in refusing
    assert "KF-G025" in other
    assert "Also found" not in block(replace(REFUSED, reasons=(MISSING,)))


@pytest.mark.parametrize(
    ("kind", "said"), [("promoted", "v2 was made alias champion: it met all rules"), ("rolled back", "v2 was made alias champion again. It had been before")]
)
def test_a_success_is_told_as_what_was_so_that_it_stays_true(kind, said):
    text = block(replace(PROMOTED, kind=kind))
    assert f"**keepfit gate: {kind}.** {said}" in text
    assert "ask again" not in text


def test_who_asked_and_who_approved_are_named():
    assert asked(asking(detail={"approvers": "paul"})) == "Asked for by rita on 2026-01-31 at 18:30 UTC. Approved by paul."
    assert "no users" in asked(asking("anonymous"))


def test_self_attested_is_said_of_both_answers():
    for verdict in (REFUSED, PROMOTED):
        assert "Self-attested" in block(replace(verdict, self_attested=True))


def test_only_a_place_on_these_pages_becomes_a_link():
    assert f"[All on one page]({PAGE})" in block(page=PAGE)
    assert "](" not in block(page="javascript:alert(1)")


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>", "[x](javascript:1)", "**b** `c`", f"{END}", "a|b\nc"])
def test_names_are_shown_and_do_nothing(name):
    text = block(replace(REFUSED, target=name, reasons=(replace(MISSING, text=name, rule=name, fix=name),)), asking(name))
    assert "<img" not in text
    assert "[x](" not in text.replace(r"\[x\](", "")
    assert "**b**" not in text
    assert (text.count(BEGIN), text.count(END)) == (1, 1)
    assert len(text.splitlines()) == len(block(replace(REFUSED, reasons=(MISSING,))).splitlines())


def test_many_reasons_are_counted_and_what_refuses_comes_first():
    text = block(replace(REFUSED, reasons=(SHOWN,) * 9 + (MISSING,) * 9), max_reasons=5)
    assert (text.count("KF-G050"), text.count("KF-G025")) == (5, 0)
    assert "… and 13 more: keepfit gate explain" in text


def test_a_description_keeps_its_words_and_one_verdict():
    once = with_verdict("mine", REFUSED, asking(), max_chars=5000)
    twice = with_verdict(once, PROMOTED, asking(), max_chars=5000)
    assert (twice.count(BEGIN), "refused" in twice, without_verdict(twice)) == (1, False, "mine")
    assert with_verdict("m" * 4999, REFUSED, asking(), max_chars=5000) == "m" * 4999


def test_a_list_shows_a_sentence_and_no_mark():
    for text in (block(), with_verdict("mine", PROMOTED, asking(), max_chars=5000), with_note("mine", "replaced: alias champion", asking(), max_chars=5000)):
        first, second, third = text.split("\n")[:3]
        assert first.startswith("**keepfit gate: ")
        assert (second, third) == ("", BEGIN)


def test_a_block_of_before_that_began_with_its_mark_is_replaced_as_well_and_words_around_it_stay():
    before = f"{BEGIN}\n**keepfit gate: refused.** v2 was not made alias champion.\n\nAsked for by rita.\n{END}"
    for old in (before, verdict_block(REFUSED, asking())):
        assert without_verdict(f"above\n\n{old}\n\nmine") == "above\n\nmine"
        again = with_verdict(f"{old}\n\nmine", PROMOTED, asking(), max_chars=5000)
        assert (again.count(BEGIN), again.count("keepfit gate: "), "refused" in again, again.endswith("\n\nmine")) == (1, 1, False, True)


def test_words_that_only_look_like_a_verdict_are_the_authors():
    for mine in ("**keepfit gate: promoted.** I wish.", "**keepfit gate: promoted.**\nmore\n\n", "x **keepfit gate: y.** z"):
        assert without_verdict(mine) == mine.strip()


def test_an_explanation_ends_with_the_names_that_a_waiver_would_use():
    said = explanation(REFUSED, [(MISSING, None)], subject="m v2", rules="gate.yaml", waivable=("overall", "expectation it's there"))
    assert said.splitlines()[-1].endswith("--until DATE): overall, 'expectation it'\"'\"'s there'")
    assert "may be waived" not in explanation(REFUSED, [(MISSING, None)], subject="m v2", rules="gate.yaml")


def test_what_passed_by_approval_is_said_with_who_approved_and_what_was_undecided():
    by = Reason(code="KF-G032", rule="overall_renewed", text="overall roc_auc: undecided …; passes by the approval of rita", blocking=False)
    verdict = replace(PROMOTED, reasons=(by,))
    assert outcome(verdict).startswith("v2 was made alias champion: it failed none, and a person's approval let pass what was undecided, of the rules")
    row = asking(who="tess", kind="promoted", detail={"approvers": "rita", "undecided": "overall roc_auc (overall_renewed)"})
    assert asked(row).endswith("Approved by rita, which let pass what was undecided: overall roc_auc (overall_renewed).")
    assert "passes by the approval of rita" in block(verdict, row)
