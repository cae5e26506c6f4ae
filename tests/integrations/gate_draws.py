"""What the random walk draws from, the usual first."""

from __future__ import annotations

from hypothesis import strategies as st
from tests.integrations.gate_oracle import ALIAS, STAGE
from tests.integrations.gate_walk import MAIN, NEIGHBOUR

USERS = ("rita", "paul", "anonymous")
often = {
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
