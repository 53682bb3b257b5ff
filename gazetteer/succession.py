"""Codes and names of divisions through time (行政区划代码沿革), from the editions of a code list.

An edition lists every division of its date. What one edition has and the next has not was
renamed, moved to another code, merged or ended. A list of stated changes decides where there is
one; else the same name, then the same specific part (临河县, 临河市, 临河区), then being the only
new division in the place of the only one gone. Anything else stays open, with its candidates.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from data.reference import DivisionChange, division_history
from gazetteer.names import split_name

_LISTING: Final = "市辖区"
_STATISTICAL: Final = range(71, 80)
"""County pairs x71 to x79 are development zones of the statistics (standards.md §6)."""


class How(StrEnum):
    """Why a code is held to be the successor of another."""

    UNCHANGED = "unchanged"
    RENAMED = "renamed"
    STATED = "stated"
    SAME_NAME = "same-name"
    SAME_SPECIFIC = "same-specific-part"
    ONLY_ONE = "only-one"
    OPEN = "open"
    NO_DIVISION = "no-division"


@dataclass(frozen=True, slots=True)
class Step:
    """One change on the way from a code to today's.

    `edition` is the first list that shows it; list dates lag the decisions.
    """

    edition: str
    code: str
    name: str
    how: How


@dataclass(frozen=True, slots=True)
class Successor:
    """What a code of an edition is called today.

    Attributes:
        code, name: of today; empty where it is open or was no division.
        steps: the changes in between, oldest first; none where nothing changed.
        candidates: codes and names that the lists leave open.
    """

    code: str
    name: str
    steps: tuple[Step, ...] = ()
    candidates: tuple[tuple[str, str], ...] = ()

    @property
    def how(self) -> How:
        """The weakest reason on the way."""
        order = list(How)
        return max((step.how for step in self.steps), key=order.index, default=How.UNCHANGED)


class CodeHistory:
    """The editions of a code list.

    Args:
        editions: names by code for each edition `YYYYMM`.
        stated: changes that somebody states, which decide where they apply.

    Attributes:
        stated: those of them that lead from one code to another, by the old code.
    """

    def __init__(
        self, editions: Mapping[str, Mapping[str, str]], stated: Iterable[DivisionChange]
    ) -> None:
        self._dates = sorted(editions)
        self._editions = editions
        self.stated = {
            change.old_code: change
            for change in stated
            if change.old_code and change.new_code not in {"", change.old_code}
        }

    @classmethod
    def of(
        cls,
        rows: Iterable[Mapping[str, str]],
        stated: Sequence[DivisionChange] | None = None,
    ) -> "CodeHistory":
        """The history of rows with `revision`, `code` and `name`.

        Without `stated` the table `division_history` decides.
        """
        editions: dict[str, dict[str, str]] = {}
        for row in rows:
            editions.setdefault(row["revision"], {})[row["code"]] = row["name"]
        return cls(editions, tuple(division_history()) if stated is None else stated)

    def listed(self, edition: str) -> Mapping[str, str]:
        """The divisions of an edition: names by code, without what is no division."""
        return {c: n for c, n in self._editions[edition].items() if not is_no_division(c, n)}

    @property
    def editions(self) -> tuple[str, ...]:
        """The dates of the editions, oldest first."""
        return tuple(self._dates)

    def name(self, code: str, edition: str) -> str | None:
        """The name of a code in an edition, None where the edition lacks it."""
        return self._editions[edition].get(code)

    def successor(self, code: str, edition: str) -> Successor | None:
        """Today's successor of a code of an edition; None where the edition lacks it."""
        name = self.name(code, edition)
        if name is None:
            return None
        if is_no_division(code, name):
            return Successor("", "", (Step(edition, code, name, How.NO_DIVISION),))
        steps: list[Step] = []
        for before, after in self._changes_from(edition):
            now = self._editions[after]
            if code in now:
                if now[code] != name:
                    name = now[code]
                    steps.append(Step(after, code, name, How.RENAMED))
                continue
            if self.comes_back(code, name, after):
                continue
            found, candidates = self.moved(code, name, before, after)
            if found is None:
                steps.append(Step(after, code, name, How.OPEN))
                return Successor("", "", tuple(steps), candidates)
            code, name = found.code, found.name
            steps.append(found)
        return Successor(code, name, tuple(steps))

    def _changes_from(self, edition: str) -> Iterator[tuple[str, str]]:
        place = self._dates.index(edition)
        return zip(self._dates[place:], self._dates[place + 1 :], strict=False)

    def comes_back(self, code: str, name: str, edition: str) -> bool:
        """Whether a later edition has the code under the name again: a gap, or not yet listed."""
        later = self._dates[self._dates.index(edition) :]
        return any(self._editions[one].get(code) == name for one in later)

    def moved(
        self, code: str, name: str, before: str, after: str
    ) -> tuple[Step | None, tuple[tuple[str, str], ...]]:
        """Where a code went that an edition no longer has; else what it may have become."""
        stated = self._stated_of(code, after)
        if stated:
            return stated, ()
        change = self._change(before, after, level_of(code))
        heirs = change.heirs(code, name)
        if heirs:
            how, heir = heirs
            return Step(after, heir, self._editions[after][heir], how), ()
        parent = self._parent_after(code, before, after)
        left = {c: n for c, n in change.left().items() if c[:4] == parent[:4]}
        waiting = [c for c in change.waiting() if c[:4] == code[:4]]
        if len(left) == len(waiting) == 1:
            ((only, called),) = left.items()
            return Step(after, only, called, How.ONLY_ONE), ()
        return None, tuple(sorted(left.items()))

    def _stated_of(self, code: str, after: str) -> Step | None:
        change = self.stated.get(code)
        if change is None:
            return None
        now = self._editions[after].get(change.new_code)
        called = now or self._editions[self._dates[-1]].get(change.new_code)
        return Step(after, change.new_code, called, How.STATED) if called else None

    def _parent_after(self, code: str, before: str, after: str) -> str:
        """The prefecture that a county's prefecture became."""
        parent = f"{code[:4]}00"
        name = self._editions[before].get(parent)
        if level_of(code) != "county" or name is None or parent in self._editions[after]:
            return parent
        found, _ = self.moved(parent, name, before, after)
        return found.code if found else parent

    def _change(self, before: str, after: str, level: str) -> "_Change":
        then, now = self._editions[before], self._editions[after]

        def of_level(names: Mapping[str, str], others: Mapping[str, str]) -> dict[str, str]:
            return {
                c: n
                for c, n in names.items()
                if c not in others and level_of(c) == level and not is_no_division(c, n)
            }

        kept = {c: n for c, n in now.items() if c in then and level_of(c) == level}
        return _Change(of_level(then, now), of_level(now, then), kept)


@dataclass(frozen=True, slots=True)
class _Change:
    """What of one level two editions do not share, and what they do: names by code."""

    gone: Mapping[str, str]
    new: Mapping[str, str]
    kept: Mapping[str, str]

    def heirs(self, code: str, name: str) -> tuple[How, str] | None:
        """The one code that a gone one's name leads to, unless another gone one claims it too."""
        for how, key in ((How.SAME_NAME, str), (How.SAME_SPECIFIC, _specific)):
            alike = [c for c, n in self.new.items() if key(n) == key(name)]
            rivals = [c for c, n in self.gone.items() if key(n) == key(name)]
            if len(alike) == 1 and len(rivals) == 1:
                return how, alike[0]
            if alike:
                return None
        # 通辽县 went into 通辽市, which there was before.
        merged = [
            c for c, n in self.kept.items() if c[:4] == code[:4] and _specific(n) == _specific(name)
        ]
        return (How.SAME_SPECIFIC, merged[0]) if len(merged) == 1 else None

    def left(self) -> dict[str, str]:
        """The new ones that no gone one's name leads to."""
        taken = {found[1] for c, n in self.gone.items() if (found := self.heirs(c, n))}
        return {c: n for c, n in self.new.items() if c not in taken}

    def waiting(self) -> list[str]:
        """The gone ones whose name leads nowhere."""
        return [c for c, n in self.gone.items() if self.heirs(c, n) is None]


def _specific(name: str) -> str:
    return split_name(name).specific


def level_of(code: str) -> str:
    """The level that the digits of a six-digit code tell: region, prefecture or county."""
    if code.endswith("0000"):
        return "region"
    return "prefecture" if code.endswith("00") else "county"


def is_no_division(code: str, name: str) -> bool:
    """Whether a row of a code list is no division: 市辖区, or a zone of the statistics."""
    return name == _LISTING or int(code[4:6] or 0) in _STATISTICAL
