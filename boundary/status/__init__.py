"""A marker's status, derived from its evidence by stated rules (`docs/status.md`)."""

from boundary.status.derive import derive
from boundary.status.evidence import Act, Decision, MarkerStatus, Report, StatusRules, Used

__all__ = ["Act", "Decision", "MarkerStatus", "Report", "StatusRules", "Used", "derive"]
