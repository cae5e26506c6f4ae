"""The verdict for people: a labelled Markdown block in the version's description, replaced by the next one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from shlex import quote

from keepfit.gate.approvals import PASSED
from keepfit.gate.history import REJECTED, REQUEST_WITHDRAWN, REQUESTED_BY, UNDECIDED
from keepfit.gate.reasons import blocking
from keepfit.gate.rules import ANONYMOUS
from keepfit.gate.times import utc
from keepfit.records import JournalRow, Reason, Verdict
from keepfit.report.tables import inline, markdown_table, plain

BEGIN = "<!-- keepfit:verdict -->"
END = "<!-- /keepfit:verdict -->"
HEAD = "**keepfit gate: "
REPLACED = "replaced"
DID = {REJECTED: "Rejected", REQUEST_WITHDRAWN: "Withdrawn"}
MAX_REASONS = 40
MAX_OUTCOME = 500
CODE_SHOWN = len("sha256:") + 12
REFUSING = ("what is not met", "what would help", "rule", "code")
FOUND = ("finding", "what would help", "rule", "code")
_LINK = re.compile(r"/#/[0-9A-Za-z/._-]+")
_BLOCK = re.compile(rf"\s*(?:^{re.escape(HEAD)}[^\n]*\n\n)?{re.escape(BEGIN)}.*?{re.escape(END)}\s*", re.DOTALL | re.MULTILINE)


def verdict_block(verdict: Verdict, row: JournalRow, *, page: str | None = None, max_reasons: int = MAX_REASONS) -> str:
    """Return the block: what happened, who asked, what is not met and what would help, where the rest is; names cannot break out of it.

    It is read by people who have never heard of keepfit. Lists show the beginning of a description, so it begins with the sentence, and the mark comes after.
    """
    lines = [
        f"{HEAD}{inline(verdict.kind)}.** {inline(outcome(verdict), max_chars=MAX_OUTCOME)}",
        "",
        BEGIN,
        "",
        _tables(verdict, max_reasons),
        f"{inline(asked(row), max_chars=MAX_OUTCOME)}{_where(verdict, page)}",
        "",
        f"A copy for readers, which anybody may edit: the gate's journal is what counts ({inline(history_of(verdict.model))}). {_grounds(verdict)}",
        END,
    ]
    return "\n".join(lines)


def outcome(verdict: Verdict) -> str:
    """Return what happened and why, in words that need no other page; names are not escaped."""
    done = f"{'moved to' if verdict.target.startswith('stage ') else 'made'} {verdict.target}"
    if verdict.kind == "rolled back":
        return f"v{verdict.version} was {done} again. It had been before, so only its files were checked: they are still those of then."
    if verdict.promote:
        return f"v{verdict.version} was {done}: {_met(verdict)} that this server has for such a move (gate.yaml).{_attested(verdict)}"
    missing = len(blocking(verdict.reasons))
    count = f"{missing} {'is' if missing == 1 else 'are'} not"
    why = f"This server allows that only for a version that meets all of its rules (gate.yaml), and {count} met."
    return f"v{verdict.version} was not {done}; nothing has changed. {why}{_attested(verdict)}"


def _met(verdict: Verdict) -> str:
    passed = any(reason.code == PASSED for reason in verdict.reasons)
    return "it failed none, and a person's approval let pass what was undecided, of the rules" if passed else "it met all rules"


def asked(row: JournalRow) -> str:
    """Return who asked and when, who had requested it, and who had approved; names are not escaped."""
    when = f"on {utc(row.at):%Y-%m-%d at %H:%M} UTC"
    did = DID.get(row.kind, "Asked for")
    nobody = f"; who {'did so' if row.kind in DID else 'asked'} is not known, as the server has no users."
    by = f"{did} {when}{nobody}" if row.who == ANONYMOUS else f"{did} by {row.who} {when}."
    requested = row.detail.get(REQUESTED_BY)
    by += f" Requested by {requested}." if requested else ""
    approvers = row.detail.get("approvers")
    undecided = row.detail.get(UNDECIDED)
    let_pass = f", which let pass what was undecided: {undecided}" if undecided else ""
    return f"{by} Approved by {approvers}{let_pass}." if approvers else by


def _attested(verdict: Verdict) -> str:
    return " Self-attested: no independent signature stands behind it." if verdict.self_attested else ""


def _where(verdict: Verdict, page: str | None) -> str:
    again = "" if verdict.promote else " When all is met, ask again in the same way."
    return again + (f" [All on one page]({page})." if page and _LINK.fullmatch(page) else "")


def history_of(model: str) -> str:
    """Return the command that shows a model's journal; the name is not escaped for a page."""
    return f"keepfit history {quote(model)}"


def explain_of(verdict: Verdict) -> str:
    """Return the command that shows every demand on the version; the name is not escaped for a page."""
    return f"keepfit gate explain {quote(verdict.model)} {verdict.version}"


def _grounds(verdict: Verdict) -> str:
    return f"Rules `{_code(verdict.rules)}`, certificate `{_code(verdict.certificate or 'none')}`."


def with_verdict(description: str | None, verdict: Verdict, row: JournalRow, *, max_chars: int, page: str | None = None) -> str:
    """Return the description with its verdict block first (what an author leaves open would swallow it); reasons are dropped until it fits.

    A description that leaves no room keeps its text and loses its block.
    """
    text = without_verdict(description)
    for rows in (MAX_REASONS, 12, 5, 0):
        block = verdict_block(verdict, row, page=page, max_reasons=rows)
        whole = f"{block}\n\n{text}" if text else block
        if len(whole) <= max_chars:
            return whole
    return text


def with_note(description: str | None, headline: str, row: JournalRow, *, max_chars: int) -> str:
    """Return the description with a short block first, in place of its verdict block: what a row says about the version, without its reasons."""
    text = without_verdict(description)
    kind, _, of = headline.partition(": ")
    said = f"Another version is {of} now: {row.text}" if kind == REPLACED else row.text
    lines = [
        f"{HEAD}{inline(kind)}.** {inline(said, max_chars=MAX_OUTCOME)}",
        "",
        BEGIN,
        "",
        f"{inline(asked(row), max_chars=MAX_OUTCOME)} Why, on which evidence: {inline(history_of(row.model))}, of which this is a copy that anybody may edit.",
        END,
    ]
    block = "\n".join(lines)
    whole = f"{block}\n\n{text}" if text else block
    return whole if len(whole) <= max_chars else text


def without_verdict(description: str | None) -> str:
    """Return the description without verdict blocks (a copied version must not carry another's verdict)."""
    return _BLOCK.sub("\n\n", description or "").strip()


def _tables(verdict: Verdict, max_reasons: int) -> str:
    """What refuses, and below it what is no obstacle; of both together as many as are allowed."""
    reasons = verdict.reasons
    refusing = blocking(reasons)
    others = [reason for reason in reasons if not reason.blocking]
    shown = refusing[:max_reasons], others[: max(max_reasons - len(refusing), 0)]
    parts = [markdown_table(REFUSING, map(cells, shown[0]))] if shown[0] else []
    if shown[1]:
        parts += ["Also found, and no obstacle:\n", markdown_table(FOUND, map(cells, shown[1]))]
    left = len(reasons) - len(shown[0]) - len(shown[1])
    return "\n".join([*parts, f"… and {left} more: {inline(explain_of(verdict))}\n"] if left else parts)


def cells(reason: Reason) -> tuple[object, ...]:
    """Return a reason's cells under `REFUSING` or `FOUND`; value and bound are in its words."""
    return (reason.text, reason.fix or None, reason.rule, reason.code)


def _code(text: str) -> str:
    return re.sub(r"[^0-9A-Za-z:._-]", "", text)[:CODE_SHOWN]


def explanation(
    verdict: Verdict, demands: Sequence[tuple[Reason, str | None]], *, subject: str, rules: str, unchecked: Sequence[str] = (), waivable: Sequence[str] = ()
) -> str:
    """Return the text of `keepfit gate explain` and `gate check`: one line a demand, below it what would make it pass.

    A demand comes with the place of its rule (`gate.yaml:14`, None: it is the gate's own); `unchecked` names demands that were
    not judged, `waivable` the rules that refuse and may be waived.
    """
    answer = "would pass" if verdict.promote else "would be refused"
    attested = " (self-attested)" if verdict.self_attested else ""
    lines = [plain(f"{subject} as {verdict.target}: {answer}{attested}; rules {rules}")]
    for demand, place in demands:
        lines += _demanded(demand, place)
    if unchecked:
        lines.append("  " + plain(f"not checked without the server: {', '.join(unchecked)}"))
    if waivable:
        command = f"keepfit waive {quote(verdict.model)} {verdict.version} --rule NAME --reason … --until DATE"
        lines.append("  " + plain(f"may be waived, by whoever has a key of gate.yaml ({command}): {', '.join(map(quote, waivable))}"))
    return "\n".join(lines)


def _demanded(demand: Reason, place: str | None) -> list[str]:
    mark = "refuses" if demand.blocking else "met" if demand.code == "KF-G000" else "shown"
    value = "" if demand.value is None else f"  value {demand.value:.4g}"
    bound = "" if demand.bound is None else f"  bound {demand.bound:.4g}"
    stems = f"  ({place})" if place else ""
    line = "  " + plain(f"{mark:8}{demand.code}  {demand.rule}: {demand.text}{value}{bound}{stems}")
    return [line, f"          → {plain(demand.fix)}"] if demand.fix and mark != "met" else [line]
