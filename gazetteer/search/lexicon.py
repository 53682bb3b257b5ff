"""The divisions of a store in memory (行政区划词典): paths, codes, names that steer a query.

There are a few thousand divisions and every result shows its path, so they are read once for
each state of the store.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from data.errors import InvalidValue
from gazetteer.names import fold, search_keys, short_form, split_name
from gazetteer.search.standing import division_standing
from gazetteer.tables import division

_DEEPEST = 6
_REMEMBERED = 100_000
_LEAST_SCORE = 0.7


@dataclass(frozen=True, slots=True)
class DivisionEntry:
    """One division in one span of time; `from_day`, `to_day` count days since 0001-01-01."""

    id: int
    code: str
    name: str
    level: str
    parent_code: str | None
    from_day: int | None
    to_day: int | None

    def holds_on(self, day: int | None) -> bool:
        """Whether it was in force on `day`; today means without an end."""
        if day is None:
            return self.to_day is None
        return (self.from_day is None or self.from_day <= day) and (
            self.to_day is None or day < self.to_day
        )


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The divisions by code, by name and by parent."""

    by_code: Mapping[str, Sequence[DivisionEntry]]
    by_key: Mapping[str, Sequence[DivisionEntry]]
    entries: Sequence[DivisionEntry]
    children: Mapping[str, frozenset[str]] = field(repr=False)
    _paths: dict[tuple[str | None, date | None], tuple[str, ...]] = field(
        default_factory=dict, repr=False
    )
    _by_id: dict[int, DivisionEntry] = field(default_factory=dict, repr=False)
    _by_letter: dict[str, list[DivisionEntry]] = field(default_factory=dict, repr=False)

    def last_path_names(self, identity: int) -> tuple[str, ...] | None:
        """The path of a division's last day, where it is no longer in force; else None."""
        if not self._by_id:
            self._by_id.update((entry.id, entry) for entry in self.entries)
        entry = self._by_id.get(identity)
        if entry is None or entry.to_day is None:
            return None
        return self.path_names(entry.code, date.fromordinal(entry.to_day - 1))

    def at(self, code: str | None, day: int | None) -> DivisionEntry | None:
        """The division of a code on a day; without an exact one, None."""
        return next((e for e in self.by_code.get(code or "", ()) if e.holds_on(day)), None)

    def path(self, code: str | None, as_of: date | None = None) -> tuple[DivisionEntry, ...]:
        """The divisions above and with `code`, highest first, all in force on the day.

        A code of a smaller unit that the store does not know stands for the unit around it.
        On a day before the code was given, the division of the same name that then was in
        force is taken; where there is none the path is empty, never anachronistic.
        """
        day = as_of.toordinal() if as_of else None
        found = self._on_day(code, day)
        path: list[DivisionEntry] = []
        while found and len(path) < _DEEPEST and found not in path:
            path.insert(0, found)
            found = self._on_day(found.parent_code, day) if found.parent_code else None
        return tuple(path)

    def path_names(self, code: str | None, as_of: date | None = None) -> tuple[str, ...]:
        """The names of the path; remembered, since neighbours share it."""
        key = (code, as_of)
        found = self._paths.get(key)
        if found is None:
            found = tuple(entry.name for entry in self.path(code, as_of))
            if len(self._paths) < _REMEMBERED:
                self._paths[key] = found
        return found

    def _on_day(self, code: str | None, day: int | None) -> DivisionEntry | None:
        for known in _shorter(code or ""):
            if known in self.by_code:
                return self._of_code(known, day)
        return None

    def _of_code(self, code: str, day: int | None) -> DivisionEntry | None:
        if code not in self.by_code:
            return None
        return self.at(code, day) or self._namesake(code, day)

    def _namesake(self, code: str, day: int | None) -> DivisionEntry | None:
        """The division of the same name and level that was in force on the day, if only one."""
        names = {fold(entry.name) for entry in self.by_code[code]}
        levels = {entry.level for entry in self.by_code[code]}
        then = [
            entry
            for name in names
            for entry in self.by_key.get(name, ())
            if entry.level in levels and entry.holds_on(day) and fold(entry.name) == name
        ]
        return then[0] if len(then) == 1 else None

    def resolve(
        self, text: str, as_of: date | None = None, *, field: str = "within"
    ) -> DivisionEntry:
        """The division that a code or a name means; `field` is what its sender calls it.

        Raises:
            InvalidValue: no division has that code or name, or several have the name.
        """
        day = as_of.toordinal() if as_of else None
        if text.isdecimal():
            known = (self._of_code(code, day) for code in _written(significant(text)))
            named = [entry for entry in known if entry][:1]
        else:
            named = self.named(text, day)
        if len(named) == 1:
            return named[0]
        if named:
            told = "、".join(f"{entry.code} {entry.name}" for entry in named[:8])
            raise InvalidValue(
                field,
                text,
                f"several divisions have that name: {told}",
                "give the code",
                f"有多个同名行政区划：{told}；请填写代码",
            )
        raise InvalidValue(
            field,
            text,
            "no division of the register has that code or name",
            "give a code such as 150100, or the division's full name",
            f"登记中没有行政区划“{text[:40]}”；请填写代码（如 150100）或全称",
        )

    def named(self, text: str, day: int | None = None) -> list[DivisionEntry]:
        """The highest divisions that a name means, with or without its generic term."""
        held = [e for e in self.by_key.get(fold(text), ()) if e.holds_on(day)]
        if not held:
            return []
        best = min(division_standing(entry.level) for entry in held)
        return [entry for entry in held if division_standing(entry.level) == best]

    def shortened(self, text: str, day: int | None = None) -> list[DivisionEntry]:
        """The divisions of which a text is an everyday short form, best first."""
        folded = fold(text)
        scored = []
        for entry in self._beginning(folded[:1]):
            found = short_form(folded, fold(entry.name)) if entry.holds_on(day) else None
            if found and found.score >= _LEAST_SCORE and entry.level != "township":
                scored.append((-found.score, entry.code, entry))
        return [entry for *_, entry in sorted(scored, key=lambda triple: triple[:2])]

    def _beginning(self, letter: str) -> Sequence[DivisionEntry]:
        """The divisions whose folded name begins with a letter: a short form begins as its name."""
        if not self._by_letter:
            found: dict[str, list[DivisionEntry]] = {}
            for entry in self.entries:
                found.setdefault(fold(entry.name)[:1], []).append(entry)
            self._by_letter.update(found)  # whole at once, for whoever asks meanwhile
        return self._by_letter.get(letter, ())

    def codes_under(self, code: str) -> tuple[str, tuple[str, ...]]:
        """What is under a division: the digits its codes begin with, and codes that do not.

        A division may be administered from elsewhere and carry the code of that place.
        """
        digits = significant(code)
        others: set[str] = set()
        waiting = [code]
        while waiting:
            for child in self.children.get(waiting.pop(), ()):
                if not child.startswith(digits) and child not in others:
                    others.add(child)
                    waiting.append(child)
        return digits, tuple(sorted(others))


def significant(code: str) -> str:
    """The digits of a code that name the unit, without the zeros that fill it up.

    >>> significant("150000"), significant("150100"), significant("150102001000")
    ('15', '1501', '150102001')
    """
    for size in (12, 9, 6, 4, 2):
        if len(code) >= size:
            shorter = code[:size]
            if set(code[size:]) <= {"0"} and not shorter.endswith(_FILL[size]):
                return shorter
    return code


_FILL = {12: "000", 9: "000", 6: "00", 4: "00", 2: "00"}


def _shorter(code: str) -> Iterable[str]:
    """The code, then those of the units around it, as they are written in full or short."""
    yield code
    digits = significant(code)
    for size in (12, 9, 6, 4, 2):
        if len(digits) >= size:
            yield from _written(digits[:size])


def _written(digits: str) -> Iterable[str]:
    """The ways a code is written: short, or filled up with zeros."""
    return (digits, digits.ljust(6, "0"), digits.ljust(9, "0"), digits.ljust(12, "0"))


def read_lexicon(connection: Connection) -> Lexicon:
    """Read every division of a store."""
    columns = [
        division.c[n]
        for n in ("id", "code", "name", "level", "parent_code", "valid_from", "valid_to")
    ]
    rows = connection.execute(select(*columns).order_by(division.c.code, division.c.id))
    entries = [_entry(row) for row in rows]
    by_code: dict[str, list[DivisionEntry]] = {}
    by_key: dict[str, list[DivisionEntry]] = {}
    children: dict[str, set[str]] = {}
    for entry in entries:
        by_code.setdefault(entry.code, []).append(entry)
        for key in _keys_of(entry.name):
            by_key.setdefault(key, []).append(entry)
        if entry.parent_code:
            children.setdefault(entry.parent_code, set()).add(entry.code)
    frozen = {code: frozenset(codes) for code, codes in children.items()}
    return Lexicon(by_code, by_key, entries, frozen)


def _entry(row: Any) -> DivisionEntry:
    return DivisionEntry(
        row.id,
        row.code,
        row.name,
        row.level,
        row.parent_code,
        row.valid_from and row.valid_from.toordinal(),
        row.valid_to and row.valid_to.toordinal(),
    )


def _keys_of(name: str) -> set[str]:
    """What people write for a division: its name with or without generic term, pinyin."""
    keys = search_keys(name)
    specific = split_name(keys.folded).specific
    written = {keys.folded, keys.pinyin}
    if len(specific) > 1:
        written |= {specific, keys.specific_pinyin}
    return written - {""}
