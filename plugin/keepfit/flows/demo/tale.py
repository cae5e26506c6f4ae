"""A project living through a year: what a person on call, a reviewer and a domain expert would type, month by month.

Every decision is taken by the commands; the tale only reads their answers and types what they say comes next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from keepfit.flows.demo.shell import DemoError, Done, Shell
from keepfit.flows.project import Project
from keepfit.integrations.mlflow.client import Mlflow
from keepfit.integrations.yaml_files import put
from keepfit.records import Message, Reason, Scorecard, from_data, from_json
from keepfit.records.suggestion import Suggestion
from keepfit.report.forgetting import forgetting_summary
from keepfit.report.story import StoryRow
from keepfit.report.suggestion import changed_lines

MONITOR_CODES = (0, 3, 4)
REFUSED = 3
UNDECIDED = 4
SHOWN = 6
IMPACT_LINES = 12
MESSAGES = ".keepfit/messages.jsonl"
"""Where the subscriber of the demo has its messages."""
WISH, PROPOSAL, PROPOSED_FROM = "request-improve", "would a model of the newest month alone not be better?", "2013-10"


@dataclass
class Tale:
    """One model's project and what has happened in it so far; `until` is the end of what may be looked at."""

    shell: Shell
    model: str
    note: Callable[[str], None]
    rows: list[StoryRow] = field(default_factory=list)
    champion: str = "1"
    proposed: bool = False
    heard: int = 0

    # -- January --------------------------------------------------------------------------------------------------------

    def first_model(self, month: str) -> None:
        """Train, certify and promote version 1: there is no later month yet, so absolute bounds judge it on held-out rows of its own."""
        self.shell.dvc("repro")
        self.shell.commit("The first model")
        self.promote("1")
        pin = Project(self.shell.folder).baseline.champion
        assert pin is not None
        self.rows.append(
            StoryRow(
                month=month,
                decision="improve",
                candidate="1",
                verdict="promoted",
                reasons=("same-period: a first model is judged on its own month's held-out rows, by absolute bounds only",),
                champion="1",
                value=pin.value,
            )
        )
        self.note(f"version 1 serves; {pin.metric} {pin.value:.3f} on held-out rows of its own month (same-period, absolute bounds only)")

    # -- every month after ----------------------------------------------------------------------------------------------

    def monitor(self, until: date) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Look at what closed until then; return the windows and the tickets of `keepfit monitor --json`."""
        told = self.shell.keepfit("monitor", "--until", until.isoformat(), "--json", codes=MONITOR_CODES).data
        return told["windows"], told["tickets"]

    def live(self, until: date) -> None:
        """Up to a day: monitor, and do what the newest window's decision asks for."""
        windows, tickets = self.monitor(until)
        told = {row.month for row in self.rows}
        fresh = [self.row(window) for window in windows if window["window"] not in told]
        if not fresh:
            raise DemoError(f"monitor says nothing new until {until}", where=str(self.shell.folder))
        self.rows += fresh[:-1]
        for row in fresh:
            self.note(f"{row.month}: {row.decision}" + (f", {row.ground}: {row.reasons[0]}" if row.ground and row.reasons else ""))
        self.rows.append(self.act(fresh[-1], tickets, until))
        if not self.proposed and fresh[-1].month >= PROPOSED_FROM and self.rows[-1].decision == "continue":
            self.propose(fresh[-1], until)
        self.messages()

    def messages(self) -> None:
        """Note the first line of each message that came since the last look, as whoever is on call would have read it."""
        self.shell.keepfit("hooks", "run")
        file = self.shell.folder / MESSAGES
        lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
        for line in lines[self.heard :]:
            self.note(f"message: {from_json(Message, line).title}")
        self.heard = len(lines)

    def act(self, row: StoryRow, tickets: list[dict[str, Any]], until: date) -> StoryRow:
        """Do what a decision asks for, if its ticket is open; return what became of it."""
        if not any(each["id"] == row.ticket and each["status"] == "open" for each in tickets):
            return row
        if row.decision == "inspect" and row.ground == "harm":
            return self.looked_at(row)
        if row.decision == "inspect":
            return self.inspect(row, until)
        return self.roll_back(row) if row.decision == "rollback" else self.improve(row)

    def row(self, line: dict[str, Any]) -> StoryRow:
        """The month's row as far as monitor knows it."""
        return StoryRow(
            month=line["window"],
            decision=line["decision"],
            ground=line["ground"],
            ticket=line["ticket"],
            reasons=tuple(line["reasons"]),
            champion=line["champion"],
            value=line["value"],
        )

    # -- improve --------------------------------------------------------------------------------------------------------

    def improve(self, row: StoryRow) -> StoryRow:
        """Retrain on a branch; merge, certify and promote what passed, certify and show the refusal of what did not."""
        made = self.shell.keepfit("improve", str(row.ticket), "--json").data
        self.note(f"candidate v{made['version']} on {made['branch']}: {made['verdict']}")
        self.remembered(made["branch"])
        if made["passed"]:
            return self.accept(row, made)
        self.shell.keepfit("certify", self.model, made["version"], "--ref", made["branch"])
        refusal = self.shell.keepfit("promote", self.model, made["version"], codes=(REFUSED,))
        refused = self.refused(row, made["version"])
        self.shell.keepfit("resolve", str(row.ticket), "--reason", f"v{made['version']} was refused: {refused.reasons[0]}"[:300])
        self.note(f"REFUSED by the server: {refusal.sentence}")
        return refused

    def remembered(self, branch: str) -> None:
        """Say what the candidate of a branch has forgotten: which past windows' frozen holdouts it is worse on than the champion, by more than is allowed."""
        card = from_json(Scorecard, self.shell.git("show", f"{branch}:reports/scorecard.json").out.encode(), where="reports/scorecard.json")
        if any(row.status == "fail" for row in card.rows_of("past")):
            self.note(forgetting_summary(card).replace("*", ""))

    def accept(self, row: StoryRow, made: dict[str, Any]) -> StoryRow:
        """Merge, certify, promote and pin what passed, in one call; what is undecided is approved by a person who has read the interval."""
        approval = ("--approve", "--reason", str(made["verdict"])) if "--approve" in made["next"][1] else ()
        if approval:
            self.note(f"nothing failed; a person reads the interval and approves: {made['verdict']}")
        done = self.shell.keepfit("accept", str(row.ticket), "--yes", "--json", *approval, codes=(0, REFUSED, UNDECIDED))
        if done.code:
            self.note(f"REFUSED by the server: {done.data['why']}")
            return self.refused(row, made["version"])
        self.champion = made["version"]
        return replace(row, candidate=made["version"], verdict="promoted", reasons=(made["verdict"],))

    def promote(self, version: str) -> Done:
        """Certify what is merged, ask the server, and pin the new champion if it agreed."""
        self.shell.keepfit("certify", self.model, version)
        done = self.shell.keepfit("promote", self.model, version, codes=(0, REFUSED))
        if done.code == REFUSED and self.shell.keepfit("gate", "explain", self.model, version, codes=(0, REFUSED, UNDECIDED)).code == UNDECIDED:
            self.note(f"nothing failed; a person reads the interval and approves: {done.sentence}")
            self.shell.keepfit("approve", self.model, version)
            done = self.shell.keepfit("promote", self.model, version, codes=(0, REFUSED))
        if done.code == REFUSED:
            self.note(f"REFUSED by the server: {done.sentence}")
            return done
        self.pin(version)
        return done

    def pin(self, version: str) -> None:
        """Pin the registry's champion in the project."""
        self.shell.keepfit("sync")
        self.shell.commit(f"Pin {self.model} version {version}")
        self.champion = version

    def refused(self, row: StoryRow, version: str) -> StoryRow:
        """The row with every blocking reason of the gate, and the slices that they name."""
        told = self.shell.keepfit("gate", "explain", self.model, version, "--json", codes=(0, REFUSED, 4)).data
        blocking = [reason for reason in (from_data(Reason, each) for each in told["verdict"]["reasons"]) if reason.blocking]
        texts = tuple(reason.text for reason in blocking) or ("the server refused; see the version's page",)
        slices = tuple(dict.fromkeys(reason.slice for reason in blocking if reason.slice))
        return replace(row, candidate=version, verdict="refused", reasons=texts, slices=slices)

    def propose(self, row: StoryRow, until: date) -> None:
        """In a month that asks for nothing a colleague wants another recipe, the newest month alone: the gate says whom it would hurt."""
        self.proposed = True
        params = self.shell.folder / "params.yaml"
        params.write_text(put(params.read_text(encoding="utf-8"), "compose.recent_windows", 1), encoding="utf-8")
        self.note("# params.yaml: compose.recent_windows: 1")
        self.shell.commit("Try a model of the newest month alone")
        self.note(f"# in MLflow's UI, on v{self.champion}: tag {WISH} = {PROPOSAL}")
        Mlflow(self.shell.env["MLFLOW_TRACKING_URI"]).tag_version(self.model, self.champion, {WISH: PROPOSAL})
        _, tickets = self.monitor(until)
        asked = next(each for each in tickets if each["ground"] == "request" and each["status"] == "open")
        wished = replace(row, decision=asked["action"], ground="request", ticket=asked["id"], reasons=(PROPOSAL,))
        self.rows.append(self.improve(wished))
        self.shell.git("revert", "--no-edit", "HEAD")

    def worth(self) -> None:
        """At the year's end: what the newest merged candidate is worth, and what promotions promised and delivered."""
        said = [line for line in self.shell.keepfit("impact", self.model).out.splitlines() if line.strip()]
        for line in said[:IMPACT_LINES]:
            self.note(line)

    # -- inspect --------------------------------------------------------------------------------------------------------

    def inspect(self, row: StoryRow, until: date) -> StoryRow:
        """Broken data: a retraining is refused, a person decides, and the month is judged after all."""
        refused = self.shell.keepfit("improve", str(row.ticket), codes=(1, 2, 3))
        self.note(f"improve is refused: {refused.sentence}")
        self.suggested(row.month)
        said = "weather is missing for one day only; the airline's own data is complete"
        self.shell.keepfit("window", "accept", row.month, "--reason", said)
        self.shell.commit(f"Accept {row.month}: {said}")
        self.rows.append(replace(row, verdict="blocked", reasons=(*row.reasons[:SHOWN], f"improve refused: {refused.sentence}")))
        windows, tickets = self.monitor(until)
        after = self.row(next(window for window in windows if window["window"] == row.month))
        self.note(f"accepted by a person; then {after.decision}")
        after = replace(after, verdict="accepted", reasons=(f"accepted: {said}", *after.reasons[:SHOWN]))
        return self.act(after, tickets, until) if after.decision in ("improve", "rollback") else after

    def suggested(self, month: str) -> None:
        """What would catch the like in other columns: the first line that history suggests, six lines of its patch."""
        found = from_data(Suggestion, self.shell.keepfit("suggest", "--json").data)
        caught = [line for line in found.lines if month in line.caught]
        if not caught:
            self.note(f"no line is suggested that would have caught {month}: {len(found.lines)} others are")
            return
        self.note(f"suggested lines that would have caught {month}: {len(caught)}; {caught[0].id} {caught[0].evidence}")
        patch = from_data(Suggestion, self.shell.keepfit("suggest", "--only", caught[0].id, "--json").data).patch
        for text in changed_lines(patch):
            self.note(f"  {text}")

    def looked_at(self, row: StoryRow) -> StoryRow:
        """Sound data, a loss that is sure, and no retraining that would help: a person looks, and says so."""
        self.shell.keepfit("resolve", str(row.ticket), "--reason", "the month is harder for every model; nothing to learn from yet")
        return replace(row, verdict="looked at")

    # -- roll back ------------------------------------------------------------------------------------------------------

    def roll_back(self, row: StoryRow) -> StoryRow:
        """The champion before was better: move back to it."""
        reason = (*row.reasons, "the champion before is better")[0]
        done = self.shell.keepfit("rollback", self.model, "--reason", reason[:300])
        self.note(done.out.strip())
        self.pin(str(self._former()))
        return replace(row, candidate=self.champion, verdict="rolled back")

    def _former(self) -> str | None:
        previous = Project(self.shell.folder).baseline.previous
        return previous.version if previous else None
