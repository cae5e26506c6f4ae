"""`evaluate.serving`: what it takes to serve a model. Nothing is asked unless the section is there; without bounds only what cannot be wrong to ask."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, FiniteFloat

from keepfit.params.section import Section

Above = Annotated[FiniteFloat, Field(gt=0)]


class ServingParams(Section):
    """Bounds of what it takes to serve a model; None: not asked for. Size and determinism are measured by `evaluate`, the others by `keepfit certify`."""

    deterministic: bool = True
    loads: bool = True
    signature: bool = False
    max_size_mb: Above | None = None
    max_latency_ms: Above | None = None
    max_batch_latency_ms: Above | None = None
    max_latency_ratio: Above | None = None

    @property
    def timed(self) -> bool:
        """Whether answers are timed."""
        return any(bound is not None for bound in (self.max_latency_ms, self.max_batch_latency_ms, self.max_latency_ratio))

    @property
    def of_the_registered(self) -> bool:
        """Whether something is asked that only the registered version's files can answer."""
        return self.loads or self.signature or self.timed
