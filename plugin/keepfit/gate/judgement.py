"""What a certificate says, held against the rules: compared with the present champion, rows, expectations, ages, merged, approved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from shlex import quote

from keepfit.gate.approvals import approval_reasons, by_approval
from keepfit.gate.attempts import attempt_reasons
from keepfit.gate.move import Move
from keepfit.gate.outside import evaluate_command, is_outside, outside_reasons
from keepfit.gate.reasons import MET, blocked, certify_command, met, version_name
from keepfit.gate.refit import refit_reasons
from keepfit.gate.rows import row_reasons
from keepfit.gate.rules import ModelRules
from keepfit.gate.times import utc
from keepfit.records import ExpectationOutcome, Reason


def judgement_reasons(move: Move) -> Iterator[Reason]:
    """Yield every demand of the rules with its finding; a waiver may set aside what refuses."""
    scorecard = move.certificate.scorecard
    first = scorecard.champion is None and (move.standing.champion is None or move.stands_already)
    yield _against_the_champion(move)
    yield from _later_rows(move, first=first)
    rows = row_reasons(move.held.demanded, scorecard, first=first, about_any_slice=move.held.about_any_slice)
    yield from by_approval(rows, move.evidence, move.standing, move.held)
    yield from attempt_reasons(move)
    yield from refit_reasons(move)
    yield from outside_reasons(move)
    yield from _expectations(move)
    yield _not_expired(move)
    yield from _data_age(move)
    yield from _merged(move)
    yield from approval_reasons(move.evidence, move.standing, move.held)


def _against_the_champion(move: Move) -> Reason:
    evidence, standing, compared = move.evidence, move.standing, move.certificate.scorecard.champion
    version = None if compared is None else compared.version
    if standing.champion == version and None not in (compared, standing.champion_digest) and compared.digest != standing.champion_digest:  # type: ignore[union-attr]
        text = f"compared with another {version_name(version)} than the champion: of another server, or its files were changed since it was promoted"
        return blocked("KF-G018", "champion", text, _other_files(evidence.model, standing.champion))
    if standing.champion == version or move.stands_already:
        return met("champion", f"compared with the champion {version_name(standing.champion)}")
    how = evaluate_command(evidence) if is_outside(move.certificate) else "keepfit sync"
    fix = f"re-evaluate against {version_name(standing.champion)}: {how}" if standing.champion else f"evaluate as a first model: {how}"
    return blocked("KF-G018", "champion", f"compared with {version_name(version)}, but the champion is {version_name(standing.champion)}", fix)


def _other_files(model: str, champion: str | None) -> str:
    """Two ways out, as nothing was read of the champion: it is not its move that was asked for."""
    name = quote(model)
    then = f"if its files are the certified ones, keepfit sync; if not, keepfit gate adopt {name} --reason …, roll back or retire"
    return f"keepfit verify models:/{name}/{champion}: {then}"


def _later_rows(move: Move, *, first: bool) -> Iterator[Reason]:
    if move.certificate.scorecard.basis == "same-period" and not first:
        text = "judged on rows of its training period, but a champion stands"
        yield blocked("KF-G019", "basis", text, "evaluate on later rows: keepfit sync, then keepfit improve TICKET")


def _expectations(move: Move) -> Iterator[Reason]:
    for outcome in move.certificate.expectations:
        yield from _outcome(outcome, move.held, set_aside=outcome.level == "row")
    for outcome in move.certificate.scorecard.expectations:
        yield from _outcome(outcome, move.held, set_aside=False)


def _outcome(outcome: ExpectationOutcome, held: ModelRules, *, set_aside: bool) -> Iterator[Reason]:
    """A failed row-level check on data has had its rows quarantined: shown. What could not be measured blocks like a failure."""
    if outcome.status == "pass":
        return
    shown = (set_aside and outcome.status == "fail") or outcome.status == "undecided" or outcome.severity not in held.block_severities
    where = f" in {outcome.window}" if outcome.window else ""
    text = f"{outcome.suite}: {outcome.expectation}{where} is {outcome.status}, observed {outcome.observed or 'nothing'}"[:240]
    text += f" ({outcome.detail})"[:120] if outcome.detail else ""
    fix = "" if shown else "mend the data or the model, then dvc repro, and certify again"
    yield Reason(code="KF-G031" if shown else "KF-G030", rule=f"expectation {outcome.expectation}", text=text, fix=fix, blocking=not shown)


def _not_expired(move: Move) -> Reason:
    expires = move.certificate.expires
    if expires is not None and utc(expires) < utc(move.now):
        return blocked("KF-G015", "expires", f"the certificate expired on {expires:%Y-%m-%d}", certify_command(move.evidence))
    return met("expires", "the certificate has not expired")


def _data_age(move: Move) -> Iterator[Reason]:
    most, until = move.held.max_data_age_days, move.certificate.scorecard.evaluated_until
    if most is None:
        return
    age = None if until is None else (utc(move.now) - utc(until)) / timedelta(days=1)
    late = age is None or age > most
    text = "the end of the evaluation's data is not known" if age is None else f"the evaluation's data ended {age:.0f} days ago"
    yield Reason(
        code="KF-G016" if late else MET,
        rule="max_data_age_days",
        value=None if age is None else round(age, 2),
        bound=most,
        text=f"{text}, bound {most:g}",
        fix="evaluate on newer windows" if late else "",
        blocking=late,
    )


def _merged(move: Move) -> Iterator[Reason]:
    if not move.held.require_merged:
        return
    if is_outside(move.certificate):
        text = "it was evaluated outside a project: there is no commit that was merged"
        yield blocked("KF-G017", "require_merged", text, "certify it in the project that trains it; or require_merged: false in gate.yaml")
    elif move.certificate.merged:
        yield met("require_merged", "the certified commit is merged")
    else:
        text, fix = f"the certified commit {move.certificate.commit[:10]} is not merged", f"merge the branch, then {certify_command(move.evidence)}"
        yield blocked("KF-G017", "require_merged", text, fix)
