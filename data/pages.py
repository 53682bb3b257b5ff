"""The pages of a collection: box, time, property filters and page in; features out.

This is the only read path of the API. A feature is kept rendered as GeoJSON text beside its record,
so a page is read as text; a record that another program has written is rendered as it is read.
Pages are ordered by id and continued by key, so their union is the whole set however long it is.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import Self

import orjson
from sqlalchemy import Connection, select, text

from data import boxes
from data.asking import Conditions, ItemsQuery, conditions
from data.backwards import BACK, back_from, ids_before, points_before, sorted_before
from data.collection import FEATURE_BEGINS, Collection, plane_of
from data.curve import Plane, cells_of
from data.errors import InvalidValue, NotFound
from data.geometry import POINT, Box, point_xy
from data.hot import fetch
from data.limiting import limited
from data.points import (
    PointsQuery,
    key_of,
    parse_key,
    read_keyed,
    read_run,
    read_run_by_id,
)
from data.sorting import SortedQuery, read_sorted
from data.store import Store

MAX_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Page:
    """One page of features.

    Attributes:
        text: the features as GeoJSON in UTF-8, joined by commas: ready to stand in an array.
        count: how many they are.
        next_cursor: where the next page begins; None on the last.
        matched: how many features match in all, where that is known.
        prev_cursor: what the page before ends with; None on the first.
        apart: the features one by one, where they were read so.
    """

    text: bytes
    count: int
    next_cursor: str | None
    matched: int | None
    prev_cursor: str | None = None
    apart: Sequence[bytes] = field(default=(), repr=False)

    @classmethod
    def of(
        cls, features: Sequence[bytes], next_cursor: str | None, prev_cursor: str | None
    ) -> Self:
        """A page of features one by one; how many match in all is not told."""
        return cls(
            b",".join(features), len(features), next_cursor, None, prev_cursor, tuple(features)
        )

    @property
    def features(self) -> Sequence[bytes]:
        """Each feature as GeoJSON in UTF-8."""
        if len(self.apart) == self.count:
            return self.apart
        # No text within a feature holds these bytes: its quotes would be escaped.
        first, *others = self.text.split(b"," + FEATURE_BEGINS)
        features = [first, *[FEATURE_BEGINS + one for one in others]]
        if len(features) == self.count:
            return features
        return [orjson.dumps(feature) for feature in orjson.loads(b"[" + self.text + b"]")]


def read_page(connection: Connection, collection: Collection, query: ItemsQuery) -> Page:
    """Read one page of features.

    Points in a box come in the order of the Hilbert curve, all else in that of their ids; each
    order is total, so the union of the pages is the whole.

    Raises:
        InvalidValue: the cursor is of no page of this query.
    """
    with limited(connection) if query.filter or query.sort else nullcontext():
        asked = conditions(connection, collection, query)
        if query.cursor[:1] == BACK:
            return _read_before(connection, collection, query, asked)
        return _read(connection, collection, query, asked)


def page_of(store: Store, collection: Collection, query: ItemsQuery) -> Page:
    """The same page of a store; a server needs no transaction where one statement tells it.

    Raises:
        InvalidValue: as `read_page` does.
    """
    page = None if store.embedded else _by_one_statement(store, collection, query)
    if page is not None:
        return page
    with store.read() as connection:
        return read_page(connection, collection, query)


def _by_one_statement(store: Store, collection: Collection, query: ItemsQuery) -> Page | None:
    """A page of points in a box or a later page of a whole layer, where nothing waits."""
    boxed = query.box is not None and collection.table.info["kind"] == POINT
    later = query.box is None and (query.cursor or query.offset)
    if query.filter or query.sort or query.cursor[:1] == BACK or not (boxed or later):
        return None
    with store.read_statement() as connection:
        asked = conditions(connection, collection, query)
        if asked.box is not None:
            points = _points_query(collection, query, asked, asked.box)
            return _read_rendered(connection, query, points)
        after = _id_after(query.cursor)
        return None if asked.where else _read_later(connection, collection, query, after)


def _read(
    connection: Connection, collection: Collection, query: ItemsQuery, asked: Conditions
) -> Page:
    if query.sort:
        return _read_sorted(connection, collection, query, asked)
    if asked.box is not None and collection.table.info["kind"] == POINT:
        return _read_points(connection, collection, query, asked, asked.box)
    return _read_by_id(connection, collection, query, asked)


def _read_before(
    connection: Connection, collection: Collection, query: ItemsQuery, asked: Conditions
) -> Page:
    """The page that ends where a cursor's page begins."""
    if query.offset:
        raise InvalidValue(
            "offset", query.offset, "the way back begins at its cursor", "leave offset out",
            "向前翻页的 cursor 不能与 offset 同用；请去掉 offset",
        )  # fmt: skip
    if query.sort:
        before = sorted_before(connection, _sorted_query(connection, collection, query, asked))
    elif asked.box is not None and collection.table.info["kind"] == POINT:
        before = points_before(connection, collection, plane_of(connection), query, asked)
    else:
        before = ids_before(connection, collection, query, asked)
    following = query.cursor.removeprefix(BACK)
    if not before.count:
        return Page(b"", 0, following, None)
    asked_page = replace(query, cursor=before.cursor, limit=before.count, offset=0)
    page = _read(connection, collection, asked_page, asked)
    return replace(page, next_cursor=following, prev_cursor=before.prev_cursor)


def _read_by_id(
    connection: Connection, collection: Collection, query: ItemsQuery, asked: Conditions
) -> Page:
    after = _id_after(query.cursor)
    if asked.box is None and not asked.where and (after or query.offset):
        later = _read_later(connection, collection, query, after)
        if later is not None:
            return later
    found = boxes.read_ids(
        connection,
        collection.table,
        box=asked.box,
        where=asked.where,
        values=asked.values,
        after=after,
        offset=query.offset,
        limit=query.limit,
        counted=query.when is None,
    )
    features = read_features(connection, collection, found.ids)
    following = None if found.next_after is None else str(found.next_after)
    text = b",".join(features)
    return Page(text, len(features), following, found.matched, back_from(query), features)


def _read_later(
    connection: Connection, collection: Collection, query: ItemsQuery, after: int
) -> Page | None:
    """A later page of a whole layer, as one text; how many there are, the first page has told.

    None where other programs have written what is not rendered yet.
    """
    layer, limit = collection.table.name, query.limit
    run = read_run_by_id(connection, layer, after, limit + 1, query.offset)
    if run.waiting:
        return None
    if run.number <= limit or run.last_key is None:
        return Page(run.text, run.number, None, None, back_from(query))
    text, following = run.text[: -run.last_size - 1], str(run.last_key - 1)
    return Page(text, limit, following, None, back_from(query))


def _read_sorted(
    connection: Connection, collection: Collection, query: ItemsQuery, asked: Conditions
) -> Page:
    page, following = read_sorted(connection, _sorted_query(connection, collection, query, asked))
    features = read_features(connection, collection, page)
    alone = following is None and not query.cursor and not query.offset
    matched = len(features) if alone else None
    text = b",".join(features)
    return Page(text, len(features), following, matched, back_from(query), features)


def _sorted_query(
    connection: Connection, collection: Collection, query: ItemsQuery, asked: Conditions
) -> SortedQuery:
    inside, bound = boxes.inside(connection, collection.table, asked.box)
    return SortedQuery(
        layer=collection.table.name,
        keys=query.sort,
        where=(*asked.where, *inside),
        values={**asked.values, **bound},
        cursor=query.cursor,
        offset=query.offset,
        limit=query.limit,
    )


def _id_after(cursor: str) -> int:
    if not cursor:
        return 0
    if cursor.isascii() and cursor.isdigit() and len(cursor) < 19:  # noqa: PLR2004 - 64 bits
        return int(cursor)
    raise InvalidValue(
        "cursor", cursor, "it comes from a page's link", "follow that link",
        "cursor 来自页面的链接；请沿该链接翻页",
    )  # fmt: skip


def _read_points(
    connection: Connection,
    collection: Collection,
    query: ItemsQuery,
    known: Conditions,
    box: Box,
) -> Page:
    asked = _points_query(collection, query, known, box)
    page = _read_rendered(connection, query, asked)
    return page or _read_with_waiting(connection, collection, query, asked)


def _points_query(
    collection: Collection, query: ItemsQuery, known: Conditions, box: Box
) -> PointsQuery:
    return PointsQuery(
        layer=collection.table.name,
        box=box,
        where=known.where,
        values=known.values,
        first=parse_key(query.cursor) if query.cursor else 0,
        limit=query.limit + 1,
        offset=query.offset,
        chosen=known.chosen,
    )


def _read_rendered(connection: Connection, query: ItemsQuery, asked: PointsQuery) -> Page | None:
    """A page of points; None where other programs have written what is not rendered yet."""
    run = read_run(connection, plane_of(connection), asked)
    if run.waiting:
        return None
    more = run.number > query.limit
    return Page(
        text=run.text[: -run.last_size - 1] if more else run.text,
        count=run.number - more,
        next_cursor=str(run.last_key) if more else None,
        matched=None if more or query.cursor or query.offset else run.number,
        prev_cursor=back_from(query),
    )


def _read_with_waiting(
    connection: Connection, collection: Collection, query: ItemsQuery, asked: PointsQuery
) -> Page:
    """The same page with what other programs have written and nobody has rendered yet."""
    plane = plane_of(connection)
    rendered = asked._replace(limit=asked.limit + asked.offset, offset=0)
    rows = read_keyed(connection, plane, rendered)
    rows += _waiting_points(connection, collection, plane, asked)
    rows = sorted(rows)[query.offset :]
    page, more = rows[: query.limit], len(rows) > query.limit
    return Page(
        text=b",".join([text for _, text in page]),
        count=len(page),
        next_cursor=str(rows[query.limit][0]) if more else None,
        matched=None if more or query.cursor or query.offset else len(page),
        prev_cursor=back_from(query),
    )


def _waiting_points(
    connection: Connection, collection: Collection, plane: Plane, asked: PointsQuery
) -> list[tuple[int, bytes]]:
    """Key and text of those that meet a query."""
    table, waiting = collection.table, collection.unrendered
    conditions = [text(condition.replace("t.", f"{table.name}.")) for condition in asked.where]
    rows = connection.execute(
        select(table)
        .join(waiting, waiting.c.id == table.c.id)
        .where(table.c.geom.is_not(None), *conditions),
        asked.values,
    ).mappings()
    found = []
    for row in rows:
        if row["geom"] is None:  # it cannot be read
            continue
        x, y = point_xy(row["geom"])
        key = key_of(int(cells_of(plane, [x], [y])[0]), row["id"])
        if asked.box.holds(x, y) and key >= asked.first:
            found.append((key, collection.render(dict(row))))
    return found


def read_features(
    connection: Connection, collection: Collection, ids: Sequence[int]
) -> list[bytes]:
    """The features with these ids, in their order, as GeoJSON in UTF-8."""
    ready = dict(boxes.read_rendered(connection, collection.rendered, ids))
    missing = [identity for identity in ids if identity not in ready]
    if missing:
        table = collection.table
        for row in connection.execute(select(table).where(table.c.id.in_(missing))).mappings():
            ready[row["id"]] = collection.render(dict(row))
    # A record that somebody deleted between the two reads is no longer there to show.
    return [ready[identity] for identity in ids if identity in ready]


def read_item(connection: Connection, collection: Collection, identity: int) -> bytes:
    """One feature with its details, as GeoJSON in UTF-8.

    Raises:
        NotFound: there is none with that id.
    """
    text = _read_one(connection, collection, identity)
    for detail in collection.details:
        rows = fetch(connection, detail.sql, {"id": identity}, prepared=True)
        listed = [dict(zip(detail.columns, row, strict=True)) for row in rows]
        # A feature's text ends with the braces of its properties and its own.
        text = text[:-2] + f',"{detail.name}":'.encode() + orjson.dumps(listed) + b"}}"
    return text


def _read_one(connection: Connection, collection: Collection, identity: int) -> bytes:
    ready = fetch(connection, collection.rendered_item, {"id": identity}, prepared=True)
    if ready:
        text: bytes = ready[0][0]
        return text
    table = collection.table
    row = connection.execute(select(table).where(table.c.id == identity)).mappings().one_or_none()
    if row is None:
        raise NotFound(
            f"{collection.id} has no item {identity}",
            f"“{collection.zh}”中没有编号为 {identity} 的记录",
        )
    return collection.render(dict(row))


def read_attributions(connection: Connection, collection: Collection) -> list[str]:
    """The distinct sources that a collection's records name as their licence, in order."""
    if "licence" not in collection.table.c:
        return []
    licence = collection.table.c.licence
    statement = select(licence).where(licence.is_not(None)).distinct().order_by(licence)
    return [text for text in connection.scalars(statement) if text]
