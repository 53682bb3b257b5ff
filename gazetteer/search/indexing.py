"""Keeping the text index: the whole at once, or the names of a few targets in a transaction."""

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain, islice
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, delete, func, insert, select

from data.journal import HEAD_KEY
from data.progress import Report
from data.tables import store_meta
from data.transaction import Transaction
from gazetteer.search.forms import (
    Form,
    Order,
    division_forms,
    forms_in_order,
    place_forms,
    stored_form,
)
from gazetteer.search.gathering import gathering
from gazetteer.search.ordinals import (
    Ordinals,
    Stretch,
    base_of,
    is_tight,
    spread,
    stretch_around,
)
from gazetteer.search.running import run
from gazetteer.search.runs import Pairs, flat
from gazetteer.search.stamp import index_stamp
from gazetteer.search.tables import DIVISION, PLACE, search_form
from gazetteer.search.writing import (
    delete_terms,
    empty_tables,
    indexes_off,
    settle,
    write_forms,
    write_terms,
)
from gazetteer.tables import division, place, place_name

STAMP_KEY: Final = "search_index"
_VALUE: Final = "(SELECT value FROM store_meta WHERE key = ?)"
_STATES_SQL: Final = f"SELECT {_VALUE}, {_VALUE}"
_STATE_KEYS: Final = (HEAD_KEY, STAMP_KEY)
_BATCH: Final = 500
_WRITTEN: Final = 20_000
_MANY: Final = 5_000
"""From this many targets on, the whole index is made anew: it is faster."""

_GAP: Final = (
    "WITH RECURSIVE halving (low, top) AS ("
    " SELECT CAST(? AS BIGINT), CAST(? AS BIGINT)"
    " UNION ALL SELECT"
    " CASE WHEN (f.sort_name, f.feature, f.target_id, f.form_no) < (?, ?, ?, ?)"
    " THEN f.ordinal ELSE h.low END,"
    " CASE WHEN (f.sort_name, f.feature, f.target_id, f.form_no) < (?, ?, ?, ?)"
    " THEN h.top ELSE (h.low + h.top) / 2 END"
    " FROM halving h LEFT JOIN search_form f ON f.ordinal = (SELECT MIN(s.ordinal)"
    " FROM search_form s WHERE s.ordinal >= (h.low + h.top) / 2 AND s.ordinal < h.top)"
    " WHERE EXISTS (SELECT 1 FROM search_form s WHERE s.ordinal > h.low AND s.ordinal < h.top)"
    ") SELECT g.low, f.ordinal, f.standing, f.sort_name, f.feature, f.target_id, f.form_no"
    " FROM (SELECT low FROM halving ORDER BY top - low LIMIT 1) g"
    " LEFT JOIN search_form f ON f.ordinal ="
    " (SELECT MIN(s.ordinal) FROM search_form s WHERE s.ordinal > g.low AND s.ordinal < ?)"
)
"""The range of a form's ordinal halved until nothing lies in it. In one statement: each that a
thread asks lets another thread go first, and all who write wait for this one."""
_INDEXED: Final = (
    "SELECT 1 FROM search_form WHERE feature = ? AND target_id BETWEEN ? AND ? LIMIT 1"
)
"""Whether any of some targets may be in the index: what is new, is not."""
_SIDE: Final = "SELECT ordinal FROM search_form WHERE ordinal"
_BEFORE: Final = f"{_SIDE} > ? AND ordinal <= ? ORDER BY ordinal DESC LIMIT ?"
_AFTER: Final = f"{_SIDE} >= ? AND ordinal < ? ORDER BY ordinal LIMIT ?"


def rebuild(transaction: Transaction, progress: Report = lambda _step, _done, _all: None) -> int:
    """Make the whole index anew; returns how many forms it holds.

    On PostgreSQL readers of the index wait until the transaction ends.

    Args:
        transaction: what it becomes part of.
        progress: told how many names, and then terms, have been written.
    """
    connection = transaction.connection
    with _collector_off():
        count = _fill(connection, progress)
    settle(connection)
    _stamp(connection)
    return count


def _fill(connection: Connection, progress: Report) -> int:
    """Form by form in the order of results, so that memory holds a batch of them and one run."""
    places, names, divisions = (
        connection.scalar(select(func.count()).select_from(table)) or 0
        for table in (place, place_name, division)
    )
    count, ordinals = 0, Ordinals(places + names + divisions)
    empty_tables(connection)
    with gathering() as gathered:
        with indexes_off(connection):
            for forms in _batches(forms_in_order(connection)):
                numbered = [(ordinals.following(form.standing), form) for form in forms]
                gathered.add((ordinal, form.found_by) for ordinal, form in numbered)
                write_forms(connection, numbered)
                count += len(forms)
                progress("index of names", count, max(count, names))
            pairs = gathered.pairs()
        told = partial(progress, "index of terms")
        write_terms(connection, _told(pairs, told, lambda: gathered.count))
    return count


def _told(
    batches: Iterable[Pairs], progress: Callable[[int, int], None], total: Callable[[], int]
) -> Iterator[Pairs]:
    """The pairs as they come; tells how far they are."""
    done = 0
    for pairs in batches:
        yield pairs
        done += len(pairs) // 2
        progress(done, total())


def _batches(forms: Iterator[Form]) -> Iterator[list[Form]]:
    while batch := list(islice(forms, _WRITTEN)):
        yield batch


@contextmanager
def _collector_off() -> Iterator[None]:
    """Millions of objects live at once and hold no cycles; looking for any is half the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def index_names(transaction: Transaction, place_ids: Sequence[int]) -> None:
    """Bring the index up to the names of these places, as the transaction now has them.

    Places that are gone leave the index. To be called by every writer of `place` or
    `place_name`, in its own transaction.
    """
    _index(transaction, PLACE, list(dict.fromkeys(place_ids)))


def index_divisions(transaction: Transaction, division_ids: Sequence[int]) -> None:
    """Bring the index up to the names of these divisions, as `index_names` does for places."""
    _index(transaction, DIVISION, list(dict.fromkeys(division_ids)))


def is_current(connection: Connection) -> bool:
    """Whether the index was made by this program's rules and tables; if not, `rebuild` it."""
    return _states(connection)[1] == index_stamp()


def index_state(connection: Connection) -> str | None:
    """A text that changes with every write; None while the index is not current.

    What is answered from the index stays true as long as this text is the same.
    """
    return _current(*_states(connection))


def run_with_state(
    connection: Connection, sql: str, values: Sequence[Any]
) -> tuple[str | None, list[tuple[Any, ...]]]:
    """The `index_state` and the rows of a server's statement, of which the first column is a value.

    One statement tells both, so that they are of one state of the store.
    """
    stated = f"SELECT s.*, a.* FROM ({_STATES_SQL}) s LEFT JOIN ({sql}) a ON true"
    rows = run(connection, stated, (*_STATE_KEYS, *values), prepared=True)
    head, stamp = rows[0][:2]
    return _current(head or "", stamp), [row[2:] for row in rows if row[2] is not None]


def _current(head: str, stamp: str | None) -> str | None:
    return head if stamp == index_stamp() else None


def written_state(connection: Connection) -> str:
    """A text that changes with every write, whatever the index."""
    return _states(connection)[0]


def _states(connection: Connection) -> tuple[str, str | None]:
    """The journal's head, and the stamp of the index."""
    # Every search asks this first: prepared text, as the searches themselves.
    head, stamp = run(connection, _STATES_SQL, _STATE_KEYS, prepared=True)[0]
    return head or "", stamp


def _index(transaction: Transaction, feature: int, ids: list[int]) -> None:
    connection = transaction.connection
    if len(ids) >= _MANY or not is_current(connection):
        rebuild(transaction)
        return
    for start in range(0, len(ids), _BATCH):
        wanted = ids[start : start + _BATCH]
        codes = _remove(connection, feature, wanted)
        read = place_forms if feature == PLACE else division_forms
        forms = sorted(read(connection, wanted), key=lambda form: form.order)
        _insert(connection, forms)
        if feature == PLACE:
            codes |= {form.division_code for form in forms}
            if lain_in := codes - {None}:
                _follow_divisions(connection, lain_in)


def _follow_divisions(connection: Connection, codes: Collection[str | None]) -> None:
    """A division is found as its place, where it has one: both come and go together."""
    ids = connection.scalars(select(division.c.id).where(division.c.code.in_(codes))).all()
    _remove(connection, DIVISION, ids)
    _insert(connection, sorted(division_forms(connection, ids), key=lambda form: form.order))


def _remove(connection: Connection, feature: int, ids: Sequence[int]) -> set[str | None]:
    """Take targets out of the index; returns the codes of the divisions they lay in."""
    if not ids or not run(connection, _INDEXED, (feature, min(ids), max(ids))):
        return set()
    where = (search_form.c.feature == feature, search_form.c.target_id.in_(ids))
    rows = connection.execute(select(search_form).where(*where)).mappings().all()
    delete_terms(connection, sorted(_pairs(rows)))
    connection.execute(delete(search_form).where(*where))
    return {row["division_code"] for row in rows}


def _pairs(rows: Iterable[RowMapping]) -> Iterator[tuple[str, int]]:
    for row in rows:
        for term in stored_form(dict(row)).terms:
            yield term, row["ordinal"]


def _insert(connection: Connection, forms: list[Form]) -> None:
    """Put sorted forms into the index, gap by gap."""
    while forms:
        low, high, following = _gap(connection, forms[0])
        count = sum(1 for form in forms if following is None or form.order < following)
        if following is None:
            count = sum(1 for form in forms if form.standing == forms[0].standing)
        group, forms = forms[:count], forms[count:]
        _place(connection, group[0].standing, low, high, group)


def _gap(connection: Connection, form: Form) -> tuple[int, int | None, Order | None]:
    """The ordinals of the neighbours of a form, and the order of the one after it.

    Ordinals are in order themselves, so the place of a form is found by halving their range;
    no index of names is needed for it.
    """
    top, place_of_it = base_of(form.standing + 1), form.order[1:]
    values = (base_of(form.standing), top, *place_of_it, *place_of_it, top)
    ((low, high, *after),) = run(connection, _GAP, values)
    return low, high, None if high is None else tuple(after)


def _place(
    connection: Connection, standing: int, low: int, high: int | None, group: Sequence[Form]
) -> None:
    """Give a group its ordinals between two neighbours, moving more of them where it is tight."""
    if high is not None and is_tight(low, high, len(group)):
        low, high, taken = _stretch(connection, standing, low, high, len(group))
        moved = _taken_out(connection, taken[0], taken[-1])
        group = sorted(chain(moved, group), key=lambda form: form.order)
    numbered = list(zip(spread(low, high, len(group)), group, strict=True))
    write_forms(connection, numbered)
    write_terms(connection, flat(sorted((t, (o,)) for o, form in numbered for t in form.terms)))


def _stretch(connection: Connection, standing: int, low: int, high: int, count: int) -> Stretch:
    """The neighbours of a full gap that are to be moved."""

    def before(most: int) -> list[int]:
        return [row[0] for row in run(connection, _BEFORE, (base_of(standing), low, most))]

    def after(most: int) -> list[int]:
        return [row[0] for row in run(connection, _AFTER, (high, base_of(standing + 1), most))]

    return stretch_around(base_of(standing), before, after, count)


def _taken_out(connection: Connection, first: int, last: int) -> list[Form]:
    """Take the forms from one ordinal to another out of the index."""
    within = search_form.c.ordinal.between(first, last)
    statement = select(search_form).where(within).order_by(search_form.c.ordinal)
    rows = connection.execute(statement).mappings().all()
    delete_terms(connection, sorted(_pairs(rows)))
    connection.execute(delete(search_form).where(within))
    return [stored_form(dict(row)) for row in rows]


def _stamp(connection: Connection) -> None:
    connection.execute(delete(store_meta).where(store_meta.c.key == STAMP_KEY))
    connection.execute(insert(store_meta).values(key=STAMP_KEY, value=index_stamp()))
