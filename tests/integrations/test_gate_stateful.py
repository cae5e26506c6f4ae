"""A gated registry under a random walk of everything that people do to it: it answers, moves and remembers as it must."""

from __future__ import annotations

import pytest
from tests.integrations.gate_machine import machine, play

SEEDS, MOST_SEEDS, WALKS, STEPS = 10, 30, 6, 25
OFTEN = 5

# A walk in which everything is refused proves nothing: what must have been granted, and how often.
GRANTED = {"certificate": 50, "rollback": 20, "waiver": OFTEN, "adoption": OFTEN, "promote by alias: certificate": 20, "promote by stage: certificate": OFTEN}
GRANTED |= dict.fromkeys(["both pointers move: True", "approve: True", "waive: True"], OFTEN) | {"retire: True": 1, "withdraw: True": 1}
REFUSED = {"refused": 50, "conflict": OFTEN} | dict.fromkeys(["waive: False", "adopt: False", "retire: False", "take a pointer away: False"], OFTEN)
HAPPENED = (
    "register",
    *(f"certify {kind}" for kind in ("green", "fails overall", "fails slices", "short", "unsigned", "stranger", "compared with a former champion or none")),
    *(f"tamper with {what}" for what in ("bytes: change", "bytes: add", "bytes: restore", "the certificate", "tags and metrics")),
    "borrow a certificate",
    "roll back",
    *(f"{what}: {done}" for what in ("request", "reject", "take a request back") for done in (True, False)),
    *(f"requested, {what}" for what in ("rejected: refused", "rejected: certificate", "none: certificate", "taken: certificate")),
    "let time pass",
    "rename: True",
    "copy",
    *(f"delete {what}: {done}" for what in ("version", "model") for done in (True, False)),
    *(f"send again: {verb}" for verb in ("waive", "adopt")),
    *(f"past the gate: {how}" for how in ("alias", "stage", "stage beside", "delete alias", "delete version", "delete model")),
    *(f"meanwhile: {what}" for what in ("promotion", "rollback", "time", "withdrawal", "past the gate")),
)


@pytest.mark.slow
def test_one_champion_with_a_ground_and_a_journal_that_explains_it_whatever_is_done(tmp_path, migrated_registry, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KEEPFIT_GATE", str(tmp_path / "gate.yaml"))
    made = machine(tmp_path, migrated_registry)
    play(made, seeds=range(SEEDS), walks=WALKS, steps=STEPS)
    for more in range(SEEDS, MOST_SEEDS):  # Hypothesis draws constants of the modules imported so far, so a seed's walk depends on the tests before it
        if not rare(made):
            break
        play(made, seeds=[more], walks=WALKS, steps=STEPS)
    assert rare(made) == {}


def rare(made):
    """What the walks so far have not done as often as they must."""
    found = made.grounds + made.happened
    wanted = dict.fromkeys(HAPPENED, 1) | GRANTED | REFUSED
    return {what: found[what] for what, times in wanted.items() if found[what] < times}
