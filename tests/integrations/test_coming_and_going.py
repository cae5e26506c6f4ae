"""A registry with a history outlives both: the gate put in front of it, and the gate taken away again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
import sqlalchemy as sa
from tests.integrations.registries import GUARDED, make_history, outcome

from keepfit.flows.serving.gated_store import gated_store

RULES = "models: {'guarded-*': {trust: self}}"
FREE = "wind"


def stock_store(uri):
    from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore

    return SqlAlchemyStore(uri)


def own_tables(uri):
    engine = sa.create_engine(uri)
    try:
        return [name for name in sa.inspect(engine).get_table_names() if name.startswith("keepfit_")]
    finally:
        engine.dispose()


def upgrade(uri):
    """`mlflow db upgrade`, as an operator types it."""
    command = [sys.executable, "-m", "mlflow", "db", "upgrade", uri]
    return subprocess.run(command, check=False, capture_output=True, text=True, env={**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true"})


def reads(store):
    """Every reading verb on everything that is there, in one list."""
    models = [GUARDED, FREE, "rain", "ask"]
    asked = [outcome(store.search_registered_models), outcome(store.search_model_versions), outcome(store.search_prompts), outcome(store.list_webhooks)]
    for name in models:
        asked += [outcome(store.get_registered_model, name), outcome(store.get_latest_versions, name), outcome(store.get_latest_versions, name, ["Production"])]
        asked += [outcome(store.get_model_version_by_alias, name, alias) for alias in ("champion", "nobody")]
        asked += [outcome(verb, name, number) for number in (1, 2, 9) for verb in (store.get_model_version, store.get_model_version_download_uri)]
    return [*asked, outcome(store.get_prompt, "ask"), outcome(store.get_prompt_version, "ask", 1), outcome(store.search_prompt_versions, "ask")]


def write_everywhere(store, name):
    """Every writing verb, on a model whose version 2 is the champion and whose version 1 is in Production; the model is gone at the end."""
    from mlflow.entities.model_registry import ModelVersionTag, RegisteredModelTag

    store.update_registered_model(name, "anew")
    store.set_registered_model_tag(name, RegisteredModelTag("team", "sea"))
    store.delete_registered_model_tag(name, "team")
    made = store.create_model_version(name, f"/models/{name}/new", tags=[ModelVersionTag("number", "3")]).version
    store.update_model_version(name, made, "anew")
    store.set_model_version_tag(name, made, ModelVersionTag("keepfit.anything", "1"))
    store.delete_model_version_tag(name, made, "keepfit.anything")
    store.set_registered_model_alias(name, "champion", made)
    store.transition_model_version_stage(name, made, "Production", archive_existing_versions=True)
    assert store.get_model_version(name, 1).current_stage == "Archived"
    assert store.get_model_version_by_alias(name, "champion").version == made
    store.copy_model_version(store.get_model_version(name, made), f"{name}-copy")
    store.delete_registered_model_alias(name, "champion")
    store.transition_model_version_stage(name, made, "None", archive_existing_versions=False)
    store.delete_model_version(name, made)
    store.rename_registered_model(name, f"{name}-renamed")
    store.delete_registered_model(f"{name}-renamed")
    store.delete_registered_model(f"{name}-copy")
    assert outcome(store.get_registered_model, name).error[2] == "RESOURCE_DOES_NOT_EXIST"


def pointer_moves(store, name):
    """Whatever would move, take or carry away a protected pointer that stands."""
    return {
        "alias": lambda: store.set_registered_model_alias(name, "champion", 3),
        "alias deleted": lambda: store.delete_registered_model_alias(name, "champion"),
        "stage": lambda: store.transition_model_version_stage(name, 3, "Production", archive_existing_versions=True),
        "stage left": lambda: store.transition_model_version_stage(name, 1, "Archived", archive_existing_versions=False),
        "version deleted": lambda: store.delete_model_version(name, 2),
        "renamed": lambda: store.rename_registered_model(name, "elsewhere"),
        "deleted": lambda: store.delete_registered_model(name),
    }


def pointers(store, name):
    return store.get_registered_model(name).aliases, [(found.version, found.current_stage) for found in store.get_latest_versions(name)]


def check_that_the_gate_comes(uri):
    stock, gated = stock_store(uri), gated_store(f"keepfit:{uri}")
    before = reads(stock)
    assert reads(gated) == before
    stood = pointers(stock, GUARDED)
    statuses = {what: outcome(move).error[3] for what, move in pointer_moves(gated, GUARDED).items()}
    assert statuses == dict.fromkeys(statuses, 403)
    assert pointers(stock, GUARDED) == stood
    gated.set_registered_model_alias(GUARDED, "challenger", 3)
    gated.create_model_version(GUARDED, "/models/new")
    write_everywhere(gated, FREE)
    assert pointers(stock, GUARDED)[0]["champion"] == stood[0]["champion"]


def check_that_the_gate_goes(uri):
    assert own_tables(uri) != []
    done = upgrade(uri)
    assert done.returncode == 0, done.stderr[-2000:]
    stock = stock_store(uri)
    assert own_tables(uri) != []
    write_everywhere(stock, GUARDED)
    write_everywhere(stock, "rain")
    stock.set_prompt_alias("ask", "champion", 2)
    stock.delete_prompt("ask")


def check_that_the_gate_comes_again(uri):
    """What was done without the gate is no surprise to it: a model made anew starts afresh, and what it had kept is kept."""
    stock, gated = stock_store(uri), gated_store(f"keepfit:{uri}")
    stock.create_registered_model(GUARDED)
    stock.create_model_version(GUARDED, "/models/anew")
    assert reads(gated) == reads(stock)
    refused = outcome(gated.set_registered_model_alias, GUARDED, "champion", 1)
    assert refused.error[3] == 403
    gated.set_registered_model_alias(GUARDED, "challenger", 1)


def check_coming_and_going(uri, tmp_path, monkeypatch):
    rules = tmp_path / "gate.yaml"
    rules.write_text(RULES)
    monkeypatch.setenv("KEEPFIT_GATE", str(rules))
    make_history(uri)
    check_that_the_gate_comes(uri)
    check_that_the_gate_goes(uri)
    check_that_the_gate_comes_again(uri)


@pytest.mark.slow
def test_a_registry_with_history_works_with_the_gate_and_without_it_again(tmp_path, migrated_registry, monkeypatch):
    shutil.copy(migrated_registry, tmp_path / "mlflow.db")
    check_coming_and_going(f"sqlite:///{tmp_path / 'mlflow.db'}", tmp_path, monkeypatch)


@pytest.mark.slow
@pytest.mark.postgres
def test_on_postgresql_too(tmp_path, postgres, monkeypatch):
    admin = sa.create_engine(postgres.uri, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text("create database coming_and_going"))
    admin.dispose()
    check_coming_and_going(postgres.uri.rsplit("/", 1)[0] + "/coming_and_going", tmp_path, monkeypatch)
