"""Outlines of divisions for small maps: as few points as the eye needs."""

from collections.abc import Iterable

import shapely
from sqlalchemy import Connection, select

from gazetteer.tables import division

Rings = tuple[tuple[tuple[float, float], ...], ...]
_STEPS = 400
"""Details smaller than this part of the whole drawing are left out."""


def read_outlines(connection: Connection, codes: Iterable[str]) -> dict[str, Rings]:
    """The outer rings of divisions in force by code, degrees, longitude first.

    A division without an outline is left out. Islands and parts too small to be seen are too.
    """
    wanted = list(dict.fromkeys(codes))
    if not wanted:
        return {}
    statement = select(division.c.code, division.c.geom).where(
        division.c.code.in_(wanted), division.c.valid_to.is_(None), division.c.geom.is_not(None)
    )
    shapes = {row.code: shapely.from_wkb(row.geom) for row in connection.execute(statement)}
    if not shapes:
        return {}
    west, south, east, north = shapely.total_bounds(list(shapes.values()))
    step_deg = max(east - west, north - south) / _STEPS
    return {code: _rings(shape, step_deg) for code, shape in shapes.items()}


def _rings(shape: shapely.Geometry, step_deg: float) -> Rings:
    parts = sorted(shapely.get_parts(shape), key=lambda part: -part.area)
    seen = [part for part in parts if part.area > step_deg**2] or parts[:1]
    return tuple(
        tuple((float(x), float(y)) for x, y in shapely.get_coordinates(ring))
        for ring in (part.exterior.simplify(step_deg) for part in seen)
    )
