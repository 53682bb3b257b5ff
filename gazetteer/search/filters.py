"""The filters of a search as conditions on forms; what is filtered is a form and its target."""

from collections.abc import Sequence

from data.geometry import Box
from gazetteer.search.lexicon import DivisionEntry, Lexicon
from gazetteer.search.request import SearchRequest
from gazetteer.search.statements import Condition

_AFTER_DIGITS = ":"
"""The character after 9: codes are digits, so a prefix is a range."""


def filters_of(request: SearchRequest, lexicon: Lexicon) -> Condition:
    """Every filter of a request.

    Raises:
        InvalidValue: `within` names no division, or several.
    """
    found = Condition()
    if request.within is not None:
        found &= within_condition(lexicon.resolve(request.within, request.as_of), lexicon)
    if request.category:
        code = request.category
        sql = "f.category_code >= ? AND f.category_code < ?"
        found &= Condition(sql, (code, code + _AFTER_DIGITS), indexed=True)
    if request.status:
        found &= Condition("f.status = ?", (request.status,))
    if request.heritage is not None:
        found &= Condition("f.heritage = ?", (request.heritage,))
    if request.box:
        found &= _box(request.box.parts())
    return found & _as_of(request)


def within_condition(entry: DivisionEntry, lexicon: Lexicon) -> Condition:
    """In a division: its code's digits begin the code, or it is administered from there."""
    digits, others = lexicon.codes_under(entry.code)
    begins = "f.division_code >= ? AND f.division_code < ?"
    values = (digits, digits + _AFTER_DIGITS)
    if not others:
        return Condition(begins, values, indexed=True)
    marks = ", ".join("?" * len(others))
    sql = f"(({begins}) OR f.division_code IN ({marks}))"
    return Condition(sql, (*values, *others), indexed=True)


def is_under(code: str | None, entry: DivisionEntry, lexicon: Lexicon) -> bool:
    """The same for one code."""
    digits, others = lexicon.codes_under(entry.code)
    return code is not None and (code.startswith(digits) or code in others)


def _box(parts: Sequence[Box]) -> Condition:
    one = "(f.lon >= ? AND f.lon <= ? AND f.lat >= ? AND f.lat <= ?)"
    sql = " OR ".join([one] * len(parts))
    values = [v for p in parts for v in (p.min_x, p.max_x, p.min_y, p.max_y)]
    return Condition(f"({sql})", tuple(values))


def _as_of(request: SearchRequest) -> Condition:
    if request.as_of is None:
        return Condition()
    day = request.as_of.toordinal()
    return Condition(
        "(f.from_day IS NULL OR f.from_day <= ?) AND (f.to_day IS NULL OR f.to_day > ?)",
        (day, day),
    )
