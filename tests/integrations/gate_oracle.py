"""What the gate promises, in the words of its documents, over what a test itself has done: no line of it asks the gate.

A champion stands on a certificate of someone trusted for exactly its bytes, or on a waiver, or as a former champion that came
back, or because it was adopted. Times are hours since the test began; `content` names a model's bytes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Literal

ALIAS, STAGE = "alias champion", "stage Production"
PAIR = (ALIAS, STAGE)
PROTECTED = "flights-"
WAIVABLE = ("overall", "slices", "expires", "first model")
WAIVED_DAYS = 3
HOURS = 24

Ground = Literal["certificate", "waiver", "rollback", "adoption", "stands", "refused", "conflict"]
PASSES: tuple[Ground, ...] = ("certificate", "waiver", "rollback", "stands")


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A certificate: about which version and bytes, by whom, compared with what; which rules it fails; when it ends.

    `rows` judged `model` as their `attempt`, at what such a one has to spend unless it is `loose`; without rows it is of before they were counted.
    """

    subject: tuple[str, int]
    content: str
    signer: str
    compared: tuple[int, str] | None
    fails: frozenset[str]
    issued: float
    expires: float
    digest: str
    file: str
    rows: str = ""
    model: str = ""
    attempt: int = 1
    loose: bool = False

    @property
    def trusted(self):
        """Signed by the one key that the rules name, and not touched since."""
        return self.signer == "ci"


@dataclass
class Run:
    """What lies in an MLflow run: a model's bytes and the certificates beside it. Copies of a version share it."""

    content: str
    original: str
    papers: list = field(default_factory=list)

    def paper(self, subject):
        """The certificate that counts: the newest that is trusted, those about this version first."""
        found = [paper for paper in self.papers if paper.trusted]
        return max(found, key=lambda paper: (paper.subject == subject, paper.issued), default=None)


@dataclass
class Version:
    """A version of a model; `reason` is whether the reason of a rollback was left on it."""

    run: Run
    reason: bool = False


@dataclass
class Model:
    """A registered model as it lies in the tables: its live versions, its alias, who is in Production."""

    versions: dict = field(default_factory=dict)
    alias: int | None = None
    production: set = field(default_factory=set)

    @property
    def stands(self):
        """Where each pointer stands; of several in a stage the newest is served."""
        stage = max(self.production, default=None)
        return {pointer: number for pointer, number in ((ALIAS, self.alias), (STAGE, stage)) if number is not None}


@dataclass
class Asked:
    """A request for a version on one certificate: by whom, for which pointer, and whether it was rejected."""

    who: str
    pointer: str
    rejected: bool = False


@dataclass
class Said:
    """What was written down about a name: where its pointers were left, with which bytes each version stood, who approved what.

    `born` is the very version that a pointer was left on: its number may come again.
    `requests` are those that were not granted nor taken back, by version and certificate; `requested` is the certificate of a version's last one.
    `evaluated` are the models that rows have judged, in the order in which that was announced.
    `heard` is when the newest certificate was issued by which a version was judged: an older one does not speak again.
    """

    pointers: dict = field(default_factory=dict)
    born: dict = field(default_factory=dict)
    stood: dict = field(default_factory=lambda: defaultdict(list))
    adopted: dict = field(default_factory=lambda: defaultdict(set))
    waived: dict = field(default_factory=dict)
    approved: dict = field(default_factory=lambda: defaultdict(list))
    requests: dict = field(default_factory=lambda: defaultdict(dict))
    requested: dict = field(default_factory=dict)
    spent: set = field(default_factory=set)
    heard: dict = field(default_factory=dict)
    evaluated: dict = field(default_factory=lambda: defaultdict(list))


@dataclass
class Oracle:
    """The registry and its history as they must be, and what must be answered."""

    approvals: int
    reason_required: bool
    movers: tuple[str, ...] = ()  # empty: everybody
    now: float = 0.0
    models: dict = field(default_factory=dict)
    said: dict = field(default_factory=lambda: defaultdict(Said))

    def hears(self, name, number, paper):
        """A version was judged by a certificate of its own, and that was written down."""
        if paper is not None and paper.subject == (name, number):
            heard = self.said[name].heard
            heard[number] = max(heard.get(number, paper.issued), paper.issued)

    # -- what must be answered ------------------------------------------------------------------------------------------------

    def judge(self, name, number, pointer, who) -> Ground:
        """On what the pointer may move to the version; `stands` where it is there already."""
        model, version = self.models[name], self.models[name].versions[number]
        if model.stands.get(pointer) == number:
            return "stands"
        paper = version.run.paper((name, number))
        speaks = paper is not None and paper.content == version.run.content and paper.subject == (name, number)
        may = not self.movers or who in self.movers
        if speaks and may and (green := self._green(name, number, pointer, who, paper)):
            return green
        back = speaks and version.run.content in self.said[name].stood[number]
        if back or version.run.content in self.said[name].adopted[number]:
            return "rollback" if version.reason or not self.reason_required else "refused"
        return "refused"

    def _green(self, name, number, pointer, who, paper) -> Ground | None:
        if paper.issued < self.said[name].heard.get(number, paper.issued):
            return None
        late = {"expires"} if self.now > paper.expires else set()
        missing = {*paper.fails, *late, *self._too_early(name, paper)}
        waived = missing & self._waived(name, number, paper)
        if self._rejected(name, number, paper) or missing - waived or self.unexplained(name) or not self._approved(name, number, who, paper):
            return None
        if not self._compared(name, number, pointer, paper):
            return None
        return "waiver" if waived else "certificate"

    def failing(self, name, number, paper):
        """The rules that refuse a move of a pointer to the version by this certificate, of those that may be waived."""
        late = {"expires"} if self.now > paper.expires else set()
        return late.union(self._too_early(name, paper), *(self._failing(name, number, pointer, paper) for pointer in PAIR))

    def _too_early(self, name, paper):
        """Judged as an earlier attempt on its rows than were announced, or at an error that so late a one has not to spend."""
        known = self.said[name].evaluated[paper.rows] if paper.rows else []
        place = known.index(paper.model) + 1 if paper.model in known else len(known) + 1
        return {"attempts"} if paper.rows and (paper.attempt < place or (paper.loose and paper.attempt > 1)) else set()

    def _failing(self, name, number, pointer, paper):
        """A first model's judgement has no rows for a comparison, where a champion stands that it would replace."""
        champion = self.champion(name, pointer)
        stood = self.said[name].stood[champion] if champion is not None else []
        itself = champion == number and (not stood or stood[-1] == self.models[name].versions[number].run.content)
        if paper.compared is not None or champion is None or itself:
            return paper.fails
        return {"overall", "slices"}

    def _compared(self, name, number, pointer, paper):
        """The champion compared with is the one that is replaced, in number and bytes; a champion is not compared with itself."""
        champion = self.champion(name, pointer)
        if champion is None:
            return paper.compared is None
        bytes_then = self.said[name].stood[champion][-1]
        return paper.compared == (champion, bytes_then) or (champion == number and bytes_then == paper.content)

    def _waived(self, name, number, paper):
        kept = self.said[name].waived
        return {rule for (who, rule), (digest, until) in kept.items() if (who, digest) == (number, paper.digest) and until > self.now}

    def _approved(self, name, number, who, paper):
        """Neither who asks nor who requested it approves; where nobody is known, anybody's approval is as good as another's."""
        by = {approver for approver, digest in self.said[name].approved[number] if digest == paper.digest}
        asked = self.said[name].requests[number].get(paper.digest)
        requester = {asked.who} if asked and not asked.rejected else set()
        return len(by if who == "anonymous" else by - {who, "anonymous"} - requester) >= self.approvals

    def _rejected(self, name, number, paper):
        """A rejected request refuses by its certificate, until somebody asks again."""
        asked = self.said[name].requests[number].get(paper.digest)
        return asked is not None and asked.rejected

    def open_request(self, name, number):
        """The last request for a version and its certificate, if it is open."""
        digest = self.said[name].requested.get(number)
        asked = self.said[name].requests[number].get(digest)
        return (asked, digest) if asked and not asked.rejected else (None, None)

    def _grant(self, said, number, pointers):
        """An open request ends where its pointer comes to stand on the version."""
        kept = said.requests[number].items()
        said.requests[number] = {digest: asked for digest, asked in kept if asked.rejected or asked.pointer not in pointers}

    def champion(self, name, pointer):
        """What a move of the pointer replaces: where it stands, else where its partner does."""
        stands = self.models[name].stands
        return stands.get(pointer, next((stands[each] for each in PAIR if each in stands), None))

    def unexplained(self, name):
        """The pointers that do not stand where they were left, or that more than one version holds."""
        model = self.models.get(name, Model())
        said = self.said[name]
        found = {pointer for pointer in PAIR if model.stands.get(pointer) != said.pointers.get(pointer)}
        found |= {pointer for pointer, number in model.stands.items() if model.versions[number] is not said.born.get(pointer)}
        return found | ({STAGE} if len(model.production) > 1 else set())

    def protects(self, name):
        """Whether the rules speak about a name."""
        return name.startswith(PROTECTED)

    # -- what happens ---------------------------------------------------------------------------------------------------------

    def move(self, name, number, pointer):
        """The pointer moves to the version and its partner, where it stands, follows."""
        model, said = self.models[name], self.said[name]
        moved = {pointer, *(other for other in PAIR if other != pointer and self._holders(model, other) - {number})}
        for each in moved:
            self._put(model, each, number)
            said.pointers[each], said.born[each] = number, model.versions[number]
        said.stood[number].append(model.versions[number].run.content)
        self._grant(said, number, moved)
        model.versions[number].reason = False
        return moved

    def _holders(self, model, pointer):
        return model.production if pointer == STAGE else {model.alias} - {None}

    def _put(self, model, pointer, number):
        if pointer == ALIAS:
            model.alias = number
        else:
            model.production = {number}

    def adoptable(self, name, number):
        """The pointers that the version holds, and that are unexplained, or that it was left with other files."""
        stood = self.said[name].stood[number]
        changed = bool(stood) and stood[-1] != self.models[name].versions[number].run.content
        return {pointer for pointer in (PAIR if changed else self.unexplained(name)) if number in self._holders(self.models[name], pointer)}

    def adopt(self, name, number):
        """Every pointer that stands on the version unexplained is taken in; it is the champion alone, so the other one follows."""
        model, said = self.models[name], self.said[name]
        taken = self.adoptable(name, number)
        taken |= {pointer for pointer in PAIR if self._holders(model, pointer) - {number}}
        for pointer in taken:
            self._put(model, pointer, number)
            said.pointers[pointer], said.born[pointer] = number, model.versions[number]
        said.stood[number].append(model.versions[number].run.content)
        self._grant(said, number, taken)
        said.adopted[number].add(model.versions[number].run.content)
        return taken

    def retire(self, name):
        """No pointer stands any more, and none is missed."""
        model, said = self.models[name], self.said[name]
        model.alias, model.production = None, set()
        said.pointers.clear()

    def drop(self, name, number):
        """A version is deleted, and what stood on it falls."""
        model = self.models[name]
        del model.versions[number]
        model.production.discard(number)
        model.alias = None if model.alias == number else model.alias
