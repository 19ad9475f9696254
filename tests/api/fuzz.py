"""Sends to a served town what its OpenAPI description allows, and what it does not: no answer may
say that the server is broken, and each must be of the kind that the description tells.

usage: YIYANG_BIN=… python fuzz.py [examples for each operation]
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

from town import Town, filed

HERE = pathlib.Path(__file__).parent
EXAMPLES = sys.argv[1] if len(sys.argv) > 1 else "12"


def fuzzed(town, token, known):
    checks = "not_a_server_error,content_type_conformance,response_schema_conformance"
    command = [
        str(pathlib.Path(sys.executable).parent / "schemathesis"),
        *("run", f"{town.base}/api/openapi.json", "-H", f"Authorization: Bearer {token}"),
        *("--checks", checks, "--max-examples", EXAMPLES, "--seed", "1"),
        *("--generation-deterministic", "--no-color", "--request-timeout", "60"),
    ]
    env = os.environ | {"SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE), "KNOWN": known}
    return subprocess.run(command, env=env, cwd=HERE).returncode


def main():
    with tempfile.TemporaryDirectory() as folder:
        town = Town(folder)
        try:
            officer, applicant = town.people()
            cases = filed(town, applicant, [f"room-{number}" for number in range(12)])
            known = {
                "id": [str(case) for case in cases],
                "procedure": ["herb-room-licence", "plan-adoption", "tea-house-licence"],
                "register": ["herb-room", "tea-house"],
                "material": ["plan", "lease"],
                "step": ["accept", "examine"],
                "outcome": ["accepted", "good", "bad", "incomplete"],
            }
            failed = [fuzzed(town, token, json.dumps(known)) for token in (officer, applicant)]
            served = town.server.poll() is None
        finally:
            town.end()
        broken = [line for line in town.said().splitlines() if "panicked" in line]
        good = not any(failed) and served and not broken
        print(*broken, sep="\n")
        print(f"{int(good)} passed, {int(not good)} failed")
        return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
