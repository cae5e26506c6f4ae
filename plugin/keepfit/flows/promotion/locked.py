"""What a commit says about a candidate: dvc.lock, the reports, params and suites, read with git and checked against one another.

The work tree is not looked at: what counts is what was reviewed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ruamel.yaml import YAML

from keepfit.errors import ProjectError
from keepfit.flows.params_files import files_at, params_at
from keepfit.integrations.programs.dvc import stages_of
from keepfit.integrations.programs.git import GitRepo
from keepfit.params import Params, load_params
from keepfit.records import RefitReport, Scorecard, Validation, from_json
from keepfit.tables.window_decisions import FILE as DECISIONS
from keepfit.tables.window_decisions import decisions_of

SCORECARD = "reports/scorecard.json"
VALIDATION = "reports/validation.json"
REFIT = "reports/refit.json"
CHAIN = ("ingest", "validate", "compose", "train", "evaluate", "refit")
BEHAVIOUR, TESTED = "behaviour", (".yml", ".csv", ".parquet")
"""The folder of behaviour tests, and what else belongs to them: rows that are asked in every window."""
REPRO = "dvc repro, commit, then certify that commit"
_MISSING = object()


@dataclass(frozen=True, kw_only=True)
class Locked:
    """A commit's candidate; `data` maps tracked paths to the md5s that the stages read and wrote, `suites` files to sha256.

    `train_out` is what is shipped: refit's out, or train's in a pipeline without that stage.
    """

    commit: str
    train_out: str
    train_md5: str
    data: Mapping[str, str]
    suites: Mapping[str, str]
    scorecard: Scorecard
    validation: Validation
    params: Params
    params_text: bytes


def read_locked(git: GitRepo, ref: str) -> Locked:
    """Read the candidate at `ref`; raises `ProjectError` where the commit contradicts itself."""
    commit = git.commit_of(ref)
    where = f"dvc.lock at {commit[:10]}"
    stages = stages_of(_text(git, commit, "dvc.lock").decode("utf-8", "replace"), where=where)
    missing = [name for name in ("train", "evaluate", "validate") if name not in stages]
    if missing:
        raise ProjectError(f"dvc.lock has no stage {missing[0]}", where=where, fix=REPRO)
    _check_chain(stages, where)
    params_text = _text(git, commit, "params.yaml")
    _check_params(stages, params_text, where)
    reports = {path: _text(git, commit, path) for path in (SCORECARD, VALIDATION, *([REFIT] if "refit" in stages else []))}
    _check_reports(stages, reports, where)
    named = f"params.yaml at {commit[:10]}"
    params = params_at(git, commit, where=named, take=load_params)
    shipped = next(out for out in stages["refit" if "refit" in stages else "train"]["outs"] if str(out["path"]).startswith("models/"))
    return Locked(
        commit=commit,
        train_out=str(shipped["path"]),
        train_md5=str(shipped["md5"]),
        data={path: md5 for path, md5 in sorted(_entries(stages, ("deps", "outs"))) if path.startswith(("data/", "build/", "models/"))},
        suites=_suites(git, commit, params.expect.suites),
        scorecard=_scorecard(reports, commit),
        validation=_decided(git, commit, params.expect.suites, from_json(Validation, reports[VALIDATION], where=f"{VALIDATION} at {commit[:10]}")),
        params=params,
        params_text=b"\0".join([params_text, *(one.text.encode() for one in files_at(git, commit, where=named)[1:])]),
    )


def _scorecard(reports: Mapping[str, bytes], commit: str) -> Scorecard:
    """What was found of the judged model, with what is known of the shipped one."""
    card = from_json(Scorecard, reports[SCORECARD], where=f"{SCORECARD} at {commit[:10]}")
    return from_json(RefitReport, reports[REFIT], where=f"{REFIT} at {commit[:10]}").beside(card) if REFIT in reports else card


def _check_chain(stages: Mapping[str, Mapping[str, Any]], where: str) -> None:
    """What one stage wrote is what the next one read."""
    written = dict(_entries(stages, ("outs",)))
    for path, md5 in _entries(stages, ("deps",)):
        if written.get(path, md5) != md5:
            raise ProjectError(f"{path} was read as {md5[:10]} but written as {written[path][:10]}", where=where, fix=REPRO)


def _check_reports(stages: Mapping[str, Mapping[str, Any]], reports: Mapping[str, bytes], where: str) -> None:
    written = dict(_entries(stages, ("outs",)))
    for path, text in reports.items():
        if written.get(path) != hashlib.md5(text, usedforsecurity=False).hexdigest():
            raise ProjectError(f"{path} is not what the stages wrote: it was edited or not committed", where=where, fix=REPRO)


def _check_params(stages: Mapping[str, Mapping[str, Any]], text: bytes, where: str) -> None:
    """The params that the stages ran with are the committed ones."""
    data = YAML(typ="safe", pure=True).load(text)
    for name in CHAIN:
        for key, ran in stages.get(name, {}).get("params", {}).get("params.yaml", {}).items():
            if not _same(_at(data, key), ran):
                raise ProjectError(f"the stage {name} ran with another {key} than params.yaml says", where=where, fix=REPRO)


def _at(data: Any, dotted: str) -> Any:
    for part in dotted.split("."):
        data = data.get(part, _MISSING) if isinstance(data, dict) else _MISSING
    return data


def _same(committed: Any, ran: Any) -> bool:
    """DVC writes dates as texts into its lock."""
    return bool(committed == ran) or bool(_plain(committed) == _plain(ran))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value if isinstance(value, bool | int | float) or value is None else str(value)


def _entries(stages: Mapping[str, Mapping[str, Any]], kinds: tuple[str, ...]) -> Iterable[tuple[str, str]]:
    for name in CHAIN:
        for kind in kinds:
            for entry in stages.get(name, {}).get(kind, ()):
                if "md5" in entry:
                    yield str(entry["path"]), str(entry["md5"])


def _decided(git: GitRepo, commit: str, folder: str, validation: Validation) -> Validation:
    """Put what people decided on windows beside what the suites said: validate looks at the data only."""
    text = git.show(commit, f"{folder}/{DECISIONS}")
    decisions = decisions_of((YAML(typ="safe", pure=True).load(text) if text else None) or {})
    windows = (
        replace(window, decision=decisions[window.window].verdict, reason=decisions[window.window].reason) if window.window in decisions else window
        for window in validation.windows
    )
    return replace(validation, windows=tuple(windows))


def _suites(git: GitRepo, commit: str, folder: str) -> dict[str, str]:
    files = [path for path in git.files(commit, folder) if path.endswith((".json", ".yaml")) or (f"/{BEHAVIOUR}/" in path and path.endswith(TESTED))]
    return {path: hashlib.sha256(_text(git, commit, path)).hexdigest() for path in files}


def _text(git: GitRepo, commit: str, path: str) -> bytes:
    text = git.show(commit, path)
    if text is None:
        raise ProjectError(f"{path} is not in the commit {commit[:10]}", where=str(git.root), fix=REPRO)
    return text
