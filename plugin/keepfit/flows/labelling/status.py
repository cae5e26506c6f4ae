"""`keepfit label status`: the queues, how far they are answered, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keepfit.flows.labelling.asked_before import people_know
from keepfit.flows.labelling.queues import known_queues
from keepfit.flows.labelling.ties import open_ties
from keepfit.flows.project import Project

if TYPE_CHECKING:
    from keepfit.compose.queue.progress import QueueProgress


def label_status(project: Project, name: str | None = None, *, every: bool = False) -> tuple[QueueProgress, ...]:
    """Return how far each open queue is answered, the newest first; `every`: the finished ones too; or the one that is named.

    Raises `UnknownNameError` for a queue that is not there.
    """
    from keepfit.compose.queue.progress import progress_of

    labelled, tied = people_know(project), {tie.row for tie in open_ties(project)}
    found = [progress_of(queue, labelled=labelled, tied=tied) for queue in known_queues(project, name)]
    return tuple(one for one in found if every or name is not None or one.is_open)
