"""SCORECARD.md of an evaluation outside a project: the scorecard, and of which bytes and on which rows it is."""

from __future__ import annotations

from collections.abc import Sequence

from keepfit.evaluate.compare import Comparison
from keepfit.evaluate.confusions import ByClass
from keepfit.records import Evaluation, Scorecard
from keepfit.report.scorecard import scorecard_markdown
from keepfit.report.tables import inline, markdown_table

UNSEEN = {
    "known": "no row trained one of the two models",
    "unknown": "it is not known whether rows trained one of the models: one that has seen them looks better than it is",
}
DIGEST_SHOWN = 19


def evaluation_markdown(
    evaluation: Evaluation, card: Scorecard, comparisons: Sequence[Comparison] = (), by_class: ByClass | None = None, *, sections: Sequence[str] = ()
) -> str:
    """Return the page; same values, same bytes."""
    shown = scorecard_markdown(card, comparisons, by_class, sections=sections)
    return f"{shown}\n## How it was evaluated\n\n{markdown_table(('what', 'which'), _said(evaluation, card))}{_notes(evaluation)}"


def _said(evaluation: Evaluation, card: Scorecard) -> list[tuple[str, str]]:
    told = [("version", f"{evaluation.model} v{evaluation.version}, files {evaluation.model_digest[:DIGEST_SHOWN]}…")]
    if card.champion is not None:
        told.append(("against", f"{card.champion.model} v{card.champion.version}, files {card.champion.digest[:DIGEST_SHOWN]}…"))
    told += [("table", f"{name}, {sha256[:DIGEST_SHOWN]}…") for name, sha256 in evaluation.data.items()]
    told += [("tests", f"{name}, {sha256[:DIGEST_SHOWN]}…") for name, sha256 in evaluation.suites.items()]
    told += [("target", evaluation.target), *sorted(evaluation.asked.items())]
    told += [("rules", f"{evaluation.place}, {evaluation.rules[:DIGEST_SHOWN]}…"), ("training rows", UNSEEN[card.unseen or "unknown"])]
    return told


def _notes(evaluation: Evaluation) -> str:
    return "".join(f"\nNote: {inline(note)}.\n" for note in evaluation.notes)
