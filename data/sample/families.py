"""How a boundary line is called: by the characters of both sides where that is known.

The line between two provinces, prefectures or counties is one family; the parts of it between
single counties are its sections. What was found in use is marked verified, what follows the
same rule derived.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from data.reference import line_names, short_names
from data.sample.divisions import code_at

_PARTY_LEVEL: Final = {"province": "region", "prefecture": "prefecture", "county": "county"}
_CODE_DIGITS: Final = {"province": 2, "prefecture": 4, "county": 6}


@dataclass(frozen=True, slots=True)
class Family:
    """A whole line: its number (of 4 digits at province level), name, and what they rest on."""

    code: str
    name: str
    name_source: str
    level: str
    party_a: str
    party_b: str


def level_between(code_a: str, code_b: str) -> str:
    """The level at which two counties differ: province, prefecture or county.

    >>> level_between("150102", "150103"), level_between("150102", "150202")
    ('county', 'prefecture')
    """
    if code_a[:2] != code_b[:2]:
        return "province"
    return "prefecture" if code_a[:4] != code_b[:4] else "county"


def family_of(code_a: str, code_b: str, names: Mapping[str, str]) -> Family:
    """The family of the line between two counties.

    Args:
        code_a: the smaller county code.
        code_b: the greater one.
        names: division names by 6-digit code, of every level.
    """
    level = level_between(code_a, code_b)
    parties = (code_at(_PARTY_LEVEL[level], code_a), code_at(_PARTY_LEVEL[level], code_b))
    digits = _CODE_DIGITS[level]
    joint = "" if level == "province" else "-"
    made_up = joint.join(party[:digits] for party in parties)
    for known in line_names():
        if {known.party_a, known.party_b} == set(parties):
            sure = "verified" if known.mark == "V" else "derived"
            number = "" if known.code else "; number synthetic"
            told = f"{sure}: {known.source}{number}"
            return Family(known.code or made_up, known.name, told, level, *parties)
    name, told = _derived_name(level, parties, names)
    return Family(made_up, name, told, level, *parties)


def _derived_name(
    level: str, parties: tuple[str, str], names: Mapping[str, str]
) -> tuple[str, str]:
    """The first characters of both sides where nobody else has them, else both names."""
    characters = [_character(level, party, names) for party in parties]
    if all(characters):
        return (
            f"{''.join(characters)}线",
            "derived: first characters of both sides; number synthetic",
        )
    full = "-".join(names.get(party, party) for party in parties)
    return f"{full}线", "derived: full names of both sides; number synthetic"


def _character(level: str, party: str, names: Mapping[str, str]) -> str:
    """The character for one side, or nothing where it would be taken for another's."""
    if level == "province":
        return short_names().get(party, "")
    if level == "county":
        return ""
    first = names.get(party, "")[:1]
    namesakes = [
        code
        for code, name in names.items()
        if code[:2] == party[:2] and code[4:] == "00" and code[2:4] != "00" and name[:1] == first
    ]
    return first if len(namesakes) == 1 else ""
