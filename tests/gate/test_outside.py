"""What is judged outside a project: no commit was merged, and what is not known of the rows is shown or refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.gate.verdicts import PIN, RULES, verdict

REFUSE = RULES.replace("trust: self", "trust: self\n    unknown_rows: refuse")
MERGED = RULES.replace("trust: self", "trust: self\n    require_merged: true")


def codes(found):
    return {reason.code: reason for reason in found.reasons}


@pytest.mark.parametrize(("rules", "promote"), [(RULES, True), (REFUSE, False)])
def test_rows_of_which_nobody_knows_whether_they_trained_are_shown_or_refused(rules, promote):
    found = verdict(rules=rules, commit="", merged=None, unseen="unknown")
    assert (found.promote, codes(found)["KF-G036"].blocking) == (promote, not promote)


@pytest.mark.parametrize("unseen", ["known", None])
def test_rows_that_are_known_to_be_later_pass_either_way(unseen):
    assert verdict(rules=REFUSE, commit="", merged=None, unseen=unseen).promote


def test_no_commit_is_no_merged_one_and_the_sentence_says_which():
    (reason,) = [one for one in verdict(rules=MERGED, commit="", merged=None, unseen="known").reasons if one.blocking]
    assert (reason.code, reason.text) == ("KF-G017", "it was evaluated outside a project: there is no commit that was merged")
    (of_commit,) = [one for one in verdict(rules=MERGED, merged=False).reasons if one.blocking]
    assert "the certified commit cccccccccc is not merged" in of_commit.text


def test_the_way_out_names_the_command_that_there_is_without_a_project():
    found = verdict(commit="", merged=None, unseen="known", champion=replace(PIN, version="7"))
    assert codes(found)["KF-G018"].fix == "re-evaluate against v1: keepfit evaluate m 2 --data TABLE --target COLUMN"
    missing = verdict(rows={}, commit="", merged=None, unseen="known")
    assert codes(missing)["KF-G020"].fix == "evaluate it again: these rules are what is judged by"
