"""Run pytest on one private PostgreSQL cluster, and say aloud what was skipped for want of it."""

import os
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from postgres import find_server, running_cluster

ROOT = Path(__file__).resolve().parents[1]


def main(arguments: list[str]) -> int:
    """Run the tests; the exit code is pytest's, or 1 where CI lacks what tests need."""
    wanting = []
    server = find_server()
    if isinstance(server, str):
        wanting.append(f"PostGIS: {server}")
    if shutil.which("chromium") is None:
        wanting.append("Chromium: not installed (Debian: chromium)")
    with ExitStack() as stack:
        environment = dict(os.environ)
        if not isinstance(server, str):
            environment["OVOO_TEST_POSTGRES"] = stack.enter_context(running_cluster())
        command = [sys.executable, "-m", "pytest", "-n", str(os.cpu_count() or 2), *arguments]
        code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    for want in wanting:
        print(f"!! TESTS WERE SKIPPED for want of {want}", file=sys.stderr)
    if wanting and os.environ.get("CI", "").lower() == "true":
        print("!! With CI=true that is a failure.", file=sys.stderr)
        return code or 1
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
