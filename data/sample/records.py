"""What the sample builder gives: plain records with the field names of the store's tables.

Geometries are shapely shapes in longitude, latitude of CGCS2000 (EPSG:4490), degrees. `id` of a
place or marker counts from 1 within the sample; names and witness objects point at it.
"""

from dataclasses import dataclass
from datetime import date

from shapely import MultiLineString, MultiPolygon, Point


@dataclass(frozen=True, slots=True)
class DivisionRecord:
    """A division (行政区划); `in_region` is False for the counties on the other side."""

    code: str
    name: str
    level: str
    romanization: str
    romanization_mark: str
    parent_code: str
    in_region: bool
    source: str
    licence: str
    geom: MultiPolygon
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class PlaceRecord:
    """A place (地名) at one point; `heritage` is False unless a source lists it."""

    id: int
    name: str
    romanization: str
    romanization_mark: str
    category_code: str
    status: str
    division_code: str
    source: str
    source_id: str
    licence: str
    geom: Point
    heritage: bool = False
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class PlaceNameRecord:
    """One written form of a place's name; `language` is a BCP 47 tag."""

    place_id: int
    text: str
    language: str
    kind: str
    status: str
    source: str


@dataclass(frozen=True, slots=True)
class LineRecord:
    """The line between two counties (界线), at the level at which they differ.

    `name` is that of the whole line (蒙辽线), `section` says which part; `party_a` has the
    smaller division code. `name_source` is verified, derived or synthetic, with what is.
    `length_m` is on the ellipsoid of CGCS2000. `state` is told of lines known to be undetermined.
    """

    code: str
    name: str
    section: str
    name_source: str
    level: str
    party_a: str
    party_b: str
    approving_authority: str
    length_m: float
    source: str
    licence: str
    geom: MultiLineString
    length_basis: str = "computed"
    state: str | None = None
    state_source: str | None = None
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class MarkerRecord:
    """A boundary marker (界桩); each one of the sample is invented, and says so.

    `sigma_m` is the standard deviation of each horizontal axis. `coordinate_text` in `crs_text`
    is what a register would print, X north before Y east; `geom` is the same position.
    """

    id: int
    marker_no: str
    line_code: str
    line_name: str
    level: str
    sequence: int
    kind: str
    faces: int
    material: str
    accuracy_class: str
    sigma_m: float
    tolerance_m: float
    tolerance_source: str
    survey_method: str
    surveyed_on: date
    coordinate_text: str
    crs_text: str
    managing_party: str
    location: str
    position_description: str
    remark: str
    source: str
    geom: Point
    synthetic: bool = True


@dataclass(frozen=True, slots=True)
class WitnessRecord:
    """A witness object (方位物): grid azimuth in degrees and distance in metres from the marker."""

    marker_id: int
    ordinal: int
    name: str
    azimuth_deg: float
    distance_m: float
    azimuth_kind: str = "grid"


@dataclass(frozen=True, slots=True)
class MarkerLineRecord:
    """A further line that meets at a marker (三交点), beside the marker's own."""

    marker_id: int
    line_code: str


@dataclass(frozen=True, slots=True)
class Sample:
    """The sample region, with the licence lines that must be kept beside the data."""

    divisions: tuple[DivisionRecord, ...]
    places: tuple[PlaceRecord, ...]
    place_names: tuple[PlaceNameRecord, ...]
    lines: tuple[LineRecord, ...]
    markers: tuple[MarkerRecord, ...]
    witness_objects: tuple[WitnessRecord, ...]
    marker_lines: tuple[MarkerLineRecord, ...]
    licences: tuple[str, ...]
