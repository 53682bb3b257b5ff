"""A small region drawn for the tests: two leagues of two banners each, and a neighbour.

    111        112        113
42   +----------+----------+----------+
     | 990101   | 990102   | 980101   |
41   +----------+----------+ (not in  |
     | 990201   | 990202   | region)  |
40   +----------+----------+----------+
"""

from datetime import date
from typing import Any

import shapely

from boundary.tables import line, marker, witness_object
from data.geometry import point_wkb, to_wkb
from data.store import Store
from gazetteer.following import make_searchable
from gazetteer.tables import division, place, place_name

SOURCE = "drawn for a test"
COUNTIES = {
    "990101": ("东旗", 111, 41),
    "990102": ("西旗", 112, 41),
    "990201": ("南旗", 111, 40),
    "990202": ("北县", 112, 40),
}
PLACES = (
    ("白音敖包", 111.25, 41.25, "990101", ("Bayan Oboo", "ᠪᠠᠶᠠᠨ ᠣᠪᠣᠭ᠎ᠠ")),
    ("巴彦淖尔", 112.5, 41.5, "990102", ("Bayannur",)),
    ("乌兰浩特", 111.5, 40.5, "990201", ("Ulan Hot", "王爷庙")),
    ("鄂博", 112.75, 40.25, "990202", ()),
)
MARKERS = (
    ("9901001Q", 112.0, 41.2),
    ("9901002Q", 112.0, 41.4),
    ("9901003A", 112.0, 41.6),
    ("9901003B", 112.001, 41.6),
    ("9901004Q", 112.0, 41.8),
)


def square(west: float, south: float, side: float = 1.0) -> bytes:
    """A square division."""
    return to_wkb(shapely.MultiPolygon([shapely.box(west, south, west + side, south + side)]))


def division_rows() -> list[dict[str, Any]]:
    """Every division of the region, and the neighbour."""
    common = {"source": SOURCE, "synthetic": True, "in_region": True}
    whole = to_wkb(shapely.MultiPolygon([shapely.box(111, 40, 113, 42)]))
    rows = [
        {"code": "990000", "name": "试验区", "level": "region", "geom": whole},
        {"code": "990100", "name": "上盟", "level": "prefecture", "parent_code": "990000"}
        | {"geom": to_wkb(shapely.MultiPolygon([shapely.box(111, 41, 113, 42)]))},
        {"code": "990200", "name": "下盟", "level": "prefecture", "parent_code": "990000"}
        | {"geom": to_wkb(shapely.MultiPolygon([shapely.box(111, 40, 113, 41)]))},
    ]
    for code, (name, west, south) in COUNTIES.items():
        rows.append(
            {"code": code, "name": name, "level": "county", "parent_code": f"{code[:4]}00"}
            | {"geom": square(west, south), "valid_from": date(1980, 1, 1)}
        )
    rows = [common | row for row in rows]
    neighbour = {"code": "980101", "name": "邻县", "level": "county", "geom": square(113, 40, 2)}
    return [*rows, common | neighbour | {"in_region": False}]


def fill(store: Store) -> None:
    """Write the region into an empty store."""
    with store.write("tests", "draw a region") as transaction:
        transaction.insert_many(division, division_rows())
        for name, lon, lat, code, others in PLACES:
            identity = transaction.insert(
                place,
                {"name": name, "status": "standard", "division_code": code, "source": SOURCE}
                | {"category_code": "22200", "geom": point_wkb(lon, lat), "synthetic": True}
                | {"heritage": name == "白音敖包", "romanization": (*others, None)[0]},
            )
            for text in (name, *others):
                transaction.insert(
                    place_name,
                    {"place_id": identity, "text": text, "kind": "alias"}
                    | {"language": "und", "status": "standard"},
                )
        transaction.insert(
            line,
            {"name": "东西线", "code": "9901", "level": "county", "party_a": "990101"}
            | {"party_b": "990102", "synthetic": True, "length_m": 111000.0}
            | {"geom": to_wkb(shapely.MultiLineString([[(112, 41), (112, 42)]]))},
        )
        for number, lon, lat in MARKERS:
            identity = transaction.insert(
                marker,
                {"marker_no": number, "line_code": "9901", "line_name": "东西线", "faces": 2}
                | {"kind": number[-1], "accuracy_class": "A", "sigma_m": 0.05}
                | {"tolerance_m": 0.2, "tolerance_source": SOURCE, "synthetic": True}
                | {"coordinate_text": f"{lon}, {lat}", "crs_text": "CGCS2000"}
                | {"geom": point_wkb(lon, lat), "level": "county"},
            )
            transaction.insert(
                witness_object,
                {"marker_id": identity, "ordinal": 1, "name": "独立树", "azimuth_deg": 45.0}
                | {"azimuth_kind": "grid", "distance_m": 20.0},
            )
    make_searchable(store)
