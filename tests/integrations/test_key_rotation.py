"""A signing key is replaced as docs/operate.md says: two keys for a while, what must stay promotable certified anew, then the old one out."""

from __future__ import annotations

import json

import pytest
from tests.integrations.gate_world import refused

from keepfit.integrations import signing


def trust(world, *keys):
    """Write gate.yaml's trusted keys."""
    text = world.rules.read_text()
    line = next(line for line in text.splitlines() if line.lstrip().startswith("trust:"))
    indent = line[: len(line) - len(line.lstrip())]
    world.rules.write_text(text.replace(line, f"{indent}trust: {json.dumps({key.name: key.public for key in keys})}"))


@pytest.fixture
def new(world):
    return signing.new_key("ci-2027", folder=world.home / "keys")


def test_while_both_keys_are_trusted_either_signs_and_the_champion_moves_on(world, new):
    _, second = world.chain(2)
    trust(world, world.key, new)
    third = world.register(content="three")
    world.certify(third, champion=second, key=new)
    world.promote(third)
    fourth = world.register(content="four")
    world.certify(fourth, champion=third)
    world.promote(fourth)
    assert world.champion() == fourth
    assert world.chain_is_whole()


def test_once_the_old_key_is_out_what_was_certified_anew_stays_and_comes_back_and_the_rest_does_not(world, new):
    first, second = world.chain(2)
    trust(world, world.key, new)
    third = world.register(content="three")
    world.certify(third, champion=second, key=new)
    world.promote(third)
    world.certify(second, champion=first, key=new)
    trust(world, new)
    with refused("KF-G"):
        world.promote(first)
    world.promote(second)
    assert world.champion() == second
    assert [kind for kind, *_ in world.journal()][-1] == "rolled back"
    fourth = world.register(content="four")
    world.certify(fourth, champion=second)
    with refused(r"KF-G.*sign"):
        world.promote(fourth)
    world.certify(fourth, champion=second, key=new)
    world.promote(fourth)
    assert (world.champion(), world.chain_is_whole()) == (fourth, True)


def test_a_key_taken_out_at_once_moves_nothing_and_the_champion_goes_on_serving(world, new):
    _, second = world.chain(2)
    trust(world, new)
    assert world.champion() == second
    third = world.register(content="three")
    world.certify(third, champion=second)
    with refused("KF-G"):
        world.promote(third)
    world.certify(third, champion=second, key=new)
    world.promote(third)
    assert world.champion() == third


def test_a_waiver_signed_with_a_key_that_is_out_is_none(world, new):
    (first,) = world.chain(1)
    trust(world, new)
    second = world.register(content="two")
    world.certify(second, champion=first, key=new)
    with refused("KF-G"):
        world.ask("waive", second, key=world.key, rule="not_worse_than", until=None)
