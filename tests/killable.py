"""A real server that can be killed and started again at the same address."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from email.message import Message
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


class Server:
    """`ovoo serve` with all its processes."""

    def __init__(self, store: str, folder: Path) -> None:
        self._store, self._folder, self._log = store, folder, folder / "server.log"
        self._process: subprocess.Popen[str] | None = None
        self.port = 0

    def start(self) -> None:
        """Start it, at the same port as before."""
        settings = {"OVOO_STORE": self._store, "PORT": str(self.port), "OVOO_WORKERS": "2"}
        with self._log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ovoo", "serve"],
                cwd=ROOT,
                env={
                    **os.environ,
                    **settings,
                    "OVOO_MIN_FREE_MB": "0",
                    "TMPDIR": str(self._folder),
                },
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        assert self._process.stdout is not None
        found = re.search(r"http://[^:]+:(\d+)/", self._process.stdout.readline())
        assert found is not None, self._log.read_text(encoding="utf-8")
        self.port = int(found[1])

    def kill(self) -> None:
        """Kill -9 the supervisor and every process of it at once."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float = 60.0,
    ) -> tuple[int, Message, Any]:
        """Status, headers and the JSON of an answer.

        Raises:
            OSError: there was none.
        """
        sent = dict(headers or {})
        content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        if content is not None:
            sent.setdefault("Content-Type", "application/json")
        address = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(address, content, sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=timeout_s) as answer:  # noqa: S310 - http alone
                return answer.status, answer.headers, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, json.loads(error.read() or b"null")

    def wait(self) -> None:
        """Wait until it answers."""
        for _ in range(300):
            try:
                if self.ask("GET", "/health", timeout_s=5)[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError(self._log.read_text(encoding="utf-8"))
