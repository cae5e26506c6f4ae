from __future__ import annotations

import pytest

from keepfit.integrations.forges.gitlab import merge_request
from keepfit.integrations.forges.sticky import ForgeError

RUN = {"GITLAB_TOKEN": "t", "CI_PROJECT_ID": "12", "CI_MERGE_REQUEST_IID": "7"}


def test_without_a_token_there_is_nothing_to_ask():
    assert merge_request({**RUN, "GITLAB_TOKEN": ""}) is None


@pytest.mark.parametrize("lacking", ["CI_PROJECT_ID", "CI_MERGE_REQUEST_IID"])
def test_a_run_of_no_merge_request_says_how_to_make_it_one(lacking):
    with pytest.raises(ForgeError, match="this run is of no merge request"):
        merge_request({**RUN, lacking: ""})


def test_what_the_system_wrote_is_no_comment(double):
    double.say("<!-- m -->", system=True)
    double.say("hello", system=False)
    assert [one.body for one in merge_request({**RUN, "GITLAB_TOKEN": "writes", "CI_API_V4_URL": double.url}).comments()] == ["hello"]
