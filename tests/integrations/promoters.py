"""Processes that ask for promotions through a store of their own: the gate's tests let them race, and kill them.

Run as a program it reads one JSON object a line and answers each with one. It imports MLflow before the first, so that a round
of a race costs a promotion and not a start.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

AHEAD_S = 0.02  # longer than it takes to tell all of them


class Promoter:
    """One such process; `uri` is the registry's, with or without `keepfit:`."""

    def __init__(self, uri: str, log: Path) -> None:
        self._log = log.open("wb")
        command = [sys.executable, __file__, uri]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True)

    def __enter__(self) -> Promoter:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(60)
        self._log.close()

    def say(self, **ask: object) -> None:
        """Send what to do: `kind`, `model`, `version`; `at` (monotonic) says when, `kill_after` after which step it dies."""
        print(json.dumps(ask), file=self._process.stdin, flush=True)

    def answer(self) -> dict[str, object]:
        """Wait for what came of it: `status` (as HTTP would say) and `text`; or `signal`, of which it died."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"a promoter ended (exit code {self._process.wait(60)}): {Path(self._log.name).read_text()[-2000:]}"
        found: dict[str, object] = json.loads(line)
        return found


@contextmanager
def promoters(count: int, uri: str, home: Path) -> Iterator[Sequence[Promoter]]:
    """That many processes, ready: MLflow is imported, and the store is built."""
    with ExitStack() as stack:
        every = [stack.enter_context(Promoter(uri, home / f"promoter-{number}.log")) for number in range(count)]
        for each in every:
            each.say(kind="ready")
        for each in every:
            each.answer()
        yield every


def at_once(every: Sequence[Promoter], asks: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    """Let each process ask at the same moment; returns their answers."""
    at = time.monotonic() + AHEAD_S
    for each, ask in zip(every, asks, strict=True):
        each.say(at=at, **ask)
    return [each.answer() for each in every]


# -- the program ------------------------------------------------------------------------------------------------------------


def _serve(uri: str) -> None:
    from mlflow import MlflowClient

    import keepfit.flows.serving.gated_store
    import keepfit.integrations.mlflow.store  # noqa: F401 - a process that is forked and killed has it already

    client = None
    for line in sys.stdin:
        ask = json.loads(line)
        if "kill_after" in ask:
            answer = _killed(uri, ask)
        else:
            client = client or MlflowClient(tracking_uri=uri.removeprefix("keepfit:"), registry_uri=uri)
            answer = _asked(client, ask)
        print(json.dumps(answer), flush=True)


def _asked(client: object, ask: dict[str, str]) -> dict[str, object]:
    from mlflow.exceptions import MlflowException

    time.sleep(max(float(ask.get("at", 0)) - time.monotonic(), 0))
    try:
        _move(client, ask)
    except MlflowException as bad:
        return {"status": bad.get_http_status_code(), "text": bad.message}
    return {"status": 200, "text": ""}


def _move(client, ask) -> None:
    if ask["kind"] == "ready":
        client.search_registered_models()
    elif ask["kind"] == "alias":
        client.set_registered_model_alias(ask["model"], "champion", ask["version"])
    else:
        client.transition_model_version_stage(ask["model"], int(ask["version"]), "Production", archive_existing_versions=True)


def _killed(uri: str, ask: dict[str, str]) -> dict[str, object]:
    """Ask in a fork that dies on its way: it has its own connections, as this process has none."""
    from mlflow import MlflowClient

    child = os.fork()
    if child == 0:
        os.environ["KEEPFIT_KILL_AFTER"] = ask["kill_after"]
        answer = _asked(MlflowClient(tracking_uri=uri.removeprefix("keepfit:"), registry_uri=uri), ask)
        print(answer, file=sys.stderr, flush=True)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return {"signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0}


if __name__ == "__main__":
    _serve(sys.argv[1])
