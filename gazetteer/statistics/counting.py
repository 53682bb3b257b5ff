"""Keep the counts of names true: after each write of places or their names, in its transaction."""

import hashlib
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    Connection,
    TextClause,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
)

from data.hot import execute, fetch
from data.reference import load_table
from data.tables import store_meta
from data.transaction import Transaction
from gazetteer.names import script_of_language
from gazetteer.statistics.marks import Mark
from gazetteer.statistics.tables import name_tally, name_year, place_fact
from gazetteer.tables import place

STAMP_KEY: Final = "name_counts"
_STAMP_SQL: Final = "SELECT value FROM store_meta WHERE key = :key"
_RULES: Final = "3"
"""Raised when what a fact means changes."""
_BATCH: Final = 2_000
_MANY: Final = 20_000
"""From this many places on, everything is counted anew: it is faster."""
_KEY: Final = ("county_code", "category_code", "status", "heritage")
_COUNTED: Final = ("count", *(mark.column for mark in Mark))
_SIGN: Final = "SELECT 1 FROM sign s WHERE s.place_id = p.id AND s.valid_to IS NULL"
_SCRIPTS: Final = {
    **dict.fromkeys(("Hani", "Hans", "Hant"), Mark.HAN),
    "Mong": Mark.MONGOLIAN,
    "Latn": Mark.LATIN,
    "Cyrl": Mark.CYRILLIC,
}


def count_names(transaction: Transaction, place_ids: Sequence[int]) -> None:
    """Bring the counts up to these places, as the transaction now has them.

    A large write (a load) leaves them behind, for `recount` counts the whole sooner.
    """
    connection = transaction.connection
    if len(place_ids) >= _MANY:
        connection.execute(delete(store_meta).where(store_meta.c.key == STAMP_KEY))
        return
    if not is_counted(connection):
        if connection.scalar(select(func.count()).select_from(place)) == len(place_ids):
            recount(transaction)  # the first names of a store
        return
    for start in range(0, len(place_ids), _BATCH):
        among = _Among.of(place_ids[start : start + _BATCH])
        if among.rows(connection, f"SELECT 1 FROM place_fact WHERE {among.facts} LIMIT 1"):
            _add_to_tallies(connection, among, -1)
            among.run(connection, f"DELETE FROM place_fact WHERE {among.facts}")
        among.run(connection, _facts_sql(connection, among))
        _add_to_tallies(connection, among, +1)


def is_counted(connection: Connection) -> bool:
    """Whether the counts were made by this program's rules; if not, `recount`."""
    found = fetch(connection, _STAMP_SQL, {"key": STAMP_KEY})
    if found:
        return str(found[0][0]) == _stamp()
    # A store without a place has nothing that could be counted wrongly.
    return connection.scalar(select(place.c.id).limit(1)) is None


def recount(transaction: Transaction) -> None:
    """Count everything anew."""
    connection = transaction.connection
    for table in (place_fact, name_tally, name_year):
        connection.execute(delete(table))
    _ALL.run(connection, _facts_sql(connection, _ALL))
    _fill_tallies(connection)
    connection.execute(delete(store_meta).where(store_meta.c.key == STAMP_KEY))
    connection.execute(insert(store_meta).values(key=STAMP_KEY, value=_stamp()))


def _stamp() -> str:
    fields = ",".join(complete_fields())
    return hashlib.sha256(f"{_RULES}:{fields}".encode()).hexdigest()[:16]


def complete_fields() -> tuple[str, ...]:
    """The fields that a complete record has (table `complete_record`), those that places have."""
    known = {column.name for column in place.c}
    return tuple(row["field"] for row in load_table("complete_record") if row["field"] in known)


class _Among(NamedTuple):
    """A condition on the ids of places, bound: a few texts do for all writes.

    A text for each write's ids would stay in SQLAlchemy's memory and the driver's, and be read
    anew each time.
    """

    condition: str
    values: dict[str, Any]

    @classmethod
    def of(cls, ids: Sequence[int]) -> "_Among":
        """These places, whose ids are ascending."""
        if len(ids) == ids[-1] - ids[0] + 1:
            return cls("{id} BETWEEN :first AND :last", {"first": ids[0], "last": ids[-1]})
        return cls("{id} IN :ids", {"ids": list(ids)})

    @property
    def places(self) -> str:
        """The condition on a place `p`."""
        return self.condition.format(id="p.id")

    @property
    def names(self) -> str:
        """The condition on a name `n`."""
        return self.condition.format(id="n.place_id")

    @property
    def facts(self) -> str:
        """The condition on a fact."""
        return self.condition.format(id="place_id")

    def run(self, connection: Connection, sql: str) -> None:
        """Run a statement that has the condition in it, and answers nothing."""
        if "ids" in self.values:
            connection.execute(self._with_each_id(sql), self.values)
        else:
            execute(connection, sql, self.values)

    def rows(self, connection: Connection, sql: str) -> Sequence[Any]:
        """The rows of a question that has the condition in it."""
        if "ids" in self.values:
            return connection.execute(self._with_each_id(sql), self.values).all()
        return fetch(connection, sql, self.values)

    def _with_each_id(self, sql: str) -> TextClause:
        return text(sql).bindparams(bindparam("ids", expanding=True))


_ALL: Final = _Among("1 = 1", {})


def _scripts_sql(connection: Connection, among: _Among) -> str:
    """The marks of the scripts that names are written in, by what their language tags name.

    Few tags occur, and reading one takes more than SQL can say in both stores. A tag that names a
    script has letters, digits and hyphens alone.
    """
    sql = f"SELECT DISTINCT n.language FROM place_name n WHERE {among.names}"
    tags: dict[Mark, list[str]] = {}
    for (tag,) in among.rows(connection, sql):
        mark = _SCRIPTS.get(script_of_language(tag) or "")
        if mark is not None:
            tags.setdefault(mark, []).append(f"'{tag}'")
    listed = {mark: ", ".join(sorted(tags[mark])) for mark in sorted(tags)}
    return " + ".join(
        f"MAX(CASE WHEN n.language IN ({some}) THEN {mark.value} ELSE 0 END)"
        for mark, some in listed.items()
    )


def _facts_sql(connection: Connection, among: _Among) -> str:
    """What fills `place_fact` for these places."""
    scripts = _scripts_sql(connection, among) or "MAX(0)"
    names = (
        f"(SELECT {scripts} FROM place_name n WHERE n.place_id = p.id"
        " AND n.valid_to IS NULL AND n.kind <> 'former')"
    )
    filled = " AND ".join(
        f"COALESCE(CAST(p.{name} AS TEXT), '') <> ''" for name in complete_fields()
    )
    year = {"sqlite": "CAST(strftime('%Y', {day}) AS INTEGER)"}.get(
        connection.dialect.name, "CAST(EXTRACT(YEAR FROM {day}) AS SMALLINT)"
    )
    latin = f"CASE WHEN COALESCE(p.romanization, '') <> '' THEN {Mark.LATIN.value} ELSE 0 END"
    return (
        "INSERT INTO place_fact (place_id, division_code, category_code, status, heritage, marks,"
        " begun_year, ended_year)"
        " SELECT p.id, SUBSTR(COALESCE(p.division_code, ''), 1, 12), COALESCE(p.category_code, ''),"
        f" p.status, p.heritage, (COALESCE({names}, 0) | {latin})"
        f" + CASE WHEN COALESCE(p.origin, '') <> '' THEN {Mark.ORIGIN.value} ELSE 0 END"
        f" + CASE WHEN EXISTS ({_SIGN}) THEN {Mark.SIGN.value} ELSE 0 END"
        f" + CASE WHEN {filled} THEN {Mark.COMPLETE.value} ELSE 0 END,"
        f" {year.format(day='p.valid_from')}, {year.format(day='p.valid_to')}"
        f" FROM place p WHERE {among.places}"
    )


def _tally_sql(where: str) -> str:
    """The facts of a condition, summed as the tally has them."""
    marks = ", ".join(
        f"SUM(CASE WHEN (marks & {mark.value}) <> 0 THEN 1 ELSE 0 END)" for mark in Mark
    )
    return (
        "SELECT SUBSTR(division_code, 1, 6), category_code, status, heritage, COUNT(*),"
        f" {marks} FROM place_fact WHERE {where} GROUP BY 1, 2, 3, 4"
    )


def _add_to_tallies(connection: Connection, among: _Among, sign: int) -> None:
    """Add the facts of some places to the tallies, or take them away."""
    columns = (*_KEY, *_COUNTED)
    groups = among.rows(connection, _tally_sql(among.facts))
    rows = [dict(zip(columns, group, strict=True)) for group in groups]
    if rows:
        connection.execute(
            text(
                f"INSERT INTO name_tally ({', '.join(columns)})"
                f" VALUES ({', '.join(f':{name}' for name in _KEY)},"
                f" {', '.join(f'{sign} * CAST(:{name} AS INTEGER)' for name in _COUNTED)})"
                f" ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET "
                + ", ".join(f"{name} = name_tally.{name} + excluded.{name}" for name in _COUNTED)
            ),
            [row | {"heritage": bool(row["heritage"])} for row in rows],
        )
    for column in ("begun", "ended"):
        _add_to_years(connection, among, column, sign)


def _add_to_years(connection: Connection, among: _Among, column: str, sign: int) -> None:
    other = "ended" if column == "begun" else "begun"
    groups = among.rows(
        connection,
        f"SELECT {column}_year, SUBSTR(division_code, 1, 6), COUNT(*)"
        f" FROM place_fact WHERE {among.facts} AND {column}_year IS NOT NULL GROUP BY 1, 2",
    )
    rows = [dict(zip(("year", "county", "count"), group, strict=True)) for group in groups]
    if rows:
        connection.execute(
            text(
                f"INSERT INTO name_year (year, county_code, {column}, {other})"
                f" VALUES (:year, :county, {sign} * CAST(:count AS INTEGER), 0)"
                " ON CONFLICT (year, county_code)"
                f" DO UPDATE SET {column} = name_year.{column} + excluded.{column}"
            ),
            rows,
        )


def _fill_tallies(connection: Connection) -> None:
    columns = ", ".join((*_KEY, *_COUNTED))
    connection.execute(text(f"INSERT INTO name_tally ({columns}) {_tally_sql('1 = 1')}"))
    for column in ("begun", "ended"):
        _add_to_years(connection, _ALL, column, +1)
