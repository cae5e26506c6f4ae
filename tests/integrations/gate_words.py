"""The random walk: people approve, waive, adopt and retire, and time passes."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from tests.integrations.gate_draws import USERS, often
from tests.integrations.gate_moves import Moving
from tests.integrations.gate_oracle import ALIAS, STAGE, WAIVABLE
from tests.integrations.gate_walk import MAIN


class Speaking(Moving):
    """What people say to the gate."""

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
        back=often["back"],
        user=often["user"],
        said=st.sampled_from(["champion", "champion: why", "Production: why", "challenger", "reject", "reject", "withdraw", "delete the tag"]),
    )
    def request_or_answer(self, back, user, said):
        number = self.version(MAIN, back)
        if said == "reject":
            self.rejects(number, user)
        elif said in {"withdraw", "delete the tag"}:
            self.takes_back(number, user, by_value=said == "withdraw")
        else:
            self.requests(number, user, said)
        self.lists_requests()

    @rule(
        pointer=often["pointer"],
        asks=st.sampled_from(["paul", "rita"]),
        answer=st.sampled_from(["rejected by paul", "rejected by rita", "taken back", "taken back by another", "none"]),
        then=st.sampled_from(["asked again", "certified again", "nothing"]),
    )
    def release_what_was_requested(self, pointer, asks, answer, then):
        """All as it should be, but somebody asked first, and perhaps another said no."""
        number = self.create_and_certify("one", "green")
        self.requests(number, asks, "champion: why")
        if answer.startswith("rejected"):
            self.rejects(number, answer.removeprefix("rejected by "))
        elif answer != "none":
            self.takes_back(number, asks if answer == "taken back" else "paul" if asks == "rita" else "rita", by_value=True)
        self.lists_requests()
        if then == "asked again":
            self.requests(number, "anonymous", "champion")
        elif then == "certified again":
            self.write(MAIN, number, "green", "champion")
            if self.oracle.approvals:
                self.approves(MAIN, number, "paul", "champion")
        ground = self.moves(MAIN, number, pointer, "rita")
        self.count(f"requested, {answer.split()[0]}: {ground}")
        self.lists_requests()

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
            if verb == "evaluate":  # one that changed nothing spends nothing: it may be sent again, and counts no more
                counted = [row for row in self.rows() if row.kind == "evaluated"]
                self.call(act)
                assert [row for row in self.rows() if row.kind == "evaluated"] == counted
            else:
                self.refuses(act)
            self.count(f"send again: {verb}")

    @rule(step=st.sampled_from([1, 1, 10, 30]))
    def let_time_pass(self, step):
        self.oracle.now += step
        self.count("let time pass")
