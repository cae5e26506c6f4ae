from __future__ import annotations

import pytest
from tests.integrations.gate_world import MODEL

from keepfit.errors import KeepfitError
from keepfit.integrations.mlflow.database import open_database, opens, without_password


def test_a_models_pointers_are_read_with_the_served_version_last(each_world):
    world = each_world
    versions = [world.register(content=content) for content in ("one", "two", "three")]
    for version in versions[:2]:
        world.stock.transition_model_version_stage(MODEL, version, "Production")
    world.stock.transition_model_version_stage(MODEL, versions[2], "Archived")
    world.stock.set_registered_model_alias(MODEL, "champion", versions[2])
    standing = open_database(world.uri).standing("default", MODEL)
    assert standing == {"alias champion": [versions[2]], "stage Production": versions[:2]}


def test_models_are_listed_with_their_workspace_and_prompts_are_not(world):
    world.register()
    world.stock.register_prompt("a-prompt", "Say {{this}}")
    assert open_database(world.uri).models() == [("default", MODEL)]


def test_each_version_is_told_from_a_later_one_by_when_it_was_registered(world):
    version = world.register()
    created = world.stock.get_model_version(MODEL, version).creation_timestamp
    assert open_database(world.uri).created("default", MODEL) == {version: str(created)}


def test_a_model_that_is_not_there_stands_nowhere(world):
    database = open_database(world.uri)
    assert (database.standing("default", "other"), database.created("default", "other")) == ({}, {})


def test_what_cannot_be_opened_is_a_sentence_without_the_password():
    with pytest.raises(KeepfitError, match="cannot be opened") as bad, opens("postgresql+psycopg://ann:secret@127.0.0.1:9/none"):
        open_database("nonsense")
    assert "secret" not in str(bad.value)
    assert without_password("postgresql://ann:secret@host/db") == "postgresql://ann:***@host/db"
