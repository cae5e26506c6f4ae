"""The random walk: pointers are asked to move, by who may and who may not, and while somebody else acts."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from tests.integrations.gate_draws import often
from tests.integrations.gate_oracle import ALIAS, WAIVABLE
from tests.integrations.gate_tampering import Tampering
from tests.integrations.gate_walk import LONG, MAIN

FALSE = ("forged", "stranger", "unsigned", "borrowed", "tagged")
CHANGED = ("change", "add", "champion")
POOR = ("short", "fails", "compared with none", "compared with another")


class Moving(Tampering):
    """Promotions and rollbacks."""

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

    @rule(
        pointer=often["pointer"],
        before=st.integers(0, 2),
        attempt=st.integers(1, 3),
        loose=st.booleans(),
        how=st.sampled_from(["signed", "unsigned", "stranger", "stale", "another model"]),
        itself=st.booleans(),
    )
    def release_a_later_attempt(self, pointer, before, attempt, loose, how, itself):
        """All as it should be, but its rows may have judged others before, and it may say otherwise."""
        rows, mine = (f"sha256:{self.serial:063d}{part}" for part in "ab")
        number = self.create_and_certify("one", "green", rows=rows, model=mine, attempt=attempt, loose=loose)
        for other in range(before):
            self.announces(number, rows, f"sha256:{other:064d}", how)
        if itself:
            self.announces(number, rows, mine, "signed")
            self.announces(number, rows, mine, "unsigned")
        self.moves(MAIN, number, pointer, "rita")

    def create_and_certify(self, content, kind, **judged):
        number = self.create(MAIN, content)
        self.write(MAIN, number, kind, "champion", **judged)
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
