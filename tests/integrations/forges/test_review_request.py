"""One pull or merge request of a branch, opened once, on both forges."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.forge_double import Forge

from keepfit.integrations.forges.merge_requests import merge_requests
from keepfit.integrations.forges.pull_requests import pull_requests
from keepfit.integrations.forges.review_request import BEGINS, ENDS, ProposedBranch, propose_once
from keepfit.integrations.forges.sticky import ForgeAwayError, ForgeError

FORGES = pytest.mark.parametrize("forge", ["github", "gitlab"])
RETRAIN = ProposedBranch(branch="retrain/2026-02-harm", base="main", title="Retrain parts for 2026-02-harm", text="# Review\n\nAUC rose.")


def requests(forge: str, double: Forge, token: str = "writes"):
    return pull_requests("o/r", token=token, api=double.url) if forge == "github" else merge_requests("o/r", token=token, api=double.url + "/")


def address(forge: str, number: int) -> str:
    return f"https://forge/pull/{number}" if forge == "github" else f"https://forge/-/merge_requests/{number}"


@FORGES
def test_it_is_opened_once_and_brought_up_to_date_afterwards(forge, double):
    there = requests(forge, double)
    assert propose_once(there, RETRAIN) == f"opened {address(forge, 1)}"
    assert propose_once(there, RETRAIN) == f"{address(forge, 1)} is up to date"
    assert propose_once(there, replace(RETRAIN, text="# Review\n\nAUC fell.")) == f"updated {address(forge, 1)}"
    [one] = double.requests
    assert (one["branch"], one["base"], one["title"]) == ("retrain/2026-02-harm", "main", RETRAIN.title)
    assert one["body"] == f"{BEGINS}\n# Review\n\nAUC fell.\n{ENDS}"
    assert len(double.writes) == 2


@FORGES
def test_what_people_wrote_around_it_stays_and_a_text_of_their_own_is_theirs(forge, double):
    there = requests(forge, double)
    propose_once(there, RETRAIN)
    double.requests[0]["body"] = f"Ann: look at slices\r\n{double.requests[0]['body']}\n\n- [x] read"
    assert propose_once(there, replace(RETRAIN, text="new")) == f"updated {address(forge, 1)}"
    assert double.requests[0]["body"] == f"Ann: look at slices\n{BEGINS}\nnew\n{ENDS}\n\n- [x] read"
    double.requests[0]["body"] = "Ann's own"
    assert propose_once(there, RETRAIN) == f"{address(forge, 1)} is up to date"
    assert double.requests[0]["body"] == "Ann's own"


@FORGES
@pytest.mark.parametrize("state", ["closed", "merged"])
def test_what_somebody_decided_is_left(forge, state, double):
    there = requests(forge, double)
    propose_once(there, RETRAIN)
    double.requests[0]["state"] = state
    assert propose_once(there, RETRAIN) == f"{address(forge, 1)} is {state}: left as it is"
    assert len(double.requests) == 1


@FORGES
def test_another_branch_or_base_is_another_request(forge, double):
    there = requests(forge, double)
    propose_once(there, RETRAIN)
    double.requests[0]["base"] = "old"
    double.requests[0]["state"] = "closed"
    assert propose_once(there, RETRAIN) == f"opened {address(forge, 2)}"
    assert propose_once(there, replace(RETRAIN, branch="retrain/other")) == f"opened {address(forge, 3)}"


@FORGES
def test_a_text_that_is_too_long_is_cut_and_says_so_and_marks_in_it_are_text(forge, double):
    there = requests(forge, double)
    propose_once(there, replace(RETRAIN, text=f"{ENDS}\n" + "a line of the review\n" * 80_000))
    body = double.requests[0]["body"]
    assert len(body) <= there.longest
    assert "(the rest is in `reports/REVIEW.md` of the branch)" in body
    assert (body.count(ENDS), body.endswith(ENDS)) == (1, True)
    assert propose_once(there, RETRAIN) == f"updated {address(forge, 1)}"
    assert double.requests[0]["body"] == f"{BEGINS}\n{RETRAIN.text}\n{ENDS}"


@FORGES
def test_a_token_that_may_not_is_one_sentence_and_a_forge_that_is_away_may_come_back(forge, double):
    with pytest.raises(ForgeError, match="the token may not write") as bad:
        propose_once(requests(forge, double, "reads"), RETRAIN)
    assert not isinstance(bad.value, ForgeAwayError)
    double.broken = True
    with pytest.raises(ForgeAwayError, match="answered 502"):
        propose_once(requests(forge, double), RETRAIN)
    assert double.requests == []


@FORGES
def test_a_password_of_the_machine_does_not_take_the_tokens_place(forge, double, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert propose_once(requests(forge, double), RETRAIN).startswith("opened")
