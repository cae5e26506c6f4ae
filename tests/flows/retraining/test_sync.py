from __future__ import annotations

from datetime import datetime

import pytest
from tests.flows.projects import MODEL

from keepfit.errors import ProjectError
from keepfit.flows.retraining.sync import sync
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.integrations.programs.dvc import directory_md5, out_md5

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def small(promoted, tmp_path_factory):
    return promoted.copy(tmp_path_factory.mktemp("sync"))


def test_sync_pins_the_champion_and_a_second_one_changes_nothing(small):
    first = small.keepfit("sync")
    assert "git add baseline.json models/champion.dvc models/.gitignore" in first.stdout
    pin = small.project.baseline.champion
    assert (pin.model, pin.version, pin.trained_until, pin.evaluated_until) == (MODEL, "1", datetime(2026, 2, 1), datetime(2026, 2, 1))
    assert pin.digest.startswith("sha256:")
    assert pin.metric == "roc_auc"
    assert pin.value > 0.8
    assert "pinned already" in small.keepfit("sync").stderr


def test_the_champions_folder_is_the_train_out_byte_for_byte(small):
    named = out_md5((small.root / "dvc.lock").read_text(), "models/candidate")
    assert directory_md5(small.project.champion_dir) == named == out_md5((small.root / "models" / "champion.dvc").read_text(), "champion")


def test_a_registry_without_the_pinned_champion_is_refused(small, tmp_path):
    with pytest.raises(ProjectError, match=r"the registry has no champion of parts, but baseline\.json names version 1"):
        sync(small.project, runs=Mlflow(f"sqlite:///{tmp_path}/mlflow.db"))
    assert (small.project.champion_dir / "meta.json").exists()


def test_before_the_first_promotion_there_is_nothing_to_pin(promoted, tmp_path):
    small = promoted.copy(tmp_path)
    small.runs.client.delete_registered_model_alias(MODEL, "champion")
    assert "no version of parts is promoted yet" in small.keepfit("sync").stderr
    assert small.git("status", "--porcelain") == ""
