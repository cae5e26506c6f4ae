"""A random walk through everything that people, and people with too many rights, do to a gated registry.

Nothing is random but hypothesis' fixed draws, so a run says the same each time. `python -m tests.integrations.gate_machine`
plays a shorter walk in a process of its own, in front of whichever keepfit is first on its path.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test
from tests.integrations.gate_oracle import ALIAS, STAGE, WAIVABLE, Model, Version
from tests.integrations.gate_walk import FREE, LONG, MAIN, NEIGHBOUR, RULES, SPARE, Walk, hours
from tests.integrations.gate_world import make_world

from keepfit.records import Certificate, digest, from_json

USERS = ("rita", "paul", "anonymous")
FALSE = ("forged", "stranger", "unsigned", "borrowed", "tagged")
CHANGED = ("change", "add", "champion")
POOR = ("short", "fails", "compared with none", "compared with another")

often = {  # what is drawn, the usual first
    "paper": st.sampled_from(["green"] * 7 + ["fails overall", "fails slices", "fails slices", "short", "short", "unsigned", "stranger"]),
    "compared": st.sampled_from(["champion"] * 6 + ["none", "another"]),
    "content": st.sampled_from(["one", "two", "three"]),
    "pointer": st.sampled_from([ALIAS, ALIAS, STAGE]),
    "back": st.sampled_from([0, 0, 0, 0, 1, 1, 2, 3]),
    "user": st.sampled_from(USERS),
    "meanwhile": st.sampled_from(["promotion", "promotion", "rollback", "time", "withdrawal", "past the gate"]),
    "name": st.sampled_from([MAIN] * 6 + [NEIGHBOUR]),
    "signed": st.sampled_from(["well"] * 6 + ["stranger", "unsigned", "stale", "no reason", "another model"]),
}


class GateMachine(Walk):
    """What happens, in any order."""

    # -- evidence --------------------------------------------------------------------------------------------------------

    @rule(content=often["content"], paper=often["paper"], compared=often["compared"])
    def register_and_certify(self, content, paper, compared):
        number = self.create(MAIN, content)
        self.write(MAIN, number, paper, compared)
        self.count("register")

    @rule(name=st.sampled_from([MAIN, NEIGHBOUR, FREE]), content=often["content"])
    def register(self, name, content):
        self.create(name, content)
        self.count("register")

    @rule(name=often["name"], back=often["back"], paper=often["paper"], compared=often["compared"])
    def certify(self, name, back, paper, compared):
        number = self.version(name, back)
        if number is not None:
            self.write(name, number, paper, compared)

    # -- tampering -------------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.has())
    @rule(back=often["back"], how=st.sampled_from(["change", "change", "add", "restore", "restore", "restore", "restore"]))
    def tamper_with_bytes(self, back, how):
        self.tampers(self.version(MAIN, back), how)

    def tampers(self, number, how):
        run = self.oracle.models[MAIN].versions[number].run
        folder = self.world.files(number, MAIN)
        (folder / "data" / "candidate" / "estimator.joblib").write_text(run.original + ("!" if how == "change" else ""))
        (folder / "more").unlink(missing_ok=True)
        if how == "add":
            (folder / "more").write_text("x")
        run.content = run.original + {"change": "!", "add": "+", "restore": ""}[how]
        self.count(f"tamper with bytes: {how}")

    @precondition(lambda self: self.has())
    @rule(back=often["back"])
    def tamper_with_the_certificate(self, back):
        self.forge(self.version(MAIN, back))

    def forge(self, number):
        """Everything in the newest certificate is made right but the signature."""
        run = self.oracle.models[MAIN].versions[number].run
        if not run.papers:
            return
        paper = run.papers[-1]
        path = self.world.files(number, MAIN).parent / "keepfit" / paper.file
        told = json.loads(path.read_text())
        made = told["certificate"]
        made["expires"] = hours(self.oracle.now + 999).isoformat()
        made["model_digest"] = self.world.digest(number, MAIN)
        made["version"] = str(number)
        for each in made["scorecard"]["rows"]:
            each["status"] = "pass"
        path.write_text(json.dumps(told))
        forged = digest(from_json(Certificate, json.dumps(made)))
        run.papers[-1] = replace(paper, signer="forged", digest=forged, content=run.content)
        self.count("tamper with the certificate")

    @precondition(lambda self: len(self.oracle.models.get(MAIN, Model()).versions) > 1)
    @rule(back=often["back"])
    def borrow_a_certificate(self, back):
        self.borrows(self.version(MAIN, back))

    def borrows(self, number):
        """Another version's certificate is laid beside this one."""
        versions = self.oracle.models[MAIN].versions
        lent = next((other for other in sorted(versions, reverse=True) if other != number and versions[other].run.papers), None)
        if lent is None or versions[lent].run is versions[number].run:
            return
        paper = versions[lent].run.papers[-1]
        target = self.world.files(number, MAIN).parent / "keepfit"
        target.mkdir(exist_ok=True)
        shutil.copy(self.world.files(lent, MAIN).parent / "keepfit" / paper.file, target / paper.file)
        versions[number].run.papers.append(paper)
        self.count("borrow a certificate")

    @precondition(lambda self: self.has())
    @rule(back=often["back"])
    def tamper_with_tags_and_metrics(self, back):
        """What the gate writes for people is written by somebody else, and the run says that all is well."""
        self.tags(self.version(MAIN, back))

    def tags(self, number):
        from mlflow.entities.model_registry import ModelVersionTag, RegisteredModelTag

        signs = {"kf.verdict": "promoted: alias champion", "kf.verdict.attested": "signed", "kf.verdict.codes": "none", "certified": "true"}
        for key, value in signs.items():
            self.stock.set_model_version_tag(MAIN, number, ModelVersionTag(key, value))  # past the gate, which lets nobody say its own words
        self.refuses(lambda: self.store.set_model_version_tag(MAIN, number, ModelVersionTag("kf.verdict", "promoted: alias champion")))
        run = self.stock.get_model_version(MAIN, number).run_id
        self.world.client.log_metric(run, "roc_auc", 1.0)
        self.world.client.set_tag(run, "keepfit.certified", "true")
        self.refuses(lambda: self.store.set_model_version_tag(MAIN, number, ModelVersionTag("keepfit.certified", "true")))
        self.refuses(lambda: self.store.set_registered_model_tag(MAIN, RegisteredModelTag("mlflow.prompt.is_prompt", "true")))
        self.count("tamper with tags and metrics")

    # -- moving a pointer ------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.has())
    @rule(name=often["name"], pointer=often["pointer"], back=often["back"], user=often["user"])
    def promote(self, name, pointer, back, user):
        number = self.version(name, back)
        if number is not None:
            self.moves(name, number, pointer, user)

    @rule(pointer=often["pointer"], content=often["content"])
    def release(self, pointer, content):
        """All as it should be, from the first byte on: what the others disturb."""
        self.moves(MAIN, self.create_and_certify(content, "green"), pointer, "rita")

    @rule(
        pointer=often["pointer"],
        fails=st.sampled_from(["overall", "slices"]),
        waived=st.sampled_from(["it", "it", "it", *WAIVABLE]),
        wait=st.sampled_from([0, 0, 10]),
    )
    def release_with_a_waiver(self, pointer, fails, waived, wait):
        """It fails a rule, and perhaps that one is waived, perhaps another; it may have ended."""
        number = self.create_and_certify("three", f"fails {fails}")
        first = not self.oracle.models[MAIN].versions[number].run.papers[-1].compared
        self.waives(number, waived if waived != "it" else "first model" if first else fails, 0.1, "well")
        self.oracle.now += wait
        self.moves(MAIN, number, pointer, "rita")

    @rule(pointer=often["pointer"], flaw=st.sampled_from(FALSE))
    def release_with_a_false_certificate(self, pointer, flaw):
        self.releases_with(flaw, pointer)

    @rule(pointer=often["pointer"], flaw=st.sampled_from(CHANGED))
    def release_what_was_changed_since(self, pointer, flaw):
        self.releases_with(flaw, pointer)

    @rule(pointer=often["pointer"], flaw=st.sampled_from(POOR))
    def release_on_a_certificate_that_does_not_do(self, pointer, flaw):
        self.releases_with(flaw, pointer)

    def releases_with(self, flaw, pointer):
        """All as it should be but one thing; its bytes may be those of a former champion."""
        number = self.flawed(flaw)
        ground = self.moves(MAIN, number, pointer, "rita")
        self.count(f"{flaw}: {ground}")

    def flawed(self, flaw):
        former = next(iter(self.formers()), None)
        content = self.oracle.models[MAIN].versions[former].run.content if former else "one"
        if flaw == "borrowed":
            self.create_and_certify("one", "green")
        number = self.create(MAIN, "one" if flaw == "borrowed" else content.rstrip("!+"))
        compared = "none" if flaw == "compared with none" else "another" if flaw == "compared with another" else "champion"
        champion = self.oracle.champion(MAIN, ALIAS)
        if flaw == "champion" and champion:  # overwritten in place: what is compared with is not what was promoted
            self.tampers(champion, "change")
        kind = (
            flaw
            if flaw in {"stranger", "unsigned", "short"}
            else "stranger"
            if flaw == "tagged"
            else "fails slices"
            if flaw in {"forged", "fails"}
            else "green"
        )
        if flaw != "borrowed":
            self.write(MAIN, number, kind, compared)
        self.spoil(number, flaw)
        return number

    def spoil(self, number, flaw):
        if flaw in {"change", "add"}:
            self.tampers(number, flaw)
        elif flaw == "forged":
            self.forge(number)
        elif flaw == "borrowed":
            self.borrows(number)
        elif flaw == "tagged":
            self.tags(number)
        elif flaw == "short":
            self.oracle.now += 1

    @rule(pointer=often["pointer"])
    def release_on_newer_evidence(self, pointer):
        """What was approved is not what lies there now."""
        number = self.create_and_certify("two", "green")
        self.write(MAIN, number, "green", "champion")
        self.moves(MAIN, number, pointer, "rita")

    def create_and_certify(self, content, kind):
        number = self.create(MAIN, content)
        self.write(MAIN, number, kind, "champion")
        if self.oracle.approvals:
            self.approves(MAIN, number, "paul", "champion")
        self.count("register")
        return number

    @precondition(lambda self: any(self.formers()))
    @rule(pointer=often["pointer"], user=often["user"], which=st.integers(0, 5), reason=st.booleans())
    def roll_back(self, pointer, user, which, reason):
        found = self.formers()
        number = found[which % len(found)]
        if reason:
            self.leave_a_reason(number)
        self.moves(MAIN, number, pointer, user)
        self.count("roll back")

    # -- at the same time ------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.has())
    @rule(pointer=often["pointer"], back=often["back"], user=often["user"], other=often["meanwhile"], which=st.integers(0, 5))
    def promote_while_somebody(self, pointer, back, user, other, which):
        """While the files are hashed somebody else acts: the move is judged by what holds when it happens."""
        number = self.version(MAIN, back)
        self.moves(MAIN, number, pointer, user, lambda: self.acts(other, number, which, user))
        self.count(f"meanwhile: {other}")

    @rule(pointer=often["pointer"], other=often["meanwhile"], which=st.integers(0, 5), kind=st.sampled_from(["green", "green", "fails slices"]))
    def release_while_somebody(self, pointer, other, which, kind):
        """Two candidates, each better than the champion; what is asked for first would be granted."""
        self.create_and_certify("two", "green")
        number = self.create_and_certify("one", kind)
        if kind != "green":
            self.waives(number, "slices" if self.oracle.champion(MAIN, ALIAS) else "first model", 0.9, "well")
        self.moves(MAIN, number, pointer, "rita", lambda: self.acts(other, number, which, "rita"))
        self.count(f"meanwhile: {other}")

    @precondition(lambda self: any(self.formers()))
    @rule(pointer=often["pointer"], other=often["meanwhile"], which=st.integers(0, 5))
    def roll_back_while_somebody(self, pointer, other, which):
        number = self.formers()[which % len(self.formers())]
        self.leave_a_reason(number)
        self.moves(MAIN, number, pointer, "rita", lambda: self.acts(other, number, which, "rita"))
        self.count(f"meanwhile: {other}")

    def acts(self, other, number, which, user):
        if other == "time":
            self.oracle.now += LONG + 1
        elif other == "withdrawal":
            self.withdraws(MAIN, number, "paul")
        elif other == "past the gate":
            self.stock.set_registered_model_alias(MAIN, "champion", number)
            self.oracle.models[MAIN].alias = number
        else:
            others = self.formers() if other == "rollback" else sorted(self.oracle.models[MAIN].versions, reverse=True)
            others = [each for each in others if each != number]
            if others:
                self.moves(MAIN, others[which % len(others)] if other == "rollback" else others[0], ALIAS, user)

    # -- what people say -------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.has() and self.oracle.approvals)
    @rule(back=often["back"], user=often["user"], value=st.sampled_from(["champion"] * 4 + ["Production", "challenger"]))
    def approve(self, back, user, value):
        self.approves(MAIN, self.version(MAIN, back), user, value)

    @precondition(lambda self: self.has() and self.oracle.approvals)
    @rule(back=often["back"])
    def withdraw(self, back):
        self.withdraws(MAIN, self.version(MAIN, back), USERS[self.serial % len(USERS)])

    @precondition(lambda self: self.has())
    @rule(
        back=often["back"], wanted=st.sampled_from([*WAIVABLE, "slices", "digest", "trust"]), days=st.sampled_from([0.9, 0.9, 0.1, 9, -1]), how=often["signed"]
    )
    def waive(self, back, wanted, days, how):
        self.waives(self.version(MAIN, back), wanted, days, how)

    @precondition(lambda self: self.has())
    @rule(back=often["back"], user=often["user"], days=st.sampled_from([0.9, 0.1]))
    def waive_what_fails_and_promote(self, back, user, days):
        number = self.version(MAIN, back)
        paper = self.oracle.models[MAIN].versions[number].run.paper((MAIN, number))
        late = paper is not None and self.oracle.now > paper.expires
        for wanted in sorted({*(paper.fails if paper else ()), *({"expires"} if late else ())}):
            self.waives(number, wanted, days, "well")
        self.moves(MAIN, number, ALIAS, user)

    @precondition(lambda self: self.has())
    @rule(back=often["back"], how=often["signed"], looked=st.sampled_from([True, True, True, False]))
    def adopt(self, back, how, looked):
        self.adopts(self.version(MAIN, back), how, looked=looked)

    @precondition(lambda self: self.has() and self.oracle.unexplained(MAIN) and self.oracle.models[MAIN].stands)
    @rule(how=often["signed"])
    def adopt_what_stands(self, how):
        self.adopts(max(self.oracle.models[MAIN].stands.values()), how, looked=True)

    @precondition(lambda self: self.has())
    @rule(back=st.integers(0, 2), how=st.sampled_from(["alias", "stage", "stage beside", "stage beside"]), after=st.sampled_from([ALIAS, STAGE]))
    def go_past_the_gate_be_adopted_and_come_back(self, back, how, after):
        """A champion of before the gate: taken in, replaced, and wanted back."""
        number = self.version(MAIN, back)
        self.goes_past(number, how)
        self.adopts(number, "well", looked=False)
        self.adopts(number, "well", looked=True)
        self.moves(MAIN, self.create_and_certify("two", "green"), ALIAS, "rita")
        self.moves(MAIN, number, after, "rita")

    @precondition(lambda self: self.has())
    @rule(how=often["signed"], wanted=st.sampled_from([True, False, False]))
    def retire(self, how, wanted):
        if how == "well" and not wanted:
            return  # too often, and nothing stands any more
        allowed = how == "well" and bool(self.oracle.models[MAIN].stands or self.oracle.said[MAIN].pointers)
        self.request("retire", None, how, allowed)
        if allowed:
            self.oracle.retire(MAIN)

    @precondition(lambda self: self.sent is not None)
    @rule()
    def send_a_request_again(self):
        verb, number, act = self.sent
        if MAIN in self.oracle.models and (number is None or number in self.oracle.models[MAIN].versions):
            self.refuses(act)
            self.count(f"send again: {verb}")

    @rule(step=st.sampled_from([1, 1, 10, 30]))
    def let_time_pass(self, step):
        self.oracle.now += step
        self.count("let time pass")

    # -- taking away, along, aside ---------------------------------------------------------------------------------------

    @precondition(lambda self: self.has())
    @rule(back=often["back"], name=often["name"])
    def delete_version(self, back, name):
        number = self.version(name, back)
        if number is None:
            return
        taken = number in {self.oracle.models[name].alias, *self.oracle.models[name].production}
        (self.refuses if taken else self.allows)(lambda: self.store.delete_model_version(name, number))
        if not taken:
            self.oracle.drop(name, number)
        self.count(f"delete version: {not taken}")

    @rule(name=st.sampled_from([MAIN, MAIN, NEIGHBOUR, FREE]))
    def delete_model(self, name):
        model = self.oracle.models.get(name)
        if model is None:
            return
        taken = bool(self.oracle.protects(name) and model.stands)
        (self.refuses if taken else self.allows)(lambda: self.store.delete_registered_model(name))
        if not taken:
            del self.oracle.models[name]
        self.count(f"delete model: {not taken}")

    @rule(name=st.sampled_from([MAIN, NEIGHBOUR, NEIGHBOUR, SPARE, FREE]), new=st.sampled_from([MAIN, NEIGHBOUR, SPARE, SPARE, FREE]))
    def rename(self, name, new):
        model = self.oracle.models.get(name)
        if model is None or new in self.oracle.models:
            return
        taken = bool(model.stands) and (self.oracle.protects(name) or self.oracle.protects(new))
        (self.refuses if taken else self.allows)(lambda: self.store.rename_registered_model(name, new))
        if not taken:
            self.oracle.models[new] = self.oracle.models.pop(name)
        self.count(f"rename: {not taken}")

    @rule(name=st.sampled_from([MAIN, NEIGHBOUR, FREE]), new=st.sampled_from([MAIN, NEIGHBOUR, FREE]), back=often["back"])
    def copy(self, name, new, back):
        """A copy lies in the same run, and nothing that was said about the source is about it."""
        number = self.version(name, back)
        if number is None:
            return
        source = self.store.get_model_version(name, number)
        made = int(self.store.copy_model_version(source, new).version)
        version = self.oracle.models[name].versions[number]
        self.oracle.models.setdefault(new, Model()).versions[made] = Version(version.run, version.reason)
        self.count("copy")

    @precondition(lambda self: self.has(FREE))
    @rule(back=often["back"])
    def promote_what_is_not_protected(self, back):
        number = self.version(FREE, back)
        self.allows(self.asks(FREE, number, ALIAS))
        self.oracle.models[FREE].alias = number
        if SPARE not in self.oracle.models:
            self.refuses(lambda: self.store.rename_registered_model(FREE, SPARE))
        self.count("promote what is not protected")

    @precondition(lambda self: self.has())
    @rule(back=often["back"], how=st.sampled_from(["delete alias", "Archived", "Staging", "Champion", "сhampion"]))
    def take_a_pointer_away(self, back, how):
        number = self.version(MAIN, back)
        model = self.oracle.models[MAIN]
        if how == "delete alias":
            taken = model.alias is not None
            (self.refuses if taken else self.allows)(lambda: self.store.delete_registered_model_alias(MAIN, "champion"))
        elif how in {"Archived", "Staging"}:
            taken = number in model.production
            (self.refuses if taken else self.allows)(lambda: self.store.transition_model_version_stage(MAIN, number, how, False))
        else:
            taken = True
            self.refuses(lambda: self.store.set_registered_model_alias(MAIN, how, number))
        self.count(f"take a pointer away: {not taken}")

    @precondition(lambda self: self.has())
    @rule(
        back=st.integers(0, 3), how=st.sampled_from(["alias", "alias", "delete alias", "stage", "stage beside", "Archived", "delete version", "delete model"])
    )
    def go_past_the_gate(self, back, how):
        """What a second server without a gate does on the same database."""
        number = self.version(MAIN, back)
        self.goes_past(number, how)

    def goes_past(self, number, how):
        model = self.oracle.models[MAIN]
        if how == "alias":
            self.stock.set_registered_model_alias(MAIN, "champion", number)
            model.alias = number
        elif how == "delete alias":
            self.stock.delete_registered_model_alias(MAIN, "champion")
            model.alias = None
        elif how in {"stage", "stage beside"}:
            self.stock.transition_model_version_stage(MAIN, number, "Production", how == "stage")
            model.production = {number} | (model.production if how == "stage beside" else set())
        elif how == "Archived":
            self.stock.transition_model_version_stage(MAIN, number, "Archived", False)
            model.production.discard(number)
        elif how == "delete version":
            self.stock.delete_model_version(MAIN, number)
            self.oracle.drop(MAIN, number)
        else:
            self.stock.delete_registered_model(MAIN)
            del self.oracle.models[MAIN]
        self.count(f"past the gate: {how}")


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
    """Walk, by fixed draws: `walks` from each seed, as later ones resemble those before.

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
    for number in range(seeds):
        run_state_machine_as_test(seed(number)(made), settings=settled)


def main(home, database, seeds, walks, steps, package):
    """Exit 3 if a claim is broken in front of the package in that folder; whatever else goes wrong is a traceback and exit 1."""
    import keepfit

    if not Path(keepfit.__file__).is_relative_to(package):
        sys.exit(f"walked in front of {keepfit.__file__}, not of {package}")
    made = machine(Path(home), Path(database))
    try:
        play(made, seeds=int(seeds), walks=int(walks), steps=int(steps))
    except AssertionError as broken:
        print(f"{type(broken).__name__}: {broken}")
        sys.exit(3)


if __name__ == "__main__":
    main(*sys.argv[1:])
