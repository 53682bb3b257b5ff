"""A small map: outlines of divisions, lines and points, north up, with a scale bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Final

from markupsafe import Markup

from web.site.drawings import svg

LonLat = tuple[float, float]
_WIDTH, _MOST_HEIGHT, _MARGIN = 420.0, 420.0, 14.0
_DEGREE_M: Final = 111_320.0
_KILOMETRE_M: Final = 1000.0


@dataclass(frozen=True, slots=True)
class Shape:
    """Rings or lines in degrees, longitude first; `closed` rings are areas."""

    parts: Sequence[Sequence[LonLat]]
    kind: str
    told: str = ""
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Point:
    """A point in degrees with the class or verdict of its mark; `label` is written beside it."""

    lon: float
    lat: float
    kind: str
    told: str = ""
    label: str = ""
    verdict: bool = False


def outline(shapes: Sequence[Shape], points: Sequence[Point], name: str) -> Markup:
    """The shapes in their order, the points over them; empty where there is neither."""
    frame = _Frame.around(shapes, points)
    if frame is None:
        return Markup("")
    parts = [_shape(shape, frame) for shape in shapes]
    for point in points:
        parts += _point(point, frame)
    parts += _scale_bar(frame)
    return svg.drawing(_WIDTH, frame.height, name, parts)


@dataclass(frozen=True, slots=True)
class _Frame:
    """Degrees to drawing: one scale in both directions at the middle latitude."""

    west: float
    north: float
    x_per_deg: float
    y_per_deg: float
    height: float

    @classmethod
    def around(cls, shapes: Sequence[Shape], points: Sequence[Point]) -> "_Frame | None":
        lonlat = [xy for shape in shapes for part in shape.parts for xy in part]
        lonlat += [(point.lon, point.lat) for point in points]
        if not lonlat:
            return None
        west, east = min(x for x, _ in lonlat), max(x for x, _ in lonlat)
        south, north = min(y for _, y in lonlat), max(y for _, y in lonlat)
        narrow = cos(radians((south + north) / 2))
        wide = max((east - west) * narrow, 0.02)
        high = max(north - south, 0.02)
        room = _WIDTH - 2 * _MARGIN
        scale = min(room / wide, (_MOST_HEIGHT - 3 * _MARGIN) / high)
        spare = (room - wide * scale) / 2
        height = high * scale + 3 * _MARGIN
        west -= spare / (scale * narrow)
        return cls(west, north, scale * narrow, scale, height)

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        return (
            _MARGIN + (lon - self.west) * self.x_per_deg,
            _MARGIN + (self.north - lat) * self.y_per_deg,
        )


def _shape(shape: Shape, frame: _Frame) -> Markup:
    drawn = []
    for part in shape.parts:
        xy = "L".join(f"{svg.px(x)} {svg.px(y)}" for x, y in (frame.at(*one) for one in part))
        drawn.append(f"M{xy}{'Z' if shape.closed else ''}")
    return svg.path("".join(drawn), shape.kind, shape.told)


def _point(point: Point, frame: _Frame) -> list[Markup]:
    x, y = frame.at(point.lon, point.lat)
    if point.verdict:
        parts = [svg.mark(x, y, 5.0, point.kind, point.told)]
    else:
        shape = Markup('<circle cx="{}" cy="{}" r="6" class="{}"><title>{}</title></circle>')
        parts = [shape.format(svg.px(x), svg.px(y), point.kind, point.told)]
    if point.label:
        right = x > _WIDTH * 0.6
        parts.append(
            svg.text(x - 10 if right else x + 10, y + 4, point.label, "strong",
                     "end" if right else "start")
        )  # fmt: skip
    return parts


def _scale_bar(frame: _Frame) -> list[Markup]:
    room_m = _DEGREE_M * (_WIDTH / 4) / frame.y_per_deg
    power = 10.0 ** int(f"{room_m:e}".partition("e")[2])
    metres = max(step * power for step in (1.0, 2.0, 5.0) if step * power <= room_m)
    length = metres / _DEGREE_M * frame.y_per_deg
    y = frame.height - 6
    words = f"{metres / _KILOMETRE_M:g} km" if metres >= _KILOMETRE_M else f"{metres:g} m"
    return [
        svg.line(_MARGIN, y, _MARGIN + length, y, "axis"),
        svg.line(_MARGIN, y - 4, _MARGIN, y, "axis"),
        svg.line(_MARGIN + length, y - 4, _MARGIN + length, y, "axis"),
        svg.text(_MARGIN + length + 8, y + 2, words, "quiet"),
    ]
