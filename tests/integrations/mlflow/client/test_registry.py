from __future__ import annotations

import pytest

from keepfit.errors import ServerError
from keepfit.integrations.mlflow.client import Mlflow, Version

pytestmark = pytest.mark.slow


def test_a_version_is_found_by_its_key(mlflow_db, registered):
    version = registered("it's a model", "sha256:v")
    assert mlflow_db.find_version("it's a model", "sha256:v") == version == mlflow_db.version("it's a model", version.number)
    assert mlflow_db.find_version("it's a model", "sha256:w") is None
    assert version.model_id.startswith("m-")


def test_an_alias_moves_and_tags_are_set(mlflow_db, registered):
    version = registered("moves", "sha256:m")
    assert mlflow_db.champion("moves", "champion") is mlflow_db.alias("moves", "champion") is None
    mlflow_db.move_alias("moves", "champion", version.number)
    assert mlflow_db.champion("moves", "champion").number == mlflow_db.alias("moves", "champion") == version.number
    mlflow_db.tag_version("moves", version.number, {"kf.reason": "why", "kf.branch": "b"})
    assert mlflow_db.version("moves", version.number).tags.items() >= {"kf.reason": "why", "kf.branch": "b", "kf.status": "passed"}.items()


def test_no_model_means_no_champion_and_no_versions(mlflow_db):
    assert mlflow_db.champion("nobody", "champion") is None
    assert mlflow_db.versions("nobody") == ()


def test_a_name_that_mlflow_does_not_know_is_named(mlflow_db):
    for ask in (mlflow_db.version, mlflow_db.alias):
        with pytest.raises(ServerError, match="not found") as unknown:
            ask("nobody", "1")
        assert unknown.value.where.startswith("nobody")
        assert unknown.value.fix == "the Models page of MLflow lists names and versions"


def test_pages_of_versions_exist_only_on_a_server(mlflow_db):
    version = Version(model="it's a model", number="1", run_id=None, model_id=None)
    assert mlflow_db.version_page(version) is None
    assert Mlflow("http://h:5000/").version_page(version) == "http://h:5000/#/models/it%27s%20a%20model/versions/1"


def test_all_models_that_have_an_alias_are_found_on_every_page(mlflow_db):
    for number in range(102):  # MLflow's pages hold 100
        mlflow_db.ensure_model(f"standing-{number:03d}")
    client = mlflow_db.client
    for name in ("standing-000", "standing-101"):
        client.create_model_version(name, source="file:///nowhere")
        mlflow_db.move_alias(name, "live", "1")
    assert mlflow_db.standing("live") == {"standing-000": "1", "standing-101": "1"}
    assert mlflow_db.standing("never") == {}
