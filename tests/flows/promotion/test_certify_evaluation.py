"""An evaluation without a project is signed as what it is, and only while version, table and scorecard are those that were evaluated."""

from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner
from tests.flows.evaluating.test_evaluate import ask

from keepfit.cli import app
from keepfit.errors import KeepfitError, ProjectError
from keepfit.flows.promotion.certify_evaluation import certify_evaluation
from keepfit.flows.promotion.keys import make_key
from keepfit.gate.certificate import parse_certificate
from keepfit.integrations.mlflow.artifacts import Artifacts
from keepfit.integrations.mlflow.client import Mlflow


@pytest.fixture
def evaluated(asked_here, tmp_path):
    """Version 2 was evaluated on a copy of the table that a test may change."""
    table = tmp_path / "march.csv"
    shutil.copy(asked_here.march, table)
    return ask(asked_here, "2", data=table, out=tmp_path / "evaluation", time="day")


def test_the_certificate_says_what_was_evaluated_and_names_no_commit(evaluated, asked_here):
    make_key("evaluating")
    done = certify_evaluation("late", "2", evaluated.out, key="evaluating")
    made = done.signed.certificate
    assert (made.commit, made.merged, made.train_md5, made.suites, made.signer) == ("", None, "", {}, "evaluating")
    assert (made.scorecard, made.data, made.model_digest) == (evaluated.card, evaluated.evaluation.data, evaluated.evaluation.model_digest)
    assert done.summary.startswith("certified late v2 as evaluated outside a project on march.csv, signed by evaluating: keepfit/certificate-")
    run = Mlflow(asked_here.uri).version("late", "2").run_id
    assert done.signed.identity in {parse_certificate(text).identity for text in Artifacts(asked_here.uri).certificates(run)}


def test_a_failed_evaluation_is_signed_too_so_that_a_refusal_can_name_slices(asked_here, tmp_path, monkeypatch):
    monkeypatch.setenv("KEEPFIT_KEYS", str(tmp_path / "keys"))  # none is there
    found = ask(asked_here, "3", out=tmp_path / "out")
    signed = certify_evaluation("late", "3", found.out / "evaluation.json").signed
    assert {row.slice for row in signed.certificate.scorecard.rows if row.status == "fail"} == {"overall", "carrier=UA"}
    assert signed.statement.signatures == ()


def test_a_table_that_changed_by_one_label_is_refused_and_one_that_moved_is_found(evaluated, tmp_path):
    table = tmp_path / "march.csv"
    whole = table.read_text()
    table.write_text(whole.replace(",yes,", ",no,", 1))
    with pytest.raises(KeepfitError, match=r"the table march.csv has changed since it was evaluated"):
        certify_evaluation("late", "2", evaluated.out)
    table.unlink()
    with pytest.raises(ProjectError, match="not where it was evaluated"):
        certify_evaluation("late", "2", evaluated.out)
    (tmp_path / "moved.csv").write_text(whole)
    assert certify_evaluation("late", "2", evaluated.out, data=tmp_path / "moved.csv").signed.certificate.data == evaluated.evaluation.data


def test_files_that_changed_since_are_not_what_was_evaluated(evaluated, asked_here, tmp_path):
    said = json.loads((evaluated.out / "evaluation.json").read_text())
    (evaluated.out / "evaluation.json").write_text(json.dumps(said | {"model_digest": "sha256:" + "0" * 64}))
    with pytest.raises(KeepfitError, match="the files of late v2 are not those that were evaluated"):
        certify_evaluation("late", "2", evaluated.out)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda out: (out / "scorecard.json").write_text((out / "scorecard.json").read_text().replace('"pass"', '"fail"', 1)), "it was edited"),
        (lambda out: (out / "scorecard.json").unlink(), "cannot be read"),
        (lambda out: (out / "evaluation.json").write_text("{}"), "not a Evaluation record"),
    ],
)
def test_an_evaluation_that_is_not_whole_is_signed_by_nobody(evaluated, spoil, said):
    spoil(evaluated.out)
    with pytest.raises(KeepfitError, match=said):
        certify_evaluation("late", "2", evaluated.out)


def test_it_is_no_evaluation_of_another_version_and_a_key_that_is_named_must_be_there(evaluated):
    with pytest.raises(ProjectError, match="is of late v2, not of late v3"):
        certify_evaluation("late", "3", evaluated.out)
    with pytest.raises(KeepfitError, match="there is no key 'nobody'"):
        certify_evaluation("late", "2", evaluated.out, key="nobody")


@pytest.mark.parametrize("given", [("--key", "x"), ("--data", "x"), ("--evaluation", ".", "--ref", "main")])
def test_what_belongs_to_the_other_way_of_certifying_is_refused(given):
    done = CliRunner().invoke(app, ["certify", "late", "2", *given])
    assert done.exit_code == 2
