"""CQL2 text or JSON → nodes: the parser is the library `cql2`, what is allowed is decided here."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import cql2

from data.errors import InvalidValue
from data.filters import limits
from data.filters.limits import refuse
from data.filters.nodes import TEMPORAL, Kind, Literal, Node, Operation, Queryable, Scalar
from data.filters.shapes import Transform, is_shape, read_shape
from data.filters.times import read_moment, read_span

TEXT, JSON = "cql2-text", "cql2-json"
LANGUAGES = (TEXT, JSON)
MAX_LISTED = 1_000
"""How many values a list of IN may hold."""

Queryables = Mapping[str, Queryable]

_COMPARISONS = frozenset({"=", "<>", "<", ">", "<=", ">="})
_ARITHMETIC = frozenset({"+", "-", "*", "/", "%", "div", "^"})
SPATIAL = {
    f"s_{name}": name
    for name in (
        *("intersects", "disjoint", "equals", "touches"),
        *("crosses", "within", "contains", "overlaps"),
    )
}
TEMPORAL_RELATIONS = {
    f"t_{name}": name
    for name in (
        *("after", "before", "contains", "disjoint", "during", "equals", "finishedBy"),
        *("finishes", "intersects", "meets", "metBy", "overlappedBy", "overlaps"),
        *("startedBy", "starts"),
    )
}


def parse(text: str, language: str, queryables: Queryables, transform: Transform) -> Scalar:
    """Read a filter.

    Args:
        text: the filter.
        language: `cql2-text` or `cql2-json`.
        queryables: the properties it may name.
        transform: brings the filter's geometries into the store's reference system.

    Returns:
        An expression that yields yes or no.

    Raises:
        InvalidValue: the filter breaks a limit, the grammar, or names what is not there.
    """
    said = Reader(queryables, transform).read(_document(text, language))
    return _flag(said, "the filter")


def _document(text: str, language: str) -> Any:
    if language == JSON:
        limits.check_json(text)
        try:
            written = json.loads(text, parse_constant=_no_constant)
        except ValueError as error:
            raise refuse(text, f"it is JSON ({error})", "write it as CQL2 JSON") from None
        limits.check_escaped(text, written)
        return written
    limits.check_text(text)
    try:
        document = cql2.parse_text(text).to_json()
    except (cql2.ParseError, cql2.ValidationError, ValueError) as error:
        raise _no_text(text, error) from None
    except Exception as error:
        if type(error) is not Exception:
            raise
        # What the library raises at numbers of a geometry that it cannot read: `POINT(100-10)`.
        raise _no_text(text, error) from None
    limits.check_parsed(text, document)
    return document


def _no_text(text: str, error: Exception) -> InvalidValue:
    return refuse(text, f"it is CQL2 text: {_where(error)}", "mend it there")


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _where(error: Exception) -> str:
    """The parser's place and expectation on one line."""
    lines = [line.strip(" |=-^>") for line in str(error).splitlines()]
    return "; ".join(line for line in lines if line)[:300]


class Reader:
    """Reads one document, part by part."""

    def __init__(self, queryables: Queryables, transform: Transform) -> None:
        self._queryables = queryables
        self._transform = transform

    def read(self, said: Any) -> Node:
        """One part of a CQL2 JSON document."""
        if isinstance(said, bool):
            return Literal(said, Kind.FLAG)
        if isinstance(said, int | float):
            return _number(said)
        if isinstance(said, str):
            return Literal(said, Kind.TEXT)
        if isinstance(said, Mapping):
            return self._read_object(said)
        raise _no_expression(said)

    def _read_object(self, said: Mapping[str, Any]) -> Node:
        if "property" in said:
            return self._queryable(said["property"])
        if "date" in said or "timestamp" in said:
            return read_moment(said)
        if "interval" in said:
            return read_span(said["interval"], self._instant)
        if is_shape(said):
            return read_shape(said, self._transform)
        if isinstance(said.get("op"), str) and isinstance(said.get("args"), Sequence):
            return self._operation(said["op"], said["args"])
        raise _no_expression(said)

    def _queryable(self, name: Any) -> Queryable:
        known = self._queryables.get(name) if isinstance(name, str) else None
        if known is None:
            listed = ", ".join(self._queryables)
            raise refuse(
                name, "it is not a property that can be asked for", f"ask for one of {listed}",
                f"筛选条件中的属性“{name}”不存在；可用属性：{listed}",
            )  # fmt: skip
        return known

    def _instant(self, said: Any) -> Queryable | Literal:
        read = self.read(said)
        if isinstance(read, Queryable | Literal) and read.kind in TEMPORAL:
            return read
        raise refuse(said, "an end of an interval is a date, a time or such a property", "give one")

    def _operation(self, op: str, args: Sequence[Any]) -> Node:
        builder = self._builder(op)
        if builder is None:
            raise refuse(op, "it is no operator or function of this service", "see the docs")
        return builder(op, args)

    def _builder(self, op: str) -> Callable[[str, Sequence[Any]], Node] | None:
        named: Mapping[str, Callable[[str, Sequence[Any]], Node]] = {
            "and": self._logical, "or": self._logical, "not": self._not, "in": self._in,
            "like": self._like, "between": self._between, "isNull": self._is_null,
            "casei": self._folded, "accenti": self._folded,
        }  # fmt: skip
        families: tuple[tuple[Any, Callable[[str, Sequence[Any]], Node]], ...] = (
            (_COMPARISONS, self._comparison),
            (_ARITHMETIC, self._arithmetic),
            (SPATIAL, self._spatial),
            (TEMPORAL_RELATIONS, self._temporal),
        )
        found = [builder for names, builder in families if op in names]
        return named.get(op) or (found[0] if found else None)

    def _several(self, op: str, args: Sequence[Any], count: int) -> list[Node]:
        if len(args) != count:
            raise refuse(op, f"it takes {count} operands, not {len(args)}", f"give {count}")
        return [self.read(part) for part in args]

    def _scalars(self, op: str, args: Sequence[Any], count: int) -> list[Scalar]:
        return [_scalar(part, op) for part in self._several(op, args, count)]

    def _logical(self, op: str, args: Sequence[Any]) -> Operation:
        if len(args) < 2:  # noqa: PLR2004 - it joins
            raise refuse(op, "it joins two conditions or more", "give two")
        parts = tuple(_flag(self.read(part), op) for part in args)
        return Operation(op, parts, Kind.FLAG)

    def _not(self, op: str, args: Sequence[Any]) -> Operation:
        (part,) = self._several(op, args, 1)
        return Operation(op, (_flag(part, op),), Kind.FLAG)

    def _comparison(self, op: str, args: Sequence[Any]) -> Operation:
        left, right = self._scalars(op, args, 2)
        _alike(op, left, right)
        return Operation(op, (left, right), Kind.FLAG)

    def _arithmetic(self, op: str, args: Sequence[Any]) -> Operation:
        parts = self._scalars(op, args, 2)
        for part in parts:
            _must_be(part, {Kind.NUMBER}, op)
        return Operation(op, tuple(parts), Kind.NUMBER)

    def _in(self, op: str, args: Sequence[Any]) -> Operation:
        if len(args) != 2 or not isinstance(args[1], list):  # noqa: PLR2004 - a value and a list
            raise refuse(op, "it takes a value and a list", "write a IN (1, 2)")
        if not 1 <= len(args[1]) <= MAX_LISTED:
            raise refuse(op, f"a list holds 1 to {MAX_LISTED} values", "ask in several filters")
        value, *listed = (_scalar(self.read(part), op) for part in (args[0], *args[1]))
        if value.kind in TEMPORAL:
            listed = [_as_moment(part) for part in listed]
        for part in listed:
            _alike(op, value, part)
        return Operation(op, (value, *listed), Kind.FLAG)

    def _like(self, op: str, args: Sequence[Any]) -> Operation:
        value, pattern = self._scalars(op, args, 2)
        for part in (value, pattern):
            _must_be(part, {Kind.TEXT}, op)
        if not _is_fixed(pattern):
            raise refuse(op, "a pattern is a text, not a property", "write the pattern in quotes")
        return Operation(op, (value, pattern), Kind.FLAG)

    def _between(self, op: str, args: Sequence[Any]) -> Operation:
        value, low, high = self._scalars(op, args, 3)
        for part in (value, low, high):
            _must_be(part, {Kind.NUMBER, *TEMPORAL}, op)
            _alike(op, value, part)
        return Operation(op, (value, low, high), Kind.FLAG)

    def _is_null(self, op: str, args: Sequence[Any]) -> Operation:
        (part,) = self._several(op, args, 1)
        if not isinstance(part, Queryable | Literal | Operation):
            raise refuse(op, "it asks whether a property has a value", "name a property")
        return Operation(op, (part,), Kind.FLAG)

    def _folded(self, op: str, args: Sequence[Any]) -> Operation:
        (part,) = self._scalars(op, args, 1)
        _must_be(part, {Kind.TEXT}, op)
        return Operation(op, (part,), Kind.TEXT)

    def _spatial(self, op: str, args: Sequence[Any]) -> Operation:
        parts = self._several(op, args, 2)
        for part in parts:
            if getattr(part, "kind", None) != Kind.GEOMETRY:
                raise refuse(op.upper(), "it compares geometries", "give a property and a geometry")
        return Operation(SPATIAL[op], tuple(parts), Kind.FLAG)

    def _temporal(self, op: str, args: Sequence[Any]) -> Operation:
        left, right = (
            read_span([part, part], self._instant)
            if not (isinstance(part, Mapping) and "interval" in part)
            else read_span(part["interval"], self._instant)
            for part in _pair(op, args)
        )
        return Operation(f"t_{TEMPORAL_RELATIONS[op]}", (left, right), Kind.FLAG)


def _no_expression(said: Any) -> InvalidValue:
    rule = "each part is a value, a property or an operation of CQL2"
    return refuse(said, rule, "write one of these there")


def _pair(op: str, args: Sequence[Any]) -> Sequence[Any]:
    if len(args) != 2:  # noqa: PLR2004 - a relation of two
        raise refuse(op.upper(), "it relates two dates, times or intervals", "give two")
    return args


def _number(value: float) -> Literal:
    """Whole numbers stay whole, so that an index of whole numbers serves them."""
    if not abs(value) <= sys.float_info.max:  # neither is what is not a number
        raise refuse(value, "a number is finite", "give a smaller number")
    whole = float(value).is_integer() and abs(value) < 2**53
    return Literal(int(value) if whole else float(value), Kind.NUMBER)


def _scalar(part: Node, op: str) -> Scalar:
    if isinstance(part, Queryable | Literal | Operation) and part.kind != Kind.GEOMETRY:
        return part
    raise refuse(op, "it compares values, not geometries or intervals", "use S_… or T_… functions")


def _as_moment(part: Scalar) -> Scalar:
    """A text in a list of days or times, which the standard's own tests write without `DATE`."""
    if not isinstance(part, Literal) or part.kind != Kind.TEXT:
        return part
    return read_moment({"timestamp" if "T" in str(part.value) else "date": part.value})


def _flag(part: Node, op: str) -> Scalar:
    said = _scalar(part, op)
    _must_be(said, {Kind.FLAG}, op)
    return said


def _must_be(part: Scalar, kinds: set[Kind], op: str) -> None:
    if part.kind not in kinds:
        wanted = " or ".join(sorted(kinds))
        rule = f"{op} takes a value of kind {wanted}, not {part.kind}"
        raise refuse(_shown(part), rule, "give one")


def _alike(op: str, left: Scalar, right: Scalar) -> None:
    if left.kind == right.kind or {left.kind, right.kind} <= TEMPORAL:
        return
    raise refuse(
        _shown(right),
        f"{op} compares values of one kind, not {left.kind} with {right.kind}",
        f"give a value of kind {left.kind}",
    )


def _is_fixed(part: Scalar) -> bool:
    if isinstance(part, Operation):
        return part.op in {"casei", "accenti"} and _is_fixed(part.args[0])  # type: ignore[arg-type]
    return isinstance(part, Literal)


def _shown(part: Scalar) -> object:
    if isinstance(part, Literal):
        return part.value
    return part.name if isinstance(part, Queryable) else part.op
