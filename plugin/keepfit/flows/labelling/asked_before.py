"""What is known of the rows that a queue draws from: which people have labelled, and which they are asked about."""

from __future__ import annotations

from keepfit.flows.labelling.queues import known_queues
from keepfit.flows.project import Project
from keepfit.flows.rows.people_labels import people_labels


def people_know(project: Project) -> set[str]:
    """Return the ids of the rows that people have labelled."""
    return {label.row for label in people_labels(project)}


def people_are_asked(project: Project) -> set[str]:
    """Return the ids of the rows of all queues."""
    return {row.row for queue in known_queues(project) for row in queue.rows}
