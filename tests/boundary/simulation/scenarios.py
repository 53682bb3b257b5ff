"""Twenty-two ways a file can be: clean, wrongly made, or showing what really moved."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pyproj

from .physics import IAG75, KRASSOVSKY, bd, gauss, gcj, step, utm, velocity_m
from .world import (
    SURVEY_YEAR,
    Mark,
    Shot,
    World,
    write,
    write_degrees,
    write_plane,
    zone3,
)

Rng = np.random.Generator


@dataclass(frozen=True)
class File:
    """A file: its shots, the markers whose register is wrong, and the causes that may be named."""

    shots: list[Shot]
    causes: frozenset[str]
    register: dict[str, Mark]


def _file(shots: list[Shot], *causes: str, register: dict[str, Mark] | None = None) -> File:
    return File(shots, frozenset(causes), register or {})


def clean(rng: Rng, world: World, n: int) -> File:
    return _file(write(rng, world.inspect(rng, n)), "")


def _shifted(
    rng: Rng, shots: list[Shot], place: Callable[[Shot], tuple[float, float]]
) -> list[Shot]:
    moved = [replace(s, lon=place(s)[0], lat=place(s)[1]) for s in shots]
    return write(rng, moved)


def epoch(rng: Rng, world: World, n: int) -> File:
    years = SURVEY_YEAR + 0.5 - 2000

    def place(s: Shot) -> tuple[float, float]:
        east, north = velocity_m(s.lon, s.lat)
        return step(s.lon, s.lat, east * years, north * years)

    shots = world.inspect(rng, n, survey_only=True, sharp=True)
    return _file(_shifted(rng, shots, place), "epoch")


def _old(rng: Rng, world: World, n: int, datum: str) -> list[Shot]:
    old = world.beijing if datum == "beijing54" else world.xian
    shots = world.inspect(rng, n)
    style = rng.random()
    if style < 0.4:
        return [write_degrees(rng, s, *old.of(s.lon, s.lat)) for s in shots]
    out = []
    for s in shots:
        meridian = zone3(s.mark.lon)
        north, east = gauss(*old.of(s.lon, s.lat), meridian, old.shape)
        out.append(write_plane(s, north, east, meridian, prefixed=style > 0.75))
    return out


def beijing54(rng: Rng, world: World, n: int) -> File:
    return _file(_old(rng, world, n, "beijing54"), "beijing54")


def xian80(rng: Rng, world: World, n: int) -> File:
    return _file(_old(rng, world, n, "xian80"), "xian80")


def _ellipsoid_only(rng: Rng, world: World, n: int, shape: str) -> list[Shot]:
    out = []
    prefixed = bool(rng.random() < 0.4)
    for s in world.inspect(rng, n, survey_only=True, sharp=True):
        meridian = zone3(s.mark.lon)
        north, east = gauss(s.lon, s.lat, meridian, shape)
        out.append(write_plane(s, north, east, meridian, prefixed=prefixed))
    return out


def krassovsky(rng: Rng, world: World, n: int) -> File:
    return _file(_ellipsoid_only(rng, world, n, KRASSOVSKY), "krassovsky")


def iag75(rng: Rng, world: World, n: int) -> File:
    return _file(_ellipsoid_only(rng, world, n, IAG75), "iag75")


def gcj02(rng: Rng, world: World, n: int) -> File:
    return _file(_shifted(rng, world.inspect(rng, n), lambda s: gcj(s.lon, s.lat)), "gcj02")


def bd09(rng: Rng, world: World, n: int) -> File:
    return _file(_shifted(rng, world.inspect(rng, n), lambda s: bd(s.lon, s.lat)), "bd09")


def wrong_meridian(rng: Rng, world: World, n: int) -> File:
    out = []
    side = float(rng.choice([-3.0, 3.0]))
    for s in world.inspect(rng, n):
        true = zone3(s.mark.lon)
        north, east = gauss(s.lon, s.lat, true)
        out.append(write_plane(s, north, east, true + side, prefixed=False))
    return _file(out, "zone", "zone_prefix", "outside_region")


def utm_as_gauss(rng: Rng, world: World, n: int) -> File:
    out = []
    for s in world.inspect(rng, n):
        meridian = 6.0 * (int(s.mark.lon // 6) + 1) - 3.0
        north, east = utm(s.lon, s.lat, meridian)
        out.append(write_plane(s, north, east, meridian, prefixed=False, width=6))
    return _file(out, "utm")


def swapped(rng: Rng, world: World, n: int) -> File:
    out = []
    for s in write(rng, world.inspect(rng, n)):
        c = dict(s.cells)
        a, b = ("lon", "lat") if "lon" in c else ("x_north", "y_east")
        c[a], c[b] = c[b], c[a]
        out.append(replace(s, cells=c))
    return _file(out, "axes_swapped")


def dms_as_decimal(rng: Rng, world: World, n: int) -> File:
    def packed(value: float) -> str:
        total = round(value * 3600, 5)
        degrees, rest = divmod(total, 3600)
        minutes, seconds = divmod(rest, 60)
        return f"{int(degrees)}.{int(minutes):02d}{round(seconds * 1e5):07d}"

    out = [
        replace(s, cells={"lon": packed(s.lon), "lat": packed(s.lat), "crs": "CGCS2000"})
        for s in world.inspect(rng, n)
    ]
    return _file(out, "dms")


def sign(rng: Rng, world: World, n: int) -> File:
    out = []
    for s in write(rng, world.inspect(rng, n)):
        c = dict(s.cells)
        field = "lon" if "lon" in c else "x_north"
        c[field] = "-" + c[field]
        out.append(replace(s, cells=c))
    return _file(out, "sign")


def feet(rng: Rng, world: World, n: int) -> File:
    out = []
    for s in world.inspect(rng, n):
        meridian = zone3(s.mark.lon)
        north, east = gauss(s.lon, s.lat, meridian)
        out.append(write_plane(s, north / 0.3048, east / 0.3048, meridian, prefixed=False))
    return _file(out, "feet")


def mixed_zones(rng: Rng, world: World, n: int) -> File:
    out = []
    for k, s in enumerate(world.inspect(rng, n)):
        three, six = zone3(s.mark.lon), 6.0 * (int(s.mark.lon // 6) + 1) - 3.0
        wrong = bool(rng.random() < 0.5) or k == 0
        north, east = gauss(s.lon, s.lat, six if wrong else three)
        out.append(write_plane(s, north, east, three, prefixed=False))
    return _file(out, "zone", "", "outside_region")


def base_offset(rng: Rng, world: World, n: int) -> File:
    size = 10 ** rng.uniform(np.log10(0.5), np.log10(30))
    turn = rng.uniform(0, 2 * np.pi)
    offset = (size * np.cos(turn), size * np.sin(turn))
    shots = world.inspect(rng, n, survey_only=True)
    return _file(_shifted(rng, shots, lambda s: step(s.lon, s.lat, *offset)), "free")


def _slip(rng: Rng, text: str) -> str:
    digits = [i for i, c in enumerate(text) if c.isdigit() and i >= 2]
    whole = text.find(".") if text.find(".") > 4 else text.find(".") + 6
    seconds = text.find("′") + 3 if "′" in text else len(text)
    visible = [i for i in digits if i < min(whole, seconds)]
    i = int(rng.choice(visible or digits[:3]))
    kind = rng.random()
    if kind < 0.6:
        return text[:i] + str((int(text[i]) + int(rng.integers(1, 10))) % 10) + text[i + 1 :]
    if kind < 0.8 and i + 1 < len(text) and text[i + 1].isdigit() and text[i] != text[i + 1]:
        return text[:i] + text[i + 1] + text[i] + text[i + 2 :]
    return text[:i] + text[i + 1 :]


def typing(rng: Rng, world: World, n: int) -> File:
    shots = write(rng, world.inspect(rng, n, survey_only=True, sharp=True))
    # A slip must be large enough to be seen at its marker.
    k = next(i for i, s in enumerate(shots) if s.mark.sigma_m < 0.1)
    c = dict(shots[k].cells)
    field = str(rng.choice(["lon", "lat"] if "lon" in c else ["x_north", "y_east"]))
    c[field] = _slip(rng, c[field])
    shots[k] = replace(shots[k], cells=c)
    return _file(shots, "typing", "decimal_point", "zone_prefix", "outside_region", "sign")


def exchanged_numbers(rng: Rng, world: World, n: int) -> File:
    shots = write(rng, world.inspect(rng, n))
    if n == 1:
        other = world.marks[int(rng.integers(len(world.marks)))]
        shots[0] = replace(shots[0], number=other.number)
        return _file(shots, "number")
    a, b = (int(x) for x in rng.choice(n, 2, replace=False))
    first, second = shots[a], shots[b]
    shots[a] = replace(first, number=second.number)
    shots[b] = replace(second, number=first.number)
    return _file(shots, "number")


def half_beijing54(rng: Rng, world: World, n: int) -> File:
    shots = world.inspect(rng, n, survey_only=True)
    out = []
    two_teams = rng.random() < 0.5
    for k, s in enumerate(shots):
        if k % 2 == 0:
            written = write_degrees(rng, s, *world.beijing.of(s.lon, s.lat))
            out.append(replace(written, surveyor="乙" if two_teams else "甲"))
        else:
            out.append(write_degrees(rng, s, s.lon, s.lat))
    return _file(out, "beijing54")


def _register_in(rng: Rng, world: World, n: int, datum: str) -> File:
    old = world.beijing if datum == "beijing54" else world.xian
    plane = bool(rng.random() < 0.5)
    shots = world.inspect(rng, n)
    register = {}
    for s in shots:
        mark = s.mark
        lon, lat = old.of(mark.reg_lon, mark.reg_lat)
        if plane:
            meridian = zone3(mark.lon)
            north, east = gauss(lon, lat, meridian, old.shape)
            project = pyproj.Proj(
                f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k=1 +x_0=500000 +y_0=0"
                " +a=6378137 +rf=298.257222101"
            )
            lon, lat = (float(x) for x in project(east, north, inverse=True))
        register[mark.number] = replace(mark, reg_lon=lon, reg_lat=lat)
    return _file(write(rng, shots), f"register_{datum}", register=register)


def register_beijing54(rng: Rng, world: World, n: int) -> File:
    return _register_in(rng, world, n, "beijing54")


def register_xian80(rng: Rng, world: World, n: int) -> File:
    return _register_in(rng, world, n, "xian80")


def landslide(rng: Rng, world: World, n: int) -> File:
    turn, size = rng.uniform(0, 2 * np.pi), 10 ** rng.uniform(np.log10(0.5), np.log10(3))
    shots = []
    for s in world.inspect(rng, n, moved_share=0.0, survey_only=True):
        mine = size * rng.uniform(0.9, 1.1)
        move = (mine * np.cos(turn), mine * np.sin(turn))
        lon, lat = step(s.lon, s.lat, *move)
        shots.append(replace(s, lon=lon, lat=lat, moved_m=(float(move[0]), float(move[1]))))
    return _file(write(rng, shots), "free", "")


SCENARIOS: dict[str, Callable[[Rng, World, int], File]] = {
    "clean": clean,
    "current epoch": epoch,
    "BJ54": beijing54,
    "XA80": xian80,
    "Krassovsky only": krassovsky,
    "IAG75 only": iag75,
    "GCJ-02": gcj02,
    "BD-09": bd09,
    "wrong meridian": wrong_meridian,
    "UTM for GK": utm_as_gauss,
    "axes swapped": swapped,
    "DMS as decimal": dms_as_decimal,
    "sign": sign,
    "feet": feet,
    "3°/6° mixed": mixed_zones,
    "base offset": base_offset,
    "one typing error": typing,
    "numbers exchanged": exchanged_numbers,
    "half the rows BJ54": half_beijing54,
    "register in BJ54": register_beijing54,
    "register in XA80": register_xian80,
    "landslide": landslide,
}
