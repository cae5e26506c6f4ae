"""`keepfit doctor`: what a server says of itself: version, clock, who may ask, where artifacts lie and who may overwrite them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from keepfit.errors import ServerError
from keepfit.flows.doctor.gate import gated
from keepfit.flows.doctor.machine import package_version, supported
from keepfit.flows.doctor.rules import Rules
from keepfit.gate.rules import ANONYMOUS
from keepfit.integrations.mlflow.rest import Response, Rest
from keepfit.report.doctor import Check

OK, FOUND, SEE_OTHER, REDIRECT, UNAUTHORIZED, FORBIDDEN = 200, 302, 303, 307, 401, 403
CLOSED = {FOUND, SEE_OTHER, REDIRECT, UNAUTHORIZED, FORBIDDEN}  # sent to a login, or told to go
APART_SECONDS = 60
EXPERIMENTS = 200
NO_FILE = "keepfit-probe"
SHOWN = 3
NAMES = ("gate", "server version", "clock", "auth", "artifact writes", "artifact root")
DEFAULT_FOLDER = re.compile(r"^(file://)?/.*/mlruns/\d+$")
ABSOLUTE = "start the server with an absolute --default-artifact-root or --artifacts-destination"
USERS = "keepfit server --auth basic-auth, or a proxy that asks who it is; docs/operate.md"


def examine(uri: str | None, rules: Rules, *, now: datetime, model: str | None = None) -> Iterator[Check]:
    """Yield every check about the server; `now` is compared with its clock."""
    if uri is None:
        yield from _nothing("no MLflow server is named here", fix="set MLFLOW_TRACKING_URI, or run keepfit doctor inside a project")
    elif not uri.startswith(("http://", "https://")):
        found = "MLFLOW_TRACKING_URI is no server: whoever opens the database or folder moves any champion"
        yield Check(name="gate", status="fail", found=found, fix="keepfit server, then MLFLOW_TRACKING_URI=http://HOST:PORT")
        yield from _nothing("no server to ask", names=NAMES[1:])
    else:
        yield from _served(Rest(uri), rules, now=now, model=model)


def _served(rest: Rest, rules: Rules, *, now: datetime, model: str | None) -> Iterator[Check]:
    try:
        said, nobody, listed = rest.version(), rest.experiments(most=1, anonymous=True), rest.experiments(most=EXPERIMENTS)
        proxied = rest.proxied_files(NO_FILE)
        gate = gated(rest, rules, model=model)
    except ServerError as away:
        yield from _nothing(away.what, fix=away.fix or "")
        return
    yield gate
    yield server_version(said)
    yield clock(said.date, now=now)
    yield auth(nobody, rules)
    yield artifact_writes(nobody, proxied)
    yield artifact_root(listed)


def server_version(said: Response) -> Check:
    """Whether the server's MLflow is one that keepfit is made for."""
    range_ = supported().get("mlflow")
    if said.status != OK or range_ is None:
        return Check(name="server version", status="unknown", found="the server does not say its version", fix="ask who runs it")
    found = package_version("mlflow", said.text.strip(), range_)
    return Check(name="server version", status=found.status, found=found.found, fix=found.fix and f"{found.fix} on the server")


def clock(theirs: datetime | None, *, now: datetime) -> Check:
    """Whether the server's clock, by which certificates expire, is ours."""
    if theirs is None:
        return Check(name="clock", status="unknown", found="the server does not say what time it is", fix="a proxy may drop the Date header")
    apart = (theirs - now).total_seconds()
    if abs(apart) <= APART_SECONDS:
        return Check(name="clock", status="ok", found=f"{abs(apart):.0f} s from this machine's")
    found = f"the server's clock is {abs(apart):.0f} s {'ahead of' if apart > 0 else 'behind'} this machine's: certificates expire by it"
    return Check(name="clock", status="warn", found=found, fix="let both keep time by NTP")


def auth(nobody: Response, rules: Rules) -> Check:
    """Whether a request without credentials is turned away; where it is not, nobody is known, and only where all may move a pointer anybody may."""
    if nobody.status in CLOSED:
        return Check(name="auth", status="ok", found="nobody is answered without credentials")
    if nobody.status != OK:
        return Check(name="auth", status="unknown", found=f"the server answers {nobody.status} to a search of experiments", fix="is it an MLflow server?")
    found = "none: the journal calls everybody anonymous, and that two people approve is advisory"
    stuck = [] if rules.served is None else [pattern for pattern, held in sorted(rules.served.models.items()) if not held.may_move(ANONYMOUS)]
    if stuck:
        more = f" and {len(stuck) - SHOWN} more" if len(stuck) > SHOWN else ""
        found += f"; nobody can promote {', '.join(stuck[:SHOWN])}{more}, whose movers gate.yaml names"
    return Check(name="auth", status="warn", found=found, fix=USERS)


def artifact_writes(nobody: Response, proxied: Response) -> Check:
    """Whether anybody who reaches the server can overwrite model files; nothing is written to find out."""
    name = "artifact writes"
    if nobody.status in CLOSED and proxied.status != OK:
        return Check(name=name, status="ok", found="not without credentials")
    if nobody.status != OK and proxied.status != OK:
        return Check(name=name, status="unknown", found="the server does not say", fix="is it an MLflow server?")
    way = "PUT …/mlflow-artifacts/artifacts/…" if proxied.status == OK else "POST …/upload-artifact"
    found = f"whoever reaches the server can overwrite model files ({way}); the gate notices at the next promotion, serving does not"
    return Check(name=name, status="warn", found=found, fix=USERS)


def artifact_root(listed: Response) -> Check:
    """Whether artifacts lie where every process finds them: a relative place depends on the folder a process runs in."""
    name = "artifact root"
    experiments = listed.data.get("experiments")
    if listed.status != OK or not isinstance(experiments, list):
        return Check(name=name, status="unknown", found="the experiments cannot be listed", fix="set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD")
    places = {str(each.get("name")): str(each.get("artifact_location", "")) for each in experiments}
    loose = [f"{experiment}: {place}" for experiment, place in sorted(places.items()) if relative(place)]
    if loose:
        more = f" and {len(loose) - SHOWN} more" if len(loose) > SHOWN else ""
        found = f"relative to whatever folder a process runs in: {', '.join(loose[:SHOWN])}{more}"
        return Check(name=name, status="fail", found=found, fix=f"{ABSOLUTE}, and make the experiment anew")
    default = [f"{experiment}: {place}" for experiment, place in sorted(places.items()) if DEFAULT_FOLDER.search(place)]
    if default:
        found = f"the folder mlruns where the server was started ({default[0]}): started elsewhere, it puts new experiments elsewhere"
        return Check(name=name, status="warn", found=found, fix=ABSOLUTE)
    return Check(name=name, status="ok", found=f"no relative place among {len(places)} experiments")


def relative(place: str) -> bool:
    """Whether a place depends on the folder of the process that reads it.

    >>> [relative(place) for place in ("./mlruns/0", "mlruns/1", "file:mlruns", "/srv/mlruns", "file:///srv/x", "s3://b/x", "mlflow-artifacts:/0")]
    [True, True, True, False, False, False, False]
    """
    scheme, colon, rest = place.partition(":")
    if colon and "/" not in scheme:
        return scheme == "file" and not rest.startswith("/")
    return not place.startswith("/")


def _nothing(found: str, *, fix: str = "", names: Sequence[str] = NAMES) -> Iterator[Check]:
    """All checks of a server that is not there; the fix is said once."""
    for number, name in enumerate(names):
        yield Check(name=name, status="unknown", found=found if number == 0 else "not asked", fix=fix if number == 0 else "")
