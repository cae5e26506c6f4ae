"""The record of an evaluation outside a project: of which bytes, on which rows, by which rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated

from keepfit.records import form
from keepfit.records.form import record


@record
class Evaluation:
    """`evaluation.json`, beside the `scorecard.json` whose sha256 is `scorecard`: what `keepfit certify --evaluation` reads and signs.

    `data` maps the table's name to the sha256 of its file, or of its folder's files; `table` is where it lies, `target` the column of its labels. `asked` is
    what else was said of it on the command line. `rules` is the digest of the gate's rules that were answered, `place` where they were read.
    `suites` maps the files of declared tests to their sha256.
    """

    schema: int = 1
    model: str
    version: str
    model_id: str | None
    model_digest: str
    table: str
    target: str
    data: Mapping[str, str]
    asked: Mapping[str, str]
    rules: str
    place: str
    scorecard: str
    notes: tuple[str, ...] = ()
    suites: Annotated[Mapping[str, str], form.LATER] = field(default_factory=dict)
