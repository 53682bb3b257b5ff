"""A workbook to fill in along a line: its markers' numbers under the columns of an inspection."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from boundary.lines.keeping import parties_of, read_line
from boundary.lines.reading import markers_of_line
from boundary.papers import Sheet, workbook
from data.formats import Field, fields_of
from data.reference import terms

_COLUMNS: Final = (
    *("marker_no", "lon", "lat", "x_north", "y_east", "crs", "method", "accuracy_m"),
    *("observed_at", "condition", "surveyor", "side", "device", "session", "height"),
    *("height_datum", "tie1_name", "tie1_azimuth", "tie1_distance", "tie2_name", "tie2_azimuth"),
    *("tie2_distance", "tie3_name", "tie3_azimuth", "tie3_distance", "photo", "remark"),
)
_LISTED: Final[Mapping[str, str]] = {
    "crs": "datums",
    "method": "methods",
    "condition": "conditions",
    "height_datum": "height_datums",
}
"""Columns whose values are words of a table."""
_HINTS: Final[Mapping[str, str]] = {
    "marker_no": "未到现场的界桩请删除整行。Delete the rows of markers that were not visited.",
    "lon": "十进制度或度分秒；也可改填纵、横坐标。Degrees, or northing and easting instead.",
    "x_north": "纵坐标 X 为北方向，米。X is north, in metres.",
    "y_east": "横坐标 Y 为东方向，米。Y is east, in metres.",
    # A system is never filled in beforehand: it would hide that another one was measured in.
    "crs": "实际测量所用的坐标系。The system that was really measured in.",
    "accuracy_m": "单轴中误差，米，例如 0.02。One sigma per axis in metres.",
    "observed_at": "年-月-日。Year-month-day.",
    "side": "检查方的区划代码。Division code of the side that inspects.",
}


def inspection_template(connection: Connection, line_id: int) -> tuple[str, bytes]:
    """A line's name, and an XLSX workbook with a row for each of its markers, ready to fill in.

    The heads are those that the reader of inspection files knows; words and sides are offered as
    lists. Only numbers are filled in: no position is told and none can be sent back unmeasured.

    Raises:
        NotFound: there is no line of that id.
    """
    record = read_line(connection, line_id)
    name = " ".join(filter(None, (record["name"], record["section"])))
    markers = markers_of_line(connection, record["code"], ("marker_no", "sequence"))
    return name, _filled([one["marker_no"] for one in markers], record)


def _filled(numbers: Sequence[str], record: Mapping[str, Any]) -> bytes:
    known: dict[str, Field] = {field.name: field for field in fields_of("inspections")}
    header = [known[name].zh[0] for name in _COLUMNS]
    blank = [None] * (len(_COLUMNS) - 1)
    place = {name: column for column, name in enumerate(_COLUMNS)}
    choices = {
        place[name]: [term.zh for term in terms(table)] for name, table in _LISTED.items()
    } | {place["side"]: parties_of(record)}
    hints = {place[name]: text for name, text in _HINTS.items()}
    days = frozenset({place["observed_at"]})
    return workbook(
        [Sheet("界桩检查", header, [[number, *blank] for number in numbers], choices, hints, days)]
    )
