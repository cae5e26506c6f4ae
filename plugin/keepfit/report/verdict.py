"""The verdict for people: a labelled Markdown block in the version's description, replaced by the next one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from keepfit.records import Reason, Verdict
from keepfit.report.tables import inline, markdown_table, plain

BEGIN = "<!-- keepfit:verdict -->"
END = "<!-- /keepfit:verdict -->"
MAX_REASONS = 40
_LINK = re.compile(r"/#/[0-9A-Za-z/._-]+")
_BLOCK = re.compile(r"\s*" + re.escape(BEGIN) + r".*?" + re.escape(END) + r"\s*", re.DOTALL)


def verdict_block(verdict: Verdict, *, page: str | None = None, max_reasons: int = MAX_REASONS) -> str:
    """Return the block: what was asked, the answer, every reason in a table, where all are; names cannot break out of it."""
    where = f" [Every reason]({page})." if page and _LINK.fullmatch(page) else ""
    attested = " Self-attested: no independent signature stands behind it." if verdict.self_attested else ""
    lines = [
        BEGIN,
        f"**keepfit gate: {inline(verdict.kind)}** as {inline(verdict.target)} (v{inline(verdict.version)}).{attested}",
        "",
        _table(verdict.reasons, max_reasons),
        f"Rules `{_code(verdict.rules)}`, certificate `{_code(verdict.certificate or 'none')}`. A copy for readers: the gate's journal is what counts.{where}",
        END,
    ]
    return "\n".join(lines)


def with_verdict(description: str | None, verdict: Verdict, *, max_chars: int, page: str | None = None) -> str:
    """Return the description with its verdict block first (what an author leaves open would swallow it); reasons are dropped until it fits.

    A description that leaves no room keeps its text and loses its block.
    """
    text = without_verdict(description)
    for rows in (MAX_REASONS, 12, 5, 0):
        block = verdict_block(verdict, page=page, max_reasons=rows)
        whole = f"{block}\n\n{text}" if text else block
        if len(whole) <= max_chars:
            return whole
    return text


def without_verdict(description: str | None) -> str:
    """Return the description without verdict blocks (a copied version must not carry another's verdict)."""
    return _BLOCK.sub("\n\n", description or "").strip()


def _table(reasons: tuple[Reason, ...], max_reasons: int) -> str:
    ordered = sorted(reasons, key=lambda reason: not reason.blocking)
    shown = ordered[:max_reasons]
    left = len(ordered) - len(shown)
    if not shown:
        return f"{left} reasons, too many for this page: keepfit gate explain\n" if left else "Every demand is met.\n"
    rows = [(reason.code, "refuses" if reason.blocking else "shown", reason.rule, reason.text, reason.value, reason.bound, reason.fix) for reason in shown]
    more = f"\n… and {left} more: keepfit gate explain\n" if left else ""
    return markdown_table(("code", "effect", "rule", "finding", "value", "bound", "what would help"), rows) + more


def _code(text: str) -> str:
    return re.sub(r"[^0-9A-Za-z:._-]", "", text)[:80]


def explanation(verdict: Verdict, demands: Sequence[tuple[Reason, str | None]], *, subject: str, rules: str, unchecked: Sequence[str] = ()) -> str:
    """Return the text of `keepfit gate explain` and `gate check`: one line a demand, below it what would make it pass.

    A demand comes with the place of its rule (`gate.yaml:14`, None: it is the gate's own); `unchecked` names demands that were
    not judged.
    """
    answer = "would pass" if verdict.promote else "would be refused"
    attested = " (self-attested)" if verdict.self_attested else ""
    lines = [plain(f"{subject} as {verdict.target}: {answer}{attested}; rules {rules}")]
    for demand, place in demands:
        lines += _demanded(demand, place)
    if unchecked:
        lines.append("  " + plain(f"not checked without the server: {', '.join(unchecked)}"))
    return "\n".join(lines)


def _demanded(demand: Reason, place: str | None) -> list[str]:
    mark = "refuses" if demand.blocking else "met" if demand.code == "KF-G000" else "shown"
    value = "" if demand.value is None else f"  value {demand.value:.4g}"
    bound = "" if demand.bound is None else f"  bound {demand.bound:.4g}"
    stems = f"  ({place})" if place else ""
    line = "  " + plain(f"{mark:8}{demand.code}  {demand.rule}: {demand.text}{value}{bound}{stems}")
    return [line, f"          → {plain(demand.fix)}"] if demand.fix and mark != "met" else [line]
