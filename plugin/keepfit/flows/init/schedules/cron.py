"""A script for cron, and the line that calls it."""

from __future__ import annotations

import os
import shlex

from keepfit.flows.init.schedules.place import SchedulePlace, filled

SCRIPT = """\
#!/bin/sh
# Watches @SAID@: judges the windows that closed, and delivers what subscribers are owed. Written by `keepfit init --schedule cron`; edit it as you like.
#   3 (a ticket, or a window that waits for a person) and 4 (too few rows) of `keepfit monitor` are findings, not failures: subscribers hear of them.
#   A run that is still under way is left alone. What was said is in .keepfit/schedule.log, and before that in schedule.log.1 (1 MB each).
#   A failure is said on stderr too, which cron mails (MAILTO in the crontab).
#   Secrets come from the environment or from the file that KEEPFIT_ENV names (default: ~/.config/keepfit/env, lines NAME=value, chmod 600):
#   @SECRETS@
set -u
cd "$(dirname "$0")/.." || exit 1
KEEPFIT=${KEEPFIT:-keepfit}
case $KEEPFIT in */*) PATH=$(dirname "$KEEPFIT"):$PATH; export PATH ;; esac
secrets=${KEEPFIT_ENV:-${HOME:-/nonexistent}/.config/keepfit/env}
if [ -r "$secrets" ]; then set -a; . "$secrets"; set +a; fi
mkdir -p .keepfit
exec 9>>.keepfit/schedule.lock
if command -v flock >/dev/null && ! flock -n 9; then exit 0; fi
log=.keepfit/schedule.log
if [ -f "$log" ] && [ "$(wc -c < "$log")" -gt 1000000 ]; then mv -f "$log" "$log.1"; fi
look() {
    printf '%s keepfit %s\\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*" >> "$log"
    "$KEEPFIT" "$@" >> "$log" 2>&1 9>&-
}
code=0
look monitor
found=$?
case $found in 0|3|4) ;; *) code=$found ;; esac
look hooks run
given=$?
[ "$given" -eq 0 ] || code=$given
if [ "$code" -ne 0 ]; then
    { echo "keepfit: looking at the model failed with $code; the end of $PWD/$log:"; tail -n 10 "$log"; } >&2
fi
exit "$code"
"""
LINE = """\
# Every hour, at a minute of the model's own. To add it: (crontab -l; cat @FILE@) | crontab -
@FIELDS@ KEEPFIT=@PROGRAM@ /bin/sh @SCRIPT@
"""


def cron_files(place: SchedulePlace) -> dict[str, bytes]:
    """Return the script and the crontab's line, by their paths below the repository's top."""
    script, line = (f"{place.prefix}schedules/{place.name}.{suffix}" for suffix in ("sh", "crontab"))
    called = {"program": _in_crontab(os.fspath(place.program)), "script": _in_crontab(os.fspath(place.top / script))}
    return {
        script: filled(SCRIPT, said=place.said, secrets=", ".join(place.secrets)).encode(),
        line: filled(LINE, file=shlex.quote(os.fspath(place.top / line)), fields=place.every_hour, **called).encode(),
    }


def cron_next(place: SchedulePlace) -> tuple[str, ...]:
    """Return what to type to have cron call it."""
    line = shlex.quote(os.fspath(place.root / "schedules" / f"{place.name}.crontab"))
    return (f"(crontab -l 2>/dev/null; cat {line}) | crontab -",)


def _in_crontab(path: str) -> str:
    """The path as cron's shell reads it; cron itself makes a line's end of %."""
    return shlex.quote(path).replace("%", "\\%")
