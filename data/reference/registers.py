"""Divisions, place-name categories, neighbours and line names of the region, as typed rows.

Everything here is data: another region replaces the tables and no line of code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from data.reference.tables import kept, load_table
from data.reference.vocabulary import split_words


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
    source: str


@dataclass(frozen=True, slots=True)
class DivisionChange:
    """One line of a past change of divisions.

    Attributes:
        event: what the lines of one decision share.
        list: year and month of the code list that first shows it (`199912`); the decision, whose
            day is `approved_on` where it was found, came before.
        kind: what the line does, one of `division_event_kinds`.
        old_code, old_name: before; empty for a division that is set up.
        new_code, new_name: after; empty for one that ends.
        derived: whether it was concluded from a difference of code lists alone.
    """

    event: str
    list: str
    kind: str
    old_code: str
    old_name: str
    new_code: str
    new_name: str
    approved_on: date | None
    document: str
    derived: bool
    mark: str
    source: str


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """Who approves a change of divisions.

    Attributes:
        kinds: the kinds of change.
        level: of the division, `*` for every one.
        generics: endings of the names it holds for, `*` for every one.
        words: of which the name of the authority has one, `*` where any will do.
        also: what must be done besides.
    """

    kinds: tuple[str, ...]
    level: str
    generics: tuple[str, ...]
    authority: str
    authority_en: str
    words: tuple[str, ...]
    also: str
    article: str
    source: str


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A period that runs after a change of divisions, in months; `start` and `end` name dates."""

    code: str
    zh: str
    en: str
    start: str
    months: int
    extension_months: int
    end: str
    article: str
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
    """The past changes of the region's divisions, in the order of the lists that show them."""
    rows = sorted(load_table("division_history", folder), key=lambda row: row["list"])
    return tuple(
        DivisionChange(
            event=row["event"],
            list=row["list"],
            kind=row["kind"],
            old_code=row["old_code"],
            old_name=row["old_name"],
            new_code=row["new_code"],
            new_name=row["new_name"],
            approved_on=date.fromisoformat(row["approved_on"]) if row["approved_on"] else None,
            document=row["document"],
            derived=row["derived"] == "yes",
            mark=row["mark"],
            source=row["source"],
        )
        for row in rows
    )


def former_names(code: str, folder: Path | None = None) -> tuple[DivisionChange, ...]:
    """The changes by which a division came to its code and name of today, newest first.

    >>> [f"{change.old_code} {change.old_name}" for change in former_names("150602")]
    ['152701 东胜市', '152721 东胜县']
    """
    found: list[DivisionChange] = []
    wanted = {code}
    for change in reversed(division_history(folder)):
        if change.new_code in wanted and change.old_code:
            found.append(change)
            wanted.add(change.old_code)
    return tuple(found)


@kept
def division_authorities(folder: Path | None = None) -> tuple[ApprovalRule, ...]:
    """Who approves which change of divisions."""
    return tuple(
        ApprovalRule(
            kinds=split_words(row["kind"]),
            level=row["level"],
            generics=split_words(row["generics"]),
            authority=row["authority"],
            authority_en=row["authority_en"],
            words=split_words(row["words"]),
            also=row["also"],
            article=row["article"],
            source=row["source"],
        )
        for row in load_table("division_authorities", folder)
    )


@kept
def division_clocks(folder: Path | None = None) -> tuple[ClockRule, ...]:
    """The periods that run after a change of divisions."""
    return tuple(
        ClockRule(
            code=row["code"],
            zh=row["zh"],
            en=row["en"],
            start=row["start"],
            months=int(row["months"]),
            extension_months=int(row["extension_months"]),
            end=row["end"],
            article=row["article"],
            source=row["source"],
        )
        for row in load_table("division_clocks", folder)
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
