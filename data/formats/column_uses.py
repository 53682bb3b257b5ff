"""What each column of a file is taken for, with values from it, for its sender to look over."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from data.formats.columns import ColumnMap, map_table
from data.formats.table import Row, Table

_SAMPLES, _LONGEST, _LOOKED_AT = 3, 60, 200


@dataclass(slots=True)
class Samples:
    """The first values of each column that are not blank, as rows go by."""

    values: list[list[str]]
    _seen: int = 0

    @classmethod
    def of(cls, table: Table) -> "Samples":
        """None of them yet."""
        return cls([[] for _ in table.columns])

    def look(self, row: Row) -> None:
        """Take what a row has; rows far down are no first values."""
        if self._seen >= _LOOKED_AT:
            return
        self._seen += 1
        for kept, text in zip(self.values, row.cells, strict=True):
            if text and len(kept) < _SAMPLES:
                kept.append(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")

    def draw(self, table: Table) -> None:
        """Look at the first rows of a table that will not be read further."""
        for row in islice(table.rows, _LOOKED_AT):
            self.look(row)


def column_uses(
    table: Table, columns: ColumnMap, samples: Samples, overrides: Mapping[str, str]
) -> list[dict[str, Any]]:
    """One entry for each column: what it is called, taken for, and by whom.

    Args:
        table: the file.
        columns: what its columns were taken for.
        samples: values.
        overrides: what a person said of them.

    Returns:
        For each column, in the file's order: `number` from 1, `column`, `field` (None where it is
        not read), `recognised` (the field by its name alone), `chosen` (whether a person said
        so), `values`.
    """
    by_name = map_table(columns.record, table) if overrides else columns
    recognised = {index: name for name, index in by_name.fields.items()}
    used = {index: name for name, index in columns.fields.items()}
    return [
        {
            "number": index + 1,
            "column": column,
            "field": used.get(index),
            "recognised": recognised.get(index),
            "chosen": used.get(index) != recognised.get(index),
            "values": samples.values[index],
        }
        for index, column in enumerate(table.columns)
    ]
