"""Rows of inspection files: what is read and what is a fault."""

from datetime import date

import pytest

from boundary.observations import Observation, ObservationRow, Vocabulary, parse_observation
from data.coordinates import ReferenceSystem
from data.errors import Fault

TODAY = date(2026, 11, 23)


def read(**cells: str) -> tuple[Observation | None, tuple[Fault, ...]]:
    row = ObservationRow(7, cells)
    return parse_observation(row, vocabulary=Vocabulary.default(), today=TODAY)


def good(**cells: str) -> Observation:
    observation, faults = read(**cells)
    assert not faults
    assert observation is not None
    return observation


def test_a_whole_row() -> None:
    found = good(
        marker_no="1521001Q",
        lon="111°45′00″",
        lat="40°50′24″",
        crs="国家2000",
        method="CORS",
        accuracy_m="±2cm",
        observed_at="2026年5月3日",
        condition="完好",
        surveyor="甲",
        device="R10",
        height="1045.2",
        height_datum="1985国家高程基准",
        tie1_name="独立树",
        tie1_distance="12.4",
        tie1_azimuth="33°30′",
        tie1_azimuth_kind="磁方位角",
    )
    assert found.pair is not None
    assert [found.pair.east, found.pair.north] == pytest.approx([111.75, 40.84])
    assert found.method is not None
    assert (found.method.code, found.method.grade) == ("network_rtk", "survey")
    assert found.declared_sigma_m == pytest.approx(0.02)
    assert found.observed_on == date(2026, 5, 3)
    assert found.condition is not None
    assert found.condition.code == "intact"
    assert found.ties[0].azimuth_deg == 33.5
    assert found.ties[0].azimuth_kind == "magnetic"
    assert found.session_key == ("甲", "R10", "2026-05-03")
    assert found.epoch_year == pytest.approx(2026.335, abs=0.003)


@pytest.mark.parametrize(
    "text",
    [
        "2024-05-03",
        "2024/5/3",
        "2024.5.3",
        "2024年5月3日",
        "20240503",
        "45415",
        "45415.5",
        "2024-05-03T10:20:30Z",
        "2024-05-03 10:20",
        "２０２４－０５－０３",
        "2024年5月3号",
    ],
)
def test_dates(text: str) -> None:
    assert good(marker_no="1", observed_at=text).observed_on == date(2024, 5, 3)


@pytest.mark.parametrize(
    "text", ["2024-13-03", "24-5-3", "May 2024", "5/3/2024", "2024-02-30", "0"]
)
def test_what_is_no_date(text: str) -> None:
    _, faults = read(marker_no="1", observed_at=text)
    assert [fault.column for fault in faults] == ["observed_at"]


def test_a_date_to_come_is_a_fault() -> None:
    _, faults = read(marker_no="1", observed_at="2026-11-24")
    assert "after today" in faults[0].en
    assert "晚于今天" in faults[0].zh


@pytest.mark.parametrize(
    ("text", "code", "seen"),
    [
        ("完好", "intact", True),
        ("丢失", "lost", False),
        ("未找到", "not_found", False),
        ("损坏、注记不清", "damaged", True),
        (" Good ", "intact", True),
        ("移位", "displaced", True),
    ],
)
def test_conditions(text: str, code: str, *, seen: bool) -> None:
    found = good(marker_no="1", condition=text)
    assert found.condition is not None
    assert (found.condition.code, found.seen) == (code, seen)


def test_every_fault_of_a_row_is_told_at_once() -> None:
    observation, faults = read(
        marker_no="1521001Q",
        lon="一百一十一度",
        lat="40°61′",
        crs="甲坐标系",
        method="目测",
        accuracy_m="0",
        observed_at="昨天",
        condition="还行",
        height="高",
        epoch="明年",
        tie1_distance="-3",
        tie2_azimuth="东北",
    )
    assert observation is not None
    assert {fault.column for fault in faults} == {
        "lon",
        "lat",
        "crs",
        "method",
        "accuracy_m",
        "observed_at",
        "condition",
        "height",
        "epoch",
        "tie1_distance",
        "tie2_azimuth",
    }
    assert {fault.row for fault in faults} == {7}
    assert all(fault.zh and fault.en for fault in faults)


def test_one_coordinate_is_not_a_position() -> None:
    _, faults = read(marker_no="1", lon="111.75")
    assert [(fault.column, "other one" in fault.en) for fault in faults] == [("lat", True)]


def test_a_row_about_nothing() -> None:
    observation, faults = read(remark="x")
    assert observation is None
    assert [fault.column for fault in faults] == ["marker_no"]


def test_where_a_row_has_degrees_and_metres_the_stated_system_decides() -> None:
    cells = {"lon": "111.75", "lat": "40.84", "x_north": "4523075.654", "y_east": "563254.0"}
    plane = good(crs="CGCS2000 3度带 中央子午线111", **cells)
    degrees = good(crs="CGCS2000", **cells)
    assert plane.pair is not None
    assert degrees.pair is not None
    assert (plane.pair.kind, degrees.pair.kind) == ("plane", "lonlat")


def test_the_epoch_may_stand_in_its_own_cell() -> None:
    found = good(lon="111.75", lat="40.84", crs="ITRF2014", epoch="2024.5")
    assert found.system == ReferenceSystem(found.system.datum, epoch_year=2024.5, text="ITRF2014")
