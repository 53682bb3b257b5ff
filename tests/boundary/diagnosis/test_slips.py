"""Rows that nothing else explains: what a slip of the text makes of each."""

import numpy as np
import pytest

from boundary.assessment import AssessmentSettings
from boundary.assessment.batching import build_batch
from boundary.assessment.engine import match_rows
from boundary.diagnosis.outcome import Effect
from boundary.diagnosis.question import Question
from boundary.diagnosis.sheet import Sheet
from boundary.diagnosis.slips import explain_row
from boundary.diagnosis.typing_errors import RegisterView
from boundary.observations import ObservationRow
from tests.batches import REGISTER, STEPPE, TODAY, Cells, moved, rows, run

MARKER = 6
"""Registered at 103.132° E, 39.078° N; the register and RTK together are known to 0.06 m."""


def visit(lat: str = "", *, lon: str = "", method: str = "CORS") -> Cells:
    """A visit that found the marker where it is registered, or with another number typed."""
    home = REGISTER[MARKER - 1]
    return {
        "marker_no": home.marker_no, "method": method,
        "lon": lon or f"{home.lon:.7f}", "lat": lat or f"{home.lat:.7f}",
        "surveyor": "甲", "observed_at": "2026-07-01",
    }  # fmt: skip


def asked(*cells: Cells, numbered: bool = True) -> Question:
    settings = AssessmentSettings(today=TODAY, region=STEPPE)
    typed = [ObservationRow(number, one) for number, one in enumerate(cells, 2)]
    matched = match_rows(REGISTER, typed, settings)
    batch, _ = build_batch(matched.cases, matched.arrays, settings)
    names = [marker.marker_no for marker in matched.markers]
    register = RegisterView(matched.index, matched.arrays.frame, matched.arrays.sigma_m, names)
    numbers = [one["marker_no"] if numbered else "" for one in cells]
    return Question(
        batch, settings.system, settings.diagnosis, register, numbers, [one.row for one in typed]
    )


def explained(*cells: Cells) -> Sheet:
    sheet = Sheet.blank(len(cells))
    explain_row(asked(*cells), 0, sheet)
    return sheet


def corrected(sheet: Sheet) -> str:
    """The text that is proposed for the first row's one wrong cell."""
    ((_, _, text),) = sheet.proposals[0].changes
    return text


@pytest.mark.parametrize(
    ("typed", "method", "effect", "asks"),
    [
        pytest.param("39.0784000", "CORS", Effect.TYPING, True, id="44 m out, sure"),
        pytest.param("39.8780000", "CORS", Effect.TYPING, True, id="89 km out, sure"),
        pytest.param("39.0787000", "手机", Effect.UNDECIDED, True, id="a phone 78 m out"),
        pytest.param("39.0782000", "手机", Effect.UNDECIDED, False, id="a phone 22 m out"),
        pytest.param("39.0780040", "CORS", Effect.UNDECIDED, False, id="half a metre out"),
    ],
)
def test_a_wrong_digit_is_claimed_as_far_as_it_is_sure(
    typed: str, method: str, effect: Effect, *, asks: bool
) -> None:
    sheet = explained(visit(typed, method=method))
    assert sheet.effect.tolist() == [effect.value]
    assert sheet.cause == ["typing"]
    assert float(corrected(sheet)) == pytest.approx(39.078)
    assert [finding.rows for finding in sheet.findings] == ([(2,)] if asks else [])


def test_a_sure_slip_is_taken_off_and_one_that_is_not_stays() -> None:
    sure, open_ = visit("39.0784000"), visit("39.0787000", method="手机")
    assert explained(sure).offset_m[0] == pytest.approx([0.0, 44.41], abs=0.01)
    assert explained(open_).offset_m[0].tolist() == [0.0, 0.0]


def test_a_slip_far_out_leaves_the_displacement_that_it_hid() -> None:
    """89 km north by a digit, and 36 m by the marker's own move: judged by what is left."""
    away = moved(visit(), 30.0, 20.0)
    away["lat"] = away["lat"].replace("39.0", "39.8")
    sheet = explained(away)
    assert sheet.effect.tolist() == [Effect.NAMED.value]
    vector = asked(away).batch.vectors_m[0]
    assert vector - sheet.offset_m[0] == pytest.approx([30.0, 20.0], abs=0.2)


@pytest.mark.parametrize(("east_m", "north_m"), [(0.0, 0.0), (40.0, 30.0)])
def test_the_coordinates_of_another_marker_are_a_wrong_number(
    east_m: float, north_m: float
) -> None:
    """Also where that other marker moved; nothing is taken off, for it is another one."""
    other = {**moved(rows([300])[0], east_m, north_m), "marker_no": REGISTER[MARKER - 1].marker_no}
    sheet = explained(other)
    assert sheet.effect.tolist() == [Effect.TYPING.value]
    assert sheet.cause == ["number"]
    assert sheet.offset_m.tolist() == [[0.0, 0.0]]
    assert corrected(sheet) == REGISTER[299].marker_no


def test_a_wrong_number_is_told_without_a_rest_that_is_not_its_own() -> None:
    """Distances from the marker that is named say nothing once the number is corrected."""
    other = {**rows([300])[0], "marker_no": REGISTER[MARKER - 1].marker_no}
    (told,) = run([other]).results
    assert told.verdict == "resubmit"
    assert "编号" in told.zh
    assert "余差" not in told.zh
    assert "remain" not in told.en


def test_a_row_without_a_number_has_no_wrong_number() -> None:
    other = {**rows([300])[0], "marker_no": REGISTER[MARKER - 1].marker_no}
    sheet = Sheet.blank(1)
    explain_row(asked(other, numbered=False), 0, sheet)
    assert sheet.cause == [""]
    assert not sheet.proposals


@pytest.mark.parametrize(
    ("east_m", "north_m"),
    [pytest.param(0.1, 0.1, id="in tolerance"), pytest.param(1.3, 0.9, id="moved")],
)
def test_what_no_slip_explains_is_left_to_the_marker(east_m: float, north_m: float) -> None:
    sheet = explained(moved(visit(), east_m, north_m))
    assert sheet.effect.tolist() == [Effect.NONE.value]
    assert not sheet.proposals
    assert not sheet.findings


def test_a_slip_no_better_than_chance_makes_a_row_suspect_at_most() -> None:
    """0.22 m out of 0.15: the odds of a slip are between e⁻³ and e⁻¹, and nothing is proposed."""
    sheet = explained(visit("39.0780020"))
    assert sheet.effect.tolist() == [Effect.ALIKE.value]
    assert sheet.cause == ["typing"]
    assert not sheet.proposals
    assert not sheet.findings


def test_numbers_read_otherwise_are_not_edited() -> None:
    """What another reading takes off by kilometres is not what the text's digits say."""
    sheet = Sheet.blank(1)
    sheet.offset_m[0] = (0.0, 5_000.0)
    explain_row(asked(visit("39.0784000")), 0, sheet)
    assert sheet.cause == [""]
    assert not sheet.proposals


def test_a_slip_that_is_not_sure_leaves_a_claim_as_it_is_and_proposes() -> None:
    sheet = Sheet.blank(1)
    sheet.claim(np.array([0]), Effect.NAMED, "xian80", 0.9)
    explain_row(asked(visit("39.0787000", method="手机")), 0, sheet)
    assert (sheet.effect[0], sheet.cause, sheet.probability[0]) == ("named", ["xian80"], 0.9)
    assert float(corrected(sheet)) == pytest.approx(39.078)


@pytest.mark.parametrize(
    ("cells", "cause"),
    [
        pytest.param(rows([MARKER], "beijing54"), "beijing54", id="another datum"),
        pytest.param([visit("39.4780000")], "typing", id="a digit"),
        pytest.param([visit(lon="103.1310000")], "typing", id="a digit, for Xian 80 86 m east"),
        pytest.param([visit(lon="103.1360000")], "typing", id="a digit, for GCJ-02 346 m west"),
        pytest.param([visit(lon="103.1320100")], "epoch", id="an epoch, for a digit 0.9 m west"),
    ],
)
def test_of_a_lone_row_the_better_explanation_stands(cells: list[Cells], cause: str) -> None:
    (told,) = run(cells).results
    assert (told.verdict, told.cause) == ("resubmit", cause)
