r"""DXF for CAD programs (R12 text form): points with labels, lines and rings as polylines.

Text is in the code page of Chinese CAD programs (ANSI_936, GBK); a character that it lacks is
written as `\U+XXXX`, which they show as it is. A record's values go with its entity as extended
data of the application OVOO.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import shapely

from data.formats.cells import without_unfit
from data.formats.writing.kml import label_of
from data.formats.writing.layer import Batches, Layer, Record, point_of

_APPLICATION = "OVOO"
_ENCODING, _CODE_PAGE = "gbk", "ANSI_936"
_PIECE_CHARS = 120
"""A string of extended data holds 255 bytes, a character of the code page has up to two."""
_MOST_EXTENDED = 15_000
"""An entity holds 16 kB of extended data; what would pass it is left off with a word."""
_LABEL_HEIGHT_M, _LABEL_HEIGHT_DEG = 20.0, 0.0002
_CLOSED = 1


def stream(layer: Layer, batches: Batches) -> Iterator[bytes]:
    """The drawing; a record without a position cannot stand in it and is left out."""
    yield _pairs(_head(layer))
    for batch in batches:
        for record in batch.records:
            if record.wkb is not None:
                yield _pairs(_entities(layer, record, record.wkb))
    yield _pairs([(0, "ENDSEC"), (0, "EOF")])


def _pairs(pairs: Iterable[tuple[int, Any]]) -> bytes:
    return "".join(f"{code:3d}\r\n{value}\r\n" for code, value in pairs).encode(_ENCODING)


def _head(layer: Layer) -> list[tuple[int, Any]]:
    name = layer.name.upper()
    return [
        (999, _fit(f"{layer.zh} {layer.en}, {layer.crs}")),
        *([(999, _fit(layer.attribution))] if layer.attribution else []),
        (0, "SECTION"), (2, "HEADER"),
        (9, "$ACADVER"), (1, "AC1009"), (9, "$DWGCODEPAGE"), (3, _CODE_PAGE),
        (0, "ENDSEC"),
        (0, "SECTION"), (2, "TABLES"),
        (0, "TABLE"), (2, "LAYER"), (70, 2),
        (0, "LAYER"), (2, name), (70, 0), (62, 7), (6, "CONTINUOUS"),
        (0, "LAYER"), (2, f"{name}_LABELS"), (70, 0), (62, 3), (6, "CONTINUOUS"),
        (0, "ENDTAB"),
        (0, "TABLE"), (2, "APPID"), (70, 1),
        (0, "APPID"), (2, _APPLICATION), (70, 0),
        (0, "ENDTAB"),
        (0, "ENDSEC"),
        (0, "SECTION"), (2, "ENTITIES"),
    ]  # fmt: skip


def _fit(text: object) -> str:
    """One line of the code page; what is beyond the first plane goes as its two halves."""
    plain = without_unfit(str(text))
    written = []
    for character in plain:
        if character in "\t\r\n":
            written.append(" ")
        elif character == "^":
            written.append("^ ")  # alone it begins a control character
        elif character != "\\" and _in_code_page(character):
            written.append(character)
        else:
            units = character.encode("utf-16-be")
            written += [f"\\U+{units[i : i + 2].hex().upper()}" for i in range(0, len(units), 2)]
    return "".join(written)


@cache
def _in_code_page(character: str) -> bool:
    try:
        character.encode(_ENCODING)
    except UnicodeEncodeError:
        return False
    return True


def _entities(layer: Layer, record: Record, wkb: bytes) -> Iterator[tuple[int, Any]]:
    name = layer.name.upper()
    extended = list(_extended(layer, record))
    point = point_of(wkb)
    if point is not None:
        yield from ((0, "POINT"), (8, name), (10, repr(point[0])), (20, repr(point[1])), (30, 0.0))
        yield from extended
        yield from _label(layer, record, *point)
        return
    shape = shapely.from_wkb(wkb)
    for line in _lines(shape):
        yield from _polyline(name, line, extended, closed=shape.geom_type.endswith("Polygon"))
    where = shape.representative_point()
    yield from _label(layer, record, where.x, where.y)


def _lines(shape: Any) -> list[Any]:
    parts = getattr(shape, "geoms", [shape])
    if not shape.geom_type.endswith("Polygon"):
        return [part.coords for part in parts]
    return [ring.coords[:-1] for part in parts for ring in (part.exterior, *part.interiors)]


def _polyline(
    name: str, positions: Any, extended: Sequence[tuple[int, Any]], *, closed: bool
) -> Iterator[tuple[int, Any]]:
    yield from ((0, "POLYLINE"), (8, name), (66, 1), (70, _CLOSED if closed else 0))
    yield from ((10, 0.0), (20, 0.0), (30, 0.0))
    yield from extended
    for x, y, *_ in positions:
        yield from ((0, "VERTEX"), (8, name), (10, repr(x)), (20, repr(y)), (30, 0.0))
    yield from ((0, "SEQEND"), (8, name))


def _label(layer: Layer, record: Record, x: float, y: float) -> Iterator[tuple[int, Any]]:
    height = _LABEL_HEIGHT_DEG if layer.degrees else _LABEL_HEIGHT_M
    yield from ((0, "TEXT"), (8, f"{layer.name.upper()}_LABELS"))
    yield from ((10, repr(x + height / 2)), (20, repr(y + height / 2)), (30, 0.0))
    yield from ((40, height), (1, _fit(label_of(layer, record))))


def _extended(layer: Layer, record: Record) -> Iterator[tuple[int, Any]]:
    own = [(layer.id_name, record.id)] if layer.id_name else []
    named = zip((a.name for a in layer.attributes), record.values, strict=True)
    filled = [(name, value) for name, value in [*own, *named] if value is not None]
    yield 1001, _APPLICATION
    size = 0
    for name, value in filled:
        text = _fit(f"{name}={value}")
        size += len(text.encode(_ENCODING))
        if size > _MOST_EXTENDED:
            yield 1000, f"{_fit(name)}: too long for a drawing"
            return
        yield from (
            (1000, text[at : at + _PIECE_CHARS]) for at in range(0, len(text), _PIECE_CHARS)
        )
