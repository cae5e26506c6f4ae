"""A workflow of GitHub Actions that looks every hour."""

from __future__ import annotations

import json

from keepfit.flows.init.schedules.place import LOOK, SchedulePlace, filled

WORKFLOW = """\
# Watches @SAID@: judges the windows that closed, and delivers what subscribers are owed. Written by `keepfit init --schedule github`; edit it as you like.
#   3 (a ticket, or a window that waits for a person) and 4 (too few rows) of `keepfit monitor` are findings, not failures: subscribers hear of them.
#   Secrets (Settings, Secrets and variables, Actions) go by the names under `env`; those of the DVC remote and the ledger's database belong there too.
#   A runner forgets its disk: ledger.uri has to name a database that outlives it, data.live rows that it can reach.
name: keepfit @NAME@
on:
  schedule:
    - cron: '@FIELDS@'
  workflow_dispatch:
permissions:
  contents: read
concurrency:
  group: keepfit-@NAME@
  cancel-in-progress: false
jobs:
  monitor:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    defaults:
      run:
        working-directory: @FOLDER@
    env:
@SECRETS@
    steps:
      - uses: actions/checkout@v4
        with: {fetch-depth: 0}
      - uses: actions/setup-python@v5
        with: {python-version: '3.11'}
      - name: install
        run: pip install 'keepfit[pipeline]'
      - name: data
        run: dvc pull --quiet models/champion.dvc data/windows.dvc
      - name: look
        run: |
@LOOK@"""


def github_files(place: SchedulePlace) -> dict[str, bytes]:
    """Return the workflow, by its path below the repository's top."""
    secrets = "\n".join(f"      {name}: ${{{{ secrets.{name} }}}}" for name in place.secrets)
    look = "".join(f"          {line}\n" for line in LOOK.splitlines())
    text = filled(WORKFLOW, said=place.said, name=place.name, fields=place.every_hour, folder=json.dumps(place.folder), secrets=secrets, look=look)
    return {_path(place): text.encode()}


def github_next(place: SchedulePlace) -> tuple[str, ...]:
    """Return what to type to have GitHub run it; it does so on the default branch alone."""
    return (f"git add {_path(place)} && git commit -m 'Watch the model every hour' && git push", *(f"gh secret set {name}" for name in place.secrets))


def _path(place: SchedulePlace) -> str:
    return f".github/workflows/keepfit-{place.name}.yml"
