"""The lines behind a picture: all that are in force there, no finer than it can show."""

from datetime import date

import numpy as np
import shapely

from boundary.picture_lines import lines_around
from boundary.tables import line
from data.geometry import to_wkb
from data.store import Store

REPORT = {"results": [{"registered": (111.0, 43.0)}, {"registered": (111.1, 43.1)}]}


def drawn(*parts: list[tuple[float, float]]) -> bytes:
    return to_wkb(shapely.MultiLineString(parts))


def test_every_line_in_force_is_drawn(store: Store) -> None:
    with store.write("tests", "many short lines") as transaction:
        for number in range(70):
            at = 111.0 + number / 1_000
            ended = date(2020, 1, 1) if number == 69 else None
            given = {"name": str(number), "level": "county", "valid_to": ended}
            transaction.insert(line, given | {"geom": drawn([(at, 43.0), (at, 43.1)])})
    with store.read() as connection:
        found = lines_around(connection, REPORT)
    assert sorted(round(part[0][0], 3) for part in found) == [111 + n / 1_000 for n in range(69)]


def test_a_course_is_no_finer_than_the_picture(store: Store) -> None:
    lon = np.linspace(110.0, 112.0, 20_001)
    lat = 43.05 + 1e-7 * np.sin(lon * 1e5)
    corner = [(110.9, 43.2), (111.05, 43.12), (111.2, 43.2)]
    with store.write("tests", "a line of many vertices") as transaction:
        given = {"name": "细", "level": "county"}
        course = drawn(list(zip(lon, lat, strict=True)), corner)
        transaction.insert(line, given | {"geom": course})
    with store.read() as connection:
        straight, bent = lines_around(connection, REPORT)
    assert (len(straight), len(bent)) == (2, 3)
    assert straight[0][0] == 110.95
