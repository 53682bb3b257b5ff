"""Mixed readers and writers on one server: how many are answered, how fast, with how much memory.

    python tools/load.py http://127.0.0.1:8000 --connections 200 --seconds 60

Nine of ten requests read (a page in a box, one feature, a search), one writes a draft. Prints one
JSON object; exit code 1 where an answer was a server's fault (5xx) or there was none.
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
from typing import Any
from urllib.parse import quote, urlsplit

_NAMES = ("敖包", "白音", "乌兰", "巴彦")


def _request(chance: random.Random, host: str) -> bytes:
    kind = chance.random()
    lon, lat = chance.uniform(105, 122), chance.uniform(39, 46)
    if kind < 0.1:  # noqa: PLR2004 - one of ten
        name = f"负载{chance.randrange(10**9)}"
        feature = {"type": "Feature", "geometry": None, "properties": {"name": name}}
        body = json.dumps(feature).encode()
        head = f"POST /collections/places/items HTTP/1.1\r\nHost: {host}\r\n"
        head += f"Content-Type: application/geo+json\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode() + body
    if kind < 0.5:  # noqa: PLR2004 - four of ten
        box = f"{lon:.3f},{lat:.3f},{lon + 0.1:.3f},{lat + 0.1:.3f}"
        path = f"/collections/places/items?limit=20&bbox={box}"
    elif kind < 0.8:  # noqa: PLR2004 - three of ten
        path = f"/collections/places/items/{1 + chance.randrange(4)}"
    else:
        path = f"/search?q={quote(chance.choice(_NAMES))}"
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: application/json\r\n\r\n".encode()


async def _client(
    host: str, port: int, ends_at: float, seed: int, answers: list[tuple[str, int, float]]
) -> None:
    chance = random.Random(seed)  # noqa: S311 - what is asked, not a secret
    reader, writer = await asyncio.open_connection(host, port)
    while time.monotonic() < ends_at:
        request = _request(chance, f"{host}:{port}")
        began = time.perf_counter()
        writer.write(request)
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = re.search(r"(?i)content-length: (\d+)", head)
        await reader.readexactly(int(length[1]) if length else 0)
        took_s = time.perf_counter() - began
        answers.append((request[:4].decode().strip(), int(head[9:12]), took_s))
    writer.close()


def _resident_mb(address: str) -> float:
    with urllib.request.urlopen(f"{address}/metrics", timeout=60) as answer:  # noqa: S310 - http
        found = re.search(r"process_resident_memory_bytes (\d+)", answer.read().decode())
    return round(int(found[1]) / 1e6, 1) if found else 0.0


async def _all(address: str, connections: int, seconds: float) -> list[tuple[str, int, float]]:
    parts = urlsplit(address)
    answers: list[tuple[str, int, float]] = []
    ends_at = time.monotonic() + seconds
    clients = (
        _client(parts.hostname or "", parts.port or 80, ends_at, seed, answers)
        for seed in range(connections)
    )
    await asyncio.gather(*clients)
    return answers


def _percentiles(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
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
    asked = parser.parse_args()
    before = _resident_mb(asked.address)
    answers = asyncio.run(_all(asked.address, asked.connections, asked.seconds))
    statuses = Counter(str(status) for _, status, _ in answers)
    told: dict[str, Any] = {
        "connections": asked.connections,
        "answers": len(answers),
        "per_second": round(len(answers) / asked.seconds, 1),
        "statuses": dict(statuses),
        "reads": _percentiles([took for method, _, took in answers if method == "GET"]),
        "writes": _percentiles([took for method, _, took in answers if method == "POST"]),
        "resident_mb": [before, _resident_mb(asked.address)],
    }
    print(json.dumps(told, indent=2))
    return 1 if any(status.startswith("5") for status in statuses) else 0


if __name__ == "__main__":
    sys.exit(main())
