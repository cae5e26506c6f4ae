"""The gate's decision: values in, a verdict with every reason out.

A pointer moves to a version when someone whom the server trusts has certified exactly these bytes, and what the certificate
says meets the rules. What could not be established refuses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from shlex import quote

from keepfit.gate.approvals import approval_reasons
from keepfit.gate.attestation import Attestation
from keepfit.gate.certificate import SignedCertificate
from keepfit.gate.history import DEFAULT_WORKSPACE
from keepfit.gate.requests import may_be_waived
from keepfit.gate.rows import row_reasons
from keepfit.gate.rules import ANONYMOUS, GateRules, ModelRules
from keepfit.gate.sound import contradiction, unknown_kind
from keepfit.gate.times import utc
from keepfit.records import Certificate, ExpectationOutcome, Reason, Verdict

COMES_BACK = "a former champion comes back: only its files and signature are verified"


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What was found about a version at the click.

    `model_digest` is None if the files could not be read (`problem` says why). `attestation` judges `signed`. `unreadable` says
    why the certificates could not be read; `fix` what would let either be read, if that is known. `created` is when the version
    was registered, in ms since 1970. `ahead` holds the digests of its certificates that were issued in the future when they were
    first seen.
    """

    model: str
    version: str
    model_id: str | None
    signed: SignedCertificate | None
    attestation: Attestation
    model_digest: str | None
    problem: str = ""
    unreadable: str = ""
    fix: str = ""
    created: int | None = None
    workspace: str = DEFAULT_WORKSPACE
    ahead: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where the pointer stands, and what the journal says about it and about the candidate.

    `champion` is the version it names (None: nowhere), `champion_digest` the one with which that was promoted (None: not
    known), `former_digests` those with which the candidate itself stood there before, `adopted_digests` those of them that were
    adopted: no certificate ever spoke for them. `unexplained` says where registry and journal part. `judged` is when the newest
    certificate was issued by which the candidate was judged before. `approvers` have approved exactly this certificate, of
    whom those that are `gone` have no account any more; `waivers` are in force for it (rule to "by, until, why").
    """

    champion: str | None
    champion_digest: str | None = None
    former_digests: frozenset[str] = frozenset()
    adopted_digests: frozenset[str] = frozenset()
    unexplained: tuple[str, ...] = ()
    requester: str = ANONYMOUS
    approvers: tuple[str, ...] = ()
    gone: frozenset[str] = frozenset()
    judged: datetime | None = None
    waivers: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


def decide(evidence: Evidence, standing: Standing, *, rules: GateRules, target: str, now: datetime) -> Verdict:
    """Return the verdict on moving `target` to the version; `reasons` holds what blocks and what must be shown."""
    reasons = tuple(reason for reason in demands(evidence, standing, rules=rules, now=now) if reason.code != "KF-G000")
    promote = not blocking(reasons)
    back = any(reason.code == "KF-G040" for reason in reasons)
    held = rules.of(evidence.model)
    return Verdict(
        model=evidence.model,
        version=evidence.version,
        target=target,
        promote=promote,
        kind="refused" if not promote else "rolled back" if back else "promoted",
        self_attested=held is not None and held.self_attested,
        reasons=reasons,
        rules=rules.digest,
        certificate=evidence.signed.identity if evidence.signed else None,
    )


def demands(evidence: Evidence, standing: Standing, *, rules: GateRules, now: datetime) -> tuple[Reason, ...]:
    """Return every demand with its finding, met ones too (`KF-G000`): what `keepfit gate explain` shows."""
    held = rules.of(evidence.model)
    if held is None:
        return (_met("rules", "nothing of this model is protected"),)
    if rules.problem is not None:
        return (_blocked("KF-G001", "rules", f"the server has no rules: {rules.problem}", "keepfit server --rules gate.yaml"),)
    identity, judgement = _by_certificate(evidence, standing, held, now)
    if not blocking((*identity, *judgement)) or not held.rollback.allowed:
        return (*identity, *judgement)
    if evidence.model_digest in standing.adopted_digests:
        return tuple(_rollback_reasons(evidence, standing, held, "an adopted champion comes back: its files are those that were adopted"))
    if evidence.model_digest in standing.former_digests and evidence.signed is not None:
        return (*identity, *_rollback_reasons(evidence, standing, held))
    return (*identity, *judgement)


def _by_certificate(evidence: Evidence, standing: Standing, held: ModelRules, now: datetime) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """What the certificate establishes (whose word, about which bytes) and what it says; nothing without one."""
    if evidence.unreadable:
        fix = evidence.fix or "register the model from a run of this server; docs/operate.md says where artifacts may lie"
        return (_blocked("KF-G013", "certificate", f"the certificates cannot be read: {evidence.unreadable}"[:300], fix),), ()
    if evidence.signed is None:
        return (_blocked("KF-G002", "certificate", evidence.attestation.problem or "the version has no certificate", evidence.fix or _certify(evidence)),), ()
    certificate = evidence.signed.certificate
    judged = _waived(_judgement(evidence, certificate, standing, held, now), standing, held)
    plain = (*_journal_reasons(evidence.model, standing), *_newest_reason(evidence, certificate, standing, now), *_readable_reason(evidence, certificate))
    return tuple(_identity(evidence, certificate, standing, held)), (*plain, *judged)


def _rollback_reasons(evidence: Evidence, standing: Standing, held: ModelRules, text: str = COMES_BACK) -> Iterator[Reason]:
    yield Reason(code="KF-G040", rule="rollback", text=text, blocking=False)
    if held.rollback.reason_required and not standing.reason:
        fix = f"keepfit rollback {quote(evidence.model)} --to {evidence.version} --reason …, or set the version's tag kf.reason first"
        yield _blocked("KF-G043", "rollback", "gate.yaml asks for the reason of a rollback", fix)


def _journal_reasons(model: str, standing: Standing) -> Iterator[Reason]:
    for sentence in standing.unexplained:
        yield _blocked(
            "KF-G041",
            "journal",
            sentence,
            f"keepfit gate adopt {quote(model)} --reason … takes the champion in; keepfit audit, where the server runs, shows all",
        )


def _waived(reasons: Iterable[Reason], standing: Standing, held: ModelRules) -> Iterator[Reason]:
    """What a waiver in force sets aside is shown with its words; gate.yaml may have withdrawn the right since."""
    for reason in reasons:
        said = standing.waivers.get(reason.rule)
        if said is None or not reason.blocking or not may_be_waived(reason.rule, held):
            yield reason
        else:
            yield replace(reason, code="KF-G042", text=f"waived {said}: {reason.text}", fix="", blocking=False)


def waivable(evidence: Evidence, standing: Standing, held: ModelRules, *, now: datetime) -> tuple[str, ...]:
    """Return the names of the rules that refuse the version now, or would without a waiver in force, and that may be waived."""
    if evidence.signed is None or evidence.unreadable:
        return ()
    judged = _judgement(evidence, evidence.signed.certificate, standing, held, now)
    return tuple(sorted({reason.rule for reason in judged if reason.blocking and may_be_waived(reason.rule, held)}))


# -- whose word, about which bytes ----------------------------------------------------------------------------------------


def _identity(evidence: Evidence, certificate: Certificate, standing: Standing, held: ModelRules) -> Iterator[Reason]:
    if not evidence.attestation.trusted:
        problem = evidence.attestation.problem or "the certificate is not trusted"
        yield _blocked("KF-G010", "trust", problem, f"sign with a key that gate.yaml names: {_certify(evidence)}")
        return  # without a trusted certificate no file is read: its source may be anybody's
    if held.self_attested:
        yield Reason(code="KF-G011", rule="trust", text="self-attested: no independent signature is asked for", blocking=False)
    else:
        yield _met("trust", f"signed by {evidence.attestation.by}")
    yield _digest_reason(evidence, certificate)
    yield _subject_reason(evidence, certificate, standing)


def _digest_reason(evidence: Evidence, certificate: Certificate) -> Reason:
    if evidence.model_digest is None:
        fix = evidence.fix or "restore the files, or register the model again"
        return _blocked("KF-G013", "digest", f"the model's files cannot be read: {evidence.problem}"[:300], fix)
    if evidence.model_digest != certificate.model_digest:
        text = f"the model's files have the digest {evidence.model_digest[:19]}…, certified is {certificate.model_digest[:19]}…"
        return _blocked("KF-G012", "digest", text, "the files were changed after the certificate: register the model again")
    return _met("digest", f"the files are the certified ones ({evidence.model_digest[:19]}…)")


def _subject_reason(evidence: Evidence, certificate: Certificate, standing: Standing) -> Reason:
    """A certificate of before workspaces were named counts in the default one; elsewhere only for a version that stood there before."""
    named = certificate.workspace or (evidence.workspace if evidence.model_digest in standing.former_digests else DEFAULT_WORKSPACE)
    if named != evidence.workspace:
        said = f"in the workspace {named}" if certificate.workspace else "and names no workspace"
        text = f"the certificate speaks for {certificate.model} v{certificate.version} {said}; this is the workspace {evidence.workspace}"
        return _blocked("KF-G014", "subject", text, f"MLFLOW_WORKSPACE={evidence.workspace} {_certify(evidence)}")
    same_id = certificate.model_id in {None, evidence.model_id}
    if (certificate.model, certificate.version) == (evidence.model, evidence.version) and same_id:
        return _met("subject", "the certificate speaks for this version")
    return _blocked("KF-G014", "subject", f"the certificate speaks for {certificate.model} v{certificate.version}", _certify(evidence))


# -- what it says -----------------------------------------------------------------------------------------------------------


def _judgement(evidence: Evidence, certificate: Certificate, standing: Standing, held: ModelRules, now: datetime) -> Iterator[Reason]:
    scorecard = certificate.scorecard
    yield _champion_reason(evidence, certificate, standing)
    first = scorecard.champion is None and (standing.champion is None or _stands_already(evidence, standing))
    if scorecard.basis == "same-period" and not first:
        text = "judged on rows of its training period, but a champion stands"
        yield _blocked("KF-G019", "basis", text, "evaluate on later rows: keepfit sync, then keepfit improve TICKET")
    yield from row_reasons(held.rules, scorecard, first=first)
    yield from _expectation_reasons(certificate, held)
    yield from _time_reasons(evidence, certificate, held, now)
    if held.require_merged:
        text = "the certified commit is merged" if certificate.merged else f"the certified commit {certificate.commit[:10]} is not merged"
        yield (
            _met("require_merged", text) if certificate.merged else _blocked("KF-G017", "require_merged", text, f"merge the branch, then {_certify(evidence)}")
        )
    yield from approval_reasons(evidence, standing, held)


def _newest_reason(evidence: Evidence, certificate: Certificate, standing: Standing, now: datetime) -> Iterator[Reason]:
    """Which certificate is the newest must be known.

    Who can delete artifacts could take away a newer certificate that refused, and let an older one speak again. Nobody can tell
    whether one of the future is newer than another, not when its time has come either.
    """
    if evidence.signed is not None and evidence.signed.identity in evidence.ahead:
        text = f"the certificate was issued on {certificate.issued:%Y-%m-%d %H:%M:%S} by its signer's clock, in the future by this server's"
        text += f", which says {utc(now):%Y-%m-%d %H:%M:%S} UTC (a minute is allowed): nobody can tell if it is the newest"
        yield _blocked("KF-G045", "certificate", text, f"set the signer's clock, then {_certify(evidence)}")
    if standing.judged is not None and utc(certificate.issued) < utc(standing.judged):
        text = f"the certificate is of {certificate.issued:%Y-%m-%d %H:%M:%S}; a newer one, of {standing.judged:%Y-%m-%d %H:%M:%S}, has been judged and is gone"
        yield _blocked("KF-G044", "certificate", text, "restore the newer certificate, or certify again")


def _readable_reason(evidence: Evidence, certificate: Certificate) -> Iterator[Reason]:
    unknown = unknown_kind(certificate.scorecard)
    if unknown is not None:
        fix = "install the package that brings it where the MLflow server runs, and start the server again"
        yield _blocked("KF-G028", "scorecard", f"the scorecard holds what this server cannot judge: {unknown}"[:300], fix)
    problem = contradiction(certificate.scorecard)
    if problem is not None:
        fix = f"evaluate again (dvc repro), then {_certify(evidence)}"
        yield _blocked("KF-G027", "scorecard", f"the scorecard contradicts itself, so it is not read: {problem}", fix)


def _champion_reason(evidence: Evidence, certificate: Certificate, standing: Standing) -> Reason:
    compared = certificate.scorecard.champion
    version = None if compared is None else compared.version
    if standing.champion == version and None not in (compared, standing.champion_digest) and compared.digest != standing.champion_digest:  # type: ignore[union-attr]
        text = f"compared with another {_named(version)} than the champion: of another server, or its files were changed since it was promoted"
        return _blocked("KF-G018", "champion", text, _other_files(evidence.model, standing.champion))
    if standing.champion == version or _stands_already(evidence, standing):
        return _met("champion", f"compared with the champion {_named(standing.champion)}")
    fix = f"re-evaluate against {_named(standing.champion)}: keepfit sync" if standing.champion else "evaluate as a first model: keepfit sync"
    return _blocked("KF-G018", "champion", f"compared with {_named(version)}, but the champion is {_named(standing.champion)}", fix)


def _other_files(model: str, champion: str | None) -> str:
    """Two ways out, as nothing was read of the champion: it is not its move that was asked for."""
    name = quote(model)
    then = f"if its files are the certified ones, keepfit sync; if not, keepfit gate adopt {name} --reason …, roll back or retire"
    return f"keepfit verify models:/{name}/{champion}: {then}"


def _stands_already(evidence: Evidence, standing: Standing) -> bool:
    """Whether the champion is this version with these files, and only its other pointer is asked for: it replaces nothing."""
    return standing.champion == evidence.version and standing.champion_digest in (None, evidence.model_digest)


def _expectation_reasons(certificate: Certificate, held: ModelRules) -> Iterator[Reason]:
    for outcome in certificate.expectations:
        yield from _outcome(outcome, held, set_aside=outcome.level == "row")
    for outcome in certificate.scorecard.expectations:
        yield from _outcome(outcome, held, set_aside=False)


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


def _time_reasons(evidence: Evidence, certificate: Certificate, held: ModelRules, now: datetime) -> Iterator[Reason]:
    if certificate.expires is not None and utc(certificate.expires) < utc(now):
        yield _blocked("KF-G015", "expires", f"the certificate expired on {certificate.expires:%Y-%m-%d}", _certify(evidence))
    else:
        yield _met("expires", "the certificate has not expired")
    if held.max_data_age_days is None:
        return
    until = certificate.scorecard.evaluated_until
    age = None if until is None else (utc(now) - utc(until)) / timedelta(days=1)
    late = age is None or age > held.max_data_age_days
    text = "the end of the evaluation's data is not known" if age is None else f"the evaluation's data ended {age:.0f} days ago"
    reason = Reason(
        code="KF-G016" if late else "KF-G000",
        rule="max_data_age_days",
        value=None if age is None else round(age, 2),
        bound=held.max_data_age_days,
        text=f"{text}, bound {held.max_data_age_days:g}",
        fix="evaluate on newer windows" if late else "",
        blocking=late,
    )
    yield reason


# -- small words --------------------------------------------------------------------------------------------------------------


def blocking(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Return the reasons that refuse, in the order of the demands."""
    return tuple(reason for reason in reasons if reason.blocking)


def _blocked(code: str, rule: str, text: str, fix: str) -> Reason:
    return Reason(code=code, rule=rule, text=text, fix=fix)


def _met(rule: str, text: str) -> Reason:
    return Reason(code="KF-G000", rule=rule, text=text, blocking=False)


def _certify(evidence: Evidence) -> str:
    return f"keepfit certify {quote(evidence.model)} {evidence.version}"


def _named(version: str | None) -> str:
    return "none" if version is None else f"v{version}"
