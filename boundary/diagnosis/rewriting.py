"""The exact text that puts a misread batch right, row by row, for a person to confirm."""

import re

import numpy as np

from boundary.diagnosis.findings import Proposal
from data.coordinates import TypedPair, fold, plain_number

_DECIMAL = re.compile(r"(?P<sign>[+-]?)(?P<degrees>\d{1,3})\.(?P<minutes>\d{2})(?P<seconds>\d{2,})")
_FOOT_M = 0.3048
_PREFIX_M = 1_000_000.0
_THREE_DEGREE_ZONES = range(25, 46)

Changes = tuple[tuple[str, str, str], ...]


def rewritten(code: str, pair: TypedPair, meridian_deg: float) -> Proposal | None:
    """What the two cells should read under a structure cause; None where no text alone does it.

    Args:
        code: the structure: `dms`, `axes_swapped`, `feet`, `zone`.
        pair: what was typed; one cell with both coordinates is not rewritten.
        meridian_deg: the central meridian that was found, NaN for degrees.
    """
    if len(set(pair.fields)) == 1:
        return None
    changes = _changes(code, pair, meridian_deg)
    if not changes:
        return None
    shown = "; ".join(f"{name}: {before} → {after}" for name, before, after in changes)
    return Proposal(
        code, changes, f"建议改为 {shown}，请核对后确认。", f"Write {shown}; check and confirm."
    )


def _changes(code: str, pair: TypedPair, meridian_deg: float) -> Changes:
    if code == "axes_swapped":
        (first, second), (one, two) = pair.fields, pair.texts
        return (first, one, two), (second, two, one)
    if code == "dms":
        new = [_sexagesimal(text) for text in pair.texts]
    elif code == "feet":
        new = [_in_metres(text) for text in pair.texts]
    elif code == "zone":
        new = [_other_zone(pair, meridian_deg), pair.texts[1]]
    else:
        return ()
    if any(text is None for text in new):
        return ()
    return tuple(
        (name, before, str(after))
        for name, before, after in zip(pair.fields, pair.texts, new, strict=True)
        if before != after
    )


def _sexagesimal(text: str) -> str | None:
    """`111.45305` as degrees, minutes and seconds in pairs.

    >>> _sexagesimal("111.45305")
    '111°45′30.5″'
    """
    match = _DECIMAL.fullmatch(fold(text))
    if match is None:
        return None
    seconds, fraction = match["seconds"][:2], match["seconds"][2:]
    point = f".{fraction}" if fraction else ""
    return f"{match['sign']}{match['degrees']}°{match['minutes']}′{seconds}{point}″"


def _in_metres(text: str) -> str | None:
    number = plain_number(fold(text), grouped=True)
    return None if number is None else f"{float(number) * _FOOT_M:.3f}"


def _other_zone(pair: TypedPair, meridian_deg: float) -> str | None:
    """The easting with the prefix of the zone that was found; None where it bears no prefix."""
    number = plain_number(fold(pair.texts[0]), grouped=True)
    if number is None or pair.east < _PREFIX_M or not np.isfinite(meridian_deg):
        return None
    three = int(pair.east // _PREFIX_M) in _THREE_DEGREE_ZONES
    zone = meridian_deg / 3.0 if three else (meridian_deg + 3.0) / 6.0
    if zone != round(zone):
        return None
    whole, point, fraction = number.partition(".")
    return f"{round(zone)}{whole[-6:]}{point}{fraction}"
