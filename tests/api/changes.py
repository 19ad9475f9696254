"""Another department's system subscribes and gets each change once and in order, after an outage of
its own and after the city's server was killed.

usage: YIYANG_BIN=… python changes.py
"""

import base64
import hashlib
import hmac
import http.server
import json
import sys
import tempfile
import threading
import time

from town import Town, filed


class System(http.server.BaseHTTPRequestHandler):
    """The other system: it keeps what it is told, unless it is out."""

    out = False
    told = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if not System.out:
            System.told.append((dict(self.headers.items()), body))
        self.send_response(503 if System.out else 204)
        self.end_headers()

    def log_message(self, *_):
        pass


def numbers():
    return [json.loads(body)["data"]["number"] for _, body in System.told]


def until(what, holds, seconds=120):
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise SystemExit(f"{what}: told {numbers()}")
        time.sleep(0.1)


def everything(town, token):
    """The feed from the beginning."""
    changes, after = [], 0
    while True:
        answer = town.ask(token, f"/api/changes?after={after}")
        changes += [change["number"] for change in answer["changes"]]
        if answer["after"] == after:
            return changes
        after = answer["after"]


def signed(secret):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    for headers, body in System.told:
        lines = {name.lower(): line for name, line in headers.items()}
        text = f"{lines['webhook-id']}.{lines['webhook-timestamp']}.".encode() + body
        mac = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
        if lines["webhook-signature"] != f"v1,{mac}":
            return False
    return True


def once(told):
    """Numbers without those that came again at once, as after a kill between sending and noting."""
    return [number for place, number in enumerate(told) if place == 0 or told[place - 1] != number]


def walked(town):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), System)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    officer, applicant = town.people()
    url = f"http://127.0.0.1:{server.server_port}/changes"
    wanted = {"title": "District system (invented)", "url": url, "after": 0}
    secret = town.ask(officer, "/api/subscriptions", wanted, "subscribes")["secret"]
    filed(town, applicant, ["a-1", "a-2"])
    until("before the outage", lambda: len(numbers()) == 2)
    System.out = True
    filed(town, applicant, ["b-1", "b-2", "b-3"])
    tried = lambda: town.ask(officer, "/api/subscriptions")[0]["attempts"] > 0
    until("it is tried while the system is out", tried)
    System.out = False
    until("after the outage", lambda: len(numbers()) >= 5)
    # Many changes at once, and the server is killed while it pushes them.
    filed(town, applicant, [f"c-{number}" for number in range(40)])
    until("while it pushes", lambda: len(numbers()) >= 10)
    town.server.kill()
    town.server.wait()
    town.begin()
    filed(town, applicant, ["d-1"])
    # Its lease runs out first.
    until("after the kill", lambda: len(once(numbers())) >= 46, 240)
    feed = everything(town, officer)
    print(f"{len(numbers())} calls for {len(feed)} changes")
    return once(numbers()) == feed and signed(secret)


def main():
    with tempfile.TemporaryDirectory() as folder:
        town = Town(folder)
        try:
            good = walked(town)
        finally:
            town.end()
    print(f"{int(good)} passed, {int(not good)} failed")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
