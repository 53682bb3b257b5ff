"""`assess` from raw cells to verdicts: the cases a clerk meets."""

import json
from datetime import date

import pytest

from boundary.assessment import Assessment, AssessmentSettings, RegisteredMarker, assess
from boundary.observations import ObservationRow
from data.coordinates import LocalFrame, ReferenceSystem, Region, gauss_kruger_forward
from data.coordinates.datums import GRS80
from data.errors import InvalidValue

TODAY = date(2026, 11, 23)
STEPPE = Region(97.1, 37.4, 126.1, 53.4)
SETTINGS = AssessmentSettings(today=TODAY, region=STEPPE)


def marker(number: int, **changes: object) -> RegisteredMarker:
    values: dict[str, object] = {
        "marker_no": f"1521{number:03d}Q",
        "lon": 119.0 + 0.05 * number,
        "lat": 43.0 + 0.02 * number,
        "marker_id": number,
        "sigma_m": 0.05,
        "tolerance_m": 0.20,
        "tolerance_source": "A",
    }
    return RegisteredMarker(**{**values, **changes})  # type: ignore[arg-type]


REGISTER = [marker(number) for number in range(1, 8)]


def cells(number: int, east_m: float = 0.0, north_m: float = 0.0, **more: str) -> dict[str, str]:
    import numpy as np

    home = REGISTER[number - 1]
    lon, lat = LocalFrame.at(home.lon, home.lat).moved(np.array([[east_m, north_m]]))
    row = {
        "marker_no": home.marker_no,
        "lon": f"{lon[0]:.9f}",
        "lat": f"{lat[0]:.9f}",
        "crs": "CGCS2000",
        "method": "CORS",
        "observed_at": "2026-05-03",
        "surveyor": "甲",
    }
    return {**row, **more}


def run(*rows: dict[str, str], register: list[RegisteredMarker] | None = None) -> Assessment:
    numbered = [ObservationRow(i, row) for i, row in enumerate(rows, start=2)]
    return assess(register or REGISTER, numbered, SETTINGS)


def verdicts(found: Assessment) -> list[str]:
    return [result.verdict for result in found.results]


SOUND = [cells(1, 0.02, -0.03), cells(2, -0.04, 0.01), cells(3, 0.01, 0.02)]


def test_sound_markers_are_in_place_and_the_answer_says_what_that_excludes() -> None:
    found = run(*SOUND)
    assert verdicts(found) == ["in_place"] * 3
    first = found.results[0]
    assert (first.row, first.marker_id, first.match) == (2, 1, "number")
    assert [first.east_m, first.north_m] == pytest.approx([0.02, -0.03], abs=1e-3)
    assert first.mdd_m == pytest.approx(3.73 * 0.0568, abs=0.01)
    assert "0.40 m" in first.zh
    assert "is excluded" in first.en


def test_a_moved_marker_is_displaced_when_its_session_is_borne_out() -> None:
    found = run(*SOUND, cells(4, 1.2, -0.9))
    assert verdicts(found)[3] == "displaced"
    result = found.results[3]
    assert result.distance_m == pytest.approx(1.5, abs=1e-3)
    assert result.bearing_deg == pytest.approx(126.87, abs=0.1)
    assert "偏东 1.20 m、偏南 0.90 m" in result.zh


def test_alone_it_is_only_suspect() -> None:
    found = run(cells(4, 1.2, -0.9))
    assert verdicts(found) == ["suspect"]
    assert "测段" in found.results[0].zh


def test_a_phone_accuses_nobody() -> None:
    found = run(*SOUND, cells(4, 40.0, 30.0, method="手机"))
    assert verdicts(found)[3] == "suspect"
    weak = run(cells(1, 2.0, 1.0, method="手机"))
    assert verdicts(weak) == ["cannot_tell"]
    assert "最小可发现移位" in weak.results[0].zh


def test_markers_do_not_walk_five_kilometres() -> None:
    found = run(*SOUND, cells(4, 3000.0, 4000.0))
    assert verdicts(found)[3] == "resubmit"
    assert "walk" in found.results[3].en


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"lon": "43.080000000", "lat": "119.200000000"}, "axes_swapped"),
        ({"lon": "-119.200000000"}, "sign"),
        ({"lon": "119200000000"}, "decimal_point"),
        ({"lat": "43.08S"}, "sign"),
    ],
)
def test_certain_errors_are_to_be_resubmitted_with_the_exact_text(
    change: dict[str, str], code: str
) -> None:
    found = run(*SOUND, {**cells(4), **change})
    result = found.results[3]
    assert (result.verdict, result.cause) == ("resubmit", code)
    assert result.proposal is not None
    assert result.proposal.code == code
    written = {field: after for field, _, after in result.proposal.changes}
    assert float(written.get("lon", "119.2").rstrip("E")) == pytest.approx(119.2)
    assert any(finding.code == code for finding in found.findings)


def test_a_wrong_prefix_is_proposed_right() -> None:
    home = REGISTER[3]
    east, north = gauss_kruger_forward(home.lon, home.lat, 120.0, GRS80)
    plane = {"lon": "", "lat": "", "x_north": f"{float(north):.3f}", "crs": "CGCS2000 3度带 CM120"}
    good = run(*SOUND, {**cells(4), **plane, "y_east": f"40{float(east):.3f}"})
    assert verdicts(good)[3] == "in_place"
    wrong = run(*SOUND, {**cells(4), **plane, "y_east": f"38{float(east):.3f}"})
    assert verdicts(wrong)[3] == "resubmit"
    proposal = wrong.results[3].proposal
    assert proposal is not None
    assert proposal.changes[0][2] == f"40{float(east):.3f}"


def test_outside_the_region_without_a_repair() -> None:
    found = run({**cells(4), "lon": "12.5", "lat": "-77.25"})
    assert verdicts(found) == ["resubmit"]
    assert found.results[0].cause == "outside_region"


def test_a_digit_too_many_is_proposed_away() -> None:
    home = REGISTER[3]
    east, north = gauss_kruger_forward(home.lon, home.lat, 120.0, GRS80)
    text = f"{float(north):.3f}"
    row = {
        **cells(4), "lon": "", "lat": "", "crs": "CGCS2000 3度带 CM120",
        "x_north": text[:3] + "2" + text[3:], "y_east": f"{float(east):.3f}",
    }  # fmt: skip
    found = run(*SOUND, row)
    assert verdicts(found)[3] == "resubmit"
    proposal = found.results[3].proposal
    assert proposal is not None
    assert proposal.changes[0][2] == text


@pytest.mark.parametrize("condition", ["丢失", "未找到", "无法到达"])
def test_missing_markers_need_no_position(condition: str) -> None:
    found = run({"marker_no": "1521004Q", "condition": condition})
    assert not found.faults
    assert verdicts(found) == ["cannot_tell"]
    assert condition in found.results[0].zh


def test_what_the_register_or_row_does_not_state_is_named() -> None:
    register = [marker(1, tolerance_m=None), marker(2, sigma_m=None), marker(3)]
    found = run(cells(1), cells(2), {**cells(3), "method": ""}, register=register)
    assert verdicts(found) == ["cannot_tell"] * 3
    assert ["限差" in found.results[0].zh, "精度" in found.results[1].zh] == [True, True]
    assert "测量方法" in found.results[2].zh
    classed = run(
        cells(1), register=[marker(1, tolerance_m=None, sigma_m=None, accuracy_class="a")]
    )
    assert verdicts(classed) == ["in_place"]
    assert classed.results[0].tolerance_source.startswith("a: ")


def test_another_datum_without_parameters_is_not_comparable() -> None:
    found = run({**cells(1), "crs": "西安80"}, *SOUND[1:])
    assert verdicts(found)[0] == "cannot_tell"
    assert "不可直接比较" in found.results[0].zh
    assert "not_comparable" in {finding.code for finding in found.findings}


def test_wgs84_without_an_epoch_is_not_believed_to_a_decimetre() -> None:
    found = run({**cells(1), "crs": "WGS84"})
    assert verdicts(found) == ["cannot_tell"]
    assert found.results[0].sigma_m == pytest.approx(0.43, abs=0.05)
    phone = run({**cells(1, 1.0, 2.0), "crs": "WGS84", "method": "手机"})
    assert phone.results[0].sigma_m == pytest.approx(5.0, abs=0.1)


def test_rows_without_number_are_matched_by_place() -> None:
    found = run({**cells(2, 0.03, 0.0), "marker_no": ""}, {**cells(3, 900.0, 0.0), "marker_no": ""})
    assert [(r.match, r.marker_no) for r in found.results] == [
        ("nearest", "1521002Q"),
        ("none", ""),
    ]
    assert verdicts(found) == ["in_place", "cannot_tell"]
    assert "1521003Q" in found.results[1].zh


def test_an_unknown_number_is_answered_with_the_likely_one() -> None:
    found = run({**cells(2), "marker_no": "1521020Q"})
    assert verdicts(found) == ["resubmit"]
    proposal = found.results[0].proposal
    assert proposal is not None
    assert proposal.changes == (("marker_no", "1521020Q", "1521002Q"),)


def test_a_number_is_told_as_it_is_printed() -> None:
    found = run({**cells(2), "marker_no": "1521020Q"}, {**cells(3, 900.0, 0.0), "marker_no": ""})
    assert found.results[0].en.startswith("The register has no marker numbered '1521020Q'")
    assert "the nearest marker 1521003Q is" in found.results[1].en


def test_the_same_number_on_two_lines() -> None:
    register = [
        marker(1, marker_no="001", line_code="150102", marker_id=1),
        marker(5, marker_no="001", line_code="150103", marker_id=5),
    ]
    by_place = run({**cells(5), "marker_no": "001"}, register=register)
    assert by_place.results[0].marker_id == 5
    by_line = run({**cells(5), "marker_no": "001", "line_code": "150103"}, register=register)
    assert by_line.results[0].marker_id == 5
    open_ = run({"marker_no": "001", "condition": "完好"}, register=register)
    assert open_.results[0].match == "none"
    assert "界线" in open_.results[0].zh


def test_faults_are_listed_and_every_row_has_a_result() -> None:
    found = run(
        {**cells(1), "lon": "百"}, {"remark": "x"}, {**cells(3), "observed_at": "2027-01-01"}
    )
    assert [(f.row, f.column) for f in found.faults] == [
        (2, "lon"), (3, "marker_no"), (4, "observed_at"),
    ]  # fmt: skip
    assert verdicts(found) == ["cannot_tell", "cannot_tell", "in_place"]


def test_plane_coordinates_without_a_zone_need_a_marker() -> None:
    east, north = gauss_kruger_forward(119.05, 43.02, 120.0, GRS80)
    plane = {"x_north": f"{float(north):.3f}", "y_east": f"{float(east):.3f}", "method": "CORS"}
    alone = run(plane)
    assert [(f.column) for f in alone.faults] == ["crs"]
    named = run({**plane, "marker_no": "1521001Q"})
    assert verdicts(named) == ["in_place"]
    assert "zone_assumed" in {finding.code for finding in named.findings}
    proposal = named.results[0].proposal
    assert proposal is not None
    typed = plane["y_east"]
    assert proposal.changes == (("y_east", typed, f"40{typed}"),)
    corrected = run({**plane, "marker_no": "1521001Q", "y_east": f"40{typed}"})
    assert verdicts(corrected) == ["in_place"]
    assert corrected.results[0].proposal is None


def test_a_zone_is_proposed_only_where_the_marker_proves_it() -> None:
    east, north = gauss_kruger_forward(119.05, 43.02, 117.0, GRS80)
    plane = {"x_north": f"{float(north):.3f}", "y_east": f"{float(east):.3f}", "method": "CORS"}
    far = run({**plane, "marker_no": "1521001Q"})
    proposal = far.results[0].proposal
    assert proposal is None or proposal.code != "zone_unstated"


def test_the_report_is_plain_json() -> None:
    found = run(*SOUND, cells(4, 1.2, -0.9), {"marker_no": "x"}, {**cells(6), "lon": "-119.3"})
    text = json.dumps(found.as_json(), allow_nan=False, ensure_ascii=False)
    again = json.loads(text)
    assert again["row_count"] == 6
    assert again["summary"]["displaced"] == 1
    assert sum(again["summary"].values()) == 6
    assert {"row", "marker_id", "verdict", "ellipse", "mdd_m", "zh", "en"} <= set(
        again["results"][0]
    )


def test_an_empty_file_and_an_empty_register() -> None:
    assert run().results == ()
    found = assess([], [ObservationRow(2, cells(1))], SETTINGS)
    assert verdicts(found) == ["resubmit"]


def test_the_campaign_keeps_the_share_of_false_alarms() -> None:
    rows = [ObservationRow(i, row) for i, row in enumerate([*SOUND, cells(4, 0.31, 0.29)])]
    alone = assess(REGISTER, rows, SETTINGS)
    assert verdicts(alone)[3] == "displaced"
    many = AssessmentSettings(today=TODAY, region=STEPPE, campaign_p_values=(1.0,) * 100_000)
    assert verdicts(assess(REGISTER, rows, many))[3] == "suspect"


def test_settings_that_cannot_be_used_are_refused() -> None:
    with pytest.raises(InvalidValue):
        assess(REGISTER, [], AssessmentSettings(today=TODAY, default_crs="nowhere"))
    with pytest.raises(InvalidValue):
        assess(REGISTER, [], AssessmentSettings(today=TODAY, default_method="目测"))


def test_a_store_in_another_country() -> None:
    britain = AssessmentSettings(
        today=TODAY, system=ReferenceSystem.parse("EPSG:4326"), default_method="手机"
    )
    register = [
        RegisteredMarker("HU46S003", -0.9293751, 60.7495967, sigma_m=2.5, tolerance_m=12.0),
        RegisteredMarker("HU46S010", -1.6187888, 60.485409, sigma_m=2.5, tolerance_m=12.0),
    ]
    rows = [
        ObservationRow(2, {"marker_no": "HU46S003", "lon": "-0.9293991", "lat": "60.7495845"}),
        ObservationRow(3, {"marker_no": "HU46S010", "lon": "1.6186742", "lat": "60.4854114"}),
    ]
    found = assess(register, rows, britain)
    assert found.results[0].verdict == "in_place"
    assert (found.results[1].verdict, found.results[1].cause) == ("resubmit", "sign")
