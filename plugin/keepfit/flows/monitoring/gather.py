"""All that is read of a window before it is judged: its rows, what a person decided, and what tools and models say of them.

What would not be looked at is not asked: a window that a person excluded, that fell silent, that has too few rows, or that its suite blocks costs no
scoring and no training.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from keepfit.flows.monitoring.silences import Silences
from keepfit.flows.project import Project
from keepfit.flows.rows.closed_windows import closed_windows
from keepfit.flows.rows.engine_windows import rows_of_closed
from keepfit.flows.rows.window_store import WindowStore
from keepfit.records import JudgedWindow, Pin, Window
from keepfit.tables.columns import id_column
from keepfit.tables.keyed import without_rows
from keepfit.tables.windows import is_of_size, rows_per_window
from keepfit.tables.written_targets import WRITTEN
from keepfit.update.gathered import Gathered, ModelAnswers

if TYPE_CHECKING:
    import pyarrow as pa

    from keepfit.flows.monitoring.champion import Served
    from keepfit.flows.monitoring.counting import Counting
    from keepfit.flows.monitoring.known_windows import KnownWindows
    from keepfit.flows.monitoring.rivals import Rivals
    from keepfit.integrations.ledger.view import LedgerView
    from keepfit.monitor.sound import Soundness
    from keepfit.tables.window_decisions import WindowDecision
    from keepfit.update.before_labels import Learned

MOST = 50_000
OF_EVALUATION = "evaluation"


@dataclass(frozen=True, kw_only=True)
class Gatherer:
    """Reads windows of one champion in one process: models, profiles and tools are loaded once."""

    project: Project
    pin: Pin
    store: WindowStore
    say: Callable[[str], None] = field(default=lambda _: None)
    _learned: dict[str, Learned | None] = field(default_factory=dict)

    def gather(self, window: Window, verdict: WindowDecision | None, view: LedgerView) -> Gathered:
        """Read a closed window, given what a person decided on it (None: nothing yet)."""
        self.store.note_people(window)
        found = self._gather(window, verdict, view)
        late, disagreeing = self.store.late.arrivals(window.id), self.store.disagreeing(window)
        return replace(found, arrivals=late, disagreeing=disagreeing, awaited=self.store.labels_to_come(window), chosen=self.store.chosen(found.table))

    def _gather(self, window: Window, verdict: WindowDecision | None, view: LedgerView) -> Gathered:
        table = self.store.rows(window)
        counts = self.store.counts(window)
        found = Gathered(window=window, table=table, counted=None if counts is None else counts.rows)
        if verdict is not None:
            found = replace(found, verdict=verdict.verdict, reason=verdict.reason)
        if found.verdict == "exclude":
            return found
        found = replace(found, silent=self.silences.of(window), rows_before=rows_closed_before(self.project, window))
        if found.silent is not None and verdict is None:
            return replace(found, silent_before=not table.num_rows and self.silences.goes_on(window))
        if table.num_rows < self.project.params.monitor.min_rows:
            return found
        sound = self._sound(table, window, accepted=verdict is not None)
        if sound.blocks:
            return replace(found, sound=sound)
        rows = without_rows(table, sound.checked.aside, id_column(self.project.params))
        return replace(found, sound=sound, asked=self._ask(rows, window, view))

    # -- is the data sound? ---------------------------------------------------------------------------------------------

    def _sound(self, table: pa.Table, window: Window, *, accepted: bool) -> Soundness:
        """Look at the schema and, where it is whole, ask the suite."""
        from keepfit.flows.monitoring.suite import suite_broken
        from keepfit.monitor.sound import Checked, Soundness, schema_broken, strange_words, unreadable_noted

        champion = self.served.champion
        schema = schema_broken(champion, table)
        checked = Checked(broken=schema) if schema else suite_broken(self.project, champion.read(table).table, window, accepted=accepted)
        words = strange_words(self.project.params, table, self._words, accepted=accepted)
        return Soundness(checked=checked, words=words, unread=unreadable_noted(table))

    @cached_property
    def _words(self) -> frozenset[str]:
        """The target's words in the windows that train."""
        from keepfit.integrations.tables import read_columns_there
        from keepfit.monitor.sound import words_in

        if self.project.params.model.positive is None:
            return frozenset()
        files = sorted((self.project.root / "data" / "windows").glob("*.parquet"))
        return frozenset(word for file in files for word in words_in(read_columns_there(file, [WRITTEN])))

    # -- what models say ------------------------------------------------------------------------------------------------

    def _ask(self, rows: pa.Table, window: Window, view: LedgerView) -> ModelAnswers:
        """Ask the champion, its rivals, and what labelled rows have taught."""
        from keepfit.flows.monitoring.champion import scored
        from keepfit.monitor.compared import LastYear

        read = self.served.champion.read(rows).table
        answer, since = scored(self.served.scorer, read), view.windows(self.pin.digest)
        counts = None if (known := self.store.counts(window)) is None else self.counting.of(window, known)
        asked = ModelAnswers(rows=rows, answer=answer, counts=counts, learned=self._teaching(view.before(self.pin.digest, window), view))
        if self.project.params.monitor.reference != "training":
            season = LastYear.of(self.served.champion, window, self.known.last_year(window, view))
            scores = None if season.rows is None else self.served.scores(season.rows).values
            asked = replace(asked, season=season, season_scores=scores)
        previous = self.project.baseline.previous
        scouted = self.rivals.scout(read, answer.values, window, view)
        return replace(
            asked,
            scout=scouted.scout,
            newer=scouted.newer,
            regret=self.rivals.regret(read, answer.values, window, since),
            previous="" if previous is None else previous.version,
        )

    def _teaching(self, earlier: Sequence[JudgedWindow], view: LedgerView) -> Learned | None:
        """What the evaluation rows teach; where there are none, the first sound window that has labels."""
        enough = self.project.params.evaluate.min_rows
        if (learned := self._of_evaluation(view)) is not None:
            return learned
        sound = (one for one in earlier if one.sound and one.labelled >= enough)
        first = next(sound, None)
        if first is None:
            return None
        key = f"{first.window.id}:{first.arrivals}"
        if key not in self._learned:
            self._learned[key] = self._learn([without_rows(self.store.rows(first.window), first.quarantined, id_column(self.project.params))])
        return self._learned[key]

    def _of_evaluation(self, view: LedgerView) -> Learned | None:
        from keepfit.update.before_labels import enough_labels

        made = self.served.composition
        if made is None or made.basis != "later" or made.evaluated_from is None or made.evaluated_until is None:
            return None
        if OF_EVALUATION not in self._learned:
            known = self.known.between(made.evaluated_from, made.evaluated_until, view)
            tables = [table for table in known if self.project.params.model.target in table.column_names]
            learn = self._learn if made.sibling_until is None else self._learn_of_sibling
            self._learned[OF_EVALUATION] = learn(tables) if enough_labels(self.project.params, tables) else None
        return self._learned[OF_EVALUATION]

    def _learn_of_sibling(self, tables: Sequence[pa.Table]) -> Learned | None:
        """Learn from what was kept of the judged model's answers; None where that is too little: then the first labelled window teaches."""
        from keepfit.integrations.tables import read_table
        from keepfit.tables.judged_scores import FILE
        from keepfit.update.before_labels import answered_by_sibling, learn, teaching_rows

        kept = self.project.champion_dir / FILE
        if not kept.is_file():
            return None
        rows, scores = answered_by_sibling(self.project.params, teaching_rows(self.project.params, tables), read_table(kept))
        return learn(self.served.champion, rows, scores) if rows.num_rows >= self.project.params.evaluate.min_rows else None

    def _learn(self, tables: Sequence[pa.Table]) -> Learned:
        from keepfit.flows.monitoring.champion import scored
        from keepfit.update.before_labels import learn, teaching_rows

        rows = teaching_rows(self.project.params, tables)
        return learn(self.served.champion, rows, scored(self.served.scorer, rows).values)

    # -- what is loaded once --------------------------------------------------------------------------------------------

    @cached_property
    def silences(self) -> Silences:
        """What says whether a window ends in silence."""
        return Silences(self.store)

    @cached_property
    def served(self) -> Served:
        """The champion with its model."""
        from keepfit.flows.monitoring.champion import load_champion

        return load_champion(self.project)

    def has_champion(self) -> bool:
        """Whether the champion was loaded."""
        return "served" in vars(self)

    @cached_property
    def known(self) -> KnownWindows:
        """The windows that a scout may learn from."""
        from keepfit.flows.monitoring.known_windows import KnownWindows

        return KnownWindows(self.project, self.store)

    @cached_property
    def counting(self) -> Counting:
        """What counts a window of which only some rows are here."""
        from keepfit.flows.monitoring.counting import Counting

        return Counting(project=self.project, store=self.store, champion=self.served.champion, say=self.say)

    @cached_property
    def rivals(self) -> Rivals:
        """The models that the champion is compared with: a cheap retraining, and the one that served before."""
        from keepfit.flows.monitoring.rivals import Rivals

        return Rivals(project=self.project, served=self.served, store=self.store, known=self.known, say=self.say)


def rows_closed_before(project: Project, window: Window) -> tuple[int, ...] | None:
    """Return the rows of the newest windows of this size closed before the window, in the order of time; None where windows are a count of rows.

    They are taken as they arrived (their files' rows, or what lies beside those that were drawn), not from the champion's reference: a holdout, a cap or a
    quarantine took rows away there.
    """
    from keepfit.monitor.volume import RECENT

    size = project.params.data.window
    if rows_per_window(size) is not None:
        return None
    files = closed_windows(project)
    before = [one for one in files if one.order < window.order and is_of_size(one.id, size)]
    rows = (rows_of_closed(project, one.id, files[one]) for one in before[-RECENT:])
    return tuple(known for known in rows if known is not None)


def rows_trained_on(project: Project, pin: Pin) -> pa.Table | None:
    """Return the newest (at most 50,000) rows from before the champion's end of training, as they arrived, None if none are at hand.

    From the closed windows, or what the live source holds of that time; a source that keeps nothing has none.
    """
    from keepfit.flows.rows.sources import newest_rows

    if pin.trained_until is None:
        return None
    kept = _closed_rows(project, pin)
    rows = kept if kept is not None else newest_rows(project, end=pin.trained_until, most=MOST)
    return rows.slice(max(rows.num_rows - MOST, 0)) if rows.num_rows else None


def _closed_rows(project: Project, pin: Pin) -> pa.Table | None:
    from keepfit.integrations.tables import read_table
    from keepfit.tables.union import stacked

    files, size = closed_windows(project), project.params.data.window
    tables: list[pa.Table] = []
    for one in reversed([one for one in files if is_of_size(one.id, size)]):
        if one.end is not None and pin.trained_until is not None and one.end <= pin.trained_until and sum(table.num_rows for table in tables) < MOST:
            tables.append(read_table(files[one]))
    return stacked(list(reversed(tables)), where="data/windows") if tables else None
