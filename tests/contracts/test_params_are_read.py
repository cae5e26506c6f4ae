"""No key of `params.yaml` is decoration: the code reads each one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from pydantic import BaseModel

from keepfit import plugins
from keepfit.params import ColumnParams, Params, RuleParams, SelectedLabelsParams, SliceParams
from keepfit.params.hooks import SubscriberParams
from keepfit.params.impact import PriceParams
from keepfit.params.recipe import NewParams, PartsParams, QualityParams, RecipeParams, ReplayParams, WindowsParams
from keepfit.params.serving import ServingParams

PACKAGE = Path(__file__).resolve().parents[2] / "plugin" / "keepfit"
SECTIONS = [
    *(field.annotation for field in Params.model_fields.values() if isinstance(field.annotation, type)),
    RuleParams,
    SliceParams,
    SelectedLabelsParams,
    PriceParams,
    ColumnParams,
    RecipeParams,
    WindowsParams,
    PartsParams,
    NewParams,
    ReplayParams,
    QualityParams,
    ServingParams,
    SubscriberParams,
]
MEMBERS = [plugins.load(family, name) for family in plugins.BUILTIN for name in plugins.BUILTIN[family]]


@pytest.fixture(scope="module")
def read() -> set[str]:
    """Every attribute name that the package reads, outside params/ itself."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.py") if path.parent.name != "params"]
    return {node.attr for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.__name__)
def test_every_key_of_the_section_is_read_somewhere(section: type[BaseModel], read):
    assert set(section.model_fields) - read == set()


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.__name__)
def test_every_field_of_a_member_is_read_somewhere(member: type, read):
    assert plugins.keys(member).keys() - read == set()
