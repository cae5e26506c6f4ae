"""The ground that a walk through the gated registry goes on: how a thing is done, what must come of it, what holds after it.

Before each call the oracle says what must be answered; after each step registry, journal and chain must be what they must be.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from tests.certificates import NOW, row
from tests.integrations.gate_oracle import ALIAS, HOURS, PASSES, STAGE, WAIVABLE, WAIVED_DAYS, Asked, Model, Oracle, Paper, Run, Version
from tests.integrations.gate_world import World

from keepfit.gate.certificate import sign, unsigned
from keepfit.gate.chain import broken
from keepfit.gate.history import fold, unexplained
from keepfit.gate.questions import ANSWER, REQUESTS
from keepfit.gate.statement import stated
from keepfit.integrations import signing
from keepfit.integrations.journal import link_of
from keepfit.records import Attempt, PendingRequests, Request, from_json
from keepfit.rule_kinds.spending import spent

MAIN, NEIGHBOUR, SPARE, FREE = "flights-late", "flights-b", "flights-c", "other"
RULES = f"""
schema: 1
models:
  'flights-*':
    trust: {{ci: "%s"}}
    movers: ['*']
    approvals: 0
    rollback: {{reason_required: false}}
    waivers: {{rules: {json.dumps([*WAIVABLE, "digest", "trust"])}, max_days: {WAIVED_DAYS}}}
    rules:
      overall: {{kind: not_worse_than, metric: roc_auc, slice: overall, bound: 0.0}}
      slices: {{kind: no_proof_of_harm, metric: '*', slice: 'carrier=*', bound: 0.05}}
"""
SHORT, LONG = HOURS / 48, HOURS + 0.5  # how long certificates hold; no two times fall together
FIRST = {"champion": None, "difference": None, "low": None, "high": None}


@lru_cache(maxsize=10_000)
def parsed(row, names):
    return link_of(dict(zip(names, row, strict=True)))


def hours(time):
    return NOW + timedelta(hours=time)


class Walk(RuleBasedStateMachine):
    """One walk; `world` (with its emptied database `seed`) and the counters are the class's, shared by all walks."""

    world: World
    seed: Path
    happened: Counter
    grounds: Counter

    # -- a walk begins ---------------------------------------------------------------------------------------------------

    @initialize(
        approvals=st.sampled_from([0, 0, 1]),
        reason_required=st.sampled_from([False, False, True]),
        pages=st.sampled_from([False, False, True]),
        movers=st.sampled_from([(), (), ("rita",)]),
    )
    def begin(self, approvals, reason_required, pages, movers):
        world = self.world
        with closing(sqlite3.connect(self.seed)) as source, closing(sqlite3.connect(self.database)) as target:
            source.backup(target)
        text = RULES % world.key.public
        text = text.replace("approvals: 0", f"approvals: {approvals}").replace("reason_required: false", f"reason_required: {json.dumps(reason_required)}")
        world.rules.write_text(text.replace("movers: ['*']", f"movers: {json.dumps(movers or ['*'])}"))
        self.oracle = Oracle(approvals=approvals, reason_required=reason_required, movers=movers)
        self.store = world.client._get_registry_client().store
        self.stock = world.stock._get_registry_client().store
        self.store._keepfit.known.prepared = False
        self.who, self.serial, self.sent, self.problems = "rita", 0, None, []
        self.meanwhile = None
        later = {} if pages else {"later": lambda job: None}
        self.store._keepfit_gate = replace(
            self.store._keepfit_gate, now=lambda: hours(self.oracle.now), who=lambda: (self.who, "server"), reached=self.reached, **later
        )

    @property
    def database(self):
        return self.world.home / "mlflow.db"

    def reached(self, step):
        """Between judging and locking somebody else may act; from the lock to the commit nobody can write."""
        if step == "promotion.judged" and self.meanwhile is not None:
            act, self.meanwhile = self.meanwhile, None
            act()
        if step == "promotion.locked":
            with closing(sqlite3.connect(self.database, timeout=0, isolation_level=None)) as intruder:
                try:
                    intruder.execute("begin immediate")
                    self.problems.append("somebody else could write while a promotion held the lock")
                except sqlite3.OperationalError:
                    pass

    def teardown(self):
        if hasattr(self, "store"):
            self.store._keepfit_gate = replace(self.store._keepfit_gate, later=lambda job: job())

    # -- asking ----------------------------------------------------------------------------------------------------------

    def call(self, act):
        """Return the error's code, None if it was done."""
        from mlflow.exceptions import MlflowException

        try:
            act()
        except MlflowException as refusal:
            said = refusal
        else:
            return None
        assert "could not evaluate" not in str(said), said
        return said.error_code

    def refuses(self, act):
        """A verb that the gate must refuse, and write down that it did."""
        before = len(self.rows())
        code = self.call(act)
        assert code == "PERMISSION_DENIED", f"answered {code or 'yes'}, to be refused"
        assert self.rows()[before:][-1].kind == "refused"

    def allows(self, act):
        code = self.call(act)
        assert code is None, f"answered {code}, to be done"

    def count(self, what):
        self.happened[what] += 1

    def asks(self, name, number, pointer):
        """The call that moves a pointer, in one of its spellings."""
        version = (number, str(number), f"0{number}")[self.serial % 3]
        if pointer == ALIAS:
            return lambda: self.store.set_registered_model_alias(name, "champion", version)
        stage = ("Production", "pRODUCTION")[self.serial % 2]
        return lambda: self.store.transition_model_version_stage(name, version, stage, bool(self.serial % 2))

    # -- evidence --------------------------------------------------------------------------------------------------------

    def version(self, name, back):
        """The `back`-th newest version, None if there is no such."""
        found = sorted(self.oracle.models.get(name, Model()).versions, reverse=True)
        return found[min(back, len(found) - 1)] if found else None

    def has(self, name=MAIN):
        return bool(self.oracle.models.get(name, Model()).versions)

    def create(self, name, content):
        number = int(self.world.register(name, content))
        self.oracle.models.setdefault(name, Model()).versions[number] = Version(Run(content, content))
        return number

    def write(self, name, number, kind, compared, **judged):
        """Sign and upload a certificate of what lies there now; `judged` are the rows that judged it, as which attempt, and how."""
        self.serial += 1
        run = self.oracle.models[name].versions[number].run
        against = self.against(name, number, compared)
        fails = frozenset({kind.removeprefix("fails ") if against else "first model"} if kind.startswith("fails") else ())
        issued, expires = self.oracle.now + self.serial / 360_000, self.oracle.now + (SHORT if kind == "short" else LONG)
        made = self.world.certificate(number, model=name, champion=against, rows=self.scores(fails, first=not against))
        made = replace(made, issued=hours(issued), expires=hours(expires), scorecard=self.counted(made.scorecard, **judged) if judged else made.scorecard)
        pair = self.stranger if kind == "stranger" else self.world.key
        signed = unsigned(made) if kind == "unsigned" else sign(made, key=pair.public, by=pair.sign)
        self.world.upload(number, signed, model=name)
        other = against and (against, self.oracle.models[name].versions[against].run.content)
        about = {**judged, "compared": other or None, "fails": fails, "issued": issued, "expires": expires, "digest": signed.identity, "file": signed.file_name}
        signer = kind if kind in {"unsigned", "stranger"} else "ci"
        run.papers.append(Paper(subject=(name, number), content=run.content, signer=signer, **about))
        self.count(f"certify {kind}")
        if compared != "champion":
            self.count("certify compared with a former champion or none")

    def counted(self, card, *, rows, model, attempt, loose):
        """The scorecard as one of an attempt on these rows, at what that has to spend or at what the first one had."""
        confidence = 0.95 if loose else spent(0.95, attempt)
        drawn = tuple(replace(one, confidence=confidence) for one in card.rows)
        return replace(card, rows=drawn, judged_digest=rows, judged_model=model, attempt=attempt, confidence=0.95)

    def announces(self, number, rows, model, how):
        """Say that rows have judged a model; it counts once, and need not be signed."""
        known = self.oracle.said[MAIN].evaluated[rows]
        before = len(self.rows())
        sound = how in {"signed", "unsigned"}
        self.request("evaluate", number, how, sound, evaluated=Attempt(rows=rows, model=model))
        assert len(self.rows()) - before == (sound and model not in known) or not sound
        if sound and model not in known:
            known.append(model)

    def against(self, name, number, compared):
        model = self.oracle.models[name]
        if compared == "champion":
            return self.oracle.champion(name, ALIAS)
        others = [other for other in model.versions if other != number]
        return None if compared == "none" or not others else others[self.serial % len(others)]

    def scores(self, fails, *, first):
        if first:
            return (row("at_least", 0.6, "fail" if fails else "pass", **FIRST),)
        slices = row("no_proof_of_harm", 0.05, "fail" if "slices" in fails else "pass", slice_="carrier=EV")
        return (row(status="fail" if "overall" in fails else "pass"), slices)

    @property
    def stranger(self):
        return signing.load_key("stranger", folder=self.world.home / "keys") or signing.new_key("stranger", folder=self.world.home / "keys")

    # -- moving a pointer ------------------------------------------------------------------------------------------------

    def moves(self, name, number, pointer, user, meanwhile=None):
        """Ask for a move; `meanwhile` is what somebody does between the judging and the lock."""
        self.serial += 1
        self.who = user
        ask, replaced = self.asks(name, number, pointer), self.replaced(name, pointer)
        paper = self.oracle.models[name].versions[number].run.paper((name, number))
        grounds, lengths = [self.oracle.judge(name, number, pointer, user)], [len(self.rows())]

        def interrupt():
            meanwhile()
            self.who = user
            lengths.append(len(self.rows()))
            moved = self.replaced(name, pointer) != replaced
            grounds.append("refused" if "refused" in grounds else "conflict" if moved else self.oracle.judge(name, number, pointer, user))

        self.meanwhile = meanwhile and interrupt
        code = self.call(ask)
        assert self.meanwhile is None, "nothing was judged before the lock"
        self.answers(grounds[-1], name, number, pointer, code, lengths[-1])
        if grounds[-1] not in {"stands", "conflict"}:
            self.oracle.hears(name, number, paper)
        self.count(f"promote by {pointer.partition(' ')[0]}: {' becomes '.join(dict.fromkeys(grounds))}")
        return grounds[-1]

    def replaced(self, name, pointer):
        """What a conflict is about: the champion, and where the pointer itself stands."""
        return self.oracle.champion(name, pointer), self.oracle.models[name].stands.get(pointer)

    def answers(self, ground, name, number, pointer, code, length):
        """The call was answered as the ground says, and what it did is written down as it was."""
        wanted = {"refused": "PERMISSION_DENIED", "conflict": "RESOURCE_CONFLICT"}.get(ground)
        assert code == wanted, f"{pointer} to v{number} of {name}: answered {code or 'yes'}, to be {ground}"
        written = [found for found in self.rows()[length:] if found.kind != "rules changed"]
        if ground in PASSES and ground != "stands":
            self.moved(ground, name, number, pointer, written)
        else:
            assert [found.kind for found in written] == (["refused"] if ground == "refused" else [])
            if (ground, pointer) == ("stands", STAGE):
                self.oracle.models[name].production = {number}
        self.grounds[ground] += 1

    def moved(self, ground, name, number, pointer, written):
        previous = self.oracle.champion(name, pointer)
        pointers = self.oracle.move(name, number, pointer)
        assert len(written) == 1, f"{len(written)} rows were written"
        found = written[0]
        assert (found.kind, found.version, found.who) == ("rolled back" if ground == "rollback" else "promoted", str(number), self.who)
        assert found.previous == (previous and str(previous))
        assert set(found.target.split(", ")) == pointers
        assert found.model_digest == self.world.digest(number, name)
        assert ("waived" in found.detail) == (ground == "waiver")
        self.count(f"both pointers move: {len(pointers) == 2}")

    def formers(self):
        model, said = self.oracle.models.get(MAIN, Model()), self.oracle.said[MAIN]
        return sorted(number for number in model.versions if said.stood.get(number) and number not in model.stands.values())

    def leave_a_reason(self, number):
        from mlflow.entities.model_registry import ModelVersionTag

        self.allows(lambda: self.store.set_model_version_tag(MAIN, number, ModelVersionTag("kf.reason", "umbrellas")))
        self.oracle.models[MAIN].versions[number].reason = True

    # -- what people say -------------------------------------------------------------------------------------------------

    def approves(self, name, number, user, value):
        from mlflow.entities.model_registry import ModelVersionTag

        self.who = user
        version = self.oracle.models[name].versions[number]
        paper = version.run.paper((name, number))
        sound = paper is not None and paper.content == version.run.content and value != "challenger"
        (self.allows if sound else self.refuses)(lambda: self.store.set_model_version_tag(name, number, ModelVersionTag("approve", value)))
        if sound:
            self.oracle.said[name].approved[number].append((user, paper.digest))
        self.count(f"approve: {sound}")

    def withdraws(self, name, number, user):
        """Who deletes the tag withdraws the own approvals; where nobody is known, everybody's."""
        self.who = user
        approved = self.oracle.said[name].approved[number]
        left = [(by, paper) for by, paper in approved if user not in {"anonymous", by}]
        sound = len(left) < len(approved) or not left
        (self.allows if sound else self.refuses)(lambda: self.store.delete_model_version_tag(name, number, "approve"))
        self.count(f"withdraw: {len(left) < len(approved)}")
        self.oracle.said[name].approved[number] = left

    def requests(self, number, user, value):
        """Who asks for a move: for a pointer that stands elsewhere, on evidence, and not beside another's open request on the same."""
        from mlflow.entities.model_registry import ModelVersionTag

        self.who = user
        version, said = self.oracle.models[MAIN].versions[number], self.oracle.said[MAIN]
        paper = version.run.paper((MAIN, number))
        pointer = {"champion": ALIAS, "Production": STAGE}.get(value.partition(":")[0])
        sound = paper is not None and paper.content == version.run.content and pointer is not None
        sound = sound and self.oracle.models[MAIN].stands.get(pointer) != number
        other, on = self.oracle.open_request(MAIN, number)
        sound = sound and not (other and on == paper.digest and user not in {"anonymous", other.who})
        (self.allows if sound else self.refuses)(lambda: self.store.set_model_version_tag(MAIN, number, ModelVersionTag("request-move", value)))
        if sound:
            said.requests[number][paper.digest], said.requested[number] = Asked(user, pointer), paper.digest
        self.count(f"request: {sound}")

    def takes_back(self, number, user, *, by_value):
        """Who asked takes the request back, by the tag's value or by deleting the tag; where nobody is known, anybody does."""
        from mlflow.entities.model_registry import ModelVersionTag

        self.who = user
        asked, digest = self.oracle.open_request(MAIN, number)
        mine = asked is not None and (user == asked.who or "anonymous" in {user, asked.who})
        if by_value:
            (self.allows if mine else self.refuses)(lambda: self.store.set_model_version_tag(MAIN, number, ModelVersionTag("request-move", "withdraw")))
        else:
            sound = mine or asked is None
            (self.allows if sound else self.refuses)(lambda: self.store.delete_model_version_tag(MAIN, number, "request-move"))
        if mine:
            del self.oracle.said[MAIN].requests[number][digest]
        self.count(f"take a request back: {mine}")

    def rejects(self, number, user):
        from mlflow.entities.model_registry import ModelVersionTag

        self.who = user
        asked, _ = self.oracle.open_request(MAIN, number)
        (self.allows if asked else self.refuses)(lambda: self.store.set_model_version_tag(MAIN, number, ModelVersionTag("reject", "not yet")))
        if asked:
            asked.rejected = True
            approved = self.oracle.said[MAIN].approved
            approved[number] = [(by, paper) for by, paper in approved[number] if by != user]
        self.count(f"reject: {asked is not None}")

    def lists_requests(self):
        """What the server lists is what is open, of the versions that are there; newer evidence leaves one behind."""
        answer = self.store.get_model_version_by_alias(MAIN, REQUESTS).tags[ANSWER]
        listed = {int(one.version): (one.who, one.target, one.lapsed) for one in from_json(PendingRequests, answer).requests}
        wanted = {}
        for number, version in self.oracle.models[MAIN].versions.items():
            asked, digest = self.oracle.open_request(MAIN, number)
            if asked is not None:
                paper = version.run.paper((MAIN, number))
                wanted[number] = (asked.who, asked.pointer, paper is None or paper.digest != digest)
        assert listed == wanted, f"listed {listed}, open are {wanted}"

    def waives(self, number, wanted, days, how):
        paper = self.oracle.models[MAIN].versions[number].run.paper((MAIN, number))
        until = self.oracle.now + days * HOURS + 0.25
        allowed = wanted in WAIVABLE and 0 < days <= WAIVED_DAYS and paper is not None and how == "well"
        allowed = allowed and wanted in self.oracle.failing(MAIN, number, paper)
        certificate = paper.digest if paper else "sha256:none"
        self.request("waive", number, how, allowed, rule=wanted, until=hours(until), certificate=certificate)
        if allowed:
            self.oracle.said[MAIN].waived[number, wanted] = (paper.digest, until)

    def adopts(self, number, how, *, looked):
        allowed = how == "well" and looked and bool(self.oracle.adoptable(MAIN, number))
        self.request("adopt", number, how, allowed, model_digest=self.world.digest(number, MAIN) if looked else "sha256:other")
        if allowed:
            pointers = self.oracle.adopt(MAIN, number)
            assert set(self.rows()[-1].target.split(", ")) == pointers
            self.grounds["adoption"] += 1

    def request(self, verb, number, how, allowed, **about):
        """Send a request, signed well or in one of the ways that must not count."""
        self.serial += 1
        pair = self.stranger if how == "stranger" else self.world.key
        issued = self.oracle.now - (1 if how == "stale" else 0)
        subject = NEIGHBOUR if how == "another model" else MAIN
        reason = " " if how == "no reason" else "because"
        version = None if number is None else str(number)
        values = {"workspace": "default", "reason": reason, "by": "ci", "issued": hours(issued), "nonce": str(self.serial)}
        request = Request(verb=verb, model=subject, version=version, **values, **about)
        statement = stated("request", request) if how == "unsigned" else stated("request", request, key=pair.public, by=pair.sign)
        act = self.sends(verb, number, statement.text)
        (self.allows if allowed else self.refuses)(act)
        if allowed:
            self.sent = (verb, number, act)
            assert verb == "evaluate" or self.rows()[-1].kind == {"waive": "waived", "adopt": "adopted", "retire": "retired"}[verb]
        self.count(f"{verb}: {allowed}")

    def sends(self, verb, number, text):
        from mlflow.entities.model_registry import ModelVersionTag, RegisteredModelTag

        if number is None:
            return lambda: self.store.set_registered_model_tag(MAIN, RegisteredModelTag(f"request-{verb}", text))
        return lambda: self.store.set_model_version_tag(MAIN, number, ModelVersionTag(f"request-{verb}", text))

    # -- what holds after every step -------------------------------------------------------------------------------------

    @invariant()
    def all_holds(self):
        if not hasattr(self, "oracle"):
            return
        assert self.problems == []
        self.tables = {name: self.registry(name) for name in (MAIN, NEIGHBOUR, SPARE, FREE)}
        self.the_registry_is_what_it_must_be()
        self.there_is_one_champion_and_it_has_a_ground()
        self.the_journal_explains_the_registry()

    def the_registry_is_what_it_must_be(self):
        for name, found in self.tables.items():
            model = self.oracle.models.get(name, Model())
            assert found == (model.alias, model.production), name

    def there_is_one_champion_and_it_has_a_ground(self):
        for name in (MAIN, NEIGHBOUR, SPARE):
            alias, production = self.tables[name]
            if self.oracle.unexplained(name):
                continue
            assert len(production | {alias} - {None}) <= 1, f"{name}: {alias} and {production}"
            assert all(self.oracle.said[name].stood[number] for number in production | {alias} - {None})

    def the_journal_explains_the_registry(self):
        rows = self.rows()
        assert broken(self.links(), after=None) is None
        for name in (MAIN, NEIGHBOUR, SPARE):
            told = [found for found in rows if found.model == name]
            assert {pointer: int(found.version) for pointer, found in fold(told).items()} == self.oracle.said[name].pointers
            alias, production = self.tables[name]
            held = {ALIAS: [str(alias)] if alias else (), STAGE: [str(number) for number in sorted(production)]}
            held = {pointer: versions for pointer, versions in held.items() if versions}
            assert {pointer for pointer, _ in unexplained(held, told, created=self.created(name))} == self.oracle.unexplained(name)

    def rows(self):
        return [link.row for link in self.links()]

    def links(self):
        """The journal as it lies in its table; a row that was read before, and is as it was, is not parsed again."""
        with closing(sqlite3.connect(self.database)) as connection:
            if not connection.execute("select 1 from sqlite_master where name = 'keepfit_journal'").fetchone():
                return []
            found = connection.execute("select * from keepfit_journal order by id")
            names = [column for column, *_ in found.description]
            return [parsed(row, tuple(names)) for row in found]

    def created(self, name):
        with closing(sqlite3.connect(self.database)) as connection:
            found = connection.execute("select version, creation_time from model_versions where name = ?", (name,)).fetchall()
        return {str(version): str(created) for version, created in found}

    def registry(self, name):
        """Alias and Production as they lie in the tables."""
        with closing(sqlite3.connect(self.database)) as connection:
            alias = connection.execute("select version from registered_model_aliases where name = ? and alias = 'champion'", (name,)).fetchone()
            stage = connection.execute("select version from model_versions where name = ? and current_stage = 'Production'", (name,)).fetchall()
        return (alias[0] if alias else None), {version for (version,) in stage}
