"""KML and KMZ: Placemarks with name, description, time, extended data and geometry.

Nothing that a KML points to is followed: network links, overlays, icons and styles are passed
over, and the first two are counted and said.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from data.errors import Fault, InvalidFile
from data.formats.archives import open_archive, refuse_nested
from data.formats.geojson import geometry_fault
from data.formats.geometries import BadGeometryError, to_wkb
from data.formats.reading import RawRow, Reading, Request, note

_CRS84 = "OGC:CRS84"
_DEPTH_MAX = 64
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


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _placemarks(stream: IO[bytes], links: list[str]) -> Iterator[_Placemark]:
    """Each Placemark in turn; everything read is dropped from memory as soon as it is passed."""
    open_elements: list[Element] = []
    inside = 0
    for event, element in _events(stream):
        name = _local(element)
        if event == "start":
            open_elements.append(element)
            inside += name == "Placemark"
            if len(open_elements) > _DEPTH_MAX:
                raise InvalidFile(
                    f"its XML is nested deeper than {_DEPTH_MAX} levels",
                    f"XML 嵌套超过 {_DEPTH_MAX} 层",
                )
            continue
        open_elements.pop()
        if name == "Placemark":
            inside -= 1
            yield _placemark(element)
        elif not inside and name in _LINKS:
            links.append(name)
        if not inside and open_elements:
            open_elements[-1].remove(element)


def _events(stream: IO[bytes]) -> Iterator[tuple[str, Element]]:
    try:
        yield from iterparse(stream, ("start", "end"), forbid_dtd=True)
    except DefusedXmlException as error:
        raise InvalidFile(
            "its XML declares a document type or entities, which are never read; save it again"
            " without them",
            "XML 含有文档类型声明或实体，不予读取；请去除后重新保存",
        ) from error
    except ParseError as error:
        line, column = error.position
        raise InvalidFile(
            f"its XML breaks off or is wrong at line {line}, column {column + 1}; export it again",
            f"XML 在第 {line} 行第 {column + 1} 列中断或有误；请重新导出",
        ) from error
    except (LookupError, ValueError) as error:
        raise InvalidFile(
            "its XML names an encoding that is not read; save it as UTF-8",
            "XML 声明的编码无法读取；请另存为 UTF-8",
        ) from error


def _placemark(element: Element) -> _Placemark:
    found = _Placemark()
    for child in element:
        name = _local(child)
        if name in {"name", "description"}:
            found.values[name] = child.text or ""
        elif name == "TimeStamp":
            found.values["when"] = next((_all_text(item) for item in child), "")
        elif name == "ExtendedData":
            found.values |= _extended(child)
        elif name in _GEOMETRIES | _UNREAD_GEOMETRIES:
            found.geometry = child
    return found


def _extended(element: Element) -> dict[str, str]:
    """`Data` with a `value`, and `SimpleData` of a schema."""
    values = {}
    for item in element.iter():
        name = _local(item)
        if name == "Data":
            value = next((child for child in item if _local(child) == "value"), None)
            values[item.get("name", "")] = "" if value is None else _all_text(value)
        elif name == "SimpleData":
            values[item.get("name", "")] = _all_text(item)
    return values


def _all_text(element: Element) -> str:
    return "".join(element.itertext())


def _geometry(element: Element, depth: int) -> dict[str, Any]:
    """The element as a GeoJSON-shaped mapping."""
    name = _local(element)
    if name == "Point":
        positions = _coordinates(element)
        return {"type": "Point", "coordinates": positions[0] if positions else []}
    if name in {"LineString", "LinearRing"}:
        return {"type": "LineString", "coordinates": _coordinates(element)}
    if name == "Polygon":
        rings = [_coordinates(ring) for ring in element.iter() if _local(ring) == "LinearRing"]
        return {"type": "Polygon", "coordinates": rings}
    if name in _UNREAD_GEOMETRIES:
        raise BadGeometryError("tracks and models are not read", "不支持轨迹与模型")
    if depth:
        raise BadGeometryError("a MultiGeometry inside another is not read", "不支持多层几何集合")
    parts = [_geometry(child, 1) for child in element if _local(child) in _GEOMETRIES]
    kinds = {part["type"] for part in parts}
    if len(kinds) == 1 and (kind := kinds.pop()) in _MULTI:
        return {"type": _MULTI[kind], "coordinates": [part["coordinates"] for part in parts]}
    return {"type": "GeometryCollection", "geometries": parts}


def _coordinates(element: Element) -> list[list[float]]:
    text = next((item.text for item in element if _local(item) == "coordinates"), None) or ""
    try:
        return [[float(number) for number in item.split(",")] for item in text.split()]
    except ValueError as error:
        raise BadGeometryError(
            f"its coordinates are not numbers: {text.strip()[:40]!r}", "坐标不是数字"
        ) from error
