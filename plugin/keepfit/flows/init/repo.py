"""The repositories below a new project: git, DVC, the tracked folders, a signing key, the first commit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from keepfit.errors import ProjectError
from keepfit.flows.effects import effect
from keepfit.integrations import signing
from keepfit.integrations.programs.dvc import DvcRepo
from keepfit.integrations.programs.git import GitRepo

TRACKED = ("data/windows", "models/champion")
MADE_BY_DVC = (".dvc/config", ".dvc/.gitignore", ".dvcignore", "data/.gitignore", *(f"{folder}.dvc" for folder in TRACKED))
KEY = "default"
QUIET = "[core]\n    analytics = false\n    check_update = false\n"


def start_git(folder: Path) -> None:
    """Make the folder a git repository."""
    folder.mkdir(parents=True, exist_ok=True)
    GitRepo(folder).run("init", "--quiet", "--initial-branch=main")


def has_dvc(root: Path, top: Path) -> bool:
    """Whether DVC is initialised in `root` or above it, up to the top of the repository."""
    return any((folder / ".dvc").is_dir() for folder in (root, *root.parents) if folder == top or top in folder.parents)


def start_dvc(root: Path, *, top: Path) -> None:
    """Initialise DVC for the project unless the repository has it, without telling home."""
    if has_dvc(root, top):
        return
    fresh = ["--subdir"] if root != top else []
    DvcRepo(root).run("init", *fresh, quiet=True)
    effect("init", "dvc_init")
    (root / ".dvc" / "config").write_text(QUIET, encoding="utf-8")
    git = GitRepo(root)
    if git.succeeds("rev-parse", "--verify", "--quiet", "HEAD"):  # DVC stages its files; what a commit holds is said by who commits
        git.run("reset", "--quiet", "--", ".dvc", ".dvcignore")


def track(root: Path) -> None:
    """Put the folders of closed windows and of the champion under DVC."""
    for folder in TRACKED:
        (root / folder).mkdir(parents=True, exist_ok=True)
    DvcRepo(root).run("add", *TRACKED, quiet=True)


def public_key(name: str = KEY) -> str:
    """Return the public half of the person's signing key; a pair is made if there is none."""
    folder = signing.keys_folder()
    pair = signing.load_key(name, folder=folder) or signing.new_key(name, folder=folder)
    return pair.public


def branch_of(folder: Path) -> str:
    """Return the branch that is checked out, `main` if there is none."""
    git = GitRepo(folder)
    return (git.branch() if git.succeeds("rev-parse", "--git-dir") else None) or "main"


def top_of(folder: Path) -> Path:
    """Return the top of the existing git repository around a folder; raises `ProjectError` if there is none."""
    if not folder.is_dir():
        raise ProjectError("no such folder", where=str(folder), fix="run it in the repository that holds train.py")
    return GitRepo(folder).top.resolve()


def first_commit(root: Path, paths: Sequence[str], message: str) -> None:
    """Commit the project's files; a repository that does not know who commits is told `keepfit`."""
    git = GitRepo(root)
    if not git.succeeds("config", "user.email"):
        git.run("config", "user.name", "keepfit")
        git.run("config", "user.email", "keepfit@localhost")
    git.commit(paths, message)


def committable(root: Path, names: Iterable[str]) -> list[str]:
    """Return those of the names that exist and that git does not ignore."""
    git = GitRepo(root)
    return [name for name in names if (root / name).is_file() and not git.succeeds("check-ignore", "--quiet", name)]
