"""The catalogue of data errors with their priors: configuration, each entry with its provenance.

A prior says how often an error is met before anything is seen; `tau_m` how well the common part of
its shift is known (one sigma per axis); `local_m` what distortion may remain from point to point, a
small mixture. All come from the displacement note (its 2.3 and 3.1) as working values and are to
be learned from confirmed outcomes (`Experience`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import log
from typing import Literal

Side = Literal["observation", "register"]


@dataclass(frozen=True, slots=True)
class DatumCause:
    """A wrong datum, epoch or map offset: `code` joins variants of one meaning.

    `session_level`: it hits all rows of a set-up, not one of them.
    """

    code: str
    prior: float
    tau_m: float
    local_m: tuple[float, ...]
    zh: str
    en: str
    advice_zh: str = ""
    advice_en: str = ""
    session_level: bool = True
    side: Side = "observation"
    phone_factor: float = 1.0


@dataclass(frozen=True, slots=True)
class StructureCause:
    """A wrong way of writing or reading the numbers."""

    code: str
    prior: float
    zh: str
    en: str
    advice_zh: str
    advice_en: str


NONE = DatumCause("none", 0.85, 0.015, (0.0,), "无系统性错误", "no common error")
FREE = DatumCause(
    "free", 0.01, 40.0, (0.0,), "未知的共同偏移", "an unnamed common offset",
    "可能是基准站坐标有误，也可能是地面整体移动（滑坡、采空沉陷）；请用已知点或方位物核对后复测",
    "it may be a wrong base coordinate or ground that moved as a whole (landslide, mining); check "
    "on a known point or by ties and measure again",
)  # fmt: skip
SIMILARITY = DatumCause(
    "free_similarity", 0.003, 40.0, (0.0,), "共同的平移、缩放与旋转（似为地方工程坐标系）",
    "a shift, scale and turn in common (as of a local engineering grid)",
    "请提供该工程坐标系与 CGCS2000 的转换参数，或直接输出 CGCS2000 坐标",
    "give the parameters of that local grid, or export CGCS2000",
)  # fmt: skip
_CRS_ZH = "请检查手簿坐标系后重新提交"
_CRS_EN = "check the reference system of the controller and submit again"
_REGISTER_ZH = "请核对登记簿坐标的来源坐标系；界桩不作移位处理"
_REGISTER_EN = "check the system in which the register was compiled; the markers are not accused"
DATUM_CAUSES: tuple[DatumCause, ...] = (
    NONE,
    DatumCause(
        "epoch", 0.05, 0.05, (0.02,), "现势历元坐标（ITRF/WGS84）按 CGCS2000 录入",
        "current-epoch coordinates (ITRF/WGS 84) entered as CGCS2000",
        "请将接收机输出改为 CGCS2000（历元 2000.0）后重新提交",
        "set the output to CGCS2000 at 2000.0 and submit again",
    ),
    DatumCause(
        "beijing54", 0.02, 8.0, (0.05, 0.3, 1.5), "北京54坐标按 CGCS2000 录入",
        "Beijing 1954 (or New Beijing) coordinates entered as CGCS2000", _CRS_ZH, _CRS_EN,
    ),
    DatumCause(
        "xian80", 0.03, 10.0, (0.05, 0.4), "西安80坐标按 CGCS2000 录入",
        "Xian 1980 coordinates entered as CGCS2000", _CRS_ZH, _CRS_EN,
    ),
    DatumCause(
        "krassovsky", 0.004, 0.02, (0.0,), "手簿用克拉索夫斯基椭球投影而未转换基准",
        "projected with the Krassovsky ellipsoid and no datum shift", _CRS_ZH, _CRS_EN,
    ),
    DatumCause(
        "iag75", 0.004, 0.02, (0.0,), "手簿用 IAG-75 椭球投影而未转换基准",
        "projected with the IAG 1975 ellipsoid and no datum shift", _CRS_ZH, _CRS_EN,
    ),
    DatumCause(
        "gcj02", 0.02, 0.05, (0.3,), "GCJ-02（火星）坐标按 CGCS2000 录入",
        "GCJ-02 map coordinates entered as CGCS2000",
        "请勿使用地图软件坐标；请用测量软件输出 CGCS2000", "do not use a map client's coordinates; "
        "export CGCS2000 from the survey software", phone_factor=5.0,
    ),
    DatumCause(
        "bd09", 0.01, 0.05, (0.5,), "BD-09（百度）坐标按 CGCS2000 录入",
        "BD-09 map coordinates entered as CGCS2000",
        "请勿使用地图软件坐标；请用测量软件输出 CGCS2000", "do not use a map client's coordinates; "
        "export CGCS2000 from the survey software", phone_factor=5.0,
    ),
    DatumCause(
        "register_beijing54", 0.008, 8.0, (0.05, 0.3, 1.5), "登记坐标疑为北京54",
        "the register seems to be in Beijing 1954", _REGISTER_ZH, _REGISTER_EN, side="register",
    ),
    DatumCause(
        "register_xian80", 0.010, 10.0, (0.05, 0.4), "登记坐标疑为西安80",
        "the register seems to be in Xian 1980", _REGISTER_ZH, _REGISTER_EN, side="register",
    ),
    DatumCause(
        "register_epoch", 0.004, 0.05, (0.02,), "登记坐标疑为未归算的现势历元坐标",
        "the register seems to hold coordinates of a later epoch", _REGISTER_ZH, _REGISTER_EN,
        side="register",
    ),
    FREE,
    SIMILARITY,
)  # fmt: skip
UNNAMED = {"free", "free_similarity"}
"""Common offsets that no error of a known size explains: never in place and never displaced."""

AS_TYPED = StructureCause("", 1.0, "", "", "", "")
STRUCTURE_CAUSES: tuple[StructureCause, ...] = (
    AS_TYPED,
    StructureCause(
        "dms", 0.02, "度.分秒（dd.mmss）被当作十进制度", "degrees.minutes-seconds read as decimal",
        "请按度分秒或十进制度重新填写", "write 度分秒 or decimal degrees",
    ),
    StructureCause(
        "axes_swapped", 0.02, "两个坐标填反", "the two coordinates exchanged",
        "请对调两列后重新提交", "exchange the two columns and submit again",
    ),
    StructureCause(
        "zone", 0.012, "带号、带宽或中央子午线不符", "another zone or central meridian than stated",
        "请核对带号和中央子午线后重新提交", "check the zone and central meridian and submit again",
    ),
    StructureCause(
        "utm", 0.002, "UTM 坐标当作高斯-克吕格坐标", "UTM read as Gauss-Krüger",
        "请改用高斯-克吕格投影输出", "export Gauss-Krüger coordinates",
    ),
    StructureCause(
        "feet", 0.002, "单位为英尺而非米", "feet instead of metres",
        "请将单位改为米", "set the unit to metres",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Experience:
    """Confirmed outcomes per surveyor or device: cause code to how often.

    Keys are the texts of the file. `weight` is how many outcomes the configured priors count for
    (a Dirichlet prior). `sigma_factors`: how many times larger than stated a surveyor's or device's
    errors have been; accuracies are raised by it, never lowered.
    """

    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    weight: float = 20.0
    sigma_factors: Mapping[str, float] = field(default_factory=dict)

    def sigma_factor(self, *names: str) -> float:
        """The largest factor of some names; one where nothing was learned."""
        return max((self.sigma_factors.get(name, 1.0) for name in names), default=1.0)

    def adjusted(self, causes: tuple[DatumCause, ...], who: set[str]) -> tuple[DatumCause, ...]:
        """The catalogue with priors moved by what is known of these people and devices."""
        seen: dict[str, int] = {}
        for name in who:
            for code, count in self.counts.get(name, {}).items():
                seen[code] = seen.get(code, 0) + count
        total = sum(seen.values())
        if not total:
            return causes
        return tuple(
            replace(
                cause,
                prior=(self.weight * cause.prior + seen.get(cause.code, 0)) / (self.weight + total),
            )
            for cause in causes
        )


@dataclass(frozen=True, slots=True)
class DiagnosisRules:
    """Settings of the diagnosis; defaults are the note's working values.

    `outlier_share`: rows that do not follow the batch; `moved_share` and `typing_share`: a single
    row's priors of a moved marker and of a typing or number error; `act_probability` and
    `ask_probability`: posterior from which a cause is acted on, and below which nothing is claimed;
    `decisive_log_odds`: e³; `rows_scored`: the sample a long file is ranked on; `rows_together`:
    the longest piece looked at in one.
    """

    datum_causes: tuple[DatumCause, ...] = DATUM_CAUSES
    structure_causes: tuple[StructureCause, ...] = STRUCTURE_CAUSES
    experience: Experience = field(default_factory=Experience)
    outlier_share: float = 0.06
    moved_share: float = 0.05
    typing_share: float = 0.01
    act_probability: float = 0.9
    ask_probability: float = 0.6
    decisive_log_odds: float = 3.0
    moved_limit_m: float = 300.0
    rows_scored: int = 200
    rows_together: int = 20_000


def log_prior(cause: DatumCause, phone_share: float) -> float:
    """The logarithm of a cause's prior; map offsets come from phones."""
    factor = 1.0 + (cause.phone_factor - 1.0) * phone_share
    return log(max(cause.prior * factor, 1e-9))
