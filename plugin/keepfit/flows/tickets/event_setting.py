"""What the texts of a project's events need to know, and the time in the clock of its table."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from keepfit.errors import KeepfitError
from keepfit.flows.project import Project
from keepfit.report.events.setting import EventSetting


def setting_of(project: Project) -> EventSetting:
    """Return what events of the project say of it; who may read a message is shown no password of the server's address."""
    params = project.params
    return EventSetting(pages=_pages(project.tracking_uri), pinned=_pinned(project), retrains=params.hooks.retrain == "auto", redact=params.view.redact)


def _pinned(project: Project) -> str | None:
    """The pinned version; None also for a baseline.json that cannot be read: who reads it for more than a text says what is wrong."""
    try:
        pin = project.baseline.champion
    except KeepfitError:
        return None
    return None if pin is None else pin.version


def table_time(project: Project, at: datetime | None = None) -> datetime:
    """Return a time (None: now) as the clock of the table's rows shows it, without a zone."""
    zone = project.params.data.timezone
    return (at or datetime.now(UTC)).astimezone(UTC if zone == "UTC" else ZoneInfo(zone)).replace(tzinfo=None)


def _pages(uri: str) -> str | None:
    """Where the pages of MLflow begin; None without a server."""
    if not uri.startswith(("http://", "https://")):
        return None
    parts = urlsplit(uri)
    return f"{urlunsplit((parts.scheme, parts.netloc.rpartition('@')[2], parts.path.rstrip('/'), '', ''))}/#"
