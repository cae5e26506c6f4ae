"""git, as far as the loop needs it: read a reference, a work tree of one's own, a commit of named paths with trailers.

The user's checkout is only ever read: branches are made through work trees, and commits happen inside them.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from keepfit.errors import ProjectError
from keepfit.integrations.programs.group import end_group, kill_group, start_group

PATIENCE_SECONDS = 10
KILLED_SECONDS = 1.0
SHOWN = 300
KINDS: Mapping[str, Literal["folder", "link", "submodule"]] = {"040000": "folder", "120000": "link", "160000": "submodule"}


@dataclass(frozen=True)
class Entry:
    """What lies at a path of a commit: its kind, its object, and a file's bytes."""

    kind: Literal["file", "folder", "link", "submodule"]
    id: str
    size: int


@dataclass(frozen=True)
class Ignored:
    """A path that git ignores, and by what: the pattern, in which file and line of it."""

    path: str
    pattern: str
    file: str
    line: int


class PushRejectedError(ProjectError):
    """A remote that took a look at a push, and refused it."""


IGNORED_LINE = re.compile(r"^(?P<file>.*?):(?P<line>\d+):(?P<pattern>.*)\t(?P<path>[^\t]*)$")


@dataclass(frozen=True)
class GitRepo:
    """The git work tree around the folder `root`; every path is relative to `root`.

    A command that takes longer than `timeout_seconds` (None: as long as it takes) is killed and raises `ProjectError`.

    >>> GitRepo(Path("/")).run("status")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    keepfit.errors.ProjectError: no git repository here (/)
      fix: git init && git add -A && git commit -m start, then keepfit init
    """

    root: Path
    timeout_seconds: float | None = None

    def run(self, *arguments: str) -> str:
        """Run git in `root` and return its stdout; raises `ProjectError` with git's own last sentence."""
        return self.run_bytes(*arguments).decode("utf-8", "replace")

    def run_bytes(self, *arguments: str) -> bytes:
        """Like `run`, for content that need not be text."""
        code, out, err = self._finish(arguments)
        if code != 0:
            raise self._failure(arguments, err, out)
        return out

    def succeeds(self, *arguments: str) -> bool:
        """Run a git command that answers by its exit code."""
        return self._finish(arguments)[0] == 0

    # -- reading --------------------------------------------------------------------------------------------------------

    @property
    def top(self) -> Path:
        """The top of the work tree that holds `root`."""
        return Path(self.run("rev-parse", "--show-toplevel").rstrip("\n"))

    @property
    def prefix(self) -> Path:
        """Where `root` lies below the top: `.` for a project at the top, `keepfit` in an adopted repository."""
        return Path(self.run("rev-parse", "--show-prefix").rstrip("\n") or ".")

    def commit_of(self, ref: str) -> str:
        """Return the full commit id that `ref` names; raises `ProjectError` if there is none."""
        if not self.succeeds("rev-parse", "--git-dir"):
            self.run("rev-parse", "--git-dir")
        found = self._finish(("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}"))[1].decode().strip()
        if not found:
            raise ProjectError(f"git knows no commit {ref!r}", where=str(self.root), fix="git branch -a lists the branches")
        return found

    def tip(self, branch: str) -> str | None:
        """Return the commit a local branch points to, None if there is no such branch."""
        code, out, _ = self._finish(("rev-parse", "--verify", "--quiet", f"refs/heads/{branch}^{{commit}}"))
        return out.decode().strip() if code == 0 else None

    def remote_tip(self, branch: str) -> str | None:
        """Return the commit that a remote's branch (`origin/main`) pointed to when it was last fetched, None if there is none."""
        code, out, _ = self._finish(("rev-parse", "--verify", "--quiet", f"refs/remotes/{branch}^{{commit}}"))
        return out.decode().strip() if code == 0 else None

    def branch(self) -> str | None:
        """Return the name of the branch that is checked out, None on a detached head."""
        code, out, _ = self._finish(("symbolic-ref", "--quiet", "--short", "HEAD"))
        return out.decode().strip() if code == 0 else None

    def show(self, ref: str, path: str) -> bytes | None:
        """Return a file's content at a commit (`path` relative to `root`, `..` allowed); None if it is not there."""
        commit = self.commit_of(ref)
        code, out, _ = self._finish(("cat-file", "blob", f"{commit}:{_relative(path)}"))
        return out if code == 0 else None

    def entry(self, commit: str, path: str) -> Entry | None:
        """Return what lies at a path at a commit, None if nothing does; `path` is relative to the top, also in a bare repository."""
        listed = self.run("ls-tree", "--full-tree", "-l", "-z", commit, "--", path).rstrip("\0")
        about, _, found = listed.partition("\t")
        if found != path:
            return None
        mode, _, object_id, size = about.split()
        return Entry(KINDS.get(mode, "file"), object_id, int(size) if size.isdigit() else 0)

    def content(self, object_id: str) -> bytes:
        """Return the bytes of a file's object."""
        return self.run_bytes("cat-file", "blob", object_id)

    def files(self, ref: str, folder: str) -> tuple[str, ...]:
        """Return the files below a folder at a commit, relative to `root`, sorted."""
        listed = self.run("ls-tree", "-r", "-z", "--name-only", self.commit_of(ref), "--", folder)
        return tuple(sorted(filter(None, listed.split("\0"))))

    def refs(self) -> tuple[str, ...]:
        """Return the short names of all branches, remotes' branches and tags."""
        return tuple(self.run("for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/remotes", "refs/tags").split())

    def is_ancestor(self, ancestor: str, of: str) -> bool:
        """Tell if the commit `ancestor` is reachable from `of` (a commit is its own ancestor)."""
        return self.succeeds("merge-base", "--is-ancestor", self.commit_of(ancestor), self.commit_of(of))

    def status(self, paths: Iterable[str] = (), *, untracked: bool = True) -> tuple[str, ...]:
        """Return the paths that differ from HEAD (top-relative, sorted), of all or of the named paths."""
        files = "all" if untracked else "no"
        text = self.run("status", "--porcelain=v1", "--no-renames", "-z", f"--untracked-files={files}", "--", *paths)
        return tuple(sorted(entry[3:] for entry in text.split("\0") if entry))

    def ignored(self, paths: Sequence[str], *, git_dir: Path | None = None) -> tuple[Ignored, ...]:
        """Return which of the paths git would ignore, tracked or not, there or not; a folder ends with `/`.

        `git_dir`: where the repository's own folder lies if it is not in `root`, whose files are then looked at as its work tree.
        """
        if not paths:
            return ()
        place = [f"--git-dir={git_dir}", f"--work-tree={self.root}"] if git_dir else []
        asked = (*place, "check-ignore", "--verbose", "--no-index", "--", *paths)
        code, out, err = self._finish(asked)
        if code > 1:
            raise self._failure(asked[len(place) :], err, out)
        found = (IGNORED_LINE.match(line) for line in out.decode("utf-8", "replace").splitlines())
        return tuple(
            Ignored(path=one["path"], pattern=one["pattern"], file=one["file"], line=int(one["line"]))
            for one in found
            if one is not None and not one["pattern"].startswith("!")
        )

    def trailer(self, ref: str, key: str, value: str) -> str | None:
        """Return the newest commit reachable from `ref` that carries the trailer `key: value`, None if none does."""
        format_ = f"--format=%H%x00%(trailers:key={key},valueonly,separator=%x00)"
        for line in self.run("log", "--fixed-strings", f"--grep={key}: {value}", format_, self.commit_of(ref)).splitlines():
            commit, *values = line.split("\0")
            if value in (one.strip() for one in values):
                return commit
        return None

    def first_with(self, text: str, path: str) -> str | None:
        """Return the oldest commit of any branch that brought a text into a file (`path` relative to `root`), None if none did."""
        found = self.run("log", "--all", "--format=%H", f"-S{text}", "--reverse", "--topo-order", "--", path).split()
        return next((commit for commit in found if text.encode() in (self.show(commit, path) or b"")), None)

    def knows(self, commit: str) -> bool:
        """Tell if a commit is in this repository."""
        return self.succeeds("cat-file", "-e", f"{commit}^{{commit}}")

    def brought(self, commit: str, *, into: str) -> str | None:
        """Return the commit of the line of `into` that brought `commit` (its merge, or itself where it lies on that line); None if none has.

        The line is that of first parents: what stood at the tip of `into`, one commit after the other.
        """
        if not self.is_ancestor(commit, into):
            return None
        line = self.run("rev-list", "--first-parent", into).split()
        if commit in line:
            return commit
        return self.run("rev-list", "--first-parent", "--ancestry-path", f"{commit}..{into}").split()[-1]

    def remotes(self) -> tuple[str, ...]:
        """Return the names of the remotes."""
        return tuple(self.run("remote").split())

    # -- changing -------------------------------------------------------------------------------------------------------

    def add_worktree(self, path: Path, *, branch: str, base: str) -> None:
        """Check out a new branch at `base` in a work tree of its own."""
        self.prune_worktrees()
        self.run("worktree", "add", "--quiet", "-b", branch, str(path), base)

    def add_detached_worktree(self, path: Path, *, commit: str) -> None:
        """Check a commit out in a work tree of its own, without a branch."""
        self.prune_worktrees()
        self.run("worktree", "add", "--quiet", "--detach", str(path), commit)

    def remove_worktree(self, path: Path) -> None:
        """Remove a work tree and what git remembers of it; fine if there is none."""
        if path.exists() and not self.succeeds("worktree", "remove", "--force", "--force", str(path)):
            import shutil

            shutil.rmtree(path)
        self.prune_worktrees()

    def prune_worktrees(self) -> None:
        """Forget work trees whose folder is gone."""
        self.run("worktree", "prune")

    def delete_branch(self, branch: str) -> None:
        """Delete a local branch, merged or not."""
        self.run("branch", "--quiet", "-D", branch)

    def commit(self, paths: Sequence[str], message: str, *, trailers: Mapping[str, str] | None = None) -> str:
        """Commit exactly the named paths and return the commit id.

        Hooks are not run: this commit is a machine's proposal, and the checks of the repository look at the branch.
        """
        self.run("add", "--force", "--", *paths)
        signed = [f"--trailer={key}: {value}" for key, value in (trailers or {}).items()]
        self.run("commit", "--quiet", "--no-verify", f"--message={message}", *signed, "--", *paths)
        return self.commit_of("HEAD")

    def checkout(self, branch: str) -> None:
        """Check a branch out; git refuses where that would overwrite something."""
        self.run("checkout", "--quiet", branch, "--")

    def merge(self, commit: str, *, message: str) -> tuple[str, ...]:
        """Merge a commit into what is checked out, as a commit of its own; return the paths that conflict, after which nothing is merged."""
        code, out, err = self._finish(("merge", "--quiet", "--no-ff", "--no-verify", f"--message={message}", commit))
        if code == 0:
            return ()
        conflicts = self.run("diff", "--name-only", "--diff-filter=U", "-z").split("\0")
        if self.succeeds("rev-parse", "--verify", "--quiet", "MERGE_HEAD"):
            self.run("merge", "--abort")
        if not any(conflicts):
            raise self._failure(("merge",), err, out)
        return tuple(sorted(filter(None, conflicts)))

    def forward(self, commit: str) -> None:
        """Move the branch that is checked out forward to a commit that follows on it; fine if it is there already, never another way."""
        self.run("merge", "--quiet", "--ff-only", commit)

    def push(self, branch: str, *, remote: str) -> None:
        """Push one branch; never forces. Raises `PushRejectedError` with the remote's reason where it refuses."""
        code, out, err = self._finish(("push", "--porcelain", remote, f"refs/heads/{branch}:refs/heads/{branch}"))
        if code == 0:
            return
        refused = next((line for line in out.decode("utf-8", "replace").splitlines() if line.startswith("!")), None)
        if refused is None:
            raise self._failure(("push",), err, out)
        reason = refused.rpartition("\t")[2].partition("(")[2].rstrip(")") or refused.rpartition("\t")[2]
        lines = (line.removeprefix("remote:").strip() for line in err.decode("utf-8", "replace").splitlines() if line.startswith("remote:"))
        said = "; ".join([reason, *filter(None, lines)])
        fix = (
            "look what is on the remote's branch; a person decides which one counts" if "fetch first" in reason or "non-fast" in reason else "ask who keeps it"
        )
        raise PushRejectedError(f"{remote} rejects {branch}: {said[:SHOWN]}", where=str(self.root), fix=fix)

    def address_of(self, remote: str) -> str:
        """Return where a remote is."""
        return self.run("remote", "get-url", "--", remote).strip()

    # -- the program ----------------------------------------------------------------------------------------------------

    def _finish(self, arguments: Sequence[str]) -> tuple[int, bytes, bytes]:
        """Run git in its own process group, so that Ctrl-C reaches us first and git can let go of its locks."""
        try:
            process = start_group(
                ["git", "-c", "core.quotePath=false", *arguments],
                cwd=self.root,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except FileNotFoundError as missing:
            if not self.root.is_dir():
                raise ProjectError("no such folder", where=str(self.root), fix="give the folder of the project") from missing
            raise ProjectError("git is not installed", where="PATH", fix="install git") from missing
        try:
            out, err = process.communicate(timeout=self.timeout_seconds)
        except subprocess.TimeoutExpired as late:
            kill_group(process, patience=KILLED_SECONDS)
            what = f"git {arguments[0]} did not answer within {self.timeout_seconds:g} seconds"
            raise ProjectError(what, where=str(self.root), fix="put the repository on a local disk, or look what keeps git there") from late
        except BaseException:
            end_group(process, ask=[signal.SIGTERM], patience=PATIENCE_SECONDS)  # asked first, so that git removes its lock files
            raise
        return process.returncode, out, err

    def _failure(self, arguments: Sequence[str], err: bytes, out: bytes = b"") -> ProjectError:
        """What git said of its failure: on stderr, else on stdout (as commit does where there is nothing to commit)."""
        text = (err if err.strip() else out).decode("utf-8", "replace")
        if "not a git repository" in text:
            return ProjectError("no git repository here", where=str(self.root), fix="git init && git add -A && git commit -m start, then keepfit init")
        if "dubious ownership" in text:
            fix = f"chown it to the account that runs this, or, if you trust its owner: git config --global --add safe.directory {self.root}"
            return ProjectError("git refuses the repository: it belongs to another user", where=str(self.root), fix=fix)
        if "tell me who you are" in text or "unable to auto-detect email" in text:
            return ProjectError("git does not know who commits", where=str(self.root), fix="git config user.name NAME && git config user.email ADDRESS")
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        said = next((line for line in lines if line.startswith(("fatal:", "error:"))), lines[-1] if lines else "it said nothing")
        return ProjectError(f"git {arguments[0]} failed: {said[:SHOWN]}", where=str(self.root), fix="mend what git says, then run the same command again")


def _environment() -> dict[str, str]:
    """The environment without what a surrounding git (a hook, say) sets for its own repository, never asking for a password."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith("GIT_") or key.startswith(("GIT_AUTHOR", "GIT_COMMITTER", "GIT_CONFIG", "GIT_SSH"))
    }
    return {**kept, "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}


def _relative(path: str) -> str:
    """Git reads `COMMIT:./path` relative to the folder it runs in."""
    return path if path.startswith(("./", "../")) else f"./{path}"
