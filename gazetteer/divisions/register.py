"""The register's divisions as an event meets them. Pure; `gazetteer.divisions.reading` fills it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from gazetteer.divisions.values import DivisionState

_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Ended:
    """A code that was in force and is no longer: until when, as what, and what came after it."""

    code: str
    name: str
    ended_on: date
    successors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Register:
    """Divisions in force by code, codes that ended, and how many names lie in each.

    Attributes:
        current: the divisions in force.
        ended: the newest end of each code that is no longer in force.
        names: the number of places (地名) recorded in each code.
        own_places: the divisions that are also recorded as a place of their own name, and whether
            that name is on a protection list (地名文化遗产).
    """

    current: Mapping[str, DivisionState]
    ended: Mapping[str, Ended] = field(default_factory=dict)
    names: Mapping[str, int] = field(default_factory=dict)
    own_places: Mapping[str, bool] = field(default_factory=dict)

    def children(self, code: str) -> tuple[DivisionState, ...]:
        """The divisions directly below a code, in order of code."""
        return tuple(
            sorted(
                (s for s in self.current.values() if s.parent_code == code), key=lambda s: s.code
            )
        )

    def path(self, code: str | None) -> tuple[str, ...]:
        """A code and those above it, lowest first; a loop ends it."""
        found: list[str] = []
        state = self.current.get(code or "")
        while state and state.code not in found and len(found) < _DEEPEST:
            found.append(state.code)
            state = self.current.get(state.parent_code or "")
        return tuple(found)
