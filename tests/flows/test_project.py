from __future__ import annotations

import pytest

from keepfit.errors import UnknownNameError
from keepfit.flows.project import Project

PARAMS = "model: {name: m, task: regression, target: y}\ndata: {live: rows.csv, time: t}\nevaluate: {rules: {floor: {kind: KIND, metric: mae, bound: 3}}}\n"


def test_every_command_refuses_a_rule_of_a_kind_that_is_not_known_before_it_starts(tmp_path):
    (tmp_path / "params.yaml").write_text(PARAMS.replace("KIND", "at_mots"))
    with pytest.raises(UnknownNameError) as bad:
        _ = Project(tmp_path).params
    assert str(bad.value).startswith("no rule kind 'at_mots' (params.yaml: evaluate.rules.floor.kind)\n  fix: did you mean 'at_most'?")
    (tmp_path / "params.yaml").write_text(PARAMS.replace("KIND", "at_most"))
    assert Project(tmp_path).params.evaluate.rules["floor"].kind == "at_most"
