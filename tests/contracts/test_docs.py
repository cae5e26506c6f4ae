"""The documentation names what there is: every key, every command, every code of the gate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from keepfit.cli import COMMANDS, app
from keepfit.errors import KeepfitError
from keepfit.params import Params

REPOSITORY = Path(__file__).resolve().parents[2]
DOCS = REPOSITORY / "docs"
CODE = re.compile(r"KF-G\d{3}")


def sections_below(annotation: object) -> Iterator[tuple[str, type[BaseModel]]]:
    """The section a key leads to, with what stands for the names of a map."""
    arguments = getattr(annotation, "__args__", ())
    for each in (annotation, *arguments):
        if isinstance(each, type) and issubclass(each, BaseModel):
            yield (".NAME" if each in arguments and getattr(annotation, "__origin__", None) is dict else "", each)


def keys(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        place = f"{prefix}{name}"
        below = list(sections_below(field.annotation))
        if not below or below[0][0]:
            yield place
        for suffix, section in below:
            yield from keys(section, f"{place}{suffix}.")


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
    found = list(keys(Params))
    assert {"model.name", "data.features", "evaluate.rules.NAME.bound", "monitor.columns.NAME.detector", "ledger.uri"} <= set(found)


@pytest.mark.parametrize("key", list(keys(Params)))
def test_docs_params_names_every_key(key):
    assert f"`{key}`" in (DOCS / "params.md").read_text(encoding="utf-8")


def test_docs_params_names_no_key_that_does_not_exist():
    written = set(re.findall(r"^\| `([a-zA-Z_.]+)` \|", (DOCS / "params.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert written == set(keys(Params))


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
    explained = {code for file in DOCS.rglob("*.md") for code in CODE.findall(file.read_text(encoding="utf-8"))}
    assert used == explained


def test_links_between_the_documents_lead_somewhere():
    for file in (*DOCS.rglob("*.md"), REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md"):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read_text(encoding="utf-8")):
            assert (file.parent / target).exists(), f"{file.name}: {target}"
