"""What is fuzzed: each target takes bytes and may refuse them with the program's own errors alone.

`make fuzz` feeds them coverage-guided inputs; `tests/test_fuzz_corpora.py` feeds them what is kept.
"""

import io
import os
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

from boundary.markers.numbers import MarkerNumber
from data.coordinates import Position
from data.coordinates.angles import parse_angle
from data.coordinates.systems import ReferenceSystem
from data.errors import DataError
from data.filters import Kind, Queryable
from data.filters import parse as parse_filter
from data.formats import registry, serving
from data.formats.geojson import read as read_geojson
from data.formats.limits import Limits
from data.formats.reading import Reading, Request
from data.geometry import Box
from data.published_systems import CRS84, find_system
from gazetteer.errors import GazetteerError
from gazetteer.names.folding import fold, plain_fold
from gazetteer.names.keys import search_keys
from gazetteer.names.name import clean_name
from gazetteer.names.scripts import is_mongolian, scripts_of

Target = Callable[[bytes], None]
REFUSALS = (DataError, GazetteerError)
_WORKBOOK = Path(__file__).parent / "fuzz_corpora/table/05.xlsx"
_SHEET = "xl/worksheets/sheet1.xml"
LIMITS = Limits(max_rows=2_000)
KINDS = {"name": Kind.TEXT, "people": Kind.NUMBER, "day": Kind.DATE, "heritage": Kind.FLAG}
QUERYABLES = {
    name: Queryable(name, name, kind) for name, kind in {**KINDS, "geom": Kind.GEOMETRY}.items()
}
TO_STORE = find_system(CRS84, 4490, "filter-crs").to_store


def _text(content: bytes) -> str:
    return content.decode("utf-8", errors="replace")


def position(content: bytes) -> None:
    """One cell, two cells, or two plane coordinates."""
    text = _text(content)
    first, _, second = text.partition("\n")
    for act in (
        lambda: Position.parse(text),
        lambda: Position.parse(lon=first, lat=second),
        lambda: Position.parse(x_north=first, y_east=second),
        lambda: parse_angle("lon", text),
        lambda: ReferenceSystem.parse(text),
        lambda: Box.parse(text),
    ):
        try:
            found = act()
        except REFUSALS:
            continue
        if isinstance(found, Position):
            assert -180 <= found.lon <= 180
            assert -90 <= found.lat <= 90


def cql2(content: bytes) -> None:
    """A filter, as text and as JSON."""
    for language in ("cql2-text", "cql2-json"):
        try:
            parse_filter(_text(content), language, QUERYABLES, TO_STORE)
        except REFUSALS:
            continue


def _read(content: bytes, reader: Callable[[Request], Reading]) -> None:
    """Read a file to its last row as the reading process does."""
    descriptor = os.memfd_create("input")
    try:
        os.write(descriptor, content)
        os.lseek(descriptor, 0, os.SEEK_SET)
        with tempfile.TemporaryDirectory(prefix="ovoo-fuzz-") as folder:
            request = Request(descriptor, Path(folder), LIMITS, None, None)
            try:
                serving._send(reader(request), LIMITS, (), io.BytesIO())
            except REFUSALS:
                return
    finally:
        os.close(descriptor)


def table(content: bytes) -> None:
    """A file from outside: CSV, XLSX and whatever else it is recognised as.

    The XML of a sheet is put into a workbook first: changed bytes of a zip only break the zip.
    """
    if content.startswith(b"<worksheet"):
        content = _workbook_of(content)
    _read(content, registry.read)


def _workbook_of(sheet: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(_WORKBOOK) as whole, zipfile.ZipFile(kept, "w") as changed:
        for name in whole.namelist():
            changed.writestr(name, sheet if name == _SHEET else whole.read(name))
    return kept.getvalue()


def geojson(content: bytes) -> None:
    """A file taken for GeoJSON, whatever it looks like."""
    _read(content, read_geojson)


def number(content: bytes) -> None:
    """A marker's number as printed."""
    text = _text(content)
    found = MarkerNumber.parse(text)
    if found is not None:
        assert f"{found.line}{found.sequence:03}{found.letter}" == text


def mongolian(content: bytes) -> None:
    """A name in any script: kept in NFC, found by keys that do not change when made again."""
    text = _text(content)
    scripts_of(text)
    is_mongolian(text)
    search_keys(text)
    if not is_mongolian(text):  # else compatible forms beside Mongolian are kept as they are
        assert fold(fold(text)) == fold(text)
    plain_fold(text)
    try:
        cleaned = clean_name(text)
    except REFUSALS:
        return
    assert unicodedata.is_normalized("NFC", cleaned)
    assert clean_name(cleaned) == cleaned


TARGETS: dict[str, Target] = {
    one.__name__: one for one in (position, cql2, table, geojson, number, mongolian)
}
