"""Who may use which address: the one written table (权限表), `rights.csv`, and its guard.

Each row names a method, an address, who may use it, and the record that its number means: a reader
who may not see that record is told that there is none; `!` asks that one of the roles be held in a
division of it. What is asked here is asked before anything of a request is read; the floors below
ask again, and more exactly. An address without a row keeps the application from starting.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, cast

from flask import Flask, request
from sqlalchemy import Table, select

from data import Actor, Forbidden, Level, NotFound, Role, SignInNeeded, find_table, passing
from web.accounts import SAFE, must_sign_in, reader_store
from web.catalogue import POSITIONED, find_collection
from web.context import current_actor
from web.sights import ANONYMOUS

ANYONE, SIGNED_IN, MEMBER = "anyone", "signed-in", "member"
BY_COLLECTION, EVERYWHERE = "collection", "everywhere"
_BY_REPORT: Final = "submission"
"""What may be seen of a file depends on its report; its views look before they act."""
_TABLE: Final = Path(__file__).with_name("rights.csv")


@dataclass(frozen=True, slots=True)
class Right:
    """Who may use one address.

    Attributes:
        method, route: the address.
        who: `anyone`, `signed-in` (an account), `member` (any role anywhere), or roles.
        record: the table whose record the address names; `collection`: that of the collection;
            `everywhere`: none, and one of the roles must be held everywhere.
        held: whether one of the roles must be held in a division of the record.
        positions: whether the answer tells closed positions to who may read them.
        does: what is done, in words.
    """

    method: str
    route: str
    who: str
    record: str
    held: bool
    positions: str
    does: str

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles that may; none for `anyone` and `signed-in`."""
        if self.who in {ANYONE, SIGNED_IN}:
            return ()
        return tuple(Role) if self.who == MEMBER else tuple(map(Role, self.who.split("|")))


@cache
def rights() -> Mapping[tuple[str, str], Right]:
    """Every row of the table by method and address."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return by_address([_right(row) for row in csv.DictReader(file)])


def by_address(rows: Iterable[Right]) -> Mapping[tuple[str, str], Right]:
    """Rows by method and address.

    Raises:
        LookupError: an address has two rows, of which only one could hold.
    """
    found: dict[tuple[str, str], Right] = {}
    for row in rows:
        if found.setdefault((row.method, row.route), row) is not row:
            raise LookupError(f"web/rights.csv has two rows for {row.method} {row.route}")
    return found


def _right(row: Mapping[str, str]) -> Right:
    record = row["record"].removesuffix("!")
    held = row["record"].endswith("!")
    return Right(
        row["method"], row["route"], row["who"], record, held, row["positions"], row["does"]
    )


def install(app: Flask) -> None:
    """Hold every request to the table.

    Raises:
        LookupError: an address of the application has no row.
    """
    missing = [
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if (method, rule.rule) not in rights()
    ]
    if missing:
        raise LookupError(f"web/rights.csv has no row for {', '.join(missing)}")
    app.before_request(_hold)


def right_of_request() -> Right | None:
    """The row of this request; None for OPTIONS and for addresses that are none."""
    if request.url_rule is None:
        return None
    method = "GET" if request.method == "HEAD" else request.method
    return rights().get((method, request.url_rule.rule))


def _hold() -> None:
    right = right_of_request()
    if right is None or not must_sign_in():
        return
    actor = current_actor()
    if right.who == SIGNED_IN and actor == ANONYMOUS:
        raise SignInNeeded(right.does)
    if right.roles:
        actor.require_somewhere(right.roles, right.does)
    if right.record == EVERYWHERE:
        actor.require(right.roles, (), right.does)
    elif right.record not in {"", _BY_REPORT} and request.method not in SAFE:
        _hold_record(right, actor)


def _hold_record(right: Right, actor: Actor) -> None:
    """Refuse what is done to a record that is not seen, or lies in no division of the role's."""
    table, identity = _record(right)
    store = reader_store(actor)
    with store.read() as connection:
        seen = connection.scalar(select(table.c.id).where(table.c.id == identity))
    if seen is None:
        raise NotFound(
            f"there is no {table.name} {identity}", f"没有编号为 {identity} 的 {table.name} 记录"
        )
    if right.held:
        held = frozenset(grant for grant in actor.grants if grant.role in right.roles)
        acting = reader_store(Actor(actor.name, held))
        with acting.read() as connection:
            if not passing(acting, connection, table, [identity], Level.INTERNAL):
                raise Forbidden(right.does, right.roles, None)


def _record(right: Right) -> tuple[Table, int]:
    given = cast("Mapping[str, str | int]", request.view_args)
    name, identity = str(given.get("name", "")), str(given["identity"])
    if right.record == BY_COLLECTION:
        table = find_collection(name).table
    else:
        table = find_table(right.record)
    if not (identity.isascii() and identity.isdigit() and len(identity) < 19):  # noqa: PLR2004
        raise NotFound(f"{name} has no item {identity}", f"{name} 中没有编号为“{identity}”的要素")
    return table, int(identity)


def tells_positions(right: Right) -> bool:
    """Whether the answer to this request tells closed positions to who may read them."""
    if right.positions != BY_COLLECTION:
        return right.positions == "yes"
    given = request.view_args or {}
    return given.get("name") in POSITIONED
