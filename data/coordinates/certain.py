"""Errors that ranges prove: swapped axes, sign, zone prefix, lost decimal point, another region.

No statistics here. A reading is certain only when what was typed lies outside the region and one
repair, and one alone, brings it inside.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from data.coordinates.pairs import TypedPair
from data.coordinates.planes import PREFIX_M, plane_to_lonlat
from data.coordinates.regions import Region
from data.coordinates.systems import (
    ZONES_3,
    ZONES_6,
    ReferenceSystem,
    meridian_of_zone,
    zone_meridian_near,
)
from data.coordinates.text import decimals_of, fold, plain_number

_DECIMAL_SHIFTS = range(-4, 13)
_LAT_LIMIT_DEG, _LON_LIMIT_DEG = 90.0, 180.0
_EASTING_LIMIT_M = 1_000_000.0
_NORTHING_LIMIT_M = 10_000_000.0
_DEFAULT_WIDTH_DEG = 3
_FOOT_M = 0.3048
_SMALLEST_DEG, _SMALLEST_M = 0.1, 100_000.0


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a pair: degrees on the system's own datum.

    `code` is `as_typed` or the name of a repair; `changes` lists (field, from, to) in the typed
    text; `system` has the zone that was used and `zone_assumed` says that nobody stated it.
    """

    code: str
    lon: float
    lat: float
    system: ReferenceSystem
    pair: TypedPair
    changes: tuple[tuple[str, str, str], ...] = ()
    zone_assumed: bool = False


def readings(
    pair: TypedPair,
    system: ReferenceSystem,
    region: Region,
    near: tuple[float, float] | None = None,
    margin_deg: float = 0.0,
) -> tuple[Reading, ...]:
    """Every reading that lies in the region: the typed one alone if it does, else the repairs.

    Args:
        pair: what was typed.
        system: the stated reference system; its zone may be open.
        region: where positions can be, degrees.
        near: longitude and latitude of the marker it is said to belong to, if known; it chooses an
            unstated zone and nothing else.
        margin_deg: how far outside the box a position may lie.

    Returns:
        One `as_typed` reading; or the repairs, simplest first; or nothing.
    """
    typed = [r for r in _as_typed(pair, system, near) if _inside(r, region, margin_deg)]
    if typed:
        return (typed[0],)
    # A point can be moved almost anywhere, so it is tried only when nothing simpler explains it.
    for repairs in (_simple_repairs, _one_point_repairs, _both_point_repairs):
        found: list[Reading] = []
        for candidate in repairs(pair, system, near):
            if _inside(candidate, region, margin_deg) and not _known(candidate, found):
                found.append(candidate)
        if found:
            return tuple(found)
    return ()


def _inside(reading: Reading, region: Region, margin_deg: float) -> bool:
    return region.holds(reading.lon, reading.lat, margin_deg)


def _known(reading: Reading, found: list[Reading]) -> bool:
    return any((r.lon, r.lat) == (reading.lon, reading.lat) for r in found)


def as_typed(
    pair: TypedPair, system: ReferenceSystem, near: tuple[float, float] | None = None
) -> Reading | None:
    """What the pair says, wherever that is; None if it is no place on earth or lacks a zone."""
    return next(_as_typed(pair, system, near), None)


def _as_typed(
    pair: TypedPair, system: ReferenceSystem, near: tuple[float, float] | None
) -> Iterator[Reading]:
    yield from _placed("as_typed", pair, system, near, ())
    if pair.order_open:
        yield from _placed("as_typed", pair.swapped(), system, near, ())


def _placed(
    code: str,
    pair: TypedPair,
    system: ReferenceSystem,
    near: tuple[float, float] | None,
    changes: tuple[tuple[str, str, str], ...],
) -> Iterator[Reading]:
    if pair.kind == "lonlat":
        if abs(pair.east) <= _LON_LIMIT_DEG and abs(pair.north) <= _LAT_LIMIT_DEG:
            yield Reading(code, pair.east, pair.north, system.geographic(), pair, changes)
        return
    plane = system if system.is_plane else system.gauss_kruger(None)
    easting = pair.east
    assumed = False
    if plane.kind == "gauss_kruger":
        zone = int(pair.east // PREFIX_M)
        if zone in ZONES_3 or zone in ZONES_6:
            width, meridian = meridian_of_zone(zone)
            stated = plane.central_meridian_deg
            if stated not in {None, meridian}:
                return  # the prefix contradicts the stated zone: that is for a repair to settle
            plane, easting = plane.gauss_kruger(meridian, width), pair.east - zone * PREFIX_M
        elif plane.central_meridian_deg is None:
            if near is None:
                return
            width = plane.zone_width_deg or _DEFAULT_WIDTH_DEG
            plane, assumed = plane.gauss_kruger(zone_meridian_near(near[0], width), width), True
        if not (0.0 < easting < _EASTING_LIMIT_M and abs(pair.north) < _NORTHING_LIMIT_M):
            return
    lon, lat = plane_to_lonlat(easting, pair.north, plane)
    if abs(float(lon)) <= _LON_LIMIT_DEG and abs(float(lat)) <= _LAT_LIMIT_DEG:
        yield Reading(code, float(lon), float(lat), plane, pair, changes, assumed)


def _simple_repairs(
    pair: TypedPair, system: ReferenceSystem, near: tuple[float, float] | None
) -> Iterator[Reading]:
    changed = _swap_changes(pair)
    yield from _placed("axes_swapped", pair.swapped(), system, near, changed)
    for code, new in _sign_repairs(pair):
        yield from _placed(code, new, system, near, _changes(pair, new))
    if pair.kind == "plane":
        yield from _prefix_repairs(pair, system, near)
        in_feet = _scaled(pair, _FOOT_M)
        yield from _placed("feet", in_feet, system, near, _changes(pair, in_feet))


def _one_point_repairs(
    pair: TypedPair, system: ReferenceSystem, near: tuple[float, float] | None
) -> Iterator[Reading]:
    return _point_repairs(pair, system, near, both=False)


def _both_point_repairs(
    pair: TypedPair, system: ReferenceSystem, near: tuple[float, float] | None
) -> Iterator[Reading]:
    return _point_repairs(pair, system, near, both=True)


def _point_repairs(
    pair: TypedPair, system: ReferenceSystem, near: tuple[float, float] | None, *, both: bool
) -> Iterator[Reading]:
    if pair.kind == "plane" and pair.fields == ("lon", "lat"):
        pair = replace(pair, kind="lonlat", notation="decimal")
    smallest = _SMALLEST_DEG if pair.kind == "lonlat" else _SMALLEST_M
    for new in _decimal_repairs(pair, both=both):
        if min(abs(new.east), abs(new.north)) < smallest:
            continue
        yield from _placed("decimal_point", new, system, near, _changes(pair, new))


def _scaled(pair: TypedPair, factor: float) -> TypedPair:
    east, north = pair.east * factor, pair.north * factor
    return replace(pair, east=east, north=north, texts=(f"{east:.3f}", f"{north:.3f}"))


def _swap_changes(pair: TypedPair) -> tuple[tuple[str, str, str], ...]:
    return (
        (pair.fields[0], pair.texts[0], pair.texts[1]),
        (pair.fields[1], pair.texts[1], pair.texts[0]),
    )


def _changes(old: TypedPair, new: TypedPair) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (field, before, after)
        for field, before, after in zip(old.fields, old.texts, new.texts, strict=True)
        if before != after
    )


def _sign_repairs(pair: TypedPair) -> Iterator[tuple[str, TypedPair]]:
    for flip_east, flip_north in ((True, False), (False, True), (True, True)):
        new = pair
        if flip_east:
            new = replace(new, east=-new.east, texts=(flip_sign(new.texts[0]), new.texts[1]))
        if flip_north:
            new = replace(new, north=-new.north, texts=(new.texts[0], flip_sign(new.texts[1])))
        yield "sign", new


def flip_sign(text: str) -> str:
    """The same text with the other sign or hemisphere letter.

    Examples:
        >>> flip_sign("-111.75"), flip_sign("111.75W"), flip_sign("3.2")
        ('111.75', '111.75E', '-3.2')
    """
    for old, new in ("WE", "EW", "SN", "NS", "西东", "东西", "南北", "北南"):
        if old in text.upper():
            return text.upper().replace(old, new, 1)
    folded = fold(text)
    return folded[1:] if folded.startswith("-") else "-" + folded.lstrip("+")


def _prefix_repairs(
    pair: TypedPair, system: ReferenceSystem, near: tuple[float, float] | None
) -> Iterator[Reading]:
    if system.kind == "projected":
        return
    rest = pair.east % PREFIX_M
    bare = replace(pair, east=rest, texts=(_without_prefix(pair.texts[0]), pair.texts[1]))
    if pair.east < PREFIX_M:
        return
    if near is None and system.central_meridian_deg is None:
        return
    for candidate in _placed("zone_prefix", bare, system, near, ()):
        text = f"{_zone_of(candidate.system)}{_without_prefix(pair.texts[0])}"
        changes = ((pair.fields[0], pair.texts[0], text),)
        yield replace(candidate, changes=changes, zone_assumed=False)


def _zone_of(system: ReferenceSystem) -> int:
    """The number of a Gauss-Krüger zone by its width and central meridian."""
    meridian = system.central_meridian_deg or 0.0
    width = system.zone_width_deg or _DEFAULT_WIDTH_DEG
    return round(meridian / 3.0) if width == _DEFAULT_WIDTH_DEG else round((meridian + 3.0) / 6.0)


def prefixed_easting(text: str, system: ReferenceSystem) -> str | None:
    """An easting without a zone as it is written with the number of its zone.

    Args:
        text: as typed, metres.
        system: the zone that it is in.

    Returns:
        The text; None where the zone is none of the Chinese ones or the text is no such number.

    >>> prefixed_easting("456,789.120", ReferenceSystem.parse("CGCS2000 3度带 37带"))
    '37456789.120'
    """
    number = plain_number(fold(text).rstrip("mM米 "), grouped=True)
    zone = _zone_of(system)
    if number is None or zone not in {*ZONES_3, *ZONES_6} or not 0 < float(number) < PREFIX_M:
        return None
    whole, dot, fraction = number.partition(".")
    return f"{zone}{whole.lstrip('+').zfill(6)[-6:]}{dot}{fraction}"


def _without_prefix(text: str) -> str:
    number = plain_number(fold(text).rstrip("mM米 "), grouped=True) or text
    whole, dot, fraction = number.partition(".")
    return whole[-6:] + dot + fraction


def _decimal_repairs(pair: TypedPair, *, both: bool) -> Iterator[TypedPair]:
    shifts = [shift for shift in _DECIMAL_SHIFTS if shift]
    if not both:
        yield from (_shifted(pair, index, shift) for index in (0, 1) for shift in shifts)
        return
    for shift in shifts:
        one = _shifted(pair, 0, shift)
        yield from (_shifted(one, 1, other) for other in shifts)


def _shifted(pair: TypedPair, index: int, places: int) -> TypedPair:
    text = move_point(pair.texts[index], places)
    if text is None:
        return pair
    texts = (text, pair.texts[1]) if index == 0 else (pair.texts[0], text)
    value = float(text)
    return replace(
        pair,
        texts=texts,
        east=value if index == 0 else pair.east,
        north=value if index == 1 else pair.north,
        notation="decimal" if pair.kind == "lonlat" else pair.notation,
    )


def move_point(text: str, places: int) -> str | None:
    """The decimal point moved `places` to the left (negative: to the right); None if no number.

    Examples:
        >>> move_point("1117584722", 7), move_point("4523.0756541", -3)
        ('111.7584722', '4523075.6541')
    """
    number = plain_number(fold(text), grouped=True)
    if number is None or "e" in number.lower():
        return None
    sign = "-" if number.startswith("-") else ""
    digits = number.lstrip("+-").replace(".", "")
    whole_length = len(digits) - max(decimals_of(number), 0) - places
    if whole_length <= 0:
        digits, whole_length = "0" * (1 - whole_length) + digits, 1
    if whole_length > len(digits):
        digits = digits.ljust(whole_length, "0")
    whole, fraction = digits[:whole_length].lstrip("0") or "0", digits[whole_length:]
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"
