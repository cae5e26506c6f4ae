"""A rule on single rows in both flight tasks, from the template's history through ingest, validate and compose."""

from __future__ import annotations

import json
from datetime import datetime

import pyarrow.compute as pc
import pytest

from keepfit.flows.init.files import flights_files
from keepfit.flows.stages.compose import run_compose
from keepfit.flows.stages.ingest import run_ingest
from keepfit.flows.stages.validate import run_validate
from keepfit.integrations.tables import read_table
from keepfit.records import Composition, from_json

pytestmark = pytest.mark.slow
RULES = """
rules:
  storm:
    action: weight
    value: 0.5
    where: time between "2013-02-08" and "2013-02-09 23:59" and precip > 0
    author: ann
    reason: a blizzard closed the airports, few flights flew and these as never again
    expires: null
  no-weather:
    action: exclude
    where: temp is null and wind_speed is null
    author: bob
    reason: the weather of these hours was lost
    expires: "2014-01-01"
"""


@pytest.mark.parametrize("task", ["late", "air_time"])
def test_the_template_with_a_rule_composes_by_it(tmp_path, task):
    for name, content in flights_files(task=task, weather=True, as_of=datetime(2013, 3, 1)).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    for folder in ("data/windows", "reports"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "curation.yaml").write_text(RULES)
    (tmp_path / "decision.json").write_text(json.dumps({"action": "improve", "target": None}))
    run_ingest(tmp_path, windows="data/windows", out="build/ingest")
    run_validate(tmp_path, ingest="build/ingest", out="build/validate", reports="reports")
    run_compose(tmp_path, ingest="build/ingest", validate="build/validate", out="build/compose", reports="reports")
    rules = {rule.name: rule for rule in from_json(Composition, (tmp_path / "reports/composition.json").read_bytes()).curation.rules}
    train = read_table(tmp_path / "build/compose/train.parquet")
    assert pc.sum(pc.less(train["_weight"], 1)).as_py() == rules["storm"].train > 100
    assert rules["no-weather"].train > 10
    assert not pc.any(pc.and_(pc.is_null(train["temp"]), pc.is_null(train["wind_speed"]))).as_py()
    assert rules["storm"].judge == rules["no-weather"].judge == 0
