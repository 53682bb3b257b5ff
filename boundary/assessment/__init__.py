"""Assessment of an inspection file (界桩位置评定): the stable face is `assess`."""

from boundary.assessment.engine import assess
from boundary.assessment.register import RegisteredMarker, Visit, WitnessObject
from boundary.assessment.results import Assessment, Ellipse, MarkerResult
from boundary.assessment.schema import assessment_schema
from boundary.assessment.settings import AccuracyClass, AssessmentSettings, MatchingRules
from boundary.diagnosis.findings import Finding, Proposal

__all__ = [
    "AccuracyClass",
    "Assessment",
    "AssessmentSettings",
    "Ellipse",
    "Finding",
    "MarkerResult",
    "MatchingRules",
    "Proposal",
    "RegisteredMarker",
    "Visit",
    "WitnessObject",
    "assess",
    "assessment_schema",
]
