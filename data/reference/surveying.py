"""Datums, Gauss-Krüger grids, survey methods, tolerances and the 16 directions, as typed rows.

Angles in degrees clockwise from north, lengths in metres. A grid's own axes are X north, then
Y east; with a zone prefix Y is zone x 1 000 000 + 500 000 + offset.
"""

from dataclasses import dataclass
from pathlib import Path

from data.errors import InvalidValue
from data.reference.tables import Row, kept, load_table
from data.reference.vocabulary import find_term

FALSE_EASTING_M = 500_000.0
ZONE_STEP_M = 1_000_000.0


@dataclass(frozen=True, slots=True)
class Datum:
    """A geodetic datum used for markers; `geographic_epsg` is its 2D longitude-latitude system."""

    code: str
    zh: str
    en: str
    geographic_epsg: int
    semi_major_m: float
    inverse_flattening: float
    source: str


@dataclass(frozen=True, slots=True)
class Grid:
    """One Gauss-Krüger zone; `system` is a datum's code, `prefixed` says Y carries the zone."""

    epsg: int
    system: str
    zone_width_deg: int
    zone: int
    central_meridian_deg: float
    prefixed: bool
    source: str

    @property
    def false_easting_m(self) -> float:
        """What is added to the offset east of the central meridian, prefix included."""
        return FALSE_EASTING_M + (self.zone * ZONE_STEP_M if self.prefixed else 0.0)


@dataclass(frozen=True, slots=True)
class Method:
    """A survey method; `sigma_m` is its working standard deviation of each horizontal axis.

    `grade` is survey, handheld or phone: only survey grade can prove a displacement.
    """

    code: str
    zh: str
    en: str
    sigma_m: float
    grade: str
    mark: str
    source: str


@dataclass(frozen=True, slots=True)
class ToleranceClass:
    """The accuracy of a registered position and the displacement that does not matter.

    `sigma_m` is of each horizontal axis. Configuration, not law: `source` says where it comes from.
    """

    code: str
    zh: str
    en: str
    sigma_m: float
    tolerance_m: float
    mark: str
    source: str


@dataclass(frozen=True, slots=True)
class Direction:
    """One of the 16 directions, from `from_deg` up to `to_deg`, clockwise from true north."""

    code: str
    zh: str
    from_deg: float
    to_deg: float
    source: str


@kept
def datums(folder: Path | None = None) -> tuple[Datum, ...]:
    """The datums."""
    return tuple(
        Datum(
            code=row["code"],
            zh=row["zh"],
            en=row["en"],
            geographic_epsg=int(row["geographic_epsg"]),
            semi_major_m=float(row["semi_major_m"]),
            inverse_flattening=float(row["inverse_flattening"]),
            source=row["source"],
        )
        for row in load_table("datums", folder)
    )


@kept
def grids(folder: Path | None = None) -> tuple[Grid, ...]:
    """Every Gauss-Krüger zone, 3 and 6 degrees wide, with and without prefix."""
    return tuple(
        Grid(
            epsg=int(row["epsg"]),
            system=row["system"],
            zone_width_deg=int(row["zone_width_deg"]),
            zone=int(row["zone"]),
            central_meridian_deg=float(row["central_meridian_deg"]),
            prefixed=row["prefixed"] == "yes",
            source=row["source"],
        )
        for row in load_table("grids", folder)
    )


def grid(epsg: int, folder: Path | None = None) -> Grid | None:
    """The grid with that EPSG code, or None.

    >>> found = grid(4525)
    >>> found.central_meridian_deg if found else None
    111.0
    """
    return next((row for row in grids(folder) if row.epsg == epsg), None)


def find_grid(
    system: str, zone_width_deg: int, zone: int, *, prefixed: bool, folder: Path | None = None
) -> Grid | None:
    """The grid of a datum's code, zone width, zone number and prefix, or None."""
    wanted = (system, zone_width_deg, zone, prefixed)
    return next(
        (
            row
            for row in grids(folder)
            if (row.system, row.zone_width_deg, row.zone, row.prefixed) == wanted
        ),
        None,
    )


@kept
def methods(folder: Path | None = None) -> tuple[Method, ...]:
    """The survey methods with their working accuracy."""
    return tuple(_method(row) for row in load_table("methods", folder))


def method(text: str, folder: Path | None = None) -> Method | None:
    """The survey method that `text` names, by any of its words; None if unknown.

    >>> found = method("cors")
    >>> found.sigma_m if found else None
    0.025
    """
    term = find_term("methods", text, folder)
    return next((row for row in methods(folder) if term and row.code == term.code), None)


@kept
def tolerance_classes(folder: Path | None = None) -> tuple[ToleranceClass, ...]:
    """The accuracy classes of registered positions."""
    return tuple(_tolerance_class(row) for row in load_table("tolerance_classes", folder))


def tolerance_class(code: str, folder: Path | None = None) -> ToleranceClass | None:
    """The accuracy class with that code, in either case, or None."""
    wanted = code.strip().upper()
    return next((row for row in tolerance_classes(folder) if row.code == wanted), None)


@kept
def directions(folder: Path | None = None) -> tuple[Direction, ...]:
    """The 16 directions, north first, clockwise."""
    return tuple(
        Direction(
            code=row["code"],
            zh=row["zh"],
            from_deg=float(row["from_deg"]),
            to_deg=float(row["to_deg"]),
            source=row["source"],
        )
        for row in load_table("directions16", folder)
    )


def direction(azimuth_deg: float, folder: Path | None = None) -> Direction:
    """The direction of an azimuth in degrees clockwise from true north, any number of turns.

    Raises:
        InvalidValue: the azimuth is not a finite number.

    >>> direction(191.5).zh
    '南偏西南'
    """
    turned = azimuth_deg % 360
    for row in directions(folder):
        low, high = row.from_deg, row.to_deg
        inside = low <= turned < high if low < high else turned >= low or turned < high
        if inside:
            return row
    rule, way_out = "an azimuth is a finite number of degrees", "give degrees from north"
    raise InvalidValue("azimuth_deg", azimuth_deg, rule, way_out, "方位角应为有限的度数")


def _method(row: Row) -> Method:
    return Method(
        code=row["code"],
        zh=row["zh"],
        en=row["en"],
        sigma_m=float(row["sigma_m"]),
        grade=row["grade"],
        mark=row["mark"],
        source=row["source"],
    )


def _tolerance_class(row: Row) -> ToleranceClass:
    return ToleranceClass(
        code=row["code"],
        zh=row["zh"],
        en=row["en"],
        sigma_m=float(row["sigma_m"]),
        tolerance_m=float(row["tolerance_m"]),
        mark=row["mark"],
        source=row["source"],
    )
