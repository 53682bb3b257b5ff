"""The three addresses of those who run the service: /health, /ready, /metrics."""

import mmap
import platform
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from data import StoreFinding, StoreWatch, program_version
from web.accounts import comes_through_proxy
from web.addresses import is_loopback
from web.negotiation import preferred_language
from web.observing.meters import Meters, workers
from web.problems import plain_words

_METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_ELSEWHERE = {
    "zh": ("没有权限", "指标只提供给本机；请在本机上查询。"),
    "en": ("Forbidden", "Metrics are told to this machine alone: ask from there."),
}
_LOOK_EVERY_S = 1.0
_UNITS = {"disk": "free_bytes", "journal": "entries", "replica": "lag_seconds"}
_MEANINGS = {
    "disk": "What is free beside the store's file.",
    "journal": "Entries of the journal.",
    "replica": "How far the replica that was asked is behind.",
}


class Probes:
    """Answers to the three addresses.

    Args:
        watch: what is asked whether the service can do its work.
        meters: what has been counted.
    """

    def __init__(self, watch: StoreWatch, meters: Meters) -> None:
        self._watch, self._meters = watch, meters
        self._found: Sequence[StoreFinding] = ()
        self._looked_at = float("-inf")
        self._routes = {"/health": _alive, "/ready": self._ready, "/metrics": self._metrics}

    def answer(self, environ: dict[str, Any], start_response: Any) -> list[bytes] | None:
        """The answer; None where the address is another."""
        route = self._routes.get(environ["PATH_INFO"])
        if route is None:
            return None
        method = environ["REQUEST_METHOD"]
        if method == "OPTIONS":
            status, body, kind = "200 OK", b"", "text/plain"
        elif method not in {"GET", "HEAD"}:
            lang = preferred_language(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
            status, body, kind = _problem(405, "Method Not Allowed", plain_words(405, lang))
        else:
            status, body, kind = route(environ)
        headers = [
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            *([] if method in {"GET", "HEAD"} else [("Allow", "GET, HEAD, OPTIONS")]),
        ]
        start_response(status, headers)
        return [] if method == "HEAD" else [body]

    def _findings(self) -> Sequence[StoreFinding]:
        """What was found at most a second ago: a flood of questions costs no more than one."""
        if time.monotonic() - self._looked_at > _LOOK_EVERY_S:
            self._found = self._watch.run()
            self._looked_at = time.monotonic()
        return self._found

    def _ready(self, environ: dict[str, Any]) -> tuple[str, bytes, str]:
        found = self._findings()
        ready = all(one.ok for one in found)
        own = _is_own(environ)
        said = {
            "status": "ready" if ready else "not-ready",
            "checks": [
                {"name": one.name, "ok": one.ok}
                | ({"said": one.said, "said_zh": one.said_zh} if own else {})
                for one in found
            ],
        }
        status = "200 OK" if ready else "503 Service Unavailable"
        return status, orjson.dumps(said), "application/json"

    def _metrics(self, environ: dict[str, Any]) -> tuple[str, bytes, str]:
        if not _is_own(environ):
            lang = preferred_language(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
            return _problem(403, "Forbidden", _ELSEWHERE[lang])
        lines = [*self._meters.lines(), *self._gauges(), *_process()]
        return "200 OK", ("\n".join(lines) + "\n").encode(), _METRICS_TYPE

    def _gauges(self) -> Iterator[str]:
        found = self._findings()
        yield "# HELP ovoo_ready Whether a check of the service is passed."
        yield "# TYPE ovoo_ready gauge"
        for one in found:
            yield f'ovoo_ready{{check="{one.name}"}} {int(one.ok)}'
        for one in found:
            if one.value is not None:
                name = f"ovoo_{one.name}_{_UNITS[one.name]}"
                yield f"# HELP {name} {_MEANINGS[one.name]}"
                yield f"# TYPE {name} gauge"
                yield (
                    f"{name} {one.value:g}" if one.name == "replica" else f"{name} {one.value:.0f}"
                )


def _problem(status: int, reason: str, said: tuple[str, str]) -> tuple[str, bytes, str]:
    title, detail = said
    told = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return f"{status} {reason}", orjson.dumps(told), "application/problem+json"


def _alive(_environ: dict[str, Any]) -> tuple[str, bytes, str]:
    return "200 OK", orjson.dumps({"status": "alive"}), "application/json"


def _is_own(environ: dict[str, Any]) -> bool:
    """Whether this machine asks, and not through a proxy."""
    return is_loopback(environ.get("REMOTE_ADDR", "")) and not comes_through_proxy(environ)


def _process() -> Iterator[str]:
    yield "# HELP process_cpu_seconds_total Processor time of the process that answers."
    yield "# TYPE process_cpu_seconds_total counter"
    yield f"process_cpu_seconds_total {time.process_time():.2f}"
    yield "# HELP ovoo_build_info The program that answers: its version and Python's."
    yield "# TYPE ovoo_build_info gauge"
    labels = f'version="{program_version()}",python="{platform.python_version()}"'
    yield f"ovoo_build_info{{{labels}}} 1"
    resident = _resident_bytes("self")
    if resident is not None:
        yield "# HELP process_resident_memory_bytes Memory of the process that answers."
        yield "# TYPE process_resident_memory_bytes gauge"
        yield f"process_resident_memory_bytes {resident}"
    yield "# HELP ovoo_worker_resident_memory_bytes Memory of each process that answers requests."
    yield "# TYPE ovoo_worker_resident_memory_bytes gauge"
    for number, process in workers().items():
        of_worker = _resident_bytes(str(process))
        if of_worker is not None:  # it may just be started again
            yield f'ovoo_worker_resident_memory_bytes{{worker="{number}"}} {of_worker}'


def _resident_bytes(process: str) -> int | None:
    """The resident memory of a process; None where the system does not tell it."""
    try:
        told = Path(f"/proc/{process}/statm").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return int(told.split()[1]) * mmap.PAGESIZE
