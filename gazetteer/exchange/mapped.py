"""A collection in the fields of a mapping file (对照表)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from data.collection import Collection
from data.errors import InvalidValue
from data.export import Profile, ProfileContext
from data.formats.writing import (
    FORMATS,
    Attribute,
    Batch,
    Batches,
    Layer,
    Record,
    RecordBatch,
)
from data.mapping import FieldMapping

ReadFields = Callable[[Connection, Layer, Batch, ProfileContext], Sequence[Mapping[str, str]]]
"""The records of a batch by field of `fields.csv`, as text that can be loaded again."""
_POSITIONS = frozenset({"lon", "lat", "x_north", "y_east"})


def offer_fields(collection: Collection, record: str, read: ReadFields) -> None:
    """Let a collection leave in any fields: by its record's name in `fields.csv`."""
    collection.table.info["fields"] = (record, read)


def record_of(collection: Collection) -> str:
    """The record of `fields.csv` that a collection holds.

    Raises:
        InvalidValue: its records have no such fields.
    """
    return _offered(collection)[0]


def mapped_profile(collection: Collection, mapping: FieldMapping) -> Profile:
    """A collection in the columns of a mapping file, in every format."""
    _, read = _offered(collection)

    def shape(
        connection: Connection, layer: Layer, batches: Batches, context: ProfileContext
    ) -> tuple[Layer, Batches]:
        return _shaped(connection, layer, batches, context, mapping, read)

    return Profile("mapping", mapping.name, mapping.name, tuple(FORMATS), shape)


def _offered(collection: Collection) -> tuple[str, ReadFields]:
    found: tuple[str, ReadFields] | None = collection.table.info.get("fields")
    if found is None:
        raise InvalidValue(
            "mapping", collection.id, "this collection has no fields to map",
            "map places, lines or markers",
            f"集合“{collection.zh}”不支持对照表；可用于地名、界线、界桩",
        )  # fmt: skip
    return found


def _shaped(
    connection: Connection,
    layer: Layer,
    batches: Batches,
    context: ProfileContext,
    mapping: FieldMapping,
    read: ReadFields,
) -> tuple[Layer, Batches]:
    # A mapping that says where a position stands needs no columns of ours beside.
    placed = context.is_table and any(one.field in _POSITIONS for one in mapping.fields)
    names = [one.external for one in mapping.fields] + list(mapping.constants)
    attributes = tuple(Attribute(name, "text", name, name, name) for name in names)
    kind = None if placed else layer.kind
    shaped = replace(layer, attributes=attributes, kind=kind, id_name="")
    constants = tuple(mapping.constants.values())

    def made() -> Iterator[Batch]:
        for batch in batches:
            rows = read(connection, layer, batch, context)
            yield RecordBatch(
                shaped,
                [
                    Record(
                        source.id,
                        (
                            *(
                                one.outward(row.get(one.field) or "") or None
                                for one in mapping.fields
                            ),
                            *constants,
                        ),
                        None if placed else source.wkb,
                    )
                    for row, source in zip(rows, batch.records, strict=True)
                ],
            )

    return shaped, made()
