"""Searching the names of a store (检索)."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import islice
from typing import Final

from sqlalchemy import Connection

from data.errors import InvalidValue, NotReady, TooCostly
from data.limiting import limited
from data.store import Store
from gazetteer.search.arm import Arm
from gazetteer.search.arms import Asked, first_arms, second_arms
from gazetteer.search.candidates import candidates
from gazetteer.search.conditions import holds
from gazetteer.search.filters import within_condition
from gazetteer.search.forms import COLUMNS, division_form
from gazetteer.search.hits import Hit, hits_after, opening_hits
from gazetteer.search.indexing import index_state
from gazetteer.search.keeping import known_lexicon, lexicon_in, newest_lexicon
from gazetteer.search.lexicon import DivisionEntry, Lexicon
from gazetteer.search.nearest import nearest_places
from gazetteer.search.nearness import Origin, places_around
from gazetteer.search.plan import Plan, Step, make_plan, opens_with_all
from gazetteer.search.request import SearchRequest
from gazetteer.search.results import Page, Result, reason, spans_of
from gazetteer.search.rows import FormRow
from gazetteer.search.running import run
from gazetteer.search.statements import Condition, forms_text
from gazetteer.search.tables import DIVISION, PLACE
from gazetteer.search.ways import Pass
from gazetteer.search.whole import whole_matches

_LONGEST_CURSOR: Final = 30
_MOST_AROUND: Final = 2_000
_MOST_ORDINAL: Final = 2**62


def search(store: Store, request: SearchRequest) -> Page:
    """One page of places and divisions by any form of their names.

    Raises:
        InvalidValue: the text is empty or too long, a filter names nothing, or `after` is not
            a page of this query.
        NotReady: the index is being made.
    """
    with store.read() as connection:
        return search_with(store, connection, request)


def search_with(
    store: Store, connection: Connection, request: SearchRequest, state: str | None = None
) -> Page:
    """The same on a reading connection of the store, whose `index_state` may be known.

    Raises:
        InvalidValue, NotReady: as `search` does.
    """
    if request.near and not is_geographic(store.crs):
        raise InvalidValue(
            "near",
            request.near,
            f"the positions of this store are not degrees ({store.crs})",
            "leave it out",
            f"本库坐标不是经纬度（{store.crs}）；请不要使用就近排序",
        )
    state = state or index_state(connection)
    if state is None:
        raise NotReady(
            "the text index is being made; ask again in a minute",
            "检索索引正在建立；请稍后再试",
        )
    return search_in(connection, request, lexicon_in(store, connection, state))


def search_at_once(
    store: Store, connection: Connection, request: SearchRequest, state: str, limit_s: float
) -> Page | None:
    """The same page where making it takes a moment; None where it may take longer.

    That is where the divisions have to be read first, where the first pass finds nothing, or where
    the statements take longer than `limit_s`. For a file alone.
    """
    lexicon = None if request.near else known_lexicon(store, connection, state)
    if lexicon is None:
        return None
    try:
        with limited(connection, limit_s):
            page = search_in(connection, request, lexicon, first_alone=True)
    except TooCostly:
        return None
    return page if page.results or request.second == "never" else None


def search_by_statement(store: Store, request: SearchRequest) -> tuple[str, Page] | None:
    """The same page by one statement of a server, and the `index_state` of which it is.

    None where one does not suffice: another state than the divisions at hand are of, a page that
    the first ways of matching do not fill, a long text, a filter by an index, a further page.

    Raises:
        InvalidValue: as `search` does.
    """
    told_further = request.after, request.near, request.within, request.category
    if store.embedded or any(told_further) or not opens_with_all(request.text):
        return None
    kept = newest_lexicon(store)
    if kept is None:
        return None
    with store.read_statement() as connection:
        plan = make_plan(connection, request, kept.lexicon)
        state, hits = opening_hits(connection, plan, kept.lexicon)
    if state != kept.state or len(hits) <= request.limit:
        return None
    return kept.state, _page(plan, hits, kept.lexicon)


def suggest(store: Store, request: SearchRequest) -> Page:
    """What a name that is being typed may become: the same order, never the second pass.

    Raises:
        InvalidValue, NotReady: as `search` does.
    """
    return search(store, replace(request, second="never"))


def suggest_with(
    store: Store, connection: Connection, request: SearchRequest, state: str | None = None
) -> Page:
    """The same on a reading connection of the store, whose `index_state` may be known."""
    return search_with(store, connection, replace(request, second="never"), state)


@cache
def is_geographic(crs: str) -> bool:
    """Whether positions of a reference system are degrees."""
    from pyproj import CRS

    return CRS.from_user_input(crs).is_geographic


def search_in(
    connection: Connection, request: SearchRequest, lexicon: Lexicon, *, first_alone: bool = False
) -> Page:
    """The same on a connection, with the divisions of the state that it reads.

    `first_alone` leaves out the second pass, whatever the request says of it.
    """
    plan = make_plan(connection, request, lexicon)
    after = _parse_cursor(plan, request.after)
    wanted = "never" if first_alone else request.second
    hits = list(islice(hits_after(connection, plan, after, lexicon, wanted), request.limit + 1))
    return _page(plan, hits, lexicon)


def _page(plan: Plan, hits: list[Hit], lexicon: Lexicon) -> Page:
    """The page of a plan's hits, which may be one more than it has room for."""
    shown = hits[: plan.request.limit]
    cursor = f"{shown[-1].step}.{shown[-1].form.ordinal}" if len(hits) > len(shown) else None
    steered = (plan.steered.code, plan.steered.name) if plan.steered else None
    return Page(tuple(_result(plan, hit, lexicon) for hit in shown), cursor, steered)


def similar_around(
    connection: Connection, text: str, origin: Origin, half_side: float, lexicon: Lexicon
) -> list[Result]:
    """The places near a position whose names match a text in any way, the second pass included.

    Args:
        connection: a reading connection.
        text: a name.
        origin: the position.
        half_side: how far to look, in degrees.
        lexicon: the divisions, for the paths.
    """
    asked = Asked.of(text)
    arms = [*first_arms(asked), *second_arms(asked)]
    best: dict[tuple[int, int], tuple[int, FormRow]] = {}
    for form in places_around(connection, origin, half_side, _MOST_AROUND):
        way = next((number for number, arm in enumerate(arms) if holds(arm, form)), None)
        if way is not None and way < best.get(form.target, (len(arms), form))[0]:
            best[form.target] = (way, form)
    ordered = sorted(best.values(), key=lambda pair: (pair[0], pair[1].ordinal))
    return [_shown(form, arms[way], lexicon, None, None) for way, form in ordered]


def whole_results(
    connection: Connection, texts: Collection[str], lexicon: Lexicon
) -> dict[str, list[Result]]:
    """What each of many texts names as a whole, in the order of results; no filters."""
    found = whole_matches(connection, texts)
    return {
        text: [_shown(form, arm, lexicon, None, None) for arm, form in matches]
        for text, matches in found.items()
    }


def longer_results(
    connection: Connection,
    text: str,
    lexicon: Lexicon,
    count: int,
    within: DivisionEntry | None = None,
) -> list[Result]:
    """The first names that begin with a text and go on, in the order of results."""
    arm = next((arm for arm in first_arms(Asked.of(text)) if arm.way is Pass.PREFIX), None)
    if arm is None:
        return []
    step = Step(arm, within_condition(within, lexicon) if within else Condition())
    found: dict[tuple[int, int], FormRow] = {}
    for form in candidates(connection, step, -1, count):
        if holds(arm, form):
            found.setdefault(form.target, form)
        if len(found) == count:
            break
    return [_shown(form, arm, lexicon, None, None) for form in found.values()]


def nearest_results(
    connection: Connection, origin: Origin, count: int, lexicon: Lexicon
) -> list[Result]:
    """The nearest places, whatever their names."""
    arm = Arm(Pass.EXACT, "", "standard")
    return [
        _shown(form, arm, lexicon, None, metres)
        for form, metres in nearest_places(connection, origin, count)
    ]


def result_of(
    connection: Connection, feature: str, target_id: int, lexicon: Lexicon
) -> Result | None:
    """The place or division of an identity as a result; None where there is none.

    A division that stands among the places too has no forms of its own in the index.
    """
    sql = forms_text(1, "")
    number = DIVISION if feature == "division" else PLACE
    rows = sorted(run(connection, sql, (number, target_id)))
    form = FormRow._make(rows[0]) if rows else None
    if form is None and number == DIVISION:
        form = _division_of(connection, target_id)
    if form is None:
        return None
    return _shown(form, Arm(Pass.EXACT, "", "standard"), lexicon, None, None)


def _division_of(connection: Connection, identity: int) -> FormRow | None:
    form = division_form(connection, identity)
    if form is None:
        return None
    named = dict(zip(COLUMNS, form.values, strict=True)) | {"ordinal": 0}
    return FormRow._make(named[name] for name in FormRow._fields)


def _parse_cursor(plan: Plan, text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    step, _, ordinal = text.partition(".")
    if len(text) <= _LONGEST_CURSOR and step.isdecimal() and ordinal.isdecimal():
        place = (int(step), int(ordinal))
        if place[0] < plan.count and place[1] < _MOST_ORDINAL:
            return place
    raise InvalidValue(
        "after",
        text,
        "not a page of this query",
        "take it from the page before, with the same query and filters",
        "不是本次查询的分页标记；请使用上一页返回的值，并保持查询条件不变",
    )


def _result(plan: Plan, hit: Hit, lexicon: Lexicon) -> Result:
    arm, day = plan.step(hit.step).arm, plan.request.as_of
    return _shown(hit.form, arm, lexicon, day, hit.distance_m)


def _shown(
    form: FormRow, arm: Arm, lexicon: Lexicon, as_of: date | None, distance_m: float | None
) -> Result:
    zh, en = reason(arm, form.text)
    return Result(  # in order: by name it takes twice as long, and a page has many
        "division" if form.feature == DIVISION else "place",
        form.target_id,
        form.display,
        form.text,
        form.language,
        form.kind,
        arm.way,
        spans_of(arm, form),
        zh,
        en,
        form.standing,
        form.division_code,
        _path(form, lexicon, as_of),
        form.category_code,
        form.status,
        bool(form.heritage),
        form.lon,
        form.lat,
        distance_m,
    )


def _path(form: FormRow, lexicon: Lexicon, as_of: date | None) -> tuple[str, ...]:
    """The path on the day; of a division that is no more, that of its last day."""
    if form.feature == DIVISION and as_of is None:
        last = lexicon.last_path_names(form.target_id)
        if last is not None:
            return last
    return lexicon.path_names(form.division_code, as_of)
