"""Reading the lists: pages by key, one entry whole, the coverage of divisions."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from data.errors import NotFound
from data.reference import find_term
from data.stored_files import read_file
from gazetteer.heritage.criteria import judge
from gazetteer.heritage.entries import LISTED, code_of, evidence_of, read_entry
from gazetteer.heritage.stories import read_story
from gazetteer.heritage.tables import heritage, heritage_inspection, heritage_picture
from gazetteer.search import Lexicon
from gazetteer.tables import place

MAX_LIMIT: Final = 200
_BATCH: Final = 500
_AFTER_DIGITS: Final = ":"
_COLUMNS: Final = (
    "id", "name", "place_id", "division_code", "list_level", "batch", "category", "state",
    "listed_on", "listing_document", "first_record", "first_record_year", "first_record_source",
    "years_in_use", "measures", "custodian", "intangible_link", "removed_on", "removal_reason",
    "version",
)  # fmt: skip
_WORDS: Final = {
    "list_level": "heritage_levels",
    "category": "heritage_categories",
    "state": "heritage_states",
}


@dataclass(frozen=True, slots=True)
class EntryQuery:
    """What is asked of the lists; None asks nothing.

    Attributes:
        level, category, state: by any word; listed ones only unless a state is asked.
        batch: a batch, whole.
        division: a division's code or name; everything below it counts.
        after: the id that the page comes after.
        limit: how many; None for all.
    """

    level: str | None = None
    category: str | None = None
    state: str = LISTED
    batch: str | None = None
    division: str | None = None
    after: int = 0
    limit: int | None = 50


def list_entries(
    connection: Connection, query: EntryQuery, lexicon: Lexicon
) -> tuple[list[dict[str, Any]], int | None]:
    """Entries in order of id, and the id that the next page comes after; None on the last.

    Raises:
        InvalidValue: a filter names nothing.
    """
    statement = (
        select(*[heritage.c[name] for name in _COLUMNS])
        .where(heritage.c.id > query.after, *_conditions(query, lexicon))
        .order_by(heritage.c.id)
    )
    if query.limit is not None:
        statement = statement.limit(query.limit + 1)
    rows = [_shown(dict(row), lexicon) for row in connection.execute(statement).mappings()]
    more = query.limit is not None and len(rows) > query.limit
    page = rows[: query.limit] if query.limit is not None else rows
    return page, page[-1]["id"] if more else None


def _conditions(query: EntryQuery, lexicon: Lexicon) -> list[ColumnElement[bool]]:
    found = [heritage.c.state == code_of("state", query.state, "heritage_states")]
    if query.level is not None:
        level = code_of("level", query.level, "heritage_levels")
        found.append(heritage.c.list_level == level)
    if query.category is not None:
        category = code_of("category", query.category, "heritage_categories")
        found.append(heritage.c.category == category)
    if query.batch is not None:
        found.append(heritage.c.batch == query.batch)
    if query.division is not None:
        digits, others = lexicon.codes_under(lexicon.resolve(query.division, field="division").code)
        column = heritage.c.division_code
        own = and_(column >= digits, column < digits + _AFTER_DIGITS)
        found.append(or_(own, column.in_(others)) if others else own)
    return found


def _shown(row: Mapping[str, Any], lexicon: Lexicon) -> dict[str, Any]:
    shown = {name: row[name] for name in _COLUMNS}
    for column, table in _WORDS.items():
        term = find_term(table, row[column])
        shown[f"{column}_zh"] = term.zh if term else row[column]
    return shown | {"division_path": " › ".join(lexicon.path_names(row["division_code"]))}


def show_entry(
    connection: Connection, identity: int, lexicon: Lexicon, today: date
) -> dict[str, Any]:
    """An entry whole: evidence and criteria, pictures, inspections.

    Raises:
        NotFound: there is none of that id.
    """
    row = read_entry(connection, identity)
    evidence = evidence_of(connection, identity)
    year = (row["listed_on"] or today).year
    pictures = connection.execute(
        select(heritage_picture.c.id, heritage_picture.c.title, heritage_picture.c.credit)
        .where(heritage_picture.c.heritage_id == identity)
        .order_by(heritage_picture.c.id)
    )
    columns = ("id", "inspected_on", "condition", "finding", "wanted")
    visits = connection.execute(
        select(*[heritage_inspection.c[name] for name in columns])
        .where(heritage_inspection.c.heritage_id == identity)
        .order_by(heritage_inspection.c.inspected_on, heritage_inspection.c.id)
    )
    return {
        **_shown(row, lexicon),
        "criteria": [
            {
                "criterion": one.criterion.code,
                "zh": one.criterion.zh,
                "en": one.criterion.en,
                "minimum_years": one.criterion.minimum_years,
                "years": one.years,
                "met": one.met,
                "source": one.criterion.source,
            }
            for one in judge(row["category"], evidence, year)
        ],
        "evidence": [
            {
                "criterion": one.criterion,
                "since_year": one.since_year,
                "evidence": one.evidence,
                "source": one.source,
                "interruptions": one.interruptions or None,
            }
            for one in evidence
        ],
        "story": read_story(connection, identity),
        "pictures": [dict(zip(("id", "title", "credit"), one, strict=True)) for one in pictures],
        "inspections": [dict(zip(columns, one, strict=True)) for one in visits],
    }


def first_pictures(connection: Connection, identities: Sequence[int]) -> dict[int, int]:
    """The first picture of each entry that has one, by entry."""
    statement = (
        select(heritage_picture.c.heritage_id, func.min(heritage_picture.c.id))
        .where(heritage_picture.c.heritage_id.in_(list(identities)))
        .group_by(heritage_picture.c.heritage_id)
    )
    return {row[0]: row[1] for row in connection.execute(statement)}


def read_picture_copy(connection: Connection, identity: int, picture_id: int) -> bytes:
    """The public copy of a picture of an entry, as JPEG.

    Raises:
        NotFound: the entry has no such picture.
    """
    sha256 = connection.scalar(
        select(heritage_picture.c.public_sha256).where(
            heritage_picture.c.id == picture_id, heritage_picture.c.heritage_id == identity
        )
    )
    if sha256 is None:
        raise NotFound(
            f"heritage {identity} has no picture {picture_id}",
            f"条目 {identity} 没有编号为 {picture_id} 的图片",
        )
    return read_file(connection, sha256)


def pictures_of_places(
    connection: Connection, place_ids: Sequence[int]
) -> dict[int, list[tuple[str, bytes]]]:
    """The public copies of the pictures of listed places, with their captions, by place.

    Args:
        connection: a reading connection.
        place_ids: the places; those that are not on a list have none.
    """
    found: dict[int, list[tuple[str, bytes]]] = {}
    for start in range(0, len(place_ids), _BATCH):
        statement = (
            select(
                heritage.c.place_id,
                heritage_picture.c.title,
                heritage_picture.c.credit,
                heritage_picture.c.public_sha256,
            )
            .join(heritage_picture, heritage_picture.c.heritage_id == heritage.c.id)
            .where(heritage.c.place_id.in_(place_ids[start : start + _BATCH]))
            .where(heritage.c.state == LISTED)
            .order_by(heritage_picture.c.id)
        )
        for place_id, title, credit, sha256 in connection.execute(statement):
            caption = f"{title}（{credit}）" if credit else str(title)
            found.setdefault(place_id, []).append((caption, read_file(connection, sha256)))
    return found


def coverage(
    connection: Connection, lexicon: Lexicon, division: str | None = None
) -> list[dict[str, Any]]:
    """How far the lists reach, for each county: places, listed names by category, gaps.

    Args:
        connection: a reading connection.
        lexicon: the divisions.
        division: only counties below it.
    """
    within = lexicon.resolve(division, field="division") if division else None
    below = lexicon.codes_under(within.code) if within else ("", ())
    listed = _by_county(connection, heritage.c.division_code, heritage.c.category, listed=True)
    places = _by_county(connection, place.c.division_code, None, listed=False)
    found = []
    for entry in lexicon.entries:
        own = entry.code.startswith(below[0]) or entry.code in below[1]
        if entry.level != "county" or entry.to_day is not None or not own:
            continue
        code = entry.code[:6]
        counted = {key[1]: n for key, n in listed.items() if key[0] == code}
        total = sum(counted.values())
        found.append(
            {
                "division_code": entry.code,
                "name": entry.name,
                "division_path": " › ".join(lexicon.path_names(entry.code)),
                "places": places.get((code, ""), 0),
                "listed": total,
                "by_category": dict(sorted(counted.items())),
                "has_list": total > 0,
            }
        )
    return found


def _by_county(
    connection: Connection,
    code: ColumnElement[Any],
    category: ColumnElement[Any] | None,
    *,
    listed: bool,
) -> Counter[tuple[str, str]]:
    county = func.substr(code, 1, 6)
    columns = [county, *([category] if category is not None else [])]
    statement = select(*columns, func.count()).where(code.is_not(None)).group_by(*columns)
    if listed:
        statement = statement.where(heritage.c.state == LISTED)
    found: Counter[tuple[str, str]] = Counter()
    for row in connection.execute(statement):
        found[row[0], row[1] if category is not None else ""] = row[-1]
    return found
