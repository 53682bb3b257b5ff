"""What a device says of a visit: checked whole, written as an inspection file of one row."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from boundary.fieldwork import RADIUS_95_PER_SIGMA, Visit
from boundary.inspecting import read_rows

TODAY = date(2026, 11, 26)
VISIT = Visit(
    "3f0b1c1e-0000-4000-8000-00000000000a",
    1,
    "2026-11-26T10:20:00+08:00",
    "damaged",
    lon=112.0000123,
    lat=41.2,
    accuracy_95_m=12.0,
    fixed_at="2026-11-26T02:19:58.000Z",
    surveyor="甲",
    side="990101",
    proof=True,
    tie1_distance_m=19.98,
    remark='断成两截，逗号,引号"与\n换行',
    photos=("a.jpg", "b.jpg"),
)


def test_a_whole_visit_has_no_fault() -> None:
    assert VISIT.faults(TODAY) == ()


def test_the_radius_is_that_of_95_in_100_of_a_circular_scatter() -> None:
    import numpy as np

    scatter = np.random.default_rng(7).normal(size=(200_000, 2))
    inside = (np.hypot(*scatter.T) < RADIUS_95_PER_SIGMA).mean()
    assert inside == pytest.approx(0.95, abs=0.002)


def test_its_file_says_all_of_it(tmp_path: Path) -> None:
    path = tmp_path / "visit.csv"
    path.write_bytes(VISIT.as_file("9901001Q", "9901"))
    read = read_rows(path, "visit.csv")
    (cells,) = read.rows.values()
    assert read.faults == read.notes == ()
    assert {name: text for name, text in cells.items() if text} == {
        "marker_no": "9901001Q", "line_code": "9901", "condition": "损坏",
        "observed_at": "2026-11-26T10:20:00+08:00", "lon": "112.0000123", "lat": "41.2",
        "crs": "WGS84", "method": "手机", "accuracy_m": "4.902", "accuracy_95_m": "12",
        "fixed_at": "2026-11-26T02:19:58.000Z", "surveyor": "甲", "side": "990101", "proof": "是",
        "tie1_distance": "19.98", "remark": VISIT.remark, "photo": "a.jpg；b.jpg",
        "client_id": VISIT.client_id,
    }  # fmt: skip


def test_the_same_visit_is_the_same_file_and_another_is_another() -> None:
    again = replace(VISIT)
    other = replace(VISIT, client_id="3f0b1c1e-0000-4000-8000-00000000000b")
    assert again.as_file("1", None) == VISIT.as_file("1", None)
    assert other.as_file("1", None) != VISIT.as_file("1", None)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"condition": "好像坏了"}, ["condition"]),
        ({"observed_at": "昨天"}, ["observed_at"]),
        ({"observed_at": "2026-11-26T10:20:00"}, ["observed_at"]),
        ({"observed_at": "2026-11-27T10:20:00+08:00"}, ["observed_at"]),
        ({"client_id": "1"}, ["client_id"]),
        ({"lon": 200.0, "lat": None}, ["lon", "lat"]),
        ({"accuracy_95_m": None}, ["accuracy_95_m"]),
        ({"accuracy_95_m": 0.0}, ["accuracy_95_m"]),
        ({"position": "112.1, 41.2"}, ["position"]),
        ({"tie1_distance_m": -2.0, "method": "估的"}, ["method", "tie1_distance_m"]),
        ({"lon": None, "lat": None, "position": "112.1"}, ["position"]),
    ],
)
def test_everything_that_is_wrong_is_told_at_once(
    changes: dict[str, object], fields: list[str]
) -> None:
    found = replace(VISIT, **changes).faults(TODAY)
    assert sorted(one.column or "" for one in found) == sorted(fields)
    assert all(one.zh and one.en for one in found)
