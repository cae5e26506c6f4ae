"""The random walk: versions and models are deleted, renamed and copied, and pointers moved past the gate."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from tests.integrations.gate_draws import often
from tests.integrations.gate_oracle import ALIAS, Model, Version
from tests.integrations.gate_walk import FREE, MAIN, NEIGHBOUR, SPARE, Walk


class TakingAway(Walk):
    """What would take a pointer away, along or aside."""

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
