"""What all tests share: an environment that touches nothing of the person's, one gated server a session, a browser, a PostgreSQL, a Spark, each real."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("keepfit", deadline=None)  # a busy machine is slow, not wrong
settings.load_profile("keepfit")

REPOSITORY = Path(__file__).resolve().parents[1]
SERVER_WAIT_S = 180
POSTGRES_WAIT_S = 60
FORBID_SKIPS = bool(os.environ.get("KEEPFIT_FORBID_SKIPS"))
FOREIGN = ("GIT_", "DVC_", "MLFLOW_", "KEEPFIT_GATE", "KEEPFIT_FLIGHTS", "KEEPFIT_KILL_AFTER", "KEEPFIT_CONTEXT")  # a person's own settings
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# -- the environment ----------------------------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    home = Path(tempfile.mkdtemp(prefix="keepfit-tests-"))
    config.stash[HOME] = home
    (home / "gitconfig").write_text("[user]\n\tname = Tess Ter\n\temail = tess@example.org\n[init]\n\tdefaultBranch = main\n[commit]\n\tgpgsign = false\n")
    for name in (
        "MLFLOW_TRACKING_URI",
        "MLFLOW_REGISTRY_URI",
        "MLFLOW_EXPERIMENT_NAME",
        "MLFLOW_RUN_ID",
        "KEEPFIT_GATE",
        "KEEPFIT_FLIGHTS",
        "KEEPFIT_KILL_AFTER",
    ):
        os.environ.pop(name, None)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        del os.environ[name]
    os.environ.update(
        MLFLOW_DISABLE_TELEMETRY="true",
        DO_NOT_TRACK="true",
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION="false",
        NO_COLOR="1",
        KEEPFIT_KEYS=str(home / "keys"),
        XDG_CONFIG_HOME=str(home / "config"),
        GIT_CONFIG_GLOBAL=str(home / "gitconfig"),
        GIT_CONFIG_SYSTEM=os.devnull,
        GIT_TERMINAL_PROMPT="0",
        DVC_NO_ANALYTICS="true",
        GX_ANALYTICS_ENABLED="false",
        DVC_GLOBAL_CONFIG_DIR=str(home / "dvc-global"),
        DVC_SITE_CACHE_DIR=str(home / "dvc-site"),
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash[HOME], ignore_errors=True)


HOME = pytest.StashKey[Path]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    if FORBID_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"KEEPFIT_FORBID_SKIPS is set, but the test skipped: {report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test starts in an empty folder: what a tool drops where it stands (`mlruns/`) is not dropped in the repository.

    MLflow leaves the tracking server that a client was made for in the environment: no test finds that of another.
    """
    monkeypatch.chdir(tmp_path_factory.mktemp("here"))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)


# -- processes ----------------------------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def stop_group(process: subprocess.Popen[bytes], *, grace_s: float = 10) -> None:
    """End a process and all that it started in its group."""
    for sent in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sent)
        except ProcessLookupError:
            break
        try:
            process.wait(grace_s)
        except subprocess.TimeoutExpired:
            continue
    process.wait()


# -- the gated MLflow server --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GatedServer:
    """A running `keepfit server`: where to reach it, its rules file, its folder."""

    uri: str
    rules: Path
    home: Path


@pytest.fixture(scope="session")
def gated_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatedServer]:
    """One server a session, whose rules ask for proof on all rows; use a model name of your own under `flights-*`."""
    from tests.certificates import SERVED

    home = tmp_path_factory.mktemp("server")
    (home / "gate.yaml").write_text(SERVED, encoding="utf-8")
    with serving(home, "--workers", "1") as server:
        yield server


@contextmanager
def serving(home: Path, *options: str, **environment: str) -> Iterator[GatedServer]:
    """`keepfit server` with more options and environment, for as long as the block; the rules are the `gate.yaml` in `home`, the log is beside it."""
    rules, port = home / "gate.yaml", free_port()
    command = [sys.executable, "-m", "keepfit", "server", "--port", str(port), "--rules", str(rules), *options]
    with (home / "server.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=home, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    try:
        uri = f"http://127.0.0.1:{port}"
        _wait_for_health(process, uri, home / "server.log")
        yield GatedServer(uri=uri, rules=rules, home=home)
    finally:
        stop_group(process)


def _wait_for_health(process: subprocess.Popen[bytes], uri: str, log: Path) -> None:
    until = time.monotonic() + SERVER_WAIT_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{uri}/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    pytest.fail(f"keepfit server did not come up (exit code {process.poll()}):\n" + "\n".join(log.read_text(errors="replace").splitlines()[-20:]))


# -- a browser ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium, headless, through Playwright; a module's and no longer, as Playwright holds the thread's event loop."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield started
        started.close()


# -- PostgreSQL ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Postgres:
    """A cluster of its own: `uri` for SQLAlchemy, user `keepfit` without password, loopback only."""

    uri: str
    port: int


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A throw-away cluster on a free port; PostgreSQL refuses root, so root lends it to `postgres` or `nobody`."""
    programs = _postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL's server programs are not installed: apt-get install postgresql")
    user = _unprivileged_user()
    # not under pytest's folder: that is closed to other users
    with tempfile.TemporaryDirectory(prefix="keepfit-postgres-") as folder:
        cluster = Path(folder) / "cluster"
        cluster.mkdir()
        if user is not None:
            for each in (folder, cluster):
                os.chown(each, user.pw_uid, user.pw_gid)
        as_user = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        initdb = [programs / "initdb", "-D", cluster, "-U", "keepfit", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(initdb, check=True, capture_output=True, cwd=folder, **as_user)
        port = free_port()
        server = [programs / "postgres", "-D", cluster, "-p", str(port), "-h", "127.0.0.1", "-k", folder, "-F"]
        process = subprocess.Popen(
            server, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, **as_user
        )
        try:
            _wait_for_postgres(process, port)
            yield Postgres(uri=f"postgresql+psycopg://keepfit@127.0.0.1:{port}/postgres", port=port)
        finally:
            # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for clients
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                process.wait(30)


def _postgres_programs() -> Path | None:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found and shutil.which("postgres") else None


def _unprivileged_user() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _wait_for_postgres(process: subprocess.Popen[bytes], port: int) -> None:
    import psycopg

    until = time.monotonic() + POSTGRES_WAIT_S
    while time.monotonic() < until and process.poll() is None:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="keepfit", dbname="postgres", connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"PostgreSQL did not come up (exit code {process.poll()})")


# -- Spark --------------------------------------------------------------------------------------------------------------

LOG4J = """rootLogger.level = error
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %p %c{1}: %m%n
"""


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory):
    """One local Spark session a process, two workers, reachable from this machine alone; its start costs 15 CPU seconds, so tests share it."""
    java = Path(os.environ["JAVA_HOME"], "bin", "java") if os.environ.get("JAVA_HOME") else shutil.which("java")
    if java is None or not Path(java).is_file():
        pytest.skip("Java is not installed: apt-get install openjdk-17-jre-headless")
    from pyspark.sql import SparkSession

    home = tmp_path_factory.mktemp("spark")
    (home / "log4j2.properties").write_text(LOG4J, encoding="utf-8")
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "2g",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile=file:{home}/log4j2.properties -Dderby.system.home={home}",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(home / "warehouse"),
        "spark.local.dir": str(home / "local"),
        "spark.python.worker.reuse": "true",
    }
    builder = SparkSession.builder.master("local[2]").appName("keepfit's tests")
    for name, value in settings.items():
        builder = builder.config(name, value)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.delenv("SPARK_REMOTE", raising=False)
        with pytest.MonkeyPatch.context() as start:  # whatever test asks first, and wherever that runs
            start.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[1]))  # workers import the passes of tests
            session = builder.getOrCreate()
        yield session
        session.stop()
