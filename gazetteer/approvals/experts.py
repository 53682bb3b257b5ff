"""Experts (专家库): who may be asked about which names.

Names, titles, organisations, contacts and accounts are personal: they are shown to those who
manage the experts of a division or handle a case, and to nobody else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, select

from data.actors import Actor, Role
from data.errors import InvalidValue, NotFound
from data.reference import find_term, terms
from data.store import Store
from gazetteer.approvals.tables import expert
from gazetteer.division_path import codes_above, in_force

MANAGERS: Final = (Role.EDITOR, Role.APPROVER)
_PERSONAL: Final = ("name", "title", "organisation", "contact", "account", "conflicts", "remark")
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Expert:
    """An expert as entered.

    Attributes:
        name, title, organisation, contact, account, remark: personal, never public.
        fields: of knowledge, by any word of the table `expert_fields`.
        division_code: whose pool the expert is in; empty for the region's as a whole.
        available_from, available_to: first and last day; None is open.
        retired: whether the expert is asked no more.
        conflicts: codes of divisions and names of bodies whose cases the expert does not judge.
    """

    name: str
    fields: Sequence[str]
    division_code: str = ""
    title: str = ""
    organisation: str = ""
    contact: str = ""
    account: str = ""
    available_from: date | None = None
    available_to: date | None = None
    retired: bool = False
    conflicts: Sequence[str] = ()
    remark: str = ""


def save_expert(
    store: Store, one: Expert, actor: Actor, identity: int | None = None, version: int = 0
) -> int:
    """Enter an expert, or change one that the actor saw at a version; the id.

    Raises:
        InvalidValue: the name or every field is missing, a field or division is unknown, or the
            days are in the wrong order.
        Forbidden: the actor does not manage the pool of that division.
        Conflict, NotFound: it has changed since, or is not there.
    """
    values = _values(one)
    with store.write(
        actor.name, "change an expert" if identity else "enter an expert"
    ) as transaction:
        connection = transaction.connection
        if one.division_code:
            in_force(connection, one.division_code, "division")
        path = codes_above(connection, one.division_code or None)
        actor.require(MANAGERS, path, "manage experts (管理专家库)")
        if identity is None:
            return transaction.insert(expert, values)
        before = read_row(connection, identity)
        path = codes_above(connection, before["division_code"])
        actor.require(MANAGERS, path, "manage experts (管理专家库)")
        transaction.update(expert, identity, version, values)
        return identity


def _values(one: Expert) -> dict[str, Any]:
    if not one.name.strip():
        raise InvalidValue("name", one.name, "an expert has a name", "give it", "缺少专家姓名")
    if one.available_from and one.available_to and one.available_to < one.available_from:
        raise InvalidValue(
            "available_to", one.available_to.isoformat(), "it lies before available_from",
            "correct one of the days", "可参加的截止日期早于起始日期；请更正",
        )  # fmt: skip
    if not one.fields:
        raise InvalidValue(
            "fields", one.fields, "an expert has a field", "name one", "请填写专业领域"
        )
    texts = ("title", "organisation", "contact", "account", "division_code", "remark")
    return {
        "name": one.name.strip(),
        "fields": "|".join(_field(text) for text in one.fields),
        "available_from": one.available_from,
        "available_to": one.available_to,
        "retired": one.retired,
        "conflicts": "|".join(text.strip() for text in one.conflicts if text.strip()) or None,
        **{text: getattr(one, text) or None for text in texts},
    }


def _field(text: str, name: str = "fields") -> str:
    term = find_term("expert_fields", text)
    if term is None:
        known = "、".join(f"{one.code} {one.zh}" for one in terms("expert_fields"))
        raise InvalidValue(
            name, text, "no such field", f"give one of {known}",
            f"“{text[:20]}”不是专业领域；可用：{known}",
        )  # fmt: skip
    return term.code


def fields_zh(joined: str) -> str:
    """Fields in Chinese, from their codes joined by `|`.

    >>> fields_zh("history|law")
    '历史、法律'
    """
    names = {term.code: term.zh for term in terms("expert_fields")}
    return "、".join(names.get(code, code) for code in joined.split("|"))


def read_row(connection: Connection, identity: int) -> dict[str, Any]:
    """An expert's record, personal parts and all.

    Raises:
        NotFound: there is none of that id.
    """
    row = connection.execute(select(expert).where(expert.c.id == identity)).mappings().first()
    if row is None:
        raise NotFound(f"there is no expert {identity}", f"没有编号为 {identity} 的专家")
    return {str(name): value for name, value in row.items()}


def read_expert(connection: Connection, identity: int, actor: Actor) -> dict[str, Any]:
    """An expert, without anything personal for those who do not manage the pool.

    Raises:
        NotFound: there is none of that id.
    """
    return _shown(connection, read_row(connection, identity), actor)


def list_experts(
    connection: Connection,
    actor: Actor,
    *,
    field: str | None = None,
    division: str | None = None,
    available_on: date | None = None,
    after: int = 0,
    limit: int = MOST,
) -> list[dict[str, Any]]:
    """Experts in order of id, without anything personal for those who do not manage their pool.

    Args:
        connection: a reading connection.
        actor: who asks.
        field: only those of a field.
        division: only those of a division's own pool.
        available_on: only those who may be asked on a day.
        after: the last id of the page before.
        limit: how many.
    """
    statement = select(expert).where(expert.c.id > after).order_by(expert.c.id).limit(limit)
    if division is not None:
        statement = statement.where(expert.c.division_code == division)
    if field is not None:
        code = _field(field, "field")
        statement = statement.where(("|" + expert.c.fields + "|").contains(f"|{code}|"))
    if available_on is not None:
        statement = statement.where(
            expert.c.retired.is_(False),
            expert.c.available_from.is_(None) | (expert.c.available_from <= available_on),
            expert.c.available_to.is_(None) | (expert.c.available_to >= available_on),
        )
    rows = connection.execute(statement).mappings().all()
    return [_shown(connection, dict(row), actor) for row in rows]


def _shown(connection: Connection, row: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    codes = row["fields"].split("|")
    shown = {
        "id": row["id"],
        "fields": codes,
        "fields_zh": fields_zh(row["fields"]),
        "division_code": row["division_code"],
        "available_from": row["available_from"],
        "available_to": row["available_to"],
        "retired": row["retired"],
        "version": row["version"],
    }
    path = codes_above(connection, row["division_code"])
    if any(actor.may(role, path) for role in MANAGERS):
        shown |= {name: row[name] for name in _PERSONAL}
    return shown
