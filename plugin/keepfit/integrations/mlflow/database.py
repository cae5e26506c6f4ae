"""The registry's own database, read where it lies: which models there are, and where their aliases and stages stand.

MLflow's REST shows one workspace, and what a caller may read; whoever may read the database sees all. Nothing is written, and nothing locked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from keepfit.errors import KeepfitError

if TYPE_CHECKING:
    import sqlalchemy as sa

MODELS = (
    "SELECT m.workspace, m.name FROM registered_models m WHERE NOT EXISTS (SELECT 1 FROM registered_model_tags t WHERE "
    "t.workspace = m.workspace AND t.name = m.name AND t.key = 'mlflow.prompt.is_prompt')"
)
ALIASES = "SELECT alias, version FROM registered_model_aliases WHERE workspace = :workspace AND name = :name"
STAGES = (
    "SELECT current_stage, version FROM model_versions WHERE workspace = :workspace AND name = :name "
    "AND current_stage IN ('Production', 'Staging') ORDER BY version"
)
CREATED = "SELECT version, creation_time FROM model_versions WHERE workspace = :workspace AND name = :name"


@dataclass(frozen=True)
class RegistryDatabase:
    """One registry's database."""

    engine: sa.Engine

    @contextmanager
    def session(self) -> Iterator[Any]:
        """A session on it: for what else is kept there."""
        from sqlalchemy.orm import Session

        with Session(self.engine) as session:
            yield session

    def models(self) -> Sequence[tuple[str, str]]:
        """Return every registered model that is no prompt, with its workspace before it."""
        return [(str(workspace), str(name)) for workspace, name in self._rows(MODELS)]

    def standing(self, workspace: str, model: str) -> Mapping[str, Sequence[str]]:
        """Return which versions hold a model's aliases and active stages; the newest, which is served, last."""
        about = {"workspace": workspace, "name": model}
        found = {f"alias {alias}": [str(version)] for alias, version in self._rows(ALIASES, about)}
        for stage, version in self._rows(STAGES, about):
            found.setdefault(f"stage {stage}", []).append(str(version))
        return found

    def created(self, workspace: str, model: str) -> Mapping[str, str]:
        """Return when each version of a model was registered, in ms since 1970."""
        return {str(version): str(created) for version, created in self._rows(CREATED, {"workspace": workspace, "name": model})}

    def _rows(self, query: str, about: Mapping[str, str] | None = None) -> Sequence[Any]:
        import sqlalchemy as sa

        with self.engine.connect() as connection:
            return connection.execute(sa.text(query), dict(about or {})).all()


def open_database(uri: str) -> RegistryDatabase:
    """Return the database at an address, not yet asked for anything; raises `KeepfitError` if it is none, or its driver is not installed."""
    with opens(uri):
        import sqlalchemy as sa

        return RegistryDatabase(sa.create_engine(uri))


@contextmanager
def opens(uri: str) -> Iterator[None]:
    """Turn what SQLAlchemy says inside, when it reaches the database for the first time, into a sentence."""
    import sqlalchemy as sa

    try:
        yield
    except (sa.exc.SQLAlchemyError, ImportError) as bad:
        raise KeepfitError(f"the database cannot be opened: {' '.join(str(bad).split())[:200]}", where=without_password(uri), fix="--store URI") from bad


def without_password(uri: str) -> str:
    """Return an address as it may be shown."""
    import sqlalchemy as sa

    try:
        return sa.make_url(uri).render_as_string(hide_password=True)
    except sa.exc.ArgumentError:
        return uri[:80]
