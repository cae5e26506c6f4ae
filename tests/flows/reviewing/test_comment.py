"""`keepfit comment` on the branch of a real retraining: what it says, and that it is one comment however often it runs."""

from __future__ import annotations

import json

import pytest
from tests.flows.projects import MODEL, TICKET
from tests.forge_double import forge
from tests.report.test_review import CARD

from keepfit.records import to_json
from keepfit.report.comment import marker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
PULL = {"GITHUB_TOKEN": "writes", "GITHUB_REPOSITORY": "o/r", "GITHUB_REF": "refs/pull/7/merge"}


@pytest.fixture(scope="module")
def branch(improved, tmp_path_factory):
    """The retraining's branch, checked out as a CI job has it."""
    small = improved.copy(tmp_path_factory.mktemp("branch"))
    small.git("checkout", "-q", f"retrain/{TICKET}")
    return small


def test_it_says_the_verdict_and_what_the_branch_changed(branch):
    text = branch.keepfit("comment").stdout
    assert text.startswith(marker(MODEL))
    head, _, folded = text.partition("<details>")
    assert "### keepfit: " in head
    assert "| overall |" in head
    assert "Trained on rows from" in folded
    assert '+{"action": "improve", "target": "2026-02-01T00:00:00"}' in folded
    assert "The rows that train are those that trained before." in folded


def test_it_is_posted_once_and_edited_afterwards_and_without_a_token_printed(branch):
    with forge() as double:
        environ = {**PULL, "GITHUB_API_URL": double.url}
        first = branch.keepfit("comment", "--post", "github", **environ)
        again = json.loads(branch.keepfit("comment", "--post", "github", "--json", **environ).stdout)
        assert first.stdout == "made: https://forge/c/1\n"
        assert (again["created"], again["url"]) == (False, "https://forge/c/1")
        assert [one["body"] for one in double.comments] == [again["text"]]
        refused = branch.keepfit("comment", "--post", "github", check=False, **{**environ, "GITHUB_TOKEN": "reads"})
        assert (refused.returncode, refused.stderr.count("keepfit: ")) == (1, 1)
        assert "pull-requests: write" in refused.stderr
    printed = branch.keepfit("comment", "--post", "github", **{**PULL, "GITHUB_TOKEN": ""})
    assert printed.stdout == again["text"]
    assert "not posted: GITHUB_TOKEN is not set" in printed.stderr


def test_a_base_that_is_not_there_leaves_out_what_changed_and_says_so(branch):
    made = branch.keepfit("comment", "--base", "nowhere")
    assert "what changed is left out: git knows no commit 'nowhere'" in made.stderr
    assert "### keepfit: " in made.stdout


def test_an_evaluation_outside_of_a_project_and_none_at_all(branch, tmp_path):
    (tmp_path / "scorecard.json").write_text(to_json(CARD))
    assert branch.keepfit("comment", "--evaluation", str(tmp_path)).stdout.startswith(marker("flights"))
    empty = tmp_path / "empty"
    empty.mkdir()
    refused = branch.keepfit("comment", "--evaluation", str(empty), check=False)
    assert refused.returncode == 1
    assert "there is no scorecard to comment on" in refused.stderr
