"""Problems that anybody reports (群众反映): a wrong sign, a damaged marker, a name in misuse.

The law lets everybody complain and has the reporter's identity kept confidential (L753 Art 33).
report → in work → settled or dismissed. Who reports needs no account and gets a code to ask with;
what says who they are stands apart, is read by those who handle the report alone, and is erased
when the report is closed.
"""

from gazetteer.problem_reports.queue import (
    HANDLERS,
    MOST_REPORTS,
    Handling,
    QueueQuery,
    handle,
    list_reports,
    read_photo,
    read_report,
)
from gazetteer.problem_reports.reporting import NewReport, report, track
from gazetteer.problem_reports.tables import problem_report, problem_reporter

__all__ = [
    "HANDLERS",
    "MOST_REPORTS",
    "Handling",
    "NewReport",
    "QueueQuery",
    "handle",
    "list_reports",
    "problem_report",
    "problem_reporter",
    "read_photo",
    "read_report",
    "report",
    "track",
]
