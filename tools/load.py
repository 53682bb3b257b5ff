"""Mixed readers and writers on one server: how many are answered, how fast, with how much memory.

    python tools/load.py http://127.0.0.1:8000 --connections 200 --seconds 60

Nine of ten requests read (a page in a box, one feature, a search), one writes a draft; with
`--writes 0` all read. Prints the memory of each of the server's processes while it goes, then one
JSON object. Exit code 1 where an answer was a server's fault (5xx) or did not come within a minute,
where a process grew by more than 5 % in the second half of the time, or holds more than 250 MB.
"""

import argparse
import asyncio
import json
import random
import re
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from statistics import median
from typing import Any
from urllib.parse import quote, urlsplit

MOST_GROWTH_PERCENT, MOST_MB = 5.0, 250.0
"""What a process may grow by in the second half of the time, and hold at any time."""
_NO_ANSWER = 0
_LONGEST_S = 60.0
"""Who has no answer by then asks over a new connection."""
Answer = tuple[str, int, float]
"""Method, status (`_NO_ANSWER` where none came) and seconds."""
_NAMES = ("敖包", "白音", "乌兰", "巴彦")


def _request(chance: random.Random, host: str, writes: float) -> bytes:
    kind = chance.random()
    lon, lat = chance.uniform(105, 122), chance.uniform(39, 46)
    if chance.random() < writes:
        name = f"负载{chance.randrange(10**9)}"
        feature = {"type": "Feature", "geometry": None, "properties": {"name": name}}
        body = json.dumps(feature).encode()
        head = f"POST /collections/places/items HTTP/1.1\r\nHost: {host}\r\n"
        head += f"Content-Type: application/geo+json\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode() + body
    if kind < 0.45:  # noqa: PLR2004 - of those that read
        box = f"{lon:.3f},{lat:.3f},{lon + 0.1:.3f},{lat + 0.1:.3f}"
        path = f"/collections/places/items?limit=20&bbox={box}"
    elif kind < 0.78:  # noqa: PLR2004 - of those that read
        path = f"/collections/places/items/{1 + chance.randrange(4)}"
    else:
        path = f"/search?q={quote(chance.choice(_NAMES))}"
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: application/json\r\n\r\n".encode()


async def _client(
    host: str, port: int, ends_at: float, seed: int, writes: float, answers: list[Answer]
) -> None:
    """Ask again and again; over a new connection where one has ended or gives no answer."""
    chance = random.Random(seed)  # noqa: S311 - what is asked, not a secret
    while time.monotonic() < ends_at:
        began = time.perf_counter()
        method = "GET"
        try:
            async with asyncio.timeout(_LONGEST_S):
                reader, writer = await asyncio.open_connection(host, port)
            with closing(writer):
                while time.monotonic() < ends_at:
                    request = _request(chance, f"{host}:{port}", writes)
                    began, method = time.perf_counter(), request[:4].decode().strip()
                    async with asyncio.timeout(_LONGEST_S):
                        status = await _answer(reader, writer, request)
                    answers.append((method, status, time.perf_counter() - began))
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            answers.append((method, _NO_ANSWER, time.perf_counter() - began))


async def _answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> int:
    """The status of a request's answer, read to its end."""
    writer.write(request)
    await writer.drain()
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = re.search(r"(?i)content-length: (\d+)", head)
    await reader.readexactly(int(length[1]) if length else 0)
    return int(head[9:12])


def resident_mb(address: str) -> dict[str, float]:
    """The resident memory of each process that answers, by its number."""
    with urllib.request.urlopen(f"{address}/metrics", timeout=60) as answer:  # noqa: S310 - http
        text = answer.read().decode()
    found = re.findall(r'ovoo_worker_resident_memory_bytes\{worker="(\d+)"\} (\d+)', text)
    return {worker: round(int(size) / 1e6, 1) for worker, size in found}


class Curves:
    """The memory of each process over the time of a load."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._seen: list[dict[str, float]] = []

    def note(self, held: dict[str, float]) -> None:
        """Add what the processes hold now, and print it."""
        seconds = time.monotonic() - self._began
        self._seen.append(held)
        shown = "  ".join(f"{worker}: {size:5.1f} MB" for worker, size in held.items())
        print(f"{seconds:6.0f} s  {shown}", file=sys.stderr, flush=True)

    def told(self) -> dict[str, dict[str, float]]:
        """Of each process: at first, at half time, at the end, and the growth from half time."""
        workers = sorted({worker for held in self._seen for worker in held})
        return {
            worker: _told([held[worker] for held in self._seen if worker in held])
            for worker in workers
        }


def _told(sizes: Sequence[float]) -> dict[str, float]:
    """What is to be known of one curve; its ends are medians, for one sample may stand out."""
    tenth = max(1, len(sizes) // 10)
    middle = len(sizes) // 2
    half = median(sizes[middle - tenth // 2 : middle + tenth])
    end = median(sizes[-tenth:])
    return {
        "first_mb": sizes[0],
        "half_time_mb": half,
        "end_mb": end,
        "most_mb": max(sizes),
        "second_half_grew_percent": round(100 * (end / half - 1), 1),
    }


async def _watch(address: str, curves: Curves, ends_at: float, every_s: float) -> None:
    """Note the memory again and again."""
    while time.monotonic() < ends_at:
        curves.note(await asyncio.to_thread(resident_mb, address))
        await asyncio.sleep(every_s)


async def _all(asked: argparse.Namespace, curves: Curves) -> list[Answer]:
    parts = urlsplit(asked.address)
    answers: list[Answer] = []
    ends_at = time.monotonic() + asked.seconds
    clients = (
        _client(parts.hostname or "", parts.port or 80, ends_at, seed, asked.writes, answers)
        for seed in range(asked.connections)
    )
    await asyncio.gather(_watch(asked.address, curves, ends_at, asked.every), *clients)
    return answers


def _percentiles(times: list[float]) -> dict[str, float]:
    ordered = sorted(times) or [0.0]
    return {
        f"p{share}_ms": round(1000 * ordered[min(len(ordered) * share // 100, len(ordered) - 1)], 1)
        for share in (50, 95, 99)
    }


def main() -> int:
    """Load a server and say how it went."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--connections", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--writes", type=float, default=0.1, help="share of requests that write")
    parser.add_argument("--every", type=float, default=10.0, help="seconds between two samples")
    asked = parser.parse_args()
    curves = Curves()
    answers = asyncio.run(_all(asked, curves))
    curves.note(resident_mb(asked.address))
    statuses = Counter(str(status) for _, status, _ in answers)
    memory = curves.told()
    told: dict[str, Any] = {
        "connections": asked.connections,
        "answers": len(answers),
        "per_second": round(len(answers) / asked.seconds, 1),
        "statuses": dict(statuses),
        "reads": _percentiles([took for method, _, took in answers if method == "GET"]),
        "writes": _percentiles([took for method, _, took in answers if method == "POST"]),
        "memory": memory,
    }
    print(json.dumps(told, indent=2))
    failed = any(status.startswith("5") or status == str(_NO_ANSWER) for status in statuses)
    return 1 if failed or not memory or not all(map(_is_flat, memory.values())) else 0


def _is_flat(curve: dict[str, float]) -> bool:
    return curve["second_half_grew_percent"] <= MOST_GROWTH_PERCENT and curve["most_mb"] <= MOST_MB


if __name__ == "__main__":
    sys.exit(main())
