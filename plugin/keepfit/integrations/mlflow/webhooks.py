"""MLflow's webhooks, told of an alias that a verb for something else has moved: MLflow itself tells only of those that were asked for."""

from __future__ import annotations

import logging
from typing import Any

from keepfit.integrations.mlflow.artifacts import in_server

_LOG = logging.getLogger(__name__)


def announce(store: Any, model: str, alias: str, version: str | None) -> None:
    """Let the webhooks tell of an alias (None: deleted); a client's moves are told by none, and a delivery that fails is logged."""
    if not in_server():
        return
    try:
        from mlflow.entities.webhook import WebhookAction, WebhookEntity, WebhookEvent
        from mlflow.webhooks.delivery import deliver_webhook

        action, about = (WebhookAction.DELETED, {}) if version is None else (WebhookAction.CREATED, {"version": version})
        payload: Any = {"name": model, "alias": alias, **about}
        deliver_webhook(event=WebhookEvent(WebhookEntity.MODEL_VERSION_ALIAS, action), payload=payload, store=store)
    except Exception:  # noqa: BLE001 - the pointer has moved, whoever hears of it
        _LOG.exception("keepfit: the webhooks were not told of the alias %s of %s", alias, model)
