"""Batches through the six stages: what is claimed, of which rows, and what is left alone."""

import json
from pathlib import Path

import numpy as np
import pytest
from batches import REGISTER, STEPPE, TODAY, moved, rows, run

from boundary.assessment import Assessment, AssessmentSettings, assess
from boundary.diagnosis import DiagnosisRules, Experience
from boundary.observations import ObservationRow
from data.coordinates import LocalFrame, read_datum_parameters


def causes(found: Assessment) -> list[tuple[str, int]]:
    return [(str(f.details["cause"]), len(f.rows)) for f in found.findings if f.code == "diagnosis"]


@pytest.mark.parametrize("cause", ["beijing54", "xian80", "gcj02", "bd09", "epoch"])
@pytest.mark.parametrize("count", [1, 2, 6])
def test_a_whole_file_in_error_is_named_and_to_be_resubmitted(cause: str, count: int) -> None:
    found = run(rows(range(1, count + 1), cause))
    assert causes(found) == [(cause, count)]
    assert found.summary == {"resubmit": count}
    finding = next(f for f in found.findings if f.code == "diagnosis")
    assert float(str(finding.details["probability"])) > 0.9
    assert "预期" in finding.zh
    assert "predicted" in finding.en


def test_a_free_offset_is_never_in_place_and_never_displaced() -> None:
    shifted = [moved(row, 3.1, 2.2) for row in rows(range(1, 7))]
    found = run(shifted)
    assert causes(found) == [("free", 6)]
    assert found.summary == {"cannot_tell": 6}
    assert "基准站" in found.findings[-1].zh


def test_two_teams_in_one_file() -> None:
    found = run(rows(range(1, 8)) + rows(range(20, 26), "beijing54", surveyor="乙"))
    assert causes(found) == [("beijing54", 6)]
    assert found.summary == {"in_place": 7, "resubmit": 6}


def test_one_row_alike_is_suspect_and_accuses_nobody() -> None:
    found = run(rows(range(1, 8)) + rows([20], "beijing54"))
    assert causes(found) == []
    assert found.results[-1].verdict == "suspect"
    assert "look_alike" in {f.code for f in found.findings}


def test_two_numbers_exchanged() -> None:
    cells = rows(range(1, 8))
    cells[2]["marker_no"], cells[5]["marker_no"] = cells[5]["marker_no"], cells[2]["marker_no"]
    found = run(cells)
    changed = [r for r in found.results if r.verdict == "resubmit"]
    assert [r.cause for r in changed] == ["number", "number"]
    assert changed[0].proposal is not None
    assert changed[0].proposal.changes[0][2] == "1514003Q"


def test_three_teams_each_with_its_own_mistake() -> None:
    cells = (
        rows(range(1, 5), "beijing54")
        + rows(range(20, 24), "xian80", surveyor="乙")
        + rows(range(40, 44), surveyor="丙")
    )
    found = run(cells)
    assert sorted(causes(found)) == [("beijing54", 4), ("xian80", 4)]
    assert found.summary == {"resubmit": 8, "in_place": 4}


def test_a_part_of_a_file_is_named_by_who_made_it() -> None:
    cells = []
    for device, cause in (("甲机", "none"), ("乙机", "epoch"), ("丙机", "none")):
        first = 10 * len(cells) + 1
        cells += rows(range(first, first + 3), cause, device=device)
    found = run(cells)
    assert causes(found) == [("epoch", 3)]
    said = next(f for f in found.findings if f.code == "diagnosis")
    assert "乙机" in said.zh + said.en or said.rows == (5, 6, 7)
    assert [r.verdict for r in found.results] == [
        *["in_place"] * 3, *["resubmit"] * 3, *["in_place"] * 3,
    ]  # fmt: skip


def test_a_list_slipped_by_one_is_a_matter_of_numbers() -> None:
    cells = rows(range(1, 9))
    numbers = [row["marker_no"] for row in cells]
    for row, number in zip(cells, numbers[-1:] + numbers[:-1], strict=True):
        row["marker_no"] = number
    found = run(cells)
    assert {(r.verdict, r.cause) for r in found.results} == {("resubmit", "number")}
    assert found.results[1].proposal is not None
    assert found.results[1].proposal.changes[0][2] == numbers[1]


def test_a_cause_that_holds_no_row_is_not_named() -> None:
    rng = np.random.default_rng(2)
    cells = rows(range(1, 21))
    for row in cells:
        far = 4_000 * rng.normal(size=(1, 2))
        lon, lat = LocalFrame.at(float(row["lon"]), float(row["lat"])).moved(far)
        row["lon"], row["lat"] = f"{lon[0]:.9f}", f"{lat[0]:.9f}"
    found = run(cells)
    assert all(finding.rows for finding in found.findings)
    assert "suspect" not in found.summary


def test_a_local_grid_is_a_similarity_and_accuses_no_marker() -> None:
    rng = np.random.default_rng(3)
    numbers = list(range(1, 13))
    middle = REGISTER[6]
    cells = rows(numbers)
    for number, row in zip(numbers, cells, strict=True):
        home = REGISTER[number - 1]
        east, north = LocalFrame.at(middle.lon, middle.lat).residuals([home.lon], [home.lat])[0]
        shown = np.array([4.0 + 180e-6 * east - 3e-5 * north, -7.0 + 180e-6 * north + 3e-5 * east])
        shown += rng.normal(0, 0.03, 2) + (np.array([2.5, 0.0]) if number == 5 else 0.0)
        lon, lat = LocalFrame.at(home.lon, home.lat).moved(shown[None, :])
        row["lon"], row["lat"] = f"{lon[0]:.9f}", f"{lat[0]:.9f}"
    found = run(cells)
    assert causes(found) == [("free_similarity", 11)]
    said = next(f for f in found.findings if f.code == "diagnosis")
    assert said.details["scale_ppm"] == pytest.approx(180, abs=10)
    assert said.details["turn_arcsec"] == pytest.approx(6.2, abs=2)
    assert "地方工程坐标系" in said.zh
    assert [r.verdict for r in found.results].count("cannot_tell") == 11
    assert found.results[4].verdict == "suspect"
    assert found.results[4].remaining_m == pytest.approx(2.5, abs=0.4)


def test_the_operators_parameters_sharpen_an_old_datum(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(
        """
identifier = "own"
source = "beijing1954"
target = "cgcs2000"
accuracy_m = 0.1
area = [97.0, 37.0, 127.0, 54.0]
[seven_parameters]
convention = "position_vector"
translation_m = [12.646, -155.176, -80.863]
rotation_arcsec = [0, 0, 0]
scale_ppm = 0
""",
        encoding="utf-8",
    )
    cells = rows([3], "beijing54")
    lon, lat = LocalFrame.at(float(cells[0]["lon"]), float(cells[0]["lat"])).moved(
        np.array([[4.0, 1.0]])
    )
    cells[0] |= {"lon": f"{lon[0]:.9f}", "lat": f"{lat[0]:.9f}"}
    blind = run(cells)
    assert blind.results[0].verdict == "resubmit"
    parameters = (read_datum_parameters(file),)
    settings = AssessmentSettings(today=TODAY, region=STEPPE, datum_parameters=parameters)
    found = assess(REGISTER, [ObservationRow(2, cells[0])], settings)
    assert found.results[0].cause == "beijing54"
    assert found.results[0].verdict == "suspect"
    assert found.results[0].remaining_m == pytest.approx(4.1, abs=0.3)
    assert "-155" not in json.dumps(found.as_json())


def test_a_long_file_with_many_wrong_sessions() -> None:
    cells = []
    for session in range(30):
        numbers = range(1 + 20 * session, 21 + 20 * session)
        cause = "xian80" if session % 3 == 0 else "none"
        cells += rows(numbers, cause, seed=session, surveyor=str(session))
    whole = run(cells)
    in_pieces = run(cells, DiagnosisRules(rows_together=150))
    for found in (whole, in_pieces):
        assert found.summary.get("displaced", 0) == 0
        assert found.summary["resubmit"] >= 195
        assert found.summary["in_place"] >= 380


def test_confirmed_outcomes_move_the_priors() -> None:
    rules = DiagnosisRules(experience=Experience({"甲": {"iag75": 30}}))
    before = DiagnosisRules().datum_causes
    after = rules.experience.adjusted(before, {"甲"})
    prior = {cause.code: cause.prior for cause in after}
    assert prior["iag75"] > 0.5
    assert rules.experience.adjusted(before, {"乙"}) == before
    assert prior["none"] < 0.85


def test_a_person_reads_why() -> None:
    found = run(rows(range(1, 12), "beijing54"))
    text = next(f.zh for f in found.findings if f.code == "diagnosis")
    for part in (
        "本批 11 点中 11 点整体偏西",
        "北京54",
        "后验概率",
        "余差中位数",
        "请检查手簿坐标系",
    ):
        assert part in text


def test_each_row_says_what_explains_it_and_what_is_left() -> None:
    named = run(rows(range(1, 4), "xian80"))
    assert "西安80" in named.results[0].zh
    assert "remain" in named.results[0].en
    predicted = named.results[0].predicted_east_m
    assert predicted is not None
    assert predicted == pytest.approx(named.results[0].east_m, abs=0.6)
    assert f"{abs(predicted):.1f}" in named.results[0].zh
    assert named.results[0].remaining_m is not None
    assert named.results[0].remaining_m < 0.6
    register = run(rows(range(1, 4), "register_beijing54"))
    assert {r.verdict for r in register.results} == {"cannot_tell"}
    assert "登记" in register.results[0].zh
    assert causes(register) == [("register_beijing54", 3)]
