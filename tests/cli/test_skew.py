from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from keepfit.cli.skew import skew

ONLINE, OFFLINE = "id,x\n1,1\n2,2\n", "id,x\n1,1\n2,3\n"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "online.csv").write_text(ONLINE)
    (tmp_path / "offline.csv").write_text(OFFLINE)
    return ["--online", str(tmp_path / "online.csv"), "--offline", str(tmp_path / "offline.csv")]


def test_skew_ends_with_3_and_says_in_which_feature(files):
    done = CliRunner().invoke(skew, [*files, "--key", "id"])
    assert done.exit_code == 3
    assert done.stdout.startswith("skew in 1 of 1 feature: x is unlike in 50 % of 2 rows\n")


def test_a_larger_tolerance_or_share_lets_it_pass(files):
    assert CliRunner().invoke(skew, [*files, "--key", "id", "--tolerance", "0.5"]).exit_code == 0
    assert CliRunner().invoke(skew, [*files, "--key", "id", "--max-share", "0.5"]).exit_code == 0


def test_json_is_one_object(files):
    done = CliRunner().invoke(skew, [*files, "--key", "id", "--json"])
    assert (json.loads(done.stdout)["verdict"], done.exit_code) == ("skew", 3)


def test_without_a_key_nothing_is_compared(files):
    assert CliRunner().invoke(skew, files).exit_code == 2


@pytest.mark.parametrize("odd", [["--key", ","], ["--key", "id", "--tolerance", "nan"], ["--key", "id", "--max-share", "nan"]])
def test_a_key_without_columns_and_limits_that_are_no_numbers_are_refused(files, odd):
    assert CliRunner().invoke(skew, [*files, *odd]).exit_code == 2
