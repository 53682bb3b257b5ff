"""What was found, in both languages: predicted against found, what is left, what to do."""

from dataclasses import dataclass

from boundary.diagnosis.causes import DATUM_CAUSES, STRUCTURE_CAUSES, DiagnosisRules
from boundary.diagnosis.findings import Finding, Proposal
from boundary.diagnosis.hypotheses import Meaning


@dataclass(frozen=True, slots=True)
class Claim:
    """An explanation of some rows; vectors are medians over them, metres east and north.

    `markers`: how many different ones the rows are; `group`: the part of the file it is about
    (Chinese, English); `meridians_deg`: by which the rows read right; `scale_ppm`, `turn_arcsec`:
    of a free similarity.
    """

    meaning: Meaning
    probability: float
    second: Meaning | None
    second_probability: float
    rows: tuple[int, ...]
    batch_rows: int
    predicted_m: tuple[float, float]
    found_m: tuple[float, float]
    tau_m: float
    leftover_m: float
    markers: int = 2
    group: tuple[str, str] = ("", "")
    meridians_deg: tuple[float, ...] = ()
    scale_ppm: float | None = None
    turn_arcsec: float | None = None


def claim_finding(claim: Claim, rules: DiagnosisRules, *, alone: bool = False) -> Finding:
    """The finding of an explanation.

    Args:
        claim: what was found.
        rules: from which probability it is asserted, supposed or left open.
        alone: one row of a session looks like an error of whole sessions.
    """
    meaning = claim.meaning
    return Finding(
        "look_alike" if alone else "diagnosis",
        _zh(claim, rules, alone=alone),
        _en(claim, rules, alone=alone),
        claim.rows,
        {
            "cause": meaning.code,
            "structure": meaning.structure.code,
            "datum": meaning.datum.code,
            "side": meaning.datum.side,
            "probability": claim.probability,
            "second": claim.second.code or "none" if claim.second else None,
            "second_probability": claim.second_probability,
            "predicted_east_m": claim.predicted_m[0],
            "predicted_north_m": claim.predicted_m[1],
            "found_east_m": claim.found_m[0],
            "found_north_m": claim.found_m[1],
            "leftover_m": claim.leftover_m,
            **_similarity_details(claim),
            **({"meridians_deg": list(claim.meridians_deg)} if claim.meridians_deg else {}),
            **({"group": claim.group[1]} if claim.group[1] else {}),
        },
    )


def _similarity_details(claim: Claim) -> dict[str, float]:
    if claim.scale_ppm is None or claim.turn_arcsec is None:
        return {}
    return {"scale_ppm": claim.scale_ppm, "turn_arcsec": claim.turn_arcsec}


def slip_finding(proposal: Proposal, row: int, probability: float) -> Finding:
    """The finding of a slip in one row."""
    return Finding(
        "diagnosis",
        f"第 {row} 行：{proposal.zh}",
        f"Row {row}: {proposal.en}",
        (row,),
        {"cause": proposal.code, "probability": probability},
    )


def names_of(meaning: Meaning) -> tuple[str, str]:
    """What a meaning is called, Chinese and English."""
    parts = [p for p in (meaning.structure, meaning.datum) if p.code not in {"", "none"}]
    return "，且".join(p.zh for p in parts), " and ".join(p.en for p in parts)


_BY_CODE = {
    **{cause.code: (cause.zh, cause.en) for cause in STRUCTURE_CAUSES},
    **{cause.code: (cause.zh, cause.en) for cause in DATUM_CAUSES},
    "typing": ("笔误", "a slip of the hand"),
    "number": ("编号有误", "a wrong number"),
}


def names_of_code(code: str) -> tuple[str, str]:
    """What a cause code such as `dms+epoch` is called, Chinese and English; empty if unknown."""
    found = [_BY_CODE[part] for part in code.split("+") if part and part in _BY_CODE]
    return "，且".join(zh for zh, _ in found), " and ".join(en for _, en in found)


def _advice(claim: Claim) -> tuple[str, str]:
    meaning = claim.meaning
    part = meaning.structure if meaning.structure.code else meaning.datum
    if not claim.meridians_deg:
        return part.advice_zh, part.advice_en
    shown = [f"{meridian:g}°" for meridian in claim.meridians_deg]
    return (
        f"按中央子午线 {'、'.join(shown)} 可归位；{part.advice_zh}",
        f"by the central meridian {', '.join(shown)} they fall into place; {part.advice_en}",
    )


def _how_sure(claim: Claim, rules: DiagnosisRules) -> tuple[str, str]:
    """One marker raises an error of sessions, two assert it."""
    raised = claim.markers == 1 and claim.meaning.session_level
    if claim.probability >= rules.act_probability and not raised:
        return "与", "which agrees with"
    if claim.probability >= rules.ask_probability:
        return "可能是", "which may be"
    return "尚不能确定，较接近", "not settled, nearest to"


def _size(value: float) -> str:
    return f"{abs(value):.2f}" if abs(value) < 10 else f"{abs(value):.1f}"  # noqa: PLR2004


def _zh_vector(vector: tuple[float, float]) -> str:
    east, north = vector
    return (
        f"偏{'东' if east >= 0 else '西'} {_size(east)} m、"
        f"偏{'北' if north >= 0 else '南'} {_size(north)} m"
    )


def _en_vector(vector: tuple[float, float]) -> str:
    east, north = vector
    return (
        f"{_size(east)} m {'east' if east >= 0 else 'west'} and "
        f"{_size(north)} m {'north' if north >= 0 else 'south'}"
    )


def _zh(claim: Claim, rules: DiagnosisRules, *, alone: bool) -> str:
    name, _ = names_of(claim.meaning)
    advice, _ = _advice(claim)
    if alone:
        return (
            f"第 {claim.rows[0]} 行{_zh_vector(claim.found_m)}，形似“{name}”，但同一测段其他点并无"
            "此现象：也可能是界桩移位。请核对该点并复测。"
        )
    whole = f"{claim.group[0]}的" if claim.group[0] else "本批"
    head = f"{whole} {claim.batch_rows} 点中 {len(claim.rows)} 点整体{_zh_vector(claim.found_m)}"
    if claim.scale_ppm is not None and claim.turn_arcsec is not None:
        return (
            f"{head}，且随位置缩放 {claim.scale_ppm:+.0f} ppm、旋转 {claim.turn_arcsec:+.1f}″，"
            f"没有已知错误可以解释，似为地方工程坐标系：{advice}。位置一律不作判定。"
        )
    if claim.meaning.datum.code == "free":
        return f"{head}，没有已知错误可以解释：{advice}。位置一律不作判定。"
    sure, _ = _how_sure(claim, rules)
    spread = f"，±{_size(claim.tau_m)} m" if claim.tau_m >= 1 else ""
    expected = f"“{name}”的预期（{_zh_vector(claim.predicted_m)}{spread}）"
    agree = f"，与{expected}一致" if sure == "与" else f"，{sure}{expected}"
    return f"{head}{agree}；扣除后余差中位数 {claim.leftover_m:.2f} m{_zh_odds(claim)}。{advice}。"


def _zh_odds(claim: Claim) -> str:
    second = ""
    if claim.second is not None:
        name = names_of(claim.second)[0] or "无系统性错误"
        second = f"，次选“{name}”{claim.second_probability:.2f}"
    return f"（后验概率 {claim.probability:.2f}{second}）"


def _en(claim: Claim, rules: DiagnosisRules, *, alone: bool) -> str:
    _, name = names_of(claim.meaning)
    _, advice = _advice(claim)
    if alone:
        return (
            f"Row {claim.rows[0]} lies {_en_vector(claim.found_m)}, which looks like {name}; but "
            "the other points of its session show nothing of the kind, so the marker may have "
            "moved. Check the point and measure again."
        )
    whole = f" of {claim.group[1]}" if claim.group[1] else ""
    head = f"{len(claim.rows)} of {claim.batch_rows} points{whole} lie {_en_vector(claim.found_m)}"
    if claim.scale_ppm is not None and claim.turn_arcsec is not None:
        return (
            f"{head}, with {claim.scale_ppm:+.0f} ppm of scale and a turn of "
            f"{claim.turn_arcsec:+.1f} seconds, which no known error explains, as of a local "
            f"engineering grid: {advice}. No position is judged."
        )
    if claim.meaning.datum.code == "free":
        return f"{head}, which no known error explains: {advice}. No position is judged."
    _, sure = _how_sure(claim, rules)
    spread = f", give or take {_size(claim.tau_m)} m" if claim.tau_m >= 1 else ""
    return (
        f"{head}, {sure} {name} (predicted {_en_vector(claim.predicted_m)}{spread}); taken off, "
        f"the median leftover is {claim.leftover_m:.2f} m (posterior {claim.probability:.2f}"
        f"{_en_second(claim)}). {advice[:1].upper()}{advice[1:]}."
    )


def _en_second(claim: Claim) -> str:
    if claim.second is None:
        return ""
    other = names_of(claim.second)[1] or "no common error"
    return f", next {other} {claim.second_probability:.2f}"
