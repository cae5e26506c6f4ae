"""The work tree in which a retraining happens: of its own branch, with the main checkout's cache, gone afterwards.

The user's checkout (branch, index, files) is only read.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from keepfit.errors import ProjectError, TicketError
from keepfit.flows.effects import effect
from keepfit.flows.ignored import refuse_hidden
from keepfit.flows.project import Project
from keepfit.flows.retraining.draw import Drawing
from keepfit.flows.retraining.judge_window import undecided_windows
from keepfit.flows.rows.closed_windows import in_time
from keepfit.flows.rows.late_labels import LateLabels
from keepfit.integrations.programs.dvc import DvcRepo, stages_of
from keepfit.integrations.programs.git import GitRepo
from keepfit.records import Window

TRAILER = "Keepfit-Ticket"
TRACKED = ("data/windows.dvc", "models/champion.dvc")
COMMITTED = (
    "params.yaml",
    "decision.json",
    "baseline.json",
    "dvc.lock",
    "data/windows.dvc",
    "data/.gitignore",
    "models/champion.dvc",
    "models/.gitignore",
    "reports/REVIEW.md",
)


@dataclass(frozen=True)
class RetrainTree:
    """The places of one ticket's retraining."""

    project: Project
    ticket: str

    @property
    def branch(self) -> str:
        """The branch that answers the ticket; the same ticket, the same branch."""
        return f"retrain/{self.ticket}"

    @property
    def folder(self) -> Path:
        """The work tree."""
        return self.project.state / "worktrees" / self.ticket

    @property
    def git(self) -> GitRepo:
        """The main checkout's repository."""
        return GitRepo(self.project.root)

    def made(self) -> str | None:
        """Return the commit that answered the ticket, on its branch or merged into the base; None if there is none."""
        base = self.project.params.update.base_branch
        for ref in (self.branch, base):
            if self.git.tip(ref) and (found := self.git.trailer(ref, TRAILER, self.ticket)):
                return found
        return None

    @contextmanager
    def open(self) -> Iterator[Project]:
        """Check the branch out at the base's tip and give the project in it; cut short, tree and branch are gone again."""
        git, base = self.git, self.base()
        self._clear(base)
        tip = git.tip(self.branch)
        if tip is not None:
            raise TicketError(
                f"the branch {self.branch} holds commits that improve did not make",
                where=tip[:12],
                fix=f"git branch -m {self.branch} another-name, then run the same command again",
            )
        try:
            git.add_worktree(self.folder, branch=self.branch, base=base)
            effect("improve", "worktree")
            yield Project(self.folder / git.prefix)
        except BaseException:
            self._clear(base)
            raise

    @contextmanager
    def reopen(self, commit: str) -> Iterator[Project]:
        """Give the project at the ticket's commit: in the work tree that still stands, or in one made for this."""
        if not self.folder.is_dir():
            self.git.add_detached_worktree(self.folder, commit=commit)
        copy = Project(self.folder / self.git.prefix)
        DvcRepo(copy.root).share_cache_of(DvcRepo(self.project.root))
        yield copy

    def base(self) -> str:
        """Return the local tip of `update.base_branch`."""
        name = self.project.params.update.base_branch
        tip = self.git.tip(name)
        if tip is None:
            raise ProjectError(f"no local branch {name!r} to start from", where="params.yaml: update.base_branch", fix=f"git branch {name}, or name yours")
        return tip

    def _clear(self, base: str) -> None:
        """Remove the work tree, and the branch if it holds nothing but the base's own commits."""
        git = self.git
        git.remove_worktree(self.folder)
        tip = git.tip(self.branch)
        if tip is not None and git.is_ancestor(tip, base):
            git.delete_branch(self.branch)


def refuse_uncommitted(project: Project) -> None:
    """Raise `ProjectError` if files that decide a candidate differ from the commit: it would silently miss them."""
    git = GitRepo(project.root)
    dirty = git.status(_deciding(project))
    if dirty:
        shown = ", ".join(dirty[:5]) + (f" and {len(dirty) - 5} more" if len(dirty) > 5 else "")
        raise ProjectError(
            f"dirty git tree: the candidate would not see your uncommitted changes of {shown}",
            where=str(project.root),
            fix="git commit them (or git stash), then run the same command again",
        )


def _deciding(project: Project) -> list[str]:
    """What a person decides by, and every dep of the pipeline that is neither made by it nor pinned by sync."""
    named = [*(one.name for one in project.params_files), "gate.yaml", "dvc.yaml", "stages", "labels", str(project.suites)]
    pipeline = project.root / "dvc.yaml"
    stages = stages_of(pipeline.read_text(encoding="utf-8"), where="dvc.yaml") if pipeline.is_file() else {}
    deps = {str(dep) for stage in stages.values() for dep in stage.get("deps") or () if isinstance(dep, str)}
    kept = (dep for dep in sorted(deps) if not dep.startswith(("build/", "reports/", "models/", "data/")) and dep != "baseline.json")
    return [str((project.root / path).resolve()) for path in [*named, *kept]]


def bring_data(project: Project, tree: Project, judge: Window) -> tuple[str, ...]:
    """Bring the tracked data into the work tree, add the closed windows up to the judging one and late labels; return the added ids.

    Where the recipe draws from the source (`compose.draws_from`), what it draws is pinned with them.
    """
    refuse_hidden(tree.root, [*TRACKED, "dvc.lock"])
    dvc = DvcRepo(tree.root)
    dvc.share_cache_of(DvcRepo(project.root))
    tracked = [path for path in TRACKED if (tree.root / path).is_file()]
    if tracked:
        dvc.checkout(*tracked)
    windows = tree.root / "data" / "windows"
    windows.mkdir(parents=True, exist_ok=True)
    waiting = undecided_windows(project) - {judge.id}
    closed = in_time({path.stem: path for path in (project.state / "windows").glob("*.parquet")}, project.params.data)
    until = [path for window, path in closed.items() if window.order <= judge.order and window.id not in waiting]
    added = [path for path in until if not (windows / path.name).exists()]
    for path in added:
        shutil.copyfile(path, windows / path.name)
    if not (windows / f"{judge.id}.parquet").exists():
        raise ProjectError(f"the rows of window {judge.id} are not here", where=str(project.state / "windows"), fix="keepfit monitor, then try again")
    complete_windows(project, windows, until=judge)
    Drawing(project=project, folder=windows, until=judge.start).run()
    dvc.add("data/windows")
    return tuple(path.stem for path in added)


def complete_windows(project: Project, folder: Path, *, until: Window) -> None:
    """Write the labels that came later into the windows of `folder`, up to the window `until`; without any a file stays as it is."""
    from keepfit.integrations.tables import read_table, write_parquet

    late = LateLabels(project)
    for window, file in in_time({file.stem: file for file in folder.glob("*.parquet")}, project.params.data).items():
        if window.order <= until.order and late.came(window.id) is not None:
            rows = late.complete(window.id, read_table(file))
            file.unlink()  # DVC may have linked it into its cache
            write_parquet(rows, file)


def committed_paths(root: Path) -> list[str]:
    """Return what a retraining commits: the decision, the pins, dvc.lock, the reports that live in git."""
    stages = stages_of((root / "dvc.yaml").read_text(encoding="utf-8"), where="dvc.yaml")
    outs = [out for stage in stages.values() for kind in ("outs", "metrics", "plots") for out in stage.get(kind) or ()]
    return [path for path in [*COMMITTED, *_in_git(outs)] if (root / path).exists()]


def _in_git(outs: Iterable[object]) -> list[str]:
    return [str(path) for out in outs if isinstance(out, dict) for path, how in out.items() if isinstance(how, dict) and how.get("cache") is False]
