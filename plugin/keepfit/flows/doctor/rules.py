"""`keepfit doctor`: are the gate's rules readable and valid, committed, not writable by others; whose word do they take?"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from keepfit.errors import KeepfitError
from keepfit.flows.rules.file import read_file
from keepfit.gate.rules import GateRules
from keepfit.integrations.programs.git import GitRepo
from keepfit.report.doctor import Check

SHOWN = 5
GIVE = "keepfit doctor --rules PATH, or set KEEPFIT_GATE"


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The rules as they lie here: their place, and what they say (None: they could not be read)."""

    place: str | None
    served: GateRules | None
    problem: str = ""


def read(place: str | None) -> Rules:
    """Read the rules at a path; what is wrong with them becomes the `problem`."""
    if place is None:
        return Rules(place=None, served=None, problem="no rules file is named here")
    try:
        return Rules(place=place, served=read_file(place, here=Path.cwd()).rules)
    except KeepfitError as bad:
        return Rules(place=place, served=None, problem=f"{bad.what}" + (f" ({bad.where})" if bad.where else ""))


def examine(rules: Rules) -> Iterator[Check]:
    """Yield every check about the rules."""
    yield readable(rules)
    if rules.place is not None and Path(rules.place).is_file():
        path = Path(rules.place).resolve()
        yield committed(path)
        yield closed(path)
    if rules.served is not None:
        yield trust(rules.served)


def readable(rules: Rules) -> Check:
    """Whether there are rules and they are valid: a server whose rules cannot be read lets nothing pass."""
    if rules.served is not None:
        protected = ", ".join(sorted(rules.served.models)[:SHOWN]) or "nothing"
        status = "ok" if rules.served.models else "warn"
        fix = "" if rules.served.models else "name a pattern under models: in gate.yaml; 'models: {}' protects nothing"
        return Check(name="rules", status=status, found=f"{rules.place} is valid and protects {protected}", fix=fix)  # type: ignore[arg-type]
    if rules.place is None:
        return Check(name="rules", status="unknown", found=rules.problem, fix=GIVE)
    return Check(name="rules", status="fail", found=rules.problem, fix="mend the file: until then nothing can be promoted")


def committed(path: Path) -> Check:
    """Whether git's HEAD holds just these bytes: rules that no commit holds were reviewed by nobody."""
    name, git = "rules in git", GitRepo(path.parent)
    if not git.succeeds("rev-parse", "--git-dir"):
        return Check(name=name, status="warn", found="not in a git repository: no review sees a change", fix=f"keep {path.name} in git, owned in CODEOWNERS")
    held = git.show("HEAD", path.name) if git.succeeds("rev-parse", "--verify", "--quiet", "HEAD") else None
    if held is None:
        return Check(name=name, status="fail", found=f"{path.name} is not committed", fix=f"git add {path.name} && git commit")
    if held != path.read_bytes():
        return Check(name=name, status="fail", found=f"{path.name} differs from the commit", fix=f"git diff {path.name}, then commit or restore it")
    return Check(name=name, status="ok", found="as committed")


def closed(path: Path) -> Check:
    """Whether others can write the file, or replace it in its folder. A group may be one person's own or a whole team."""
    name = "rules writable"
    open_to_all = [place for place in (path, path.parent) if _mode(place) & stat.S_IWOTH and not _sticky(place)]
    if open_to_all:
        return Check(name=name, status="fail", found=f"everybody on this machine can write {open_to_all[0]}", fix=f"chmod o-w {open_to_all[0]}")
    to_group = [place for place in (path, path.parent) if _mode(place) & stat.S_IWGRP and not _sticky(place)]
    if to_group:
        fix = f"chmod g-w {to_group[0]}, unless the group is yours alone"
        return Check(name=name, status="warn", found=f"the group {to_group[0].stat().st_gid} can write {to_group[0]}", fix=fix)
    return Check(name=name, status="ok", found="by their owner only")


def trust(served: GateRules) -> Check:
    """Whose word the rules take: keys, or (`trust: self`) anybody's."""
    name = "trust"
    attested = sorted(pattern for pattern, held in served.models.items() if held.self_attested)
    nobody = sorted(pattern for pattern, held in served.models.items() if not held.self_attested and not held.keys)
    if nobody:
        found = f"{', '.join(nobody[:SHOWN])}: no key is named, nothing can be promoted"
        return Check(name=name, status="warn", found=found, fix="keepfit keys new prints the line for trust:")
    if attested:
        found = f"{', '.join(attested[:SHOWN])}: self-attested, which protects from mistakes, not from intent"
        return Check(name=name, status="warn", found=found, fix="keepfit keys new, and its line under trust: in place of self")
    return Check(name=name, status="ok", found="every certificate must be signed with a named key")


def _mode(path: Path) -> int:
    return path.stat().st_mode


def _sticky(path: Path) -> bool:
    """In such a folder only a file's owner can replace it."""
    return path.is_dir() and bool(_mode(path) & stat.S_ISVTX)
