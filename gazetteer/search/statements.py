"""The SQL of arms and filters; one text for both stores but for the names of two functions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NamedTuple

from gazetteer.search.passes import Arm
from gazetteer.search.rows import COLUMNS

_GENERIC_ROOM: Final = 9
_PINYIN_ROOM: Final = 24
"""How much longer than its specific part a name with a generic term may be."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on `f` with `?` marks, and what it is bound to."""

    sql: str = ""
    values: tuple[Any, ...] = ()

    def __and__(self, other: "Condition") -> "Condition":
        if not self.sql or not other.sql:
            return self if self.sql else other
        return Condition(f"{self.sql} AND {other.sql}", self.values + other.values)


def _begins(arm: Arm) -> Condition:
    size = len(arm.needle)
    column = f"f.{arm.column}"
    sql = f"length({column}) > ? AND substr({column}, 1, ?) = ?"
    return Condition(sql, (size, size, arm.needle))


def _inside(arm: Arm) -> Condition:
    return Condition(f"instr(f.{arm.column}, ?) > 1", (arm.needle,))


def _pinyin(arm: Arm) -> Condition:
    return Condition("substr(f.pinyin, 1, ?) = ?", (len(arm.needle), arm.needle))


def _initials(arm: Arm) -> Condition:
    sized = (len(arm.needle), arm.needle)
    sql = "substr(f.initials, 1, ?) = ? AND substr(f.pinyin, 1, ?) <> ?"
    return Condition(sql, (*sized, *sized))


def _family(arm: Arm) -> Condition:
    sql = "instr(f.family, ?) > 0 AND instr(f.folded, ?) = 0"
    return Condition(sql, (arm.needle, arm.other))


def _short(arm: Arm) -> Condition:
    # Folding drops every punctuation mark, the wildcards of LIKE among them.
    return Condition("f.folded LIKE ?", ("%".join(arm.needle),))


def _edit(arm: Arm) -> Condition:
    sql = "length(f.folded) <= ? AND instr(f.folded, ?) > 0"
    return Condition(sql, (len(arm.needle) + _GENERIC_ROOM, arm.other))


def _edit_pinyin(arm: Arm) -> Condition:
    sql = "length(f.pinyin) <= ? AND substr(f.pinyin, 1, ?) = ?"
    return Condition(sql, (len(arm.needle) + _PINYIN_ROOM, len(arm.other), arm.other))


def _edit_end(arm: Arm) -> Condition:
    return Condition("length(f.pinyin) <= ?", (len(arm.needle) + _PINYIN_ROOM,))


_OF_TEST: Final[dict[str, Callable[[Arm], Condition]]] = {
    "begins": _begins,
    "inside": _inside,
    "pinyin": _pinyin,
    "initials": _initials,
    "family": _family,
    "short": _short,
    "edit": _edit,
    "edit-pinyin": _edit_pinyin,
    "edit-end": _edit_end,
}


def condition_of(arm: Arm) -> Condition:
    """The arm's condition in SQL: it may let through a little more than the arm holds for."""
    made = _OF_TEST.get(arm.test)
    return made(arm) if made else Condition()


class Ask(NamedTuple):
    """An arm to be asked for.

    `number` comes back with each of its forms; `after` is the ordinal to go on after, or -1.
    """

    number: int
    arm: Arm
    after: int
    filters: Condition


def arms_statement(asks: Sequence[Ask], limit: int, *, embedded: bool) -> tuple[str, list[Any]]:
    """One statement for several arms: their forms arm by arm, each in the order of results.

    Args:
        asks: the arms, in the order of results.
        limit: most rows in all; the store stops looking when it has them.
        embedded: whether the store is a GeoPackage.

    Returns:
        the SQL and its values; columns are the number of the arm and `COLUMNS`.
    """
    shapes, values = [], []
    for ask in asks:
        condition = condition_of(ask.arm) & ask.filters
        shapes.append((ask.number, condition.sql))
        values += [ask.arm.term, ask.after, *condition.values, limit]
    return _text(tuple(shapes), embedded=embedded), [*values, limit]


@cache
def _text(shapes: tuple[tuple[int, str], ...], *, embedded: bool) -> str:
    columns = ", ".join(f"f.{name}" for name in COLUMNS)
    # CROSS JOIN keeps SQLite to the order written; PostgreSQL sees the same by its statistics.
    join = "CROSS JOIN" if embedded else "JOIN"
    parts = [
        f"SELECT * FROM (SELECT {number} AS arm, {columns} FROM search_term t"
        f" {join} search_form f ON f.ordinal = t.ordinal"
        f" WHERE t.term = ? AND t.ordinal > ?{' AND ' + sql if sql else ''}"
        f" ORDER BY t.ordinal LIMIT ?) a{number}"
        for number, sql in shapes
    ]
    whole = " UNION ALL ".join(parts)
    if len(parts) > 1:
        whole = f"SELECT * FROM ({whole}) arms LIMIT ?"
    else:
        whole += " LIMIT ?"
    return whole if embedded else whole.replace("instr(", "strpos(")


@cache
def counts_text(count: int, most: int) -> str:
    """How many forms each of `count` terms has, counted up to `most`."""
    one = f"(SELECT count(*) FROM (SELECT 1 FROM search_term WHERE term = ? LIMIT {most}) c)"
    return "SELECT " + ", ".join([one] * count)


@cache
def forms_text(count: int, filters: str) -> str:
    """The forms of `count` targets that pass the filters."""
    columns = ", ".join(f"f.{name}" for name in COLUMNS)
    pairs = " OR ".join(["(f.feature = ? AND f.target_id = ?)"] * count)
    condition = f" AND {filters}" if filters else ""
    return f"SELECT {columns} FROM search_form f WHERE ({pairs}){condition}"
