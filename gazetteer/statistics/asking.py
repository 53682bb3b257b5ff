"""Counts of names by division, class, status, script, heritage and year, from the tallies."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from data.errors import InvalidValue
from data.reference import terms
from gazetteer.categories import category_names
from gazetteer.divisions.codes import significant
from gazetteer.divisions.reading import read_current
from gazetteer.divisions.register import Register
from gazetteer.divisions.tables import division_event, division_event_line
from gazetteer.statistics.marks import SCRIPTS, SHARES, Mark
from gazetteer.statistics.tables import name_tally, name_year, place_fact
from gazetteer.statistics.values import Counts, Question

MEASURES: Final = ("count", *SHARES)
_YEAR_MEASURES: Final = ("begun", "ended")
_LONGEST = 12
_COUNTY_DIGITS = 6


def ask(connection: Connection, question: Question) -> Counts:
    """The counts that a question asks for.

    Every group has its number of names, and of those with a Mongolian form, a romanization, an
    origin, a sign and a complete record; groups of scripts have the first alone.

    Args:
        connection: of a store whose names are counted (`is_counted`).
        question: what to count.

    Raises:
        InvalidValue: `within` is no division in force.
    """
    register = read_current(connection)
    if question.within is not None and question.within not in register.current:
        raise InvalidValue(
            "within", question.within, "no division in force has that code",
            "give a code such as 150100", f"没有现行区划代码“{question.within[:20]}”",
        )  # fmt: skip
    if "year" in question.by:
        return _by_year(connection, question, register)
    return _by_facts(connection, question, register)


def _by_facts(connection: Connection, question: Question, register: Register) -> Counts:
    by = question.by
    # A name has several scripts, so that other marks cannot be told of one of them.
    measures = MEASURES[:1] if "script" in by else MEASURES
    groups: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * len(measures))
    for key, values in _rows(connection, question, _source(question)):
        known = groups[_group(key, question, register)]
        for place, value in enumerate(values):
            known[place] += value
    found = [
        _named(by, group, register) | dict(zip(measures, values, strict=True))
        for group, values in sorted(groups.items(), key=lambda one: tuple(map(str, one[0])))
        if values[0]
    ]
    if not by and not found:
        found = [dict.fromkeys(measures, 0)]
    return Counts((*by, *measures), found)


class _Source:
    """Where facts are summed: the tallies, or the facts of places for townships."""

    def __init__(self, *, townships: bool) -> None:
        table = place_fact if townships else name_tally
        self.division = table.c.division_code if townships else table.c.county_code
        self.category, self.status = table.c.category_code, table.c.status
        self.heritage = table.c.heritage
        self.townships = townships

    @property
    def count(self) -> Any:
        """How many names."""
        return func.count() if self.townships else func.sum(name_tally.c.count)

    def marked(self, mark: Mark) -> Any:
        """How many of them have a mark."""
        if not self.townships:
            return func.sum(name_tally.c[mark.column])
        return func.sum(case((place_fact.c.marks.op("&")(mark.value) != 0, 1), else_=0))


def _source(question: Question) -> _Source:
    finer = question.within is not None and len(question.within) > _COUNTY_DIGITS
    return _Source(townships=finer or ("division" in question.by and question.level == "township"))


def _rows(
    connection: Connection, question: Question, source: _Source
) -> Iterable[tuple[dict[str, Any], list[int]]]:
    """Sums by the dimensions that the question needs, with the codes that the tallies have."""
    known = {
        "division": source.division,
        "class": func.substr(source.category, 1, question.depth),
        "status": source.status,
        "heritage": source.heritage,
    }
    columns = {name: known[name] for name in question.by if name in known}
    marks = [script.mark for script in SCRIPTS] if "script" in question.by else SHARES.values()
    statement = (
        select(*columns.values(), source.count, *(source.marked(mark) for mark in marks))
        .where(*_conditions(question, source))
        .group_by(*columns.values())
    )
    size = len(columns)
    for row in connection.execute(statement):
        key = dict(zip(columns, row[:size], strict=True))
        values = [int(number or 0) for number in row[size:]]
        if "script" in question.by:
            for script, value in zip(SCRIPTS, values[1:], strict=True):
                yield key | {"script": script.code}, [value]
        else:
            yield key, values


def _conditions(question: Question, source: _Source) -> list[Any]:
    where: list[Any] = []
    if question.within is not None:
        where.append(_under(source.division, question.within))
    if question.category is not None:
        code = question.category
        where.append(and_(source.category >= code, source.category < f"{code}:"))
    if question.status is not None:
        where.append(source.status == question.status)
    if question.heritage is not None:
        where.append(source.heritage == question.heritage)
    return where


def _under(column: Any, code: str) -> ColumnElement[bool]:
    """Whether a code is that of a division or of something below it, by its digits."""
    digits = significant(code)
    return and_(column >= digits, column <= digits.ljust(_LONGEST, "9"))


def _group(key: Mapping[str, Any], question: Question, register: Register) -> tuple[Any, ...]:
    """The group that a sum belongs to."""
    said = dict(key)
    if "division" in said:
        said["division"] = _at_level(said["division"], question.level, register)
    if "heritage" in said:
        said["heritage"] = bool(said["heritage"])
    return tuple(said[one] for one in question.by)


def _at_level(code: str, level: str, register: Register) -> str:
    """The division of a level that holds a code; the code's own where it is higher or unknown."""
    known = next((one for one in (code, code[:9], code[:6]) if one in register.current), None)
    if known is None:
        return code
    path = register.path(known)
    return next((one for one in path if register.current[one].level == level), known)


def _named(by: tuple[str, ...], group: tuple[Any, ...], register: Register) -> dict[str, Any]:
    """A group with the words of its codes."""
    found: dict[str, Any] = {}
    for dimension, value in zip(by, group, strict=True):
        if dimension == "heritage":
            found[dimension] = value
        else:
            found[dimension] = {"code": value, **_WORDS[dimension](value, register)}
    return found


def _division_words(code: str, register: Register) -> dict[str, str]:
    state = register.current.get(code)
    return {"zh": state.name, "en": state.romanization or state.name} if state else _UNKNOWN


def _class_words(code: str, _register: Register) -> dict[str, str]:
    if not code:
        return _UNKNOWN
    return {lang: category_names(lang).get(code, code) for lang in ("zh", "en")}


def _status_words(code: str, _register: Register) -> dict[str, str]:
    found = next((term for term in terms("name_statuses") if term.code == code), None)
    return {"zh": found.zh, "en": found.en} if found else {"zh": code, "en": code}


def _script_words(code: str, _register: Register) -> dict[str, str]:
    script = next(one for one in SCRIPTS if one.code == code)
    return {"zh": script.zh, "en": script.en}


_UNKNOWN: Final = {"zh": "未注明", "en": "not stated"}
_WORDS: Final[Mapping[str, Callable[[str, Register], dict[str, str]]]] = {
    "division": _division_words,
    "class": _class_words,
    "status": _status_words,
    "script": _script_words,
}


def _by_year(connection: Connection, question: Question, register: Register) -> Counts:
    groups: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
    for year, division, begun, ended in _years(connection, question):
        code = _at_level(division, question.level, register)
        group = tuple({"year": year, "division": code}[one] for one in question.by)
        groups[group][0] += begun
        groups[group][1] += ended
    with_events = question.by == ("year",) and not question.chooses_names
    events = _events_by_year(connection, question.within) if with_events else {}
    for year in events:
        groups.setdefault((year,), [0, 0])
    found = [
        _year_named(question.by, group, register)
        | dict(zip(_YEAR_MEASURES, values, strict=True))
        | ({"division_events": events.get(group[0], 0)} if with_events else {})
        for group, values in sorted(groups.items())
        if any(values) or group[0] in events
    ]
    more = ("division_events",) if with_events else ()
    return Counts((*question.by, *_YEAR_MEASURES, *more), found)


def _years(connection: Connection, question: Question) -> Iterator[tuple[int, str, int, int]]:
    """Years with the code of a division, and how many names began and ended."""
    source = _source(question)
    if not (source.townships or question.chooses_names):
        known = name_year.c
        inside = [_under(known.county_code, question.within)] if question.within else []
        tallies = select(known.year, known.county_code, known.begun, known.ended).where(*inside)
        yield from (tuple(row) for row in connection.execute(tallies))
        return
    fact = _Source(townships=True)
    division = fact.division if source.townships else func.substr(fact.division, 1, _COUNTY_DIGITS)
    for column, counts in ((place_fact.c.begun_year, (1, 0)), (place_fact.c.ended_year, (0, 1))):
        statement = (
            select(column, division, func.count())
            .where(column.is_not(None), *_conditions(question, fact))
            .group_by(column, division)
        )
        for year, code, count in connection.execute(statement):
            yield year, code, count * counts[0], count * counts[1]


def _year_named(by: tuple[str, ...], group: tuple[Any, ...], register: Register) -> dict[str, Any]:
    named = partial(_division_words, register=register)
    return {
        dimension: {"code": value, **named(value)} if dimension == "division" else value
        for dimension, value in zip(by, group, strict=True)
    }


def _events_by_year(connection: Connection, within: str | None) -> dict[int, int]:
    """Division events by year, of those in which a code within takes part.

    There are a few hundred at most.
    """
    event, line = division_event.c, division_event_line.c
    statement = select(event.effective_on)
    if within is not None:
        inside = (_under(line.old_code, within), _under(line.new_code, within))
        statement = statement.where(event.id.in_(select(line.event_id).where(or_(*inside))))
    return Counter(day.year for day in connection.scalars(statement))
