"""Finding what the names of a table mean, many at a time, on one state of the store."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from sqlalchemy import Connection

from data.errors import InvalidValue
from data.store import Store
from gazetteer.names import fold
from gazetteer.reconciliation.scoring import features_of, ranked
from gazetteer.reconciliation.values import Candidate, Matched, NameQuery
from gazetteer.search import (
    DivisionEntry,
    Lexicon,
    Origin,
    Pass,
    Result,
    SearchRequest,
    is_under,
    lexicon_of,
    result_of,
    search_in,
    similar_around,
)

_LOOKED_AT: Final = 20
_NEAR_DEG: Final = 0.15
_DIVISION: Final = "division"
_SURE: Final = frozenset({Pass.EXACT, Pass.EXACT_OTHER, Pass.TRADITIONAL, Pass.SCRIPT})


def reconcile(store: Store, queries: Iterable[NameQuery]) -> list[Matched]:
    """The candidates of each query, in the order of the queries."""
    with store.read() as connection:
        lexicon = lexicon_of(store, connection)
        return list(_matches(connection, queries, lexicon))


def match_names(store: Store, queries: Iterable[NameQuery]) -> list[Candidate | None]:
    """For each query the one candidate that may be taken without looking, or None."""
    return [matched.best for matched in reconcile(store, queries)]


def _matches(
    connection: Connection, queries: Iterable[NameQuery], lexicon: Lexicon
) -> Iterator[Matched]:
    known: dict[NameQuery, Matched] = {}
    for query in queries:
        if query not in known:
            known[query] = _match(connection, query, lexicon)
        yield known[query]


def _match(connection: Connection, query: NameQuery, lexicon: Lexicon) -> Matched:
    named = _identity(connection, query.name, lexicon)
    if named:
        return Matched(ranked([(named, features_of(named.name, named, in_division=None))], 1))
    if not fold(query.name):
        return Matched((), ("名称中没有文字",), ("the name has no letters",))
    division, zh, en = _stated(query, lexicon)
    results = _found(connection, query, division, lexicon)
    scored = []
    for one in results:
        inside = is_under(one.division_code, division, lexicon) if division else None
        scored.append((one, features_of(query.name, one, in_division=inside)))
    return Matched(ranked(scored, query.limit), zh, en)


def _identity(connection: Connection, name: str, lexicon: Lexicon) -> Result | None:
    """What an identity such as `place/12` names."""
    feature, slash, number = name.partition("/")
    if feature in {"place", _DIVISION} and slash and number.isdecimal() and len(number) < 19:  # noqa: PLR2004
        return result_of(connection, feature, int(number), lexicon)
    return None


def _stated(
    query: NameQuery, lexicon: Lexicon
) -> tuple[DivisionEntry | None, tuple[str, ...], tuple[str, ...]]:
    """The division that the row states; one the register lacks is left unheeded, with a note."""
    if not query.division:
        return None, (), ()
    try:
        return lexicon.resolve(query.division), (), ()
    except InvalidValue as unknown:
        return None, (unknown.zh,), (unknown.message,)


def _found(
    connection: Connection, query: NameQuery, division: DivisionEntry | None, lexicon: Lexicon
) -> list[Result]:
    """Candidates without repetition, with their distance where the row has a position."""
    seen: dict[tuple[str, int], Result] = {}
    for result in _sought(connection, query, division, lexicon):
        if _is_of_type(result, query.type):
            seen.setdefault((result.feature, result.id), result)
    found = list(seen.values())
    return _with_distances(found, Origin(*query.position)) if query.position else found


def _sought(
    connection: Connection, query: NameQuery, division: DivisionEntry | None, lexicon: Lexicon
) -> Iterator[Result]:
    """In the stated division; outside it only where nothing there has the whole name.

    What lies near the stated position is a candidate by a similar name already; where a name
    is so common that a page does not hold it, the nearest are taken.
    """
    request = SearchRequest(query.name, limit=_LOOKED_AT)
    if query.type and query.type != _DIVISION:
        request = replace(request, category=query.type)
    if division:
        inside = search_in(connection, replace(request, within=division.code), lexicon).results
        yield from inside
        if any(result.way in _SURE for result in inside):
            return
    if query.position:
        origin = Origin(*query.position)
        yield from similar_around(connection, query.name, origin, _NEAR_DEG, lexicon)
    anywhere = search_in(connection, request, lexicon)
    if query.position and anywhere.next_after:
        anywhere = search_in(connection, replace(request, near=query.position), lexicon)
    yield from anywhere.results


def _is_of_type(result: Result, wanted: str) -> bool:
    if wanted == _DIVISION:
        return result.feature == _DIVISION
    return (result.category_code or "").startswith(wanted)


def _with_distances(found: list[Result], origin: Origin) -> list[Result]:
    placed = [result for result in found if result.lon is not None and result.lat is not None]
    metres = origin.distances_m([(one.lon, one.lat) for one in placed])
    known = dict(zip(map(id, placed), metres, strict=True))
    return [replace(one, distance_m=known.get(id(one))) for one in found]
