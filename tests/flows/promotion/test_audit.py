"""The registry against its journal, in process: what `keepfit audit` finds, and that what it says helps."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from tests.integrations.gate_world import MODEL

from keepfit.flows.promotion.audit import audit


@pytest.fixture
def audited(world, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", world.uri)

    def audited(**about):
        found = audit(store=world.uri, rules=str(world.rules), **about)
        return found.exit_code, [
            (finding.grade, finding.text) for finding in found.findings if finding.grade != "notable" and "in a client" not in finding.text
        ]

    return world, audited


def test_nothing_is_found_where_the_gate_moved_all(audited):
    world, look = audited
    world.chain(2)
    assert look(files=True) == (0, [])


def test_a_second_version_in_a_protected_stage_is_named_and_adoption_mends_it(audited):
    world, look = audited
    first, second = world.register(), world.register(content="two")
    world.certify(first)
    world.produce(first)
    world.stock.transition_model_version_stage(MODEL, second, "Production")
    assert look() == (3, [("unexplained", f"{MODEL}: the stage Production stands on v2, but the journal left it on v1")])
    world.ask("adopt", first, model_digest=world.digest(first))
    assert look() == (0, [])


def test_a_second_older_version_beside_the_served_one_is_named_too(audited):
    world, look = audited
    first, second = world.register(), world.register(content="two")
    world.certify(second)
    world.produce(second)
    world.stock.transition_model_version_stage(MODEL, first, "Production")
    assert look() == (3, [("unexplained", f"{MODEL}: the stage Production is held by v1 too, but the journal left it to v2 alone")])
    world.ask("adopt", second, model_digest=world.digest(second))
    assert (look(), world.stages()) == ((0, []), {"Production": second, "Archived": first})


def test_a_version_made_anew_under_the_champions_number_is_named(audited):
    world, look = audited
    (first,) = world.chain(1)
    world.stock.delete_registered_model(MODEL)
    world.register(content="anew")
    world.stock.set_registered_model_alias(MODEL, "champion", first)
    code, ((grade, text),) = look()
    assert (code, grade) == (3, "unexplained")
    assert "stands on another v1 than the journal left it on" in text


@pytest.mark.parametrize(("how", "said"), [("changed", "its files were changed in place"), ("gone", "its files cannot be read")])
def test_a_champions_files_are_read_when_asked_for(audited, how, said):
    world, look = audited
    (first,) = world.chain(1)
    for file in world.files(first).rglob("*") if how == "gone" else [world.files(first) / "MLmodel"]:
        if file.is_file():
            file.unlink() if how == "gone" else file.write_text("poison")
    assert look() == (0, [])
    code, ((_, text),) = look(files=True)
    assert code == 3
    assert text.startswith(f"{MODEL}: the alias champion, v1: {said}")


def test_a_former_champions_files_are_nobodys_alarm(audited):
    world, look = audited
    first, _ = world.chain(2)
    (world.files(first) / "MLmodel").write_text("poison")
    assert look(files=True) == (0, [])


def test_a_row_that_was_changed_is_named(audited):
    world, look = audited
    world.chain(2)
    with world.engine.begin() as connection:
        connection.execute(sa.text("update keepfit_journal set who = 'somebody else' where id = 2"))
    assert look() == (3, [("broken", "the chain is broken: row 2 was changed after it was written")])


def test_a_row_of_a_newer_form_is_named(audited):
    world, look = audited
    world.chain(2)
    with world.engine.begin() as connection:
        connection.exec_driver_sql("""update keepfit_journal set body = replace(body, '"schema":2', '"schema":4') where id = 2""")
    said = "a row of the gate's journal has form v4; this keepfit reads forms up to v3 (keepfit_journal, row 2)"
    assert look() == (3, [("broken", f"the chain cannot be read: {said}")])
