"""Whether what was kept tells one story: the pointer stands where the journal says, the certificate is the newest, its scorecard can be read."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from keepfit.gate.move import Move
from keepfit.gate.reasons import blocked, certify_command
from keepfit.gate.sound import contradiction, unknown_kind
from keepfit.gate.times import utc
from keepfit.records import Reason


def trail_reasons(move: Move) -> Iterator[Reason]:
    """Yield what does not fit together; never set aside by a waiver."""
    yield from _explained_pointer(move)
    yield from _newest_certificate(move)
    yield from _readable_scorecard(move)


def _explained_pointer(move: Move) -> Iterator[Reason]:
    fix = f"keepfit gate adopt {quote(move.evidence.model)} --reason … takes the champion in; keepfit audit, where the server runs, shows all"
    for sentence in move.standing.unexplained:
        yield blocked("KF-G041", "journal", sentence, fix)


def _newest_certificate(move: Move) -> Iterator[Reason]:
    """Which certificate is the newest must be known.

    Who can delete artifacts could take away a newer certificate that refused, and let an older one speak again. Nobody can tell
    whether one of the future is newer than another, not when its time has come either.
    """
    evidence, certificate, judged = move.evidence, move.certificate, move.standing.judged
    if evidence.signed is not None and evidence.signed.identity in evidence.ahead:
        text = f"the certificate was issued on {certificate.issued:%Y-%m-%d %H:%M:%S} by its signer's clock, in the future by this server's"
        text += f", which says {utc(move.now):%Y-%m-%d %H:%M:%S} UTC (a minute is allowed): nobody can tell if it is the newest"
        yield blocked("KF-G045", "certificate", text, f"set the signer's clock, then {certify_command(evidence)}")
    if judged is not None and utc(certificate.issued) < utc(judged):
        text = f"the certificate is of {certificate.issued:%Y-%m-%d %H:%M:%S}; a newer one, of {judged:%Y-%m-%d %H:%M:%S}, has been judged and is gone"
        yield blocked("KF-G044", "certificate", text, "restore the newer certificate, or certify again")


def _readable_scorecard(move: Move) -> Iterator[Reason]:
    scorecard = move.certificate.scorecard
    unknown = unknown_kind(scorecard)
    if unknown is not None:
        fix = "install the package that brings it where the MLflow server runs, and start the server again"
        yield blocked("KF-G028", "scorecard", f"the scorecard holds what this server cannot judge: {unknown}"[:300], fix)
    problem = contradiction(scorecard)
    if problem is not None:
        fix = f"evaluate again (dvc repro), then {certify_command(move.evidence)}"
        yield blocked("KF-G027", "scorecard", f"the scorecard contradicts itself, so it is not read: {problem}", fix)
