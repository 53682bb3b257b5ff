"""The reasons in words, Chinese and English; numbers as a surveyor writes them."""

from collections.abc import Sized
from dataclasses import dataclass

import numpy as np

from data.reference import verdict_sign

REPAIRS = {
    "axes_swapped": ("经纬度（或纵横坐标）填反", "the two coordinates stand in each other's place"),
    "sign": ("正负号或半球有误", "the sign or hemisphere is wrong"),
    "zone_prefix": ("带号有误", "the zone prefix is wrong"),
    "zone_unstated": ("横坐标前缺带号", "the easting lacks its zone prefix"),
    "decimal_point": ("小数点遗漏或错位", "the decimal point is lost or misplaced"),
    "feet": ("单位为英尺而非米", "the unit is feet, not metres"),
    "typing": ("疑有一位数字写错、漏写或多写", "one digit is likely wrong, missing or doubled"),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing said in both languages."""

    zh: str
    en: str

    def __add__(self, other: "Sentence") -> "Sentence":
        return Sentence(self.zh + other.zh, f"{self.en} {other.en}".strip())


def counted(rows: Sized, one: str = "", many: str = "") -> str:
    """How many rows, with the verb that goes with the number.

    >>> counted([7], "states", "state"), counted([7, 9], "states", "state"), counted([7])
    ('1 row states', '2 rows state', '1 row')
    """
    words = (f"{len(rows)} row", one) if len(rows) == 1 else (f"{len(rows)} rows", many)
    return " ".join(filter(None, words))


def verdict_name(verdict: str) -> Sentence:
    """What a verdict is called."""
    sign = verdict_sign(verdict)
    return Sentence(sign.zh, sign.en)


def metres(value: float) -> str:
    """Metres with as many decimals as a marker needs.

    Examples:
        >>> metres(0.034), metres(12.345), metres(5338.2), metres(2.4e6)
        ('0.03', '12.3', '5338', '2400000')
    """
    size = abs(value)
    return f"{value:.2f}" if size < 10 else f"{value:.1f}" if size < 1000 else f"{value:.0f}"  # noqa: PLR2004


def vector(east_m: float, north_m: float) -> Sentence:
    """A vector as surveyors say it: 偏西 44.1 m、偏北 41.0 m."""
    east_zh, east_en = ("东", "E") if east_m >= 0 else ("西", "W")
    north_zh, north_en = ("北", "N") if north_m >= 0 else ("南", "S")
    east, north = metres(abs(east_m)), metres(abs(north_m))
    return Sentence(
        f"偏{east_zh} {east} m、偏{north_zh} {north} m", f"{east} m {east_en}, {north} m {north_en}"
    )


def in_place(distance_m: float, tolerance_m: float, mdd_m: float, risk: float) -> Sentence:
    """Within tolerance; says what size of displacement that excludes and at what risk."""
    excluded, share = metres(2 * tolerance_m), f"{100 * max(risk, 0.0001):.2g}%"
    return Sentence(
        f"实测距登记位置 {metres(distance_m)} m，在限差 {metres(tolerance_m)} m 之内；"
        f"可排除 {excluded} m 以上的移位（漏判风险 {share}；最小可发现移位 {metres(mdd_m)} m）。",
        f"Observed {metres(distance_m)} m from the registered position, tolerance "
        f"{metres(tolerance_m)} m; a displacement above {excluded} m is excluded (risk {share}; "
        f"smallest detectable {metres(mdd_m)} m).",
    )


def displaced(distance_m: float, tolerance_m: float, p: float, moved: Sentence) -> Sentence:
    """Out of tolerance and borne out."""
    return Sentence(
        f"实测位置{moved.zh}，共 {metres(distance_m)} m，超过限差 {metres(tolerance_m)} m"
        f"（{_p(p)}），且本次观测已得到印证：界桩移位。请会同相邻方恢复原位。",
        f"Observed {moved.en} of the registered position, {metres(distance_m)} m in all, beyond "
        f"the tolerance of {metres(tolerance_m)} m ({_p(p)}), and the session is borne out: the "
        "marker is displaced. Restore it together with the neighbouring side.",
    )


def suspect(distance_m: float, tolerance_m: float, moved: Sentence, missing: Sentence) -> Sentence:
    """Out of tolerance, with a condition for certainty missing."""
    return Sentence(
        f"实测位置{moved.zh}，共 {metres(distance_m)} m，超过限差 {metres(tolerance_m)} m；"
        f"但{missing.zh}，仅列为“疑似移位”。请复测并丈量方位物。",
        f"Observed {moved.en} of the registered position, {metres(distance_m)} m in all, beyond "
        f"the tolerance of {metres(tolerance_m)} m; but {missing.en}, so it is only suspected. "
        "Measure again and tape the witness objects.",
    )


def too_weak(sigma_m: float, tolerance_m: float, mdd_m: float) -> Sentence:
    """The measurement cannot answer the question."""
    return Sentence(
        f"测量与登记的合成中误差 {metres(sigma_m)} m，相对限差 {metres(tolerance_m)} m 过大"
        f"（最小可发现移位 {metres(mdd_m)} m），无法判定。请用更精确的方法复测或丈量方位物。",
        f"The joint sigma of measurement and register, {metres(sigma_m)} m, is too large for the "
        f"tolerance of {metres(tolerance_m)} m (smallest detectable {metres(mdd_m)} m). Measure "
        "again by a better method or tape the witness objects.",
    )


def borderline(distance_m: float, tolerance_m: float, p: float) -> Sentence:
    """Just over the tolerance, which chance explains."""
    return Sentence(
        f"实测距登记位置 {metres(distance_m)} m，略超限差 {metres(tolerance_m)} m，"
        f"尚在测量误差之内（{_p(p)}），无法判定。请复测。",
        f"Observed {metres(distance_m)} m from the registered position, a little over the "
        f"tolerance of {metres(tolerance_m)} m and within the errors of measurement "
        f"({_p(p)}). Measure again.",
    )


def too_far(distance_m: float, farthest_m: float) -> Sentence:
    """Further than markers move."""
    return Sentence(
        f"实测距登记位置 {metres(distance_m)} m，超过 {metres(farthest_m)} m：界桩不会移动这么远，"
        "多为编号或坐标有误。请核对编号与坐标后重新提交。",
        f"Observed {metres(distance_m)} m from the registered position, more than "
        f"{metres(farthest_m)} m: markers do not walk so far; the number or the coordinates are "
        "likely wrong. Check both and submit again.",
    )


def repaired(code: str, remaining_m: float, fits: bool) -> Sentence:  # noqa: FBT001 - a fact
    """A certain error of the row, with what is left once it is repaired."""
    zh, en = REPAIRS[code]
    rest = Sentence(
        f"改正后距登记位置 {metres(remaining_m)} m。",
        f"Repaired, it lies {metres(remaining_m)} m off.",
    )
    tail = Sentence("请确认后重新提交。", "Confirm and submit again.")
    if not fits:
        tail = Sentence(
            "改正后仍超限，列为“疑似移位”，请复测。",
            "Even so it is out of tolerance and suspected: measure again.",
        )
    return Sentence(f"{zh}。", f"{en[0].upper()}{en[1:]}.") + rest + tail


def wrong_number(found: Sentence) -> Sentence:
    """A row whose coordinates are another marker's: `found` is its vector from the one it names."""
    return Sentence(
        f"坐标距该编号的界桩{found.zh}，与另一界桩相符：编号疑有误，或两桩坐标互换。"
        "请核对手簿后确认建议，或重新提交。",
        f"The coordinates lie {found.en} of the marker of that number and are those of another: "
        "the number is likely wrong, or two markers are exchanged. Check the field book and "
        "confirm the proposal, or submit again.",
    )


def explained(
    effect: str, verdict: str, name: Sentence, found: Sentence, predicted: Sentence, left_m: float
) -> Sentence:
    """A row under an explanation: what was found against what it predicts, what is left, what next.

    `name` is what the explanation is called, `effect` one of the diagnosis' effects; `found` and
    `predicted` are vectors in words, `left_m` the length of their difference.
    """
    rest = metres(left_m)
    head = Sentence(
        f"坐标{found.zh}；“{name.zh}”预期{predicted.zh}，扣除后余差 {rest} m。",
        f"The coordinates lie {found.en}; {name.en} predicts {predicted.en}; {rest} m remain.",
    )
    if verdict == "suspect":
        return head + Sentence(
            "仍超过限差，列为“疑似移位”。请改正后复测并丈量方位物。",
            "That is beyond the tolerance: suspected. Correct it, measure again and tape the "
            "witness objects.",
        )
    if effect == "typing":
        return Sentence(
            f"坐标{found.zh}，疑为笔误；按建议改正后余差 {rest} m。"
            "请核对手簿后确认建议，或重新提交。",
            f"The coordinates lie {found.en} and look like a slip of the hand; corrected as "
            f"proposed, {rest} m remain. Check the field book and confirm the proposal, or submit "
            "again.",
        )
    if effect == "undecided":
        return Sentence(
            f"坐标{found.zh}；笔误与移位两种解释难分高下，无法判定。请核对手簿并复测。",
            f"The coordinates lie {found.en}; a slip and a displacement explain this about "
            "equally well. Check the field book and measure again.",
        )
    return head + _NEXT_STEP[effect]


_NEXT_STEP = {
    "named": Sentence(
        "请改正后重新提交；界桩位置暂不下结论。",
        "Correct it and submit again; nothing is said of the marker until then.",
    ),
    "free": Sentence(
        "无法区分基准站错误与地面整体移动，不作判定。请在已知点上核对或丈量方位物后复测。",
        "A wrong base and ground that moved as a whole cannot be told apart: not judged. Check on "
        "a known point or tape the witness objects, and measure again.",
    ),
    "register": Sentence(
        "问题在登记簿一侧，界桩位置不作判定。请核对登记坐标的来源。",
        "The question is for the register; the marker is not judged. Check where the registered "
        "coordinates come from.",
    ),
    "open": Sentence(
        "该解释尚不能确定，无法判定。请核对坐标系后复测。",
        "That explanation is not settled. Check the reference system and measure again.",
    ),
}


def by_ties(verdict: str, tie_east_m: float, tie_north_m: float, tolerance_m: float) -> Sentence:
    """A verdict that the witness objects decided."""
    tied = metres(float(np.hypot(tie_east_m, tie_north_m)))
    if verdict == "in_place":
        return Sentence(
            f"方位物丈量表明界桩距原位 {tied} m，在限差 {metres(tolerance_m)} m 之内：界桩在位。"
            "若坐标超限，请检查坐标。",
            f"The witness objects place the marker {tied} m from its position, within the "
            f"tolerance of {metres(tolerance_m)} m: it is in place. If its coordinates are out, "
            "check them.",
        )
    return Sentence(
        f"方位物丈量表明界桩距原位 {tied} m，超过限差 {metres(tolerance_m)} m，"
        "而坐标精度不足以印证，列为“疑似移位”。请用测量级方法复测。",
        f"The witness objects place the marker {tied} m from its position, beyond the tolerance of "
        f"{metres(tolerance_m)} m, and the coordinates are too weak to bear it out: suspected. "
        "Measure again by a survey-grade method.",
    )


MISSING = {
    "method": Sentence("所用方法精度不足以认定", "the method cannot prove it"),
    "session": Sentence(
        "同一测段没有其他符合的界桩或方位物印证",
        "no other fitting mark of the session and no ties bear it out",
    ),
    "p": Sentence("显著性不足", "it is not significant enough"),
    "explained": Sentence("尚有未排除的数据错误", "a data error is still open"),
}


def _p(p: float) -> str:
    """How likely chance alone is to go as far.

    >>> _p(0.0041), _p(1e-9)
    ('p=0.0041', 'p<1e-6')
    """
    return "p<1e-6" if p < 1e-6 else f"p={p:.2g}"  # noqa: PLR2004


def no_accuracy(what: str) -> Sentence:
    """The register or the row lacks what a verdict needs."""
    return {
        "tolerance": Sentence(
            "登记簿未载该界桩的限差，无法判定位置。请补充限差及其依据。",
            "The register states no tolerance for this marker, so its position cannot be judged. "
            "Add the tolerance and its source.",
        ),
        "sigma": Sentence(
            "登记簿未载该界桩的点位精度，无法判定位置。请补充精度等级或中误差。",
            "The register states no accuracy for this marker, so its position cannot be judged. "
            "Add its accuracy class or sigma.",
        ),
        "method": Sentence(
            "该行未说明测量方法或精度，无法判定位置。请补充测量方法。",
            "The row states neither method nor accuracy, so the position cannot be judged. "
            "Add the survey method.",
        ),
        "position": Sentence(
            "该行没有可用的坐标，无法判定位置。",
            "The row gives no usable position, so the position cannot be judged.",
        ),
    }[what]


def unseen(zh: str, en: str) -> Sentence:
    """Nobody stood at the marker."""
    return Sentence(
        f"界桩{zh}，无实测坐标，位置无法判定；请按规定处置并在恢复后复测。",
        f"The marker is {en}; there is no measured position to judge. Act on the condition and "
        "measure once it is restored.",
    )


def outside() -> Sentence:
    """Outside the region, and no single repair explains it."""
    return Sentence(
        "坐标位于本区域之外，且没有唯一的改正办法。请核对坐标、坐标系和带号后重新提交。",
        "The position lies outside the region and no single repair brings it back. Check the "
        "coordinates, the reference system and the zone and submit again.",
    )


def not_comparable(zh: str, en: str) -> Sentence:
    """Two datums without a stated relation."""
    return Sentence(
        f"{zh}，无法判定位置。请提供 CGCS2000 坐标，或由管理员配置转换参数。",
        f"{en}; the position cannot be judged. Give CGCS2000 coordinates, or have the operator "
        "supply datum parameters.",
    )


def no_zone() -> Sentence:
    """Plane coordinates without a zone."""
    return Sentence(
        "高斯坐标未注明带号或中央子午线，无法定位。",
        "Gauss-Krüger coordinates without a zone cannot be placed.",
    )


def finite(value: float) -> float | None:
    """The number, or None for NaN."""
    return float(value) if np.isfinite(value) else None
