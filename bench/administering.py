"""Every list of the register at scale, over HTTP.

    python -m bench.administering [FOLDER [addresses that begin so …]]

A register of 300,000 names, 20,000 applications and 50,000 signs is drawn once (see
`bench.register`; kept in FOLDER where it is named), served where people sign in, and every address
of `web/rights.csv` that answers a page is asked over one connection: plain, with each parameter
that the API's description names, at its largest page, and on the pages that follow; as JSON and as
a page; by every reader who may. The first answer of each is told apart: a process begins with
empty hands. An address or a parameter that nobody has thought of here stops the run: none is
forgotten. Answers of searches are not kept.
"""

import http.client
import json
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final
from urllib.parse import quote, urlencode

from bench.asking import ANEW
from bench.register import draw, sight
from bench.servers import processor_s, running
from data import open_store, today
from web.rights import rights

GOAL_MS: Final = 200
ASKED: Final = 5
_MOST_WORDS: Final = 4
_PAGES: Final = 3
_FILES: Final = re.compile(
    r"^/(static|sign-in|welcome|uploads|books|atlas|field/worker|field/manifest|photos)"
    r"|/export$|\.(docx|xlsx|png|svg|gpx|zip|ics)$|/field\.json$|/documents/<document>$"
    r"|/papers/|/pictures/|^/documents/|^/problem-reports/.*/photo$|^/indicators/report$"
)
"""Files that are made whole, and what belongs to signing in."""
_OPENED: Final = {
    # These need a record that the drawn register has none of.
    "/heritage/<int:identity>/story", "/submissions/<int:identity>/receipt",
    "/markers/<int:identity>/conflict", "/submissions/<int:identity>",
    "/sign-inspections/<int:identity>", "/markers/<int:identity>/telemetry",
    "/lines/<int:identity>/course",
}  # fmt: skip
_RECORDS: Final = {
    "approvals": 20_000, "places": 300_000, "divisions": 1_000, "heritage": 5_000, "lines": 2_000,
    "markers": 30_000, "inspections": 60_000, "signs": 50_000, "experts": 2_000,
    "division-events": 1_000, "problem-reports": 10_000, "repairs": 8_000, "rounds": 1_000,
    "sign-repairs": 8_000,
}  # fmt: skip
_WORDS: Final[Mapping[str, Sequence[str]]] = {
    "division": ("150100", "150203"), "within": ("150100", "150203", "150000"),
    "name": ("白音嘎查", "第77路", "第5街"), "batch": ("第3批",), "as_of": ("2020-01-01",),
    "since": ("2000-01-01",), "until": ("2020-01-01",), "available_on": ("2026-05-01",),
    "code": ("150101", "150203"), "overdue": ("true", "false"), "actor": ("bench",),
    "table": ("sign", "approval"), "record": ("17",), "place": ("1", "17"), "line": ("1", "17"),
    "marker": ("7", "70"), "severity": ("3", "9"), "q": ("白音", "嘎查", "bayin", "包"),
    "class": ("22200", "21610"), "status": ("standard",), "heritage": ("true", "false"),
    "bbox": ("110,42,111,43", "98,38,125,53"), "near": ("111,42",), "datetime": ("2020-01-01",),
    "lon": ("111.75",), "lat": ("40.84",), "radius": ("5000",), "uncertainty": ("100",),
    "depth": ("1",), "years": ("5",), "level": ("county",), "kind": ("tilt", "offline"),
    "/topology kind": ("gap", "overlap"), "party": ("150101", "150203"),
    "about": ("places/1",), "back": ("/work",), "offset": ("200", "100000"), "prefix": ("白音",),
    "ids": ("places",), "type": ("place",), "id": ("places/1",), "extend": (), "queries": (),
    "by": ("division", "division,class", "class"),
    "stage": ("mid_term", "final"), "collections": ("places", "signs"), "grade": (),
    "filter": ("id < 17", "id > 100 AND version = 1"), "column": ("816",), "row": ("380",),
    "state": ("open", "planned", "done", "filed", "listed"),
}  # fmt: skip
_PASSED: Final = {
    "f", "lang", "cursor", "bbox-crs", "filter-lang", "filter-crs", "crs", "properties", "id",
    "type_strict", "spell", "exact", "scoring", "prefixed", "stemmed", "key", "format", "secret",
    "number",
}  # fmt: skip
"""How an answer is written, and where its page begins, which the links of pages say."""
_TYPES: Final = {"json": "application/json", "html": "text/html"}


@dataclass(frozen=True, slots=True)
class Question:
    """One kind of question.

    Attributes:
        title: the address and the parameter.
        paths: the same question of several values.
    """

    title: str
    paths: Sequence[str]


@dataclass
class Told:
    """What one question took, in milliseconds by reader and form, and of the processor."""

    times: dict[str, list[float]] = field(default_factory=dict)
    first: list[float] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)
    processor_ms: float = 0.0
    """Of an answer, to the reader and in the form that cost most."""

    def line(self, title: str) -> str:
        """Median and 95 % of the slowest reader and form, the slowest first answer."""
        answered = {who: times for who, times in self.times.items() if times}
        if not answered:
            return f"{title:60} answers nobody: {sorted(self.refused)}"
        who, times = max(answered.items(), key=lambda one: median(one[1]))
        every = sorted(t for one in answered.values() for t in one)
        p95 = every[int(0.95 * (len(every) - 1))]
        missed = "  MISSES" if p95 > GOAL_MS else ""
        refused = f"  refused to others: {sorted(self.refused)}" if self.refused else ""
        return (
            f"{title:60} p50 {median(times):6.1f}  p95 {p95:6.1f}  first {max(self.first):6.0f} ms"
            f"  ({who})  processor {self.processor_ms:4.0f}{refused}{missed}"
        )


class Reader:
    """One reader with a kept-open connection."""

    def __init__(self, port: int, name: str, token: str) -> None:
        self.name = name
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def ask(self, path: str, form: str) -> tuple[int, float, bytes]:
        """Status, milliseconds and body."""
        headers = {**self._headers, "Accept": _TYPES[form]}
        begun = time.perf_counter()
        try:
            self._connection.request("GET", path, headers=headers)
            answer = self._connection.getresponse()
        except http.client.RemoteDisconnected:  # left alone for long, while others asked
            self._connection.close()
            begun = time.perf_counter()
            self._connection.request("GET", path, headers=headers)
            answer = self._connection.getresponse()
        body = answer.read()
        return answer.status, (time.perf_counter() - begun) * 1000, body


def administering_lines(folder: Path, only: Sequence[str] = ()) -> Iterator[str]:
    """A line for each question, and how many miss the goal."""
    path, known = folder / "register.gpkg", folder / "readers.json"
    if not known.exists():
        path.unlink(missing_ok=True)
        begun = time.perf_counter()
        draw(path, today())
        with open_store(str(path)) as store:
            known.write_text(json.dumps(sight(store)))
        yield f"drawn in {time.perf_counter() - begun:.0f} s"
    tokens = {"anonymous": "", **json.loads(known.read_text())}
    settings = {"OVOO_STORE": str(path), "OVOO_ACCESS": "accounts", **ANEW}
    with running(["-m", "ovoo", "serve"], **settings) as port:
        readers = [Reader(port, name, token) for name, token in tokens.items()]
        missed = asked = 0
        for question in _questions(readers[-1]):
            if only and not question.title.startswith(tuple(only)):
                continue
            line = _told(readers, question, port).line(question.title)
            asked += 1
            missed += "MISSES" in line
            yield line
        yield f"{asked} questions, of which {missed} miss {GOAL_MS} ms"


def _told(readers: Sequence[Reader], question: Question, port: int) -> Told:
    told = Told()
    for reader in readers:
        for form in _TYPES:
            count = max(ASKED, len(question.paths))
            before = processor_s(port)
            for number in range(1 + count):
                if number == 1:
                    before = processor_s(port)
                path = question.paths[number % len(question.paths)]
                status, taken_ms, body = reader.ask(path, form)
                if status == http.HTTPStatus.OK:
                    times = told.times.setdefault(f"{reader.name}, {form}", [])
                    (times if number else told.first).append(taken_ms)
                    continue
                told.refused.add(status)
                if status >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
                    raise RuntimeError(f"{path} for {reader.name}: {status} {body[:400]!r}")
                break
            else:
                spent_ms = (processor_s(port) - before) * 1000 / count
                told.processor_ms = max(told.processor_ms, spent_ms)
    return told


def _questions(administrator: Reader) -> Iterator[Question]:
    document = json.loads(administrator.ask("/api?f=json", "json")[2])
    described = {_plain(path): (path, item) for path, item in document["paths"].items()}
    for method, route in sorted(rights()):
        if method != "GET" or _FILES.search(route) or route in _OPENED:
            continue
        places = _concrete(route)
        for place in places:
            found = described.get(_plain(place))
            if found is None:
                raise LookupError(f"the API's description has no {place}")
            parameters = [
                _resolved(document, one)
                for one in (*found[1].get("parameters", ()), *found[1]["get"].get("parameters", ()))
            ]
            yield from _of_address(administrator, place, parameters)


def _concrete(route: str) -> list[str]:
    names = ("places", "divisions", "heritage", "lines", "markers", "inspections", "signs")
    return [route.replace("<name>", name) for name in names] if "<name>" in route else [route]


def _plain(path: str) -> str:
    return re.sub(r"[<{][^>}]*[>}]", "{}", path)


def _resolved(document: Mapping[str, Any], parameter: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = parameter
    while "$ref" in found:
        pointer, found = found["$ref"], document
        for part in pointer.removeprefix("#/").split("/"):
            found = found[part]
    return found  # type: ignore[no-any-return]


def _of_address(
    reader: Reader, route: str, parameters: Sequence[Mapping[str, Any]]
) -> Iterator[Question]:
    """The address plain, with each of its parameters, and its further pages."""
    bare = _addresses(route)
    needed = {
        one["name"]: _words(route, one)[0]
        for one in parameters
        if one.get("required") and one["in"] == "query"
    }
    yield Question(route, [_with(one, needed) for one in bare])
    for one in parameters:
        if one["in"] != "query" or one["name"] in _PASSED or one["name"] in needed:
            continue
        values = _words(route, one)
        if values:
            asked = [_with(bare[0], needed | {one["name"]: value}) for value in values]
            yield Question(f"{route} {one['name']}", asked)
    if any(one["name"] == "cursor" for one in parameters):
        following = list(_following(reader, _with(bare[0], needed)))
        if following:
            yield Question(f"{route} further pages", following)


def _addresses(route: str) -> list[str]:
    family = next((name for name in _RECORDS if f"/{name}/" in route), "")
    highest = _RECORDS.get(family, 1)
    ids = [1 + (highest - 1) * n // ASKED for n in range(ASKED)]
    filled = {
        "grid": "WebMercatorQuad", "level": "10", "row": "380", "column": "830", "code": "150101",
        "value": "HN-17", "number": "1", "secret": "x",
    }  # fmt: skip
    found = []
    for identity in ids:
        known = filled | {"identity": str(identity)}
        found.append(re.sub(r"<(?:\w+:)?(\w+)>", lambda m: known[m[1]], route))  # noqa: B023
    return list(dict.fromkeys(found))


def _with(address: str, values: Mapping[str, str]) -> str:
    return f"{address}?{urlencode(values, quote_via=quote)}" if values else address


def _words(route: str, parameter: Mapping[str, Any]) -> Sequence[str]:
    """Values of a parameter: those that are named, those of its schema, the largest page."""
    name, schema = str(parameter["name"]), parameter["schema"]
    if name == "limit":
        return (str(schema.get("maximum", 1000)),)
    if "enum" in schema:
        every = [str(one) for one in schema["enum"]]
        return every[:: max(1, len(every) // _MOST_WORDS)]
    if route.endswith("/items") and name not in {"bbox", "offset", "datetime", "as_of", "filter"}:
        return _of_column(name, schema)
    if f"{route} {name}" in _WORDS:
        return _WORDS[f"{route} {name}"]
    if name not in _WORDS:
        raise LookupError(f"{route}: nobody has said what to ask of {name}")
    return _WORDS[name]


def _of_column(name: str, schema: Mapping[str, Any]) -> Sequence[str]:
    """What to ask of a column of a collection: a value that many records have, one of none."""
    if name == "sortby":
        return ("id", "-id")
    if schema["type"] == "boolean":
        return ("true", "false")
    if schema["type"] in {"integer", "number"}:
        return ("1", "17")
    if schema.get("format") in {"date", "date-time"}:
        return ("2020-01-01",)
    return (*_WORDS.get(name, ()), "150101", "nothing")


def _following(reader: Reader, address: str) -> Iterator[str]:
    """The pages that follow an address."""
    for _ in range(_PAGES):
        status, _, body = reader.ask(address, "json")
        document = json.loads(body) if status == http.HTTPStatus.OK else {}
        links = document.get("links", []) if isinstance(document, dict) else []
        found = [one["href"] for one in links if one.get("rel") == "next"]
        if not found:
            return
        address = re.sub(r"^https?://[^/]+", "", found[0])
        yield address


def main() -> None:
    """Draw, ask, print."""
    with tempfile.TemporaryDirectory(prefix="ovoo-bench-") as temporary:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for line in administering_lines(folder, sys.argv[2:]):
            print(line, flush=True)


if __name__ == "__main__":
    main()
