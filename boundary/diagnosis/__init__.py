"""Is it the marker or a mistake? Named data errors first, the row second, the marker last."""

from boundary.diagnosis.batch import Batch
from boundary.diagnosis.causes import (
    DATUM_CAUSES,
    STRUCTURE_CAUSES,
    DatumCause,
    DiagnosisRules,
    Experience,
    StructureCause,
)
from boundary.diagnosis.corrections import ConfirmedCorrection, ProposedCorrection
from boundary.diagnosis.diagnose import diagnose
from boundary.diagnosis.findings import Finding, Proposal
from boundary.diagnosis.outcome import Diagnosis, Effect

__all__ = [
    "DATUM_CAUSES",
    "STRUCTURE_CAUSES",
    "Batch",
    "ConfirmedCorrection",
    "DatumCause",
    "Diagnosis",
    "DiagnosisRules",
    "Effect",
    "Experience",
    "Finding",
    "Proposal",
    "ProposedCorrection",
    "StructureCause",
    "diagnose",
]
