from __future__ import annotations

import json

import pytest

from keepfit.integrations.forges.github import pull_request
from keepfit.integrations.forges.sticky import ForgeError

TOKEN = {"GITHUB_TOKEN": "t", "GITHUB_REPOSITORY": "o/r"}


def test_without_a_token_there_is_nothing_to_ask():
    assert pull_request({"GITHUB_REPOSITORY": "o/r", "GITHUB_REF": "refs/pull/7/merge"}) is None


@pytest.mark.parametrize("event", [{"pull_request": {"number": 7}}, {"issue": {"number": 7, "pull_request": {}}}])
def test_the_number_is_that_of_the_event_where_the_reference_names_none(event, tmp_path):
    path = tmp_path / "event.json"
    path.write_text(json.dumps(event))
    assert pull_request({**TOKEN, "GITHUB_REF": "refs/heads/main", "GITHUB_EVENT_PATH": str(path)}).number == 7
    assert pull_request({**TOKEN, "GITHUB_REF": "refs/pull/8/merge", "GITHUB_EVENT_PATH": str(path)}).number == 8


@pytest.mark.parametrize("environ", [TOKEN, {**TOKEN, "GITHUB_EVENT_PATH": "/nowhere"}, {"GITHUB_TOKEN": "t", "GITHUB_REF": "refs/pull/7/merge"}])
def test_a_run_of_no_pull_request_says_how_to_make_it_one(environ):
    with pytest.raises(ForgeError, match="this run is of no pull request"):
        pull_request(environ)


def test_an_event_that_is_no_pull_requests_is_none(tmp_path):
    path = tmp_path / "event.json"
    for text in ('{"pull_request": null}', "[]", "no json", '{"issue": {}}'):
        path.write_text(text)
        with pytest.raises(ForgeError, match="no pull request"):
            pull_request({**TOKEN, "GITHUB_EVENT_PATH": str(path)})
