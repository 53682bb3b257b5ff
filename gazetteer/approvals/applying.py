"""Applying for a name (申请命名、更名、停止使用): receiving, correcting, withdrawing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import inf
from typing import Any, Final

import orjson
from sqlalchemy import Connection, select

from data.actors import Actor
from data.errors import Fault, FaultsFound, InvalidValue, NotFound
from data.reference import find_term, terms
from data.store import Store
from gazetteer.approvals.authorities import Bodies, Body, authority_of, bodies_of
from gazetteer.approvals.cases import begin, check_day, finish, remember
from gazetteer.approvals.checking import checked_report
from gazetteer.approvals.papers import NewPaper, insert_paper, paper_values
from gazetteer.approvals.steps import steps
from gazetteer.approvals.tables import approval
from gazetteer.division_path import codes_above, in_force
from gazetteer.names import clean_name, search_keys
from gazetteer.rules import NameClass, find_class
from gazetteer.search import Lexicon, lexicon_of
from gazetteer.tables import place

NAMING, RENAMING, ENDING = "naming", "renaming", "ending"
OPEN: Final = ("applied", "returned", "accepted")
_HIGHEST_LON, _HIGHEST_LAT = 180, 90
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    NAMING: ("name", "reasons", "position", "extent", "nature"),
    RENAMING: ("name", "reasons", "position", "extent", "nature", "place_id"),
    ENDING: ("reasons", "place_id"),
}
"""What an application gives (L753 Art 11: plan and reasons; position, size, nature)."""
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "name": ("拟用名称", "the proposed name"),
    "reasons": ("理由", "the reasons"),
    "position": ("位置", "the position"),
    "extent": ("范围（规模）", "the extent"),
    "nature": ("性质", "the nature"),
    "place_id": ("现有地名编号", "the place whose name it is about"),
}


@dataclass(frozen=True, slots=True)
class Application:
    """What somebody applies for, as it was typed; empty texts and None were not given.

    Attributes:
        kind: naming, renaming or ending, by any of its words.
        name_class: a class of names or a category, by code or in words.
        division: the code of the division it lies in.
        name: the proposed name; of an ending it is the place's own.
        romanization, name_mong: its other forms, as they are to be approved.
        place_id: the place to be renamed or ended; successor_place_id what takes its place.
        reasons, position, extent, nature, meaning, origin: in words.
        lon, lat: where, in the store's system.
        measures: sizes by measure, such as `area_m2`, for the rules of generic terms.
        applicant: who applies, where the table of authorities does not say it.
        approving_body, approving_division: who decides, where the law leaves it open.
        applied_on: the day of the application; today by default.
    """

    kind: str
    name_class: str
    division: str
    name: str = ""
    romanization: str = ""
    name_mong: str = ""
    place_id: int | None = None
    successor_place_id: int | None = None
    reasons: str = ""
    position: str = ""
    extent: str = ""
    nature: str = ""
    meaning: str = ""
    origin: str = ""
    lon: float | None = None
    lat: float | None = None
    measures: Mapping[str, float] = field(default_factory=dict)
    applicant: str = ""
    approving_body: str = ""
    approving_division: str = ""
    applied_on: date | None = None


@dataclass(frozen=True, slots=True)
class _Understood:
    """An application whose words have been looked up."""

    asked: Application
    kind: str
    name_class: NameClass
    category_code: str
    bodies: Bodies


def apply(
    store: Store,
    application: Application,
    actor: Actor,
    today: date,
    papers: Sequence[NewPaper] = (),
) -> int:
    """Receive an application with its papers, check its name, and return its id.

    Raises:
        InvalidFile, FileTooLarge, UnknownFormat: a paper cannot be kept; see `add_paper`.
        FaultsFound: what it lacks or has wrong, all at once.
        InvalidValue: a class, kind, division or date that does not exist or has ended.
        NoAuthority: no body is stated that decides about the class.
        Forbidden: the actor may not apply for that division.
        NotFound: the place is not there.
    """
    kept = [(paper, paper_values(paper)) for paper in papers]
    with store.write(
        actor.name, f"apply: {application.kind} {application.name}"[:200]
    ) as transaction:
        connection = transaction.connection
        understood = _understand(connection, application, today)
        step = steps()["submit"]
        path = codes_above(connection, application.division)
        actor.require(step.roles, path, f"{step.en} ({step.zh})")
        values = _values(connection, understood, today)
        values |= checked_report(
            connection, lexicon_of(store, connection), values, (), transaction.at
        )
        values["state"] = step.target
        identity = transaction.insert(approval, values)
        case = {**dict.fromkeys(c.name for c in approval.c), **values, "id": identity, "version": 1}
        remember(transaction, case, step.code, values["applied_on"], None)
        for paper, written in kept:
            insert_paper(transaction, identity, paper, written)
        return identity


def amend(
    store: Store, identity: int, version: int, changes: Mapping[str, Any], actor: Actor, today: date
) -> None:
    """Correct an application that is not yet under review; its name is checked anew.

    Args:
        store: the store.
        identity: the case.
        version: the version the actor saw.
        changes: fields of `Application` by name.
        actor: who corrects it.
        today: the day.

    Raises:
        Conflict, WrongStep, Forbidden: somebody else acted, or it may not be corrected now.
        FaultsFound, InvalidValue, NoAuthority, NotFound: as `apply` says.
    """
    with store.write(actor.name, f"amend application {identity}") as transaction:
        connection = transaction.connection
        case, step = begin(connection, identity, "amend", actor, version)
        asked = replace(_as_typed(case), **changes)
        understood = _understand(connection, asked, today, identity)
        values = _values(connection, understood, today)
        lexicon: Lexicon = lexicon_of(store, connection)
        values |= checked_report(connection, lexicon, case | values, (identity,), transaction.at)
        finish(transaction, case, step, today, values)


def withdraw(
    store: Store, identity: int, version: int, note: str, actor: Actor, today: date
) -> None:
    """Take an application back before it is decided.

    Raises:
        Conflict, WrongStep, Forbidden: somebody else acted, or it is decided already.
    """
    with store.write(actor.name, f"withdraw application {identity}") as transaction:
        case, step = begin(transaction.connection, identity, "withdraw", actor, version)
        finish(transaction, case, step, today, {}, note)


def _as_typed(case: Mapping[str, Any]) -> Application:
    texts = (
        "kind", "name", "romanization", "name_mong", "reasons", "position", "extent", "nature",
        "meaning", "origin", "applicant",
    )  # fmt: skip
    return Application(
        name_class=case["name_class"],
        division=case["division_code"],
        place_id=case["place_id"],
        successor_place_id=case["successor_place_id"],
        lon=case["lon"],
        lat=case["lat"],
        measures=orjson.loads(case["measures"] or "{}"),
        approving_body=case["approving_body"],
        approving_division=case["approving_code"] or "",
        applied_on=case["applied_on"],
        **{name: case[name] or "" for name in texts},
    )


def _understand(
    connection: Connection, asked: Application, today: date, own: int = 0
) -> _Understood:
    term = find_term("approval_kinds", asked.kind)
    if term is None:
        known = ", ".join(one.code for one in terms("approval_kinds"))
        raise InvalidValue(
            "kind", asked.kind, "this names no kind of application", f"give one of {known}",
            f"“{asked.kind[:20]}”不是申请类型；可用：{known}",
        )  # fmt: skip
    name_class, category = find_class(asked.name_class)
    path = in_force(connection, asked.division)
    check_day("applied_on", asked.applied_on or today, None, today, "")
    faults = [*_faults(asked, term.code), *_place_faults(connection, asked, term.code, own)]
    if asked.place_id is not None:
        found = _read_place(connection, asked.place_id)["category_code"]
        faults += _category_faults(name_class, found)
        category = found or category
    if faults:
        raise FaultsFound(faults)
    authority = authority_of(name_class, term.code)
    stated = None
    if asked.approving_body:
        body = asked.approving_body
        stated = Body(body, body, asked.approving_division or asked.division)
    bodies = bodies_of(authority, path, stated, asked.applicant)
    return _Understood(asked, term.code, name_class, category, bodies)


def _faults(asked: Application, kind: str) -> Iterator[Fault]:
    for name in _NEEDED[kind]:
        if getattr(asked, name) in {"", None}:
            zh, en = _WORDS[name]
            yield Fault("missing", None, name, "", f"缺少{zh}；请补填", f"{en} is missing; give it")
    if (asked.lon is None) != (asked.lat is None) or not _is_position(asked):
        yield Fault(
            "invalid-value", None, "lon", f"{asked.lon}, {asked.lat}",
            "经纬度应同时填写，且在有效范围内",
            "longitude and latitude are given together, within ±180 and ±90",
        )  # fmt: skip
    for measure, value in asked.measures.items():
        if not isinstance(value, int | float) or not 0 <= value < inf:  # NaN is neither
            yield Fault(
                "invalid-value", None, f"measures.{measure}", str(value)[:40],
                "应为不小于零的数值", "a size is a number from 0 on",
            )  # fmt: skip


def _is_position(asked: Application) -> bool:
    if asked.lon is None or asked.lat is None:
        return True
    return abs(asked.lon) <= _HIGHEST_LON and abs(asked.lat) <= _HIGHEST_LAT


def _place_faults(
    connection: Connection, asked: Application, kind: str, own: int
) -> Iterator[Fault]:
    """What is wrong with the places that an application names."""
    if asked.successor_place_id is not None:
        _read_place(connection, asked.successor_place_id)
    if asked.place_id is None:
        return
    found = _read_place(connection, asked.place_id)
    said = str(asked.place_id)
    if kind == NAMING:
        yield Fault(
            "invalid-value", None, "place_id", said, "命名申请不填写现有地名；更名请选择“更名”",
            "a naming has no place yet; to change a name, apply for a renaming",
        )  # fmt: skip
    if found["status"] == "former":
        yield Fault(
            "invalid-value", None, "place_id", said, f"“{found['name']}”已停止使用",
            f"the name {found['name']} is no longer in use",
        )  # fmt: skip
    if kind == RENAMING and asked.name.strip() and clean_name(asked.name) == found["name"]:
        yield Fault(
            "invalid-value", None, "name", asked.name, "拟用名称与现名相同",
            "the proposed name is the present one",
        )  # fmt: skip
    if asked.successor_place_id == asked.place_id:
        yield Fault(
            "invalid-value", None, "successor_place_id", said, "继任地名不能是其自身",
            "a place cannot take its own place",
        )  # fmt: skip
    other = connection.scalar(
        select(approval.c.id).where(
            approval.c.place_id == asked.place_id,
            approval.c.state.in_((*OPEN,)),
            approval.c.id != own,
        )
    )
    if other is not None:
        yield Fault(
            "invalid-value", None, "place_id", said, f"该地名已有在办申请 {other}",
            f"application {other} about this place is in hand",
        )  # fmt: skip


def _category_faults(name_class: NameClass, category_code: str | None) -> Iterator[Fault]:
    """A place's own category decides about its class, where it has one."""
    if category_code is not None and not category_code.startswith(name_class.categories):
        yield Fault(
            "invalid-value", None, "class", name_class.code,
            f"该地名的类别代码为 {category_code}，不属于“{name_class.zh}”",
            f"the place's category is {category_code}, which is not of {name_class.en}",
        )  # fmt: skip


def _read_place(connection: Connection, identity: int) -> Mapping[str, Any]:
    row = (
        connection.execute(
            select(place.c.name, place.c.status, place.c.category_code).where(
                place.c.id == identity
            )
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound(f"there is no place {identity}", f"没有编号为 {identity} 的地名")
    return dict(row)


def _values(connection: Connection, understood: _Understood, today: date) -> dict[str, Any]:
    """The case's columns that follow from the application."""
    asked, bodies = understood.asked, understood.bodies
    former = _read_place(connection, asked.place_id)["name"] if asked.place_id else None
    name = clean_name(former or "" if understood.kind == ENDING else asked.name)
    filing = bodies.filing
    texts = ("romanization", "reasons", "position", "extent", "nature", "meaning", "origin")
    return {
        "kind": understood.kind,
        "name_class": understood.name_class.code,
        "category_code": understood.category_code,
        "name": name,
        "pinyin": search_keys(name).pinyin or None,
        "name_mong": asked.name_mong or None,
        "place_id": asked.place_id,
        "former_name": former,
        "successor_place_id": asked.successor_place_id,
        "division_code": asked.division,
        "applicant": bodies.applicant or "—",
        **{text: getattr(asked, text) or None for text in texts},
        "lon": asked.lon,
        "lat": asked.lat,
        "measures": orjson.dumps(dict(asked.measures)).decode() if asked.measures else None,
        "authority": bodies.authority.code,
        "approving_body": bodies.approving.zh,
        "approving_code": bodies.approving.division_code,
        "filing_body": filing.zh if filing else None,
        "filing_code": filing.division_code if filing else None,
        "announcing_body": bodies.announcing.zh,
        "announcing_code": bodies.announcing.division_code,
        "filing_clock": bodies.authority.filing_clock or None,
        "announcement_clock": bodies.authority.announcement_clock,
        "applied_on": asked.applied_on or today,
    }
