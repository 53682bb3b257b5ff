"""Which marker a photograph shows: by the number in its name, else by where the camera stood."""

import re
from dataclasses import dataclass
from math import cos, radians
from typing import Literal

from pyproj import Geod
from sqlalchemy import Connection, select

from boundary.tables import marker
from data.boxes import read_ids
from data.errors import InvalidValue
from data.geometry import Box, point_xy
from data.pictures import read_picture
from data.reference import boundary_rule

_WORDS = re.compile(r"[^0-9A-Za-z\u4e00-\u9fff]+")
_METRES_PER_DEGREE = 111_320.0
_MOST = 50
_LEAST_RATIO = 3.0
"""How many times as far as the nearest marker the second must be, for the camera to tell."""


@dataclass(frozen=True, slots=True)
class PhotoMatch:
    """The marker that a photograph shows, and what tells so."""

    marker_id: int
    marker_no: str
    by: Literal["number", "place"]


def match_photo(connection: Connection, file_name: str, content: bytes) -> PhotoMatch:
    """The marker that a photograph shows.

    A word of the file's name that is the number of one marker in force decides; else the camera's
    position, where one marker is near enough (`photo_far_m`) and clearly the nearest.

    Args:
        connection: a reading connection; markers that its reader does not see are none.
        file_name: its sender's name for it, such as `9901002Q 北面.jpg`.
        content: its bytes.

    Raises:
        InvalidFile, FileTooLarge, UnknownFormat: it is no picture that can be read.
        InvalidValue: neither its name nor its position tells one marker.
    """
    named = _by_number(connection, file_name)
    if len(named) == 1:
        return PhotoMatch(*named[0], "number")
    picture = read_picture(content)
    near: list[tuple[float, int, str]] = []
    if picture.lon is not None and picture.lat is not None:
        near = _near(connection, picture.lon, picture.lat)
        known = {identity for identity, _ in named}
        near = [one for one in near if not known or one[1] in known]
    if near and (len(near) == 1 or near[1][0] > _LEAST_RATIO * near[0][0]):
        return PhotoMatch(near[0][1], near[0][2], "place")
    raise InvalidValue(
        "file", file_name, "neither its name nor the camera's position tells which marker it shows",
        "put the marker's number into its name, as in 9901002Q.jpg, or add it on the marker's page",
        f"“{file_name}”：文件名和拍摄位置都不能确定是哪颗界桩；"
        "请在文件名中写上界桩编号，或在该界桩的页面上传",
    )  # fmt: skip


def _by_number(connection: Connection, file_name: str) -> list[tuple[int, str]]:
    stem = file_name.rpartition(".")[0] or file_name
    words = [word for word in _WORDS.split(stem) if word][:_MOST]
    wanted = list(dict.fromkeys([*words, *(word.upper() for word in words)]))
    rows = connection.execute(
        select(marker.c.id, marker.c.marker_no).where(
            marker.c.marker_no.in_(wanted), marker.c.valid_to.is_(None)
        )
    )
    return [(row.id, row.marker_no) for row in rows]


def _near(connection: Connection, lon: float, lat: float) -> list[tuple[float, int, str]]:
    """Markers in force near a position: distance in metres, id, number; the nearest first."""
    far_m = boundary_rule("photo_far_m")
    north_deg = far_m / _METRES_PER_DEGREE
    east_deg = north_deg / max(cos(radians(lat)), 1e-6)
    box = Box(lon - east_deg, lat - north_deg, lon + east_deg, lat + north_deg)
    found = read_ids(
        connection, marker, box=box, where=(), values={}, after=0, offset=0, limit=_MOST
    )
    rows = connection.execute(
        select(marker.c.id, marker.c.marker_no, marker.c.geom).where(
            marker.c.id.in_(list(found.ids)), marker.c.valid_to.is_(None)
        )
    ).all()
    earth = Geod(ellps="GRS80")
    apart = [(earth.inv(lon, lat, *point_xy(row.geom))[2], row.id, row.marker_no) for row in rows]
    return sorted(one for one in apart if one[0] <= far_m)
