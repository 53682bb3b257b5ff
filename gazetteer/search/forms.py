"""The forms of names as the index holds them, read from places, their names and divisions."""

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final, NamedTuple, TypeAlias

import shapely
from sqlalchemy import Connection, Select, bindparam, exists, func, select

from data.geometry import point_xy
from gazetteer.names import folded_key, plain_fold, search_keys
from gazetteer.search.divisional import CATEGORIES, Spans, begun, everyday_names
from gazetteer.search.standing import TOWNSHIP, division_standing, place_standing
from gazetteer.search.tables import DIVISION, PLACE, search_form
from gazetteer.search.terms import TermSource
from gazetteer.tables import division, place, place_name

_BATCH: Final = 1_000
_READ_AHEAD: Final = 5_000
STANDARD: Final = "standard"
_ENDED: Final = "~"
"""Behind the name of a division that is no more: of one name, what is in force comes first."""

COLUMNS: Final = tuple(column.name for column in search_form.c if column.name != "ordinal")
_KEYED: Final = 1 << 10
"""Forms of one name follow one another in an index that is made anew; a server keeps what it was
asked to write, 2 KB each."""
_PLACE_COLUMNS: Final = (
    *("id", "name", "category_code", "division_code", "status", "heritage"),
    *("valid_from", "valid_to", "geom"),
)
_PLACE: Final = len(_PLACE_COLUMNS)
_CATEGORY: Final = _PLACE_COLUMNS.index("category_code")
_NAME_COLUMNS: Final = ("text", "language", "kind", "valid_from", "valid_to")
"""Behind those of its place in a row."""


_PLACES: Final = (
    select(
        *(place.c[name] for name in _PLACE_COLUMNS),
        *(place_name.c[name].label(f"form_{name}") for name in _NAME_COLUMNS),
    )
    .select_from(place.outerjoin(place_name, place_name.c.place_id == place.c.id))
    .where(place.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(place.c.id, place_name.c.id)
)
"""Made once: to make it takes longer than to read one place by it."""

Order: TypeAlias = tuple[int, str, int, int, int]
"""Standing, folded display name, feature, target, number of the form."""


class Form(NamedTuple):
    """One form with its keys, ready for the index.

    Attributes:
        values: its row of `search_form` without the ordinal, in the order of `COLUMNS`.
        found_by: what its terms are made from; forms of one text share it.
        order: what its ordinal follows.
    """

    values: tuple[Any, ...]
    found_by: TermSource
    order: Order

    @property
    def terms(self) -> set[str]:
        """What it is found by."""
        return self.found_by.terms()

    @property
    def standing(self) -> int:
        """The standing of what it names."""
        return self.order[0]

    @property
    def division_code(self) -> str | None:
        """The code of the division that it lies in, or of the division that it names."""
        found: str | None = self.values[COLUMNS.index("division_code")]
        return found


_Span: TypeAlias = tuple[date | None, date | None]


class _Target(NamedTuple):
    """What all forms of one place or division share."""

    feature: int
    target_id: int
    standing: int
    display: str
    sort_name: str
    division_code: str | None
    category_code: str | None
    status: str
    heritage: bool
    position: tuple[float | None, float | None]

    def form(self, number: int, text: str, language: str, kind: str, valid: _Span) -> Form:
        """One form; its values stand in the order of `COLUMNS`."""
        shortened = _is_shortened(self.standing)
        keyed = _keyed(text, kind == STANDARD, shortened)
        begins, ends = valid
        values = (
            self.feature,
            self.target_id,
            number,
            self.standing,
            self.sort_name,
            self.display,
            text,
            language,
            kind,
            *keyed.keys,
            self.division_code,
            self.category_code,
            self.status,
            self.heritage,
            *self.position,
            begins and begins.toordinal(),
            ends and ends.toordinal(),
        )
        order = (self.standing, self.sort_name, self.feature, self.target_id, number)
        return Form(values, keyed.found_by, order)


def forms_in_order(connection: Connection) -> Iterator[Form]:
    """Every form in the order of results; places are read as their turn comes."""
    divisions = sorted(division_forms(connection), key=_order)
    yield from heapq.merge(divisions, _place_forms_in_order(connection), key=_order)


_order = attrgetter("order")


def _place_forms_in_order(connection: Connection) -> Iterator[Form]:
    columns = (place.c.id, place.c.name, place.c.category_code, place.c.status)
    rows = connection.execute(select(*columns).execution_options(yield_per=10_000))
    places = [(*_standing_and_sort(code, status, name), i) for i, name, code, status in rows]
    places.sort()
    since = begun(connection, None)
    for start in range(0, len(places), _READ_AHEAD):
        ids = [identity for *_, identity in places[start : start + _READ_AHEAD]]
        rows_of = {rows[0].id: rows for rows in _place_rows(connection, ids)}
        for identity in ids:
            yield from _forms_of(rows_of[identity], since)


def _standing_and_sort(code: str | None, status: str | None, name: str) -> tuple[int, str]:
    return place_standing(code, status), _sort_name(name)


def place_forms(connection: Connection, ids: Sequence[int]) -> Iterator[Form]:
    """The forms of the places with `ids`; a place without names has its own name."""
    places = list(_place_rows(connection, ids))
    since = begun(connection, ids) if any(_is_division(rows[0]) for rows in places) else {}
    for rows in places:
        yield from _forms_of(rows, since)


def _is_division(row: Any) -> bool:
    # By place: to read a row's columns by name takes as long as all the rest.
    return (row[_CATEGORY] or "").startswith(CATEGORIES)


def _place_rows(connection: Connection, ids: Sequence[int]) -> Iterator[list[Any]]:
    """Places with their names, the rows of each place together."""
    for start in range(0, len(ids), _BATCH):
        part = ids[start : start + _BATCH]
        yield from _by_target(connection.execute(_PLACES, {"ids": part}).all())


def division_forms(connection: Connection, ids: Sequence[int] | None = None) -> Iterator[Form]:
    """The forms of divisions: the name, and its romanization where it has one.

    A division that stands among the places too, under its code and name, is found as that place.
    """
    as_place = select(place.c.id).where(
        place.c.division_code == division.c.code,
        place.c.name == division.c.name,
        func.substr(place.c.category_code, 1, 3).in_(CATEGORIES),
    )
    statement = select(*_of_divisions()).where(~exists(as_place)).order_by(division.c.id)
    for row in _read(connection, statement, division.c.id, ids):
        yield from _division_forms(row)


def division_form(connection: Connection, identity: int) -> Form | None:
    """The name of one division, also of one that is found as a place; None where there is none."""
    statement = select(*_of_divisions()).where(division.c.id == identity)
    row = connection.execute(statement).first()
    return None if row is None else next(_division_forms(row))


def _of_divisions() -> list[Any]:
    names = ("id", "code", "name", "level", "romanization", "valid_from", "valid_to", "geom")
    return [division.c[name] for name in names]


def _read(
    connection: Connection, statement: Select[Any], key: Any, ids: Sequence[int] | None
) -> Iterator[Any]:
    if ids is None:
        yield from connection.execute(statement.execution_options(yield_per=10_000))
        return
    for start in range(0, len(ids), _BATCH):
        part = ids[start : start + _BATCH]
        yield from connection.execute(statement.where(key.in_(part))).all()


def _by_target(rows: Iterable[Any]) -> Iterator[list[Any]]:
    group: list[Any] = []
    for row in rows:
        if group and group[0][0] != row[0]:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _forms_of(rows: Sequence[Any], since: Spans) -> Iterator[Form]:
    identity, own, code, division_code, status, heritage, begins, ends, geom = rows[0][:_PLACE]
    is_division = _is_division(rows[0])
    target = _Target(
        feature=PLACE,
        target_id=identity,
        standing=place_standing(code, status),
        display=own,
        sort_name=_sort_name(own),
        division_code=division_code,
        category_code=code,
        status=status,
        heritage=bool(heritage),
        position=point_xy(geom) if geom is not None else (None, None),
    )
    # A place that is a division is what it is since its division is; what was before, is another.
    whole = (begins or (since.get((division_code, own)) if is_division else None), ends)
    named = [row[_PLACE:] for row in rows if row[_PLACE]]
    names = [(text, tag, kind, _within(whole, *valid)) for text, tag, kind, *valid in named]
    if not names or all(text != own for text, *_ in names):
        names.insert(0, (own, "", STANDARD, whole))
    if is_division:
        names += _everyday(division_code, own, whole, {text for text, *_ in names})
    for number, (text, language, kind, valid) in enumerate(names):
        yield target.form(number, text, language, kind, valid)


def _everyday(
    code: str | None, name: str, valid: _Span, known: Collection[str]
) -> list[tuple[str, str, str, _Span]]:
    """The names that people give a division, where the register does not have them itself."""
    return [
        (text, "zh-Hans", kind, valid)
        for text, kind in everyday_names(code, name)
        if text not in known
    ]


def _within(whole: _Span, begins: date | None, ends: date | None) -> _Span:
    """A name holds while both it and its place do."""
    if begins is None and ends is None:
        return whole
    return (
        max(begins, whole[0]) if begins and whole[0] else begins or whole[0],
        min(ends, whole[1]) if ends and whole[1] else ends or whole[1],
    )


def _division_forms(row: Any) -> Iterator[Form]:
    target = _Target(
        feature=DIVISION,
        target_id=row.id,
        standing=division_standing(row.level),
        display=row.name,
        sort_name=_sort_name(row.name) + (_ENDED if row.valid_to else ""),
        division_code=row.code,
        category_code=None,
        status="former" if row.valid_to else STANDARD,
        heritage=False,
        position=_inside(row.geom),
    )
    valid = (row.valid_from, row.valid_to)
    yield target.form(0, row.name, "zh-Hans", STANDARD, valid)
    if row.romanization:
        yield target.form(1, row.romanization, "zh-Latn-pinyin", STANDARD, valid)
    if row.valid_to is None:
        named = _everyday(row.code, row.name, valid, ())
        for number, (text, language, kind, span) in enumerate(named, start=2):
            yield target.form(number, text, language, kind, span)


def _inside(wkb: bytes | None) -> tuple[float | None, float | None]:
    """A point inside an area, for nearness and boxes."""
    if wkb is None:
        return None, None
    point = shapely.point_on_surface(shapely.from_wkb(wkb))
    return (None, None) if point.is_empty else (point.x, point.y)


def stored_form(row: Mapping[str, Any]) -> Form:
    """The form of a row of `search_form` by column name, with the terms it was written with."""
    order = (
        row["standing"],
        row["sort_name"],
        row["feature"],
        row["target_id"],
        row["form_no"],
    )
    shortened = _is_shortened(row["standing"])
    keyed = _keyed(row["text"], row["kind"] == STANDARD, shortened)
    return Form(tuple(row[name] for name in COLUMNS), keyed.found_by, order)


class _Keyed(NamedTuple):
    """What of a form depends on its text alone; many places share a name.

    `keys` are the columns plain, folded, pinyin, initials and family.
    """

    keys: tuple[str, str, str, str, str]
    found_by: TermSource


@lru_cache(_KEYED)
def _keyed(text: str, standard: bool, shortened: bool) -> _Keyed:  # noqa: FBT001 - cache keys
    keys, plain = search_keys(text), plain_fold(text)
    columns = (plain, keys.folded, keys.pinyin, keys.initials, keys.family)
    return _Keyed(columns, TermSource(keys, plain, text, standard, shortened))


_sort_name = lru_cache(_KEYED)(folded_key)


def _is_shortened(standing: int) -> bool:
    """Divisions have everyday short forms, also where they stand among the places."""
    return standing <= TOWNSHIP
