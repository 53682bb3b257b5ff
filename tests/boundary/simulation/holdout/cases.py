"""Thirty ways a file can be in the second world; which causes may be named for each."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pyproj

from .country import INSTRUMENTS, Country, Look, Post, session
from .earth import (
    GRS80,
    IAG75,
    KRASSOVSKY,
    Blocks,
    Rng,
    project,
    shifted,
    unproject,
    velocity_m,
)
from .pens import (
    gauss_cells,
    meridian3,
    meridian6,
    pairs,
    pen,
    plane_cells,
    slip,
    write,
)

_PHONE = next(row for row in INSTRUMENTS if row[1] == "手机")
_CORS = next(row for row in INSTRUMENTS if row[1] == "CORS")
_RTK = next(row for row in INSTRUMENTS if row[1] == "RTK")


@dataclass(frozen=True)
class Case:
    """A file: its looks, what may be named, registers that are wrong, whether all moved alike."""

    shots: list[Look]
    causes: frozenset[str]
    register: dict[str, Post]


def _case(looks: list[Look], *causes: str, register: dict[str, Post] | None = None) -> Case:
    return Case(looks, frozenset(causes), register or {})


def _written(rng: Rng, looks: list[Look], *, plane: bool | None = None) -> list[Look]:
    style = pen(rng, plane=plane)
    return [write(look, style) for look in looks]


def clean(rng: Rng, land: Country, n: int) -> Case:
    return _case(_written(rng, land.visit(rng, n)), "")


def clean_teams(rng: Rng, land: Country, n: int) -> Case:
    """Two teams with tools of their own in one file."""
    posts = land.run_of(rng, n)
    shares = np.array([row[0] for row in INSTRUMENTS])
    looks = []
    for k, who in enumerate(("巴图", "王工")):
        tool = INSTRUMENTS[int(rng.choice(len(INSTRUMENTS), p=shares / shares.sum()))]
        looks += _written(rng, session(rng, posts[k::2], tool, surveyor=who))
    return _case(looks, "")


def epoch(rng: Rng, land: Country, n: int) -> Case:
    year = int(rng.integers(2016, 2027))
    looks = []
    for look in land.visit(rng, n, able=True, year=year):
        east, north = velocity_m(rng, look.mark.true)
        years = look.year - 2000
        at = shifted(look.seen, east * years - 0.005, north * years + 0.026)
        looks.append(replace(look, seen=at))
    return _case(_written(rng, looks), "epoch")


def _old(rng: Rng, looks: list[Look], old: Blocks) -> list[Look]:
    style = str(rng.choice(["decimal", "dms", "gk3", "gk3_prefix", "gk6_prefix"]))
    out = []
    for look in looks:
        point = old.of(look.seen)
        if style.startswith("gk"):
            out.append(replace(look, cells=gauss_cells(point, style, old.shape)))
        else:
            out.append(write(look, style, point))
    return out


def beijing(rng: Rng, land: Country, n: int) -> Case:
    return _case(_old(rng, land.visit(rng, n), land.beijing), "beijing54")


def xian(rng: Rng, land: Country, n: int) -> Case:
    return _case(_old(rng, land.visit(rng, n), land.xian), "xian80")


def _bare_ellipsoid(rng: Rng, land: Country, n: int, shape: tuple[float, float]) -> list[Look]:
    style = str(rng.choice(["gk3", "gk3_prefix"]))
    looks = land.visit(rng, n, able=True)
    return [replace(look, cells=gauss_cells(look.seen, style, shape)) for look in looks]


def krassovsky(rng: Rng, land: Country, n: int) -> Case:
    return _case(_bare_ellipsoid(rng, land, n, KRASSOVSKY), "krassovsky")


def iag75(rng: Rng, land: Country, n: int) -> Case:
    return _case(_bare_ellipsoid(rng, land, n, IAG75), "iag75")


def _phone_map(rng: Rng, land: Country, n: int, times: int) -> list[Look]:
    """Points of a phone's map client, shifted once (GCJ-02) or twice (BD-09)."""
    from tests.boundary.simulation.physics import bd, gcj

    convert = gcj if times == 1 else bd
    tool = _PHONE if rng.random() < 0.7 else _CORS
    looks = session(rng, land.run_of(rng, n), tool)
    return [write(look, "decimal", convert(*look.seen)) for look in looks]


def gcj02(rng: Rng, land: Country, n: int) -> Case:
    return _case(_phone_map(rng, land, n, 1), "gcj02")


def bd09(rng: Rng, land: Country, n: int) -> Case:
    return _case(_phone_map(rng, land, n, 2), "bd09")


_ZONE = ("zone", "zone_prefix", "outside_region")


def wrong_zone(rng: Rng, land: Country, n: int) -> Case:
    """The neighbouring 3° zone stated, in the prefix or in words."""
    side, prefixed = float(rng.choice([-3, 3])), bool(rng.random() < 0.5)
    looks = []
    for look in land.visit(rng, n):
        meridian = meridian3(look.seen[0])
        east, north = project(look.seen, meridian)
        cells = plane_cells(east, north, meridian + side, 3, prefixed=prefixed)
        looks.append(replace(look, cells=cells))
    return _case(looks, *_ZONE)


def six_as_three(rng: Rng, land: Country, n: int) -> Case:
    """6° coordinates under the name of 3° zones; where the meridians agree nothing is wrong."""
    looks, wrong = [], False
    for look in land.visit(rng, n):
        six, three = meridian6(look.seen[0]), meridian3(look.seen[0])
        east, north = project(look.seen, six)
        wrong |= six != three
        looks.append(replace(look, cells=plane_cells(east, north, three, 3, prefixed=False)))
    return _case(looks, *_ZONE) if wrong else _case(looks, "")


def utm(rng: Rng, land: Country, n: int) -> Case:
    looks = []
    for look in land.visit(rng, n):
        meridian = meridian6(look.seen[0])
        east, north = project(look.seen, meridian, scale=0.9996)
        looks.append(replace(look, cells=plane_cells(east, north, meridian, 6, prefixed=False)))
    return _case(looks, "utm")


def axes(rng: Rng, land: Country, n: int) -> Case:
    style = str(rng.choice(["decimal", "dms", "gk3", "gk3_prefix"]))
    looks = []
    for look in land.visit(rng, n):
        cells = dict(write(look, style).cells)
        one, two = ("x_north", "y_east") if "x_north" in cells else ("lon", "lat")
        cells[one], cells[two] = cells[two], cells[one]
        looks.append(replace(look, cells=cells))
    return _case(looks, "axes_swapped")


def pairs_as_decimal(rng: Rng, land: Country, n: int) -> Case:
    looks = [
        replace(
            look,
            cells={"lon": pairs(look.seen[0]), "lat": pairs(look.seen[1]), "crs": "CGCS2000"},
        )
        for look in land.visit(rng, n)
    ]
    return _case(looks, "dms")


def hemisphere(rng: Rng, land: Country, n: int) -> Case:
    looks = []
    for look in land.visit(rng, n):
        lon, lat = look.seen
        cells = {"lon": f"{lon:.8f}W", "lat": f"{lat:.8f}N", "crs": "CGCS2000"}
        looks.append(replace(look, cells=cells))
    return _case(looks, "sign")


def feet(rng: Rng, land: Country, n: int) -> Case:
    looks = []
    for look in land.visit(rng, n):
        meridian = meridian3(look.seen[0])
        east, north = (x / 0.3048 for x in project(look.seen, meridian))
        looks.append(replace(look, cells=plane_cells(east, north, meridian, 3, prefixed=False)))
    return _case(looks, "feet")


def base(rng: Rng, land: Country, n: int) -> Case:
    size, turn = float(rng.uniform(0.6, 18)), rng.uniform(0, 2 * math.pi)
    looks = [
        replace(look, seen=shifted(look.seen, size * math.cos(turn), size * math.sin(turn)))
        for look in land.visit(rng, n, able=True)
    ]
    return _case(_written(rng, looks), "free")


_SLIPS = ("typing", "decimal_point", "zone_prefix", "outside_region", "sign")


def one_slip(rng: Rng, land: Country, n: int) -> Case:
    """One digit of one row, large enough to show at a sharp post (metres to kilometres)."""
    style = str(rng.choice(["decimal", "dms", "gk3", "gk3_prefix"]))
    looks = [write(look, style) for look in land.visit(rng, n, able=True)]
    k = next(i for i, look in enumerate(looks) if look.mark.sigma_m < 0.1)
    cells = dict(looks[k].cells)
    field = str(rng.choice(["x_north", "y_east"] if "x_north" in cells else ["lon", "lat"]))
    whole = 3 if field == "lon" else 2
    spans = {"decimal": (whole, whole + 5), "dms": (whole, whole + 4)}
    first, last = spans.get(style, (2, 7) if field == "x_north" else (0, 6))
    if style == "gk3_prefix" and field == "y_east":
        first, last = 2, 8
    cells[field] = slip(rng, cells[field], first, last)
    looks[k] = replace(looks[k], cells=cells)
    return _case(looks, *_SLIPS, "number")


def turned_minutes(rng: Rng, land: Country, n: int) -> Case:
    """Minutes and seconds of one row's latitude written the wrong way round."""
    looks = [write(look, "dms") for look in land.visit(rng, n, able=True)]
    shown = [k for k, look in enumerate(looks) if look.mark.sigma_m < 0.1]
    k = int(rng.choice(shown))
    cells = dict(looks[k].cells)
    degrees, rest = cells["lat"].split("°")
    minutes, seconds = rest.rstrip("″").split("′")
    if minutes == seconds[:2]:
        return _case(looks, "")
    cells["lat"] = f"{degrees}°{seconds[:2]}′{minutes}{seconds[2:]}″"
    looks[k] = replace(looks[k], cells=cells)
    return _case(looks, "typing", "outside_region")


def exchanged(rng: Rng, land: Country, n: int) -> Case:
    looks = _written(rng, land.visit(rng, n))
    if n == 1:
        near = [p for p in land.posts if p.line == looks[0].mark.line and p != looks[0].mark]
        other = near[int(rng.integers(len(near)))]
        looks[0] = replace(looks[0], number=other.number, mark=looks[0].mark)
        return _case(looks, "number")
    a, b = (int(x) for x in rng.choice(n, 2, replace=False))
    looks[a], looks[b] = (
        replace(looks[a], number=looks[b].number),
        replace(looks[b], number=looks[a].number),
    )
    return _case(looks, "number")


def slipped_list(rng: Rng, land: Country, n: int) -> Case:
    """Every row carries the number of the row before: a list slipped by one."""
    looks = _written(rng, land.visit(rng, n))
    if n == 1:
        return exchanged(rng, land, n)
    numbers = [look.number for look in looks]
    out = [replace(look, number=numbers[k - 1]) for k, look in enumerate(looks)]
    return _case(out, "number")


def repeated_row(rng: Rng, land: Country, n: int) -> Case:
    """One row with the coordinates of the row before it."""
    looks = _written(rng, land.visit(rng, n))
    if n == 1:
        return exchanged(rng, land, n)
    k = int(rng.integers(1, n))
    looks[k] = replace(looks[k], cells=looks[k - 1].cells)
    return _case(looks, "number")


def two_datums(rng: Rng, land: Country, n: int) -> Case:
    """Two teams, each with an old datum of its own."""
    posts = land.run_of(rng, n)
    first = _old(rng, session(rng, posts[::2], _CORS, surveyor="巴图"), land.beijing)
    second = _old(rng, session(rng, posts[1::2], _RTK, surveyor="王工"), land.xian)
    return _case(first + second, *(("beijing54", "xian80") if second else ("beijing54",)))


def one_of_three(rng: Rng, land: Country, n: int) -> Case:
    """One of three devices gives coordinates of the day; its posts are sharp."""
    posts = land.run_of(rng, n)
    while not any(p.sigma_m < 0.1 for p in posts[::3]):
        posts = land.run_of(rng, n)
    looks: list[Look] = []
    for k, device in enumerate(("i93", "R12", "千寻")):
        part = session(rng, posts[k::3], _CORS, device=device, surveyor="李", year=2025)
        if k == 0:
            speed = [velocity_m(rng, look.mark.true) for look in part]
            part = [
                replace(look, seen=shifted(look.seen, v[0] * 25.5, v[1] * 25.5))
                for look, v in zip(part, speed, strict=True)
            ]
        looks += part
    return _case(_written(rng, looks), "epoch")


def half_old(rng: Rng, land: Country, n: int) -> Case:
    looks = land.visit(rng, n, able=True)
    wrong = _old(rng, looks[::2], land.xian)
    right = [write(look, "decimal") for look in looks[1::2]]
    return _case(wrong + right, "xian80")


def _register(rng: Rng, land: Country, n: int, old: Blocks, name: str) -> Case:
    looks = land.visit(rng, n)
    plane = bool(rng.random() < 0.5)
    register = {}
    for look in looks:
        post = look.mark
        point = old.of(post.registered)
        if plane:
            meridian = meridian3(point[0])
            point = unproject(project(point, meridian, old.shape), meridian, GRS80)
        register[post.number] = replace(post, registered=point)
    return _case(_written(rng, looks), name, register=register)


def register_beijing(rng: Rng, land: Country, n: int) -> Case:
    return _register(rng, land, n, land.beijing, "register_beijing54")


def register_xian(rng: Rng, land: Country, n: int) -> Case:
    return _register(rng, land, n, land.xian, "register_xian80")


def landslide(rng: Rng, land: Country, n: int) -> Case:
    """The slope goes down as a whole, some of it further than the rest."""
    size, turn = float(rng.uniform(0.6, 4)), rng.uniform(0, 2 * math.pi)
    looks = []
    for look in land.visit(rng, n, moved=0.0, able=True):
        mine = size * float(rng.uniform(0.85, 1.15))
        move = (mine * math.cos(turn), mine * math.sin(turn))
        looks.append(replace(look, seen=shifted(look.seen, *move), moved_m=move))
    return _case(_written(rng, looks), "free", "free_similarity", "")


def local_grid(rng: Rng, land: Country, n: int) -> Case:
    """A local engineering grid: 50 to 250 ppm of scale, some seconds of turn, some metres off."""
    looks = land.visit(rng, n, able=True)
    middle = looks[len(looks) // 2].seen
    meridian = meridian3(middle[0])
    centre = project(middle, meridian)
    scale = 1 + float(rng.choice([-1, 1])) * float(rng.uniform(80e-6, 250e-6))
    angle = float(rng.normal(0, 3e-5))
    off = rng.uniform(-20, 20, 2)
    out = []
    for look in looks:
        east, north = project(look.seen, meridian)
        x, y = east - centre[0], north - centre[1]
        east = centre[0] + scale * (x - angle * y) + off[0]
        north = centre[1] + scale * (y + angle * x) + off[1]
        out.append(replace(look, cells=plane_cells(east, north, meridian, 3, prefixed=False)))
    return _case(out, "free_similarity", "free")


def xian_swapped(rng: Rng, land: Country, n: int) -> Case:
    looks = []
    for look in _old(rng, land.visit(rng, n), land.xian):
        cells = dict(look.cells)
        one, two = ("x_north", "y_east") if "x_north" in cells else ("lon", "lat")
        cells[one], cells[two] = cells[two], cells[one]
        looks.append(replace(look, cells=cells))
    return _case(looks, "axes_swapped", "xian80", "axes_swapped+xian80")


def beijing_and_slip(rng: Rng, land: Country, n: int) -> Case:
    looks = _old(rng, land.visit(rng, n, able=True), land.beijing)
    cells = dict(looks[-1].cells)
    field = "x_north" if "x_north" in cells else "lat"
    cells[field] = slip(rng, cells[field], 2, 5)
    looks[-1] = replace(looks[-1], cells=cells)
    if n == 1:
        return _case(looks, "beijing54", *_SLIPS, "number", "")
    return _case(looks, "beijing54", *_SLIPS)


def as_shapefile(rng: Rng, land: Country, n: int) -> Case:
    """A UTM Shapefile with its own .prj, read as it says: nothing is wrong."""
    looks = land.visit(rng, n)
    zone = int(looks[0].seen[0] // 6) + 31
    frame = pyproj.Proj(proj="utm", zone=zone, ellps="GRS80")
    crs = f'PROJCS["UTM",{_GEOGCS},PROJECTION["Transverse_Mercator"],{_utm_parameters(zone)}]'
    out = []
    for look in looks:
        east, north = frame(*look.seen)
        out.append(replace(look, cells={"y_east": repr(east), "x_north": repr(north), "crs": crs}))
    return _case(out, "")


_GEOGCS = (
    'GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",'
    'SPHEROID["CGCS2000",6378137,298.257222101]],PRIMEM["Greenwich",0],'
    'UNIT["degree",0.0174532925199433]]'
)


def _utm_parameters(zone: int) -> str:
    return (
        'PARAMETER["latitude_of_origin",0],'
        f'PARAMETER["central_meridian",{6 * zone - 183}],PARAMETER["scale_factor",0.9996],'
        'PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1]'
    )


def moved_many(rng: Rng, land: Country, n: int) -> Case:
    """A road was built: four in ten markers stand elsewhere."""
    return _case(_written(rng, land.visit(rng, n, moved=0.4, able=True)), "")


CASES: dict[str, Callable[[Rng, Country, int], Case]] = {
    "clean": clean,
    "clean, two teams": clean_teams,
    "UTM file that says so": as_shapefile,
    "four in ten moved": moved_many,
    "epoch of the day": epoch,
    "Beijing 1954": beijing,
    "Xian 1980": xian,
    "Krassovsky, no shift": krassovsky,
    "IAG 1975, no shift": iag75,
    "GCJ-02": gcj02,
    "BD-09": bd09,
    "neighbouring zone": wrong_zone,
    "6° called 3°": six_as_three,
    "UTM called GK": utm,
    "axes exchanged": axes,
    "dd.mmss as decimal": pairs_as_decimal,
    "hemisphere": hemisphere,
    "feet": feet,
    "wrong base": base,
    "one slip": one_slip,
    "minutes and seconds turned": turned_minutes,
    "numbers exchanged": exchanged,
    "list slipped by one": slipped_list,
    "row copied": repeated_row,
    "two teams, two datums": two_datums,
    "one device of three": one_of_three,
    "half the rows Xian 1980": half_old,
    "register in Beijing 1954": register_beijing,
    "register in Xian 1980": register_xian,
    "landslide": landslide,
    "local grid": local_grid,
    "Xian 1980, axes exchanged": xian_swapped,
    "Beijing 1954 and a slip": beijing_and_slip,
}
