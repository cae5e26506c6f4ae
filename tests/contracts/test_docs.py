"""The documentation names what there is: every key, every command, every code of the gate."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_origin

import click
import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from keepfit import plugins
from keepfit.cli import COMMANDS, app
from keepfit.errors import KeepfitError
from keepfit.flows.rules.check import rules_check
from keepfit.gate.rules import GateFile
from keepfit.params import Params
from keepfit.params.fleet import FleetParams

REPOSITORY = Path(__file__).resolve().parents[2]
DOCS = REPOSITORY / "docs"
CODE = re.compile(r"KF-G\d{3}")


def parts(annotation: object) -> Iterator[object]:
    """What an annotation is made of."""
    yield annotation
    for each in get_args(annotation):
        yield from parts(each)


def keys(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Each key a person can write, dotted; the names of a map are NAME."""
    for name, field in model.model_fields.items():
        named = list(parts(field.annotation))
        sections = [each for each in named if isinstance(each, type) and issubclass(each, BaseModel)]
        if not sections or (str in named and get_origin(field.annotation) is not dict):  # a path or a section: both can be written
            yield f"{prefix}{field.alias or name}", field
        for section in sections:
            yield from keys(section, f"{prefix}{name}{'.NAME' if get_origin(field.annotation) is dict else ''}.")


def as_yaml(field: FieldInfo) -> str:
    return "required" if field.is_required() else default(field.get_default(call_default_factory=True))


def default(value: object) -> str:
    return f"`{value}`" if isinstance(value, str) else f"`{json.dumps(value)}`"


SECTIONS_OF_MEMBERS: dict[plugins.Family, str] = {"samplers": "compose", "detectors": "monitor.columns.NAME", "hooks": "hooks.subscribers.NAME"}


def member_keys() -> dict[str, str]:
    """The keys that built-in members bring into their section, with their defaults; two members may share one."""
    made = [(plugins.load(family, name), section) for family, section in SECTIONS_OF_MEMBERS.items() for name in plugins.BUILTIN[family]]
    return {f"{section}.{key}": shown(plugins.defaults_of(member), key) for member, section in made for key in plugins.keys(member)}


def shown(defaults: dict[str, object], key: str) -> str:
    return default(defaults[key]) if key in defaults else "required"


def gate_files(path: Path) -> list[str]:
    """The whole `gate.yaml` files among a page's examples."""
    return [text for text in re.findall(r"^```[a-z]*\n(.*?)^```", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE) if text.startswith("schema:")]


KEYS = dict(keys(Params))


def commands(group: click.Command, words: str) -> Iterator[str]:
    if words != "keepfit":
        yield words
    if isinstance(group, click.Group):
        context = click.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            yield from commands(command, f"{words} {name}")


def exit_codes(error: type[KeepfitError] = KeepfitError) -> Iterator[int]:
    yield error.exit_code
    for each in error.__subclasses__():
        yield from exit_codes(each)


def test_the_list_of_keys_is_what_a_person_would_write():
    assert {"model.name", "data.features", "evaluate.rules.NAME.bound", "monitor.columns.NAME.detector", "ledger.uri"} <= set(KEYS)


@pytest.mark.parametrize(("page", "model"), [("params.md", Params), ("trust.md", GateFile), ("operate.md", FleetParams)])
def test_a_page_lists_every_key_with_its_default_and_no_other(page, model):
    rows = re.findall(r"^\| `([a-zA-Z0-9_.]+)` \| .* \| ([^|]+) \|$", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE)
    brought = member_keys() if model is Params else {}
    assert dict(rows) == {key: as_yaml(field) for key, field in keys(model)} | brought


NAMED = {
    "compose.sampler": "samplers",
    "compose.recipes.NAME.weights": "weights",
    "compose.recipes.NAME.augment.NAME.share": "augmentations",
    "evaluate.metric": "metrics",
    "monitor.columns.NAME.detector": "detectors",
    "monitor.evidence": "evidence",
    "hooks.subscribers.NAME.hook": "hooks",
}


@pytest.mark.parametrize(("key", "family"), NAMED.items())
def test_the_row_of_a_key_lists_every_built_in_member(key, family):
    (row,) = re.findall(rf"^\| `{re.escape(key)}` \| .*$", (DOCS / "params.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name in plugins.BUILTIN[family] if f"`{name}`" not in row] == []


def test_the_page_on_extending_has_a_row_and_a_section_of_every_family():
    text = (DOCS / "extend.md").read_text(encoding="utf-8")
    assert [family for family in plugins.BUILTIN if f"| `keepfit.{family}` |" not in text] == []
    assert [family for family in plugins.BUILTIN if f'[project.entry-points."keepfit.{family}"]' not in text] == []


def test_the_templates_params_show_every_key_with_a_comment_or_a_plain_name():
    text = (REPOSITORY / "params.yaml").read_text(encoding="utf-8")
    sampler = [f"compose.{key}" for key in plugins.keys(plugins.load("samplers", Params.model_fields["compose"].default.sampler))]
    for key in (*KEYS, *sampler):
        assert re.search(rf"^\s*{key.rpartition('.')[2]}:|[{{ ]{key.rpartition('.')[2]}:", text, re.MULTILINE), key


@pytest.mark.parametrize("name", list(COMMANDS))
def test_docs_cli_names_every_command_and_subcommand(name):
    command = app.get_command(click.Context(app), name)
    assert command is not None
    text = (DOCS / "cli.md").read_text(encoding="utf-8")
    for words in commands(command, f"keepfit {name}"):
        assert f"`{words}" in text


@pytest.mark.parametrize("name", list(COMMANDS))
def test_docs_cli_names_every_option(name):
    command = app.get_command(click.Context(app), name)
    text = (DOCS / "cli.md").read_text(encoding="utf-8")
    below = text[text.index(f"## `keepfit {name}") :]
    part = below[: below.find("\n## ")] if "\n## " in below else below
    missing = [option for option in options(command) if f"`{option}" not in part]
    assert missing == []


def options(command: click.Command | None) -> Iterator[str]:
    assert command is not None
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            yield max(parameter.opts, key=len)
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from options(command.get_command(context, name))


def test_docs_cli_explains_every_exit_code():
    text = (DOCS / "cli.md").read_text(encoding="utf-8")
    for code in set(exit_codes()):
        assert re.search(rf"^\| {code} \|", text, re.MULTILINE), code


def test_every_code_of_the_gate_is_documented_and_no_other():
    used = {code for file in (REPOSITORY / "plugin" / "keepfit").rglob("*.py") for code in CODE.findall(file.read_text(encoding="utf-8"))}
    explained = re.findall(rf"^\| ({CODE.pattern}) \|", (DOCS / "trust.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(used) == explained


@pytest.mark.parametrize("name", sorted(name for family in plugins.BUILTIN if family.endswith("detectors") for name in plugins.BUILTIN[family]))
def test_every_detector_has_its_page(name):
    """One page each, with the same four answers; no page is left of a detector that is gone."""
    text = (DOCS / "detectors" / f"{name}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {name}: ")
    assert [part for part in ("**What.**", "**Formula.**", "**Blind to**", "**Cost.**") if part not in text] == []


def test_every_page_of_a_detector_has_its_detector():
    with_labels = {"calibration", "performance"}  # no detectors by name: monitor tells them wherever there are labels
    assert {path.stem for path in (DOCS / "detectors").glob("*.md")} - with_labels <= {
        name for family in plugins.BUILTIN if family.endswith("detectors") for name in plugins.BUILTIN[family]
    }


def test_links_between_the_documents_lead_somewhere():
    for file in (*DOCS.rglob("*.md"), REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md"):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read_text(encoding="utf-8")):
            assert (file.parent / target).exists(), f"{file.name}: {target}"


def test_each_decision_has_a_number_of_its_own_and_says_it_in_its_title():
    files = sorted((DOCS / "decisions").glob("*.md"))
    assert [file.name[:4] for file in files] == [f"{number:04d}" for number in range(1, len(files) + 1)]
    assert [file.name for file in files if not file.read_text(encoding="utf-8").startswith(f"# {file.name[:4]} ")] == []


PAGES = [REPOSITORY / "README.md", *sorted(DOCS.rglob("*.md"))]


def test_a_gate_yaml_that_a_page_shows_is_one_that_rules_check_accepts_without_a_warning(tmp_path):
    shown = {page.name: gate_files(page) for page in PAGES}
    assert shown["README.md"]
    for number, text in enumerate(text for texts in shown.values() for text in texts):
        (tmp_path / f"{number}.yaml").write_text(text)
        found = rules_check(str(tmp_path / f"{number}.yaml"))
        assert (found.exit_code, found.warnings) == (0, ()), text
