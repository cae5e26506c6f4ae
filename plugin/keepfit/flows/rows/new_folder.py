"""A folder that a stage replaces: whole, or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keepfit.errors import DataError

NEW, OLD = ".new", ".old"


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Give an empty folder beside this one, which takes its place at the end; on an error it is gone, and what was there is as it was.

    What a killed run left beside it is cleared away. Raises `DataError` where the disk takes no more.
    """
    new, old = (folder.parent / f".{folder.name}{end}" for end in (NEW, OLD))
    for left in (new, old):
        shutil.rmtree(left, ignore_errors=True)
    try:
        new.mkdir(parents=True)
        yield new
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as full:
        if not new.exists():
            raise DataError(f"another run wrote {folder.name} at the same time", where=str(folder), fix="run one at a time, as dvc repro does") from full
        what = f"{folder.name} could not be written: {full.strerror or str(full).splitlines()[0]}"
        raise DataError(what, where=str(folder), fix="make room on the disk, then dvc repro; what was there before is as it was") from full
    finally:
        shutil.rmtree(new, ignore_errors=True)
