"""What `improve` made and owed becomes one pull request, by the worker, on a forge of this machine and a bare remote."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.flows.projects import TICKET
from tests.forge_double import forge

from keepfit.flows.deliver.worker import run_hooks
from keepfit.integrations.yaml_files import put

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("name", "token"), [("github", "GITHUB_TOKEN"), ("gitlab", "GITLAB_TOKEN")])
def test_the_candidate_of_a_ticket_is_proposed_once_with_its_review(improved, tmp_path, monkeypatch, name, token):
    small, branch = improved.copy(tmp_path), f"retrain/{TICKET}"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", small.uri)
    monkeypatch.setenv(token, "writes")
    with forge() as double:
        params = small.root / "params.yaml"
        kinds = ["candidate_ready", "candidate_refused", "candidate_undecided"]
        subscriber = {"hook": name, "repository": "ml/parts", "api": double.url, "events": kinds}
        params.write_text(put(params.read_text(), "hooks.subscribers", {"review": subscriber}))
        said = []
        now = datetime.now(UTC).replace(tzinfo=None)
        assert run_hooks(small.project, now=now, say=said.append).taken == 1, said
        [one] = double.requests
        assert run_hooks(small.project, now=now, say=said.append).taken == 0
    assert (one["branch"], one["base"]) == (branch, "main")
    assert small.git("show", f"{branch}:reports/REVIEW.md").strip() in one["body"]
    assert small.git("ls-remote", "origin", branch).split()[0] == small.git("rev-parse", branch).strip()
    assert said == []
