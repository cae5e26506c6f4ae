from __future__ import annotations

import pytest
from tests.gate.verdicts import refusing, verdict


@pytest.mark.parametrize(
    ("named", "here", "codes"),
    [
        ("default", "default", []),
        ("a-team", "a-team", []),
        ("a-team", "b-team", ["KF-G014"]),
        ("default", "a-team", ["KF-G014"]),
        ("a-team", "default", ["KF-G014"]),
        (None, "default", []),
        (None, "a-team", ["KF-G014"]),
    ],
)
def test_a_certificate_speaks_in_its_own_workspace_and_one_that_names_none_in_the_default_one(named, here, codes):
    assert refusing(verdict(workspace=named, here=here)) == codes
