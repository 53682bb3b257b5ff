"""Nodes → one condition in SQL with bound values, for either store.

Null is neither yes nor no, as in SQL: `a = 1` and `a <> 1` both leave out what has no `a`.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from data.filters.functions import without_accents, without_case
from data.filters.nodes import TEMPORAL, Kind, Literal, Node, Operation, Queryable, Scalar, Shape
from data.filters.patterns import as_glob, as_like
from data.filters.reading import SPATIAL
from data.filters.spans import relation
from data.filters.times import BEGINS
from data.geometry import Box

_JOINERS = {"and": " AND ", "or": " OR "}
_COMPARED = frozenset({"=", "<>", "<", ">", "<=", ">="})
_RELATIONS = frozenset(SPATIAL.values())


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on the layer `t`.

    Attributes:
        sql: its text; values stand as `:name`.
        values: what it binds.
        box: what every match touches; None where the filter does not say.
    """

    sql: str
    values: Mapping[str, Any]
    box: Box | None


def compile_filter(node: Scalar, *, embedded: bool, srid: int) -> Condition:
    """A filter as SQL.

    Args:
        node: from `parse`.
        embedded: for a GeoPackage, otherwise for PostGIS.
        srid: the store's reference system.
    """
    writer = _Embedded() if embedded else _Postgis(srid)
    sql = writer.write(node)
    return Condition(sql, writer.values, _box(node))


def _box(node: Node) -> Box | None:
    """The box that every match touches: from relations that are joined by AND."""
    for part in _joined(node):
        if isinstance(part, Operation) and part.op in _RELATIONS - {"disjoint"}:
            shapes = [one for one in part.args if isinstance(one, Shape)]
            if len(shapes) == 1:
                return Box(*shapes[0].bounds)
    return None


def _joined(node: Node) -> Iterator[Node]:
    if isinstance(node, Operation) and node.op == "and":
        for part in node.args:
            yield from _joined(part)
    else:
        yield node


@dataclass
class _Writer(ABC):
    """What both stores write alike."""

    values: dict[str, Any] = field(default_factory=dict)

    def bind(self, value: Any) -> str:
        """A placeholder for a value."""
        name = f"filter_{len(self.values)}_"
        self.values[name] = value
        return f":{name}"

    def write(self, node: Node) -> str:
        """Any part of a filter."""
        if isinstance(node, Queryable):
            return f't."{node.column}"'
        if isinstance(node, Literal):
            return self.literal(node)
        if isinstance(node, Shape):
            return self.shape(node)
        if isinstance(node, Operation):
            return self.operation(node)
        raise TypeError(f"{type(node).__name__} is written by its relation")

    def literal(self, node: Literal) -> str:
        """A value."""
        if node.kind == Kind.FLAG:
            return "TRUE" if node.value else "FALSE"
        return self.bind(node.value)

    def shape(self, node: Shape) -> str:
        """A geometry of the filter."""
        return self.bind(node.wkb)

    def operation(self, node: Operation) -> str:
        """An operator or function."""
        if node.op in _JOINERS:
            return f"({_JOINERS[node.op].join(self.write(part) for part in node.args)})"
        if node.op in _COMPARED:
            return self.comparison(node)
        if node.op in _RELATIONS:
            return self.relation(node.op, *(self.write(part) for part in node.args))
        if node.op.startswith("t_"):
            return relation(node.op[2:], node.args[0], node.args[1], self.moments)
        return str(getattr(self, f"write_{_NAMES.get(node.op, node.op)}")(node))

    def comparison(self, node: Operation) -> str:
        """Two values of one kind."""
        left, right = self.alike(*node.args)
        return f"({left} {node.op} {right})"

    def alike(self, *nodes: Node) -> list[str]:
        """Values as texts that can be compared: days become times where one of them is a time."""
        kinds = {node.kind for node in nodes if not isinstance(node, Shape)}  # type: ignore[union-attr]
        if kinds == set(TEMPORAL):
            return [self.lifted(node) for node in nodes]
        return [self.ordered(node) for node in nodes]

    moments = alike
    """The ends of intervals, comparable."""

    def lifted(self, node: Node) -> str:
        """A moment as a time."""
        written = self.ordered(node)
        if getattr(node, "kind", None) != Kind.DATE:
            return written
        return f"({self.day_text(written)} || {self.bind(BEGINS)})"

    def write_not(self, node: Operation) -> str:
        """The opposite."""
        return f"(NOT {self.write(node.args[0])})"

    def write_is_null(self, node: Operation) -> str:
        """Whether there is no value."""
        return f"({self.write(node.args[0])} IS NULL)"

    def write_in(self, node: Operation) -> str:
        """Whether a value is one of several."""
        value, *listed = self.alike(*node.args)
        return f"({value} IN ({', '.join(listed)}))"

    def write_between(self, node: Operation) -> str:
        """Whether a value lies between two others or equals one."""
        value, low, high = self.alike(*node.args)
        return f"({value} BETWEEN {low} AND {high})"

    def write_like(self, node: Operation) -> str:
        """Whether a text has a pattern's form."""
        pattern = str(fixed_text(node.args[1]))
        return self.like(self.write(node.args[0]), pattern)

    def write_casei(self, node: Operation) -> str:
        """A text without its case."""
        return self.folded(node)

    def write_accenti(self, node: Operation) -> str:
        """A text without its accents."""
        return self.folded(node)

    def folded(self, node: Operation) -> str:
        """A text of the filter is folded here, a stored one by the store."""
        text = fixed_text(node)
        if text is not None:
            return self.bind(text)
        return self.fold(node.op, self.write(node.args[0]))

    def write_add(self, node: Operation) -> str:
        """`+`, `-` and `*`, in double precision."""
        left, right = (self.double(self.write(part)) for part in node.args)
        return f"({left} {node.op} {right})"

    def write_divide(self, node: Operation) -> str:
        """A quotient; NULL by zero."""
        left, right = (self.double(self.write(part)) for part in node.args)
        return f"({left} / NULLIF({right}, 0))"

    # What the stores write each in their own way.

    @abstractmethod
    def ordered(self, node: Node) -> str:
        """A value whose order is that of its bytes where it is text."""

    @abstractmethod
    def day_text(self, written: str) -> str:
        """A day as yyyy-mm-dd."""

    @abstractmethod
    def like(self, written: str, pattern: str) -> str:
        """Whether a text has a pattern's form."""

    @abstractmethod
    def fold(self, op: str, written: str) -> str:
        """A text without case or accents."""

    @abstractmethod
    def double(self, written: str) -> str:
        """A number in double precision."""

    @abstractmethod
    def relation(self, name: str, left: str, right: str) -> str:
        """How two geometries lie."""


_NAMES = {
    "isNull": "is_null",
    "+": "add",
    "-": "add",
    "*": "add",
    "/": "divide",
    "%": "modulo",
    "div": "whole",
    "^": "power",
}


class _Embedded(_Writer):
    """SQLite: days are text, relations and folding are functions of `data.filters.functions`."""

    def ordered(self, node: Node) -> str:
        return self.write(node)

    def day_text(self, written: str) -> str:
        return written

    def like(self, written: str, pattern: str) -> str:
        # SQLite's LIKE ignores the case of ASCII letters; GLOB does not.
        return f"({written} GLOB {self.bind(as_glob(pattern))})"

    def fold(self, op: str, written: str) -> str:
        return f"ovoo_{op}({written})"

    def double(self, written: str) -> str:
        return f"CAST({written} AS REAL)"

    def relation(self, name: str, left: str, right: str) -> str:
        return f"ovoo_{name}({left}, {right})"

    def write_modulo(self, node: Operation) -> str:
        """What is left of a division, with the sign of the dividend."""
        left, right = (self.write(part) for part in node.args)
        return f"ovoo_modulo({left}, {right})"

    def write_whole(self, node: Operation) -> str:
        """A quotient without its fraction."""
        return f"ovoo_trunc({self.write_divide(node)})"

    def write_power(self, node: Operation) -> str:
        """A power; NULL where it is no number."""
        left, right = (self.write(part) for part in node.args)
        return f"ovoo_power({left}, {right})"


@dataclass
class _Postgis(_Writer):
    """PostgreSQL with PostGIS."""

    srid: int = 0
    values: dict[str, Any] = field(default_factory=dict)

    def __init__(self, srid: int) -> None:
        self.srid, self.values = srid, {}

    def literal(self, node: Literal) -> str:
        if node.kind == Kind.DATE:
            return f"CAST({self.bind(node.value)} AS date)"
        if node.kind in {Kind.TEXT, Kind.TIME}:
            return f"CAST({self.bind(node.value)} AS text)"
        return super().literal(node)

    def shape(self, node: Shape) -> str:
        return f"ST_GeomFromWKB({self.bind(node.wkb)}, {self.srid})"

    def ordered(self, node: Node) -> str:
        written = self.write(node)
        textual = getattr(node, "kind", None) in {Kind.TEXT, Kind.TIME}
        # A bare column keeps its index for equality; its own order is that of the database.
        return f'{written} COLLATE "C"' if textual else written

    def comparison(self, node: Operation) -> str:
        kinds = {getattr(part, "kind", None) for part in node.args}
        if node.op in {"=", "<>"} and kinds == {Kind.TEXT}:
            return f"({self.write(node.args[0])} {node.op} {self.write(node.args[1])})"
        return super().comparison(node)

    def day_text(self, written: str) -> str:
        return f"to_char({written}, 'YYYY-MM-DD')"

    def like(self, written: str, pattern: str) -> str:
        return f"({written} LIKE {self.bind(as_like(pattern))})"

    def fold(self, op: str, written: str) -> str:
        if op == "casei":
            return f'lower({written} COLLATE "und-x-icu")'
        return rf"regexp_replace(normalize({written}, NFD), '[\u0300-\u036f]', '', 'g')"

    def double(self, written: str) -> str:
        return f"CAST({written} AS double precision)"

    def relation(self, name: str, left: str, right: str) -> str:
        return f"ST_{name.capitalize()}({left}, {right})"

    def write_modulo(self, node: Operation) -> str:
        """What is left of a division, with the sign of the dividend."""
        left, right = (f"CAST({self.write(part)} AS numeric)" for part in node.args)
        return f"CAST(mod({left}, NULLIF({right}, 0)) AS double precision)"

    def write_whole(self, node: Operation) -> str:
        """A quotient without its fraction."""
        return f"trunc({self.write_divide(node)})"

    def write_power(self, node: Operation) -> str:
        """A power; NULL where it is no number."""
        base, exponent = (self.double(self.write(part)) for part in node.args)
        none = f"{base} = 0 AND {exponent} < 0 OR {base} < 0 AND {exponent} <> trunc({exponent})"
        return f"(CASE WHEN {none} THEN NULL ELSE power({base}, {exponent}) END)"


def fixed_text(node: Node) -> str | None:
    """The text that a part stands for, where it names no property."""
    if isinstance(node, Literal):
        return str(node.value)
    if isinstance(node, Operation) and node.op in {"casei", "accenti"}:
        inner = fixed_text(node.args[0])
        fold = without_case if node.op == "casei" else without_accents
        return None if inner is None else fold(inner)
    return None
