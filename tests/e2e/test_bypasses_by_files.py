"""Ways to a protected pointer by files: changed ones, links, places outside of the artifact root; on both ways of keeping artifacts."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import requests
from tests.e2e.attacked import OK, Version, new_model, refused

pytestmark = pytest.mark.slow


@pytest.fixture(params=["proxied", "local_root"])
def attacked(request):
    return request.getfixturevalue(request.param)


def on_disk(attacked, version: Version) -> Path:
    """Where a version's files lie on the server's disk."""
    return attacked.root / "0" / version.run / "artifacts" / "model"


def served(attacked, version: Version, path: str) -> str:
    return f"{attacked.uri}/api/2.0/mlflow-artifacts/artifacts/0/{version.run}/artifacts/{path}"


# -- changed after the certificate ------------------------------------------------------------------------------------------


def put(attacked, version):
    return requests.put(served(attacked, version, "model/data/candidate/estimator.joblib"), data=b"poison", timeout=60)


def put_more(attacked, version):
    return requests.put(served(attacked, version, "model/code/sitecustomize.py"), data=b"poison", timeout=60)


def put_in_the_left_out_name(attacked, version):
    return requests.put(served(attacked, version, "model/registered_model_meta/poison.py"), data=b"poison", timeout=60)


def delete(attacked, version):
    return requests.delete(served(attacked, version, "model/MLmodel"), timeout=60)


def upload(attacked, version):
    about = {"run_uuid": version.run, "path": "model/MLmodel"}
    return requests.post(f"{attacked.uri}/ajax-api/2.0/mlflow/upload-artifact", params=about, data=b"poison", timeout=60)


@pytest.mark.parametrize("change", [put, put_more, put_in_the_left_out_name, delete, upload])
def test_files_changed_through_the_servers_own_addresses_are_refused(proxied, by, change):
    version = proxied.certified()
    change(proxied, version).raise_for_status()
    with proxied.holding(version.model, rows=2):
        refused(proxied.door(by).set_alias(version.model, "champion", version.number), "KF-G012")
        refused(proxied.door(by).stage(version.model, version.number, "Production"), "KF-G012")


def test_files_changed_on_the_disk_are_refused(local_root, by):
    version, uploaded = local_root.certified(), local_root.certified()
    (on_disk(local_root, version) / "MLmodel").write_text("poison")
    upload(local_root, uploaded).raise_for_status()
    for each in (version, uploaded):
        with local_root.holding(each.model):
            refused(local_root.door(by).set_alias(each.model, "champion", each.number), "KF-G012")


def test_a_changed_former_champion_does_not_come_back(attacked, by):
    first = attacked.champion()
    second = attacked.certify(attacked.register(first.model), champion=first)
    assert attacked.door(by).set_alias(first.model, "champion", second.number) == OK
    upload(attacked, first).raise_for_status()
    with attacked.holding(first.model):
        refused(attacked.door(by).set_alias(first.model, "champion", first.number), "KF-G012")


def test_a_model_without_files_is_refused(attacked, by):
    version = attacked.certified()
    for path in sorted(on_disk(attacked, version).rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    with attacked.holding(version.model):
        refused(attacked.door(by).set_alias(version.model, "champion", version.number), "KF-G013")


def test_what_mlflow_writes_on_loading_does_no_harm(attacked, by):
    version = attacked.certified()
    (on_disk(attacked, version) / "registered_model_meta").write_text("model_name: flights\n")
    assert attacked.door(by).set_alias(version.model, "champion", version.number) == OK


# -- links and what is no file ------------------------------------------------------------------------------------------------


def link_beside(folder, elsewhere):
    (folder / "more").symlink_to(elsewhere)


def link_for_a_file(folder, elsewhere):
    (folder / "MLmodel").rename(elsewhere / "MLmodel")
    (folder / "MLmodel").symlink_to(elsewhere / "MLmodel")


def link_for_a_folder(folder, elsewhere):
    (folder / "data").rename(elsewhere / "data")
    (folder / "data").symlink_to(elsewhere / "data")


def link_under_the_left_out_name(folder, elsewhere):
    (folder / "registered_model_meta").symlink_to(elsewhere)


def pipe(folder, elsewhere):
    os.mkfifo(folder / "pipe")


def link_for_all(folder, elsewhere):
    folder.rename(elsewhere / "model")
    folder.symlink_to(elsewhere / "model")


def link_above(folder, elsewhere):
    folder.parent.rename(elsewhere / "artifacts")
    folder.parent.symlink_to(elsewhere / "artifacts")


@pytest.mark.parametrize(
    "trick",
    [
        link_beside,
        link_for_a_file,
        link_for_a_folder,
        link_under_the_left_out_name,
        pipe,
        link_for_all,
        link_above,
    ],
)
def test_links_and_special_files_are_refused_though_the_bytes_are_the_certified_ones(local_root, by, tmp_path, trick):
    version = local_root.certified()
    trick(on_disk(local_root, version), tmp_path)
    with local_root.holding(version.model):
        refused(local_root.door(by).set_alias(version.model, "champion", version.number), "KF-G013")


# -- places ---------------------------------------------------------------------------------------------------------------------

FOREIGN = (
    "s3://somebody-elses-bucket/model",
    "gs://somebody-elses-bucket/model",
    "wasbs://box@somebody.blob.core.windows.net/model",
    "dbfs:/model",
)
NEVER = (
    "file:///etc",
    "/etc",
    "file:///proc/self/environ",
    "./model",
    "prompt-template",
    "http://127.0.0.1:9/model",
    "http://127.0.0.1:9/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/model",
    "mlflow-artifacts://127.0.0.1:9/0/{run}/artifacts/model",
    "mlflow-artifacts:/../../etc",
    "mlflow-artifacts:/0/{run}/artifacts/model/%2e%2e/%2e%2e",
    "mlflow-artifacts:/0/{run}/artifacts/model/..%252f..",
    "hdfs://127.0.0.1:9/model",
    "ftp://127.0.0.1:9/model",
    "sftp://127.0.0.1:9/model",
    "runs:/0123456789abcdef0123456789abcdef/model",
    "models:/m-0123456789abcdef",
    "models://elsewhere/flights/1",
)


def test_a_source_that_is_not_the_runs_is_not_even_registered(attacked, by):
    first = attacked.champion()
    for source in NEVER:
        answer = attacked.door(by).create_version(first.model, source.format(run=first.run), first.run, {})
        assert 400 <= answer.status < 500, (source, answer)
    assert [str(found.version) for found in attacked.client.search_model_versions(f"name = '{first.model}'")] == ["1"]


def test_a_certificate_for_a_foreign_bucket_is_refused(attacked, by):
    first = attacked.champion()
    with attacked.holding(first.model, rows=len(FOREIGN)):
        for number, source in enumerate(FOREIGN, start=2):
            assert attacked.door(by).create_version(first.model, source, first.run, {}) == OK
            attacked.certify(Version(first.model, str(number), first.run, source, first.digest), champion=first)
            refused(attacked.door(by).set_alias(first.model, "champion", str(number)), "KF-G013")


def test_the_gate_and_a_client_cannot_be_led_to_different_folders_by_percent_signs(proxied, by):
    """A client's request decodes `%65` on its way to the server: it would not load what lies where the place is written."""
    first = proxied.champion()
    shutil.copytree(on_disk(proxied, first), on_disk(proxied, first).with_name("mod%65l"))
    source = first.source.replace("/model", "/mod%65l")
    assert proxied.door(by).create_version(first.model, source, first.run, {}) == OK
    proxied.certify(Version(first.model, "2", first.run, source, first.digest), champion=first)
    with proxied.holding(first.model):
        refused(proxied.door(by).set_alias(first.model, "champion", "2"), "KF-G013")


@pytest.mark.parametrize("how", ["{}", "file://{}"])
def test_an_experiment_that_keeps_its_artifacts_elsewhere_is_refused(attacked, by, tmp_path, how):
    elsewhere = attacked.experiment(how.format(tmp_path))
    version = attacked.certify(attacked.register(new_model(), experiment=elsewhere))
    with attacked.holding(version.model):
        refused(attacked.door(by).set_alias(version.model, "champion", version.number), "KF-G013")


def test_a_logged_model_that_lies_elsewhere_is_refused(attacked, by, tmp_path):
    first = attacked.champion()
    logged = {"experiment_id": attacked.experiment(str(tmp_path)), "name": "logged", "source_run_id": first.run}
    info = requests.post(f"{attacked.uri}/api/2.0/mlflow/logged-models", json=logged, timeout=60).json()["model"]["info"]
    shutil.copytree(on_disk(attacked, first), info["artifact_uri"], dirs_exist_ok=True)
    made = {"name": first.model, "source": f"models:/{info['model_id']}", "model_id": info["model_id"]}
    assert attacked.rest("POST", "model-versions/create", made) == OK
    attacked.certify(Version(first.model, "2", first.run, info["artifact_uri"], first.digest), champion=first)
    with attacked.holding(first.model):
        refused(attacked.door(by).set_alias(first.model, "champion", "2"), "KF-G013")


def test_an_experiment_in_a_foreign_bucket_holds_no_certificate(attacked, by):
    first = attacked.champion()
    run = attacked.client.create_run(attacked.experiment("s3://somebody-elses-bucket/place")).info
    assert attacked.door(by).create_version(first.model, f"{run.artifact_uri}/model", run.run_id, {}) == OK
    with attacked.holding(first.model):
        refused(attacked.door(by).set_alias(first.model, "champion", "2"), "KF-G0")


OTHER_SERVER = ["mlflow-artifacts://127.0.0.1:9/", "http://127.0.0.1:9/api/2.0/mlflow-artifacts/artifacts/"]


@pytest.mark.parametrize("elsewhere", OTHER_SERVER)
@pytest.mark.parametrize("moved", ["files", "run"])
def test_a_place_on_another_server_is_not_judged_by_the_files_under_its_path_on_this_one(proxied, by, elsewhere, moved):
    """Clients would load that server's files. MLflow 3.16 lets anybody make such an experiment; later ones know it from before."""
    first = proxied.champion()
    version = proxied.certify(proxied.register(first.model, files={"MLmodel": "flavors: {two: {}}"}), champion=first)
    change = "update model_versions set storage_location = replace(storage_location, ?, ?) where name = ? and version = ?"
    about = (version.model, version.number)
    if moved == "run":
        change, about = "update runs set artifact_uri = replace(artifact_uri, ?, ?) where run_uuid = ?", (version.run,)
    with closing(sqlite3.connect(proxied.home / ".keepfit" / "server" / "mlflow.db", timeout=30)) as database, database:
        assert database.execute(change, ("mlflow-artifacts:/", elsewhere, *about)).rowcount == 1
    with proxied.holding(first.model):
        refused(proxied.door(by).set_alias(first.model, "champion", version.number), "KF-G013")


def test_an_experiment_that_leads_out_of_the_root_by_dots_is_refused(proxied, by):
    first = proxied.champion()
    logged = {"experiment_id": proxied.experiment("mlflow-artifacts:/../../etc"), "name": "logged", "source_run_id": first.run}
    info = requests.post(f"{proxied.uri}/api/2.0/mlflow/logged-models", json=logged, timeout=60).json()["model"]["info"]
    made = {"name": first.model, "source": f"models:/{info['model_id']}", "model_id": info["model_id"]}
    assert proxied.rest("POST", "model-versions/create", made) == OK
    proxied.certify(Version(first.model, "2", first.run, info["artifact_uri"], first.digest), champion=first)
    with proxied.holding(first.model):
        refused(proxied.door(by).set_alias(first.model, "champion", "2"), "KF-G013")


def test_a_refusal_does_not_tell_where_the_servers_database_is(proxied, by):
    first = proxied.champion()
    source = f"runs:/{first.run}/model"
    assert proxied.door(by).create_version(first.model, source, first.run, {}) == OK
    proxied.certify(Version(first.model, "2", first.run, source, first.digest), champion=first)
    answer = proxied.door(by).set_alias(first.model, "champion", "2")
    refused(answer, "KF-G013")
    assert str(proxied.home).lstrip("/") not in answer.said


def test_a_model_larger_than_the_gate_hashes_is_refused_at_once(local_root):
    version = local_root.certified()
    huge = on_disk(local_root, version) / "huge"
    with huge.open("wb") as file:
        file.truncate(1 << 40)
    try:
        body = {"name": version.model, "alias": "champion", "version": version.number}
        answer = requests.post(f"{local_root.uri}/api/2.0/mlflow/registered-models/alias", json=body, timeout=10)
        assert answer.status_code == 403
        assert "KF-G013" in answer.text
    finally:
        os.truncate(huge, 0)  # a gate that reads it now comes to its end
