"""What a workbook's own XML says and its reader library does not: error cells, far-off cells."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import join, normpath

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from data.errors import InvalidFile
from data.formats.archives import open_archive, read_member
from data.formats.reading import Request

_CHUNK = 1024 * 1024
_OVERLAP = 4_096
_PART_BYTES = 16 * 1024 * 1024
_ROW_TAG = b"<row "
_ROW = re.compile(rb'\br="([0-9]{1,7})"')
_ANY_CELL = re.compile(rb'\br="([A-Z]{1,3})[0-9]')
_WIDE_CELL = re.compile(rb' r="([A-Z]{2,3})[0-9]')
_ERROR_TAG = re.compile(rb'<(?:\w+:)?c\s[^>]*?\bt="e"[^>]*>')
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_ERRORS_KEPT = 10_000
_EXTERNAL = b'TargetMode="External"'


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """The places of error cells (#N/A and the like), and the last row and column in use."""

    error_cells: frozenset[tuple[int, int]]
    last_row: int
    last_column: int


def sheet_facts(request: Request) -> dict[str, SheetFacts]:
    """The facts of every worksheet by its name; rows and columns count from 1.

    Reads all of each sheet's bytes, so that what is declared of their size is also proved.
    """
    with open_archive(request) as archive:
        parts = _sheet_parts(archive)
        return {name: _facts(archive, part) for name, part in parts.items()}


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    by_name = {member.filename.lower(): member for member in archive.infolist()}
    try:
        book = fromstring(_part(archive, by_name, "xl/workbook.xml"), forbid_dtd=True)
        links = fromstring(_part(archive, by_name, "xl/_rels/workbook.xml.rels"), forbid_dtd=True)
    except (DefusedXmlException, ParseError, LookupError, ValueError) as error:
        raise broken_workbook() from error
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    found = {}
    for sheet in book.iter():
        if sheet.tag.rpartition("}")[2] != "sheet":
            continue
        key = next((value for name, value in sheet.items() if name.endswith("}id")), "")
        path = normpath(join("/xl", targets.get(key, ""))).lstrip("/").lower()
        if path in by_name:
            found[sheet.get("name", "")] = by_name[path]
    return found


def external_links(request: Request) -> int:
    """How many references to things outside a workbook has; none is followed."""
    with open_archive(request) as archive:
        links = [one for one in archive.infolist() if one.filename.lower().endswith(".rels")]
        return sum(read_member(archive, one, _PART_BYTES).count(_EXTERNAL) for one in links)


def broken_workbook() -> InvalidFile:
    """The refusal of a workbook that cannot be read."""
    return InvalidFile(
        "the workbook is damaged or no .xlsx workbook; open it in a spreadsheet program and save"
        " it as .xlsx again",
        "工作簿已损坏或不是 .xlsx；请用表格软件打开后重新另存为 .xlsx",
    )


def _part(archive: zipfile.ZipFile, by_name: dict[str, zipfile.ZipInfo], name: str) -> bytes:
    if name not in by_name:
        raise broken_workbook()
    return read_member(archive, by_name[name], _PART_BYTES)


def _facts(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> SheetFacts:
    errors: set[tuple[int, int]] = set()
    last_row = last_column = 0
    cell = _ANY_CELL
    for text in _tags(archive, part):
        # All letters are looked at in the first chunk only, and afterwards those beyond Z.
        last_column = max(last_column, *map(_column, set(cell.findall(text))), 0)
        # Rows ascend; a sheet made otherwise meets the limit of memory instead.
        if row := _ROW.search(text, max(text.rfind(_ROW_TAG), 0)):
            last_row = max(last_row, int(row[1]))
        if b't="e"' in text and len(errors) < _ERRORS_KEPT:
            errors |= _error_places(text)
        cell = _WIDE_CELL
    return SheetFacts(frozenset(errors), last_row, last_column)


def _error_places(text: bytes) -> set[tuple[int, int]]:
    found = (_PLACE.search(tag) for tag in _ERROR_TAG.findall(text))
    return {(int(place[2]), _column(place[1])) for place in found if place}


def _tags(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The sheet's bytes in pieces that cut no tag in two."""
    with archive.open(part) as stream:
        rest = b""
        while chunk := stream.read(_CHUNK):
            text = rest + chunk
            cut = max(text.rfind(b"<"), len(text) - _OVERLAP)
            yield text[:cut]
            rest = text[cut:]
        yield rest


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
