"""What a recipe, people's rules, a refit and time features left, as it was first stored, still loads and means the same."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from tests.golden.make import versions
from tests.golden.test_golden import kept

from keepfit.compose.manifest import manifest_digest
from keepfit.compose.recipe import recipe_of
from keepfit.integrations.tables import read_table
from keepfit.plugins import read_params
from keepfit.records import Composition, ModelMeta, RecipeDraw, RefitReport, WindowCounts, from_json, to_json


@pytest.fixture(params=versions("composed"), ids=lambda path: path.name)
def golden(request) -> Path:
    return request.param


@pytest.mark.parametrize(
    ("name", "record"),
    [("composed", Composition), ("refitted", RefitReport), ("refitted-composition", Composition), ("refitted-meta", ModelMeta)],
)
def test_what_was_stored_is_kept_when_it_is_written_again(golden, name, record):
    text = (golden / f"{name}.json").read_text(encoding="utf-8")
    assert kept(json.loads(text), json.loads(to_json(from_json(record, text))))


@pytest.mark.parametrize("golden", [one for one in versions("composed") if (one / "window-counts.json").is_file()], ids=lambda path: path.name)
@pytest.mark.parametrize(("name", "record"), [("composed-draw", RecipeDraw), ("window-counts", WindowCounts)])
def test_what_was_drawn_and_counted_where_rows_stay_is_kept_when_it_is_written_again(golden, name, record):
    text = (golden / f"{name}.json").read_text(encoding="utf-8")
    assert kept(json.loads(text), json.loads(to_json(from_json(record, text))))


def test_a_recipes_composition_says_what_was_asked_and_what_came_of_it(golden):
    made = from_json(Composition, (golden / "composed.json").read_bytes())
    assert (made.recipe, made.basis, made.sibling_until) == ("mine", "later", None)
    said = {(one.name, one.part): (one.asked, one.status) for one in made.strata if one.status}
    assert said == {
        ("replay", "train"): ("25 %", "met"),
        ("city=Rome", "train"): ("at most 40 rows", "met"),
        ("city=Oslo", "judge"): ("at least 20 rows", "met"),
        ("city=Rome", "judge"): ("at least 5,000 rows", "short"),
    }
    ruled = {rule.name: (rule.action, rule.matched) for rule in made.curation.rules}
    assert ruled == {"heavy": ("exclude", 6), "turned": ("relabel", 1), "unsure": ("weight", 74)}


def test_the_manifest_names_each_row_once_with_its_reason_and_its_digest(golden):
    manifest = read_table(golden / "composed-manifest.parquet")
    made = from_json(Composition, (golden / "composed.json").read_bytes())
    assert manifest_digest(manifest) == made.manifest
    assert len(set(manifest["row_id"].to_pylist())) == manifest.num_rows
    augmented = sum(one.rows for one in made.augmented)  # forms before v5 know none
    assert manifest.num_rows - augmented == sum(part.rows for part in made.parts) == 720


def test_a_row_that_was_made_names_its_parent(golden):
    manifest = read_table(golden / "composed-manifest.parquet").to_pylist()
    made = from_json(Composition, (golden / "composed.json").read_bytes())
    parents = [row["parent"] for row in manifest if row.get("parent")]
    assert len(parents) == sum(one.rows for one in made.augmented)
    assert {row["row_id"] for row in manifest if row["part"] in ("train", "replay")} >= set(parents)


def test_a_refit_says_what_judged_it(golden):
    report = from_json(RefitReport, (golden / "refitted.json").read_bytes())
    made = from_json(Composition, (golden / "refitted-composition.json").read_bytes())
    assert report.shipped.refit
    assert {row.basis for row in report.rows} == {"smoke"}
    assert (made.sibling_until, made.trained_until, made.evaluated_until) == (datetime(2026, 3, 1), datetime(2026, 4, 1), datetime(2026, 4, 1))


def test_a_model_knows_the_clock_that_its_time_features_are_read_off(golden):
    meta = from_json(ModelMeta, (golden / "refitted-meta.json").read_bytes())
    assert (meta.time_features.column, tuple(meta.time_features.names), meta.time_features.timezone) == ("at", ("hour",), "UTC")
    assert meta.features["hour"] == "numeric"


def test_params_of_then_name_the_same_recipe(golden):
    params = read_params((golden / "composed-params.yaml").read_text(encoding="utf-8"))
    recipe = recipe_of(params.compose)
    assert (recipe.name, sorted(recipe.told["weights"]), recipe.windows_needed) == ("mine", ["recency"], 12)


def test_what_was_found_of_rows_that_repeat_others_means_what_it_did(golden):
    made = from_json(Composition, (golden / "composed.json").read_bytes())
    found = {one.kind: (one.action, one.rows, one.left_out) for one in made.quality}
    if int(golden.name.removeprefix("v")) < 5:
        assert found == {}
        return
    assert (found["duplicates"], found["near_duplicates"]) == (("quarantine", 0, 0), ("report", 20, 0))
    assert [(one.row, one.beside) for one in made.quality[1].examples][:2] == [("p1-127", "p1-009"), ("p1-135", "p1-063")]
