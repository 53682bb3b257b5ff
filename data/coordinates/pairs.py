"""Two coordinates as written: which is which, before anyone asks whether they make sense.

Inside, easting or longitude comes first. On paper in China X (纵坐标) is north and Y (横坐标) is
east; that is turned round here, at the door.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal

from data.coordinates.angles import Angle, Declared, Notation, parse_angle
from data.coordinates.text import decimals_of, fold, not_a_number, plain_number
from data.errors import InvalidValue

PairKind = Literal["lonlat", "plane"]
_METRES_FROM = 10_000.0  # no plane coordinate is smaller; degrees this large lost their point
_LARGEST_DEG = 360.0
_EXACT = 1e-9
_LABELLED = re.compile(
    r"(?P<a>[XYNE]|纵坐标|横坐标)\s*[:=]\s*(?P<av>[-+\d.,' ]+?)\s*[,;/| ]\s*"
    r"(?P<b>[XYNE]|纵坐标|横坐标)\s*[:=]\s*(?P<bv>[-+\d.,' ]+)"
)
_WKT_POINT = re.compile(r"POINT\s*Z?M?\s*\(\s*([-+\d.eE]+)\s+([-+\d.eE]+)(?:\s+[-+\d.eE]+)*\s*\)")
_NORTH_LABELS = {"X", "N", "纵坐标"}


@dataclass(frozen=True, slots=True)
class TypedPair:
    """Two numbers as written, unjudged.

    `east`, `north`: degrees (`lonlat`) or metres with any zone prefix (`plane`). `texts` and
    `fields` are in the same order. `order_open` says that only a range can tell which is which.
    `steps` is the size of the last digit, in degrees or metres.
    """

    kind: PairKind
    east: float
    north: float
    texts: tuple[str, str]
    fields: tuple[str, str]
    notation: Notation | Literal["metres"]
    steps: tuple[float, float]
    order_open: bool = False

    def swapped(self) -> "TypedPair":
        """The same numbers the other way round; the fields stay where they were."""
        return replace(
            self,
            east=self.north,
            north=self.east,
            texts=(self.texts[1], self.texts[0]),
            steps=(self.steps[1], self.steps[0]),
        )


def read_cells(
    east_field: str, east_text: str, north_field: str, north_text: str, declared: Declared = "auto"
) -> TypedPair:
    """Read two cells; degrees in plane columns and metres in degree columns are seen as such.

    Raises:
        InvalidValue: one of them is no coordinate; the first is reported (see `cell_errors`).
    """
    fields = (east_field, north_field)
    texts = (east_text, north_text)
    plain = [plain_number(fold(text).rstrip("mM米 "), grouped=True) for text in texts]
    if all(number is not None and abs(float(number)) >= _METRES_FROM for number in plain) and not (
        _both_packed(fields, texts)
    ):
        return _plane([number or "" for number in plain], texts, fields)
    if fields[0] == "y_east" and not any(_looks_angular(text) for text in texts):
        if any(number is None for number in plain):
            bad = next(i for i, number in enumerate(plain) if number is None)
            raise not_a_number(fields[bad], texts[bad])
        if any(abs(float(number or 0)) > _LARGEST_DEG for number in plain):
            return _plane([number or "" for number in plain], texts, fields)
    east = parse_angle(east_field, east_text, declared)
    north = parse_angle(north_field, north_text, declared)
    return _degrees(east, north, fields)


def read_one_cell(field: str, text: str, declared: Declared = "auto") -> TypedPair:
    """Read one cell that holds both coordinates (`N40°50′ E111°45′`, `X=4523075 Y=563254`).

    Raises:
        InvalidValue: no two coordinates can be told apart in it.
    """
    folded = fold(text).upper()
    point = _WKT_POINT.search(folded)
    if point:
        found = read_cells(field, point[1], field, point[2], declared)
        # A geometry's text states no digits: 112 is 112 exactly.
        return replace(found, steps=(_EXACT, _EXACT))
    labelled = _LABELLED.fullmatch(folded)
    if labelled and (labelled["a"] in _NORTH_LABELS) != (labelled["b"] in _NORTH_LABELS):
        pair = (labelled["av"], labelled["bv"])
        north, east = pair if labelled["a"] in _NORTH_LABELS else pair[::-1]
        labelled_pair = read_cells("y_east", east.strip(), "x_north", north.strip(), declared)
        return replace(labelled_pair, fields=(field, field))
    for left, right in _splits(folded):
        try:
            pair_found = read_cells(field, left, field, right, declared)
        except InvalidValue:
            continue
        return replace(pair_found, order_open=pair_found.order_open or not _ordered(left, right))
    raise InvalidValue(
        field,
        text,
        "two coordinates were expected in this cell",
        "write for example E111.75, N40.84 or use two columns",
        f"“{text}”中未能识别两个坐标；请写成 E111.75, N40.84 或分两列填写",
    )


def _ordered(left: str, right: str) -> bool:
    letters = "EWNS东西南北经纬LOATG"
    return any(letter in left + right for letter in letters)


def _splits(text: str) -> list[tuple[str, str]]:
    whole = _at(text, r"\s*[;/|]\s*") + _at(text, r"\s*,\s+") + _at(text, r"\s+") + _at(text, r",")
    simple = [pair for pair in whole if all(_is_simple(part) for part in pair)]
    letters = _at(text, r"(?<=[EWNS])\s*(?=[\d])|(?<=[\d\"'°])\s*(?=[EWNS东西南北经纬L])")
    middle = text.split()
    half = len(middle) // 2
    even = (
        [(" ".join(middle[:half]), " ".join(middle[half:]))] if half and not len(middle) % 2 else []
    )
    return simple + letters + _at(text, r"\s*[;/|]\s*|\s*,\s*") + even + whole


def _at(text: str, pattern: str) -> list[tuple[str, str]]:
    return [
        (text[: match.start()].strip(), text[match.end() :].strip())
        for match in re.finditer(pattern, text)
        if text[: match.start()].strip() and text[match.end() :].strip()
    ]


def _is_simple(part: str) -> bool:
    return plain_number(part, grouped=False) is not None


def _looks_angular(text: str) -> bool:
    folded = fold(text).upper()
    return any(mark in folded for mark in "°'\":EWNS东西南北") or (
        plain_number(folded, grouped=True) is None and any(mark in folded for mark in "- ")
    )


def _both_packed(fields: tuple[str, str], texts: tuple[str, str]) -> bool:
    if fields[0] == "y_east":
        return False
    try:
        angles = [parse_angle(field, text) for field, text in zip(fields, texts, strict=True)]
    except InvalidValue:
        return False
    return all(angle.notation == "packed" for angle in angles)


def _plane(numbers: list[str], texts: tuple[str, str], fields: tuple[str, str]) -> TypedPair:
    east, north = float(numbers[0]), float(numbers[1])
    steps = (10.0 ** -decimals_of(numbers[0]), 10.0 ** -decimals_of(numbers[1]))
    return TypedPair(
        "plane", east, north, texts, fields, "metres", steps, order_open=fields[0] != "y_east"
    )


def _degrees(east: Angle, north: Angle, fields: tuple[str, str]) -> TypedPair:
    pair = TypedPair(
        "lonlat",
        east.value_deg,
        north.value_deg,
        (east.text, north.text),
        fields,
        east.notation if east.notation != "decimal" else north.notation,
        (east.step_deg, north.step_deg),
        order_open=fields[0] != "lon",
    )
    if east.axis == "lat" and north.axis != "lat":
        return replace(pair.swapped(), order_open=False)
    if north.axis == "lon" and east.axis != "lon":
        return replace(pair.swapped(), order_open=False)
    if east.axis == "lon" or north.axis == "lat":
        return replace(pair, order_open=False)
    return pair
