#!/usr/bin/env bash
# One expects `notify()` to answer True or False, as it did up to Apprise 1: `if apobj.notify(…) is False: fall_back()`, `assert apobj.notify(…) is True`.
# Since Apprise 2 it answers an object that neither is nor equals True or False; only bool() of it does. Of two services of which one fails it is false, though
# the other one has sent the message, and sends it again when all of it is tried again.
# Hurt: a fall-back that never runs, because nothing `is False`; everybody paged once more by each retry, because one address of five does not work.
set -eu
home=$(mktemp -d); trap 'rm -rf "$home"' EXIT
python3 -m venv "$home/venv"
"$home/venv/bin/pip" install --quiet apprise==2.3.0 >/dev/null
"$home/venv/bin/python" - <<'PY'
import logging
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import apprise

logging.getLogger("apprise").addHandler(logging.NullHandler())
got = []


class Service(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        got.append(self.path)
        self.send_response(500 if self.path == "/bad" else 200)
        self.end_headers()

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Service)
threading.Thread(target=server.serve_forever, daemon=True).start()
place = f"json://127.0.0.1:{server.server_port}"


def told(*paths):
    several = apprise.Apprise()
    for path in paths:
        assert several.add(place + path)
    return several.notify(body="it fell", title="flights")


print("apprise", apprise.__version__)
good, bad, both = told("/good"), told("/bad"), told("/good", "/bad")
for name, each in (("taken", good), ("refused", bad), ("one of two", both)):
    print(f"{name:11}", each, "bool:", bool(each), "== True:", each == True, "is False:", each is False)  # noqa: E712
never = not any(each is known or each == known for each in (good, bad) for known in (True, False))
partly = not both and both.success_count == 1 and got.count("/good") == 2
sys.exit(0 if never and (bool(good), bool(bad)) == (True, False) and partly else 1)
PY
