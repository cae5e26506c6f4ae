"""What git would ignore of the files that keepfit has to track: refused before anything is written, with the pattern and the way out.

A `.gitignore` of people's own (`data/`, `*.json`) is never overruled: what it hides is theirs to show. Blind to what is ignored only
on another machine (`core.excludesFile`, `.git/info/exclude`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path, PurePosixPath

from keepfit.errors import ProjectError
from keepfit.integrations.programs.git import GitRepo, Ignored

SHOWN = 5
FILE = ".gitignore"


def refuse_ignored(top: Path, names: Sequence[str], *, fresh: bool = False) -> None:
    """Raise `ProjectError` if git would ignore one of the files, paths below `top`: which, by what pattern, and the lines that show it again.

    `top` is the top of a work tree, or (`fresh`) a folder, there or not, that becomes one.
    """
    folders = {f"{folder}/" for name in names for folder in PurePosixPath(name).parents if folder.name}
    under_dvc = {name.removesuffix(".dvc") + "/" for name in names if name.endswith(".dvc")}
    looked = _look(top, [*names, *sorted(folders | under_dvc)], fresh=fresh)
    hidden = {one.path for one in looked}
    needless = {f"{PurePosixPath(folder).parent}/{FILE}" for folder in under_dvc & hidden}  # DVC need not hide what is hidden
    found = [one for one in looked if one.path in names and one.path not in needless]
    if found:
        raise _refusal(found, hidden, top)


def refuse_hidden(root: Path, names: Sequence[str]) -> None:
    """As `refuse_ignored`, for files below a project's folder, which may lie deep in its repository; fine outside of one."""
    git = GitRepo(root)
    if git.succeeds("rev-parse", "--show-toplevel"):
        refuse_ignored(git.top, [(git.prefix / name).as_posix() for name in names])


def _look(top: Path, paths: Sequence[str], *, fresh: bool) -> tuple[Ignored, ...]:
    if not fresh:
        return GitRepo(top).ignored(paths)
    with tempfile.TemporaryDirectory(prefix="keepfit-git-") as scratch:
        GitRepo(Path(scratch)).run("init", "--quiet")
        return GitRepo(top if top.is_dir() else Path(scratch)).ignored(paths, git_dir=Path(scratch) / ".git")


def _refusal(found: Sequence[Ignored], hidden: Collection[str], top: Path) -> ProjectError:
    patterns = {(one.file, one.line): one for one in reversed(found)}  # one of each pattern is worth more than five of one
    found = sorted(found, key=lambda one: patterns[one.file, one.line] != one)
    shown = "\n".join(f"    {one.path}: by the pattern {one.pattern!r}, {one.file} line {one.line}" for one in found[:SHOWN])
    more = f"\n    and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    files = "a file that keepfit has to track" if len(found) == 1 else f"{len(found)} files that keepfit has to track"
    return ProjectError(f"git would ignore {files}:\n{shown}{more}\n ", where=str(top), fix=_fix(found, hidden, top))


def _fix(found: Sequence[Ignored], hidden: Collection[str], top: Path) -> str:
    """The lines to add, by file: of two patterns the later wins, but nothing below an ignored folder is looked at without showing it first."""
    lines: dict[str, list[str]] = {}
    for one in found:
        file = one.file if PurePosixPath(one.file).name == FILE and (top / one.file).is_file() and not PurePosixPath(one.file).is_absolute() else FILE
        lines.setdefault(file, []).extend(_shown_again(PurePosixPath(one.path), PurePosixPath(file).parent, hidden, top))
    said = [f"at the end of {file} add\n" + "\n".join(f"    {line}" for line in dict.fromkeys(each)) for file, each in sorted(lines.items())]
    return "\n  ".join([*said, "then run the same command again"])


def _shown_again(path: PurePosixPath, place: PurePosixPath, hidden: Collection[str], top: Path) -> Iterator[str]:
    """Patterns, relative to the folder `place`, that show a path: with all of a folder that is not there yet, alone in one that holds other files."""
    for folder in [*path.relative_to(place).parents][-2::-1]:
        if f"{place / folder}/" in hidden:
            yield f"!/{folder}"  # without a slash at its end: DVC asks before the folder is there
        if not (top / place / folder).is_dir():
            yield f"!/{folder}/**"
            return
        if f"{place / folder}/" in hidden:
            yield f"/{folder}/*"
    yield f"!/{path.relative_to(place)}"
