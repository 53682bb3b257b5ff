"""Slips of the hand: found with the exact text, and not claimed where chance does as well."""

import numpy as np
import pytest

from boundary.diagnosis.causes import DiagnosisRules
from boundary.diagnosis.typing_errors import RowContext, Slip, search_text, slips
from data.coordinates import CGCS2000, LocalFrame, ReferenceSystem, as_typed, typed_pair

PLANE = ReferenceSystem.parse("CGCS2000 3度带 中央子午线111")
HOME = (111.75, 40.84)


def search(cells: dict[str, str], system: ReferenceSystem, sigma_m: float) -> Slip | None:
    pair = typed_pair(None, system=system, **cells)
    reading = as_typed(pair, system)
    assert reading is not None
    frame = LocalFrame.at(*HOME)
    vector = frame.residuals([reading.lon], [reading.lat])[0]
    row = RowContext(pair, reading.system, frame, vector, np.zeros(2), sigma_m**2)
    return search_text(row, DiagnosisRules())


@pytest.mark.parametrize(
    ("x_north", "y_east", "field", "written"),
    [
        ("4523075.654", "563254.000", "", ""),
        ("4523475.654", "563254.000", "x_north", "4523075.654"),
        ("4523075.654", "536254.000", "y_east", "563254.000"),
        ("4523075.654", "56325.000", "y_east", "563254.000"),
        ("4532075.654", "563254.000", "x_north", "4523075.654"),
    ],
)
def test_slips_in_metres(x_north: str, y_east: str, field: str, written: str) -> None:
    found = search({"x_north": x_north, "y_east": y_east}, PLANE, 0.06) if field != "" else None
    if not field:
        assert found is None
        return
    assert found is not None
    assert found.log_odds > 3.0
    assert found.close
    assert found.proposal.changes[0][0] == field
    assert float(found.proposal.changes[0][2]) == pytest.approx(float(written), abs=0.2)


def test_a_slip_in_minutes() -> None:
    found = search({"lon": "111°54′00.000″", "lat": "40°50′24.000″"}, CGCS2000, 0.06)
    assert found is not None
    assert found.proposal.changes[0][2] == "111°45′00.000″"


def test_minutes_and_seconds_in_each_others_place() -> None:
    found = search({"lon": "111°00′45.000″", "lat": "40°50′24.000″"}, CGCS2000, 0.06)
    assert found is not None
    assert found.close
    assert found.proposal.changes[0][2] == "111°45′00.000″"


def test_a_slip_of_a_marker_that_moved_too_is_found_and_leaves_the_move() -> None:
    lon, lat = LocalFrame.at(*HOME).moved(np.array([[3.1, -2.4]]))
    typed = f"{lat[0]:.9f}".replace("40.8", "40.5")
    found = search({"lon": f"{lon[0]:.9f}", "lat": typed}, CGCS2000, 0.06)
    assert found is not None
    assert found.far
    assert not found.close
    assert found.log_odds > 3.0
    assert found.remaining_m == pytest.approx([3.1, -2.4], abs=0.01)


def test_a_random_displacement_is_not_taken_for_a_slip_with_rtk() -> None:
    rng = np.random.default_rng(6)
    claimed = 0
    for _ in range(60):
        turn, size = rng.uniform(0.2, 1.3), rng.uniform(5, 200)
        moved = size * np.array([[np.sin(turn), np.cos(turn)]])
        lon, lat = LocalFrame.at(*HOME).moved(moved)
        found = search({"lon": f"{lon[0]:.9f}", "lat": f"{lat[0]:.9f}"}, CGCS2000, 0.06)
        claimed += found is not None and found.log_odds > -1.0
    assert claimed == 0


def test_with_a_phone_a_wrong_digit_and_a_displacement_are_not_told_apart() -> None:
    found = search({"lon": "111.7500000", "lat": "40.8404000"}, CGCS2000, 5.6)
    assert found is not None
    assert found.log_odds < 3.0


def test_slips_cover_the_four_kinds() -> None:
    edits = set(slips("12.3"))
    assert {"22.3", "21.3", "2.3", "12.", "112.3", "124.3", "12.34", "12.03"} <= edits
