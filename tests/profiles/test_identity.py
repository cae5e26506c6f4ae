"""What a reference goes by stays the same, whatever a later keepfit adds to its records."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest

from keepfit.monitor.rules.rule import Watch
from keepfit.profiles.identity import identity_of, identity_of_bytes
from keepfit.records import CategoricalProfile, EvidenceMemory, NumericProfile, Profile, Reference, ShareCount, digest, from_json, record

GOLDEN = Path(__file__).parents[1] / "golden" / "v1"
CHAMPIONS = ["native", "one_hot"]


def stored(name):
    return (GOLDEN / name / "profile.json").read_bytes()


@record
class NumericOfNext(NumericProfile):
    sketch: str = "kll"


@record
class CategoricalOfNext(CategoricalProfile):
    sketch: str = "hll"


@record
class ShareOfNext(ShareCount):
    weight: float = 1.0


@record
class ProfileOfNext(Profile):
    engine: str = "duckdb"


@record
class ReferenceOfNext(Reference):
    zone: str = "UTC"


def as_next(value, kind, **changes):
    return kind(**{field.name: getattr(value, field.name) for field in fields(value)} | changes)


def of_next(reference):
    """The same reference in the records of a keepfit that added a field to each of them."""
    kinds = {NumericProfile: NumericOfNext, CategoricalProfile: CategoricalOfNext}
    profiles = tuple(
        as_next(
            profile,
            ProfileOfNext,
            columns={name: as_next(column, kinds[type(column)]) for name, column in profile.columns.items()},
            shares={name: as_next(share, ShareOfNext) for name, share in profile.shares.items()},
        )
        for profile in reference.profiles
    )
    return as_next(reference, ReferenceOfNext, profiles=profiles)


@pytest.mark.parametrize("name", CHAMPIONS)
def test_a_released_reference_goes_by_the_same_name_as_ever(name):
    said = json.loads((GOLDEN / "said.json").read_text(encoding="utf-8"))["reference"]
    reference = from_json(Reference, stored(name))
    assert identity_of(reference) == identity_of_bytes(stored(name))
    assert (identity_of(reference) == said) == (name == "native")


@pytest.mark.parametrize("name", CHAMPIONS)
def test_a_field_that_comes_later_changes_no_name(name):
    reference = from_json(Reference, stored(name))
    later = of_next(reference)
    assert {type(column) for profile in later.profiles for column in profile.columns.values()} == {NumericOfNext, CategoricalOfNext}
    assert digest(later) != digest(reference), "as it would be written out it is another"
    assert identity_of(later) == identity_of(reference)


def test_every_field_that_form_1_has_is_in_the_name():
    numeric = NumericProfile(edges=(1.0,), counts=(1, 2), n=3, missing=1, nonfinite=0, total=4.5, total_squared=9.0, low=0.5, high=2.0)
    words = CategoricalProfile(categories=("a",), counts=(2,), n=3, missing=0, other=1, rare=("b",), new=0)
    share = ShareCount(group="pairs", yes=1, n=3)
    changes = [
        *({"x": replace(numeric, **{name: value})} for name, value in CHANGED_NUMBERS.items()),
        *({"w": replace(words, **{name: value})} for name, value in CHANGED_WORDS.items()),
    ]
    columns = {"x": numeric, "w": words}
    whole = Profile(window="2013-01-01", rows=3, columns=columns, shares={"s": share})
    others = [replace(whole, columns=columns | change) for change in changes]
    others += [replace(whole, shares={"s": replace(share, **change)}) for change in ({"group": "slices"}, {"yes": 2}, {"n": 4})]
    others += [replace(whole, window="2013-01-02"), replace(whole, rows=4), replace(whole, shares={})]
    names = {identity_of(Reference(profiles=(profile,))) for profile in (whole, *others)}
    assert len(names) == 1 + len(others)


CHANGED_NUMBERS = {
    "edges": (1.5,),
    "counts": (2, 1),
    "n": 4,
    "missing": 2,
    "nonfinite": 1,
    "total": 4.25,
    "total_squared": 8.0,
    "low": None,
    "high": 2.5,
}
CHANGED_WORDS = {"categories": ("c",), "counts": (1,), "n": 4, "missing": 1, "other": 2, "rare": None, "new": 1}


def test_what_a_rule_remembers_of_a_released_reference_goes_on_under_the_name_of_its_file():
    reference = from_json(Reference, stored("native"))
    remembered = EvidenceMemory(rule="e-detector", reference=digest(reference), windows=54)
    by_file = Watch(reference=of_next(reference), stream=identity_of_bytes(stored("native")))
    assert by_file.fresh(remembered, "e-detector") is remembered
    assert Watch(reference=of_next(reference)).fresh(remembered, "e-detector") is remembered


def test_what_was_remembered_before_files_gave_the_name_goes_on_under_it():
    """A reference of before the release was written in another way than it was named by."""
    text = json.dumps(json.loads(stored("native")), indent=1).encode()
    reference = from_json(Reference, text)
    watch = Watch(reference=reference, stream=identity_of_bytes(text))
    remembered = EvidenceMemory(rule="e-detector", reference=identity_of(reference), windows=54)
    assert watch.digest != remembered.reference
    assert watch.fresh(remembered, "e-detector") == replace(remembered, reference=watch.digest)
    assert watch.fresh(replace(remembered, reference="sha256:another"), "e-detector").windows == 0
    assert watch.fresh(remembered, "fixed").windows == 0
