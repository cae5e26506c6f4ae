"""Tags as MLflow stores them, and the one by which a run, a model or a version is found again."""

from __future__ import annotations

from collections.abc import Mapping

KEY_TAG = "kf.key"
TAG_LENGTH = 5000


def stored(tags: Mapping[str, str]) -> dict[str, str]:
    """Keep within what MLflow stores of a tag.

    >>> len(stored({"kf.window": "x" * 9000})["kf.window"])
    5000
    """
    return {key: str(value)[:TAG_LENGTH] for key, value in tags.items()}
