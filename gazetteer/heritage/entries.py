"""One entry of a list as the store has it, and what every change of it asks first."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, select

from data.actors import Actor, Role
from data.errors import Conflict, InvalidValue, NotFound
from data.reference import find_term, terms
from gazetteer.division_path import codes_above
from gazetteer.heritage.criteria import Evidence
from gazetteer.heritage.tables import heritage, heritage_evidence
from gazetteer.tables import place

KEEPERS: Final = (Role.EDITOR, Role.APPROVER)
CANDIDATE, LISTED, REMOVED = "candidate", "listed", "removed"
CHANGEABLE: Final = ("measures", "custodian", "intangible_link", "remark")


def evidence_of(connection: Connection, identity: int) -> list[Evidence]:
    """The evidence of an entry, in the order it was given."""
    columns = ("criterion", "since_year", "evidence", "source", "interruptions")
    rows = connection.execute(
        select(*[heritage_evidence.c[name] for name in columns])
        .where(heritage_evidence.c.heritage_id == identity)
        .order_by(heritage_evidence.c.id)
    )
    return [Evidence(r[0], r[1], r[2], r[3], r[4] or "") for r in rows]


def read_place(connection: Connection, identity: int) -> dict[str, Any]:
    """A place's record.

    Raises:
        NotFound: there is none of that id.
    """
    row = connection.execute(select(place).where(place.c.id == identity)).mappings().first()
    if row is None:
        raise NotFound(f"there is no place {identity}", f"没有编号为 {identity} 的地名")
    return dict(row)


def read_entry(connection: Connection, identity: int, version: int | None = None) -> dict[str, Any]:
    """An entry's record, at the version that the actor saw where one is given.

    Raises:
        NotFound, Conflict: it is not there, or has changed since.
    """
    row = connection.execute(select(heritage).where(heritage.c.id == identity)).mappings().first()
    if row is None:
        raise NotFound(f"there is no heritage {identity}", f"没有编号为 {identity} 的名录条目")
    if version is not None and row["version"] != version:
        raise Conflict(
            f"heritage {identity} is at version {row['version']}, not {version}: read it again",
            f"条目 {identity} 已是第 {row['version']} 版（您看到的是第 {version} 版）；请重新查看",
        )
    return dict(row)


def require_keeper(connection: Connection, row: Mapping[str, Any], actor: Actor) -> None:
    """Refuse who keeps no names in the entry's division."""
    path = codes_above(connection, row["division_code"])
    actor.require(KEEPERS, path, "keep heritage names (管理地名文化遗产)")


def code_of(field: str, text: str, table: str) -> str:
    """The code that a person means by a word of a table."""
    term = find_term(table, text)
    if term is None:
        known = "、".join(f"{one.code} {one.zh}" for one in terms(table))
        raise InvalidValue(
            field, text, f"not a word of {table}", f"give one of {known}",
            f"“{text[:20]}”有误；可用：{known}",
        )  # fmt: skip
    return term.code


def check_day(field: str, day: date, today: date, not_before: date | None = None) -> None:
    """Refuse a day after today, or before the one it follows."""
    if day > today or (not_before is not None and day < not_before):
        raise InvalidValue(
            field, day.isoformat(), f"it lies between {not_before or 'then'} and today, {today}",
            "correct the date", f"日期 {day} 有误：不得晚于今天，也不得早于列入日期",
        )  # fmt: skip
