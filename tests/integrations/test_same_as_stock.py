"""Where nothing is protected, the gated registry is stock MLflow: the same random calls, the same answers, the same tables."""

from __future__ import annotations

import copy
import inspect
import shutil
import sqlite3
import uuid
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.integrations.registries import GUARDED, History, make_history, outcome, plain, tables
from tests.integrations.registry_verbs import READS, TRACKING, VERBS, Wish, known

ROUNDS = 20  # each tries every verb, most of them twice, in an order of its own
MIN_SUCCESSES = 20
MIN_SHARE = 0.5
ONCE = {"delete_registered_model", "delete_prompt"}  # twice would leave little to work on
THRICE = {
    "create_registered_model",
    "create_model_version",
    "create_prompt",
    "create_prompt_version",
    "create_webhook",
    "get_prompt_version",
    "get_prompt_version_by_alias",
    "link_prompt_version_to_model",
    "link_prompt_version_to_run",
}
TURNS = [name for name in VERBS for _ in range(1 if name in ONCE else 3 if name in THRICE else 2)]

# What the machine does not call, and why.
EXEMPT = {
    "CREATE_MODEL_VERSION_RETRIES": "a number, compared in test_no_method_of_the_store_is_left_out",
    "supports_workspaces": "a property, compared there too",
    "test_webhook": "no database's store has it: the error names the store's class, the server's page sends the test itself",
}
# Columns that no store of a registry gives: the tracking store's own ids and times of a link, and a secret's salted cipher text.
DICE = ("association_id", "created_time", "last_updated_timestamp_ms", "secret")

NOTHING = "models: {}"
ONLY_GUARDED = "models: {'guarded-*': {trust: self}}"


@dataclass
class Twins:
    """A stock store and ours, each on its own copy of one history, and what they have answered so far."""

    home: Path
    seed: Path
    history: History
    tick: count = field(default_factory=lambda: count(1_700_000_000_000))
    tried: Counter = field(default_factory=Counter)
    succeeded: Counter = field(default_factory=Counter)
    tokens: list = field(default_factory=list)
    stores: list = field(default_factory=list)

    def __post_init__(self):
        self.paths = [self.home / "stock.db", self.home / "ours.db"]
        self.now = next(self.tick)

    def begin(self):
        """Both start anew from the history, with stores that have seen nothing."""
        from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore

        from keepfit.flows.serving.gated_store import gated_store

        for path in self.paths:
            with closing(sqlite3.connect(self.seed)) as source, closing(sqlite3.connect(path)) as target:
                source.backup(target)
        fresh = not self.stores
        self.stores = [SqlAlchemyStore(f"sqlite:///{self.paths[0]}"), gated_store(f"keepfit:sqlite:///{self.paths[1]}")]
        if fresh:
            for store in self.stores:
                hurry(store.engine)
        self.tokens.clear()

    def ask(self, name, wished, *, monkeypatch):
        """Call both; they agree, and neither changes what it was handed."""
        self.now = next(self.tick)
        arguments = self._entities(wished)
        answers = []
        for store, path in zip(self.stores, self.paths, strict=True):
            monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{path}")
            given_ = copy.deepcopy(arguments)
            bound = inspect.signature(getattr(self.stores[0], name)).bind(**given_)
            by_position = self.now % 2
            method = getattr(store, name)
            answers.append(outcome(method, *bound.args, **bound.kwargs) if by_position else outcome(method, **given_))
            assert plain(given_) == plain(arguments), f"{name} changed its arguments: {wished}"
        stock, ours = answers
        assert ours == stock, f"{name}({wished})\n  stock: {stock}\n  ours:  {ours}"
        self._count(name, stock)

    def _entities(self, wished):
        """Versions named in a wish become the stock store's entities."""
        arguments = dict(wished)
        if "src_mv" in wished:
            arguments["src_mv"] = self.stores[0].get_model_version(*wished["src_mv"])
        if "prompt_versions" in wished:
            found = [self.stores[0].get_prompt_version(*each) for each in wished["prompt_versions"]]
            arguments["prompt_versions"] = [each for each in found if each is not None]
        return arguments

    def _count(self, name, answer):
        self.tried[name] += 1
        if answer.error is None:
            self.succeeded[name] += 1
            if isinstance(answer.value, tuple) and len(answer.value) == 3 and answer.value[2]:
                self.tokens.append(answer.value[2])

    def check_tables(self):
        stock, ours = (tables(path, without=DICE) for path in self.paths)
        assert ours == stock


def hurry(engine):
    """Let SQLite not wait for the disk: nobody pulls the plug here."""
    engine.dispose()
    sa.event.listen(engine, "connect", lambda connection, _: connection.execute("pragma synchronous = off"))


@pytest.fixture
def twins(tmp_path, migrated_registry, monkeypatch):
    """The stores' clocks and dice are stopped between two calls, so that times and ids compare too."""
    from mlflow.store.model_registry import sqlalchemy_store
    from mlflow.tracking._tracking_service import utils

    seed = tmp_path / "seed.db"
    shutil.copy(migrated_registry, seed)
    made = Twins(tmp_path, seed, make_history(f"sqlite:///{seed}"))
    monkeypatch.setattr(sqlalchemy_store, "get_current_time_millis", lambda: made.now)
    monkeypatch.setattr(sqlalchemy_store, "uuid", SimpleNamespace(uuid4=lambda: uuid.UUID(int=made.now)))
    monkeypatch.setattr(utils, "_tracking_uri", None)
    return made


def play(twins, monkeypatch, *, rounds, untouched=None):
    """Random rounds of every verb; verbs that write leave the names alone that `untouched` begins."""

    @settings(
        max_examples=rounds,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(random=st.randoms(use_true_random=False))
    def play_a_round(random):
        twins.begin()
        for name in random.sample(TURNS, len(TURNS)):
            wish = Wish(random, known(twins.paths[0], twins.tokens), twins.history, untouched=None if name.startswith(READS) else untouched)
            twins.ask(name, VERBS[name](wish), monkeypatch=monkeypatch)
        twins.check_tables()

    play_a_round()


def check_the_tally(twins, *, at_least):
    seldom = {name: twins.succeeded[name] for name in VERBS if twins.succeeded[name] < at_least}
    assert seldom == {}
    assert twins.succeeded.total() >= MIN_SHARE * twins.tried.total()
    print(f"{twins.tried.total()} calls, {twins.succeeded.total()} succeeded; least: {twins.succeeded.most_common()[-5:]}")


@pytest.mark.slow
def test_with_nothing_protected_every_answer_every_error_and_every_table_is_stocks(twins, tmp_path, monkeypatch):
    (tmp_path / "gate.yaml").write_text(NOTHING)
    monkeypatch.setenv("KEEPFIT_GATE", str(tmp_path / "gate.yaml"))
    play(twins, monkeypatch, rounds=ROUNDS)
    check_the_tally(twins, at_least=MIN_SUCCESSES)


@pytest.mark.slow
def test_models_of_other_names_than_the_protected_are_stocks(twins, tmp_path, monkeypatch):
    (tmp_path / "gate.yaml").write_text(ONLY_GUARDED)
    monkeypatch.setenv("KEEPFIT_GATE", str(tmp_path / "gate.yaml"))
    play(twins, monkeypatch, rounds=ROUNDS // 2, untouched="guarded-")
    check_the_tally(twins, at_least=MIN_SUCCESSES // 4)
    with pytest.raises(Exception, match="keepfit refused") as caught:  # the gate was there all the time
        twins.stores[1].set_registered_model_alias(GUARDED, "champion", 3)
    assert caught.value.get_http_status_code() == 403


def test_no_method_of_the_store_is_left_out(twins):
    """A method that a new MLflow adds fails here until the machine tries it."""
    twins.begin()
    stock, ours = twins.stores
    public = {name for name in dir(stock) if not name.startswith("_") and (callable(getattr(type(stock), name, None)) or name in EXEMPT)}
    assert public == set(VERBS) | set(EXEMPT)
    assert {name for name in dir(ours) if not name.startswith("_")} == {name for name in dir(stock) if not name.startswith("_")}
    assert ours.supports_workspaces == stock.supports_workspaces
    assert ours.CREATE_MODEL_VERSION_RETRIES == stock.CREATE_MODEL_VERSION_RETRIES
    for store in (stock, ours):
        with pytest.raises(NotImplementedError):
            store.test_webhook("any")


@pytest.mark.parametrize("name", [7, None])
def test_a_copy_to_a_name_that_is_no_text_fails_as_in_stock(twins, tmp_path, monkeypatch, name):
    (tmp_path / "gate.yaml").write_text(NOTHING)
    monkeypatch.setenv("KEEPFIT_GATE", str(tmp_path / "gate.yaml"))
    twins.begin()
    twins.ask("copy_model_version", {"src_mv": ("wind", 1), "dst_name": name}, monkeypatch=monkeypatch)


def test_every_prefix_of_a_kind_of_verb_names_some():
    assert all(any(name.startswith(prefix) for name in [*VERBS, *EXEMPT]) for prefix in (*READS, *TRACKING))
