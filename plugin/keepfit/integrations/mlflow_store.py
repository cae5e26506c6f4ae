"""The gate in front of MLflow's registry store: a mixin before the inner store's class, so that every internal call is gated too.

A verb that touches nothing protected goes straight to the inner store. One that moves a protected pointer is judged first,
without a lock (hashing takes time); then, in one transaction: the model's row is locked, the pointer must stand where it
stood when it was judged, it moves, and the journal gets its row. A refusal has a transaction of its own. What the gate cannot
evaluate it refuses.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn, Protocol
from urllib.parse import quote

from keepfit.errors import KeepfitError
from keepfit.gate.decide import Evidence, Standing, decide
from keepfit.gate.names import canonical, version_number
from keepfit.gate.rules import GateRules, ModelRules
from keepfit.gate.sentence import sentence
from keepfit.records import JournalRow, Reason, Verdict
from keepfit.report.verdict import with_verdict, without_verdict

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

RESERVED = "keepfit."
VERDICT_TAG = "kf.verdict"
REASON_TAG = "kf.reason"
PROMPT_TAG = "mlflow.prompt.is_prompt"
PROMPT_SOURCE = "prompt-template"
MAX_DESCRIPTION = 5000
LOCK_SECONDS = 15
UNEXPECTED = {"INTERNAL_ERROR", "BAD_REQUEST", "INVALID_STATE"}
NEEDED = ("ManagedSessionMaker", "engine", "_get_active_workspace", "_get_query")
_SESSION: ContextVar[tuple[object, Session] | None] = ContextVar("keepfit_session", default=None)
_LOG = logging.getLogger(__name__)


class JournalTable(Protocol):
    """Where verdicts are kept."""

    def prepare(self, engine: Any) -> None:
        """Make sure that the table is there."""

    def append(self, session: Session, row: JournalRow, *, workspace: str) -> None:
        """Add a row in the session's transaction."""

    def rows(self, session: Session, model: str, *, workspace: str) -> Sequence[JournalRow]:
        """Return a model's rows, oldest first."""


@dataclass(frozen=True, kw_only=True)
class Gate:
    """What the store is handed: the rules as they are now, its journal, the evidence's reader, the clock, and who asks (and by which way)."""

    rules: Callable[[], GateRules]
    journal: JournalTable
    gather: Callable[[Any, str, ModelRules], Evidence]
    now: Callable[[], datetime]
    who: Callable[[], tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Move:
    """A protected pointer (`kind` and `name`: alias champion, stage Production) asked to stand on a version."""

    kind: str
    name: str
    model: str
    version: int
    held: ModelRules
    rules: GateRules

    @property
    def target(self) -> str:
        """The pointer in words."""
        return f"{self.kind} {self.name}"


def inner_store(uri: str, *, tracking_uri: str | None) -> Any:
    """Build the store that MLflow would build for the inner URI, in the server as in a client.

    `get_store` would deadlock here: MLflow holds its lock while it builds us.
    """
    import sys

    handlers = sys.modules.get("mlflow.server.handlers")
    registry = getattr(handlers, "_model_registry_store_registry", None)
    if registry is None:
        from mlflow.tracking._model_registry.utils import _get_store_registry

        registry = _get_store_registry()
    builder = registry.get_store_builder(uri)
    try:
        return builder(store_uri=uri, tracking_uri=tracking_uri)
    except TypeError:
        return builder(store_uri=uri)


def gate_store(store: Any, gate: Gate) -> Any:
    """Put the gate in front of a built store: its class becomes a subclass of its own, so `isinstance` and workspaces hold.

    Raises `KeepfitError` if the store is none that keepfit can gate (it must be one of a database).
    """
    missing = [name for name in NEEDED if not hasattr(store, name)]
    if missing:
        raise KeepfitError(
            f"keepfit cannot gate a {type(store).__name__}: it has no {missing[0]}",
            where="--registry-store-uri",
            fix="use a database: keepfit:sqlite:///… or keepfit:postgresql+psycopg://…",
        )
    store.ManagedSessionMaker = _joining(store, store.ManagedSessionMaker)
    store._keepfit_gate = gate  # noqa: SLF001 - the mixin's own
    store.__class__ = type(f"Gated{type(store).__name__}", (GatedStore, type(store)), {})
    return store


def _joining(store: Any, stock: Any) -> Any:
    """Let the inner store's methods join the transaction that the gate has opened, if it has."""

    @contextmanager
    def sessions(read_only: bool = True) -> Iterator[Session]:  # noqa: FBT001, FBT002 - MLflow's signature
        ambient = _SESSION.get()
        if ambient is not None and ambient[0] is store:
            yield ambient[1]
        else:
            with stock(read_only=read_only) as session:
                yield session

    return sessions


class GatedStore:
    """MLflow's registry verbs, gated. Verbs that are not here are the inner store's own."""

    _keepfit_gate: Gate
    _keepfit_ready: bool = False

    # -- pointers ---------------------------------------------------------------------------------------------------------

    def set_registered_model_alias(self, name: str, alias: str, version: Any) -> None:
        """Set an alias; a protected one moves only with evidence."""
        with _fails_closed():
            move = self._alias_move(name, alias, version)
        if move is None:
            super().set_registered_model_alias(name, alias, version)  # type: ignore[misc]
        else:
            self._moved(move, lambda: super(GatedStore, self).set_registered_model_alias(name, alias, move.version))  # type: ignore[misc]

    def delete_registered_model_alias(self, name: str, alias: str) -> None:
        """Delete an alias; a protected one is moved, never deleted."""

        def taken(session: Session, held: ModelRules) -> str | None:
            found = self._get_registered_model_alias(session, name, alias)  # type: ignore[attr-defined]
            protected = found is not None and _protects(held.aliases, found.alias) and not self._is_prompt(session, name, found.version)
            return f"the alias {found.alias} of v{found.version} is protected: it can be moved, not deleted" if protected else None

        with self._untouched_pointers(name, taken):
            super().delete_registered_model_alias(name, alias)  # type: ignore[misc]

    def transition_model_version_stage(self, name: str, version: Any, stage: str, archive_existing_versions: bool) -> Any:  # noqa: FBT001 - MLflow's signature
        """Move a version to a stage; a protected one is entered only with evidence, and then holds that version alone."""
        with _fails_closed():
            move = self._stage_move(name, version, stage)
        if move is not None:
            stock = super().transition_model_version_stage  # type: ignore[misc]
            return self._moved(move, lambda: stock(name, move.version, move.name, True))  # noqa: FBT003 - MLflow's signature

        def taken(session: Session, held: ModelRules) -> str | None:
            return self._held_by(session, name, version, held, kinds=("stage",))

        with self._untouched_pointers(name, taken):
            return super().transition_model_version_stage(name, version, stage, archive_existing_versions)  # type: ignore[misc]

    # -- what would take a pointer away or along --------------------------------------------------------------------------

    def delete_model_version(self, name: str, version: Any) -> None:
        """Delete a version; not one behind a protected pointer."""

        def taken(session: Session, held: ModelRules) -> str | None:
            return self._held_by(session, name, version, held)

        with self._untouched_pointers(name, taken):
            super().delete_model_version(name, version)  # type: ignore[misc]

    def delete_registered_model(self, name: str) -> None:
        """Delete a model; not one with a protected pointer."""
        with self._untouched_pointers(name, lambda session, held: self._any_pointer(session, name, held)):
            super().delete_registered_model(name)  # type: ignore[misc]

    def rename_registered_model(self, name: str, new_name: str) -> Any:
        """Rename a model; no protected pointer goes along, and none arrives under a protected name."""
        with _fails_closed():
            arriving = self._keepfit_gate.rules().of(new_name) if isinstance(new_name, str) else None
            if arriving is not None:
                self._arrives(name, new_name, arriving)
        with self._untouched_pointers(name, lambda session, held: self._any_pointer(session, name, held)):
            return super().rename_registered_model(name, new_name)  # type: ignore[misc]

    # -- tags -------------------------------------------------------------------------------------------------------------

    def set_registered_model_tag(self, name: str, tag: Any) -> None:
        """Set a tag; the reserved ones and the mark of a prompt only by who may."""
        self._tags_allowed(name, [tag.key], prompts=True)
        super().set_registered_model_tag(name, tag)  # type: ignore[misc]

    def delete_registered_model_tag(self, name: str, key: str) -> None:
        """Delete a tag; the reserved ones and the mark of a prompt stay."""
        self._tags_allowed(name, [key], prompts=True)
        super().delete_registered_model_tag(name, key)  # type: ignore[misc]

    def set_model_version_tag(self, name: str, version: Any, tag: Any) -> None:
        """Set a version's tag; not a reserved one."""
        self._tags_allowed(name, [tag.key])
        super().set_model_version_tag(name, version, tag)  # type: ignore[misc]

    def delete_model_version_tag(self, name: str, version: Any, key: str) -> None:
        """Delete a version's tag; not a reserved one."""
        self._tags_allowed(name, [key])
        super().delete_model_version_tag(name, version, key)  # type: ignore[misc]

    def create_registered_model(self, name: str, tags: Any = None, *arguments: Any, **named: Any) -> Any:
        """Create a model; its tags are not reserved ones."""
        self._tags_allowed(name, [tag.key for tag in tags or ()])
        return super().create_registered_model(name, tags, *arguments, **named)  # type: ignore[misc]

    def create_model_version(self, name: str, source: str, run_id: str | None = None, tags: Any = None, *arguments: Any, **named: Any) -> Any:
        """Create a version; its tags are not reserved ones. It rolls back in its own retries, so it never joins our transaction."""
        self._tags_allowed(name, [tag.key for tag in tags or ()])
        return super().create_model_version(name, source, run_id, tags, *arguments, **named)  # type: ignore[misc]

    def copy_model_version(self, src_mv: Any, dst_name: str) -> Any:
        """Copy a version to another model: neither reserved tags nor the verdict on the source go along, and aliases never do."""
        bare = copy.copy(src_mv)
        with _fails_closed():
            if self._keepfit_gate.rules().of(dst_name) is not None:
                bare._tags = {key: value for key, value in src_mv.tags.items() if not _reserved(key) and not key.startswith(VERDICT_TAG)}  # noqa: SLF001
                bare.description = without_verdict(src_mv.description)
        return super().copy_model_version(bare, dst_name)  # type: ignore[misc]

    # -- is it asked at all? ------------------------------------------------------------------------------------------------

    def _alias_move(self, name: str, alias: str, version: Any) -> Move | None:
        rules = self._keepfit_gate.rules()
        held = rules.of(name) if isinstance(name, str) and isinstance(alias, str) else None
        if held is None or not _protects(held.aliases, alias):
            return None
        number = _number(version)
        with self._read() as session:
            if self._is_prompt(session, name, number):
                return None
        if alias not in held.aliases:
            self._refuse_plainly("KF-G003", name, number, f"the alias {alias!r} looks like the protected {canonical(alias)!r}: use that spelling")
        return Move(kind="alias", name=alias, model=name, version=number, held=held, rules=rules)

    def _stage_move(self, name: str, version: Any, stage: str) -> Move | None:
        from mlflow.entities.model_registry.model_version_stages import get_canonical_stage

        rules = self._keepfit_gate.rules()
        held = rules.of(name) if isinstance(name, str) and isinstance(stage, str) else None
        if held is None:
            return None
        wanted = get_canonical_stage(stage)
        return Move(kind="stage", name=wanted, model=name, version=_number(version), held=held, rules=rules) if wanted in held.stages else None

    # -- the move -----------------------------------------------------------------------------------------------------------

    def _moved(self, move: Move, act: Callable[[], Any]) -> Any:
        with _fails_closed():
            evidence, standing, verdict = self._judged(move)
            if verdict is not None and not verdict.promote:
                self._refuse(move, verdict, evidence, standing)
            with self._locked(move.model) as session:
                self._still_stands(session, move, standing)
                result = act()
                if verdict is not None:
                    self._record(session, move, verdict, evidence, standing)
            return result

    def _judged(self, move: Move) -> tuple[Evidence | None, Standing, Verdict | None]:
        """Gather and decide, outside of any transaction; no verdict is needed where the pointer stands on the version already."""
        version = self.get_model_version(move.model, move.version)  # type: ignore[attr-defined]
        self._prepare_journal()
        with self._read() as session:
            pointed = self._pointed(session, move)
            standing = self._standing(session, move, self._champion(session, move, pointed))
        if pointed == str(move.version):
            return None, standing, None
        uri = self.get_model_version_download_uri(move.model, move.version)  # type: ignore[attr-defined]
        evidence = self._keepfit_gate.gather(version, uri, move.held)
        return evidence, standing, decide(evidence, standing, rules=move.rules, target=move.target, now=self._keepfit_gate.now())

    def _still_stands(self, session: Session, move: Move, judged: Standing) -> None:
        champion = self._champion(session, move, self._pointed(session, move))
        if champion != judged.champion:
            winner = f"v{champion}" if champion else "no version"
            sentence_ = f"keepfit: {move.target} of {move.model} moved to {winner} meanwhile; re-evaluate v{move.version} against {winner}: keepfit sync"
            raise _error(sentence_[:400], "RESOURCE_CONFLICT")

    def _record(self, session: Session, move: Move, verdict: Verdict, evidence: Evidence | None, standing: Standing) -> None:
        """Write the journal's row and the copies for people into the move's own transaction."""
        text = sentence(verdict, page=_page(move.model, move.version))
        if verdict.kind == "rolled back":
            text += self._reason(session, move)
        self._append(session, self._row(move, verdict, evidence, standing, text))
        self._show(move, verdict, text, standing)

    def _reason(self, session: Session, move: Move) -> str:
        """Take the reason that `keepfit rollback` left as a tag; it is used once."""
        tag = self._get_model_version_tag(session, move.model, move.version, REASON_TAG)  # type: ignore[attr-defined]
        if tag is None:
            return ""
        session.delete(tag)
        return f": {' '.join(str(tag.value).split())[:300]}"

    def _show(self, move: Move, verdict: Verdict, text: str, standing: Standing) -> None:
        """Copies on the version's page: tags and the block in the description. They join the open transaction."""
        from mlflow.entities.model_registry import ModelVersionTag

        tags = {VERDICT_TAG: f"{verdict.kind}: {move.target}", f"{VERDICT_TAG}.text": text}
        tags[f"{VERDICT_TAG}.codes"] = " ".join(sorted({reason.code for reason in verdict.reasons if reason.blocking})) or "none"
        tags[f"{VERDICT_TAG}.attested"] = "self-attested" if verdict.self_attested else "signed" if verdict.certificate else "none"
        if verdict.kind == "promoted":
            tags[f"{VERDICT_TAG}.previous"] = standing.champion or "none"
        for key, value in tags.items():
            self.set_model_version_tag(move.model, move.version, ModelVersionTag(key, value))
        described = self.get_model_version(move.model, move.version).description  # type: ignore[attr-defined]
        self.update_model_version(move.model, move.version, with_verdict(described, verdict, max_chars=MAX_DESCRIPTION))  # type: ignore[attr-defined]

    # -- refusing -------------------------------------------------------------------------------------------------------------

    def _refuse(self, move: Move, verdict: Verdict, evidence: Evidence | None, standing: Standing) -> NoReturn:
        text = sentence(verdict, page=_page(move.model, move.version))
        try:
            with self._locked(move.model) as session:
                self._append(session, self._row(move, verdict, evidence, standing, text))
                self._show(move, verdict, text, standing)
        except Exception:  # the refusal holds even if it cannot be written down
            _LOG.exception("keepfit: a refusal could not be written down")
        raise _error(text, "PERMISSION_DENIED")

    def _refuse_plainly(self, code: str, name: str, version: int | None, text: str) -> NoReturn:
        """Refuse a verb that needs no evidence to be refused."""
        who, via = self._keepfit_gate.who()
        said = f"keepfit refused: [{code}] {text}"[:400]
        row = JournalRow(
            id=0,
            at=self._keepfit_gate.now(),
            kind="refused",
            model=name,
            version=str(version or "-"),
            model_digest=None,
            certificate=None,
            previous=None,
            target=code,
            who=who,
            via=via,
            text=said,
        )
        try:
            self._prepare_journal()
            with self._transaction() as session:
                self._append(session, row)
        except Exception:  # the refusal holds even if it cannot be written down
            _LOG.exception("keepfit: a refusal could not be written down")
        raise _error(said, "PERMISSION_DENIED")

    @contextmanager
    def _untouched_pointers(self, name: str, taken: Callable[[Session, ModelRules], str | None]) -> Iterator[None]:
        """Run a verb of a protected model under its lock, unless `taken` says which protected pointer it would take."""
        with _fails_closed():
            held = self._keepfit_gate.rules().of(name) if isinstance(name, str) else None
        if held is None:
            yield
            return
        problem = None
        with self._locked(name) as session:
            with _fails_closed():
                problem = taken(session, held)
            if problem is None:
                yield
        if problem is not None:
            self._refuse_plainly("KF-G004", name, None, f"{problem} (model {name})")

    def _arrives(self, name: str, new_name: str, arriving: ModelRules) -> None:
        with self._read() as session:
            pointer = self._any_pointer(session, name, arriving)
            disguised = self._keepfit_gate.rules().of(name) is None and self._model_tag(session, name, PROMPT_TAG) is not None
        if pointer or disguised:
            problem = pointer or "a model marked as a prompt"
            self._refuse_plainly("KF-G004", new_name, None, f"renaming {name} to the protected name {new_name} would bring along: {problem}")

    def _tags_allowed(self, name: str, keys: Sequence[str], *, prompts: bool = False) -> None:
        with _fails_closed():
            touched = [key for key in keys if isinstance(key, str) and (_reserved(key) or (prompts and key.strip() == PROMPT_TAG))]
            if not touched or not isinstance(name, str) or self._keepfit_gate.rules().of(name) is None:
                return
            if _reserved(touched[0]):
                self._refuse_plainly("KF-G005", name, None, f"the tag {touched[0]!r} is reserved for the gate")
            self._refuse_plainly("KF-G006", name, None, "whether a model is a prompt is said when it is created, and not changed")

    # -- where pointers stand ---------------------------------------------------------------------------------------------------

    def _pointed(self, session: Session, move: Move) -> str | None:
        """Return the version the move's own pointer stands on; a stage's newest version is what MLflow serves."""
        return self._alias_version(session, move.model, move.name) if move.kind == "alias" else self._stage_version(session, move.model, move.name)

    def _champion(self, session: Session, move: Move, pointed: str | None) -> str | None:
        """Return what the move replaces: the pointer's own version, else (it stands nowhere) another protected pointer's."""
        if pointed is not None:
            return pointed
        aliases = (self._alias_version(session, move.model, alias) for alias in move.held.aliases)
        stages = (self._stage_version(session, move.model, stage) for stage in move.held.stages)
        return next((version for version in (*aliases, *stages) if version is not None), None)

    def _alias_version(self, session: Session, model: str, alias: str) -> str | None:
        found = self._get_registered_model_alias(session, model, alias)  # type: ignore[attr-defined]
        return None if found is None else str(found.version)

    def _stage_version(self, session: Session, model: str, stage: str) -> str | None:
        import sqlalchemy as sa
        from mlflow.store.model_registry.dbmodels.models import SqlModelVersion as Version

        newest = sa.select(sa.func.max(Version.version)).where(
            Version.workspace == self._get_active_workspace(),  # type: ignore[attr-defined]
            Version.name == model,
            Version.current_stage == stage,
        )
        number = session.execute(newest).scalar()
        return None if number is None else str(number)

    def _pointers(self, session: Session, name: str, held: ModelRules) -> Iterator[tuple[str, str, str]]:
        """Yield (kind, name, version) of the protected pointers of a model that stand somewhere; those on prompts don't count."""
        from mlflow.store.model_registry.dbmodels.models import SqlModelVersion, SqlRegisteredModelAlias

        for row in self._get_query(session, SqlRegisteredModelAlias).filter(SqlRegisteredModelAlias.name == name):  # type: ignore[attr-defined]
            if _protects(held.aliases, row.alias) and not self._is_prompt(session, name, row.version):
                yield "alias", row.alias, str(row.version)
        staged = self._get_query(session, SqlModelVersion).filter(SqlModelVersion.name == name)  # type: ignore[attr-defined]
        for row in staged.filter(SqlModelVersion.current_stage.in_(held.stages)):
            yield "stage", row.current_stage, str(row.version)

    def _any_pointer(self, session: Session, name: str, held: ModelRules) -> str | None:
        found = next(self._pointers(session, name, held), None)
        return None if found is None else f"the protected {found[0]} {found[1]} stands on v{found[2]}"

    def _held_by(self, session: Session, name: str, version: Any, held: ModelRules, *, kinds: Sequence[str] = ("alias", "stage")) -> str | None:
        number = str(_number(version))
        found = next((pointer for pointer in self._pointers(session, name, held) if pointer[2] == number and pointer[0] in kinds), None)
        return None if found is None else f"the protected {found[0]} {found[1]} stands on v{number}: move it to another version instead"

    def _is_prompt(self, session: Session, name: str, version: Any) -> bool:
        """Whether this version holds no model at all: made by MLflow's prompt verbs, in a model created as a prompt."""
        from mlflow.store.model_registry.dbmodels.models import SqlModelVersion

        if (self._model_tag(session, name, PROMPT_TAG) or "").lower() != "true":
            return False
        found = self._get_query(session, SqlModelVersion).filter(SqlModelVersion.name == name, SqlModelVersion.version == _number(version)).first()  # type: ignore[attr-defined]
        return found is not None and found.source == PROMPT_SOURCE and found.storage_location in {None, PROMPT_SOURCE} and not found.run_id

    def _model_tag(self, session: Session, name: str, key: str) -> str | None:
        found = self._get_registered_model_tag(session, name, key)  # type: ignore[attr-defined]
        return None if found is None else str(found.value)

    # -- the journal ------------------------------------------------------------------------------------------------------------

    def _standing(self, session: Session, move: Move, champion: str | None) -> Standing:
        """Read the journal: with which digests this very version and the champion were promoted. Numbers restart when a model is made anew."""
        rows = self._keepfit_gate.journal.rows(session, move.model, workspace=self._get_active_workspace())  # type: ignore[attr-defined]
        stood = [(row.version, row.model_digest) for row in rows if row.kind != "refused" and row.model_digest]
        former = frozenset(digest for version, digest in stood if version == str(move.version))
        return Standing(champion=champion, champion_digest=dict(stood).get(champion or ""), former_digests=former)

    def _row(self, move: Move, verdict: Verdict, evidence: Evidence | None, standing: Standing, text: str) -> JournalRow:
        who, via = self._keepfit_gate.who()
        return JournalRow(
            id=0,
            at=self._keepfit_gate.now(),
            kind=verdict.kind,
            model=move.model,
            version=str(move.version),
            model_digest=evidence.model_digest if evidence else None,
            certificate=verdict.certificate,
            previous=standing.champion,
            target=move.target,
            who=who,
            via=via,
            text=text,
        )

    def _append(self, session: Session, row: JournalRow) -> None:
        self._keepfit_gate.journal.append(session, row, workspace=self._get_active_workspace())  # type: ignore[attr-defined]

    def _prepare_journal(self) -> None:
        if not self._keepfit_ready:
            self._keepfit_gate.journal.prepare(self.engine)  # type: ignore[attr-defined]
            self._keepfit_ready = True

    # -- sessions -----------------------------------------------------------------------------------------------------------------

    @contextmanager
    def _read(self) -> Iterator[Session]:
        """A session on the writable database: a replica may be behind what the gate decides on."""
        with self.ManagedSessionMaker(read_only=False) as session:  # type: ignore[attr-defined]
            yield session

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        """One transaction that the inner store's methods join."""
        with self.ManagedSessionMaker(read_only=False) as session:  # type: ignore[attr-defined]
            token = _SESSION.set((self, session))
            try:
                yield session
            finally:
                _SESSION.reset(token)

    @contextmanager
    def _locked(self, name: str) -> Iterator[Session]:
        """A transaction that holds the model's row: its first statement writes it, which locks on every database."""
        import sqlalchemy as sa

        with self._transaction() as session:
            if session.get_bind().dialect.name == "postgresql":
                session.execute(sa.text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
                session.execute(sa.text(f"SET LOCAL idle_in_transaction_session_timeout = '{4 * LOCK_SECONDS}s'"))
            lock = sa.text("UPDATE registered_models SET last_updated_time = last_updated_time WHERE workspace = :workspace AND name = :name")
            session.execute(lock, {"workspace": self._get_active_workspace(), "name": name})  # type: ignore[attr-defined]
            yield session


@contextmanager
def _fails_closed() -> Iterator[None]:
    """Turn what nobody expected into a refusal: a 500 would be retried by clients and lose its reason."""
    from mlflow.exceptions import MlflowException

    try:
        yield
    except MlflowException as known:
        if known.error_code == "TEMPORARILY_UNAVAILABLE":
            raise _error("keepfit: another change of this model is under way; try again", "RESOURCE_CONFLICT") from known
        if known.error_code in UNEXPECTED:
            raise _unevaluated(known) from known
        raise
    except Exception as bad:
        raise _unevaluated(bad) from bad


def _unevaluated(bad: Exception) -> Exception:
    _LOG.exception("keepfit: the gate could not evaluate")
    return _error(f"[KF-G007] gate could not evaluate: {type(bad).__name__}: {' '.join(str(bad).split())}"[:400], "PERMISSION_DENIED")


def _error(message: str, code: str) -> Exception:
    from mlflow.exceptions import MlflowException
    from mlflow.protos.databricks_pb2 import ErrorCode

    error: Exception = MlflowException(message, error_code=ErrorCode.Value(code))
    return error


def _number(version: Any) -> int:
    number = version_number(version)
    if number is None:
        raise _error(f"not a model version: {str(version)[:40]!r}", "INVALID_PARAMETER_VALUE")
    return number


def _protects(aliases: Sequence[str], alias: str) -> bool:
    return canonical(alias) in {canonical(name) for name in aliases}


def _reserved(key: str) -> bool:
    return canonical(key).startswith(RESERVED)


def _page(model: str, version: int) -> str:
    return f"/#/models/{quote(model, safe='')}/versions/{version}"


__all__ = ["Gate", "GatedStore", "Reason", "gate_store", "inner_store"]
