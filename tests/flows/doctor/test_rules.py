from __future__ import annotations

import pytest

from keepfit.flows.doctor.rules import closed, committed, examine, read, readable, trust
from keepfit.gate.rules import parse_rules
from keepfit.integrations import signing
from keepfit.integrations.programs.git import GitRepo

RULES = "schema: 1\nmodels:\n  'flights-*': {trust: self}\n"


@pytest.fixture
def rules(tmp_path):
    """gate.yaml, committed."""
    path = tmp_path / "gate.yaml"
    path.write_text(RULES)
    path.chmod(0o644)
    tmp_path.chmod(0o755)
    git = GitRepo(tmp_path)
    git.run("init", "--quiet")
    git.commit(["gate.yaml"], "rules")
    return path


def statuses(path):
    return {check.name: check.status for check in examine(read(str(path)))}


def test_committed_closed_rules_are_fine_but_self_attestation_is_called_out(rules):
    assert statuses(rules) == {"rules": "ok", "rules in git": "ok", "rules writable": "ok", "trust": "warn"}


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [
        ("models: {}", "warn", "protects nothing"),
        ("models: {m: {alias: [champion]}}", "fail", "alias"),
        ("", "fail", ""),
        (": : :", "fail", ""),
    ],
)
def test_rules_that_protect_nothing_or_cannot_be_read_are_found(rules, text, status, words):
    rules.write_text(text)
    said = readable(read(str(rules)))
    assert (said.status, words in said.found, bool(said.fix)) == (status, True, True)


def test_a_file_that_is_not_there_fails_and_none_named_is_not_known(tmp_path):
    assert readable(read(str(tmp_path / "gate.yaml"))).status == "fail"
    assert readable(read(None)).status == "unknown"


def test_bytes_that_are_no_text_are_no_rules(rules):
    rules.write_bytes(b"\xff\xfe")
    assert readable(read(str(rules))).status == "fail"


def test_rules_on_a_branch_are_read_there(rules):
    assert [check.status for check in examine(read(f"git+file://{rules.parent}@main:gate.yaml"))] == ["ok", "warn"]
    assert [check.status for check in examine(read(f"git+file://{rules.parent}@none:gate.yaml"))] == ["fail"]


def test_a_change_that_no_commit_holds_fails(rules):
    rules.write_text(RULES + "# and more\n")
    assert "differs from the commit" in committed(rules).found


def test_rules_that_git_ignores_or_never_saw_fail(rules):
    other = rules.with_name("other.yaml")
    other.write_text(RULES)
    (rules.parent / ".gitignore").write_text("other.yaml\n")
    assert committed(other).status == "fail"


def test_rules_in_a_repository_without_a_commit_fail(tmp_path):
    GitRepo(tmp_path).run("init", "--quiet")
    (tmp_path / "gate.yaml").write_text(RULES)
    assert committed(tmp_path / "gate.yaml").status == "fail"


def test_rules_outside_of_git_are_warned_of(tmp_path):
    (tmp_path / "gate.yaml").write_text(RULES)
    assert committed(tmp_path / "gate.yaml").status == "warn"


@pytest.mark.parametrize(
    ("file", "folder", "status"),
    [
        (0o644, 0o755, "ok"),
        (0o600, 0o700, "ok"),
        (0o666, 0o755, "fail"),
        (0o644, 0o777, "fail"),
        (0o644, 0o1777, "ok"),
        (0o666, 0o1777, "fail"),
        (0o664, 0o755, "warn"),
        (0o644, 0o775, "warn"),
    ],
)
def test_whoever_can_write_the_file_or_replace_it_in_its_folder_is_found(rules, file, folder, status):
    rules.chmod(file)
    rules.parent.chmod(folder)
    assert closed(rules).status == status


def test_a_link_is_followed_to_the_file_that_counts(rules, tmp_path_factory):
    link = tmp_path_factory.mktemp("elsewhere") / "gate.yaml"
    link.symlink_to(rules)
    rules.chmod(0o666)
    assert statuses(link)["rules writable"] == "fail"


@pytest.mark.parametrize(("word", "status"), [("self", "warn"), ("{}", "warn"), ("{ci: 'KEY'}", "ok")])
def test_whose_word_the_rules_take_is_said(word, status, tmp_path):
    key = signing.new_key("ci", folder=tmp_path).public
    assert trust(parse_rules(f"models: {{m: {{trust: {word.replace('KEY', key)}}}}}")).status == status
