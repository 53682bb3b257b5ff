"""Read a service from QGIS as a person would: features, vector tiles with their style, GeoPackages.

    python3 tools/read_in_qgis.py ADDRESS FOLDER

Run by the Python that has `qgis.core` (Debian: python3-qgis, qgis-providers), against an open
service. Of each collection: all features over many pages, those in a box, those of a filter, its
vector tiles, and its GeoPackage, all held against what the service says over plain HTTP. QGIS asks
through a relay that notes what it asks, so that what the service filters is told from what QGIS
throws away itself. FOLDER takes the GeoPackages and a picture of the map. Prints each step; exit
code 1 where one failed.
"""

import json
import os
import sys
import threading
import urllib.request
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

PAGE = 100
FILTERS = {
    "divisions": ("\"level\" = 'league'", '"valid_to" IS NULL AND "in_region" = TRUE'),
    "places": ("\"status\" = 'standard'", "\"name\" LIKE '%乌%'", "\"name\" IN ('包头', '赤峰')"),
    "lines": ("\"level\" = 'province' OR \"level\" = 'county'",),
    "markers": (
        '"level" = \'county\' AND "sequence" > 3',
        '"faces" = 3 AND NOT "line_name" LIKE \'冀%\'',
        '"sigma_m" * 2 > 0.5',
        '"party_a" IS NULL',
    ),
}
GRID = "WebMercatorQuad"
REGION = (10_800_000, 4_400_000, 14_100_000, 7_000_000)
"""West, south, east, north of Inner Mongolia in EPSG:3857."""
_failed: list[str] = []
_asked: list[str] = []


def told(step: str, *, as_wanted: bool) -> None:
    """Say how a step went."""
    print(f"{'ok    ' if as_wanted else 'FAILED'} {step}", flush=True)
    if not as_wanted:
        _failed.append(step)


def main(address: str, folder: Path) -> int:
    """Try each step; returns the process's exit code."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from qgis.core import Qgis, QgsApplication  # type: ignore[import-not-found]

    application = QgsApplication([], False)
    application.initQgis()
    print(f"QGIS {Qgis.QGIS_VERSION}")
    relay = _relay(address)
    for name in [one["id"] for one in _json(f"{address}/collections")["collections"]]:
        expected = _found(address, name)
        _read_features(relay, name, expected)
        _read_tiles(address, name, expected)
        _read_file(address, name, expected, folder)
    _draw(address, folder / "map.png")
    application.exitQgis()
    return 1 if _failed else 0


def _relay(address: str) -> str:
    """The address of a server that hands every request on and notes it."""
    host = urlsplit(address).netloc

    class Relay(BaseHTTPRequestHandler):
        def _hand_on(self) -> None:
            _asked.append(unquote(self.path))
            connection = HTTPConnection(host, timeout=60)
            connection.request(self.command, self.path, headers=dict(self.headers))
            answer = connection.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name not in {"Content-Length", "Connection", "Date", "Server"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_OPTIONS = _hand_on  # noqa: N815 - the names that the library looks for

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Relay)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def _read_features(address: str, name: str, expected: dict[int, Any]) -> None:
    from qgis.core import QgsFeatureRequest, QgsRectangle

    layer = _feature_layer(address, name)
    told(f"{name}: the layer opens", as_wanted=layer.isValid())
    if not layer.isValid():
        return
    seen = list(layer.getFeatures())
    told(f"{name}: {len(seen)} features in pages of {PAGE}", as_wanted=len(seen) == len(expected))
    one = next((one for one in seen if one.hasGeometry()), None)
    if one is None:
        return
    at = one.geometry().boundingBox().center()
    box = QgsRectangle(at.x() - 0.5, at.y() - 0.5, at.x() + 0.5, at.y() + 0.5)
    sides = (box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum())
    within = _found(address, name, f"&bbox={','.join(map(str, sides))}")
    _asked.clear()
    boxed = _feature_layer(address, name, " restrictToRequestBBOX='1'")
    found = list(boxed.getFeatures(QgsFeatureRequest().setFilterRect(box)))
    told(f"{name}: {len(found)} in a box", as_wanted=len(found) == len(within))
    told(f"{name}: the service was asked for the box", as_wanted=any("bbox=" in a for a in _asked))
    _filter(address, name)


def _filter(address: str, name: str) -> None:
    """Filters as people set them on a layer; QGIS writes them as CQL2 itself."""
    for wanted in FILTERS.get(name, ()):
        asked = wanted.replace('"', "")
        there = _found(address, name, f"&filter={quote(asked)}")
        layer = _feature_layer(address, name)
        _asked.clear()
        taken = layer.setSubsetString(wanted)
        found = list(layer.getFeatures())
        told(f"{name}: {len(found)} of {wanted}", as_wanted=taken and len(found) == len(there))
        handed = any("filter=" in one for one in _asked)
        told(f"{name}: the service was asked for it", as_wanted=handed)


def _feature_layer(address: str, name: str, further: str = "") -> Any:
    """A layer as a person adds it; nothing of an older one is at hand."""
    from qgis.core import QgsVectorLayer

    source = f"typename='{name}' url='{address}' pagingEnabled='true' pageSize='{PAGE}'{further}"
    return QgsVectorLayer(source, name, "OAPIF")


def _read_tiles(address: str, name: str, expected: dict[int, Any]) -> None:
    """The tileset of one collection, drawn in QGIS's own plain way."""
    found = _json(f"{address}/collections/{name}/tiles/{GRID}?f=tilejson")
    layer = _tile_layer(found["tiles"][0], f"&zmin={found['minzoom']}&zmax={found['maxzoom']}")
    told(f"{name}: its vector tiles open", as_wanted=layer.isValid())
    told(f"{name}: its tiles are drawn", as_wanted=_is_drawn(_picture(layer)) == bool(expected))


def _tile_layer(tiles: str, further: str) -> Any:
    from qgis.core import QgsVectorTileLayer

    return QgsVectorTileLayer(f"type=xyz&url={tiles}{further}", "tiles")


def _picture(layer: Any) -> Any:
    """The region on a map of this layer alone."""
    from qgis.core import (
        QgsCoordinateReferenceSystem,
        QgsMapRendererParallelJob,
        QgsMapSettings,
        QgsRectangle,
    )
    from qgis.PyQt.QtCore import QSize  # type: ignore[import-not-found]

    asked = QgsMapSettings()
    asked.setLayers([layer])
    asked.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    asked.setOutputSize(QSize(1200, 950))
    asked.setExtent(QgsRectangle(*REGION))
    job = QgsMapRendererParallelJob(asked)
    job.start()
    job.waitForFinished()
    if job.errors():
        told(job.errors()[0].message, as_wanted=False)
    return job.renderedImage()


def _is_drawn(picture: Any) -> bool:
    """Whether there is more than one colour on a picture."""
    across, down = picture.width(), picture.height()
    seen = {picture.pixel(x, y) for x in range(0, across, 3) for y in range(0, down, 3)}
    return len(seen) > 1


def _read_file(address: str, name: str, expected: dict[int, Any], folder: Path) -> None:
    """Layer, system, attributes and their values, of every feature."""
    from qgis.core import QgsVectorLayer

    path = folder / f"{name}.gpkg"
    path.write_bytes(_bytes(f"{address}/collections/{name}/export?f=gpkg"))
    layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
    told(f"{name}: its GeoPackage opens", as_wanted=layer.isValid())
    told(f"{name}: in EPSG:4490", as_wanted=layer.crs().authid() == "EPSG:4490")
    held = {one["ovoo_id"]: one for one in layer.getFeatures()}
    told(f"{name}: {len(held)} in the file", as_wanted=held.keys() == expected.keys())
    known = {one.name() for one in layer.fields()}
    wrong = []
    for identity, one in expected.items():
        row = held.get(identity)
        for field, value in one["properties"].items():
            if row is not None and (field not in known or not _same(row[field], value)):
                wrong.append((identity, field, value, row[field] if field in known else "none"))
    told(f"{name}: attributes as the service tells them {wrong[:6]}", as_wanted=not wrong)


def _same(held: Any, value: Any) -> bool:
    from qgis.PyQt.QtCore import QVariant

    if held is None or (isinstance(held, QVariant) and held.isNull()):
        return value is None
    if hasattr(held, "toString"):
        held = held.toString("yyyy-MM-dd")
    return bool(held == value)


def _draw(address: str, path: Path) -> None:
    """All collections in the style of the service."""
    further = f"&zmin=0&zmax=14&styleUrl={address}/tiles/{GRID}/style"
    layer = _tile_layer(f"{address}/tiles/{GRID}/{{z}}/{{y}}/{{x}}", further)
    said, done = layer.loadDefaultStyle()
    told(f"the style is taken over {said}", as_wanted=done)
    texts = [one.labelSettings().fieldName for one in layer.labeling().styles()]
    told(f"labels are written: {', '.join(texts)}", as_wanted=bool(texts) and all(texts))
    picture = _picture(layer)
    picture.save(str(path))
    told(f"the map is drawn: {path}", as_wanted=_is_drawn(picture))


def _found(address: str, name: str, further: str = "") -> dict[int, Any]:
    """All features that the service tells, by id."""
    asked = f"{address}/collections/{name}/items?f=json&limit=1000{further}"
    found: dict[int, Any] = {}
    while asked:
        page = _json(asked)
        found |= {one["id"]: one for one in page["features"]}
        asked = next((one["href"] for one in page["links"] if one["rel"] == "next"), "")
    return found


def _json(address: str) -> Any:
    return json.loads(_bytes(address))


def _bytes(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=600) as answer:  # noqa: S310 - http
        return bytes(answer.read())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
