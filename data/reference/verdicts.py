"""How verdicts are called and drawn: one sign for pages, map, pictures, papers and map styles."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from data.reference.tables import kept, load_table

NEVER: Final = "never"
"""The sign of a marker that nobody has judged."""


@dataclass(frozen=True, slots=True)
class VerdictSign:
    """One row of `verdicts.csv`.

    Attributes:
        code: the verdict, or `never`.
        zh, en: its words.
        shape: circle, triangle, diamond, square, cross, ring (hollow); never colour alone.
        colour, dark_colour: `#rrggbb`, on light and on dark ground.
    """

    code: str
    zh: str
    en: str
    shape: str
    colour: str
    dark_colour: str


@kept
def _signs(folder: Path | None = None) -> dict[str, VerdictSign]:
    names = VerdictSign.__dataclass_fields__
    return {
        row["code"]: VerdictSign(**{name: row[name] for name in names})
        for row in load_table("verdicts", folder)
    }


def verdict_signs(folder: Path | None = None) -> tuple[VerdictSign, ...]:
    """Every sign, the most urgent verdict first, `never` last.

    >>> [sign.code for sign in verdict_signs()][:2]
    ['displaced', 'suspect']
    """
    return tuple(_signs(folder).values())


def verdict_sign(code: str, folder: Path | None = None) -> VerdictSign:
    """The sign of a verdict; that of `never` for what is none.

    >>> verdict_sign("cannot_tell").zh, verdict_sign("").shape
    ('无法判定', 'ring')
    """
    signs = _signs(folder)
    return signs.get(code) or signs[NEVER]
