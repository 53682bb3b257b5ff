"""Hostile and broken uploads to a running server: each a clear answer, and the server lives on."""

import http.client
import io
import os
import re
import socket
import sqlite3
import threading
import time
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import geopandas
import orjson
import pytest
import region
import shapely
import xlsxwriter
from serving import served
from visits import as_csv, rows

from data.store import create_store

MIB = 1024 * 1024
MOST_MEMORY = 500 * MIB
PATIENCE_S = 600
"""A loaded machine takes minutes for what an idle one does in seconds."""
HEAD = "界桩编号,经度,纬度\n"
GOOD = as_csv(rows()).decode("utf-8-sig")
_TELLS_TOO_MUCH = re.compile(r"/(tmp|proc)/|ovoo-work-|Traceback|Error\(")


@dataclass
class Memory:
    """What a process and its children were seen to hold, in bytes."""

    root: int
    highest: dict[int, int] = field(default_factory=dict)
    most_together: int = 0

    def look(self) -> None:
        together = 0
        for process in self._family():
            status = self._read(process, "status")
            if found := re.search(r"VmHWM:\s+(\d+)", status):
                self.highest[process] = int(found[1]) * 1024
            rollup = self._read(process, "smaps_rollup")
            if found := re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE):
                together += int(found[1]) * 1024
        self.most_together = max(self.most_together, together)

    def _family(self) -> list[int]:
        family = [self.root]
        for process in family:
            tasks = Path(f"/proc/{process}/task")
            names = [entry.name for entry in tasks.iterdir()] if tasks.exists() else []
            for task in names:
                family += map(int, self._read(process, f"task/{task}/children").split())
        return family

    @staticmethod
    def _read(process: int, name: str) -> str:
        try:
            return Path(f"/proc/{process}/{name}").read_text(encoding="ascii", errors="replace")
        except OSError:  # it has ended
            return ""


@dataclass
class Server:
    """A running server and the watch on its memory."""

    host: str
    port: int
    memory: Memory

    def post(
        self, content: bytes, name: str = "a.csv", headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE_S)
        try:
            connection.request(
                "POST", f"/submissions?file_name={quote(name)}", content, dict(headers or {})
            )
            answer = connection.getresponse()
            return answer.status, orjson.loads(answer.read())
        finally:
            connection.close()

    def refused(self, content: bytes, name: str = "a.csv") -> tuple[int, str, str]:
        """Status, English and Chinese sentence of an upload that must be refused."""
        found = []
        for language in ("en", "zh"):
            status, body = self.post(content, name, {"Accept-Language": language})
            assert 400 <= status < 500, body
            assert body["status"] == status
            assert body["type"]
            found.append(body["detail"])
        english, chinese = found
        assert re.search(r"[\u4e00-\u9fff]", chinese)
        for text in found:
            assert not _TELLS_TOO_MUCH.search(text), text
        self.lives()
        return status, english, chinese

    def accepted(self, content: bytes, name: str = "a.csv") -> dict[str, Any]:
        status, body = self.post(content, name)
        assert status == 201, body
        self.lives()
        return body

    def lives(self) -> None:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE_S)
        connection.request("GET", "/conformance", headers={"Accept": "application/json"})
        assert connection.getresponse().status == 200
        connection.close()

    def raw(self, sent: bytes, more: bytes = b"", times: int = 0) -> bytes:
        """What is answered to bytes of a request that is never finished."""
        with socket.create_connection((self.host, self.port), timeout=30) as plain:
            try:
                plain.sendall(sent)
                for _ in range(times):
                    plain.sendall(more)
            except OSError:  # it has stopped listening, which is what it should do
                pass
            answer = b""
            try:
                while chunk := plain.recv(65536):
                    answer += chunk
            except ConnectionResetError:
                pass
            return answer


def children() -> set[int]:
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        found |= set(map(int, (task / "children").read_text(encoding="ascii").split()))
    return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    path = tmp_path_factory.mktemp("hostile") / "store.gpkg"
    with create_store(str(path)) as store:
        region.fill(store)
    before = children()
    with served(str(path), workers=2) as address:
        (process,) = children() - before
        parts = urlsplit(address)
        memory = Memory(process)
        stopped = threading.Event()

        def watch() -> None:
            while not stopped.wait(0.1):
                memory.look()

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            yield Server(str(parts.hostname), int(parts.port or 0), memory)
        finally:
            stopped.set()
            watcher.join()


@pytest.fixture
def canary() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that must not be asked for anything."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_HEAD = do_POST = do_GET  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.server_address[1]}", asked
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def test_nothing_sent(server: Server) -> None:
    assert server.refused(b"")[0] == 400


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b" \r\n \r\n", "empty"),
        (HEAD.encode(), "not one row"),
        (b"\xff\xfe\xfd" + bytes(range(128, 256)) * 4 + b"\n1,2,3\n", ""),
        ("甲,乙\n1,2\n".encode(), "marker_no"),
        (b"%PDF-1.7\n" + os.urandom(500), ""),
    ],
)
def test_what_is_no_table_of_inspections(server: Server, content: bytes, said: str) -> None:
    assert said in server.refused(content)[1]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_encodings_of_the_trade_are_read(server: Server, encoding: str) -> None:
    report = server.accepted(GOOD.encode(encoding))
    assert report["summary"] == {"in_place": 5}


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        ("112°0′0″", "41°12′0″"),
        ("112度00分00秒", "41度12分00秒"),
        ("东经112°00'00\"", "北纬41°12'00\""),
        ("112-00-00", "41-12-00"),
        ("1120000", "411200"),
        ("１１２．０００００", "４１．２００００"),
        ("112,00000", "41,20000"),
    ],
)
def test_spellings_of_a_position_are_read(server: Server, lon: str, lat: str) -> None:
    content = f"界桩编号;经度;纬度\n9901001Q;{lon};{lat}\n"
    (result,) = server.accepted(content.encode())["results"]
    assert result["observed"] == pytest.approx([112.0, 41.2], abs=1e-6)
    assert result["marker_no"] == "9901001Q"


def test_merged_cells_are_told_by_row(server: Server) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["界桩编号", "经度", "纬度"])
        sheet.merge_range(1, 0, 2, 0, "9901001Q")
        sheet.write_row(1, 1, [112.0, 41.2])
        sheet.write_row(2, 1, [112.0, 41.4])
    status, body = server.post(out.getvalue(), "a.xlsx")
    assert status in {201, 422}
    listed = body.get("faults") or body["errors"]
    assert {fault["row"] for fault in listed if fault["code"] == "merged-cells"} == {2, 3}
    server.lives()


def test_a_million_rows(server: Server) -> None:
    content = (HEAD + "9901001Q,112.0,41.2\n" * 1_000_000).encode()
    status, english, chinese = server.refused(content)
    assert status in {413, 422}
    assert "20,000 rows" in english
    assert "20,000 行" in chinese


def test_two_announced_gigabytes_are_refused_before_they_are_sent(server: Server) -> None:
    began = time.monotonic()
    answer = server.raw(
        b"POST /submissions?file_name=a.csv HTTP/1.1\r\nHost: x\r\n"
        b"Content-Length: 2147483648\r\n\r\n" + GOOD.encode()
    )
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"application/problem+json" in answer
    assert "内容超过服务器允许的大小".encode() in answer
    assert time.monotonic() - began < 5
    server.lives()


def test_an_endless_chunked_upload_is_cut_off(server: Server) -> None:
    piece = b"100000\r\n" + b"1" * 0x100000 + b"\r\n"
    answer = server.raw(
        b"POST /submissions?file_name=a.csv HTTP/1.1\r\nHost: x\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n",
        piece,
        times=200,
    )
    assert not answer or answer.startswith(b"HTTP/1.1 413")
    server.lives()


@pytest.mark.parametrize(
    "request_text",
    [
        b"POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /submissions HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n",
        b"GET / HTTP/9.9\r\n" + b"X: " + b"y" * 300_000 + b"\r\n\r\n",
    ],
)
def test_broken_requests_are_answered_and_survived(server: Server, request_text: bytes) -> None:
    answer = server.raw(request_text)
    assert answer == b"" or re.match(rb"HTTP/1\.[01] 4\d\d", answer)
    assert b"Traceback" not in answer
    server.lives()


def test_zip_bombs(server: Server) -> None:
    bomb = zipped(("a.shp", b"0" * 250_000_000))
    assert len(bomb) < MIB
    assert "unpacked" in server.refused(bomb, "a.zip")[1]
    many = zipped(*((f"{number}.txt", b"") for number in range(5000)))
    server.refused(many, "b.zip")
    server.refused(zipped(("inner.zip", bomb)), "c.zip")


def test_a_workbook_that_unpacks_to_much(server: Server) -> None:
    sheet = b"<worksheet>" + b"<row><c/></row>" * 16_000_000 + b"</worksheet>"
    server.refused(zipped(("xl/worksheets/sheet1.xml", sheet)), "a.xlsx")


def test_a_shapefile_without_prj(server: Server, tmp_path: Path) -> None:
    made = geopandas.GeoDataFrame(
        {"JZBH": ["9901001Q"], "method": ["RTK"]},
        geometry=[shapely.Point(112.000000123, 41.200000456)],
        crs="EPSG:4490",
    )
    made.to_file(tmp_path / "a.shp", engine="pyogrio")
    parts = [(path.name, path.read_bytes()) for path in tmp_path.glob("a.*")]
    whole = server.accepted(zipped(*parts), "a.zip")
    assert whole["summary"] == {"in_place": 1}
    bare = zipped(*(part for part in parts if not part[0].endswith(".prj")))
    status, english, chinese = server.refused(bare, "b.zip")
    assert status == 422
    assert ".prj" in english
    assert ".prj" in chinese


VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/vsicurl/{url}/a.json'
    "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
)
KML = """<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x SYSTEM "{url}/secret">]>
<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>&x;</name>
<Point><coordinates>112.0,41.2</coordinates></Point></Placemark></kml>"""


def test_nothing_is_fetched(server: Server, canary: tuple[str, list[str]], tmp_path: Path) -> None:
    url, asked = canary
    vrt = VRT.replace("{url}", url)
    package = tmp_path / "a.gpkg"
    made = geopandas.GeoDataFrame(
        {"JZBH": ["9901001Q"]}, geometry=[shapely.Point(112.0, 41.2)], crs="EPSG:4490"
    )
    made.to_file(package, layer="a", engine="pyogrio")
    database = sqlite3.connect(package)
    database.execute("CREATE TABLE held (text)")
    database.execute("INSERT INTO held VALUES (?)", [vrt])
    database.execute("UPDATE gpkg_contents SET table_name = 'held', identifier = ?", [vrt])
    database.execute("UPDATE gpkg_geometry_columns SET table_name = 'held'")
    database.commit()
    database.close()
    server.refused(vrt.encode(), "a.gpkg")
    server.refused(vrt.encode(), "a.geojson")
    server.refused(package.read_bytes(), "b.gpkg")
    server.refused(zipped(("a.vrt", vrt.encode()), ("a.gpkg", b"x")), "a.zip")
    server.refused(KML.replace("{url}", url).encode(), "a.kml")
    server.refused(zipped(("doc.kml", KML.replace("{url}", url).encode())), "a.kmz")
    assert asked == []


def test_several_at_once_and_the_good_one_is_served(server: Server) -> None:
    bomb = zipped(("a.kml", b"<kml>" + b" " * 190_000_000))
    many = (HEAD + "9901001Q,112.0,41.2\n" * 19_500).encode()
    more = many + b"9901002Q,112.0,41.4\n"
    threads = [
        threading.Thread(target=server.post, args=(content, name))
        for content, name in ((bomb, "a.kmz"), (many, "b.csv"), (bomb, "c.kmz"), (more, "d.csv"))
    ]
    for thread in threads:
        thread.start()
    assert server.accepted(GOOD.encode() + b"\n\n")["summary"] == {"in_place": 5}
    for thread in threads:
        thread.join()
    server.lives()


def test_no_process_held_more_memory_than_it_may(server: Server) -> None:
    server.memory.look()
    assert server.memory.highest
    highest = {process: size // MIB for process, size in server.memory.highest.items()}
    assert max(highest.values()) * MIB < MOST_MEMORY, highest
    assert server.memory.root in highest


def test_an_open_house_refuses_what_a_proxy_hands_on(server: Server) -> None:
    request = b"GET /collections HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.7\r\n"
    assert b" 401 " in server.raw(request + b"Connection: close\r\n\r\n").split(b"\r\n", 1)[0]
