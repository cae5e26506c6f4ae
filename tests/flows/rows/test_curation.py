from __future__ import annotations

import pytest

from keepfit.compose.curation.rules import NOTHING
from keepfit.errors import KeepfitError
from keepfit.flows.init.template import template_files
from keepfit.flows.project import Project
from keepfit.flows.rows.curation import curation

RULE = "{action: exclude, where: 'x > 1', author: ann, reason: why, expires: 2014-01-31}"


def read(folder, text):
    (folder / "curation.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return curation(Project(folder))


def test_a_project_of_before_has_no_rules(tmp_path):
    assert curation(Project(tmp_path)) == NOTHING


def test_the_templates_file_holds_no_rule_and_its_example_is_one(tmp_path):
    text = template_files()["curation.yaml"].decode()
    assert read(tmp_path, text) == NOTHING
    example = "".join(line.removeprefix("# ") for line in text.splitlines(keepends=True)[1:-1])
    [rule] = read(tmp_path, example).rules
    assert (rule.name, rule.action, rule.expires, rule.judging) == ("sensor-1048", "exclude", None, False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rules: {a: ", "not YAML"),
        (f"rules:\n  a: {RULE}\n  a: {RULE}\n", "not YAML"),
        ("rules:\n  a: {expires: 2013-02-30}\n", "not YAML"),
        ("- a\n", "not a map"),
        (b"\xff\xfe\x00", "cannot be read"),
        ("!!python/object/apply:os.system ['true']", "not YAML"),
        ("rule: {}\n", "no key 'rule'"),
        ("rules: &a {a: *a}\n", "no key 'a'"),
    ],
)
def test_a_file_that_is_none_is_one_sentence(tmp_path, text, said):
    with pytest.raises(KeepfitError) as bad:
        read(tmp_path, text)
    assert bad.value.what.startswith(said)
    assert bad.value.where.startswith("curation.yaml")
    assert len(str(bad.value)) < 500
