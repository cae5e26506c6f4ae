"""`keepfit comment` on the branch of a real retraining: what it says, and that it is one comment however often it runs."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from tests.flows.projects import MODEL, TICKET
from tests.forge_double import forge
from tests.report.test_review import CARD

from keepfit.cli import app
from keepfit.errors import ProjectError
from keepfit.flows.reviewing.comment import comment, post
from keepfit.integrations.forges.sticky import ForgeError
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


@pytest.fixture
def evaluation(tmp_path):
    (tmp_path / "scorecard.json").write_text(to_json(CARD))
    return tmp_path


def test_it_says_the_verdict_and_what_the_branch_changed(branch):
    made = comment(branch.root)
    assert made.text.startswith(made.marker)
    head, _, folded = made.text.partition("<details>")
    assert "### keepfit: " in head
    assert "| overall |" in head
    assert "Trained on rows from" in folded
    assert '+{"action": "improve", "target": "2026-02-01T00:00:00"}' in folded
    assert "The rows that train are those that trained before." in folded
    assert made.marker == marker(MODEL)
    assert made.notes == ()


def test_a_base_that_is_not_there_leaves_out_what_changed_and_says_so(branch):
    made = comment(branch.root, base="nowhere")
    assert made.notes[0].startswith("what changed is left out: git knows no commit 'nowhere'")
    assert "### keepfit: " in made.text


def test_it_is_posted_once_and_edited_afterwards_and_refused_in_a_sentence(evaluation):
    made = comment(evaluation=evaluation)
    with forge() as double:
        environ = {**PULL, "GITHUB_API_URL": double.url}
        first, again = post(made, "github", environ), post(made, "github", environ)
        assert (first.created, again.created, first.url) == (True, False, again.url)
        assert [one["body"] for one in double.comments] == [made.text]
        with pytest.raises(ForgeError, match="the token may not write"):
            post(made, "github", {**environ, "GITHUB_TOKEN": "reads"})
    assert post(made, "github", {**PULL, "GITHUB_TOKEN": ""}) is None


def test_without_a_token_the_text_is_printed_and_that_is_said(evaluation, monkeypatch):
    for name in ("GITHUB_TOKEN", "GH_TOKEN", "GITLAB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    plain = CliRunner().invoke(app, ["comment", "--evaluation", str(evaluation)])
    asked = CliRunner().invoke(app, ["comment", "--evaluation", str(evaluation / "scorecard.json"), "--post", "gitlab"])
    assert (plain.exit_code, asked.exit_code) == (0, 0)
    assert asked.stdout == plain.stdout == comment(evaluation=evaluation).text
    assert asked.stderr == "keepfit: not posted: GITLAB_TOKEN is not set; this is the text\n"
    told = json.loads(CliRunner().invoke(app, ["comment", "--evaluation", str(evaluation), "--json"]).stdout)
    assert (told["text"], told["url"], told["created"]) == (plain.stdout, None, None)


def test_where_there_is_no_scorecard_it_says_what_makes_one(tmp_path):
    with pytest.raises(ProjectError, match="there is no scorecard to comment on") as bad:
        comment(evaluation=tmp_path)
    assert "dvc repro" in bad.value.fix
