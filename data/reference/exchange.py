"""What others' formats call things: the census sheet of a place, the Linked Places Format."""

from dataclasses import dataclass
from pathlib import Path

from data.reference.tables import kept, load_table


@dataclass(frozen=True, slots=True)
class SheetField:
    """One field of the census sheet of a place (地名登记表), in the sheet's order.

    `code` is its name in `fields.csv`; `home` says where it is kept: place (a column), name (a
    row of names), extra (as it was entered) or made (it follows from others). `open` is whether
    it may be shown to everybody.
    """

    code: str
    zh: str
    short_code: str
    required: bool
    home: str
    open: bool
    source: str


@dataclass(frozen=True, slots=True)
class PlaceType:
    """What a category is in the Linked Places Format; `aat` is empty where none was verified."""

    code: str
    fclass: str
    aat: str
    aat_label: str
    source: str


@kept
def place_sheet(folder: Path | None = None) -> tuple[SheetField, ...]:
    """The fields of the sheet in its order, then this program's own."""
    return tuple(
        SheetField(
            code=row["code"],
            zh=row["zh"],
            short_code=row["short_code"],
            required=row["required"] == "yes",
            home=row["home"],
            open=row["open"] == "yes",
            source=row["source"],
        )
        for row in load_table("place_sheet", folder)
    )


@kept
def lpf_types(folder: Path | None = None) -> tuple[PlaceType, ...]:
    """The classes of categories; a category has that of its nearest row above."""
    return tuple(
        PlaceType(row["code"], row["fclass"], row["aat"], row["aat_label"], row["source"])
        for row in load_table("lpf_types", folder)
    )


def lpf_type(category_code: str | None, folder: Path | None = None) -> PlaceType | None:
    """The class of a category code, short or filled up; None where no row holds it.

    >>> found = lpf_type("12100")
    >>> (found.fclass, found.aat_label) if found else None
    ('H', 'rivers')
    """
    if not category_code:
        return None
    known = {row.code: row for row in lpf_types(folder)}
    held = (category_code[:length] for length in range(len(category_code), 0, -1))
    return next((known[code] for code in held if code in known), None)
