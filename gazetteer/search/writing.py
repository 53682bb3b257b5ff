"""Writing the index tables by the fastest door each store has."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Final, TypeVar

import orjson
from sqlalchemy import Connection

from data.hot import execute
from gazetteer.search.forms import COLUMNS, Form
from gazetteer.search.runs import Pairs
from gazetteer.search.tables import search_form

_BATCH: Final = 50_000
_TOGETHER: Final = 400
_PAIRS: Final = "SELECT value ->> 0, value ->> 1 FROM json_each(:pairs)"
"""Any number of pairs in one statement of one text. Between two statements another thread of the
process may go first, while whoever writes holds the lock."""
_Row = TypeVar("_Row")


def write_forms(connection: Connection, forms: Iterable[tuple[int, Form]]) -> None:
    """Insert forms with their ordinals."""
    names = ", ".join(("ordinal", *COLUMNS))
    rows = ((ordinal, *form.values) for ordinal, form in forms)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * (len(COLUMNS) + 1))
        for batch in _batches(rows):
            statement = f"INSERT INTO search_form ({names}) VALUES ({marks})"
            connection.exec_driver_sql(statement, batch)
        return
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY search_form ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def write_terms(connection: Connection, batches: Iterable[Pairs]) -> None:
    """Insert pairs of term and ordinal; fastest when they come in the order of the table."""
    if connection.dialect.name == "sqlite":
        for flat in batches:
            _insert_terms(connection, flat)
        return
    # Terms hold neither tabs, line breaks nor backslashes, since folding drops them, so that
    # they need no escapes in the text form of COPY.
    cursor = connection.connection.cursor()
    with cursor.copy("COPY search_term (term, ordinal) FROM STDIN") as copy:
        for flat in batches:
            copy.write("%s\t%s\n" * (len(flat) // 2) % tuple(flat))


def _insert_terms(connection: Connection, flat: Pairs) -> None:
    """Many rows in each statement, which takes half the time of one row in each."""
    size = 2 * _TOGETHER
    whole = len(flat) - len(flat) % size
    if whole:
        marks = ", ".join(["(?, ?)"] * _TOGETHER)
        parts = [tuple(flat[start : start + size]) for start in range(0, whole, size)]
        connection.exec_driver_sql(f"INSERT INTO search_term VALUES {marks}", parts)
    if flat[whole:]:
        rest = list(zip(flat[whole::2], flat[whole + 1 :: 2], strict=True))
        execute(connection, f"INSERT INTO search_term {_PAIRS}", {"pairs": _as_json(rest)})


def delete_terms(connection: Connection, pairs: Iterable[tuple[str, int]]) -> None:
    """Remove pairs of term and ordinal."""
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    statement = f"DELETE FROM search_term WHERE term = {mark} AND ordinal = {mark}"
    for batch in _batches(pairs):
        connection.exec_driver_sql(statement, batch)


def _as_json(pairs: Sequence[tuple[str | int, str | int]]) -> str:
    return orjson.dumps(pairs).decode()


def empty_tables(connection: Connection) -> None:
    """Remove everything from the index."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DELETE FROM search_term")
        connection.exec_driver_sql("DELETE FROM search_form")
    else:
        connection.exec_driver_sql("TRUNCATE search_term, search_form")


@contextmanager
def indexes_off(connection: Connection) -> Iterator[None]:
    """Without the indexes of `search_form` while it is filled: made at the end they are sorted.

    A server's role that may not change the schema fills it with them.
    """
    indexes = search_form.indexes if _owns_tables(connection) else ()
    for index in indexes:
        connection.exec_driver_sql(f"DROP INDEX {index.name}")
    yield
    for index in indexes:
        index.create(connection)


def _owns_tables(connection: Connection) -> bool:
    if connection.dialect.name == "sqlite":
        return True
    owned = (
        "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'search_form'::regclass"
    )
    return bool(connection.exec_driver_sql(owned).scalar())


def settle(connection: Connection) -> None:
    """Let the planner know what the tables now hold; SQLite plans without."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("ANALYZE search_term, search_form")


def _batches(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        yield batch
