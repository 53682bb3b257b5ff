"""The third floor: boundary lines, markers, inspections and verdicts (界线、界桩).

What is named here is meant for the other floors; everything else is the floor's own.
"""

from boundary.assessment import (
    Assessment,
    AssessmentSettings,
    MarkerResult,
    RegisteredMarker,
    WitnessObject,
    assess,
)
from boundary.collections import INSPECTIONS, LINES, MARKERS
from boundary.errors import BoundaryError, NotCommittable
from boundary.loading import lines_loader, markers_loader
from boundary.observations import ObservationRow
from boundary.register import read_region, read_register
from boundary.submissions import (
    COMMITTED,
    PREVIEW,
    REFUSED,
    Inspected,
    commit,
    inspect_file,
    preview,
    read_submission,
    receive,
)
from boundary.tables import line, marker, witness_object

__all__ = [
    "COMMITTED",
    "INSPECTIONS",
    "LINES",
    "MARKERS",
    "PREVIEW",
    "REFUSED",
    "Assessment",
    "AssessmentSettings",
    "BoundaryError",
    "Inspected",
    "MarkerResult",
    "NotCommittable",
    "ObservationRow",
    "RegisteredMarker",
    "WitnessObject",
    "assess",
    "commit",
    "inspect_file",
    "line",
    "lines_loader",
    "marker",
    "markers_loader",
    "preview",
    "read_region",
    "read_register",
    "read_submission",
    "receive",
    "witness_object",
]
