"""tipg and pygeoapi, over the same names: their tables, their file, their servers.

The interpreter is that of an environment of its own that holds them. pygeoapi's GeoPackage provider
wants SpatiaLite in Python's own sqlite3, so the environment is made of a Python whose module loads
extensions, such as Debian's:

    apt install python3-venv libsqlite3-mod-spatialite
    /usr/bin/python3 -m venv peers
    peers/bin/pip install tipg pygeoapi uvicorn gunicorn psycopg2-binary geoalchemy2
"""

import contextlib
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final

import orjson
import psycopg
from psycopg.conninfo import conninfo_to_dict

from bench.servers import WORKERS

_START_S: Final = 60
_COLUMNS: Final = "id, name, status, division_code, category_code"
_TABLE: Final = f"""
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE SCHEMA peer;
CREATE TABLE peer.names AS SELECT {_COLUMNS}, heritage,
    ST_SetSRID(geom, 4326)::geometry(Point, 4326) AS geom FROM place;
ALTER TABLE peer.names ADD PRIMARY KEY (id);
CREATE INDEX ON peer.names USING gist (geom);
CREATE INDEX ON peer.names (name text_pattern_ops);
CREATE INDEX ON peer.names (category_code, heritage);
"""
"""In WGS 84, which differs from CGCS2000 by centimetres: neither peer then has to transform, and
pygeoapi refuses boxes of anything else."""
_INDEXES: Final = """
CREATE INDEX names_name ON names (name);
CREATE INDEX names_class ON names (category_code, heritage);
ANALYZE;
"""
_PYGEOAPI: Final = """
server:
  bind: {{host: 127.0.0.1, port: {port}}}
  url: http://127.0.0.1:{port}
  mimetype: application/json; charset=UTF-8
  encoding: utf-8
  languages: [en-US]
  limits: {{default_items: 100, max_items: 100}}
  map: {{url: "http://127.0.0.1/{{z}}/{{x}}/{{y}}", attribution: none}}
logging: {{level: ERROR}}
metadata:
  identification:
    title: peer
    description: peer
    keywords: [peer]
    terms_of_service: none
    url: http://127.0.0.1
  license: {{name: none, url: "http://127.0.0.1"}}
  provider: {{name: peer, url: "http://127.0.0.1"}}
  contact: {{name: peer}}
resources:
  names:
    type: collection
    title: names
    description: names
    keywords: [names]
    links: []
    extents: {{spatial: {{bbox: [-180, -90, 180, 90]}}}}
    providers:
      - type: feature
        {provider}
        id_field: id
        table: names
        geom_field: geom
"""


def make_table(address: str) -> None:
    """Lay the names of a store down as the peers want them, where that is not done yet.

    Args:
        address: of the database that holds the store.
    """
    with psycopg.connect(address, autocommit=True) as connection:
        known = connection.execute("SELECT to_regclass('peer.names')").fetchone()
        if known == (None,):
            connection.execute(_TABLE)
            connection.execute("VACUUM ANALYZE")


def make_file(store: Path, folder: Path) -> Path:
    """A plain GeoPackage of a store's names, with the same indexes."""
    made = folder / "peer.gpkg"
    chosen = f"SELECT {_COLUMNS}, CAST(heritage AS INTEGER) AS heritage, geom FROM place"
    subprocess.run(
        [
            *("ogr2ogr", "-f", "GPKG", made, store, "-sql", chosen, "-nln", "names"),
            *("-a_srs", "EPSG:4326", "-lco", "FID=id"),
        ],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    with contextlib.closing(sqlite3.connect(made)) as connection:
        connection.executescript(_INDEXES)
    return made


@contextlib.contextmanager
def tipg(python: Path, address: str) -> Iterator[int]:
    """Serve the database by tipg; yields its port."""
    port = _free_port()
    command = ["uvicorn", "tipg.main:app", "--port", str(port), "--workers", str(WORKERS)]
    settings = {"DATABASE_URL": address, "TIPG_DB_SCHEMAS": '["peer"]'}
    with _peer(python, command, settings, port, "/collections/peer.names/items?limit=1"):
        yield port


@contextlib.contextmanager
def pygeoapi_on_server(python: Path, address: str, folder: Path) -> Iterator[int]:
    """Serve the database by pygeoapi; yields its port."""
    known = conninfo_to_dict(address)
    data = {
        "host": known["host"], "port": known.get("port", 5432), "dbname": known["dbname"],
        "user": known["user"], "password": known.get("password", ""), "search_path": ["peer"],
    }  # fmt: skip
    with _pygeoapi(
        python, f"name: PostgreSQL\n        data: {orjson.dumps(data).decode()}", folder
    ) as port:
        yield port


@contextlib.contextmanager
def pygeoapi_on_file(python: Path, file: Path, folder: Path) -> Iterator[int]:
    """Serve a GeoPackage by pygeoapi; yields its port."""
    with _pygeoapi(python, f"name: SQLiteGPKG\n        data: {file}", folder) as port:
        yield port


@contextlib.contextmanager
def _pygeoapi(python: Path, provider: str, folder: Path) -> Iterator[int]:
    port = _free_port()
    config, described = folder / f"pygeoapi-{port}.yml", folder / f"openapi-{port}.yml"
    config.write_text(_PYGEOAPI.format(port=port, provider=provider))
    settings = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(described)}
    made = ["openapi", "generate", str(config), "--output-file", str(described)]
    subprocess.run(
        [str(python.parent / "pygeoapi"), *made], check=True, env=settings | _path(python),
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    command = [
        *("gunicorn", "-w", str(WORKERS), "-k", "gthread", "--threads", "4"),
        *("-b", f"127.0.0.1:{port}", "pygeoapi.flask_app:APP"),
    ]
    with _peer(python, command, settings, port, "/collections/names/items?limit=1&f=json"):
        yield port


def _path(python: Path) -> dict[str, str]:
    return {"PATH": f"{python.parent}:/usr/bin:/bin"}


@contextlib.contextmanager
def _peer(
    python: Path, command: list[str], settings: Mapping[str, str], port: int, asked: str
) -> Iterator[None]:
    """A peer's server, once it answers a question."""
    process = subprocess.Popen(
        [str(python.parent / command[0]), *command[1:]],
        env={**settings, **_path(python)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(port, asked, process)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int, path: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError, HTTPException):
            connection = HTTPConnection("127.0.0.1", port, timeout=_START_S)
            connection.request("GET", path)
            if connection.getresponse().status == HTTPStatus.OK:
                return
        time.sleep(0.5)
    raise RuntimeError(f"no answer at port {port}: {path}")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
