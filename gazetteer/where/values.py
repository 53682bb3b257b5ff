"""What is answered about a position."""

from dataclasses import dataclass
from typing import Any

from data.reference import AdministeredElsewhere
from gazetteer.search import DivisionEntry
from gazetteer.search.nearest import NearbyName
from gazetteer.where.areas import Path


@dataclass(frozen=True, slots=True)
class Edge:
    """The nearest edge of the smallest area around a position.

    Attributes:
        distance_m: along the ellipsoid, in metres.
        bearing_deg: towards the nearest point, clockwise from true north.
        uncertainty_m: how far the edge may be from the true one; None where nobody says so.
        lon, lat: the nearest point of the edge, degrees in the store's system.
        inside: the division on this side; None where the position is in none.
        across: the divisions on the other side, as far as the store has them.
    """

    distance_m: float
    bearing_deg: float
    uncertainty_m: float | None
    lon: float
    lat: float
    inside: DivisionEntry | None
    across: tuple[DivisionEntry, ...]

    def sentence(self, language: str = "zh") -> str:
        """Where the edge is and how sure, in `zh` or `en`."""
        metres, sure_m = f"{self.distance_m:.0f}", f"{self.uncertainty_m or 0:.0f}"
        degrees = f"{self.bearing_deg:.0f}°"
        over = [entry.name for entry in self.across]
        if language == "zh":
            across = f"，另一侧是{'、'.join(over)}" if over else ""
            known = f"界线误差约 {sure_m} 米" if self.uncertainty_m is not None else "界线误差未知"
            return f"最近的界线在 {metres} 米外（方位 {degrees}）{across}；{known}"
        across = f", {', '.join(over)} across it" if over else ""
        known = f"it is sure within {sure_m} m" if self.uncertainty_m is not None else ""
        return (
            f"the nearest edge is {metres} m away at {degrees}{across};"
            f" {known or 'how sure it is, nobody says'}"
        )


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What is around one position.

    Attributes:
        lon, lat: the position, degrees in the store's system.
        located_in: the divisions whose areas hold it, highest first. Where the edge is nearer
            than its uncertainty, only those that hold on both sides of it.
        administered_by: the divisions that administer the smallest area where it lies within
            another's area (飞地、代管); empty where that is the same.
        candidates: each path that the uncertainty of the edge leaves open; empty where sure.
        edge: the nearest edge; None where no area is near.
        nearest: the nearest names.
        elsewhere: divisions that lie in the smallest area and are administered by others, whose
            own areas the store lacks: whether the position is in one cannot be told.
    """

    lon: float
    lat: float
    located_in: Path
    administered_by: Path = ()
    candidates: tuple[Path, ...] = ()
    edge: Edge | None = None
    nearest: tuple[NearbyName, ...] = ()
    elsewhere: tuple[AdministeredElsewhere, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether the uncertainty of the edges leaves one answer."""
        return not self.candidates

    def sentence(self, language: str = "zh") -> str:
        """The answer in one sentence, in `zh` or `en`."""
        return self._place(language) + self._exceptions(language)

    def _exceptions(self, language: str) -> str:
        """What of the area is run by others, where that cannot be told from an outline."""
        if not self.elsewhere:
            return ""
        by = "、".join(dict.fromkeys(row.administered_by_name for row in self.elsewhere))
        names = [row.name for row in self.elsewhere]
        if language == "zh":
            return f"；其中{'、'.join(names)}由{by}管理，本库没有其范围"
        listed = ", ".join(names)
        return f"; of it {listed} are run by {by.replace('、', ', ')}, without an outline here"

    def _place(self, language: str) -> str:
        path = " › ".join(entry.name for entry in self.located_in)
        if self.candidates:
            open_ = [" › ".join(entry.name for entry in path) for path in self.candidates]
            distance = f"{self.edge.distance_m:.0f}" if self.edge else "?"
            if language == "zh":
                return f"距界线 {distance} 米，小于界线误差，不能确定：{'；或 '.join(open_)}"
            return f"{distance} m from an edge that is no surer than that: {', or '.join(open_)}"
        if not path:
            return "不在本库任何政区内" if language == "zh" else "in no division of this store"
        if self.administered_by:
            by = " › ".join(entry.name for entry in self.administered_by)
            return f"位于{path}，由{by}管理" if language == "zh" else f"in {path}, run by {by}"
        return f"位于{path}" if language == "zh" else f"in {path}"

    def as_json(self) -> dict[str, Any]:
        """The answer as it is sent."""
        return {
            "lon": self.lon,
            "lat": self.lat,
            "located_in": _path_json(self.located_in),
            "administered_by": _path_json(self.administered_by) or None,
            "candidates": [_path_json(path) for path in self.candidates],
            "sure": self.sure,
            "edge": self.edge
            and {
                "distance_m": round(self.edge.distance_m, 1),
                "bearing_deg": round(self.edge.bearing_deg, 1),
                "uncertainty_m": self.edge.uncertainty_m,
                "nearest": [self.edge.lon, self.edge.lat],
                "inside": self.edge.inside.code if self.edge.inside else None,
                "inside_name": self.edge.inside.name if self.edge.inside else None,
                "across": [{"code": one.code, "name": one.name} for one in self.edge.across],
                "zh": self.edge.sentence("zh"),
                "en": self.edge.sentence("en"),
            },
            "administered_elsewhere": [
                {
                    "code": row.code,
                    "name": row.name,
                    "administered_by": row.administered_by,
                    "administered_by_name": row.administered_by_name,
                    "source": row.source,
                }
                for row in self.elsewhere
            ],
            "nearest": [
                {
                    "id": one.id,
                    "name": one.name,
                    "category_code": one.category_code,
                    "distance_m": round(one.distance_m, 1),
                    "bearing_deg": round(one.bearing_deg, 1),
                }
                for one in self.nearest
            ],
            "zh": self.sentence("zh"),
            "en": self.sentence("en"),
        }


def _path_json(path: Path) -> list[dict[str, str]]:
    return [{"code": e.code, "name": e.name, "level": e.level} for e in path]
