"""What each name found in a text means: the owner that fits it and the divisions named before it.

Names that follow one another without a break are one path (赤峰市红山区西屯街道). Each is read
below those before it; where it is not below them, that is what is wrong with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from sqlalchemy import Connection, select

from data.reference import division_history
from gazetteer.checker.index import NamesIndex
from gazetteer.checker.owners import OUTSIDE
from gazetteer.checker.values import Candidate, FormKind
from gazetteer.divisions.tables import division_event_line
from gazetteer.names import split_name
from gazetteer.search.lexicon import Lexicon, significant
from gazetteer.search.standing import COUNTY, TOWNSHIP

_LINKS: Final = frozenset({"", "的", "境内", "所辖", "下辖", "辖区", "辖", " "})
_MOST_OWNERS: Final = 2_000
_LONG_SPECIFIC: Final = 3


@dataclass(frozen=True, slots=True)
class Reference:
    """An owner, and what the form that stands in the text is to it."""

    owner: int
    kind: FormKind


@dataclass(frozen=True, slots=True)
class Resolved:
    """A name in the text and what it means.

    Attributes:
        candidate: where it stands.
        references: what it may mean, best first; empty where that is not in the register.
        above: the place in the list of the name that stands before it in its path, else -1.
        outside_of: whether the register has it, but not below the name before it.
    """

    candidate: Candidate
    references: tuple[Reference, ...]
    above: int = -1
    outside_of: bool = False


class Resolver:
    """Resolves the names of one text.

    Args:
        index: the names.
        lexicon: the divisions of the store.
        text: the plain text.
        heirs: codes that division events have put in the place of others.
    """

    def __init__(
        self,
        index: NamesIndex,
        lexicon: Lexicon,
        text: str,
        heirs: Mapping[str, AbstractSet[str]] = MappingProxyType({}),
    ) -> None:
        self._index, self._lexicon, self._text = index, lexicon, text
        self._heirs = heirs
        self._resolved: list[Resolved] = []
        self._areas: list[frozenset[str]] = []

    def resolve(self, candidates: Sequence[Candidate]) -> list[Resolved]:
        """Every candidate with what it means; slips that fit nothing are left out."""
        for candidate in candidates:
            found = self._one(candidate)
            if found is not None:
                self._resolved.append(found)
                self._areas.append(self._area(found))
        return self._resolved

    def _one(self, candidate: Candidate) -> Resolved | None:
        references = self._references(candidate)
        above = self._above(candidate, references)
        if candidate.kind == "near" and not self._slip_fits(candidate, references, above):
            return None
        if above < 0:
            return Resolved(candidate, self._sorted(references))
        area = self._areas[above]
        below = [one for one in references if self._is_below(one, area)]
        if below:
            return Resolved(candidate, self._sorted(below), above)
        if candidate.kind == "near":
            return None
        if all(code not in self._lexicon.by_code for code in area):
            return Resolved(candidate, (), above)
        return Resolved(candidate, self._sorted(references), above, outside_of=True)

    def _references(self, candidate: Candidate) -> list[Reference]:
        known = self._index.references.of(candidate.form)[:_MOST_OWNERS]
        if candidate.kind == "near":
            return [
                Reference(owner, FormKind.TYPO) for owner, kind in known if kind <= FormKind.BARE
            ]
        return [Reference(owner, kind) for owner, kind in known]

    def _above(self, candidate: Candidate, references: list[Reference]) -> int:
        """The name before this one in its path: adjacent, and of a higher division."""
        last = len(self._resolved) - 1
        if last < 0 or not references:
            return -1
        before = self._resolved[last]
        gap = self._text[before.candidate.end : candidate.start]
        if gap not in _LINKS or not self._areas[last]:
            return -1
        own = min(self._standing(one) for one in references)
        while last >= 0 and self._lowest(last) >= own:
            last = self._resolved[last].above
        return last

    def _lowest(self, place: int) -> int:
        standings = [self._standing(one) for one in self._resolved[place].references]
        return min(standings, default=TOWNSHIP)

    def _standing(self, one: Reference) -> int:
        return int(self._index.owners.standing[one.owner])

    def _slip_fits(self, candidate: Candidate, references: list[Reference], above: int) -> bool:
        """Whether a slip is near enough to what it would mean to be one."""
        if above >= 0 or min(self._standing(one) for one in references) <= COUNTY:
            return True
        name = self._index.forms[candidate.form]
        sure = any(self._index.owners.sure[one.owner] for one in references)
        return sure and len(split_name(name).specific) >= _LONG_SPECIFIC

    def _area(self, resolved: Resolved) -> frozenset[str]:
        """The codes of divisions that a name stands for today, if it is a division's."""
        codes: set[str] = set()
        for one in resolved.references[:8]:
            if self._standing(one) <= TOWNSHIP:
                codes |= self.codes_today(one)
        return frozenset(codes)

    def codes_today(self, one: Reference) -> set[str]:
        """The codes of what an owner is today: its own, or its successor's."""
        owners = self._index.owners
        code = code_text(int(owners.code[one.owner]))
        if owners.current[one.owner]:
            return {code} if code else set()
        return set(successors(code, self._lexicon, self._heirs))

    def _is_below(self, one: Reference, area: Iterable[str]) -> bool:
        code = f"{int(self._index.owners.code[one.owner]):012}"
        return any(self._holds(known, code) for known in area)

    def _holds(self, division: str, code: str) -> bool:
        digits, others = self._lexicon.codes_under(division)
        if division not in self._lexicon.by_code:
            digits = significant(division)
        return code.startswith(digits) or code_text(int(code)) in others

    def _sorted(self, references: Iterable[Reference]) -> tuple[Reference, ...]:
        owners = self._index.owners
        return tuple(
            sorted(
                references,
                key=lambda one: (
                    one.kind,
                    owners.feature[one.owner] == OUTSIDE,
                    not owners.current[one.owner],
                    owners.standing[one.owner],
                    -int(owners.feature[one.owner]),
                    one.owner,
                ),
            )
        )


def code_text(number: int) -> str:
    """A code of 12 digits as registers write it: 6, 9 or 12 digits; '' for none.

    >>> code_text(150502000000), code_text(150502001000), code_text(0)
    ('150502', '150502001', '')
    """
    if not number:
        return ""
    whole = f"{number:012}"
    return whole[:6] if whole.endswith("000000") else whole.removesuffix("000")


def read_heirs(connection: Connection) -> dict[str, set[str]]:
    """The new codes of each old one, as the register's division events state them."""
    c = division_event_line.c
    rows = connection.execute(
        select(c.old_code, c.new_code).where(c.old_code.is_not(None), c.new_code.is_not(None))
    )
    found: dict[str, set[str]] = {}
    for old, new in rows:
        found.setdefault(old, set()).add(new)
    return found


def successors(
    code: str, lexicon: Lexicon, stated: Mapping[str, AbstractSet[str]] = MappingProxyType({})
) -> frozenset[str]:
    """The codes of the divisions in force that an ended division became.

    The register's division events and the table `division_history` say it; else the division that
    has the same code today. Empty where none knows.
    """
    names = {entry.name for entry in lexicon.by_code.get(code, ())}
    found: set[str] = set()
    waiting, seen = {code}, set[str]()
    while waiting:
        one = waiting.pop()
        seen.add(one)
        heirs = {
            change.new_code
            for change in division_history()
            if change.old_code == one or (one == code and change.old_name in names)
        }
        waiting |= (heirs | stated.get(one, frozenset())) - seen
        if lexicon.at(one, None) is not None:
            found.add(one)
    return frozenset(found)
