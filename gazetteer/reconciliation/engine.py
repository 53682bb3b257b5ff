"""Finding what the names of a table mean, many at a time, on one state of the store.

Names that are whole names of the register are read together for a batch; only the others go
through the passes of the search one by one.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from data.errors import InvalidValue
from data.store import Store
from gazetteer.names import fold
from gazetteer.reconciliation.scoring import HALF_M, Scored, features_of, ranked, scored
from gazetteer.reconciliation.types import DIVISION, PLACE, is_of_type, significant
from gazetteer.reconciliation.values import (
    DISTANCE,
    PARENT,
    Matched,
    NameQuery,
    identity_of,
    parse_identity,
)
from gazetteer.search import (
    DivisionEntry,
    Lexicon,
    Origin,
    Pass,
    Result,
    SearchRequest,
    is_geographic,
    is_under,
    lexicon_of,
    longer_results,
    nearest_results,
    result_of,
    search_in,
    similar_around,
    whole_results,
)

_AT_ONCE: Final = 200
_LOOKED_AT: Final = 20
_NEAR_DEG: Final = 0.15
_SURE: Final = frozenset({Pass.EXACT, Pass.EXACT_OTHER, Pass.TRADITIONAL, Pass.SCRIPT})
_Found = Iterable[Result]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query on its state of the store, with the divisions that it states."""

    connection: Connection
    lexicon: Lexicon
    query: NameQuery
    divisions: tuple[DivisionEntry, ...] = ()

    def is_inside(self, result: Result) -> bool | None:
        """Whether a result lies in a stated division; None where none is stated."""
        if not self.divisions:
            return None
        code = result.division_code
        return any(is_under(code, division, self.lexicon) for division in self.divisions)

    def is_of_type(self, result: Result) -> bool:
        held = [is_of_type(result, wanted) for wanted in self.query.types]
        return not held or (all(held) if self.query.every_type else any(held))

    def request(self) -> SearchRequest:
        """The search for the name; a single category is a filter of it."""
        request = SearchRequest(self.query.name, limit=_LOOKED_AT)
        types = self.query.types
        if len(types) == 1 and types[0] not in {DIVISION, PLACE}:
            return replace(request, category=significant(types[0]))
        return request


def reconcile(
    store: Store,
    queries: Iterable[NameQuery],
    told: Callable[[int], None] = lambda _done: None,
) -> list[Matched]:
    """The candidates of each query, in the order of the queries.

    Args:
        store: whose text index is current.
        queries: each is answered as if it stood alone.
        told: is told now and then how many different queries are answered.
    """
    every = list(queries)
    with store.read() as connection:
        answers = _answers(store, connection, list(dict.fromkeys(every)), told)
        known = dict(answers)
    return [known[query] for query in every]


def scored_results(
    connection: Connection, query: NameQuery, lexicon: Lexicon, whole: Sequence[Result]
) -> tuple[list[Scored], tuple[str, ...], tuple[str, ...]]:
    """What may answer a query, unranked, and what was left unheeded (Chinese, English)."""
    named = _identity(connection, query.name, lexicon)
    if named:
        return [scored(named, features_of(named.name, named, in_division=None))], (), ()
    if query.name and not fold(query.name):
        return [], ("名称中没有文字",), ("the name has no letters",)
    if not query.name and not query.position:
        return [], ("没有名称，也没有坐标",), ("there is neither a name nor a position",)
    divisions, zh, en = _stated(query, lexicon)
    asked = _Asked(connection, lexicon, query, divisions)
    found = []
    for one in _found(asked, whole):
        inside = asked.is_inside(one)
        if _is_admitted(query, one, inside=inside):
            found.append(scored(one, features_of(query.name, one, in_division=inside)))
    return found, zh, en


def _answers(
    store: Store,
    connection: Connection,
    queries: Sequence[NameQuery],
    told: Callable[[int], None],
) -> Iterator[tuple[NameQuery, Matched]]:
    lexicon = lexicon_of(store, connection)
    for start in range(0, len(queries), _AT_ONCE):
        part = queries[start : start + _AT_ONCE]
        names = {query.name for query in part if fold(query.name)}
        whole = whole_results(connection, names, lexicon)
        for query in part:
            own = whole.get(query.name, ())
            usable, (zh, en) = _usable(query, store.crs)
            found, more_zh, more_en = scored_results(connection, usable, lexicon, own)
            yield query, Matched(ranked(found, query.limit), zh + more_zh, en + more_en)
        told(start + len(part))


def _usable(query: NameQuery, crs: str) -> tuple[NameQuery, tuple[tuple[str, ...], ...]]:
    """The query without its position where the store's positions are not degrees, and a note."""
    if not query.position or is_geographic(crs):
        return query, ((), ())
    zh, en = f"本库坐标不是经纬度（{crs}），坐标未采用", f"positions here are not degrees ({crs})"
    return replace(query, lon=None, lat=None), ((zh,), (en,))


def _identity(connection: Connection, name: str, lexicon: Lexicon) -> Result | None:
    """What an identity such as `places/12` names."""
    known = parse_identity(name)
    return result_of(connection, *known, lexicon) if known else None


def _is_admitted(query: NameQuery, result: Result, *, inside: bool | None) -> bool:
    """Whether a result has what the query requires."""
    if PARENT in query.required and not inside:
        return False
    near = result.distance_m is not None and result.distance_m <= HALF_M
    return near or DISTANCE not in query.required


def _stated(
    query: NameQuery, lexicon: Lexicon
) -> tuple[tuple[DivisionEntry, ...], tuple[str, ...], tuple[str, ...]]:
    """The divisions that the row states; one the register lacks is left unheeded, with a note."""
    found, zh, en = [], [], []
    for text in query.divisions:
        try:
            found.append(_division(text, lexicon))
        except InvalidValue as unknown:
            zh.append(unknown.zh)
            en.append(unknown.message)
    return tuple(found), tuple(zh), tuple(en)


def _division(text: str, lexicon: Lexicon) -> DivisionEntry:
    known = parse_identity(text)
    if known and known[0] == DIVISION:
        for entry in lexicon.entries:
            if entry.id == known[1]:
                return entry
    return lexicon.resolve(text)


def _found(asked: _Asked, whole: Sequence[Result]) -> list[Result]:
    """Candidates without repetition, with their distance where the row has a position."""
    if not asked.query.name:
        near = Origin(*(asked.query.position or (0.0, 0.0)))
        found = nearest_results(asked.connection, near, _LOOKED_AT, asked.lexicon)
        return [result for result in found if asked.is_of_type(result)]
    own = [result for result in whole if asked.is_of_type(result)]
    if asked.query.position:
        own = _with_distances(own, Origin(*asked.query.position))
        own.sort(key=lambda result: result.distance_m or 0.0)
    seen: dict[str, Result] = {}
    for result in _sought(asked, own):
        if asked.is_of_type(result):
            seen.setdefault(identity_of(result), result)
    results = list(seen.values())
    if asked.query.position:
        return _with_distances(results, Origin(*asked.query.position))
    return results


def _sought(asked: _Asked, own: Sequence[Result]) -> Iterator[Result]:
    """Whole names in the stated division; outside it only where nothing there has the name.

    Where a name is the whole of one, only longer ones are looked at besides. What lies near the
    stated position is a candidate by a similar name already; where a name is so common that a
    page does not hold it, the nearest are taken.
    """
    sure = [result for result in own if result.way in _SURE]
    inside = [result for result in sure if asked.is_inside(result)]
    if inside or (sure and not asked.divisions):
        yield from (inside or own)[:_LOOKED_AT]
        yield from _longer(asked)
        if asked.query.position and not _is_near((inside or sure)[0]):
            yield from _similar(asked)
        return
    for division in asked.divisions:
        request = replace(asked.request(), within=division.code)
        yield from search_in(asked.connection, request, asked.lexicon).results
    yield from own[:_LOOKED_AT]
    yield from _similar(asked)
    if not sure:
        yield from _anywhere(asked)


def _longer(asked: _Asked) -> _Found:
    """Names that begin with the whole of the name."""
    within = asked.divisions[0] if asked.divisions else None
    return longer_results(
        asked.connection, asked.query.name, asked.lexicon, asked.query.limit, within
    )


def _similar(asked: _Asked) -> _Found:
    position = asked.query.position
    if not position:
        return ()
    return similar_around(
        asked.connection, asked.query.name, Origin(*position), _NEAR_DEG, asked.lexicon
    )


def _anywhere(asked: _Asked) -> _Found:
    page = search_in(asked.connection, asked.request(), asked.lexicon)
    if asked.query.position and page.next_after:
        request = replace(asked.request(), near=asked.query.position)
        page = search_in(asked.connection, request, asked.lexicon)
    return page.results


def _is_near(result: Result) -> bool:
    return result.distance_m is not None and result.distance_m <= HALF_M


def _with_distances(found: Sequence[Result], origin: Origin) -> list[Result]:
    placed = [result for result in found if result.lon is not None and result.lat is not None]
    metres = origin.distances_m([(one.lon, one.lat) for one in placed])
    known = dict(zip(map(id, placed), metres, strict=True))
    return [one._replace(distance_m=known.get(id(one))) for one in found]
