"""A promotion on probation is judged again at the end of a run, if windows came, or labels for them: what it delivered, beside what it promised.

What cannot be had now (a server that is away, a model whose files are gone) is reported and tried again by the next run; nothing else waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from keepfit.errors import KeepfitError
from keepfit.flows.monitoring.memory import Memory
from keepfit.flows.project import Project
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.records import Certificate, Event, JudgedWindow, Pin, Probation, Scorecard, from_json

if TYPE_CHECKING:
    from keepfit.flows.monitoring.rivals import Rivals

CERTIFICATES = "keepfit"
SCORECARD = "reports/scorecard.json"


def keep_probation(project: Project, memory: Memory, rivals: Callable[[], Rivals], *, say: Callable[[str], None]) -> None:
    """Bring the record of the champion's promotion up to date; nothing for a first model, after a rollback, or with `update.probation` 0."""
    params, baseline = project.params, project.baseline
    champion, displaced = baseline.champion, baseline.previous
    if champion is None or displaced is None or not params.update.probation:
        return
    from keepfit.update.probation_record import is_current, on_probation, started, windows_of

    if not on_probation(baseline):
        return
    with memory.ledger.reading() as book:
        known = next((one for one in book.probations(params.model.name) if (one.champion, one.displaced) == (champion.digest, displaced.digest)), None)
    windows, found = windows_of(params, baseline, memory.windows), known or started(params, champion, displaced)
    found = _promised(project, champion, found, say=say)
    if not is_current(found, windows, params):
        found = _judged(project, found, windows, rivals, say=say)
    if found != known:
        event = _ended(memory, found, windows) if found.over and not (known is not None and known.over) else None
        with memory.ledger.transaction() as book:
            book.save_probation(found)
            if event is not None:
                book.owe_event(event)


def _ended(memory: Memory, found: Probation, windows: Sequence[JudgedWindow]) -> Event:
    from keepfit.report.events.promotion import probation_ended

    at = memory.now or windows[-1].window.end
    assert at is not None, "windows that judge a promotion have a time"
    return probation_ended(found, at=at, setting=memory.setting)


def _judged(project: Project, found: Probation, windows: Sequence[JudgedWindow], rivals: Callable[[], Rivals], *, say: Callable[[str], None]) -> Probation:
    from keepfit.update.probation import judged_again

    try:
        models = rivals() if windows else None
        return judged_again(project.params, found, windows, [models.displaced(one) for one in windows] if models is not None else ())
    except KeepfitError as bad:
        say(f"version {found.displaced_version}, which was displaced, is not scored beside the champion: {bad.what}; the next run tries again")
        return found


def _promised(project: Project, champion: Pin, found: Probation, *, say: Callable[[str], None]) -> Probation:
    """The record with what the certificate promised, read from the version's run until it was found."""
    from keepfit.update.probation_record import NO_SCORECARD, with_promise

    if found.note != NO_SCORECARD:
        return found
    try:
        return with_promise(found, _card(Mlflow(project.tracking_uri), champion))
    except KeepfitError as bad:
        say(f"what version {champion.version} promised is not known yet: {bad.what}; the next run tries again")
        return found


def _card(runs: Mlflow, pin: Pin) -> Scorecard | None:
    """The scorecard of the newest certificate beside a version, else of its run; None where there is neither."""
    version = runs.version(pin.model, pin.version)
    if not version.run_id:
        return None
    names = [name for name in runs.list_texts(version.run_id, CERTIFICATES) if name.rpartition("/")[2].startswith("certificate-")]
    texts = [text for text in (runs.read_text(version.run_id, name) for name in names) if text]
    signed = [one for one in map(_certificate, texts) if one is not None]
    if signed:
        return max(signed, key=lambda one: one.issued).scorecard
    text = runs.read_text(version.run_id, SCORECARD)
    return from_json(Scorecard, text, where=SCORECARD) if text else None


def _certificate(text: str) -> Certificate | None:
    """A certificate as it says, verified by nobody (`keepfit verify` does); None for a text that is none: anybody may upload files to a run."""
    from keepfit.gate.certificate import parse_certificate

    try:
        return parse_certificate(text).certificate
    except KeepfitError:
        return None
