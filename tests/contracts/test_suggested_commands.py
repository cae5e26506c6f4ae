"""Every command that a message names can be typed: it exists, and nothing that it requires is left away.

The texts are taken from the source; what is filled in (`{model}`), a word in capitals (`VERSION`) and `…` stand for a value.
"""

from __future__ import annotations

import ast
import difflib
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import keepfit
from keepfit.cli import COMMANDS, app

PACKAGE = Path(keepfit.__file__).parent
FILLED = "VALUE"
NAMED = re.compile(r"\bkeepfit (?=[a-z])")
WORD = re.compile(r"""'[^']*'|"[^"]*"|[^\s'"]+""")
VALUE = re.compile(r"""--[a-z-]+|[A-Z]+[A-Za-z./:-]*|…|\d+|[A-Za-z:/]*VALUE\S*|[A-Z]+/\S+|'[^']*'|"[^"]*"|gate\.yaml""")
HERE_ONLY = {"audit"}
"""What reads the registry's database: a message of the server says where to run it."""


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a module with their lines, without docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None)
    passed = {id(node.body[0].value) for node in documented}
    passed |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield node.lineno, "".join(str(part.value) if isinstance(part, ast.Constant) else FILLED for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed:
            yield node.lineno, node.value


def commands(text: str) -> Iterator[list[str]]:
    """The commands that a text names, each as its words; alternatives (`exclude|accept`) are commands of their own."""
    for found in NAMED.finditer(text):
        words: list[list[str]] = []
        known: click.Command | None = app
        for match in WORD.finditer(text, found.end()):
            word = match.group()
            bare = word.rstrip(".,;:)?`")
            names = bare.split("|")
            if not words and word.endswith(":"):
                break  # "keepfit gate: …" begins a sentence
            if isinstance(known, click.Group) and all(name in known.list_commands(click.Context(known)) for name in names):
                words.append(names)
                known = known.get_command(click.Context(known), names[0])
            elif not words or not (VALUE.fullmatch(bare) or _takes_a_value(known, words[-1][0])):
                break
            else:
                words.append([bare.strip("'\"")])
            if bare != word:
                break
        first = WORD.match(text, found.end())
        yield from map(list, itertools.product(*words)) if words else ([[first.group().rstrip(".,;)?`")]] if first else [])


def _takes_a_value(command: click.Command | None, word: str) -> bool:
    """Whether what follows a word is an option's value, however it is spelled."""
    found = (each for each in command.params if word in each.opts) if command is not None and word.startswith("--") else iter(())
    return any(isinstance(each, click.Option) and not each.is_flag for each in found)


def is_prose(word: str) -> bool:
    """Whether a sentence goes on after the tool's name: the word is neither a command, nor nearly one, nor a group's (`keepfit adopt`)."""
    groups = (found for name in COMMANDS if isinstance(found := app.get_command(click.Context(app), name), click.Group))
    known = {*COMMANDS, *(name for group in groups for name in group.list_commands(click.Context(group)))}
    return word.endswith(":") or not difflib.get_close_matches(word, known, n=1, cutoff=0.8)


def problem(words: list[str]) -> str | None:
    """What click would find fault with, but for the form of a value."""
    known: click.Command = app
    while isinstance(known, click.Group):
        if not words:
            return "no subcommand"
        found = known.get_command(click.Context(known), words[0])
        if found is None:
            return f"no command {words[0]!r}"
        known, words = found, words[1:]
    context = click.Context(known, info_name=known.name)
    try:
        given, left, _ = known.make_parser(context).parse_args(list(words))
    except click.UsageError as bad:
        return bad.format_message()
    missing = [each.name for each in known.params if each.required and not isinstance(given.get(str(each.name)), str)]
    return f"without {', '.join(map(str, missing))}" if missing else f"too much: {' '.join(left)}" if left else None


def test_prose_is_told_from_a_command_that_is_misspelled_or_lacks_its_group():
    assert [is_prose(word) for word in ("refused", "has", "gate:", "promot", "adopt", "sync")] == [True, True, True, False, False, False]


MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if "demo" not in path.parts]


def test_the_commands_of_a_text_are_found_as_they_would_be_typed():
    text = f"do this: keepfit gate adopt {FILLED} --reason …; or keepfit window exclude|accept WINDOW --reason 'a b', then keepfit sync brings it"
    assert list(commands(text)) == [
        ["gate", "adopt", FILLED, "--reason", "…"],
        ["window", "exclude", "WINDOW", "--reason", "a b"],
        ["window", "accept", "WINDOW", "--reason", "a b"],
        ["sync"],
    ]
    assert [problem(words) for words in commands("keepfit rollback MODEL, keepfit promot, keepfit gate, keepfit sync --mine")] == [
        "without reason",
        "no command 'promot'",
        "no subcommand",
        "No such option '--mine'.",
    ]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_command_that_a_message_names_can_be_typed(path):
    found = [(line, words) for line, text in texts(path) for words in commands(text) if not is_prose(words[0])]
    wrong = [f"{path.name}:{line}: keepfit {' '.join(words)}: {said}" for line, words in found if (said := problem(words))]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("room", ["gate", "integrations/mlflow/store"])
def test_what_reads_the_database_is_offered_by_the_server_with_the_place_to_run_it(room):
    said = [text for path in sorted((PACKAGE / room).glob("*.py")) for _, text in texts(path) if HERE_ONLY & {words[0] for words in commands(text)}]
    assert all("where the server runs" in text for text in said), said
