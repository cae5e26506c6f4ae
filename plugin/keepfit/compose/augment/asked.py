"""An augmentation as a recipe asks for it: the member, how many rows it makes and what each weighs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from keepfit import plugins
from keepfit.errors import ParamsError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from keepfit.compose.augment.augmentation import Augmentation, AugmentPlan, Changed, SomeRows
    from keepfit.params import Params
    from keepfit.params.recipe import AugmentParams


@dataclass(frozen=True, kw_only=True)
class AskedAugmentation:
    """`share` is how many rows are made for each row that trains, `weight` what one weighs in its parent's weight, `where` its place in params.yaml."""

    member: Augmentation
    share: float
    weight: float
    seed: int
    where: str

    @property
    def name(self) -> str:
        """The member's name."""
        return self.member.name

    @property
    def told(self) -> dict[str, Any]:
        """All that it depends on beside the rows."""
        return {"share": self.share, "weight": self.weight, **plugins.fields_of(self.member)}

    def prepared(self, params: Params) -> AugmentPlan:
        """Return what it works on; raises `ParamsError` for what it cannot, with the place."""
        try:
            return self.member.prepared(params)
        except (ParamsError, UnknownNameError) as bad:
            raise ParamsError(bad.what, where=self.where, fix=bad.fix) from bad

    def change(self, copies: SomeRows, known: SomeRows, params: Params) -> Changed:
        """Return what becomes of the copies; raises `ParamsError` with the place."""
        try:
            return self.member.change(copies, known, params)
        except (ParamsError, UnknownNameError) as bad:
            raise ParamsError(bad.what, where=self.where, fix=bad.fix) from bad


def asked_of(says: Mapping[str, AugmentParams], *, seed: int, where: str) -> tuple[AskedAugmentation, ...]:
    """Return the augmentations that a recipe names, in the order of their names; raises for a name that stands for none, or a field that does not fit."""

    def made(name: str, its: AugmentParams) -> AskedAugmentation:
        place = f"{where}.{name}"
        member = plugins.make("augmentations", name, its.fields, where=place, beside=type(its).model_fields, section=place)
        return AskedAugmentation(member=member, share=its.share, weight=its.weight, seed=seed, where=place)

    return tuple(made(name, its) for name, its in sorted(says.items()))
