"""What a reader sees of each table, as views that stand before the tables. Pure.

A view has its table's name and columns and is found first: in a file as a temporary view of the
reader's connection, on a server in a schema that comes first in the reader's search path. So every
statement of the program, whatever it asks for, counts, filters, sorts and measures only what the
reader may see, and positions only as the reader may see them. What no rule names is empty.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Table

from data.releases import (
    AnyOf,
    Copies,
    Derived,
    Free,
    Level,
    Of,
    Own,
    Precision,
    Release,
    Secret,
    State,
    copies_of,
    release_of,
)
from data.tables import journal

EVERYWHERE: Final = "*"
"""Stands among a reader's codes for every division."""
_NO, _YES = "(1 = 0)", "(1 = 1)"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one kind of store spells what views need.

    Attributes:
        main: stands before the name of a table itself.
        internal, precise: select the reader's codes, as `code`.
        own: selects the reader's name, as `code`.
        any_precise: joined before a table, it leaves the table unread where no division's positions
            are the reader's. A file asks conditions of one record after another.
        any_blurred: the same for a table of copies, where the reader reads the positions of all
            that he or she sees.
        some_blurred: the same as a condition, which a server asks once for all records. What a
            program before this one does not say counts as said.
    """

    main: str
    internal: str
    precise: str
    own: str
    any_precise: str
    any_blurred: str
    some_blurred: str


FILE: Final = Dialect(
    "main.",
    "SELECT code FROM temp.sight_internal",
    "SELECT code FROM temp.sight_precise",
    "SELECT code FROM temp.sight_own",
    "(SELECT 1 FROM temp.sight_precise WHERE rowid = 1) known CROSS JOIN ",
    "(SELECT 1 FROM temp.sight_blurred WHERE rowid = 1) coarsened CROSS JOIN ",
    "",
)
_SETTING = "SELECT unnest(string_to_array(current_setting('ovoo.{}', true), ',')) AS code"
SERVER: Final = Dialect(
    "public.", _SETTING.format("internal"), _SETTING.format("precise"), _SETTING.format("own"), "",
    "", " AND coalesce(current_setting('ovoo.blurred', true), '*') <> ''",
)  # fmt: skip


@dataclass(frozen=True)
class Views:
    """Makes the views of one kind of reader.

    Attributes:
        dialect: the kind of store.
        state: the store's rules.
        member: whether the reader has divisions; who has none sees what is public.
        exact: whether what would be blurred is left out.
    """

    dialect: Dialect
    state: State
    member: bool
    exact: bool = False

    def all(self, tables: Sequence[Table], present: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Name and query of every view.

        Args:
            tables: the program's tables.
            present: every table of the store, also those that the program does not know.
        """
        known = {table.name: table for table in tables}
        history = self._history(tables)
        beside = dict(_beside(tables))
        for name in present:
            query: str | None
            if name == journal.name:
                query = f"SELECT * FROM {self.dialect.main}{name} t WHERE {history}"
            elif name in known:
                query = self._query(known[name])
            elif name in beside:
                query = self._query_beside(name, *beside[name])
            else:
                query = f"SELECT * FROM {self.dialect.main}{name} WHERE {_NO}"
            if query is not None:
                yield name, query

    def _query(self, table: Table) -> str | None:
        """The view of a table; None where it is seen as it stands."""
        how = release_of(table)
        layer: Table | None = table.info.get("layer_of")
        if layer is not None:
            return self._query_beside(table.name, layer, table.info.get("beside", "rendered"))
        if isinstance(how, Free):
            return None
        columns = ", ".join(f't."{column.name}"' for column in table.c)
        if isinstance(how, Derived):
            seen = self.visible(how.source, "t")
            return None if seen == _YES else how.sql.format(main=self.dialect.main, seen=seen)
        copies = copies_of(table)
        if copies is not None and self._blurs(table):
            return self._blurred(columns, table, copies)
        condition = self.seen(how, table, "t")
        if condition == _YES:
            return None
        return f"SELECT {columns} FROM {self.dialect.main}{table.name} t WHERE {condition}"

    def _blurs(self, table: Table) -> bool:
        return self.state.rule(table.name).position != Precision.FULL

    def _blurred(self, columns: str, table: Table, copies: Copies) -> str:
        """Records from the copy, but where the reader may read positions from the layer itself."""
        main, seen = self.dialect.main, self.visible(table, "t")
        before, told = self._coarsened(table)
        coarse = f"SELECT {columns} FROM {before}{main}{copies.coarse.name} t WHERE {seen}{told}"
        if not self.member:
            return coarse
        precise = self.passes(table, "t", Level.CLOSED)
        own = (
            f"SELECT {columns} FROM {self._known(table)}{main}{table.name} t"
            f" WHERE {seen} AND {precise}"
        )
        if self.exact:
            return own
        return f"{coarse} AND ({precise}) IS NOT TRUE UNION ALL {own}"

    def _known(self, layer: Table) -> str:
        """Stands before a layer whose exact positions nobody reads without having a division."""
        return self.dialect.any_precise if _by_division(layer) else ""

    def _coarsened(self, layer: Table) -> tuple[str, str]:
        """Stands before the copy of a layer, and behind its conditions.

        Of a layer that is seen in the reader's divisions alone, nothing is read from the copy by
        who reads positions in all of them.
        """
        public = self.state.rule(layer.name).level == Level.PUBLIC
        if not self.member or public or layer.name in self.state.excepted:
            return "", ""
        if not _by_division(layer):
            return "", ""
        return self.dialect.any_blurred, self.dialect.some_blurred

    def _query_beside(self, name: str, layer: Table, kind: str) -> str | None:
        """The view of a table that stands beside a layer: rendered texts, tiles' points, boxes."""
        main, copies = self.dialect.main, copies_of(layer)
        seen = self._seen_by_id(layer, "b.id")
        if copies is None or not self._blurs(layer):
            if seen == _YES:
                return None
            return f"SELECT * FROM {main}{name} b WHERE {seen}"
        other = _copy_beside(copies, kind)
        before, told = self._coarsened(layer)
        coarse = f"SELECT b.* FROM {before}{main}{other} b WHERE {seen}{told}"
        if not self.member:
            return coarse
        precise = (
            f"EXISTS (SELECT 1 FROM {main}{layer.name} p WHERE p.id = b.id"
            f" AND {self.passes(layer, 'p', Level.CLOSED)})"
        )
        own = f"SELECT b.* FROM {self._known(layer)}{main}{name} b WHERE {seen} AND {precise}"
        return own if self.exact else f"{coarse} AND NOT {precise} UNION ALL {own}"

    def _seen_by_id(self, layer: Table, identity: str) -> str:
        """Whether the record of an id is seen."""
        plain = self.visible(layer, "p")
        if plain in {_YES, _NO}:
            return plain
        main = self.dialect.main
        seen = f"EXISTS (SELECT 1 FROM {main}{layer.name} p WHERE p.id = {identity} AND {plain})"
        if self.state.rule(layer.name).level != Level.PUBLIC:
            return seen
        told = self._exception(layer.name, identity)
        free = f"NOT EXISTS ({told} AND e.level <> '{Level.PUBLIC}')"
        return f"({free} OR {seen})" if self.member else free

    def _exception(self, table: str, identity: str) -> str:
        return (
            f"SELECT e.level FROM {self.dialect.main}record_release e"
            f" WHERE e.table_name = '{table}' AND e.row_id = {identity}"
        )

    def seen(self, how: Release | None, table: Table, alias: str) -> str:
        """The condition under which a record `alias` of a table is seen."""
        match how:
            case None | Secret():
                return _NO
            case Free() | Derived():
                return _YES
            case Own():
                return self._own(table, alias)
            case Of():
                return self._of(how, alias)
            case AnyOf():
                if all(self._of(replace(way, where=""), alias) == _YES for way in how.ways):
                    return _YES
                return _any([self._of(way, alias) for way in how.ways])

    def visible(self, table: Table, alias: str) -> str:
        """The condition under which a record of a table is seen."""
        return self.seen(release_of(table), table, alias)

    def _own(self, table: Table, alias: str) -> str:
        level = self.state.rule(table.name).level
        if table.name not in self.state.excepted:
            return self.passes(table, alias, level)
        told = self._exception(table.name, f"{alias}.id")
        cases = " ".join(f"WHEN '{one}' THEN {self.passes(table, alias, one)}" for one in Level)
        return f"(CASE coalesce(({told}), '{level}') {cases} END)"

    def passes(self, table: Table, alias: str, level: Level) -> str:
        """Whether the reader may see what is of a level of a record of a table."""
        if level == Level.PUBLIC:
            return _YES
        how = release_of(table)
        if not self.member or how is None:
            return _NO
        if isinstance(how, Of):
            return self._linked(how, alias, [self.passes(how.parent, _inner(how, alias), level)])
        dialect = self.dialect
        codes = dialect.internal if level == Level.INTERNAL else dialect.precise
        if not isinstance(how, Own):
            return f"('{EVERYWHERE}' IN ({codes}))"
        everywhere = f"'{EVERYWHERE}' IN ({codes})"
        ways = [f"{alias}.{column} IN ({codes})" for column in how.divisions]
        if how.reached:
            further = {"codes": codes, "own": dialect.own, "main": dialect.main}
            ways.append(how.reached.format(p=alias, **further))
        told = " OR ".join(ways) or _NO
        if "{own}" not in how.reached:  # who has no codes at all need not be asked of each record
            told = f"(EXISTS ({codes}) AND ({told}))"
        return f"({everywhere} OR {told})"

    def _of(self, way: Of, alias: str) -> str:
        inner = _inner(way, alias)
        conditions = [self.visible(way.parent, inner)]
        if way.level is not None:
            conditions.append(self.passes(way.parent, inner, way.level))
        return self._linked(way, alias, conditions)

    def _linked(self, way: Of, alias: str, conditions: Sequence[str]) -> str:
        """Whether the record that `alias` belongs to meets conditions."""
        if _NO in conditions:
            return _NO
        told = [one for one in conditions if one != _YES]
        further = [way.where.format(t=alias)] if way.where else []
        if not told:
            return f"({further[0]})" if further else _YES
        main, inner = self.dialect.main, _inner(way, alias)
        source, link = (
            f"{main}{way.parent.name} {inner}",
            f"{inner}.{way.key} = {alias}.{way.column}",
        )
        if way.through:
            between, here, there = way.through
            source = f"{main}{between} {inner}_by JOIN {source} ON {inner}.id = {inner}_by.{there}"
            link = f"{inner}_by.{here} = {alias}.{way.column}"
        exists = f"EXISTS (SELECT 1 FROM {source} WHERE {' AND '.join([link, *told])})"
        return f"({' AND '.join([*further, exists])})"

    def _history(self, tables: Iterable[Table]) -> str:
        """What the journal tells of a record whose division is the reader's own."""
        ways = []
        for table in tables:
            if isinstance(release_of(table), Own | Of) and "version" in table.c:
                level = Level.CLOSED if copies_of(table) else Level.INTERNAL
                ways.append(Of(table, "row_id", level, where=f"{{t}}.table_name = '{table.name}'"))
        return _any([self._of(way, "t") for way in ways])


def _by_division(layer: Table) -> bool:
    """Whether a layer's records are seen by their divisions, and not by who sent them."""
    how = release_of(layer)
    return isinstance(how, Own) and "{own}" not in how.reached


def _copy_beside(copies: Copies, kind: str) -> str:
    """What stands beside a layer's copy as its namesake stands beside the layer."""
    if kind == "boxes":
        return f"rtree_{copies.coarse.name}_geom"
    return f"{copies.coarse.name}_{kind}"


def _inner(way: Of, alias: str) -> str:
    return f"{alias}_{way.parent.name}"


def _any(ways: Sequence[str]) -> str:
    told = [one for one in ways if one != _NO]
    if _YES in told:
        return _YES
    return f"({' OR '.join(told)})" if told else _NO


def _beside(tables: Sequence[Table]) -> Iterator[tuple[str, tuple[Table, str]]]:
    """The R-trees of the layers, which are no tables of the program's own."""
    for table in tables:
        if table.info.get("layer"):
            yield f"rtree_{table.name}_geom", (table, "boxes")
