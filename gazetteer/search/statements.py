"""The SQL of arms and filters; one text for both stores but for the names of two functions."""

from collections.abc import Callable
from functools import cache
from typing import Any, Final, NamedTuple

from gazetteer.search.arm import Arm
from gazetteer.search.rows import columns_of

_GENERIC_ROOM: Final = 9
_PINYIN_ROOM: Final = 24
"""How much longer than its specific part a name with a generic term may be."""


class Condition(NamedTuple):
    """A condition on `f` with `?` marks, and what it is bound to.

    `indexed` says that an index of `search_form` leads to what meets it.
    """

    sql: str = ""
    values: tuple[Any, ...] = ()
    indexed: bool = False

    def __and__(self, other: "Condition") -> "Condition":
        if not self.sql or not other.sql:
            return self if self.sql else other
        indexed = self.indexed or other.indexed
        return Condition(f"{self.sql} AND {other.sql}", self.values + other.values, indexed)


def _begins(arm: Arm) -> Condition:
    size = len(arm.needle)
    column = f"f.{arm.column}"
    sql = f"length({column}) > ? AND substr({column}, 1, ?) = ?"
    return Condition(sql, (size, size, arm.needle))


def _inside(arm: Arm) -> Condition:
    return Condition(f"instr(f.{arm.column}, ?) > 1", (arm.needle,))


def _pinyin(arm: Arm) -> Condition:
    return Condition("substr(f.pinyin, 1, ?) = ?", (len(arm.needle), arm.needle))


def _inner_pinyin(arm: Arm) -> Condition:
    return Condition("instr(f.pinyin, ?) > 1", (arm.needle,))


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
    size = len(arm.needle)
    found = Condition("length(f.folded) BETWEEN ? AND ?", (size - 1, size + _GENERIC_ROOM))
    if not arm.other:
        return found
    if arm.needle.startswith(arm.other):
        found &= Condition("substr(f.folded, 1, ?) = ?", (len(arm.other), arm.other))
        rest = arm.needle[len(arm.other) :]
    else:
        rest = arm.needle.removesuffix(arm.other)
        places = (len(rest), len(rest) + 2)
        found &= Condition("instr(f.folded, ?) BETWEEN ? AND ?", (arm.other, *places))
    # One edit spoils one character of the other half; an exchange spoils none.
    return found & _either("f.folded", rest[:1], rest[1:2])


def _edit_pinyin(arm: Arm) -> Condition:
    size, head = len(arm.needle), arm.other
    sql = "length(f.pinyin) BETWEEN ? AND ? AND substr(f.pinyin, 1, ?) = ?"
    found = Condition(sql, (size - 1, size + _PINYIN_ROOM, len(head), head))
    # Two pairs of letters with one between them: no single edit or exchange spoils both.
    rest = arm.needle[len(head) :]
    return found & _either("f.pinyin", rest[:2], rest[3:5] if len(rest) > 4 else "")  # noqa: PLR2004


def _either(column: str, one: str, other: str) -> Condition:
    """One of two pieces stands in a column; no condition where a piece is missing."""
    if not one or not other:
        return Condition()
    return Condition(f"(instr({column}, ?) > 0 OR instr({column}, ?) > 0)", (one, other))


def _edit_end(arm: Arm) -> Condition:
    size = len(arm.needle)
    return Condition("length(f.pinyin) <= ?", (size + _PINYIN_ROOM,)) & _either(
        "(f.pinyin || f.folded)", arm.needle[:2], arm.needle[3:5]
    )


_OF_TEST: Final[dict[str, Callable[[Arm], Condition]]] = {
    "begins": _begins,
    "inside": _inside,
    "pinyin": _pinyin,
    "pinyin-inner": _inner_pinyin,
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


FAR_ORDINAL: Final = 2**62
"""Behind every form."""


_KEYS: Final = ("folded", "pinyin", "initials", "family")
_READS: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("standard", "other", "begins", "inside"), ()),
    "pinyin": ("pinyin",),
    "initials": ("pinyin", "initials"),
    "pinyin-inner": ("folded",),
}
"""The keys that the tests and the shown characters of an arm look at, beside `plain`."""
_UNREAD: Final = {
    test: tuple(key for key in _KEYS if key not in reads) for test, reads in _READS.items()
}
CERTAIN: Final = frozenset({"begins", "inside", "pinyin", "initials"})
"""Tests whose condition lets through what they hold for, and nothing more."""


def unread_by(arm: Arm) -> tuple[str, ...]:
    """The keys of its forms that nobody will look at: reading them takes as long as matching."""
    return () if arm.column == "folded" else _UNREAD.get(arm.test, ())


@cache
def arm_text(condition: str, *, embedded: bool, unread: tuple[str, ...] = ()) -> str:
    """The statement of one arm: its forms between two ordinals, in the order of results.

    Its values are the term, the ordinals before and after what is wanted, those of the
    condition, and a limit; its columns are `COLUMNS`, but for those `unread`.
    """
    columns = columns_of(unread)
    terms = "t.term = ? AND t.ordinal > ? AND t.ordinal < ?"
    also = f" AND {condition}" if condition else ""
    if embedded:  # CROSS JOIN keeps SQLite to the order written
        return (
            f"SELECT {columns} FROM search_term t CROSS JOIN search_form f ON f.ordinal = t.ordinal"
            f" WHERE {terms}{also} ORDER BY t.ordinal LIMIT ?"
        )
    # OFFSET 0 keeps PostgreSQL from joining the other way round: what is wanted is the first
    # page of a long term, and its planner would rather merge the whole of both tables.
    one = f"SELECT {columns} FROM search_form f WHERE f.ordinal = t.ordinal{also} OFFSET 0"
    return (
        f"SELECT f.* FROM (SELECT t.ordinal FROM search_term t WHERE {terms}) t"
        f" CROSS JOIN LATERAL ({one}) f ORDER BY t.ordinal LIMIT ?"
    ).replace("instr(", "strpos(")


@cache
def together_text(arms: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    """Several arms for PostgreSQL, one after another, with the number of the arm in front.

    Its values are those of each arm, and how many rows are wanted in all.

    Args:
        arms: the condition of each, and the keys of its forms that nobody will look at.
    """
    parts = (
        f"(SELECT {number} AS arm, a.* FROM"
        f" ({arm_text(condition, embedded=False, unread=unread)}) a)"
        for number, (condition, unread) in enumerate(arms)
    )
    return f"{' UNION ALL '.join(parts)} LIMIT ?"


@cache
def filtered_text(filters: str, condition: str, *, embedded: bool) -> str:
    """The same forms found by the index of the filters, each looked up in the term.

    Its values are those of the filters, the ordinal to go on after, those of the condition, the
    term, and a limit.
    """
    columns = columns_of()
    # A sum has no index, which leaves the planner that of the filters.
    sql = (
        f"SELECT {columns} FROM search_form f WHERE {filters} AND f.ordinal + 0 > ?"
        f"{' AND ' + condition if condition else ''} AND EXISTS"
        " (SELECT 1 FROM search_term t WHERE t.term = ? AND t.ordinal = f.ordinal"
        f"{'' if embedded else ' OFFSET 0'}) ORDER BY f.ordinal + 0 LIMIT ?"
    )
    return sql if embedded else sql.replace("instr(", "strpos(")


@cache
def filter_count_text(filters: str, most: int) -> str:
    """How many forms pass the filters, counted up to `most`."""
    return f"SELECT count(*) FROM (SELECT 1 FROM search_form f WHERE {filters} LIMIT {most}) c"


@cache
def range_text(most: int) -> str:
    """The ordinals of the terms between two, at most so many, in no order."""
    return f"SELECT ordinal FROM search_term WHERE term >= ? AND term < ? LIMIT {most}"


@cache
def ordinals_text(count: int, condition: str, *, embedded: bool) -> str:
    """The forms of `count` ordinals that meet a condition, in no order.

    Its values are the ordinals and those of the condition.
    """
    columns = columns_of()
    marks = ", ".join("?" * count)
    also = f" AND {condition}" if condition else ""
    sql = f"SELECT {columns} FROM search_form f WHERE f.ordinal IN ({marks}){also}"
    return sql if embedded else sql.replace("instr(", "strpos(")


@cache
def window_text(size: int) -> str:
    """The ordinal `size` forms of a term after another, if there are so many."""
    return (
        "SELECT t.ordinal FROM search_term t WHERE t.term = ? AND t.ordinal > ?"
        f" ORDER BY t.ordinal LIMIT 1 OFFSET {size}"
    )


@cache
def counts_text(known: int, counted: int, most: int, begun: int = 0) -> str:
    """Whether each of `known` terms has a form, and how many `counted` more have, up to `most`.

    Then whether a term lies between each of `begun` pairs.
    """
    any_ = "EXISTS (SELECT 1 FROM search_term WHERE term = ?)"
    one = f"(SELECT count(*) FROM (SELECT 1 FROM search_term WHERE term = ? LIMIT {most}) c)"
    between = "EXISTS (SELECT 1 FROM search_term WHERE term >= ? AND term < ?)"
    return "SELECT " + ", ".join([any_] * known + [one] * counted + [between] * begun)


@cache
def forms_text(count: int, filters: str) -> str:
    """The forms of `count` targets that pass the filters."""
    columns = columns_of()
    pairs = " OR ".join(["(f.feature = ? AND f.target_id = ?)"] * count)
    condition = f" AND {filters}" if filters else ""
    return f"SELECT {columns} FROM search_form f WHERE ({pairs}){condition}"
