"""Ways in which one line of the gate could be wrong, each of which the random walk must notice.

A mutation names a file below the package, a text that occurs there exactly once, and what stands there instead; so a line
that is written anew makes its mutation fail loudly.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import keepfit

PACKAGE = Path(keepfit.__file__).parent


@dataclass(frozen=True)
class Mutation:
    """`old` in `file` becomes `new`."""

    file: str
    old: str
    new: str

    def write(self, folder):
        """Write a copy of the package into `folder`, with the one line changed."""
        target = copy_of_the_package(folder)
        path = target / self.file
        text = path.read_text(encoding="utf-8")
        assert text.count(self.old) == 1, f"{self.file} holds {text.count(self.old)} times, not once: {self.old}"
        path.write_text(text.replace(self.old, self.new), encoding="utf-8")


def copy_of_the_package(folder):
    return Path(shutil.copytree(PACKAGE, folder / "keepfit", ignore=shutil.ignore_patterns("__pycache__")))


STORE = "integrations/mlflow/store"
SESSIONS = f"{STORE}/sessions.py"
JUDGING = f"{STORE}/judging.py"
PROMOTION = f"{STORE}/promotion.py"
REQUESTS = f"{STORE}/signed_requests.py"
PROTECTION = f"{STORE}/protection.py"
VERBS = f"{STORE}/verbs.py"
ASKED = f"{STORE}/asked.py"

MUTATIONS = {
    # the lock, and what is looked at again under it
    "no lock": Mutation(SESSIONS, 'session.execute(lock, {"workspace"', 'str(lock), dict({"workspace"'),
    "the champion is not looked at again": Mutation(
        JUDGING, "if before.refused is None and (seen.champion, seen.pointed) != (before.seen.champion, before.seen.pointed):", "if False:"
    ),
    "it is not decided again": Mutation(JUDGING, "return self._decided(move, replace(before, seen=seen, placed=placed), before.evidence)", "return before"),
    # whose word, about which bytes
    "the digest is not compared": Mutation("gate/identity.py", "if evidence.model_digest != certificate.model_digest:", "if False:"),
    "a signature is not verified": Mutation("gate/attestation.py", "if verify(key, signature.sig, message)), None)", "if key), None)"),
    "any key is trusted": Mutation("gate/attestation.py", "if trusted in signers), None)", "if trusted), None)"),
    "an unsigned certificate counts": Mutation("gate/attestation.py", 'if self_attested else Attestation(by=None, problem=f"the {what} is not signed")', ""),
    "tags are evidence": Mutation(
        "flows/serving/evidence.py",
        "lying = parsed(texts, judge=judge)",
        'lying = parsed(texts, judge=lambda it: Attestation(by="it") if version.tags.get("kf.verdict.attested") == "signed" else judge(it))',
    ),
    "a certificate of another version counts": Mutation("gate/identity.py", "== (evidence.model, evidence.version) and same_id:", "is not None and same_id:"),
    # what it says
    "a certificate does not expire": Mutation("gate/judgement.py", "if expires is not None and utc(expires) < utc(move.now):", "if False:"),
    "a failed row is shown only": Mutation("gate/rows.py", 'return "KF-G021", True,', 'return "KF-G021", False,'),
    "any champion will do": Mutation("gate/judgement.py", "if standing.champion == version or move.stands_already:", "if True:"),
    "attempts are not counted": Mutation("gate/attempts.py", "if number < counts:", "if False:"),
    "a later attempt spends what the first one did": Mutation("gate/attempts.py", "elif loose is not None:", "elif False:"),
    "attempts are counted on all rows together": Mutation("gate/counted.py", "for one in known if one.rows == rows)", "for one in known)"),
    "an attempt is counted each time that it is said": Mutation(
        REQUESTS, "if (one.rows, one.model) in {(each.rows, each.model) for each in known}:", "if False:"
    ),
    "the champion's bytes are not compared": Mutation("gate/judgement.py", "compared.digest != standing.champion_digest:", "compared.digest is None:"),
    "what the journal does not explain is passed over": Mutation("gate/trail.py", "yield from _explained_pointer(move)", "yield from ()"),
    # people
    "a waiver is for every rule": Mutation(
        "gate/waivers.py", "said = move.standing.waivers.get(reason.rule)", "said = next(iter(move.standing.waivers.values()), None)"
    ),
    "a waiver does not end": Mutation("gate/history.py", "row.certificate == certificate and _until(row) > now", "row.certificate == certificate"),
    "who asks may approve": Mutation(
        "gate/approvals.py",
        "if standing.requester != ANONYMOUS and (who == ANONYMOUS or any(same_person(who, asker) for asker in standing.askers)):",
        "if False:",
    ),
    "an approval outlives its certificate": Mutation(
        "gate/history.py", "version=version) if certificate is not None and row.certificate == certificate)", "version=version))"
    ),
    "an approval cannot be withdrawn": Mutation("gate/history.py", "whose is not None and approval.who != whose]", "True]"),
    "a request counts twice": Mutation("gate/requests.py", "if request.nonce in asked.spent:", "if False:"),
    "a request stays fresh": Mutation("gate/requests.py", "if abs(asked.now - utc(request.issued)) > FRESH:", "if False:"),
    "a request is for any model": Mutation("gate/requests.py", "if subject != (asked.verb, asked.workspace, asked.model, asked.version):", "if False:"),
    "other files are adopted than were looked at": Mutation(REQUESTS, "if evidence.model_digest != request.model_digest:", "if False:"),
    "anything can be waived": Mutation(REQUESTS, "if request.rule not in names:", "if False:"),
    "anybody may move it": Mutation("gate/movers.py", "elif is_named(who, names):", "elif names:"),
    "a rejection is shown only": Mutation("gate/decide.py", "    yield from request_reasons(move)\n", ""),
    "a rejection outlives its certificate": Mutation(
        "gate/pending.py", "if row.kind == REQUESTED and row.certificate == certificate:", "if row.kind == REQUESTED:"
    ),
    "asking again does not answer a rejection": Mutation(
        "gate/pending.py", "            found = MoveRequest(asked=row)", "            found = found or MoveRequest(asked=row)"
    ),
    "a request lives on when it is granted": Mutation(
        "gate/pending.py", "return None if set(pointers(row)) & set(pointers(request.asked)) else request", "return request"
    ),
    "a request cannot be taken back": Mutation("gate/pending.py", "return None if row.kind == REQUEST_WITHDRAWN else request", "return request"),
    "anybody takes a request back": Mutation(f"{STORE}/move_requests.py", "mine = request is not None and (", "mine = request is not None and (True or "),
    "who requests may approve": Mutation("gate/approvals.py", "for asker in standing.askers)", "for asker in (standing.requester,))"),
    "who rejects goes on approving": Mutation("gate/history.py", "if approval.who != row.who]", "if approval.who]"),
    # former champions
    "former bytes come back under any version": Mutation(
        "gate/standing.py", "former_digests=_digests(row for row in stood if row.version == version),", "former_digests=_digests(stood),"
    ),
    "a rollback needs no reason": Mutation("gate/comes_back.py", "if move.held.rollback.reason_required and not move.standing.reason:", "if False:"),
    # the pointers and the journal
    "the pair is torn": Mutation(PROMOTION, "self.stock.put(partner, move.model, move.version)", "pass"),
    "the pair is torn by adoption": Mutation(REQUESTS, "if set(taken_in) & set(said.held.pair):", "if False:"),
    "a stage is shared": Mutation(VERBS, "stock(name, move.version, move.name, True)", "stock(name, move.version, move.name, False)"),
    "a second version in a stage is not seen": Mutation("gate/history.py", "elif others:", "elif False:"),
    "a promotion is not written down": Mutation(PROMOTION, "row = self.book.append(session, replace(row, target=", "row = (replace(row, target="),
    "a refusal is not written down": Mutation(f"{STORE}/book.py", "return self.append(session, row)\n        except", "return row\n        except"),
    "the chain is not linked": Mutation("integrations/journal.py", "id=length + 1, parent=head)", "id=length + 1, parent=ORIGIN)"),
    "a champion can be deleted": Mutation(PROTECTION, "return self.pointers.on(session, model, version, held)\n", "return None\n"),
    "a champion can be renamed away": Mutation(
        PROTECTION, "with self.untouched(model, self.model_taken(model)):", "with self.untouched(model, lambda session, held: None):"
    ),
    "a champion can be archived": Mutation(PROTECTION, 'return self.pointers.on(session, model, version, held, kinds=("stage",))', "return None"),
    "a champion is carried to a protected name": Mutation(PROTECTION, "return self.pointers.any_of(session, new_name, arriving) or (", "return ("),
    "the reserved tags are anybody's": Mutation(ASKED, "return canonical(key).startswith((RESERVED, VERDICT_TAG))", "return False"),
    "look-alikes are other names": Mutation(ASKED, "return any(alike(alias, name) for name in aliases)", "return alias in aliases"),
}
QUICK = ("no lock", "the digest is not compared", "the pair is torn")
