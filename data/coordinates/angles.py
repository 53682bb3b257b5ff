"""One longitude or latitude as surveyors write it: decimal degrees and 度分秒 in all spellings.

What is read: `111.7584722`, `111,7584722`, `E111°45′30.5″`, `111°45′30″.5`, `111度45分30.5秒`,
`东经111度45.5分`, `111-45-30.5`, `111:45:30.5`, `111 45 30.5`, `1114530.5` (packed), and
`111.45305` when the notation is declared as `dd.mmss`.
"""

import re
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from data.coordinates.text import decimals_of, fold, plain_number
from data.errors import InvalidValue

Notation = Literal["decimal", "dms", "packed", "dd.mmss"]
Declared = Literal["auto", "dd.mmss"]
Axis = Literal["lon", "lat"]

_WORDS = (
    ("东经", "E"), ("西经", "W"), ("北纬", "N"), ("南纬", "S"),
    ("EAST", "E"), ("WEST", "W"), ("NORTH", "N"), ("SOUTH", "S"),
    ("东", "E"), ("西", "W"), ("北", "N"), ("南", "S"),
)  # fmt: skip
_LABELS: tuple[tuple[re.Pattern[str], Axis], ...] = (
    (re.compile(r"经(?:°|度)|LONGITUDE|LONG?|LNG"), "lon"),
    (re.compile(r"纬(?:°|度)|LATITUDE|LAT"), "lat"),
)
_NUMBER = r"\d+(?:[.,]\d+)?"
_MARKED = re.compile(
    rf"(?P<d>{_NUMBER})\s*°\s*(?:(?P<m>{_NUMBER})\s*(?:'\s*|$)"
    rf"(?:(?P<s>{_NUMBER})\s*(?:\"(?P<f>[.]?\d+)?|''|$))?)?"
)
_SEPARATED = re.compile(
    rf"(?P<d>\d{{1,3}})([-: ])\s*(?P<m>\d{{1,2}}(?:[.,]\d+)?)(?:\2\s*(?P<s>{_NUMBER}))?"
)
_PACKED = re.compile(r"(?P<d>\d{2,3})(?P<m>[0-5]\d)(?P<s>[0-5]\d(?:\.\d+)?)")
_LIMIT_DEG = {"lon": 180.0, "lat": 90.0}
_PACKED_WHOLE_DIGITS = (6, 7)


@dataclass(frozen=True, slots=True)
class Angle:
    """One coordinate as written.

    `value_deg` is signed decimal degrees; `hemisphere` the letter written, if any; `step_deg`
    the size of the last digit written, in degrees; `label` the axis a word such as 经度 names. No
    range is enforced here: 111 may have been typed into a latitude cell, and that is for the caller
    to see.
    """

    text: str
    value_deg: float
    notation: Notation
    hemisphere: str
    step_deg: float
    label: Axis | None = None

    @property
    def axis(self) -> Axis | None:
        """The axis its hemisphere letter or a word beside it names."""
        if not self.hemisphere:
            return self.label
        return "lon" if self.hemisphere in "EW" else "lat"


def parse_angle(field: str, text: str, declared: Declared = "auto") -> Angle:
    """Read one angle.

    Raises:
        InvalidValue: not an angle, minutes or seconds of 60 or more, or a sign that contradicts
            the hemisphere.

    Examples:
        >>> round(parse_angle("lon", "东经111度45分30.5秒").value_deg, 7)
        111.7584722
        >>> parse_angle("lat", "40.84S").value_deg
        -40.84
        >>> round(parse_angle("lon", "111.45305", "dd.mmss").value_deg, 7)
        111.7584722
    """
    unlabelled, label = _without_label(fold(text).upper())
    body, hemisphere = _without_hemisphere(unlabelled)
    negative = body.startswith("-")
    body = body[1:].strip() if body.startswith(("+", "-")) else body
    if body.startswith(("+", "-")) or len(hemisphere) + negative > 1:
        raise _not_an_angle(field, text, "there is more than one sign or hemisphere letter")
    degrees, notation, step = _magnitude(field, text, body, declared)
    if negative or hemisphere in {"W", "S"}:
        degrees = -degrees
    return Angle(text, degrees, notation, hemisphere, step, label)


def _without_label(text: str) -> tuple[str, Axis | None]:
    for pattern, axis in _LABELS:
        match = pattern.search(text)
        # 东经 and 北纬 hold the hemisphere too and are read with it.
        if match and text[max(match.start() - 1, 0)] not in "东西南北":
            return text.replace(match[0], " ", 1).strip(), axis
    return text, None


def _without_hemisphere(text: str) -> tuple[str, str]:
    found = ""
    for word, letter in _WORDS:
        if word in text:
            text = text.replace(word, " ", 1)
            found += letter
    match = re.fullmatch(r"\s*[:=]?\s*([EWNS])?\s*[:=]?\s*([^EWNS]*?)\s*([EWNS])?\s*", text)
    if match is None:
        return text.strip(), found
    return match[2].strip(" :="), found + (match[1] or "") + (match[3] or "")


def _magnitude(
    field: str, text: str, body: str, declared: Declared
) -> tuple[float, Notation, float]:
    number = plain_number(body.rstrip("°"), grouped=False)
    if number is not None:
        return _single_number(field, text, number, declared)
    match = _MARKED.fullmatch(body) or _SEPARATED.fullmatch(body)
    if match is None:
        raise _not_an_angle(field, text, "this is neither decimal degrees nor 度分秒")
    groups = match.groupdict()
    seconds = (groups["s"] or "").replace(",", ".")
    if groups.get("f"):
        if "." in seconds:
            raise _not_an_angle(field, text, "seconds have one decimal fraction")
        seconds += groups["f"] if groups["f"].startswith(".") else "." + groups["f"]
    parts = (groups["d"].replace(",", "."), (groups["m"] or "").replace(",", "."), seconds)
    return _sum_of_parts(field, text, parts)


def _single_number(
    field: str, text: str, number: str, declared: Declared
) -> tuple[float, Notation, float]:
    step = 10.0 ** -decimals_of(number)
    if declared == "dd.mmss":
        return _from_pairs(field, text, number)
    whole = number.partition(".")[0]
    packed = _PACKED.fullmatch(number)
    if packed and len(whole) in _PACKED_WHOLE_DIGITS and float(packed["d"]) <= _LIMIT_DEG["lon"]:
        value, _, part_step = _sum_of_parts(field, text, (packed["d"], packed["m"], packed["s"]))
        return value, "packed", part_step
    return float(number), "decimal", step


def _from_pairs(field: str, text: str, number: str) -> tuple[float, Notation, float]:
    if "e" in number.lower():
        raise _not_an_angle(
            field, text, "degrees, minutes and seconds are written without exponent"
        )
    whole, _, fraction = number.partition(".")
    padded = fraction.ljust(4, "0")
    seconds = padded[2:4] + ("." + padded[4:] if padded[4:] else "")
    value, _, _ = _sum_of_parts(field, text, (whole or "0", padded[:2], seconds))
    return value, "dd.mmss", 10.0 ** -max(len(fraction) - 4, 0) / 3600


def _sum_of_parts(
    field: str, text: str, parts: tuple[str, str, str]
) -> tuple[float, Notation, float]:
    value, step = 0.0, 1.0
    for part, size, limit in zip(parts, (1.0, 60.0, 3600.0), (None, 60.0, 60.0), strict=True):
        if not part:
            continue
        if limit is not None and float(part) >= limit:
            raise _not_an_angle(field, text, "minutes and seconds are below 60")
        value += float(part) / size
        step = 10.0 ** -decimals_of(part) / size
    if not isfinite(value):
        raise _not_an_angle(field, text, "so many digits are no angle")
    return value, "dms", step


def _not_an_angle(field: str, text: str, rule: str) -> InvalidValue:
    return InvalidValue(
        field,
        text,
        rule,
        "write 111.7584722 or 111°45′30.5″",
        f"“{text}”不是有效的经纬度；请写成 111.7584722 或 111°45′30.5″",
    )
