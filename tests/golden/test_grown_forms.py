"""A record may get a field: what was signed, approved and chained before it still holds, and what is written with it holds without it.

The package is copied, each record that certificates, requests and journal rows are made of gets a field with a default, and the golden
tests run in front of the copy.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from tests.integrations.gate_mutations import copy_of_the_package

from keepfit.gate.chain import broken
from keepfit.integrations.journal import Journal

REPOSITORY = Path(__file__).resolve().parents[2]
GROWN = {"gate": ("Certificate", "Request", "JournalRow"), "model": ("ScoreRow", "Scorecard", "Pin"), "data": ("ExpectationOutcome",)}
FIELD = '    mood: str = "calm"\n'
WRITE = """
import sys
import sqlalchemy as sa
from dataclasses import replace
from datetime import UTC, datetime
from sqlalchemy.orm import Session
from keepfit.integrations.journal import Journal
from keepfit.records import JournalRow

engine = sa.create_engine(sys.argv[1])
Journal().prepare(engine)
about = {"model": "m", "version": "1", "target": "alias champion", "who": "t", "via": "client", "text": "said"}
row = JournalRow(at=datetime(2030, 1, 1, tzinfo=UTC), kind="retired", mood="glad", **about)
with Session(engine) as session:
    Journal().append(session, row)
    session.commit()
    assert [(each.kind, each.mood) for each in Journal().rows(session, "m", workspace="default")] == [("retired", "glad")]
    assert Journal().links(session)[-1].row.mood == "glad"
"""


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """The environment of a keepfit whose records have one field more."""
    folder = tmp_path_factory.mktemp("grown")
    package = copy_of_the_package(folder)
    for module, names in GROWN.items():
        path = package / "records" / f"{module}.py"
        text = path.read_text(encoding="utf-8")
        for name in names:
            text, found = re.subn(rf'(\nclass {name}:\n    """.*?"""\n)', rf"\1{FIELD}", text, flags=re.DOTALL)
            assert found == 1, name
        path.write_text(text, encoding="utf-8")
    return os.environ | {"PYTHONPATH": f"{folder}{os.pathsep}{REPOSITORY}", "PYTHONDONTWRITEBYTECODE": "1"}


def run(environment, *command):
    done = subprocess.run([sys.executable, *map(str, command)], cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    return done.stdout


def test_the_copy_has_the_field(grown):
    said = run(grown, "-c", "from keepfit.records import *; print([each.mood for each in (Certificate, Request, JournalRow, ScoreRow)])")
    assert said.strip() == "['calm', 'calm', 'calm', 'calm']"


@pytest.mark.slow
def test_what_was_signed_and_chained_before_a_field_was_there_still_holds(grown):
    said = run(grown, "-m", "pytest", "-q", "-p", "no:cacheprovider", REPOSITORY / "tests" / "golden" / "test_gate_forms.py")
    assert re.search(r"\d+ passed", said)
    assert "failed" not in said


def test_a_row_with_a_field_that_is_not_known_here_holds_and_is_followed(grown, tmp_path):
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'mlflow.db'}")
    Journal().prepare(engine)
    run(grown, "-c", WRITE, engine.url.render_as_string())
    with Session(engine) as session:
        (row,) = Journal().rows(session, "m", workspace="default")
        Journal().append(session, row)
        session.commit()
        links = Journal().links(session)
    assert broken(links) is None
    assert [(link.row.id, link.row.kind) for link in links] == [(1, "retired"), (2, "retired")]
    assert b'"mood":"glad"' in links[0].body
