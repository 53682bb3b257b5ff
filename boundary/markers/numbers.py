"""The number printed on a marker (界桩编号): kept as text, parsed only where its make is known."""

import re
from dataclasses import dataclass

_KNOWN = re.compile(r"([0-9]{4})([0-9]{3})([A-EQ]?)")


@dataclass(frozen=True, slots=True)
class MarkerNumber:
    """A number of a province-level marker: line, place in the line, placement.

    Attributes:
        line: four digits.
        sequence: the marker's place in the line, from 1 (001).
        letter: Q single, A and B two of one number, C, D and E three; empty where not printed.
    """

    line: str
    sequence: int
    letter: str

    @classmethod
    def parse(cls, text: str) -> "MarkerNumber | None":
        r"""The parts of a printed number; None unless it matches `^\d{4}\d{3}[A-EQ]?$` whole.

        Numbers of tri-junctions and of lower lines have makes that are not known: they stay text.

        >>> MarkerNumber.parse("1253165")
        MarkerNumber(line='1253', sequence=165, letter='')
        >>> MarkerNumber.parse("兴呼001Q") is None, MarkerNumber.parse("1253165F") is None
        (True, True)
        """
        found = _KNOWN.fullmatch(text)
        return None if found is None else cls(found[1], int(found[2]), found[3])
