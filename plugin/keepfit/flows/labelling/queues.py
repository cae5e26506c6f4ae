"""The queues that people were asked by: `.keepfit/queues/*.json`."""

from __future__ import annotations

from keepfit.errors import UnknownNameError
from keepfit.flows.project import Project
from keepfit.records import Queue, from_json

FOLDER = "queues"


def known_queues(project: Project, only: str | None = None) -> list[Queue]:
    """Return the queues, the newest first, or the one named; raises `UnknownNameError` for one that is not there, `KeepfitError` for what is none."""
    files = sorted((project.state / FOLDER).glob("*.json"))
    found = [from_json(Queue, path.read_bytes(), where=f".keepfit/{FOLDER}/{path.name}") for path in files]
    if only is not None and only not in {queue.name for queue in found}:
        raise UnknownNameError("queue", only, known=[queue.name for queue in found], where="--queue")
    return sorted((queue for queue in found if only in (None, queue.name)), key=lambda queue: (queue.made_at, queue.name), reverse=True)
