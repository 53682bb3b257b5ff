"""How two spans of time lie to each other, as SQL (OGC 21-065r2, clause 7.9)."""

from collections.abc import Callable
from itertools import chain

from data.filters.nodes import Instant, Node, Span

# Each relation is a list of comparisons, all of which hold: an end of the left span, a sign, an
# end of the right span. `disjoint` alone takes either of two.
_RELATIONS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "after": (("start", ">", "end"),),
    "before": (("end", "<", "start"),),
    "contains": (("start", "<", "start"), ("end", ">", "end")),
    "during": (("start", ">", "start"), ("end", "<", "end")),
    "equals": (("start", "=", "start"), ("end", "=", "end")),
    "finishedBy": (("start", "<", "start"), ("end", "=", "end")),
    "finishes": (("start", ">", "start"), ("end", "=", "end")),
    "intersects": (("start", "<=", "end"), ("end", ">=", "start")),
    "meets": (("end", "=", "start"),),
    "metBy": (("start", "=", "end"),),
    "overlappedBy": (("start", ">", "start"), ("start", "<", "end"), ("end", ">", "end")),
    "overlaps": (("start", "<", "start"), ("end", ">", "start"), ("end", "<", "end")),
    "startedBy": (("start", "=", "start"), ("end", ">", "end")),
    "starts": (("start", "=", "start"), ("end", "<", "end")),
}

Moments = Callable[..., list[str]]
"""Writes moments as comparable SQL."""


def relation(name: str, left: Node, right: Node, moments: Moments) -> str:
    """A relation of two spans.

    Args:
        name: such as `after` or `metBy`.
        left: a `Span`.
        right: a `Span`.
        moments: writes ends as comparable SQL.
    """
    if not (isinstance(left, Span) and isinstance(right, Span)):
        raise TypeError("a temporal relation is of two spans")
    if name == "disjoint":
        apart = " OR ".join(_compare(left, right, part, moments) for part in _APART)
        held = [f"({apart})"]
    else:
        held = [_compare(left, right, part, moments) for part in _RELATIONS[name]]
    return f"({' AND '.join(chain(held, _whole(left, moments), _whole(right, moments)))})"


_APART = (("end", "<", "start"), ("start", ">", "end"))


def _whole(span: Span, moments: Moments) -> list[str]:
    """A span of two ends is known only where both are: else it is neither so nor not so."""
    if span.start is None or span.end is None or span.start == span.end:
        return []
    return [_so_if_known(moments(end)[0]) for end in (span.start, span.end)]


def _so_if_known(written: str) -> str:
    return f"({written} IS NOT NULL OR NULL)"


def _not_so_if_known(written: str) -> str:
    return f"({written} IS NULL AND NULL)"


def _compare(left: Span, right: Span, part: tuple[str, str, str], moments: Moments) -> str:
    a_end, sign, b_end = part
    a: Instant | None = getattr(left, a_end)
    b: Instant | None = getattr(right, b_end)
    if a is not None and b is not None:
        first, second = moments(a, b)
        return f"({first} {sign} {second})"
    return _open(_infinite(a, a_end), _infinite(b, b_end), sign, a or b, moments)


def _infinite(moment: Instant | None, end: str) -> int:
    """-1 before all time, 1 after it, 0 for a moment in time."""
    return 0 if moment is not None else (-1 if end == "start" else 1)


def _open(a: int, b: int, sign: str, known: Instant | None, moments: Moments) -> str:
    """A comparison with an open end: decided by the side it is open to."""
    holds = {"<": a < b, ">": a > b, "=": a == b, "<=": a <= b, ">=": a >= b}[sign]
    if known is None:
        return "TRUE" if holds else "FALSE"
    written = moments(known)[0]
    return _so_if_known(written) if holds else _not_so_if_known(written)
