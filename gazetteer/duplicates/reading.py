"""The names that are held against each other, portion by portion, and the pairs of each portion.

What must differ in the nation or a province is divisions: few, and all read first. Everything else
is read in the order of division codes, first by counties, then what must differ in a built-up area
(建成区) by those: no pair reaches over the edge of a portion, and nobody has to read a region to
see the first pairs of it.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, func, select

from data.store import Store
from gazetteer.duplicates.alike import TWICE, Duplicate, pairs_alike, registered_twice
from gazetteer.likeness import NamedRecord, Scope, scope_rules
from gazetteer.search import search_form
from gazetteer.search.ordinals import base_of
from gazetteer.search.standing import COUNTY, PREFECTURE, REGION, TOWNSHIP, VILLAGE
from gazetteer.search.tables import DIVISION

WIDE: Final = "nation"
"""The first portion: what must differ in the nation or a province."""
NARROW: Final = (Scope.COUNTY, Scope.BUILT_UP)
_AFTER_DIGITS: Final = ":"
_COMMON: Final = 2
_DIVISION_CATEGORY: Final = {REGION: "212", PREFECTURE: "213", COUNTY: "214", TOWNSHIP: "215"}
_FORM: Final = search_form.c


@dataclass(frozen=True, slots=True)
class Portion:
    """Names that have to be held against each other only, and the pairs that are alike.

    Attributes:
        scope: `WIDE`, or the scope whose area this is.
        area: the beginning of the division codes; empty for all, and for names without a code.
        read: how many forms of names were looked at.
        pairs: found as they are asked for.
    """

    scope: str
    area: str
    read: int
    pairs: Iterator[Duplicate]


def _untold(_step: str, _done: int, _total: int) -> None:
    """Nobody is told."""


def duplicates(
    store: Store, within: str = "", told: Callable[[str, int, int], None] = _untold
) -> Iterator[Duplicate]:
    """Every pair of names in force that are alike in their scope, portion by portion.

    Args:
        store: whose index of names is current.
        within: only records whose division code begins so; names outside it are not compared.
        told: is told now and then what is done, how much of it, and of how much (0: unknown).
    """
    read = 0
    with store.read() as connection:
        for portion in portions(connection, within):
            read += portion.read
            told("names", read, 0)
            yield from portion.pairs


def portions(
    connection: Connection, within: str = "", scope: str = WIDE, area: str = ""
) -> Iterator[Portion]:
    """The portions of a register in their order.

    Args:
        connection: to a store whose index of names is current.
        within: only records whose division code begins so.
        scope: of the first portion that is asked for.
        area: of the first portion that is asked for.
    """
    if scope == WIDE:
        records = _wide_records(connection, within)
        rules = [rule for rule in scope_rules() if rule.scope not in NARROW]
        yield Portion(WIDE, "", len(records), pairs_alike(records, rules))
    for narrow in NARROW[NARROW.index(Scope(scope)) if scope in NARROW else 0 :]:
        yield from _narrow(connection, narrow, within, area if narrow == scope else "")


def _narrow(connection: Connection, scope: Scope, within: str, begin: str) -> Iterator[Portion]:
    rules = [rule for rule in scope_rules() if rule.scope is scope]
    kinds = {kind for rule in rules for kind in rule.categories}
    if scope is Scope.COUNTY:
        kinds |= set(TWICE)
    for area, read, rows in _areas(connection, scope, kinds, within, begin):
        records = [_record(row, row.category_code) for row in rows]
        pairs = pairs_alike(records, rules)
        if scope is Scope.COUNTY:
            pairs = chain(pairs, registered_twice(records))
        yield Portion(scope, area, read, pairs)


def _wide_records(connection: Connection, within: str) -> list[NamedRecord]:
    """Divisions of township level and above, which stand first in the order of results."""
    rows = connection.execute(
        _in_force().where(_FORM.ordinal < base_of(VILLAGE)).order_by(_FORM.ordinal)
    )
    return [
        _record(
            row,
            _DIVISION_CATEGORY[row.standing] if row.feature == DIVISION else row.category_code,
        )
        for row in rows
        if (row.division_code or "").startswith(within)
    ]


def _areas(
    connection: Connection, scope: Scope, kinds: Collection[str], within: str, begin: str
) -> Iterator[tuple[str, int, Sequence[Row[Any]]]]:
    """Each area of a scope from a code on: how many forms it has, and the names to compare.

    Forms without a code come first, as an area of their own.
    """
    code = _FORM.division_code
    names = _to_compare(kinds)
    if not within and not begin:
        rows = connection.execute(names.where(code.is_(None)).order_by(_FORM.ordinal)).all()
        yield "", len(rows), rows
    last = within + _AFTER_DIGITS  # codes are digits, so a beginning is a range
    start = _first_code(connection, max(within, begin), last)
    while start is not None:
        area = scope.area(start)
        end = min(scope.end(area), last)
        inside = (code >= start, code < end)
        read = connection.scalar(select(func.count()).select_from(search_form).where(*inside))
        rows = connection.execute(names.where(*inside).order_by(code, _FORM.ordinal)).all()
        yield area, read or 0, rows
        start = _first_code(connection, end, last)


def _first_code(connection: Connection, begin: str, end: str) -> str | None:
    """The first code of a range that names have."""
    code = _FORM.division_code
    statement = select(code).where(code >= begin, code < end).order_by(code).limit(1)
    found: str | None = connection.scalar(statement)
    return found


def _to_compare(kinds: Collection[str]) -> Select[Any]:
    """Names of places whose category codes begin as some kinds do, and perhaps others.

    Kinds are told by what their codes have in common at the beginning, in an expression: a plain
    range of category codes would lead a store to the index of categories instead.
    """
    beginnings = sorted({kind[:_COMMON] for kind in kinds})
    return _in_force().where(func.substr(_FORM.category_code, 1, _COMMON).in_(beginnings))


def _in_force() -> Select[Any]:
    """Standard names in Han characters of what is in force."""
    return select(
        _FORM.feature, _FORM.target_id, _FORM.text, _FORM.pinyin, _FORM.family, _FORM.standing,
        _FORM.division_code, _FORM.category_code, _FORM.lon, _FORM.lat,
    ).where(
        _FORM.kind == "standard", _FORM.pinyin != "", _FORM.to_day.is_(None),
        _FORM.status.is_distinct_from("former"),
    )  # fmt: skip


def _record(row: Row[Any], category_code: str | None) -> NamedRecord:
    return NamedRecord(
        "division" if row.feature == DIVISION else "place",
        row.target_id,
        row.text,
        row.pinyin,
        row.family,
        row.division_code or "",
        category_code or "",
        row.lon,
        row.lat,
    )
