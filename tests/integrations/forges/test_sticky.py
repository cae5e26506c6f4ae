"""One comment, made once and edited afterwards, on both forges."""

from __future__ import annotations

import pytest
from tests.receiver import receiver

from keepfit.integrations.forges.github import pull_request
from keepfit.integrations.forges.gitlab import merge_request
from keepfit.integrations.forges.sticky import ForgeError, post_once

MARKER = "<!-- keepfit-comment: m -->"
FORGES = pytest.mark.parametrize("name", ["github", "gitlab"])


def discussion(name, double, token="writes"):
    if name == "github":
        return pull_request({"GITHUB_TOKEN": token, "GITHUB_REPOSITORY": "o/r", "GITHUB_REF": "refs/pull/7/merge", "GITHUB_API_URL": double.url})
    return merge_request(
        {"GITLAB_TOKEN": token, "CI_PROJECT_ID": "12", "CI_MERGE_REQUEST_IID": "7", "CI_API_V4_URL": double.url, "CI_PROJECT_URL": "http://g/o/r"}
    )


@FORGES
def test_it_is_made_once_and_edited_afterwards(name, double):
    double.say("looks good")
    first = post_once(discussion(name, double), f"{MARKER}\none", marker=MARKER)
    again = post_once(discussion(name, double), f"{MARKER}\ntwo", marker=MARKER)
    assert (first.created, again.created, first.url) == (True, False, again.url)
    assert [one["body"] for one in double.comments] == ["looks good", f"{MARKER}\ntwo"]


@FORGES
def test_it_is_found_behind_hundreds_of_others_and_another_models_is_let_be(name, double):
    for number in range(230):
        double.say(f"{number}")
    double.say("<!-- keepfit-comment: other -->\nmine")
    double.say(f"quoted: {MARKER}")
    double.say(f"{MARKER}\nold")
    assert not post_once(discussion(name, double), f"{MARKER}\nnew", marker=MARKER).created
    assert [one["body"] for one in double.comments[-3:]] == ["<!-- keepfit-comment: other -->\nmine", f"quoted: {MARKER}", f"{MARKER}\nnew"]
    assert len(double.writes) == 1


@FORGES
@pytest.mark.parametrize(("token", "said"), [("reads", "the token may not write"), ("none", "the token may not read")])
def test_a_token_that_may_not_is_one_sentence_that_says_what_it_needs(name, token, said, double):
    with pytest.raises(ForgeError) as bad:
        post_once(discussion(name, double, token), MARKER, marker=MARKER)
    assert bad.value.what.startswith(said)
    assert bad.value.where == '403 {"message": "Resource not accessible by integration"}'
    assert ("pull-requests: write" if name == "github" else "project access token") in bad.value.fix
    assert double.comments == []


@FORGES
def test_a_forge_that_is_broken_or_away_is_one_sentence(name, double):
    double.broken = True
    with pytest.raises(ForgeError, match="answered 502"):
        post_once(discussion(name, double), MARKER, marker=MARKER)
    double.url = "http://127.0.0.1:9"
    with pytest.raises(ForgeError, match="does not answer"):
        post_once(discussion(name, double), MARKER, marker=MARKER)


def test_the_token_is_in_no_text(double):
    found = discussion("github", double, "s3cret")
    assert "s3cret" not in repr(found)


@FORGES
def test_a_redirect_takes_the_token_nowhere(name, double):
    with receiver(way="301", headers={"Location": f"{double.url}/elsewhere"}) as moved:
        double.url = moved.url
        with pytest.raises(ForgeError, match="is elsewhere now"):
            discussion(name, double).create("text")
    assert double.comments == []
