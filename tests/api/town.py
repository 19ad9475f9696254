"""A town of invented people, served from a folder of its own, and what programs do in it."""

import json
import os
import pathlib
import socket
import subprocess
import time
import urllib.request

BIN = os.environ.get("YIYANG_BIN", "target/debug/yiyang")
OFFICER = "clerk@example.cn"
APPLICANT = "lin@example.cn"
BODY = "health@900101"
ROOM = {
    "kind": "person",
    "answers": {
        "herb-room.name": "薄荷小店",
        "herb-room.division": "900101001",
        "herb-room.herbs": ["H1"],
        "herb-room.main-herb": "H1",
        "herb-room.floor-area": 30,
        "herb-room.night": False,
        "herb-room.purpose": "trade",
        "keeper.worked-since": "2015-05-01",
        "keeper.name": "王一",
        "keeper.resident-id": "11010519491231002X",
    },
    "materials": {"lease": "shared"},
}


def free_port():
    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        return own.getsockname()[1]


class Town:
    """A town of invented people, served from a folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.begin()

    def begin(self):
        """Serves it, again after it was killed."""
        listen = ["--listen", f"127.0.0.1:{self.port}", "--data", self.folder]
        more = ["--program-rate", "5000", "--private-hooks"]
        with open(pathlib.Path(self.folder) / "served.log", "ab") as log:
            args = [BIN, "serve", "--pack", "willow", *listen, *more]
            self.server = subprocess.Popen(args, stdout=log, stderr=log)
        self.wait()

    def end(self):
        self.server.terminate()
        self.server.wait()

    def people(self):
        """An officer and somebody who applies: the tokens of their programs."""
        told = ("add-officer", "--login", OFFICER, "--name", "某官员（虚构）", "--body", BODY)
        self.told(*told)
        # Who acts for a body applies for themselves with a token that names none.
        told = ("add-officer", "--login", APPLICANT, "--name", "林某（虚构）")
        self.told(*told, "--body", "fire@900102")
        return self.token(OFFICER, "--body", BODY), self.token(APPLICANT)

    def wait(self):
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{self.base}/healthz", timeout=2).read()
                return
            except OSError:
                if self.server.poll() is not None:
                    break
                time.sleep(0.2)
        raise SystemExit(f"the town is not served: {self.said()}")

    def said(self):
        return (pathlib.Path(self.folder) / "served.log").read_text()

    def told(self, *args):
        city = ["--data", self.folder, "--pack", "willow"]
        done = subprocess.run([BIN, "account", *args, *city], capture_output=True, check=True)
        return json.loads(done.stdout)

    def token(self, login, *more):
        return self.told("token", "--login", login, "--title", "fuzz", *more)["token"]

    def ask(self, token, address, body=None, key=None):
        headers = {"authorization": f"Bearer {token}"}
        data = None
        if body is not None:
            as_json = not isinstance(body, bytes)
            data = json.dumps(body).encode() if as_json else body
            if as_json:
                headers |= {"content-type": "application/json", "idempotency-key": key}
        request = urllib.request.Request(self.base + address, data, headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)


def filed(town, applicant, keys):
    """Files a room under each key: the numbers of their cases."""
    plan = town.ask(applicant, "/api/files?name=plan.pdf", b"%PDF-1.7 a plan")["file"]
    room = ROOM | {"materials": ROOM["materials"] | {"plan": plan}}
    address = "/api/services/herb-room-licence/cases"
    return [town.ask(applicant, address, room, key)["case"] for key in keys]
