"""KML and KMZ: Placemarks with name, description, time, extended data and geometry.

Nothing that a KML points to is followed: network links, overlays, icons and styles are passed
over, and the first two are counted and said.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import IO, Any
from xml.etree.ElementTree import Element

from data.errors import Fault
from data.formats.archives import open_archive, refuse_nested
from data.formats.geojson import geometry_fault
from data.formats.geometries import BadGeometryError, to_wkb
from data.formats.reading import RawRow, Reading, Request, note
from data.formats.xml_stream import all_text, check_depth, events, local

_CRS84 = "OGC:CRS84"
_FIXED = ("name", "description", "when")
_LINKS = {"NetworkLink", "GroundOverlay", "ScreenOverlay", "PhotoOverlay"}
_MULTI = {"Point": "MultiPoint", "LineString": "MultiLineString", "Polygon": "MultiPolygon"}
_GEOMETRIES = {*_MULTI, "LinearRing", "MultiGeometry"}
_UNREAD_GEOMETRIES = {"Track", "MultiTrack", "Model"}


@dataclass(slots=True)
class _Placemark:
    values: dict[str, str] = dataclass_field(default_factory=dict)
    geometry: Element | None = None


def read(request: Request) -> Reading:
    """A KML file."""
    return _reading(request, "kml")


def read_zipped(request: Request) -> Reading:
    """A KMZ file: the KML at its top, or its only one; pictures beside it are not read."""
    return _reading(request, "kmz")


@contextmanager
def _open(request: Request, kind: str) -> Iterator[IO[bytes]]:
    if kind == "kml":
        with request.open() as stream:
            yield stream
        return
    with open_archive(request) as archive:
        refuse_nested(archive)
        documents = [item for item in archive.infolist() if item.filename.lower().endswith(".kml")]
        chosen = min(documents, key=lambda item: (item.filename.count("/"), item.filename))
        with archive.open(chosen) as stream:
            yield stream


def _reading(request: Request, kind: str) -> Reading:
    columns: dict[str, None] = {}
    links: list[str] = []
    with _open(request, kind) as stream:
        for placemark in _placemarks(stream, links):
            columns.update(dict.fromkeys(placemark.values))
    ordered = [name for name in _FIXED if name in columns]
    ordered += [name for name in columns if name not in _FIXED]
    return Reading(
        kind,
        ordered,
        _rows(request, kind, ordered),
        crs=_CRS84,
        has_geometry=True,
        notes=_link_note(links),
    )


def _link_note(links: list[str]) -> tuple[Fault, ...]:
    if not links:
        return ()
    counted = ", ".join(f"{name} × {links.count(name)}" for name in dict.fromkeys(links))
    return (
        note(
            "links-ignored",
            counted,
            f"文件中的外部链接和叠加图未读取、未访问：{counted}",
            f"network links and overlays were neither read nor followed: {counted}",
        ),
    )


def _rows(request: Request, kind: str, columns: list[str]) -> Iterator[RawRow]:
    with _open(request, kind) as stream:
        for number, placemark in enumerate(_placemarks(stream, []), 1):
            faults: list[Fault] = []
            wkb = _wkb(number, placemark, faults)
            yield number, [placemark.values.get(name, "") for name in columns], wkb, faults


def _wkb(number: int, placemark: _Placemark, faults: list[Fault]) -> bytes | None:
    if placemark.geometry is None:
        return None
    try:
        return to_wkb(_geometry(placemark.geometry, 0))
    except BadGeometryError as error:
        faults.append(geometry_fault(number, error))
        return None


def _placemarks(stream: IO[bytes], links: list[str]) -> Iterator[_Placemark]:
    """Each Placemark in turn; everything read is dropped from memory as soon as it is passed."""
    open_elements: list[Element] = []
    inside = 0
    for event, element in events(stream):
        name = local(element)
        if event == "start":
            open_elements.append(element)
            inside += name == "Placemark"
            check_depth(open_elements)
            continue
        open_elements.pop()
        if name == "Placemark":
            inside -= 1
            yield _placemark(element)
        elif not inside and name in _LINKS:
            links.append(name)
        if not inside and open_elements:
            open_elements[-1].remove(element)


def _placemark(element: Element) -> _Placemark:
    found = _Placemark()
    for child in element:
        name = local(child)
        if name in {"name", "description"}:
            found.values[name] = child.text or ""
        elif name == "TimeStamp":
            found.values["when"] = next((all_text(item) for item in child), "")
        elif name == "ExtendedData":
            found.values |= _extended(child)
        elif name in _GEOMETRIES | _UNREAD_GEOMETRIES:
            found.geometry = child
    return found


def _extended(element: Element) -> dict[str, str]:
    """`Data` with a `value`, and `SimpleData` of a schema."""
    values = {}
    for item in element.iter():
        name = local(item)
        if name == "Data":
            value = next((child for child in item if local(child) == "value"), None)
            values[item.get("name", "")] = "" if value is None else all_text(value)
        elif name == "SimpleData":
            values[item.get("name", "")] = all_text(item)
    return values


def _geometry(element: Element, depth: int) -> dict[str, Any]:
    """The element as a GeoJSON-shaped mapping."""
    name = local(element)
    if name == "Point":
        positions = _coordinates(element)
        return {"type": "Point", "coordinates": positions[0] if positions else []}
    if name in {"LineString", "LinearRing"}:
        return {"type": "LineString", "coordinates": _coordinates(element)}
    if name == "Polygon":
        rings = [_coordinates(ring) for ring in element.iter() if local(ring) == "LinearRing"]
        return {"type": "Polygon", "coordinates": rings}
    if name in _UNREAD_GEOMETRIES:
        raise BadGeometryError("tracks and models are not read", "不支持轨迹与模型")
    if depth:
        raise BadGeometryError("a MultiGeometry inside another is not read", "不支持多层几何集合")
    parts = [_geometry(child, 1) for child in element if local(child) in _GEOMETRIES]
    kinds = {part["type"] for part in parts}
    if len(kinds) == 1 and (kind := kinds.pop()) in _MULTI:
        return {"type": _MULTI[kind], "coordinates": [part["coordinates"] for part in parts]}
    return {"type": "GeometryCollection", "geometries": parts}


def _coordinates(element: Element) -> list[list[float]]:
    text = next((item.text for item in element if local(item) == "coordinates"), None) or ""
    try:
        return [[float(number) for number in item.split(",")] for item in text.split()]
    except ValueError as error:
        raise BadGeometryError(
            f"its coordinates are not numbers: {text.strip()[:40]!r}", "坐标不是数字"
        ) from error
