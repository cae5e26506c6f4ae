"""A move of a protected pointer to a version, with all that the gate knows of it: what each demand looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from keepfit.gate.rules import ModelRules
from keepfit.gate.standing import Standing
from keepfit.gate.version_evidence import VersionEvidence
from keepfit.records import Certificate


@dataclass(frozen=True, kw_only=True)
class Move:
    """What was found about the version, where the pointer stands, the rules that hold for the model, and the server's clock."""

    evidence: VersionEvidence
    standing: Standing
    held: ModelRules
    now: datetime

    @property
    def certificate(self) -> Certificate:
        """What the version's certificate says; ask only where there is one."""
        if self.evidence.signed is None:
            raise ValueError(f"{self.evidence.model} v{self.evidence.version} has no certificate")
        return self.evidence.signed.certificate

    @property
    def stands_already(self) -> bool:
        """Whether the champion is this version with these files, and only its other pointer is asked for: it replaces nothing."""
        return self.standing.champion == self.evidence.version and self.standing.champion_digest in (None, self.evidence.model_digest)
