"""A section of `params.yaml`: a frozen model that refuses unknown keys, or one that names a member of a family."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]


class Section(BaseModel):
    """A part of `params.yaml`: frozen, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Chosen(Section):
    """A section that names a member of a family; the keys that are not its own are the member's fields, which `plugins.make` checks."""

    model_config = ConfigDict(extra="allow", frozen=True)

    @property
    def fields(self) -> dict[str, Any]:
        """The member's fields as they are written, unchecked."""
        return dict(self.model_extra or {})
