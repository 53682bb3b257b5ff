"""What topology is checked on, and what it finds. Pure.

Shapes and positions are in degrees of the store's datum, longitude first; lengths in metres.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from shapely.geometry.base import BaseGeometry

from data.reference import boundary_rule, find_term

GRADES: Final = ("grave", "moderate", "minor")
"""Of a finding, the gravest first; their words are in `topology_grades`."""


@dataclass(frozen=True, slots=True)
class Area:
    """A division with its outline (政区).

    Attributes:
        code, name, level: of the division.
        shape: its outline, degrees.
        parent_code: the division that contains it; None where it is not known.
        uncertainty_m: how far the outline may be from the true line; NaN where nobody says so.
        since: the day from which the record holds; the newer of two edges is told by it.
        in_region: whether it is the region's own; of neighbours only those at its edge are known.
    """

    code: str
    name: str
    level: str
    shape: BaseGeometry
    parent_code: str | None = None
    uncertainty_m: float = float("nan")
    since: date | None = None
    in_region: bool = True


@dataclass(frozen=True, slots=True)
class RegisteredLine:
    """A boundary line as registered (界线).

    Attributes:
        id, code, name, level: of its record.
        parties: division codes of two or three parties.
        shape: the agreed line, degrees.
        length_m: its length as agreed; None where only computed.
        uncertainty_m: how far the drawn line may be from the agreed one; NaN where nobody says so.
    """

    id: int
    code: str
    name: str
    level: str
    parties: tuple[str, ...]
    shape: BaseGeometry
    length_m: float | None = None
    uncertainty_m: float = float("nan")


@dataclass(frozen=True, slots=True)
class RegisteredPoint:
    """A marker as registered (界桩).

    Attributes:
        id, marker_no: of its record.
        lon, lat: the registered position.
        kind: Q single, A and B of two with one number, C, D and E of three; empty if not known.
        sequence: its place in the line; None where it is not known.
        line_codes: the line that it stands on, then others that meet there.
        sigma_m, tolerance_m: of the registered position; None where not recorded.
        height_m: above the height datum; None where not recorded.
        faces: two or three; None where not recorded.
    """

    id: int
    marker_no: str
    lon: float
    lat: float
    kind: str = ""
    sequence: int | None = None
    line_codes: tuple[str, ...] = ()
    sigma_m: float | None = None
    tolerance_m: float | None = None
    height_m: float | None = None
    faces: int | None = None


@dataclass(frozen=True, slots=True)
class NearMarker:
    """A marker near a finding, and how far away it is."""

    id: int
    marker_no: str
    distance_m: float


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not fit.

    Attributes:
        kind: of `topology_kinds`.
        grade: of `GRADES`.
        lon, lat: where to look, degrees.
        zh, en: what is wrong, in words.
        figures: numbers by name; each name says its unit.
        divisions: codes of the divisions concerned.
        line_id, line_code: the line concerned, if any.
        markers: numbers of the markers concerned.
        shape: what is drawn of it, degrees; None for the place alone.
        nearest: the registered markers that are nearest.
    """

    kind: str
    grade: str
    lon: float
    lat: float
    zh: str
    en: str
    figures: Mapping[str, float] = field(default_factory=dict)
    divisions: tuple[str, ...] = ()
    line_id: int | None = None
    line_code: str | None = None
    markers: tuple[str, ...] = ()
    shape: BaseGeometry | None = None
    nearest: tuple[NearMarker, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As plain values, without the shape."""
        return {
            "kind": self.kind,
            "kind_zh": word_of("topology_kinds", self.kind),
            "grade": self.grade,
            "zh": self.zh,
            "en": self.en,
            "lon": round(self.lon, 9),
            "lat": round(self.lat, 9),
            "figures": {name: round(value, 4) for name, value in self.figures.items()},
            "divisions": list(self.divisions),
            "line_id": self.line_id,
            "line_code": self.line_code,
            "markers": list(self.markers),
            "nearest_markers": [
                {"id": one.id, "marker_no": one.marker_no, "distance_m": round(one.distance_m, 1)}
                for one in self.nearest
            ],
        }


@dataclass(frozen=True, slots=True)
class TopologyRules:
    """The numbers of the checks; each is a row of `boundary_rules`, where its source stands.

    Attributes:
        gap_width_m: how narrow a sliver between two outlines is for its edges to belong together.
        noise_m: what is narrower is a difference of vertices, not of areas.
        outline_m: how far an outline may be from the true line where nobody says so.
        line_m: the same of a registered line.
        step_m: geodesics are cut into pieces no longer than this.
        chord_m: a straight segment may leave the geodesic by this much.
        marker_sigmas: a marker may be off its line by so many standard deviations.
        bank_m: how far apart two or three markers of one number may stand from their line.
        junction_m: ends of lines within this are looked at as one junction.
        length_ppm: how far agreed and geodesic length may differ.
    """

    gap_width_m: float
    noise_m: float
    outline_m: float
    line_m: float
    step_m: float
    chord_m: float
    marker_sigmas: float
    bank_m: float
    junction_m: float
    length_ppm: float

    @classmethod
    def in_force(cls) -> "TopologyRules":
        """The rules by the table in force."""
        own = [name for name in cls.__dataclass_fields__ if name != "length_ppm"]
        numbers = {name: boundary_rule(f"topology_{name}") for name in own}
        return cls(**numbers, length_ppm=boundary_rule("length_ppm"))


def grade_of(value: float, limit: float) -> str:
    """How grave a length is beside what may be: up to it, up to three times it, above.

    >>> grade_of(1.0, 5.0), grade_of(12.0, 5.0), grade_of(16.0, 5.0)
    ('minor', 'moderate', 'grave')
    """
    if value <= limit:
        return "minor"
    return "moderate" if value <= 3.0 * limit else "grave"


def word_of(table: str, code: str) -> str:
    """A code's Chinese word."""
    term = find_term(table, code)
    return term.zh if term else code


def metres_zh(value: float) -> str:
    """A length in Chinese.

    >>> metres_zh(0.4), metres_zh(12.34), metres_zh(2500.0)
    ('0.40 米', '12.3 米', '2.50 公里')
    """
    if value >= 1_000.0:  # noqa: PLR2004 - a kilometre
        return f"{value / 1000:.2f} 公里"
    return f"{value:.1f} 米" if value >= 10.0 else f"{value:.2f} 米"  # noqa: PLR2004


def metres_en(value: float) -> str:
    """A length in English.

    >>> metres_en(0.4), metres_en(12.34), metres_en(2500.0)
    ('0.40 m', '12.3 m', '2.50 km')
    """
    if value >= 1_000.0:  # noqa: PLR2004 - a kilometre
        return f"{value / 1000:.2f} km"
    return f"{value:.1f} m" if value >= 10.0 else f"{value:.2f} m"  # noqa: PLR2004
