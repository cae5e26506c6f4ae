"""A project in a repository, its folder named as no script's author would have it."""

from __future__ import annotations

import subprocess

import pytest

PARAMS = "model: {name: 'Late $(date) \"v2\"', task: regression, target: y}\ndata: {live: rows.csv, time: t}\nmlflow: {tracking_uri: 'http://127.0.0.1:9'}\n"


@pytest.fixture
def project(tmp_path):
    """The least that is a project, in a folder with a quote, a space, a per cent sign and a dollar."""
    root = tmp_path / "it's 100% $HOME"
    root.mkdir()
    (root / "params.yaml").write_text(PARAMS)
    (root / "baseline.json").write_text('{"champion": null, "previous": null, "schema": 1}\n')
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    return root
