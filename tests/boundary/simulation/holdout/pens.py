"""How people of the second world write a position, and how their hand slips."""

import math
from dataclasses import replace

from .country import Look
from .earth import GRS80, Point, Rng, project

STYLES = ("decimal", "dms", "dms_ascii", "declared_pairs", "gk3", "gk3_prefix", "gk6_prefix", "one")
_ALIKE = {"1": "7", "7": "1", "3": "8", "8": "3", "5": "6", "6": "0", "0": "6", "4": "9", "9": "4"}


def meridian3(lon: float) -> float:
    return 3.0 * math.floor(lon / 3.0 + 0.5)


def meridian6(lon: float) -> float:
    return 6.0 * math.floor(lon / 6.0) + 3.0


def pen(rng: Rng, *, plane: bool | None = None) -> str:
    """One style for a whole file."""
    choices = [s for s in STYLES if plane is None or s.startswith("gk") is plane]
    return str(rng.choice(choices))


def write(look: Look, style: str, point: Point | None = None) -> Look:
    """A look with its cells filled in a style."""
    lon, lat = point or look.seen
    fine = look.sigma_m < 1
    if style == "decimal":
        digits = 8 if fine else 6
        cells = {"lon": f"{lon:.{digits}f}", "lat": f"{lat:.{digits}f}", "crs": "CGCS2000"}
    elif style in {"dms", "dms_ascii"}:
        marks = ("°", "′", "″") if style == "dms" else ("-", "-", "")
        cells = {
            "lon": sexagesimal(lon, marks, 4 if fine else 2),
            "lat": sexagesimal(lat, marks, 4 if fine else 2),
            "crs": "国家2000",
        }
    elif style == "declared_pairs":
        cells = {"lon": pairs(lon), "lat": pairs(lat), "crs": "CGCS2000 dd.mmss"}
    elif style == "one":
        cells = {"position": f"N{lat:.8f} E{lon:.8f}", "crs": "EPSG:4490"}
    else:
        cells = gauss_cells((lon, lat), style)
    return replace(look, cells=cells)


def gauss_cells(point: Point, style: str, shape: tuple[float, float] = GRS80) -> dict[str, str]:
    """X north and Y east in a Gauss-Krüger style."""
    width = 6 if style.startswith("gk6") else 3
    meridian = meridian6(point[0]) if width == 6 else meridian3(point[0])
    east, north = project(point, meridian, shape)
    return plane_cells(east, north, meridian, width, prefixed=style.endswith("prefix"))


def plane_cells(
    east: float, north: float, meridian: float, width: int, *, prefixed: bool
) -> dict[str, str]:
    zone = round(meridian / 3) if width == 3 else round((meridian + 3) / 6)
    if prefixed:
        crs = f"2000国家大地坐标系 {width}度带"
        return {"x_north": f"{north:.3f}", "y_east": f"{zone}{east:010.3f}", "crs": crs}
    crs = f"CGCS2000 {width}度带 中央子午线{meridian:g}度"
    return {"x_north": f"{north:.3f}", "y_east": f"{east:.3f}", "crs": crs}


def sexagesimal(value: float, marks: tuple[str, str, str], decimals: int) -> str:
    whole = round(value * 3600 * 10**decimals)
    degrees, rest = divmod(whole, 3600 * 10**decimals)
    minutes, seconds = divmod(rest, 60 * 10**decimals)
    width = decimals + 3 if decimals else 2
    text = f"{seconds / 10**decimals:0{width}.{decimals}f}"
    return f"{degrees}{marks[0]}{minutes:02d}{marks[1]}{text}{marks[2]}"


def pairs(value: float) -> str:
    """Degrees with minutes and seconds as pairs of decimals."""
    whole = round(value * 3600 * 1e4)
    degrees, rest = divmod(whole, 3600 * 10**4)
    minutes, seconds = divmod(rest, 60 * 10**4)
    return f"{degrees}.{minutes:02d}{seconds:06d}"


def slip(rng: Rng, text: str, first: int, last: int) -> str:
    """One slip among the digits from `first` to before `last` (counted over digits only)."""
    digits = [i for i, letter in enumerate(text) if letter.isdigit()][first:last]
    i = int(rng.choice(digits))
    kind = rng.choice(["alike", "any", "swap", "drop", "twice"], p=[0.3, 0.3, 0.2, 0.1, 0.1])
    following = i + 1 < len(text) and text[i + 1].isdigit() and text[i + 1] != text[i]
    if kind == "alike" and text[i] in _ALIKE:
        return text[:i] + _ALIKE[text[i]] + text[i + 1 :]
    if kind == "swap" and following:
        return text[:i] + text[i + 1] + text[i] + text[i + 2 :]
    if kind == "drop":
        return text[:i] + text[i + 1 :]
    if kind == "twice":
        return text[:i] + text[i] + text[i:]
    other = str((int(text[i]) + int(rng.integers(1, 10))) % 10)
    return text[:i] + other + text[i + 1 :]
