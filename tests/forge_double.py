"""A forge on this machine: GitHub's and GitLab's interfaces of comments and of pull and merge requests, over HTTP with a state, tokens that may or may not
write, and pages; as docs.github.com/rest and docs.gitlab.com/api describe them.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

GITHUB = re.compile(r"^/repos/(?P<where>[^/]+/[^/]+)/issues/(?:comments/(?P<id>\d+)|(?P<number>\d+)/comments)$")
GITLAB = re.compile(r"^/projects/(?P<where>[^/]+)/merge_requests/(?P<number>\d+)/notes(?:/(?P<id>\d+))?$")

PULLS = re.compile(r"^/repos/(?P<where>[^/]+/[^/]+)/pulls(?:/(?P<id>\d+))?$")
MERGES = re.compile(r"^/projects/(?P<where>[^/]+)/merge_requests(?:/(?P<id>\d+))?$")


@dataclass
class Forge:
    """What the server holds and was asked: comments of the one pull request, the pull (or merge) requests, and every request that wrote."""

    url: str = ""
    token: str = "writes"
    comments: list[dict[str, Any]] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)
    broken: bool = False

    def say(self, body: str, **more: Any) -> None:
        """A comment of somebody else."""
        self.comments.append({"id": len(self.comments) + 1, "body": body, **more})


@contextmanager
def forge() -> Iterator[Forge]:
    """Run it."""
    state = Forge()

    class Answer(BaseHTTPRequestHandler):
        def _do(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._reply(*answered(state, self.command, self.path, dict(self.headers), json.loads(sent) if sent else {}))

        do_GET = do_POST = do_PATCH = do_PUT = _do  # noqa: N815 - the names that http.server calls

        def _reply(self, status: int, body: Any) -> None:
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


def answered(state: Forge, method: str, path: str, headers: dict[str, str], sent: dict[str, Any]) -> tuple[int, Any]:
    """What the forge answers."""
    parts = urlsplit(path)
    found = GITHUB.match(parts.path) or GITLAB.match(parts.path) or PULLS.match(parts.path) or MERGES.match(parts.path)
    given = headers.get("Private-Token") or headers.get("PRIVATE-TOKEN") or headers.get("Authorization", "").removeprefix("Bearer ")
    if state.broken:
        return 502, {"message": "Bad Gateway"}
    if found is None:
        return 404, {"message": "Not Found"}
    if given != state.token and (given != "reads" or method != "GET"):
        return 403, {"message": "Resource not accessible by integration"}
    if found.re in (PULLS, MERGES):
        return of_requests(state, method, found, sent, {name: values[0] for name, values in parse_qs(parts.query).items()})
    if method == "GET":
        asked = {name: int(values[0]) for name, values in parse_qs(parts.query).items()}
        start = asked["per_page"] * (asked["page"] - 1)
        return 200, state.comments[start : start + asked["per_page"]]
    if len(sent["body"]) > 65_536:
        return 422, {"message": "Body is too long (maximum is 65536 characters)"}
    state.writes.append(method)
    if method == "POST":
        state.say(sent["body"], html_url=f"https://forge/c/{len(state.comments) + 1}")
        return 201, state.comments[-1]
    [there] = [one for one in state.comments if one["id"] == int(found["id"])]
    there["body"] = sent["body"]
    return 200, {"html_url": f"https://forge/c/{there['id']}", **there}


def of_requests(state: Forge, method: str, found: re.Match[str], sent: dict[str, Any], asked: dict[str, str]) -> tuple[int, Any]:
    """What it answers about pull (or merge) requests; those of GitHub and of GitLab have different names for everything."""
    hub, where = found.re is PULLS, found["where"]
    if method == "GET":
        owner, head, base = where.partition("/")[0], asked.get("head" if hub else "source_branch"), asked.get("base" if hub else "target_branch")
        if asked.get("state", "open" if hub else "all") != "all":
            return 422, {"message": "the double knows all only"}
        shown = [one for one in state.requests if (f"{owner}:{one['branch']}" if hub else one["branch"]) == head and one["base"] == base]
        start = int(asked["per_page"]) * (int(asked["page"]) - 1)
        return 200, [as_shown(one, hub) for one in shown[start : start + int(asked["per_page"])]]
    text = sent.get("body" if hub else "description", "")
    if len(text) > (65_536 if hub else 1_048_576):
        return 422, {"message": "Validation Failed"}
    state.writes.append(method)
    if method == "POST":
        branch, base = (sent["head"], sent["base"]) if hub else (sent["source_branch"], sent["target_branch"])
        if any(one["branch"] == branch and one["state"] == "open" for one in state.requests):
            return (422 if hub else 409), {"message": f"A pull request already exists for {branch}."}
        state.requests.append({"number": len(state.requests) + 1, "branch": branch, "base": base, "title": sent["title"], "body": text, "state": "open"})
        return 201, as_shown(state.requests[-1], hub)
    [there] = [one for one in state.requests if one["number"] == int(found["id"])]
    there["body"] = text
    return 200, as_shown(there, hub)


def as_shown(one: dict[str, Any], hub: bool) -> dict[str, Any]:
    """The fields of a request that the documentation of each forge shows, as far as they matter here."""
    if hub:
        merged = "2026-03-02T09:00:00Z" if one["state"] == "merged" else None
        about = {"id": 7000 + one["number"], "number": one["number"], "state": "open" if one["state"] == "open" else "closed", "merged_at": merged}
        return {**about, "html_url": f"https://forge/pull/{one['number']}", "title": one["title"], "body": one["body"] or None}
    state = "opened" if one["state"] == "open" else one["state"]
    about = {"id": 7000 + one["number"], "iid": one["number"], "state": state, "web_url": f"https://forge/-/merge_requests/{one['number']}"}
    return {**about, "title": one["title"], "description": one["body"]}
