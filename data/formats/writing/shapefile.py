"""A Shapefile in a zip, with a table that tells which short name is which field.

A .dbf holds names of ten characters and texts of 254 bytes: a longer text is cut between two
characters, and the table beside the layer counts the cuts of each field.
"""

import csv
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

from data.formats.cells import without_unfit
from data.formats.writing.arrow import GEOMETRY, reader_of
from data.formats.writing.delimited import plain_text
from data.formats.writing.layer import Attribute, Batches, Layer, Record, RecordBatch
from data.work_folders import work_folder

_NAME_CHARS = 10
_TEXT_BYTES = 254
_KINDS = {"POINT": "Point", "MULTILINESTRING": "MultiLineString", "MULTIPOLYGON": "MultiPolygon"}
FIELD_TABLE = "fields.csv"


def write(layer: Layer, batches: Batches, path: Path) -> None:
    """The zip: .shp, .shx, .dbf, .prj, .cpg and the table of fields."""
    import pyogrio

    short = short_names([(column.name, column.short) for column in layer.columns])
    cuts: Counter[str] = Counter()
    renamed = _renamed(layer, short)
    with work_folder("write") as folder:
        pyogrio.write_arrow(
            reader_of(renamed, _fitted(layer, renamed, batches, cuts)),
            folder / f"{layer.name}.shp",
            layer=layer.name,
            driver="ESRI Shapefile",
            geometry_name=GEOMETRY,
            geometry_type=_KINDS[layer.kind or ""],
            crs=layer.crs,
            encoding="UTF-8",
        )
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
            for part in sorted(folder.iterdir()):
                bundle.write(part, part.name)
            bundle.writestr(FIELD_TABLE, _field_table(layer, short, cuts))


def short_names(names: list[tuple[str, str]]) -> dict[str, str]:
    """A name of at most ten ASCII characters for each; no two alike, whatever their case.

    Args:
        names: each name with the short one that it may have.

    >>> long = ["romanization", "romanization_mark", "界桩编号"]
    >>> list(short_names([(name, "") for name in long] + [("标准名称", "BZMC")]).values())
    ['romanizati', 'romaniza_2', 'field_3', 'BZMC']
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for number, (name, wanted) in enumerate(names, 1):
        plain = wanted or name
        if not (plain.isascii() and plain.isidentifier()):
            plain = f"field_{number}"
        short = plain[:_NAME_CHARS]
        turn = 2
        while short.lower() in taken:
            ending = f"_{turn}"
            short = plain[: _NAME_CHARS - len(ending)] + ending
            turn += 1
        taken.add(short.lower())
        found[name] = short
    return found


def _renamed(layer: Layer, short: dict[str, str]) -> Layer:
    attributes = tuple(replace(column, name=short[column.name]) for column in layer.attributes)
    return replace(layer, attributes=attributes, id_name=short.get(layer.id_name, ""))


def _fitted(
    layer: Layer, renamed: Layer, batches: Batches, cuts: Counter[str]
) -> Iterator[RecordBatch]:
    for batch in batches:
        yield RecordBatch(
            renamed,
            [
                record._replace(values=tuple(_values(layer, record, cuts)))
                for record in batch.records
            ],
        )


def _values(layer: Layer, record: Record, cuts: Counter[str]) -> Iterator[Any]:
    for attribute, value in zip(layer.attributes, record.values, strict=True):
        yield _cut(attribute, value, cuts) if attribute.kind in {"text", "json"} else value


def _cut(attribute: Attribute, value: Any, cuts: Counter[str]) -> str | None:
    if value is None:
        return None
    encoded = without_unfit(plain_text(value)).encode()
    if len(encoded) > _TEXT_BYTES:
        cuts[attribute.name] += 1
    return encoded[:_TEXT_BYTES].decode(errors="ignore")


def _field_table(layer: Layer, short: dict[str, str], cuts: Counter[str]) -> str:
    out = StringIO()
    table = csv.writer(out)
    table.writerow(("field", "name", "zh", "en", "kind", "texts_cut"))
    for column in layer.columns:
        row = (short[column.name], column.name, column.zh, column.en, column.kind)
        table.writerow((*row, cuts[column.name]))
    if layer.attribution:
        table.writerow(("", "attribution", layer.attribution, "", "", ""))
    return f"\ufeff{out.getvalue()}"
