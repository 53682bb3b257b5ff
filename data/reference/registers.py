"""Divisions, place-name categories, neighbours and line names of the region, as typed rows.

Everything here is data: another region replaces the tables and no line of code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from data.reference.tables import kept, load_table


@dataclass(frozen=True, slots=True)
class DivisionCode:
    """One code of GB/T 2260 with its name; `level` is region, prefecture or county.

    `romanization_mark` is agreed, adapted, one-copy or memory: how far the spelling is sure.
    """

    code: str
    name: str
    level: str
    parent_code: str
    romanization: str
    romanization_mark: str
    letter_code: str
    source: str


@dataclass(frozen=True, slots=True)
class DivisionChange:
    """An older code or name of a division; `year` is that of the list that first shows it."""

    old_code: str
    old_name: str
    new_code: str
    new_name: str
    year: int
    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class Category:
    """A place-name category; `code` unpadded as the hierarchy has it, `code5` padded to five."""

    code: str
    parent_code: str
    code5: str
    name: str
    name_en: str
    mark: str
    source: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A division beside the region, with the character that stands for it in line names."""

    code: str
    name: str
    kind: str
    romanization: str
    romanization_mark: str
    short_character: str
    mark: str
    source: str


@dataclass(frozen=True, slots=True)
class LineName:
    """The name of a line between two divisions; `code` is empty where none was found."""

    code: str
    name: str
    level: str
    party_a: str
    party_b: str
    mark: str
    source: str


@kept
def divisions(folder: Path | None = None) -> tuple[DivisionCode, ...]:
    """Every division code of the region, parents before their children."""
    return tuple(
        DivisionCode(
            code=row["code"],
            name=row["name"],
            level=row["level"],
            parent_code=row["parent_code"],
            romanization=row["romanization"],
            romanization_mark=row["romanization_mark"],
            letter_code=row["letter_code"],
            source=row["source"],
        )
        for row in load_table("divisions", folder)
    )


def division(code: str, folder: Path | None = None) -> DivisionCode | None:
    """The division with that 6-digit code, or None.

    >>> found = division("152500")
    >>> found.romanization if found else None
    'Xilin Gol Meng'
    """
    return next((row for row in divisions(folder) if row.code == code), None)


@kept
def division_history(folder: Path | None = None) -> tuple[DivisionChange, ...]:
    """The known older codes and names; an empty old code was not found."""
    return tuple(
        DivisionChange(
            old_code=row["old_code"],
            old_name=row["old_name"],
            new_code=row["new_code"],
            new_name=row["new_name"],
            year=int(row["year"]),
            kind=row["kind"],
            source=row["source"],
        )
        for row in load_table("division_history", folder)
    )


@kept
def categories(folder: Path | None = None) -> tuple[Category, ...]:
    """The place-name categories; partial, since the printed table could not be read."""
    return tuple(
        Category(
            code=row["code"],
            parent_code=row["parent_code"],
            code5=row["code5"],
            name=row["name"],
            name_en=row["name_en"],
            mark=row["mark"],
            source=row["source"],
        )
        for row in load_table("place_categories", folder)
    )


def category(code: str, folder: Path | None = None) -> Category | None:
    """The category of a code, written short (`221`) or padded to five digits (`22100`).

    >>> found = category("22100")
    >>> found.name if found else None
    '城镇居民点'
    """
    return next((row for row in categories(folder) if code in {row.code, row.code5}), None)


@kept
def neighbours(folder: Path | None = None) -> tuple[Neighbour, ...]:
    """The divisions that share a line with the region."""
    return tuple(
        Neighbour(
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            romanization=row["romanization"],
            romanization_mark=row["romanization_mark"],
            short_character=row["short_character"],
            mark=row["mark"],
            source=row["source"],
        )
        for row in load_table("neighbours", folder)
    )


@kept
def short_names(folder: Path | None = None) -> Mapping[str, str]:
    """The characters that stand for divisions in line names: 6-digit code to character."""
    own = {row["code"]: row["short_name"] for row in load_table("short_names", folder)}
    return MappingProxyType({row.code: row.short_character for row in neighbours(folder)} | own)


@kept
def line_names(folder: Path | None = None) -> tuple[LineName, ...]:
    """The named lines of the region; `mark` V where the name was found in use."""
    return tuple(
        LineName(
            code=row["code"],
            name=row["name"],
            level=row["level"],
            party_a=row["party_a"],
            party_b=row["party_b"],
            mark=row["mark"],
            source=row["source"],
        )
        for row in load_table("line_names", folder)
    )
