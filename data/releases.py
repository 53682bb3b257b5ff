"""Who sees what (公开级别): release levels, what a reader may see, how records belong to divisions.

Pure. Every table says here how its records are released; a table that says nothing is seen by
nobody but readers of everything. `data.sight_views` makes SQL of it, `data.sights` readers' stores.

    public    everyone
    internal  who holds a role in a division of the record, or above it
    closed    who holds there a role that reads positions: any but viewer
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from sqlalchemy import Table

from data.actors import Role

_KEY: Final = "released"


class Level(StrEnum):
    """How far a record is released, the farthest first."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CLOSED = "closed"


class Precision(StrEnum):
    """How a layer's positions are shown to who may not read them as they are."""

    FULL = "full"
    GRID = "grid"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Rule:
    """How the records of one table are released unless a record says otherwise.

    Attributes:
        table: the table's name.
        level: the level of its records.
        position: how its positions are shown; only tables that have a coarse copy blur them.
        grid_deg: the side of the grid's cells in degrees, where the position is `grid`.
        masked: columns that are empty wherever the position is not shown as it is.
    """

    table: str
    level: Level
    position: Precision = Precision.FULL
    grid_deg: float | None = None
    masked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sight:
    """What one reader may see.

    Attributes:
        name: the account's name; empty for who has not signed in.
        internal: codes of the divisions whose internal records are seen; None is every division.
        exact: whether records whose position the reader may not read are left out instead of
            blurred: for what judges positions.
        precise: codes of those whose closed records and positions are seen, among `internal`;
            None is every division.
    """

    name: str = ""
    internal: frozenset[str] | None = frozenset()
    precise: frozenset[str] | None = frozenset()
    exact: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether nothing is hidden."""
        return self.precise is None

    @property
    def is_public(self) -> bool:
        """Whether only what is public is seen."""
        return self == PUBLIC_SIGHT


PUBLIC_SIGHT: Final = Sight()
READS_INTERNAL: Final = frozenset(Role)
READS_POSITIONS: Final = READS_INTERNAL - {Role.VIEWER}


@dataclass(frozen=True, slots=True)
class Free:
    """A table that everyone may read: it says nothing of a record that is not public."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A table that no reader sees, whatever their roles: accounts, sessions, tokens."""


@dataclass(frozen=True, slots=True)
class Own:
    """A table whose records have a level of their own.

    Attributes:
        divisions: columns that hold codes of a record's divisions.
        reached: further SQL on the record `{p}` that holds where one of its divisions is in
            `{codes}`; `{main}` stands before the names of tables, `{own}` selects the reader's name
            as `code`.
    """

    divisions: tuple[str, ...] = ()
    reached: str = ""


@dataclass(frozen=True, slots=True)
class Of:
    """A table whose records belong to another's.

    Attributes:
        parent: the table that they belong to.
        column: the column that names the other record.
        key: the other record's column that is named.
        level: what must be seen of the other record; None where seeing it at all is enough.
        where: further SQL on the record `{t}` that must hold for the belonging.
        through: a table between: its name, its column for this record, its column for the other.
    """

    parent: Table
    column: str = "id"
    level: Level | None = None
    key: str = "id"
    where: str = ""
    through: tuple[str, str, str] | None = None


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A table whose records are seen where one of several belongings holds."""

    ways: tuple[Of, ...]


@dataclass(frozen=True, slots=True)
class Derived:
    """A table that is summed from another, and anew where a reader does not see all of that.

    Attributes:
        source: the table that is summed.
        sql: the sums, with `{seen}` for the condition on the source's records `t` and `{main}`
            before the names of tables.
    """

    source: Table
    sql: str


Release = Free | Secret | Own | Of | AnyOf | Derived


@dataclass(frozen=True)
class Copies:
    """The coarse copy of a layer: its records as they are shown without their positions."""

    layer: Table
    coarse: Table
    rendered: Table
    """The copy's records as ready GeoJSON."""
    tiled: Table | None = None
    """What tiles show of the copy's points."""


def release(table: Table, how: Release) -> None:
    """Say how a table's records are released."""
    table.info[_KEY] = how


def release_of(table: Table) -> Release | None:
    """How a table's records are released; None where nobody has said."""
    how: Release | None = table.info.get(_KEY)
    return how


def copies_of(table: Table) -> Copies | None:
    """The coarse copy of a layer, where it has one."""
    copies: Copies | None = table.info.get("coarse")
    return copies


@dataclass(frozen=True)
class State:
    """What a store's readers' views depend on.

    Attributes:
        rules: the rule of each table that has one.
        excepted: names of the tables of which single records have a level of their own.
    """

    rules: Mapping[str, Rule]
    excepted: frozenset[str] = field(default_factory=frozenset)

    def rule(self, table: str) -> Rule:
        """The rule of a table; closed where none is stated."""
        return self.rules.get(table) or Rule(table, Level.CLOSED)


def parse_rule(row: Mapping[str, str]) -> Rule:
    """A rule as a row of `release_levels.csv` states it.

    >>> parse_rule({"table": "line", "level": "public", "position": "grid", "grid_deg": "0.001",
    ...     "masked": "remark start_point"}).masked
    ('remark', 'start_point')
    """
    return Rule(
        row["table"],
        Level(row["level"]),
        Precision(row["position"]),
        float(row["grid_deg"]) if row["grid_deg"] else None,
        tuple(row["masked"].split()),
    )


def on_grid(value: float, grid_deg: float) -> float:
    """A coordinate moved to the nearest line of the grid: the same each time it is asked for.

    >>> on_grid(111.23456, 0.01), on_grid(-0.004, 0.01), on_grid(40.26, 0.05)
    (111.23, 0.0, 40.25)
    """
    return round(round(value / grid_deg) * grid_deg, 9) + 0.0


def sight_of_roles(name: str, roles: Sequence[tuple[Role, frozenset[str] | None]]) -> Sight:
    """What roles let see, each with the codes under its division; None is everywhere.

    >>> sight = sight_of_roles("a", [(Role.VIEWER, frozenset({"1525"}))])
    >>> sorted(sight.internal or ()), sorted(sight.precise or ())
    (['1525'], [])
    """
    internal = _together([codes for role, codes in roles if role in READS_INTERNAL])
    precise = _together([codes for role, codes in roles if role in READS_POSITIONS])
    return Sight(name, internal, precise)


def _together(parts: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    together: frozenset[str] = frozenset()
    for codes in parts:
        if codes is None:
            return None
        together |= codes
    return together
