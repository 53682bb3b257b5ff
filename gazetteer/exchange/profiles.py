"""The profiles of places: the census sheet, the national public record, Linked Places."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import orjson
from sqlalchemy import Connection

from data.export import Profile, ProfileContext, offer
from data.formats.writing import (
    Attribute,
    Batch,
    Batches,
    Layer,
    MadeBatch,
    Record,
    RecordBatch,
)
from data.reference import place_sheet
from gazetteer.collections import PLACES
from gazetteer.exchange.lpf import CONTEXT, LpfContext, build
from gazetteer.exchange.mapped import offer_fields
from gazetteer.exchange.national import national_attributes, national_values
from gazetteer.exchange.records import PlaceRecord, read_records
from gazetteer.exchange.sheet import sheet_attributes, sheet_values
from gazetteer.search import Lexicon, read_lexicon

_TABLES = ("csv", "xlsx", "records")
_GIS = ("gpkg", "geojson", "geojsonseq", "fgb", "parquet", "shp", "kml", "gpx")
_CGCS2000 = {"EPSG:4490": "CGCS2000"}
"""How a sheet writes a system; of another the code."""

Values = Callable[[PlaceRecord], tuple[Any, ...]]


def offer_profiles() -> None:
    """Let places leave in these profiles; done once, when this floor is imported."""
    offer_fields(PLACES, "names", _fields)
    offer(
        PLACES,
        Profile(
            "census",
            "地名登记表（普查）",
            "census sheet of places",
            ("csv", "xlsx", *_GIS),
            _census,
        ),
        Profile(
            "national",
            "国家地名信息库公开字段",
            "public record of the national place-name database",
            ("records", "csv", "xlsx"),
            _national,
            suffix=".json",
        ),
        Profile(
            "lpf",
            "Linked Places（GeoJSON-LD）",
            "Linked Places Format (GeoJSON-LD)",
            ("geojson", "geojsonseq"),
            _linked,
            media_type="application/ld+json",
            suffix=".lpf.json",
        ),
    )


def _fields(
    connection: Connection, layer: Layer, batch: Batch, context: ProfileContext
) -> list[dict[str, str]]:
    """Places by field, as a sheet that is loaded has them."""
    names = [field.code for field in place_sheet()]
    found = []
    for record in read_records(connection, layer, batch):
        values = sheet_values(record, placed=True, whole=context.whole, crs=layer.crs, path="")
        pairs = zip(names, values[: len(names)], strict=True)
        found.append({name: "" if value is None else str(value) for name, value in pairs})
    return found


def _census(
    connection: Connection, layer: Layer, batches: Batches, context: ProfileContext
) -> tuple[Layer, Batches]:
    lexicon = read_lexicon(connection)
    placed = context.is_table
    crs = _CGCS2000.get(layer.crs, layer.crs)

    def values(record: PlaceRecord) -> tuple[Any, ...]:
        path = "".join(lexicon.path_names(record.text("division_code")))
        return sheet_values(record, placed=placed, whole=context.whole, crs=crs, path=path)

    return _reshaped(connection, layer, batches, sheet_attributes(placed=placed), values, placed)


def _national(
    connection: Connection, layer: Layer, batches: Batches, _context: ProfileContext
) -> tuple[Layer, Batches]:
    lexicon = read_lexicon(connection)

    def values(record: PlaceRecord) -> tuple[Any, ...]:
        return national_values(record, lexicon)

    return _reshaped(connection, layer, batches, national_attributes(), values, True)


def _reshaped(
    connection: Connection,
    layer: Layer,
    batches: Batches,
    attributes: tuple[Attribute, ...],
    values: Values,
    placed: bool,  # noqa: FBT001 - positions are columns
) -> tuple[Layer, Batches]:
    shaped = replace(layer, attributes=attributes, kind=None if placed else layer.kind, id_name="")

    def made() -> Iterator[Batch]:
        for batch in batches:
            records = read_records(connection, layer, batch)
            yield RecordBatch(
                shaped,
                [
                    Record(record.id, values(record), None if placed else source.wkb)
                    for record, source in zip(records, batch.records, strict=True)
                ],
            )

    return shaped, made()


def _linked(
    connection: Connection, layer: Layer, batches: Batches, context: ProfileContext
) -> tuple[Layer, Batches]:
    lexicon = read_lexicon(connection)
    # In a sequence each feature is a document of its own, and says itself what its members mean.
    alone = {"@context": CONTEXT} if context.format.name == "geojsonseq" else {}
    closed = frozenset() if context.whole else _closed_fields()

    def made() -> Iterator[Batch]:
        for batch in batches:
            features = [
                orjson.dumps(alone | build(record, _lpf_context(record, lexicon, context, closed)))
                for record in read_records(connection, layer, batch)
            ]
            yield MadeBatch(batch.records, features)

    return replace(layer, members={"@context": CONTEXT}), made()


def _closed_fields() -> frozenset[str]:
    return frozenset(field.code for field in place_sheet() if not field.open)


def _lpf_context(
    record: PlaceRecord, lexicon: Lexicon, context: ProfileContext, closed: frozenset[str]
) -> LpfContext:
    path = [(entry.name, entry.code) for entry in lexicon.path(record.text("division_code"))]
    return LpfContext(context.root, context.today, path, closed)
