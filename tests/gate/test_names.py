from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from keepfit.gate.names import canonical, version_number


@given(st.text())
def test_canonical_names_are_their_own_canonical_names(name):
    assert canonical(canonical(name)) == canonical(name)


@given(st.text())
def test_case_does_not_make_another_name(name):
    assert canonical(name.casefold()) == canonical(name)


def test_version_numbers_are_read_as_mlflow_reads_them():
    assert [version_number(one) for one in ("1", "01", 1, " 1", "１", "1.0", "x", None)] == [1, 1, 1, 1, 1, None, None, None]
