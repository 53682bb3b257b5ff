"""Rows of an inspection of the drawn region's markers, as a surveyor would send them."""

import csv
import io

from region import MARKERS

HEADER = [
    "界桩编号",
    "经度",
    "纬度",
    "坐标系",
    "测量方法",
    "检查日期",
    "界桩状况",
    "检查人",
    "测段",
]
VISIT = ["CGCS2000", "网络RTK", "2026-05-03", "完好", "巡查一组", "S1"]
LON_OF_TWO_METRES = 2.0 / 83_800  # at 41.4° N


def rows(moved: float = 0.0) -> list[list[str]]:
    """A visit to every marker of the drawn region; the second stands `moved` degrees east."""
    return [
        [number, f"{lon + (moved if place == 1 else 0.0):.9f}", f"{lat:.9f}", *VISIT]
        for place, (number, lon, lat) in enumerate(MARKERS)
    ]


def moved_rows() -> list[list[str]]:
    """The same with the second marker two metres east of where it should be."""
    return rows(LON_OF_TWO_METRES)


def as_csv(table: list[list[str]], header: list[str] | None = None) -> bytes:
    """The rows as a CSV file with a byte order mark, as Excel writes it."""
    text_file = io.StringIO()
    csv.writer(text_file).writerows([header or HEADER, *table])
    return text_file.getvalue().encode("utf-8-sig")
