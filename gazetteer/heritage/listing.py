"""Nominating, listing, removing (推荐、列入、移出); the place's flag follows the state."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, select

from data.actors import Actor, Role
from data.errors import Conflict, Fault, FaultsFound, InvalidValue
from data.reference import load_table
from data.store import Store
from data.transaction import Transaction
from gazetteer.division_path import codes_above, path_of
from gazetteer.errors import NotListable
from gazetteer.heritage.criteria import Evidence, judge, years_between
from gazetteer.heritage.entries import (
    CANDIDATE,
    CHANGEABLE,
    KEEPERS,
    LISTED,
    REMOVED,
    check_day,
    code_of,
    evidence_of,
    read_entry,
    read_place,
)
from gazetteer.heritage.tables import heritage, heritage_evidence
from gazetteer.tables import place

_OTHER: Final = "other"
_NATION: Final = "nation"
_OLDEST: Final = -5000
_NO_YEAR: Final = (
    "年份有误（公元前为负数，没有公元 0 年）",
    "no such year; before our era it is negative, and there is no year 0",
)


@dataclass(frozen=True, slots=True)
class Nomination:
    """A name that somebody puts forward for a list.

    Attributes:
        place_id: the place.
        list_level, category: by any word of their tables.
        first_record, first_record_source: the first written record, and where it stands.
        first_record_year: its year, negative before our era; None where it is not known.
        evidence: for the criteria of the category, and whatever else speaks for it.
        measures, custodian, intangible_link, remark: as far as they are known.
    """

    place_id: int
    list_level: str
    category: str
    first_record: str
    first_record_source: str
    first_record_year: int | None = None
    evidence: Sequence[Evidence] = ()
    measures: str = ""
    custodian: str = ""
    intangible_link: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The decision that lists a name: day, document, batch."""

    listed_on: date
    document: str
    batch: str


def nominate(store: Store, nomination: Nomination, actor: Actor, today: date) -> int:
    """Put a name forward; the id of the entry.

    Raises:
        FaultsFound: what it lacks or has wrong, all at once.
        InvalidValue: an unknown level or category.
        NotFound: there is no such place.
        Conflict: the place is on that list already.
        Forbidden: the actor keeps no names in the place's division.
    """
    level = code_of("list_level", nomination.list_level, "heritage_levels")
    category = code_of("category", nomination.category, "heritage_categories")
    with store.write(actor.name, f"nominate place {nomination.place_id}") as transaction:
        connection = transaction.connection
        row = read_place(connection, nomination.place_id)
        path = codes_above(connection, row["division_code"])
        actor.require(KEEPERS, path, "nominate a heritage name (推荐地名文化遗产)")
        faults = [*_faults(nomination, category, row, today)]
        if faults:
            raise FaultsFound(faults)
        _check_once(connection, nomination.place_id, level)
        identity = transaction.insert(heritage, _values(nomination, level, category, row, today))
        transaction.insert_many(
            heritage_evidence,
            (
                {
                    "heritage_id": identity,
                    "criterion": one.criterion,
                    "since_year": one.since_year,
                    "interruptions": one.interruptions or None,
                    "evidence": one.evidence,
                    "source": one.source,
                }
                for one in nomination.evidence
            ),
        )
        return identity


def _faults(
    nomination: Nomination, category: str, row: Mapping[str, Any], today: date
) -> Iterator[Fault]:
    if row["status"] == "former":
        yield _fault("place_id", nomination.place_id, "该地名已停止使用", "the name is not in use")
    if not row["division_code"]:
        yield _fault("place_id", nomination.place_id, "该地名没有所在行政区", "it has no division")
    for column in ("first_record", "first_record_source"):
        if not getattr(nomination, column).strip():
            yield _fault(column, "", "请填写最早文献记载及其出处", "give the first written record")
    year = nomination.first_record_year
    if year is not None and not _is_year(year, today):
        yield _fault("first_record_year", year, *_NO_YEAR)
    yield from _evidence_faults(nomination, category, today)


def _evidence_faults(nomination: Nomination, category: str, today: date) -> Iterator[Fault]:
    known = {one.criterion.code for one in judge(category, (), today.year)} | {_OTHER}
    for one in nomination.evidence:
        if not _is_year(one.since_year, today):
            yield _fault("evidence", one.since_year, *_NO_YEAR)
        if one.criterion not in known:
            listed = ", ".join(sorted(known))
            yield _fault("evidence", one.criterion, f"认定条件应为：{listed}", f"one of {listed}")
        if not one.evidence.strip() or not one.source.strip():
            yield _fault(
                "evidence", one.criterion, "证据及出处不能为空", "give evidence and source"
            )


def _is_year(year: int, today: date) -> bool:
    return year != 0 and _OLDEST <= year <= today.year


def _fault(column: str, value: object, zh: str, en: str) -> Fault:
    return Fault("invalid-value", None, column, str(value)[:40], zh, en)


def _values(
    nomination: Nomination, level: str, category: str, row: Mapping[str, Any], today: date
) -> dict[str, Any]:
    year = nomination.first_record_year
    texts = (*CHANGEABLE, "first_record", "first_record_source")
    return {
        "place_id": nomination.place_id,
        "name": row["name"],
        "division_code": row["division_code"],
        "list_level": level,
        "category": category,
        "state": CANDIDATE,
        "first_record_year": year,
        "years_in_use": None if year is None else years_between(year, today.year),
        "synthetic": row["synthetic"],
        "geom": row["geom"],
        **{text: getattr(nomination, text) or None for text in texts},
    }


def put_on_list(
    store: Store, identity: int, version: int, listing: Listing, actor: Actor, today: date
) -> None:
    """List a candidate, or a name that was removed; the place is heritage from now on.

    Raises:
        NotListable: a criterion of the category is not met, or there are no measures.
        InvalidValue: the document or the batch is missing, or the day lies after today.
        Conflict, NotFound: it has changed since, is listed already, was removed and its place
            has another entry of that list, or is not there.
        Forbidden: the actor approves nothing at the level of the list.
    """
    with store.write(actor.name, f"list heritage {identity}") as transaction:
        connection = transaction.connection
        row = read_entry(connection, identity, version)
        _require_list(connection, row, actor)
        if row["state"] == LISTED:
            raise Conflict(f"heritage {identity} is listed already", f"条目 {identity} 已在名录中")
        if row["state"] == REMOVED:
            _check_once(connection, row["place_id"], row["list_level"])
        check_day("listed_on", listing.listed_on, today)
        for column, text in (("document", listing.document), ("batch", listing.batch)):
            if not text.strip():
                raise InvalidValue(
                    column, text, "a listing has a document and a batch", "give it",
                    "列入名录须有文件和批次；请填写",
                )  # fmt: skip
        _check_criteria(connection, row, listing.listed_on.year)
        values = {
            "state": LISTED,
            "listed_on": listing.listed_on,
            "listing_document": listing.document,
            "batch": listing.batch,
            "removed_on": None,
            "removal_reason": None,
        }
        transaction.update(heritage, identity, version, values)
        _follow(transaction, row["place_id"])


def _check_criteria(connection: Connection, row: Mapping[str, Any], year: int) -> None:
    if not (row["measures"] or "").strip():
        raise NotListable(
            f"heritage {row['id']} has no protective measures; a list protects (Order 753, Art 25)",
            f"条目 {row['id']} 缺少保护措施（《地名管理条例》第二十五条）；请补充后再列入",
        )
    failed = [
        one
        for one in judge(row["category"], evidence_of(connection, row["id"]), year)
        if not one.met
    ]
    if failed:
        told = "; ".join(
            f"{one.criterion.en}: {one.years or 0} of {one.criterion.minimum_years} years"
            for one in failed
        )
        told_zh = "；".join(
            f"{one.criterion.zh}：{one.years or 0} 年，应不少于 {one.criterion.minimum_years} 年"
            for one in failed
        )
        raise NotListable(
            f"heritage {row['id']} does not meet its category: {told}",
            f"条目 {row['id']} 不符合认定条件：{told_zh}",
        )


def remove_from_list(
    store: Store,
    identity: int,
    version: int,
    removed_on: date,
    reason: str,
    actor: Actor,
    today: date,
) -> None:
    """Take a name off its list; the place is heritage only while another list has it.

    Raises:
        InvalidValue: there is no reason, or the day lies before the listing or after today.
        Conflict, NotFound: it has changed since, is not listed, or is not there.
        Forbidden: the actor approves nothing at the level of the list.
    """
    with store.write(actor.name, f"remove heritage {identity}") as transaction:
        connection = transaction.connection
        row = read_entry(connection, identity, version)
        _require_list(connection, row, actor)
        if row["state"] != LISTED:
            raise Conflict(f"heritage {identity} is not listed", f"条目 {identity} 不在名录中")
        if not reason.strip():
            raise InvalidValue(
                "reason", reason, "a removal has a reason", "give it", "移出名录须说明理由"
            )
        check_day("removed_on", removed_on, today, row["listed_on"])
        values = {"state": REMOVED, "removed_on": removed_on, "removal_reason": reason}
        transaction.update(heritage, identity, version, values)
        _follow(transaction, row["place_id"])


def _follow(transaction: Transaction, place_id: int) -> None:
    """The place's flag: whether some list has it."""
    connection = transaction.connection
    listed = connection.scalar(
        select(heritage.c.id)
        .where(heritage.c.place_id == place_id, heritage.c.state == LISTED)
        .limit(1)
    )
    row = read_place(connection, place_id)
    if bool(row["heritage"]) != (listed is not None):
        transaction.update(place, place_id, row["version"], {"heritage": listed is not None})


def _check_once(connection: Connection, place_id: int, level: str) -> None:
    """Refuse a second entry of a place on one list; those that were removed do not count."""
    other = connection.scalar(
        select(heritage.c.id).where(
            heritage.c.place_id == place_id,
            heritage.c.list_level == level,
            heritage.c.state != REMOVED,
        )
    )
    if other is not None:
        raise Conflict(
            f"place {place_id} is entry {other} of that list already",
            f"地名 {place_id} 已是该级名录的条目 {other}",
        )


def _require_list(connection: Connection, row: Mapping[str, Any], actor: Actor) -> None:
    """The list belongs to the division of its level around the place; the nation's to nobody's."""
    level = next(
        one["division_level"]
        for one in load_table("heritage_levels")
        if one["code"] == row["list_level"]
    )
    path = path_of(connection, row["division_code"])
    own = next((d for d in path if d.level == level), None)
    codes = codes_above(connection, own.code) if own and level != _NATION else []
    actor.require((Role.APPROVER,), codes, "decide about the list (审定名录)")
