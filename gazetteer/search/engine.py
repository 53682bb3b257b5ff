"""Searching the names of a store (检索)."""

from functools import cache
from itertools import islice
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import Connection

from data.errors import InvalidValue
from data.journal import HEAD_KEY
from data.store import Store
from gazetteer.search.hits import Hit, hits_after
from gazetteer.search.lexicon import Lexicon, read_lexicon
from gazetteer.search.plan import Plan, make_plan
from gazetteer.search.request import SearchRequest
from gazetteer.search.results import Page, Result, reason, spans_of
from gazetteer.search.running import run
from gazetteer.search.tables import DIVISION

_MARK: Final = "SELECT value FROM store_meta WHERE key = ?"
_LONGEST_CURSOR: Final = 30
_MOST_ORDINAL: Final = 2**62

_lexicons: WeakKeyDictionary[Store, tuple[str, Lexicon]] = WeakKeyDictionary()


def search(store: Store, request: SearchRequest) -> Page:
    """One page of places and divisions by any form of their names.

    Raises:
        InvalidValue: the text is empty or too long, a filter names nothing, or `after` is not
            a page of this query.
    """
    if request.near and not _is_geographic(store.crs):
        raise InvalidValue(
            "near",
            request.near,
            f"the positions of this store are not degrees ({store.crs})",
            "leave it out",
            f"本库坐标不是经纬度（{store.crs}）；请不要使用就近排序",
        )
    with store.read() as connection:
        return search_in(connection, request, lexicon_of(store, connection))


@cache
def _is_geographic(crs: str) -> bool:
    from pyproj import CRS

    return CRS.from_user_input(crs).is_geographic


def lexicon_of(store: Store, connection: Connection) -> Lexicon:
    """The divisions of a store, read anew after each write."""
    found = run(connection, _MARK, (HEAD_KEY,))
    mark = str(found[0][0]) if found else ""
    kept = _lexicons.get(store)
    if kept is None or kept[0] != mark:
        kept = (mark, read_lexicon(connection))
        _lexicons[store] = kept
    return kept[1]


def search_in(connection: Connection, request: SearchRequest, lexicon: Lexicon) -> Page:
    """The same on a connection, with the divisions of the state that it reads."""
    plan = make_plan(connection, request, lexicon)
    after = _parse_cursor(plan, request.after)
    hits = list(islice(hits_after(connection, plan, after, lexicon), request.limit + 1))
    shown = hits[: request.limit]
    cursor = f"{shown[-1].step}.{shown[-1].form.ordinal}" if len(hits) > len(shown) else None
    steered = (plan.steered.code, plan.steered.name) if plan.steered else None
    return Page(tuple(_result(plan, hit, lexicon) for hit in shown), cursor, steered)


def _parse_cursor(plan: Plan, text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    step, _, ordinal = text.partition(".")
    if len(text) <= _LONGEST_CURSOR and step.isdecimal() and ordinal.isdecimal():
        place = (int(step), int(ordinal))
        if place[0] < len(plan.steps) and place[1] < _MOST_ORDINAL:
            return place
    raise InvalidValue(
        "after",
        text,
        "not a page of this query",
        "take it from the page before, with the same query and filters",
        "不是本次查询的分页标记；请使用上一页返回的值，并保持查询条件不变",
    )


def _result(plan: Plan, hit: Hit, lexicon: Lexicon) -> Result:
    arm, form = plan.steps[hit.step].arm, hit.form
    zh, en = reason(arm, form.text)
    return Result(
        feature="division" if form.feature == DIVISION else "place",
        id=form.target_id,
        name=form.display,
        matched=form.text,
        language=form.language,
        kind=form.kind,
        way=arm.way,
        spans=spans_of(arm, form),
        why_zh=zh,
        why_en=en,
        standing=form.standing,
        division_code=form.division_code,
        path=lexicon.path_names(form.division_code, plan.request.as_of),
        category_code=form.category_code,
        status=form.status,
        heritage=bool(form.heritage),
        lon=form.lon,
        lat=form.lat,
        distance_m=hit.distance_m,
    )
