"""A job of GitLab's that its pipeline schedules run, in a file to include."""

from __future__ import annotations

from keepfit.flows.init.schedules.place import LOOK, SchedulePlace, filled

JOB = """\
# Watches @SAID@: judges the windows that closed, and delivers what subscribers are owed. Written by `keepfit init --schedule gitlab`; edit it as you like.
#   Include it from .gitlab-ci.yml (include: [{local: /@FILE@}]), and make a schedule in Build, Pipeline schedules: @FIELDS@
#   3 (a ticket, or a window that waits for a person) and 4 (too few rows) of `keepfit monitor` are findings, not failures: subscribers hear of them.
#   Variables, masked (Settings, CI/CD): @SECRETS@; those of the DVC remote and the ledger's database too.
#   A runner forgets its disk: ledger.uri has to name a database that outlives it, data.live rows that it can reach.
keepfit-@NAME@:
  image: python:3.11
  rules: [{if: $CI_PIPELINE_SOURCE == 'schedule'}]
  resource_group: keepfit-@NAME@
  interruptible: false
  timeout: 1 hour
  variables: {GIT_DEPTH: '0'}
  before_script:
    - pip install 'keepfit[pipeline]'
  script:
    - cd @FOLDER@
    - dvc pull --quiet models/champion.dvc data/windows.dvc
    - |
@LOOK@"""
INCLUDE = "include:\n  - local: /@FILE@\n"


def gitlab_files(place: SchedulePlace) -> dict[str, bytes]:
    """Return the job's file and, where the repository has none, a `.gitlab-ci.yml` that includes it."""
    look = "".join(f"      {line}\n" for line in LOOK.splitlines())
    known = {"said": place.said, "name": place.name, "fields": place.every_hour, "file": _path(place)}
    text = filled(JOB, **known, folder=place.quoted_folder, secrets=", ".join(place.secrets), look=look)
    include = filled(INCLUDE, file=_path(place)).encode()
    there = place.top / ".gitlab-ci.yml"
    return {_path(place): text.encode(), **({} if there.exists() and there.read_bytes() != include else {there.name: include})}


def gitlab_next(place: SchedulePlace) -> tuple[str, ...]:
    """Return what is left to do: the include where the repository has a file of its own, the commit, the schedule."""
    own = (place.top / ".gitlab-ci.yml").exists() and _path(place).encode() not in (place.top / ".gitlab-ci.yml").read_bytes()
    return (
        *([f"add to .gitlab-ci.yml: include: [{{local: /{_path(place)}}}]"] if own else []),
        f"git add .gitlab-ci.yml {_path(place)} && git commit -m 'Watch the model every hour' && git push",
        f"in GitLab: Build, Pipeline schedules, New schedule: {place.every_hour}",
    )


def _path(place: SchedulePlace) -> str:
    return f".gitlab/keepfit-{place.name}.yml"
