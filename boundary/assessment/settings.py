"""What an assessment may be told: today, the store's system, words, thresholds, parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from boundary.diagnosis.causes import DiagnosisRules
from boundary.displacement_ties import TieRules
from boundary.displacement_verdicts import VerdictRules
from boundary.displacement_visits import HistoryRules
from boundary.observations import Vocabulary
from data import reference
from data.coordinates import CGCS2000, DatumParameters, ReferenceSystem, Region

SIGMA_CENTRING_M = 0.01
"""Which point of the marker was occupied: top centre with a bipod; the note's 1.1."""


SIGMA_SESSION_M = 0.015
"""What one set-up has in common (network, base, antenna): 0.01 to 0.02 for CORS; the note's 1.1."""


@dataclass(frozen=True, slots=True)
class AccuracyClass:
    """What an accuracy class of the register stands for, metres, with its provenance."""

    sigma_m: float
    tolerance_m: float
    source: str


def default_accuracy_classes() -> dict[str, AccuracyClass]:
    """The classes of the code table, by code."""
    return {
        row.code: AccuracyClass(row.sigma_m, row.tolerance_m, row.source)
        for row in reference.tolerance_classes()
    }


@dataclass(frozen=True, slots=True)
class MatchingRules:
    """Gates for rows without a number: metres, and how much nearer the nearest must be."""

    gate_m: float = 50.0
    gate_sigmas: float = 20.0
    least_ratio: float = 5.0


@dataclass(frozen=True, slots=True)
class AssessmentSettings:
    """Everything an assessment depends on besides register and rows.

    Args:
        today: no observation is later.
        system: the store's own reference system (degrees); positions typed in it are compared as
            they stand.
        region: where positions can be; by default the register's box with half a degree around.
        vocabulary: methods and conditions by their spellings.
        default_crs, default_method: for rows that state none.
        datum_parameters: the operator's, for rows in another datum.
        campaign_p_values: interval-test probabilities of the campaign's other open inspections.
        accuracy_classes: for markers whose register states a class instead of numbers.
        rules, diagnosis, matching, ties, history: thresholds and priors.
        centring_sigma_m, session_sigma_m: metres, one sigma per axis.
    """

    today: date
    system: ReferenceSystem = CGCS2000
    region: Region | None = None
    vocabulary: Vocabulary = field(default_factory=Vocabulary.default)
    default_crs: str = ""
    default_method: str = ""
    datum_parameters: tuple[DatumParameters, ...] = ()
    campaign_p_values: tuple[float, ...] = ()
    accuracy_classes: Mapping[str, AccuracyClass] = field(default_factory=default_accuracy_classes)
    rules: VerdictRules = field(default_factory=VerdictRules)
    diagnosis: DiagnosisRules = field(default_factory=DiagnosisRules)
    matching: MatchingRules = field(default_factory=MatchingRules)
    ties: TieRules = field(default_factory=TieRules)
    history: HistoryRules = field(default_factory=HistoryRules)
    centring_sigma_m: float = SIGMA_CENTRING_M
    session_sigma_m: float = SIGMA_SESSION_M
