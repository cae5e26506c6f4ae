"""The pages list the rule kinds, and say of each what its facts say."""

from __future__ import annotations

from pathlib import Path

import pytest

from keepfit.plugins import BUILTIN
from keepfit.rule_kinds.known import kind_of

DOCS = Path(__file__).resolve().parents[2] / "docs"
KINDS = [kind_of(name) for name in BUILTIN["rules"]]
NAMES = [f"`{kind.name}`" for kind in KINDS]


def line(page: str, start: str) -> str:
    [found] = [one for one in (DOCS / page).read_text(encoding="utf-8").splitlines() if one.startswith(start)]
    return found


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_concepts_says_when_a_kind_passes_and_what_undecided_does(kind):
    assert line("concepts.md", f"| `{kind.name}`") == f"| `{kind.name}` | {kind.passes_when} | {'blocks' if kind.undecided_blocks else 'is shown'} |"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_params_says_what_the_bound_of_a_kind_is(kind):
    assert f"`{kind.name}`: {kind.bound_is}" in line("params.md", "| `evaluate.rules.NAME.bound`")


def test_params_and_trust_name_every_kind_and_no_other():
    shown = [name for name, kind in zip(NAMES, KINDS, strict=True) if not kind.undecided_blocks]
    alone = [name for name, kind in zip(NAMES, KINDS, strict=True) if not kind.relative]
    compared = [name for name in NAMES if name not in alone]
    undecided = f"{', '.join(compared)} (undecided of the last two is shown, else it blocks)"
    said = f"| `evaluate.rules.NAME.kind` | {undecided}, {', '.join(alone)} (of the challenger alone), or "
    assert shown == compared[-2:]
    assert line("params.md", "| `evaluate.rules.NAME.kind`").startswith(said)
    assert line("trust.md", "| `models.NAME.rules.NAME.kind`").startswith(f"| `models.NAME.rules.NAME.kind` | as in params: {', '.join(NAMES)}, or ")
    assert f"Refuses for all kinds but {', '.join(shown)}, where it is shown" in line("trust.md", "| KF-G022")
