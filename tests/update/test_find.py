"""What there is to find in a window, from values alone."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest
from tests.update.watched import APRIL, MARCH, PARAMS, PIN, champion, rows, scores

from keepfit.monitor.sound import Checked, Soundness
from keepfit.records import Evidence
from keepfit.update.find import Finder
from keepfit.update.found import nothing_found
from keepfit.update.gathered import Gathered, ModelAnswers

FINDER = Finder(params=PARAMS, pin=PIN)
BROKEN = Evidence(kind="quality", subject="weather", detector="gx", statistic=1.0, effect=1.0, n=1200, n_reference=0, detail="is missing")
SILENT = Evidence(kind="quality", subject="rows", detector="silence", statistic=0.1, effect=0.9, n=120, n_reference=900, detail="no rows since noon")
SOUND = Soundness(checked=Checked())


def gathered(table=None, **changes):
    table = rows() if table is None else table
    return replace(Gathered(window=MARCH, table=table), **changes)


def asked(table, **changes):
    return replace(ModelAnswers(rows=table, answer=scores(table)), **changes)


def find(found, earlier=(), *, known=True):
    return FINDER.find(champion() if known else None, found, earlier)


def of(found, kind, subject="overall"):
    return next(one for one in found.evidence if (one.kind, one.subject) == (kind, subject))


def test_an_excluded_window_gives_no_evidence_whatever_lies_in_it():
    found = find(gathered(verdict="exclude", reason="an outage", silent=SILENT), known=False)
    assert (found.judged.verdict, found.judged.notes, found.evidence) == ("exclude", ("excluded: an outage",), ())


def test_too_few_rows_decide_nothing():
    found = find(gathered(rows(n=30)), known=False)
    assert (found.undecided, found.judged.notes) == (True, ("30 rows are too few to judge, 60 are needed",))


def test_the_window_in_which_a_source_fell_silent_waits_and_an_empty_one_after_it_is_not_judged():
    first = find(gathered(rows(n=120), silent=SILENT), known=False)
    empty = find(gathered(rows(n=0), silent=SILENT, silent_before=True), known=False)
    assert (first.judged.status, first.undecided, first.evidence) == ("blocked", False, (SILENT,))
    assert (empty.judged.status, empty.undecided, empty.judged.notes) == ("seen", True, ("no rows since noon",))


def test_broken_data_is_looked_at_no_further():
    found = find(gathered(sound=Soundness(checked=Checked(broken=(BROKEN,), aside=("a", "b")))))
    assert (found.judged.status, found.evidence, found.judged.quarantined) == ("blocked", (BROKEN,), ("a", "b"))
    assert (found.drift, found.judged.value) == (None, None)


def test_sound_rows_are_measured_against_the_promise_and_compared_with_the_reference():
    table = rows(shift=1.5)
    found = find(gathered(table, sound=SOUND, asked=asked(table), rows_before=(1200, 1200, 1200)))
    kept = found.judged
    assert (kept.rows, kept.labelled, kept.value == of(found, "performance").statistic) == (1200, 1200, True)
    assert of(found, "performance").effect == pytest.approx(kept.value - 0.76)
    assert of(found, "data", "x").effect > 0.4
    assert next(change.column for change in found.drift.changes) in ("x", "prediction")
    assert {step.window for step in found.steps} == {f"2013-03-{day:02}" for day in range(1, 13)}
    assert [one.effect for one in found.evidence if one.kind == "age"] == [pytest.approx(59.0)]


def test_what_a_person_accepted_is_judged_and_noted():
    table = rows()
    found = find(gathered(table, verdict="accept", reason="known", silent=SILENT, sound=SOUND, asked=asked(table)))
    assert (found.judged.status, found.judged.verdict, found.judged.notes) == ("seen", "accept", ("accepted: known",))
    assert (found.evidence[0].effect, found.evidence[0].detail) == (0.0, "accepted: no rows since noon")


def test_rows_set_aside_are_counted_and_not_measured():
    table = rows()
    found = find(gathered(table, sound=Soundness(checked=Checked(aside=("2013-03-0",), waiting=("labels_there",))), asked=asked(table.slice(1))))
    assert (found.judged.rows, found.judged.labelled, found.judged.quarantined) == (1200, 1199, ("2013-03-0",))
    said = ("1 rows set aside by row-level expectations", "not yet decidable without all labels: labels_there")
    assert found.judged.notes == said


def test_a_first_model_is_held_to_its_first_labelled_window():
    table, first = rows(APRIL), replace(champion(), basis="same-period")
    march = replace(nothing_found(MARCH, model="m", champion=PIN.digest, version="1", rows=1200, metric="roc_auc"), value=0.9, labelled=1200)
    held = [FINDER.find(first, replace(gathered(table, sound=SOUND, asked=asked(table)), window=APRIL), earlier) for earlier in ((), (march,))]
    assert of(held[0], "performance").effect is None
    assert of(held[0], "performance", "certificate").effect is not None
    assert of(held[1], "performance").detail.endswith("promised 0.9000")


def test_a_refit_is_provisional_until_a_labelled_window_has_judged_its_own_bytes():
    table, refit = rows(APRIL), replace(champion(), refit=True)
    unlabelled = table.set_column(3, "y", pa.nulls(table.num_rows, pa.float64()))
    nothing = replace(nothing_found(MARCH, model="m", champion=PIN.digest, version="1", rows=1200, metric="roc_auc"), status="seen")
    measured = replace(nothing, value=0.8, labelled=1200)

    def notes(rows, who, earlier):
        return FINDER.find(who, replace(gathered(rows, sound=SOUND, asked=asked(rows)), window=APRIL), earlier).judged.notes

    assert "v1 is a refit and provisional" in notes(unlabelled, refit, (nothing,))[0]
    assert notes(table, refit, (nothing,)) == ("v1 is a refit: this is the first labelled window that judges its own bytes",)
    assert notes(table, refit, (measured,)) == notes(unlabelled, champion(), ()) == ()


def test_storage_that_changed_is_noted_once():
    table = rows()
    stored = table.set_column(2, "x", table["x"].cast("string"))
    known = Finder(params=PARAMS, pin=PIN)
    own = replace(champion(), meta=replace(champion().meta, values={"x": "number"}))
    first = known.find(own, gathered(stored, sound=SOUND, asked=ModelAnswers(rows=stored, answer=scores(table))), ())
    again = known.find(own, gathered(stored, sound=SOUND, asked=ModelAnswers(rows=stored, answer=scores(table))), (first.judged,))
    assert ["stored as" in note for note in first.judged.notes] == [True]
    assert again.judged.notes == ()


def test_the_same_values_give_the_same_finding():
    table = rows()
    twice = [find(gathered(table, sound=SOUND, asked=asked(table))) for _ in range(2)]
    assert twice[0] == twice[1]
