"""Guess from a person's own train.py what the train contract needs: which table it reads, what it writes, target, time, model name.

Reads literals only (`pd.read_csv("rows.csv")`, `df.pop("churned")`, `parse_dates=["at"]`); it runs nothing. Every guess is marked
TODO in params.yaml. Blind to paths from arguments, environment or configuration files: name those with options.
"""

from __future__ import annotations

import ast
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

READERS = {"read_csv", "read_parquet"}
LONGEST_PATH = 200
SETTINGS = (".py", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".sql")  # read, never written, by a training script
WRITERS = {"dump": 1, "save_model": 1, "to_pickle": 0}


@dataclass(frozen=True)
class Guess:
    """What the script says by its literals; None where it says nothing.

    `logs_model`: it logs a model to an MLflow run; `needs`: files of settings and code that it names.
    """

    script: str | None = None
    reads: str | None = None
    writes: str | None = None
    target: str | None = None
    time: str | None = None
    model: str | None = None
    logs_model: bool = False
    needs: tuple[str, ...] = ()


def guess(command: str, repo: Path) -> Guess:
    """Read the first Python file that the command names, as far as it can be read."""
    script = next((word for word in shlex.split(command) if word.endswith(".py") and (repo / word).is_file()), None)
    if script is None:
        return Guess()
    try:
        tree = ast.parse((repo / script).read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError):
        return Guess(script=script)
    names = _constants(tree)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    reads = next((path for call in calls if _called(call) in READERS and (path := _text(call, 0, names))), None)
    return Guess(
        script=script,
        reads=reads,
        writes=next((path for call in calls if (place := WRITERS.get(_called(call))) is not None and (path := _text(call, place, names))), None),
        target=_target(tree, calls, names),
        time=next((column for call in calls if (column := _time(call, names))), None),
        model=next((name for call in calls if (name := _keyword(call, "registered_model_name", names))), None),
        logs_model=any(_called(call) == "log_model" for call in calls),
        needs=tuple(sorted({text for text in _texts(tree) if text.endswith(SETTINGS) and text != script and (repo / text).is_file()})),
    )


def _texts(tree: ast.Module) -> Iterator[str]:
    """Every short text that could be a path."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and 0 < len(node.value) < LONGEST_PATH and "\n" not in node.value:
            yield node.value


def _constants(tree: ast.Module) -> dict[str, str]:
    """Module-level `NAME = "text"`, also through Path("text")."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            value = node.value.args[0] if isinstance(node.value, ast.Call) and node.value.args else node.value
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                found[node.targets[0].id] = value.value
    return found


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""


def _literal(node: ast.expr, names: dict[str, str]) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return names.get(node.id) if isinstance(node, ast.Name) else None


def _text(call: ast.Call, place: int, names: dict[str, str]) -> str | None:
    return _literal(call.args[place], names) if len(call.args) > place else None


def _keyword(call: ast.Call, name: str, names: dict[str, str]) -> str | None:
    return next((_literal(word.value, names) for word in call.keywords if word.arg == name), None)


def _target(tree: ast.Module, calls: list[ast.Call], names: dict[str, str]) -> str | None:
    """`df.pop("y")`, `y = df["y"]`, or a module constant TARGET."""
    for call in calls:
        if _called(call) == "pop" and (column := _text(call, 0, names)):
            return column
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(name in {"y", "target", "labels"} for name in _assigned(node)):
            column = _column(node.value, names)
            if column:
                return column
    return names.get("TARGET")


def _assigned(node: ast.Assign) -> Iterator[str]:
    for target in node.targets:
        for name in target.elts if isinstance(target, ast.Tuple) else [target]:
            if isinstance(name, ast.Name):
                yield name.id


def _column(value: ast.expr, names: dict[str, str]) -> str | None:
    for node in ast.walk(value):
        if isinstance(node, ast.Subscript) and (column := _literal(node.slice, names)):
            return column
    return None


def _time(call: ast.Call, names: dict[str, str]) -> str | None:
    """`parse_dates=["at"]`, `pd.to_datetime(df["at"])` or `sort_values("at")`."""
    for word in call.keywords:
        if word.arg == "parse_dates" and isinstance(word.value, ast.List) and word.value.elts:
            return _literal(word.value.elts[0], names)
    if _called(call) == "to_datetime" and call.args:
        return _column(call.args[0], names)
    return _text(call, 0, names) if _called(call) == "sort_values" else None
