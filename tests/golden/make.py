"""Makes a version of the golden files: one of each form that keepfit signs or stores, written by the code as it is when this runs.

    python tests/golden/make.py v3 gate

The parts are `gate` (certificates, requests, the journal), `ledger` (the monitor's memory of the golden project), `project` (what a project holds, its
ledger with it), `composed` (what a recipe, people's rules, a refit and time features leave) and `labelling` (a queue, its sheet, people's labels); without
a part all are made.
A part of a version that is there is never written again: it says what an older keepfit wrote, and no newer one can say that. Make another
version when a form gets a field (`test_forms.py` fails then), or when the pinned scikit-learn moves: a pickle loads in the version that
wrote it. No private key is kept.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterable
from contextlib import chdir, closing
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))


MARKS = {"project": "said.json", "gate": "journal.sql", "ledger": "ledger.sql", "composed": "composed.json", "labelling": "labels.csv"}
"""The parts, each with a file that only it writes."""


def versions(part: str) -> list[Path]:
    """The folders that hold a part, oldest first."""
    return sorted((place.parent for place in HERE.glob(f"v*/{MARKS[part]}")), key=lambda folder: int(folder.name.removeprefix("v")))


def make(out: Path, scratch: Path, parts: Iterable[str]) -> None:
    """Write the parts into `out`, which is new."""
    from tests.golden.forms import write_forms
    from tests.golden.make_composed import write_composed
    from tests.golden.make_gate import write_gate, write_journal
    from tests.golden.make_labelling import write_labelling
    from tests.golden.make_project import write_project

    out.mkdir(parents=True)
    if "project" in parts:
        write_project(scratch / "project", out)
    elif "ledger" in parts:
        (scratch / "kept").mkdir()
        write_project(scratch / "project", scratch / "kept")
        shutil.copy(scratch / "kept" / "ledger.sql", out / "ledger.sql")
    if "gate" in parts:
        write_gate(scratch / "gate", out, project=out if "project" in parts else versions("project")[-1])
        write_journal(scratch / "registry", out)
    if "composed" in parts:
        write_composed(scratch / "composed", out)
    if "labelling" in parts:
        write_labelling(out)
    for part in parts:
        write_forms(part, out)


def dump(database: Path, out: Path, *, only: str = "") -> None:
    """Write a database's tables as SQL, the schema of the time with them; `only` those whose names begin so."""
    with closing(sqlite3.connect(database)) as connection:
        if only:
            tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'") if not name.startswith(only)]
            connection.execute("pragma foreign_keys = off")
            for name in tables:
                if not name.startswith("sqlite_"):
                    connection.execute(f'drop table "{name}"')
        out.write_text("\n".join(connection.iterdump()) + "\n", encoding="utf-8")


def main(version: str, *parts: str) -> int:
    """Make the version's parts; 2 if one of them is there."""
    out, wanted = HERE / version, parts or tuple(MARKS)
    if unknown := set(wanted) - MARKS.keys():
        print(f"no part {', '.join(unknown)}: there are {', '.join(MARKS)}", file=sys.stderr)
        return 2
    if any((out / MARKS[part]).exists() for part in wanted):
        print(f"{out.name} is there, and is never written again: name a new version", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="keepfit-golden-") as folder, chdir(folder):
        make(Path(folder) / version, Path(folder), wanted)
        shutil.copytree(Path(folder) / version, out, dirs_exist_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
