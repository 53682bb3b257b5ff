"""What every written record is checked for: wanted values, its span of time, unique values."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, and_, select

from data.collection import Collection
from data.editing.editors import Editor, Record
from data.editing.values import INVALID, MISSING, feature_fault
from data.errors import Fault, FaultsFound, NotEditable
from data.reference.editing import EditableField, editable_fields

MOST_FAULTS: Final = 1_000
"""Of very many faults the first are told, and how many more there are."""


def refuse(faults: Sequence[Fault]) -> None:
    """Raise what is wrong, all of it; nothing where nothing is.

    Raises:
        NotEditable: everything that is wrong is a value that is not plainly edited.
        FaultsFound: else.
    """
    if not faults:
        return
    told = list(faults[:MOST_FAULTS])
    if all(fault.code == NotEditable.code for fault in faults):
        raise NotEditable(told)
    if more := len(faults) - len(told):
        told.append(
            Fault(INVALID, None, None, str(more), f"另有 {more} 处错误", f"{more} more faults")
        )
    raise FaultsFound(told)


def not_editable(number: int | None, field: EditableField, value: object) -> Fault:
    """The fault of a value that changes in another way, which it names."""
    shown = "" if field.field.startswith("_") else f"“{field.field}”"
    return feature_fault(
        NotEditable.code, number, field.field, value,
        f"{shown}不能直接编辑；{field.way.zh}", f"it is not plainly edited; {field.way.en}",
    )  # fmt: skip


def record_faults(collection: Collection, number: int | None, record: Record) -> Iterator[Fault]:
    """What is missing from a record, and a span of time that ends before it begins."""
    for field in editable_fields(collection.id).values():
        if field.required and record.get(field.field) is None:
            yield feature_fault(
                MISSING, number, field.field, "", f"缺少“{field.field}”；请补填",
                "is missing; give it",
            )  # fmt: skip
    if len(collection.time) > 1:
        begins, ends = (record.get(name) for name in collection.time)
        if begins and ends and ends < begins:
            yield feature_fault(
                INVALID, number, collection.time[1], ends, f"早于起始日期 {begins}；请更正",
                f"it lies before {begins}, when the record begins; correct it",
            )  # fmt: skip


class UniqueValues:
    """Finds values that another record has, in the store or among those that are written with it.

    Args:
        connection: of the transaction.
        editor: of the collection.
    """

    def __init__(self, connection: Connection, editor: Editor) -> None:
        self._connection, self._editor = connection, editor
        self._seen: dict[tuple[tuple[str, ...], tuple[Any, ...]], int | None] = {}

    def faults(
        self, number: int | None, record: Record, identity: int | None = None
    ) -> Iterator[Fault]:
        """Values of a record that another one has; `identity` is its own."""
        for columns in self._editor.unique:
            values = tuple(record.get(name) for name in columns)
            if None in values:
                continue
            twin = self._twin(dict(zip(columns, values, strict=True)), identity)
            if twin is None and (columns, values) in self._seen:
                twin = f"feature {self._seen[columns, values]}"
            self._seen.setdefault((columns, values), number)
            if twin is not None:
                shown = "、".join(map(str, values))
                yield feature_fault(
                    INVALID, number, columns[-1], shown, f"“{shown}”已有（{twin}）；请更正",
                    f"{twin} has it already; correct it",
                )  # fmt: skip

    def _twin(self, values: Mapping[str, Any], identity: int | None) -> str | None:
        table = self._editor.collection.table
        same = and_(*(table.c[name] == value for name, value in values.items()))
        found = self._connection.scalar(
            select(table.c.id).where(same, table.c.id != (identity or 0)).limit(1)
        )
        return None if found is None else f"{self._editor.collection.id} {found}"
