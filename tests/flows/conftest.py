"""One small project a session, trained once; tests work on copies of it. And a server without the gate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from tests.flows.evaluating.by_hand import ByHand, make_by_hand
from tests.flows.projects import TICKET, Small, make_project, promote_first
from tests.flows.servers import add_version, running
from tests.integrations.conftest import migrated_registry, world  # noqa: F401 - fixtures

from keepfit.flows.project import Project
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.integrations.models.asked_process import MODEL, QUESTION, ROWS, ask_here, place_apart, read_answer
from keepfit.integrations.tables import write_parquet
from keepfit.records import to_json


@pytest.fixture(scope="session")
def promoted(tmp_path_factory) -> Small:
    """A champion serves, February is closed and has an open ticket."""
    small = make_project(tmp_path_factory.mktemp("small"))
    promote_first(small)
    return small


@pytest.fixture(scope="session")
def improved(promoted, tmp_path_factory) -> Small:
    """The ticket's retraining went through undisturbed and was pushed."""
    small = promoted.copy(tmp_path_factory.mktemp("improved"))
    small.keepfit("improve", TICKET, "--push")
    return small


@pytest.fixture(scope="session")
def clicks(tmp_path_factory) -> Path:
    """January's model of the small clicks stream (tests/flows/monitoring/test_monitor.py), trained once."""
    from tests.flows.monitoring.test_monitor import PARAMS, rows_of

    from keepfit.flows.models.training import train_once

    root = tmp_path_factory.mktemp("clicks")
    (root / "params.yaml").write_text(PARAMS)
    train_once(Project(root).params, rows_of(1), root / "champion")
    return root / "champion"


@pytest.fixture
def watched(tmp_path, clicks, monkeypatch) -> Project:
    """A project whose champion is that model; no scout, no server, no rows yet."""
    from tests.flows.monitoring.test_monitor import PARAMS, pin

    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    (tmp_path / "params.yaml").write_text(PARAMS.replace("update: {", "update: {scout: false, "))
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "champion").symlink_to(clicks)
    (tmp_path / "expectations" / "data").mkdir(parents=True)
    (tmp_path / "expectations" / "windows.yaml").write_text("{}\n")
    pin(tmp_path)
    return Project(tmp_path)


@pytest.fixture
def served(watched, monkeypatch, gated_server) -> Project:
    """The same with February and March, its champion version 1 on the gated server, under an alias that nobody has to certify."""
    from tests.flows.monitoring.test_monitor import rows_of, write_rows

    monkeypatch.setenv("MLFLOW_TRACKING_URI", gated_server.uri)
    name, params = f"clicks-{uuid4().hex[:8]}", watched.root / "params.yaml"
    text = params.read_text().replace("name: clicks", f"name: {name}").replace("harm_margin: 0.1", "harm_margin: 0.4")
    params.write_text(text.replace("mlflow: {", f"mlflow: {{experiment: {name}, alias: live, "))
    write_rows(watched.root, rows_of(1), rows_of(2), rows_of(3))
    Mlflow(gated_server.uri).ensure_model(name)
    add_version(gated_server.uri, name)
    Mlflow(gated_server.uri).move_alias(name, "live", "1")
    return Project(watched.root)


@pytest.fixture(scope="module")
def stock_server(tmp_path_factory) -> Iterator[str]:
    """The address of an MLflow server without the gate, which serves no artifacts and was told no root for them."""
    home = tmp_path_factory.mktemp("stock")
    with running(["mlflow", "server", "--backend-store-uri", f"sqlite:///{home}/m.db", "--no-serve-artifacts", "--workers", "1"], home) as uri:
        yield uri


@pytest.fixture
def rows(gated_server) -> Callable[[], int]:
    """How many rows the gated server's journal has."""

    def count() -> int:
        engine = sa.create_engine(f"sqlite:///{gated_server.home}/.keepfit/server/mlflow.db")
        with engine.connect() as connection:
            kept = sa.inspect(connection).has_table("keepfit_journal")
            found = connection.execute(sa.text("SELECT count(*) FROM keepfit_journal")).scalar_one() if kept else 0
        engine.dispose()
        return int(found)

    return count


@pytest.fixture(scope="session")
def by_hand(tmp_path_factory) -> ByHand:
    """`late`: v1 is champion, v2 better, v3 worse on one carrier."""
    return make_by_hand(tmp_path_factory.mktemp("by-hand"))


@pytest.fixture
def asked_here(by_hand, tmp_path_factory, monkeypatch) -> ByHand:
    """The registry is the one that is asked, and models answer in this process: a process each is what costs."""

    from keepfit.flows.evaluating import behaviour, evaluate

    def ask(whole, rows, question):
        folder = tmp_path_factory.mktemp("asked")
        place_apart(whole, folder / MODEL)
        (folder / QUESTION).write_text(to_json(question), encoding="utf-8")
        write_parquet(rows, folder / ROWS)
        ask_here(folder)
        return read_answer(folder, called=question.called)

    monkeypatch.setattr(evaluate, "ask_apart", ask)
    monkeypatch.setattr(behaviour, "ask_apart", ask)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", by_hand.uri)
    return by_hand
