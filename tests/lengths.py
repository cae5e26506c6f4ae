"""How long functions and modules are: `python tests/lengths.py FOLDER...`. Aims of CONTRIBUTING.md, shown and not enforced."""

from __future__ import annotations

import ast
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

FUNCTION_AIM, MODULE_AIM = 35, 400
SHOWN = 5


def functions(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Name and lines of each function, docstring not counted."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
                lines -= (first.end_lineno or first.lineno) - first.lineno + 1
            yield node.name, lines


def line(kind: str, lengths: list[tuple[int, str]], aim: int) -> str:
    """One line of the summary, and the longest ones over the aim."""
    sizes = sorted(size for size, _ in lengths)
    tenth = sizes[int(len(sizes) * 0.9)] if sizes else 0
    over = [f"    {size:4d} {name}" for size, name in sorted(lengths, reverse=True) if size > aim]
    median = statistics.median(sizes) if sizes else 0
    summary = f"{kind}: {len(sizes)}, median {median:.0f}, 90th percentile {tenth}, maximum {max(sizes, default=0)} lines (aim <= {aim}; {len(over)} over)"
    return "\n".join([summary, *over[:SHOWN]])


def main(folders: list[str]) -> None:
    """Print medians, 90th percentiles and maxima."""
    by_function: list[tuple[int, str]] = []
    by_module: list[tuple[int, str]] = []
    for path in sorted(file for folder in folders for file in Path(folder).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        by_module.append((len(text.splitlines()), str(path)))
        by_function += [(size, f"{path}:{name}") for name, size in functions(ast.parse(text))]
    print(line("functions", by_function, FUNCTION_AIM))
    print(line("modules", by_module, MODULE_AIM))


if __name__ == "__main__":
    main(sys.argv[1:])
