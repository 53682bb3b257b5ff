"""GPX: waypoints as points, or routes and tracks as lines, with their times and extensions.

Of a file with waypoints only these are read unless `layer` asks for routes or tracks; points that
are not read are dropped as they pass, so a long track needs no memory.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from data.errors import Fault, FileTooLarge, InvalidFile
from data.formats.geojson import geometry_fault
from data.formats.geometries import BadGeometryError, to_wkb
from data.formats.reading import RawRow, Reading, Request, note
from data.formats.xml_stream import all_text, check_depth, events, local

_CRS84 = "OGC:CRS84"
"""GPX is in WGS 84; what a position of it means for a marker is judged with the row."""
_LAYERS = {"waypoints": "wpt", "routes": "rte", "tracks": "trk"}
_POINTS = {"wpt", "rtept", "trkpt"}
_COLUMNS = {"name": "name", "ele": "ele", "time": "time", "sym": "symbol"}
_POINTS_PER_ROW = 20
"""A track has many points to a row; beyond this many to each row that may be read, it ends."""
_LARGEST_LAT, _LARGEST_LON = 90.0, 180.0


@dataclass(slots=True)
class _Feature:
    """A waypoint, route or track: its values by column, its positions in parts."""

    values: dict[str, str] = field(default_factory=dict)
    parts: list[list[list[float]]] = field(default_factory=list)
    wrong: str = ""


def read(request: Request) -> Reading:
    """A GPX file, read twice: once for what there is in it, once for its rows."""
    counts: Counter[str] = Counter()
    columns: dict[str, dict[str, None]] = {kind: {} for kind in _LAYERS.values()}
    for kind, feature in _features(request, set()):
        counts[kind] += 1
        columns[kind].update(dict.fromkeys(feature.values))
    layer = _chosen(request, counts)
    found = _ordered(columns[_LAYERS[layer]])
    return Reading(
        "gpx",
        found,
        _rows(request, _LAYERS[layer], found),
        crs=_CRS84,
        layer=layer,
        has_geometry=True,
        notes=_notes(layer, counts),
    )


def _ordered(columns: dict[str, None]) -> list[str]:
    # What an export of ours says of a height goes before the device's own.
    left_out = {"ele"} if "height_m" in columns else set()
    return [name for name in columns if name not in left_out]


def _chosen(request: Request, counts: Counter[str]) -> str:
    if request.layer is not None:
        if request.layer not in _LAYERS:
            listed = ", ".join(_LAYERS)
            raise InvalidFile(
                f"a GPX has no layer {request.layer!r}; it has {listed}",
                f"GPX 没有图层“{request.layer}”；可选：{listed}",
            )
        return request.layer
    if not counts:
        raise InvalidFile(
            "it holds no waypoint, route or track; export it again",
            "文件中没有航点、航线或航迹；请重新导出",
        )
    return next((layer for layer, kind in _LAYERS.items() if counts[kind]), "waypoints")


def _notes(layer: str, counts: Counter[str]) -> tuple[Fault, ...]:
    others = {other: counts[kind] for other, kind in _LAYERS.items() if other != layer}
    told = ", ".join(f"{other} × {count}" for other, count in others.items() if count)
    if not told:
        return ()
    return (
        note(
            "layer-chosen", layer, f"读取了 {layer}；其余未读：{told}",
            f"{layer} were read; not read: {told}",
        ),
    )  # fmt: skip


def _features(request: Request, placed: set[str]) -> Iterator[tuple[str, _Feature]]:
    """Each waypoint, route and track; positions only of the kinds that are placed."""
    most = _POINTS_PER_ROW * request.limits.max_rows
    count = 0
    open_elements: list[Element] = []
    feature = _Feature()
    with request.open() as stream:
        for event, element in events(stream):
            name = local(element)
            if event == "start":
                open_elements.append(element)
                check_depth(open_elements)
                if name == "trkseg" or (name == "rte" and len(open_elements) == 2):  # noqa: PLR2004 - root and it
                    feature.parts.append([])
                continue
            open_elements.pop()
            if name in _POINTS:
                count += 1
                if count > most:
                    raise _too_many(most)
                kind = _kind_of(name)
                if kind in placed:
                    _place(feature, element)
            if len(open_elements) == 1 and name in _LAYERS.values():
                feature.values = _values(element)
                yield name, feature
                feature = _Feature()
            if name in _POINTS or len(open_elements) == 1:
                open_elements[-1].remove(element)


def _kind_of(point: str) -> str:
    return {"wpt": "wpt", "rtept": "rte", "trkpt": "trk"}[point]


def _too_many(most: int) -> FileTooLarge:
    return FileTooLarge(
        f"it has more than {most:,} points; split it, or send the waypoints without the tracks",
        f"文件中的点超过 {most:,} 个；请拆分，或只提交航点、不含航迹",
    )


def _place(feature: _Feature, element: Element) -> None:
    lat, lon = element.get("lat", ""), element.get("lon", "")
    try:
        position = [float(lon), float(lat)]
    except ValueError:
        feature.wrong = feature.wrong or f"lat={lat[:20]!r} lon={lon[:20]!r}"
        return
    if abs(position[0]) > _LARGEST_LON or abs(position[1]) > _LARGEST_LAT:
        feature.wrong = feature.wrong or f"lat={lat[:20]!r} lon={lon[:20]!r}"
    if not feature.parts:
        feature.parts.append([])
    feature.parts[-1].append(position)


def _values(element: Element) -> dict[str, str]:
    values: dict[str, str] = {}
    for child in element:
        name = local(child)
        if name in _COLUMNS:
            values[_COLUMNS[name]] = all_text(child)
        elif name in {"desc", "cmt"} and (text := all_text(child)):
            said = values.get("description", "")
            values["description"] = f"{said}；{text}" if said and said != text else text
        elif name == "extensions":
            values = _extended(child) | values
    return values


def _extended(element: Element) -> dict[str, str]:
    """The values of extensions: our own by their name, of others each that holds only text."""
    values = {}
    for item in element.iter():
        if item is element or len(item):
            continue
        values[item.get("name") or local(item)] = all_text(item)
    return values


def _rows(request: Request, kind: str, columns: list[str]) -> Iterator[RawRow]:
    number = 0
    for found, feature in _features(request, {kind}):
        if found != kind:
            continue
        number += 1
        faults: list[Fault] = []
        wkb = _wkb(number, kind, feature, faults)
        yield number, [feature.values.get(name, "") for name in columns], wkb, faults


def _wkb(number: int, kind: str, feature: _Feature, faults: list[Fault]) -> bytes | None:
    try:
        return to_wkb(_geometry(kind, feature))
    except BadGeometryError as error:
        faults.append(geometry_fault(number, error))
        return None


def _geometry(kind: str, feature: _Feature) -> dict[str, object]:
    if feature.wrong:
        raise BadGeometryError(
            f"it is no latitude and longitude: {feature.wrong}", f"经纬度无效：{feature.wrong}"
        )
    parts = [part for part in feature.parts if part]
    if kind == "wpt":
        return {"type": "Point", "coordinates": parts[0][0] if parts else []}
    return {"type": "MultiLineString", "coordinates": [part for part in parts if len(part) > 1]}
