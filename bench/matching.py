"""A table of names against the register, as a client asks: batches over HTTP."""

import json
import random
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from bench.names import made_names

NAMES = 10_000
LONGEST_S = 20.0
"""How long the whole table may take."""

_BATCH = 100
_WRONG = "天地山水火风云雨"
_WAIT_S = 300.0


def reconcile_line(port: int, register: int) -> str:
    """Match `NAMES` names against a register of so many, and say how long it took.

    Seven of ten names are as registered, one states its county, one its position, one has a wrong
    character.
    """
    address = f"http://127.0.0.1:{port}/reconcile"
    rows = _rows(register)
    _wait(address)
    start = time.perf_counter()
    matched = found = 0
    while batch := list(islice(rows, _BATCH)):
        answer = _ask(address, {f"q{number}": query for number, query in enumerate(batch)})
        matched += sum(any(c["match"] for c in one["result"]) for one in answer.values())
        found += sum(bool(one["result"]) for one in answer.values())
    seconds = time.perf_counter() - start
    return (
        f"{'reconcile names':22} {NAMES / seconds:7.0f}/s  {NAMES} in {seconds:.1f} s"
        f" (limit {LONGEST_S:.0f} s)  {found} with candidates, {matched} matched"
    )


def _rows(register: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(11)
    kept = [row for row in made_names(register) if chance.random() < 2 * NAMES / register]
    for row in islice(_forever(kept), NAMES):
        yield _query(row, chance)


def _forever(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    while True:
        yield from rows


def _query(row: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    name, kind = row["标准名称"], chance.randrange(10)
    if kind == 0:
        return {"query": name, "properties": [{"pid": "parent", "v": row["行政区划代码"]}]}
    if kind == 1:
        halves = (("lon", "经度"), ("lat", "纬度"))
        return {"query": name, "properties": [{"pid": p, "v": row[c]} for p, c in halves]}
    if kind == 2:  # noqa: PLR2004 - the third of ten
        place = chance.randrange(len(name))
        name = name[:place] + chance.choice(_WRONG) + name[place + 1 :]
    return {"query": name}


def _ask(address: str, batch: dict[str, Any]) -> dict[str, Any]:
    body = urlencode({"queries": json.dumps(batch)}).encode()
    with urllib.request.urlopen(address, body, timeout=120) as answer:  # noqa: S310 - loopback
        found: dict[str, Any] = json.load(answer)
    return found


def _wait(address: str) -> None:
    """Until the text index is made, beside the server's answers."""
    until = time.monotonic() + _WAIT_S
    while True:
        try:
            _ask(address, {"q": {"query": "敖包"}})
        except urllib.error.HTTPError as error:
            if error.code != 503 or time.monotonic() > until:  # noqa: PLR2004 - not ready
                raise
            time.sleep(1)
        else:
            return
