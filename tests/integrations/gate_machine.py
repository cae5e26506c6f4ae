"""A random walk through everything that people, and people with too many rights, do to a gated registry.

Nothing is random but hypothesis' fixed draws, so a run says the same each time. `python -m tests.integrations.gate_machine`
plays a shorter walk in a process of its own, in front of whichever keepfit is first on its path.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from tests.integrations.gate_taking import TakingAway
from tests.integrations.gate_walk import RULES
from tests.integrations.gate_words import Speaking
from tests.integrations.gate_world import make_world


class GateMachine(Speaking, TakingAway):
    """What happens, in any order."""


def machine(home, database):
    """Return the machine's class with a world of its own, in `home`, on a copy of a migrated registry."""
    shutil.copy(database, home / "mlflow.db")
    os.environ["KEEPFIT_GATE"] = str(home / "gate.yaml")
    world = make_world(home, f"sqlite:///{home / 'mlflow.db'}", rules=RULES)
    seed = home / "seed.db"
    for client in (world.client, world.stock):
        hurry(client._get_registry_client().store.engine)
    hurry(world.client._tracking_client.store.engine)
    with closing(sqlite3.connect(home / "mlflow.db")) as source, closing(sqlite3.connect(seed)) as target:
        source.backup(target)
    return type("Machine", (GateMachine,), {"world": world, "seed": seed, "happened": Counter(), "grounds": Counter()})


def hurry(engine):
    """Let SQLite not wait for the disk: nobody pulls the plug here."""
    import sqlalchemy as sa

    engine.dispose()
    sa.event.listen(engine, "connect", lambda connection, _: connection.execute("pragma synchronous = off"))


def play(made, *, seeds, walks, steps):
    """Walk, by fixed draws: `walks` from each of the seeds, as later ones resemble those before.

    What fails is shown as it was found: shrinking it would take minutes.
    """
    settled = settings(
        max_examples=walks,
        stateful_step_count=steps,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    for number in seeds:
        run_state_machine_as_test(seed(number)(made), settings=settled)


def main(home, database, seeds, walks, steps, package):
    """Exit 3 if a claim is broken in front of the package in that folder; whatever else goes wrong is a traceback and exit 1."""
    import keepfit

    if not Path(keepfit.__file__).is_relative_to(package):
        sys.exit(f"walked in front of {keepfit.__file__}, not of {package}")
    made = machine(Path(home), Path(database))
    try:
        play(made, seeds=range(int(seeds)), walks=int(walks), steps=int(steps))
    except AssertionError as broken:
        print(f"{type(broken).__name__}: {broken}")
        sys.exit(3)


if __name__ == "__main__":
    main(*sys.argv[1:])
