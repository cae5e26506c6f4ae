"""`keepfit rollback`: move the champion alias back to the version that served before; possible when all else is red."""

from __future__ import annotations

from keepfit.errors import KeepfitError
from keepfit.flows.promotion.promote import Moved, move, the_registry
from keepfit.integrations.mlflow.client import Mlflow

REASON_TAG = "kf.reason"
PREVIOUS_TAG = "kf.verdict.previous"
MAX_REASON = 300
NAME_IT = "name the version: keepfit rollback MODEL --to VERSION --reason …"


def rollback(model: str, *, reason: str, version: str | None = None) -> Moved:
    """Move the alias to `version`, or to the one that the champion replaced when it was promoted.

    The server verifies files and signature and reads in its journal that the version was champion before. The reason
    becomes part of the journal's row.
    """
    if not reason.strip():
        raise KeepfitError("a rollback needs a reason", fix='keepfit rollback MODEL --reason "what went wrong"')
    registry, alias = the_registry()
    back = version or _previous(registry, model, alias)
    registry.tag_version(model, back, {REASON_TAG: reason.strip()[:MAX_REASON]})
    return move(registry, model, alias, back)


def _previous(registry: Mlflow, model: str, alias: str) -> str:
    champion = registry.alias(model, alias)
    if champion is None:
        raise KeepfitError(f"no version of {model} is {alias}: there is nothing to go back from", fix="keepfit promote MODEL VERSION")
    before = registry.version(model, champion).tags.get(PREVIOUS_TAG)
    if before is None:
        raise KeepfitError(f"the page of v{champion} of {model} does not say which version it replaced", fix=NAME_IT)
    if before == "none":
        raise KeepfitError(f"v{champion} of {model} is the first that was promoted", fix=NAME_IT)
    return str(before)
