"""What an assessment says: values that turn into the report's JSON and nothing else."""

from collections import Counter
from dataclasses import dataclass
from math import isfinite

from boundary.diagnosis.findings import Finding, Json, Proposal
from boundary.matching import MatchKind
from data.errors import Fault

_DECIMALS_M, _DECIMALS_DEG, _DECIMALS_LONLAT = 4, 2, 9


@dataclass(frozen=True, slots=True)
class Ellipse:
    """A confidence ellipse: semi-axes in metres, azimuth of the major one in degrees."""

    semi_major_m: float
    semi_minor_m: float
    azimuth_deg: float
    confidence: float


@dataclass(frozen=True, slots=True)
class MarkerResult:
    """What is said about one row.

    Vectors are observed minus registered, east and north in metres, as typed; `predicted_*` is what
    was found wrong with the batch or row would show here, `remaining_*` what is left once that is
    taken off. `sigma_m` is joint with the register, `observation_sigma_m` of the observation alone;
    `grade` is what its method can claim: survey, handheld, phone. Degrees are longitude, latitude
    in the store's system. None where there is nothing to say.
    """

    row: int
    marker_no: str
    verdict: str
    zh: str
    en: str
    marker_id: int | None = None
    match: MatchKind = "none"
    condition: str | None = None
    registered: tuple[float, float] | None = None
    observed: tuple[float, float] | None = None
    east_m: float | None = None
    north_m: float | None = None
    distance_m: float | None = None
    bearing_deg: float | None = None
    predicted_east_m: float | None = None
    predicted_north_m: float | None = None
    remaining_east_m: float | None = None
    remaining_north_m: float | None = None
    remaining_m: float | None = None
    sigma_m: float | None = None
    observation_sigma_m: float | None = None
    grade: str = ""
    tolerance_m: float | None = None
    tolerance_source: str = ""
    capability: float | None = None
    outside_p: float | None = None
    mdd_m: float | None = None
    ellipse: Ellipse | None = None
    cause: str = ""
    cause_probability: float | None = None
    proposal: Proposal | None = None
    synthetic: bool = False

    def as_json(self) -> Json:
        """The report's result."""
        ellipse = self.ellipse
        return {
            "row": self.row,
            "marker_id": self.marker_id,
            "marker_no": self.marker_no,
            "match": self.match,
            "condition": self.condition,
            "verdict": self.verdict,
            "registered": _rounded_pair(self.registered),
            "observed": _rounded_pair(self.observed),
            **{name: _rounded(getattr(self, name), _DECIMALS_M) for name in _METRE_FIELDS},
            "bearing_deg": _rounded(self.bearing_deg, _DECIMALS_DEG),
            "grade": self.grade,
            "tolerance_source": self.tolerance_source,
            "capability": _rounded(self.capability, _DECIMALS_DEG),
            "outside_p": self.outside_p,
            "ellipse": None
            if ellipse is None
            else {
                "semi_major_m": _rounded(ellipse.semi_major_m, _DECIMALS_M),
                "semi_minor_m": _rounded(ellipse.semi_minor_m, _DECIMALS_M),
                "azimuth_deg": _rounded(ellipse.azimuth_deg, _DECIMALS_DEG),
                "confidence": ellipse.confidence,
            },
            "cause": self.cause,
            "cause_probability": _rounded(self.cause_probability, _DECIMALS_M),
            "proposal": None if self.proposal is None else self.proposal.as_json(),
            "synthetic": self.synthetic,
            "zh": self.zh,
            "en": self.en,
        }


_METRE_FIELDS = (
    "east_m",
    "north_m",
    "distance_m",
    "predicted_east_m",
    "predicted_north_m",
    "remaining_east_m",
    "remaining_north_m",
    "remaining_m",
    "sigma_m",
    "observation_sigma_m",
    "tolerance_m",
    "mdd_m",
)


@dataclass(frozen=True, slots=True)
class Assessment:
    """The whole answer: faults of cells, findings about the batch, one result per row."""

    row_count: int
    faults: tuple[Fault, ...]
    findings: tuple[Finding, ...]
    results: tuple[MarkerResult, ...]

    @property
    def summary(self) -> dict[str, int]:
        """How many rows got each verdict."""
        return dict(Counter(result.verdict for result in self.results))

    def as_json(self) -> Json:
        """The report as plain values for any JSON writer; finite numbers only."""
        return {
            "row_count": self.row_count,
            "summary": self.summary,
            "faults": [
                {"code": f.code, "row": f.row, "column": f.column, "value": f.value,
                 "zh": f.zh, "en": f.en}
                for f in self.faults
            ],
            "findings": [finding.as_json() for finding in self.findings],
            "results": [result.as_json() for result in self.results],
        }  # fmt: skip


def _rounded(value: float | None, decimals: int) -> float | None:
    return round(float(value), decimals) if value is not None and isfinite(value) else None


def _rounded_pair(pair: tuple[float, float] | None) -> list[float] | None:
    return None if pair is None else [round(float(x), _DECIMALS_LONLAT) for x in pair]
