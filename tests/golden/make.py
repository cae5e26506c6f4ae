"""Makes a version of the golden files: one of each form that keepfit signs or stores, written by the code as it is when this runs.

    python tests/golden/make.py v2

A version that is there is never written again: it says what an older keepfit wrote, and no newer one can say that. Make another one when
a form gets a field, or when the pinned scikit-learn moves: a pickle loads in the version that wrote it. No private key is kept.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
from contextlib import chdir, closing
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))


def make(out: Path, scratch: Path) -> None:
    """Write everything into `out`, which is new."""
    from tests.golden.make_gate import write_gate, write_journal
    from tests.golden.make_project import write_project

    out.mkdir(parents=True)
    write_project(scratch / "project", out)
    write_gate(scratch / "gate", out)
    write_journal(scratch / "registry", out)


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


def main(version: str) -> int:
    """Make the version; 2 if it is there."""
    out = HERE / version
    if out.exists():
        print(f"{out.name} is there, and is never written again: name a new version", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="keepfit-golden-") as folder, chdir(folder):
        make(Path(folder) / version, Path(folder))
        shutil.copytree(Path(folder) / version, out)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
