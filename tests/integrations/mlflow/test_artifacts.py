from __future__ import annotations

import pytest

from keepfit.errors import DataError
from keepfit.integrations.mlflow.artifacts import Artifacts, require_under

HERE = ("/srv/artifacts", "s3://ours/models")


@pytest.mark.parametrize("uri", ["/srv/artifacts/1/m", "file:///srv/artifacts/1/m", "s3://ours/models/1", "/srv/artifacts"])
def test_what_lies_below_a_root_is_read(uri):
    require_under(uri, HERE)


@pytest.mark.parametrize(
    "uri",
    [
        "/etc",
        "file:///etc/passwd",
        "/srv/artifacts-not/1",
        "/srv/artifacts/../secret",
        "file:///srv/artifacts/%2e%2e/secret",
        "s3://ours/other",
        "s3://theirs/models/1",
        "s3://ours/models/../other",
        "s3://ours/models/%2e%2e/other",
        "gs://ours/models/1",
        "http://ours/models/1",
    ],
)
def test_what_lies_elsewhere_is_not(uri):
    with pytest.raises(DataError, match="outside the server's artifact root"):
        require_under(uri, HERE)


def test_a_link_below_the_root_leads_nowhere(tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    (root / "out").symlink_to("/etc")
    with pytest.raises(DataError, match="outside"):
        require_under(str(root / "out"), [str(root)])


def test_nothing_is_read_without_a_root(tmp_path):
    with pytest.raises(DataError, match="outside"):
        require_under(str(tmp_path), [])


def test_more_than_the_limit_is_refused_before_it_is_read(tmp_path, monkeypatch):
    (tmp_path / "model").write_bytes(b"x" * 2000)
    assert len(list(Artifacts().files(str(tmp_path)))) == 1
    monkeypatch.setenv("KEEPFIT_MAX_MODEL_GB", "0.000001")
    with pytest.raises(DataError, match=r"larger than 1e-06 GB.*\n.*KEEPFIT_MAX_MODEL_GB"):
        list(Artifacts().files(str(tmp_path)))
