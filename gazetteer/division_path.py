"""A division and everything above it, as the register has it."""

from typing import NamedTuple

from sqlalchemy import Connection, select

from data.errors import InvalidValue
from gazetteer.tables import division

_DEEPEST = 6


class Division(NamedTuple):
    """A division on the way from a record's own up to the region."""

    code: str
    name: str
    level: str


def path_of(connection: Connection, code: str) -> list[Division]:
    """The division of a code and everything above it, lowest first.

    A division that has ended stands under its last name; an unknown code gives an empty path.
    """
    found: list[Division] = []
    following: str | None = code
    while following and len(found) < _DEEPEST:
        row = connection.execute(
            select(division.c.code, division.c.name, division.c.level, division.c.parent_code)
            .where(division.c.code == following)
            .order_by(division.c.valid_to.is_not(None), division.c.valid_to.desc())
            .limit(1)
        ).one_or_none()
        if row is None:
            break
        found.append(Division(row.code, row.name, row.level))
        following = row.parent_code
    return found


def codes_above(connection: Connection, code: str | None) -> list[str]:
    """The codes of a path; empty for what belongs to no division."""
    return [one.code for one in path_of(connection, code)] if code else []


def in_force(connection: Connection, code: str, field: str = "in") -> list[Division]:
    """The path of a division that is in force.

    Raises:
        InvalidValue: the register has no such division, or it has ended.
    """
    rows = connection.execute(
        select(division.c.name, division.c.valid_to)
        .where(division.c.code == code)
        .order_by(division.c.id)
    ).all()
    if not rows:
        raise InvalidValue(
            field, code, "no division of the register has that code", "give a code such as 150102",
            f"登记中没有行政区划“{code[:20]}”；请填写代码，如 150102",
        )  # fmt: skip
    if all(row.valid_to is not None for row in rows):
        last = max(rows, key=lambda row: row.valid_to)
        raise InvalidValue(
            field, code, f"the division {last.name} ended on {last.valid_to}",
            "give the division that took its place",
            f"行政区划“{last.name}”已于 {last.valid_to} 撤销；请填写继任的行政区划",
        )  # fmt: skip
    return path_of(connection, code)
