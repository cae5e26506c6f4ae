"""What the import contracts cannot see: the core takes values and returns values."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "plugin" / "keepfit"
SHELL = ("cli", "api", "flows", "integrations", "template", "__main__.py")
CORE = sorted(file for file in PACKAGE.rglob("*.py") if file.relative_to(PACKAGE).parts[0] not in SHELL)

WRITERS = {f"to_{kind}" for kind in ("csv", "excel", "feather", "hdf", "html", "json", "latex", "markdown", "orc", "parquet", "pickle", "sql", "stata", "xml")}
FILES = {"open", "write_text", "write_bytes", "write_table", "write_parquet", "mkdir", "unlink", "savefig"}
CLOCKS = {"now", "utcnow", "today", "monotonic", "perf_counter", "time_ns", "process_time"}
CHANCE = {"uuid1", "uuid4", "token_hex", "token_bytes", "urandom"}
BARE = {"open", "print", "input", "getenv"}
SEEDED = {"default_rng", "Generator", "PCG64", "SeedSequence"}


def offences(source: str) -> Iterator[str]:
    """Each call in the source that reaches out of the core, as `line: call`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = _called(node)
            if name and _reaches_out(node, name):
                yield f"{node.lineno}: {ast.unparse(node.func)}()"
        elif isinstance(node, ast.Attribute) and node.attr == "environ":
            yield f"{node.lineno}: {ast.unparse(node)}"


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _reaches_out(call: ast.Call, name: str) -> bool:
    if isinstance(call.func, ast.Name):
        return name in BARE or name.startswith("read_") or (name == "default_rng" and not call.args)
    owner = ast.unparse(call.func.value)  # type: ignore[attr-defined]
    if owner in ("np.random", "numpy.random"):
        return name not in SEEDED or not call.args
    return name.startswith("read_") or name in WRITERS | FILES | CLOCKS | CHANCE or (owner, name) == ("time", "time")


@pytest.mark.parametrize("path", CORE, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_core_touches_no_file_clock_environment_or_chance(path):
    assert list(offences(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "frame.to_parquet('x')",
        "pd.read_csv('x')",
        "path.read_text()",
        "open('x')",
        "path.open()",
        "print(1)",
        "datetime.now()",
        "date.today()",
        "time.time()",
        "os.environ['X']",
        "getenv('X')",
        "np.random.rand(3)",
        "np.random.default_rng()",
        "uuid.uuid4()",
    ],
)
def test_the_check_sees(source):
    assert len(list(offences(source))) == 1


@pytest.mark.parametrize("source", ["column.to_numpy()", "table.to_pylist()", "np.random.default_rng(seed)", "step(now=now)", "to_json(record)", "row.thread"])
def test_the_check_lets_values_pass(source):
    assert list(offences(source)) == []
