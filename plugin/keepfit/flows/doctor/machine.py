"""`keepfit doctor`: this machine: versions, where the monitor remembers, and who holds the signing key."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from keepfit.errors import KeepfitError
from keepfit.flows.project import Project
from keepfit.gate.rules import GateRules
from keepfit.integrations import signing
from keepfit.report.doctor import Check

LOOKED_AT = ("mlflow", "great-expectations", "dvc")
DEFAULT_KEY = "default"


def examine(project: Project | None, served: GateRules | None) -> Iterator[Check]:
    """Yield every check about this machine."""
    for package, range_ in supported().items():
        yield package_version(package, installed(package), range_)
    yield ledger(None if project is None else project.ledger_uri, ci=bool(os.environ.get("CI")))
    name = DEFAULT_KEY if project is None else project.params.certify.key
    yield key(name, signing.keys_folder(), served=served, trains=project is not None)


def supported() -> Mapping[str, str]:
    """Return the ranges of versions that keepfit is made for, from its own metadata; empty if it is not installed."""
    from packaging.requirements import Requirement

    try:
        needs = [Requirement(line) for line in requires("keepfit") or ()]
    except PackageNotFoundError:
        return {}
    ranges = {need.name: str(need.specifier) for need in needs}
    return {name: ranges[name] for name in LOOKED_AT if name in ranges}


def installed(package: str) -> str | None:
    """Return a package's version, None if it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def package_version(name: str, found: str | None, range_: str) -> Check:
    """Whether a version lies in the range; what is not installed is not needed here."""
    from packaging.specifiers import SpecifierSet
    from packaging.version import InvalidVersion, Version

    if found is None:
        return Check(name=name, status="ok", found="not installed here, and needed by the pipeline only")
    try:
        fits = SpecifierSet(range_).contains(Version(found), prereleases=True)
    except InvalidVersion:
        return Check(name=name, status="unknown", found=f"{found[:40]} is no version", fix=f"install {name}{range_}")
    if fits:
        return Check(name=name, status="ok", found=found)
    return Check(name=name, status="fail", found=f"{found} is not supported", fix=f"install {name}{range_}")


def ledger(uri: str | None, *, ci: bool) -> Check:
    """Whether the monitor's memory outlives this machine: a CI job's disk does not."""
    name = "ledger"
    if uri is None:
        return Check(name=name, status="unknown", found="no project here", fix="run keepfit doctor inside a project")
    if uri.startswith("sqlite:") and ci:
        found = "a local SQLite file, but this is CI: every job would begin without a memory, and alert again"
        return Check(name=name, status="warn", found=found, fix="set ledger.uri in params.yaml to a database URL")
    return Check(name=name, status="ok", found="a local SQLite file" if uri.startswith("sqlite:") else "a database")


def key(name: str, folder: Path, *, served: GateRules | None, trains: bool) -> Check:
    """Whether the signing key is there, closed to others, and known to the rules; and that who trains here can read it."""
    path = folder / f"{name}.pem"
    try:
        pair = signing.load_key(name, folder=folder)
    except KeepfitError as bad:
        return Check(name="key", status="fail", found=f"{bad.what} ({bad.where})" if bad.where else bad.what, fix=bad.fix or "")
    if pair is None:
        found = f"no key {name!r} here: what this account certifies is self-attested"
        return Check(name="key", status="ok", found=found)
    if _stranger(pair.public, served):
        fix = f'add {name}: "{pair.public}" under trust: in gate.yaml'
        return Check(name="key", status="warn", found=f"{path} is not a key that the rules name", fix=fix)
    if trains:
        found = f"{path} is closed to others, but this account also runs the training command, which could read it"
        return Check(name="key", status="warn", found=found, fix="give the key to the CI job that certifies, and to no other")
    return Check(name="key", status="ok", found=f"{path} is closed to others")


def _stranger(public: str, served: GateRules | None) -> bool:
    """Whether the rules name keys, but not this one."""
    named = [known for held in (served.models.values() if served else ()) for known in held.keys.values()]
    return bool(named) and public not in named
