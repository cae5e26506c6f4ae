"""Flows read, ask the core once and write: what is computed on arrays, tables and frames is computed in the core.

Chance comes into the core as an argument, so a flow may seed a generator.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

FLOWS = Path(__file__).resolve().parents[2] / "plugin" / "keepfit" / "flows"
TOOLS = ("numpy", "pandas", "pyarrow.compute", "scipy", "sklearn")
METHODS = {
    *("aggregate", "argsort", "astype", "concat_tables", "cumsum", "drop_null", "dropna", "fillna", "group_by", "groupby", "isin", "isna", "median"),
    *("notna", "nunique", "quantile", "sort_by", "sort_values", "std", "take", "to_numpy", "value_counts"),
}
SEEDS = "numpy.random.default_rng"


def arithmetic(source: str) -> Iterator[str]:
    """Each call of a source that computes on arrays, tables or frames, as `line: what is called`."""
    tree = ast.parse(source)
    modules = dict(_imported(tree))
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        first, _, rest = ast.unparse(call.func).partition(".")
        called = f"{modules.get(first, first)}.{rest}".rstrip(".")
        tool = called != SEEDS and any(called.startswith(f"{one}.") for one in TOOLS)
        if tool or (isinstance(call.func, ast.Attribute) and call.func.attr in METHODS):
            yield f"{call.lineno}: {called}"


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Each name that an import binds, with what it stands for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((one.asname or one.name.partition(".")[0], one.name if one.asname else one.name.partition(".")[0]) for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((one.asname or one.name, f"{node.module}.{one.name}") for one in node.names)


@pytest.mark.parametrize("path", sorted(FLOWS.rglob("*.py")), ids=lambda path: path.relative_to(FLOWS).as_posix())
def test_flows_hold_no_arithmetic(path):
    assert list(arithmetic(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np\nnp.isnan(x)",
        "import pyarrow.compute as pc\npc.max(table[time])",
        "import pyarrow.compute\npyarrow.compute.max(x)",
        "from pyarrow import compute\ncompute.max(x)",
        "from numpy import isnan\nisnan(x)",
        "from scipy.special import ndtri\nndtri(x)",
        "from pandas.api.types import is_bool_dtype\nis_bool_dtype(x)",
        "import numpy as np\nnp.random.rand(3)",
        "import pyarrow as pa\npa.concat_tables(x)",
        "frame.groupby('x')",
        "table[name].drop_null()",
    ],
)
def test_the_check_sees(source):
    assert len(list(arithmetic(source))) == 1


@pytest.mark.parametrize("source", ["import numpy as np\ncompare(rng=np.random.default_rng(SEED))", "import pyarrow as pa\nx: pa.Table", "stats.mean(rows)"])
def test_the_check_lets_reading_and_asking_pass(source):
    assert list(arithmetic(source)) == []
