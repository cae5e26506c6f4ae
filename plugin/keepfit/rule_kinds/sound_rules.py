"""Whether rules as they are written can be judged by: their kinds are known, and what they say of the undecided makes sense."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from keepfit.errors import ParamsError
from keepfit.records import Undecided
from keepfit.rule_kinds.kind import RuleKind
from keepfit.rule_kinds.known import kind_of
from keepfit.rule_kinds.presets import written_out
from keepfit.rule_kinds.stands_for import InShort, stands_for


class AsWritten(Protocol):
    """A rule of `params.yaml` or `gate.yaml`."""

    @property
    def kind(self) -> str:
        """The name of its kind."""

    @property
    def undecided(self) -> Undecided | None:
        """What it says of an undecided outcome."""


def require_sound(section: InShort, own: Mapping[str, AsWritten], *, where: str) -> None:
    """Raise `KeepfitError` for a kind that is not known, an approval that makes no sense, and a name that the preset or the style has given away."""
    for name, rule in own.items():
        place = f"{where}.{name}"
        kind = kind_of(rule.kind, where=f"{place}.kind")
        if rule.undecided == "approve" and not kind.relative:
            what = f"{rule.kind} judges the candidate alone: what it could not decide cannot be approved"
            raise ParamsError(
                what, where=f"{place}.undecided", fix="set a bound that the window can decide; approve is for rules that compare with the champion"
            )
    taken = next((name for name in stands_for(section) if name in own), None)
    if taken is not None:
        whose = f"preset {section.preset.name}" if section.preset is not None and taken in written_out(section.preset) else "style tfx"
        fix = f"name the own rule otherwise, or take it out: the {whose.partition(' ')[0]} stands for it"
        raise ParamsError(f"the {whose} has a rule {taken!r} already", where=f"{where}.{taken}", fix=fix)


def undecided_of(kind: RuleKind, said: Undecided | None) -> Undecided | None:
    """Return what an undecided outcome does: `block`, `approve` (a person's approval lets it pass), None: it is shown and passes."""
    return said or ("block" if kind.undecided_blocks else None)
