"""What a diagnosis says to the last word and key: findings, proposals, records of corrections."""

from dataclasses import replace
from datetime import date
from typing import Literal

import pytest

from boundary.diagnosis import DiagnosisRules, Experience, Proposal, ProposedCorrection
from boundary.diagnosis.causes import FREE, NONE, STRUCTURE_CAUSES, DatumCause, StructureCause
from boundary.diagnosis.explanations import Claim, claim_finding, names_of_code, slip_finding
from boundary.diagnosis.findings import Finding
from boundary.diagnosis.hypotheses import Meaning
from boundary.diagnosis.rewriting import rewritten
from boundary.observations import ObservationRow
from data.coordinates import TypedPair
from data.errors import InvalidValue

RULES = DiagnosisRules()
AS_WRITTEN = StructureCause("", 1.0, "", "", "", "")
OTHER = DatumCause("other", 0.1, 1.0, (0.0,), "别的坐标系", "another datum", "请转换", "convert it")
DMS = next(cause for cause in STRUCTURE_CAUSES if cause.code == "dms")
CLAIM = Claim(
    meaning=Meaning(AS_WRITTEN, OTHER),
    probability=0.97,
    second=None,
    second_probability=0.0,
    rows=(2, 4),
    batch_rows=9,
    predicted_m=(61.25, -12.5),
    found_m=(60.75, -9.5),
    tau_m=0.5,
    leftover_m=0.07,
)
BOTH = "偏东 60.8 m、偏南 9.50 m"
PREDICTED = "偏东 61.2 m、偏南 12.5 m"


def test_an_error_that_is_sure_is_told_whole() -> None:
    found = claim_finding(CLAIM, RULES)
    assert (found.code, found.rows) == ("diagnosis", (2, 4))
    assert found.zh == (
        f"本批 9 点中 2 点整体{BOTH}，与“别的坐标系”的预期（{PREDICTED}）一致；"
        "扣除后余差中位数 0.07 m（后验概率 0.97）。请转换。"
    )
    assert found.en == (
        "2 of 9 points lie 60.8 m east and 9.50 m south, which agrees with another datum"
        " (predicted 61.2 m east and 12.5 m south); taken off, the median leftover is 0.07 m"
        " (posterior 0.97). Convert it."
    )
    assert found.details == {
        "cause": "other",
        "structure": "",
        "datum": "other",
        "side": OTHER.side,
        "probability": 0.97,
        "second": None,
        "second_probability": 0.0,
        "predicted_east_m": 61.25,
        "predicted_north_m": -12.5,
        "found_east_m": 60.75,
        "found_north_m": -9.5,
        "leftover_m": 0.07,
    }


def test_a_part_of_a_file_a_spread_meridians_and_what_comes_next() -> None:
    claim = replace(
        CLAIM,
        meaning=Meaning(DMS, OTHER),
        tau_m=1.0,
        group=("乙", "surveyor 乙"),
        meridians_deg=(111.0, 114.0),
        second=Meaning(AS_WRITTEN, NONE),
        second_probability=0.02,
    )
    found = claim_finding(claim, RULES)
    assert found.zh.startswith(f"乙的 9 点中 2 点整体{BOTH}，与“{DMS.zh}，且别的坐标系”的预期")
    assert f"（{PREDICTED}，±1.00 m）一致" in found.zh
    assert "（后验概率 0.97，次选“无系统性错误”0.02）" in found.zh
    assert found.zh.endswith(f"按中央子午线 111°、114° 可归位；{DMS.advice_zh}。")
    assert "2 of 9 points of surveyor 乙 lie" in found.en
    assert f"{DMS.en} and another datum" in found.en
    assert ", give or take 1.00 m)" in found.en
    assert "(posterior 0.97, next no common error 0.02)" in found.en
    assert found.en.endswith(
        f"the central meridian 111°, 114° they fall into place; {DMS.advice_en}."
    )
    assert found.details["second"] == "none"
    assert found.details["meridians_deg"] == [111.0, 114.0]
    assert found.details["group"] == "surveyor 乙"
    assert found.details["cause"] == "dms+other"


@pytest.mark.parametrize(
    ("probability", "markers", "zh", "en"),
    [
        (0.97, 1, "，可能是“", "which may be"),
        (RULES.act_probability, 2, "，与“", "which agrees with"),
        (RULES.ask_probability, 2, "，可能是“", "which may be"),
        (RULES.ask_probability - 0.01, 2, "，尚不能确定，较接近“", "not settled, nearest to"),
    ],
)
def test_how_sure_it_is(probability: float, markers: int, zh: str, en: str) -> None:
    found = claim_finding(replace(CLAIM, probability=probability, markers=markers), RULES)
    assert zh in found.zh
    assert en in found.en


def test_an_offset_without_a_name_and_a_free_similarity() -> None:
    free = replace(CLAIM, meaning=Meaning(AS_WRITTEN, FREE))
    found = claim_finding(free, RULES)
    assert (
        found.zh
        == f"本批 9 点中 2 点整体{BOTH}，没有已知错误可以解释：{FREE.advice_zh}。位置一律不作判定。"
    )
    assert found.en.endswith(
        f"south, which no known error explains: {FREE.advice_en}. No position is judged."
    )
    turned = replace(free, scale_ppm=25.0, turn_arcsec=-3.5)
    found = claim_finding(turned, RULES)
    assert "，且随位置缩放 +25 ppm、旋转 -3.5″，" in found.zh
    assert "with +25 ppm of scale and a turn of -3.5 seconds" in found.en
    assert (found.details["scale_ppm"], found.details["turn_arcsec"]) == (25.0, -3.5)
    half = claim_finding(replace(free, scale_ppm=25.0), RULES)
    assert "ppm" not in half.en
    assert "scale_ppm" not in half.details


def test_one_row_that_looks_alike() -> None:
    found = claim_finding(CLAIM, RULES, alone=True)
    assert found.code == "look_alike"
    assert found.zh.startswith(f"第 2 行{BOTH}，形似“别的坐标系”，但同一测段其他点并无")
    assert found.en.startswith("Row 2 lies 60.8 m east and 9.50 m south, which looks like another")


def test_a_finding_and_a_proposal_as_they_are_reported() -> None:
    found = Finding("c", "甲", "a", (3,), {"x": 1 / 3, "y": float("inf"), "z": "t"})
    assert found.as_json() == {
        "code": "c", "zh": "甲", "en": "a", "rows": [3], "x": 0.333333, "y": None, "z": "t",
    }  # fmt: skip
    proposal = Proposal("axes_swapped", (("lon", "4", "1"), ("lat", "1", "4")), "填反", "exchanged")
    assert proposal.as_json() == {
        "code": "axes_swapped",
        "field": "lon, lat",
        "from": "4, 1",
        "to": "1, 4",
        "changes": [
            {"field": "lon", "from": "4", "to": "1"},
            {"field": "lat", "from": "1", "to": "4"},
        ],
        "zh": "填反",
        "en": "exchanged",
    }
    slip = slip_finding(proposal, 7, 0.9)
    assert (slip.code, slip.zh, slip.en) == ("diagnosis", "第 7 行：填反", "Row 7: exchanged")
    assert (slip.rows, slip.details) == ((7,), {"cause": "axes_swapped", "probability": 0.9})
    assert names_of_code("dms+typing") == (f"{DMS.zh}，且笔误", f"{DMS.en} and a slip of the hand")
    assert names_of_code("nothing") == ("", "")


def test_what_cannot_be_confirmed() -> None:
    row = ObservationRow(7, {"lon": "40.84", "lat": "111.75"})
    swap = Proposal("axes_swapped", (("lon", "40.84", "111.75"),), "填反", "exchanged")
    proposed = ProposedCorrection(12, row, swap)
    with pytest.raises(InvalidValue) as nobody:
        proposed.confirm(" ", date(2026, 11, 23))
    assert (nobody.value.field, nobody.value.zh) == ("confirmed_by", "更正须由具名人员确认")
    gone = ProposedCorrection(12, ObservationRow(7, {"lat": "1"}), swap)
    with pytest.raises(InvalidValue) as changed:
        gone.confirm("甲", date(2026, 11, 23))
    assert (changed.value.field, changed.value.value) == ("lon", "")
    assert changed.value.zh == "该建议针对“40.84”，现内容已变；请重新评定"


def pair(
    kind: Literal["lonlat", "plane"], east: float, north: float, texts: tuple[str, str]
) -> TypedPair:
    return TypedPair(kind, east, north, texts, ("first", "second"), "metres", (0.001, 0.001))


@pytest.mark.parametrize(
    ("code", "typed", "meridian_deg", "written"),
    [
        ("axes_swapped", pair("lonlat", 40.8, 111.7, ("40.8", "111.7")), 0.0, ("111.7", "40.8")),
        (
            "dms",
            pair("lonlat", 111.45, 40.5, ("111.45305", "-40.5012")),
            0.0,
            ("111°45′30.5″", "-40°50′12″"),
        ),
        ("feet", pair("plane", 1e6, 2e6, ("1,000", "2000")), 0.0, ("304.800", "609.600")),
        (
            "zone",
            pair("plane", 37_500_000.5, 4e6, ("37500000.5", "4000000")),
            114.0,
            ("38500000.5", None),
        ),
        (
            "zone",
            pair("plane", 19_500_000.0, 4e6, ("19500000", "4000000")),
            117.0,
            ("20500000", None),
        ),
    ],
)
def test_the_text_that_puts_a_misread_row_right(
    code: str, typed: TypedPair, meridian_deg: float, written: tuple[str, str | None]
) -> None:
    proposal = rewritten(code, typed, meridian_deg)
    assert proposal is not None
    whole = zip(typed.fields, typed.texts, written, strict=True)
    changes = tuple((name, before, after) for name, before, after in whole if after is not None)
    assert proposal.changes == changes
    shown = "; ".join(f"{name}: {before} → {after}" for name, before, after in changes)
    assert proposal.code == code
    assert proposal.zh == f"建议改为 {shown}，请核对后确认。"
    assert proposal.en == f"Write {shown}; check and confirm."


@pytest.mark.parametrize(
    ("code", "typed", "meridian_deg"),
    [
        ("dms", pair("lonlat", 111.4, 40.5, ("111.4", "40.5012")), 0.0),
        ("feet", pair("plane", 1e6, 2e6, ("about 9", "2000")), 0.0),
        ("zone", pair("plane", 500_000.0, 4e6, ("500000", "4000000")), 114.0),
        ("zone", pair("plane", 37_500_000.5, 4e6, ("37500000.5", "4000000")), 112.0),
        ("zone", pair("plane", 37_500_000.5, 4e6, ("37500000.5", "4000000")), float("nan")),
        ("zone", pair("plane", 37_500_000.5, 4e6, ("37500000.5", "4000000")), 111.0),
        ("utm", pair("plane", 500_000.0, 4e6, ("500000", "4000000")), 111.0),
    ],
)
def test_what_no_text_puts_right(code: str, typed: TypedPair, meridian_deg: float) -> None:
    assert rewritten(code, typed, meridian_deg) is None


def test_one_cell_with_both_is_not_rewritten() -> None:
    typed = replace(pair("lonlat", 40.8, 111.7, ("40.8", "111.7")), fields=("both", "both"))
    assert rewritten("axes_swapped", typed, 0.0) is None


def test_what_was_learned_of_a_surveyor() -> None:
    learned = Experience(sigma_factors={"甲": 1.5, "乙": 3.0, "丙": 0.5})
    assert learned.sigma_factor("甲", "乙") == 3.0
    assert learned.sigma_factor("甲", "丁") == 1.5
    assert learned.sigma_factor("丙") == 0.5
    assert learned.sigma_factor("丁") == 1.0
    assert learned.sigma_factor() == 1.0
