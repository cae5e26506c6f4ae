"""The manifest's digest: whether two compositions are the same, in one word."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from keepfit.compose.manifest import TOLD, manifest_digest
from keepfit.records import Composition, from_json

GOLDEN = Path(__file__).parents[1] / "golden" / "v1"


@pytest.fixture
def manifest():
    return pq.read_table(GOLDEN / "manifest.parquet")


def test_the_digest_is_that_of_the_release(manifest):
    assert manifest_digest(manifest) == from_json(Composition, (GOLDEN / "composition.json").read_bytes()).manifest


def test_a_column_that_comes_later_or_stands_elsewhere_changes_no_digest(manifest):
    later = manifest.append_column("annotator", pa.array(["rita"] * manifest.num_rows)).select(["annotator", *reversed(TOLD)])
    assert manifest_digest(later) == manifest_digest(manifest)


@pytest.mark.parametrize("name", TOLD)
def test_another_value_in_any_column_is_another_digest(manifest, name):
    values = manifest[name].to_pylist()
    values[0] = 0.5 if name == "weight" else f"{values[0]}x"
    changed = manifest.set_column(manifest.column_names.index(name), name, pa.array(values))
    assert manifest_digest(changed) != manifest_digest(manifest)
