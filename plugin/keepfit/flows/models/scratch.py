"""A scratch copy of the repository: where the user's own commands run, so that nothing they write lands in the checkout."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def scratch_copy(repo: Path) -> Iterator[Path]:
    """Yield a folder with the tracked and the untracked, not ignored files of `repo` as they are now; gone at the end."""
    from keepfit.integrations.programs.git import GitRepo

    listed = GitRepo(repo).run("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    with tempfile.TemporaryDirectory(prefix="keepfit-") as folder:
        for name in sorted(set(filter(None, listed.split("\0")))):
            _copy(repo / name, Path(folder) / name)
        yield Path(folder)


def _copy(source: Path, target: Path) -> None:
    """Copy a file or a link; what is tracked but deleted, and submodules, are not there to be copied."""
    if not source.is_symlink() and not source.is_file():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target, follow_symlinks=False)


def inside(folder: Path, name: str, *, key: str) -> Path:
    """Return `folder/name`; raises `ParamsError` for a name that leads out of the folder."""
    from keepfit.errors import ParamsError

    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or path == folder.resolve():
        raise ParamsError(f"{name!r} leads out of the repository", where=f"params.yaml: {key}", fix="name a path relative to the top of the repository")
    return path
