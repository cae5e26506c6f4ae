"""What a queue asks for, in a few lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from keepfit.records.labels import Queue, Selected
from keepfit.report.label_sheet import answers
from keepfit.report.tables import inline, number

SLICES = 8
WHY: dict[Selected, str] = {
    "random": "drawn by chance from all rows that waited",
    "active": "chosen by the strategy",
    "ticket": "drawn by chance from the slice",
}


def queue_report(queue: Queue, remarks: Sequence[str]) -> str:
    """Return Markdown: how many rows of what, why they were selected, which answers are allowed."""
    counts = Counter(row.selected for row in queue.rows)
    of = f" of {_of(queue.population)} that could be asked about" if queue.population is not None else ""
    where = f", in {', '.join(map(inline, queue.windows[:3]))}{' …' if len(queue.windows) > 3 else ''}" if queue.windows else ""
    lines = [f"**queue {inline(queue.name)}: {_of(len(queue.rows))}{of}{where}**", ""]
    lines += [f"- {number(counts[kind])} {said}" for kind, said in WHY.items() if counts[kind]]
    lines += [f"- strategy {inline(queue.strategy)}, seed {queue.seed}{f'; slice {inline(queue.slice)}' if queue.slice else ''}"]
    lines += [f"- answers: {inline(answers(queue.classes))}", *(f"- {inline(one)}" for one in remarks)]
    return "\n".join(lines) + "\n"


def _of(rows: int) -> str:
    return f"{number(rows)} {'row' if rows == 1 else 'rows'}"
