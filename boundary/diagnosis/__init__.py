"""Is it the marker or a mistake? Named data errors first, the row second, the marker last."""

from boundary.diagnosis.batch import Batch
from boundary.diagnosis.findings import Finding, Proposal
from boundary.diagnosis.outcome import Diagnosis, Effect

__all__ = ["Batch", "Diagnosis", "Effect", "Finding", "Proposal"]
