"""What the store adds to a picture: the lines around a batch, the visits of a marker."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection, select

from boundary.displacement_visits import Creep, creep
from boundary.evidence_tables import inspection_evidence
from boundary.pictures import MarkerVisit, PictureFormat, batch_picture, history_picture
from boundary.pictures.canvas import Language
from boundary.submissions import read_submission
from boundary.tables import inspection, line, marker
from data.boxes import read_ids
from data.errors import NotFound
from data.geometry import Box

_MARGIN_DEG = 0.05
_IN_FORCE = ("t.valid_to IS NULL",)
_MOST_LINES = 10_000
_PIXELS = 4_000
"""A course is drawn as finely as a picture so wide could show it."""
_LEAST_VISITS = 3
_CERTAIN_P = 0.001
_DAYS_PER_YEAR = 365.25

LonLat = tuple[float, float]


def lines_around(connection: Connection, report: Mapping[str, Any]) -> list[list[LonLat]]:
    """The parts of the boundary lines in force in the box of a report's markers, degrees."""
    places = np.array([one["registered"] for one in report["results"] if one["registered"]], float)
    if not len(places):
        return []
    low, high = places.min(axis=0) - _MARGIN_DEG, places.max(axis=0) + _MARGIN_DEG
    box = Box(float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    found = read_ids(
        connection, line, box=box, where=_IN_FORCE, values={}, after=0, offset=0,
        limit=_MOST_LINES, counted=False,
    )  # fmt: skip
    rows = connection.execute(select(line.c.geom).where(line.c.id.in_(list(found.ids)))).scalars()
    parts: list[list[LonLat]] = []
    for wkb in rows:
        clipped = shapely.clip_by_rect(shapely.from_wkb(wkb), *low, *high)
        clipped = shapely.simplify(clipped, float((high - low).max()) / _PIXELS)
        parts.extend(
            [(float(x), float(y)) for x, y in shapely.get_coordinates(part)]
            for part in shapely.get_parts(clipped)
        )
    return parts


def submission_picture(
    connection: Connection, submission_id: int, picture_format: PictureFormat, language: Language
) -> bytes:
    """A submission's vectors on the line, before and after the diagnosed cause is taken off.

    Raises:
        NotFound: there is no such submission.
    """
    report = read_submission(connection, submission_id)
    return batch_picture(
        report, picture_format, title=str(report["file_name"]), language=language,
        lines=lines_around(connection, report),
    )  # fmt: skip


def marker_picture(
    connection: Connection, marker_id: int, picture_format: PictureFormat, language: Language
) -> bytes:
    """A marker's inspections through time.

    Raises:
        NotFound: there is no such marker.
    """
    known = connection.execute(
        select(marker.c.marker_no, marker.c.tolerance_m).where(marker.c.id == marker_id)
    ).one_or_none()
    if known is None:
        raise NotFound(f"there is no marker {marker_id}", f"没有编号为 {marker_id} 的界桩")
    visits = _visits(connection, marker_id)
    title = f"界桩 {known.marker_no}" if language == "zh" else f"marker {known.marker_no}"
    return history_picture(
        visits, picture_format, tolerance_m=known.tolerance_m, rate=_rate(visits), title=title,
        language=language,
    )  # fmt: skip


def _visits(connection: Connection, marker_id: int) -> list[MarkerVisit]:
    evidence = inspection_evidence.c
    statement = (
        select(
            evidence.observed_on, evidence.remaining_east_m, evidence.remaining_north_m,
            evidence.observation_sigma_m, inspection.c.verdict,
        )
        .join(inspection, inspection.c.id == evidence.inspection_id)
        .where(
            evidence.marker_id == marker_id, evidence.cause == "",
            evidence.observed_on.is_not(None), evidence.remaining_east_m.is_not(None),
            evidence.observation_sigma_m.is_not(None),
        )
    )  # fmt: skip
    return [MarkerVisit(*row) for row in connection.execute(statement)]


def _rate(visits: list[MarkerVisit]) -> Creep | None:
    """A steady motion, where three visits or more over a year prove one."""
    years = np.array([_year(visit.observed_on) for visit in visits])
    if len(visits) < _LEAST_VISITS or float(np.ptp(years)) < 1.0:
        return None
    vectors = np.array([[visit.east_m, visit.north_m] for visit in visits])
    found = creep(years, vectors, np.array([visit.sigma_m for visit in visits]))
    return found if found.p_zero < _CERTAIN_P else None


def _year(day: date) -> float:
    return day.year + (day.timetuple().tm_yday - 0.5) / _DAYS_PER_YEAR
