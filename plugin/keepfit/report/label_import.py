"""What an import of labels made of a file, in words."""

from __future__ import annotations

from keepfit.records import Agreement, LabelImport
from keepfit.report.tables import inline

SHOWN = 10


def label_import_report(found: LabelImport) -> str:
    """Return Markdown: what was taken, what was refused and where, on what people disagree."""
    lines = [_head(found), *_facts(found)]
    if found.refused:
        lines += [
            "",
            f"Refused ({len(found.refused):,}):",
            "",
            *(f"- {inline(one.place)}: {inline(one.row)}: {inline(one.why)}" for one in found.refused[:SHOWN]),
        ]
        lines += [f"- and {len(found.refused) - SHOWN:,} more (`--json` lists all)"] if len(found.refused) > SHOWN else []
    if found.ties:
        lines += ["", f"People disagree on {_rows(len(found.ties))}, which will be asked about again:", ""]
        lines += [f"- {inline(tie.row)}: {', '.join(f'{inline(who)} {inline(label)}' for who, label in tie.answers.items())}" for tie in found.ties[:SHOWN]]
        lines += [f"- and {len(found.ties) - SHOWN:,} more"] if len(found.ties) > SHOWN else []
    return "\n".join(lines) + "\n"


def _head(found: LabelImport) -> str:
    if found.file is not None:
        return f"{_labels(found.taken)} of {inline(found.source)} written to {inline(found.file)}."
    if found.refused and found.taken:
        return f"Nothing was written: {_answers(len(found.refused))} refused, and {_labels(found.taken)} of {inline(found.source)} could be taken."
    return f"Nothing was written: {inline(found.source)} holds no label that is new."


def _facts(found: LabelImport) -> list[str]:
    said = [
        (found.known, f"{_labels(found.known)} had been imported before"),
        (found.changed, f"{_rows(found.changed)} had another label of people before: the newer one counts"),
        (found.empty, f"{_answers(found.empty)} empty: no answer"),
        (found.repeated, f"{_answers(found.repeated)} the same twice"),
    ]
    return ["", *(f"- {text}" for count, text in said if count), *(f"- {inline(remark)}" for remark in found.remarks), *_agreement(found.agreement)]


def _agreement(found: Agreement | None) -> list[str]:
    if found is None:
        return []
    value = "undefined, as all gave one label" if found.value is None else f"{found.value:.2f}"
    return [f"- {found.measure} {value} (n = {_rows(found.rows)} that at least two of {found.annotators} people answered)"]


def _labels(count: int) -> str:
    return f"{count:,} label{'' if count == 1 else 's'}"


def refusal(found: LabelImport) -> str:
    """Return the sentence on an import that wrote nothing, as answers were refused."""
    return f"{_answers(len(found.refused))} refused, so none was taken"


def _answers(count: int) -> str:
    return f"{count:,} answer{' is' if count == 1 else 's are'}"


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"
