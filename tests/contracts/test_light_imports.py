"""A command answers at once, and the MLflow server stays light: who loads what, in a fresh interpreter."""

from __future__ import annotations

import ast
import subprocess
import sys

import pyarrow as pa
import pytest
from pyarrow import parquet

from keepfit import plugins

HEAVY = ("mlflow", "pandas", "scipy", "sklearn", "great_expectations", "dvc")
ASK = "import sys; print('LOADED', sorted({{name.partition('.')[0] for name in sys.modules}} & set({heavy!r})))"
COMMAND = """
import sys
from keepfit.cli import main
sys.argv[1:] = {arguments!r}
try:
    main()
except SystemExit as done:
    assert not done.code, done.code
"""
NO_PARAMS = "\nassert 'keepfit.params' not in sys.modules"
SERVER = (
    "keepfit.flows.serving.gated_store",
    "keepfit.integrations.mlflow.store",
    "keepfit.integrations.journal",
    "keepfit.integrations.signing",
    "keepfit.gate.rules",
    "keepfit.gate.certificate",
    "keepfit.gate.decide",
)
PARAMS = "model: {name: m, task: regression, target: y}\ndata: {live: rows.csv, time: t}\n"


def loaded(code: str, *, heavy: tuple[str, ...] = HEAVY, cwd=None) -> set[str]:
    """The heavy packages that are loaded after the code ran."""
    said = subprocess.run([sys.executable, "-c", code + "\n" + ASK.format(heavy=heavy)], capture_output=True, text=True, check=False, cwd=cwd)
    assert said.returncode == 0, said.stderr[-2000:]
    return set(ast.literal_eval(said.stdout.rpartition("LOADED ")[2].strip()))


@pytest.fixture
def project(tmp_path):
    """The least that is a project; its ledger does not exist yet."""
    (tmp_path / "params.yaml").write_text(PARAMS)
    (tmp_path / "baseline.json").write_text('{"champion": null, "previous": null, "schema": 1}\n')
    return tmp_path


def test_importing_keepfit_loads_no_tool():
    assert loaded("import keepfit") == set()


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["ticket"]], ids=" ".join)
def test_a_quick_command_loads_no_heavy_tool(arguments, project):
    assert loaded(COMMAND.format(arguments=arguments), cwd=project) == set()


def test_subscribers_of_every_kind_make_no_quick_command_heavy(project):
    fields = {"file": "path: a", "command": "command: [a]", "webhook": "url: 'https://example.org/'", "notify": "url_env: A"}
    subscribers = "".join(f"    {name}: {{hook: {name}, {fields.get(name, '')}}}\n" for name in plugins.BUILTIN["hooks"])
    with (project / "params.yaml").open("a") as params:
        params.write(f"hooks:\n  subscribers:\n{subscribers}")
    assert loaded(COMMAND.format(arguments=["ticket"]), heavy=(*HEAVY, "requests", "apprise", "http"), cwd=project) == set()


def test_comparing_two_tables_loads_no_tool_but_arrow(tmp_path):
    """Half of its time was imports: of scipy for two p-values, of the models of a params.yaml that it does not read."""
    for name in ("before.parquet", "now.parquet"):
        columns = {"x": [float(row % 40) for row in range(200)], "few": [row % 3 for row in range(200)], "c": ["a", "b"] * 100, "gap": [None, 1.5] * 100}
        parquet.write_table(pa.table(columns), tmp_path / name)
    unwanted = (*HEAVY, "jinja2", "pydantic", "duckdb", "pyspark", "sqlalchemy")
    assert loaded(COMMAND.format(arguments=["compare", "before.parquet", "now.parquet"]) + NO_PARAMS, heavy=unwanted, cwd=tmp_path) == set()


def test_a_worker_of_a_cluster_needs_numpy_and_arrow_alone():
    """It gets keepfit from the driver, without what keepfit depends on."""
    ours = "keepfit.profiles.stream, keepfit.profiles.pairs, keepfit.tables.sample, keepfit.integrations.streams, keepfit.flows.rows.folder_rows"
    unwanted = (*HEAVY, "pydantic", "click", "yaml", "jinja2", "sqlalchemy", "duckdb", "pyspark")
    assert loaded(f"import keepfit.integrations.spark.in_workers, {ours}", heavy=unwanted) == set()


HEAVY_COMMANDS = [
    "init",
    "demo",
    "compare",
    "data",
    "label",
    "skew",
    "monitor",
    "improve",
    "sync",
    "certify",
    "promote",
    "rollback",
    "gate",
    "rules",
    "server",
    "doctor",
    "audit",
    "params",
    "fleet",
]


@pytest.mark.slow
@pytest.mark.parametrize("command", HEAVY_COMMANDS)
def test_the_help_of_a_command_loads_no_heavy_tool(command, project):
    assert loaded(COMMAND.format(arguments=[command, "--help"]), cwd=project) == set()


@pytest.mark.slow
def test_what_the_mlflow_server_loads_of_us_is_light():
    heavy = ("great_expectations", "dvc", "pandas", "scipy", "sklearn", "pyarrow")
    mlflow_itself = loaded("import mlflow, mlflow.store.model_registry.sqlalchemy_store", heavy=heavy)
    ours = loaded("import mlflow, mlflow.store.model_registry.sqlalchemy_store, " + ", ".join(SERVER), heavy=heavy)
    assert ours - mlflow_itself == set()
    assert not ours & {"great_expectations", "dvc"}


@pytest.mark.slow
def test_the_stores_entry_point_loads_no_mlflow():
    """The server imports it while `mlflow.server.handlers` is half imported."""
    assert loaded("import keepfit.flows.serving.gated_store", heavy=("mlflow",)) == set()
