"""The third floor: boundary lines, markers, inspections and verdicts (界线、界桩).

What is named here is meant for the other floors; everything else is the floor's own.
"""

from boundary import changes, fieldwork, risk, rounds, sensors, topology
from boundary.annotating import annotated_workbook
from boundary.assessment import (
    Assessment,
    AssessmentSettings,
    MarkerResult,
    RegisteredMarker,
    WitnessObject,
    assess,
)
from boundary.authority import names_of as division_names
from boundary.authority import sight_of
from boundary.collections import INSPECTIONS, LINES, MARKERS
from boundary.conflicts import (
    AGAIN,
    DECIDERS,
    HOLDS,
    Settlement,
    conflict_of,
    list_conflicts,
    settle,
)
from boundary.division_lines import lines_touched
from boundary.documents import Paper, read_document
from boundary.editing import editors
from boundary.errors import BoundaryError, NotLawful, WrongState
from boundary.exchange import offer_registers
from boundary.inspecting import Inspected, inspect_file
from boundary.lines import (
    LinesQuery,
    Section,
    add_finding,
    add_line_document,
    add_safe_boundary,
    apart_findings,
    describe,
    drafted_course,
    inspection_template,
    line_page,
    list_lines,
    read_line,
    set_sections,
    settle_finding,
)
from boundary.lines.loading import lines_loader, sections_loader
from boundary.lines.nearest import NearestLine, nearest_line
from boundary.markers import (
    PHOTO_SENDERS,
    Act,
    Claim,
    SheetRow,
    add_photo,
    history_of,
    line_results,
    marker_sheet,
    photos_of,
    read_marker,
    read_photo,
    record_act,
    relocate,
    results_docx,
    results_xlsx,
    sheet_columns,
    sheets_docx,
    sheets_xlsx,
)
from boundary.markers.loading import markers_loader
from boundary.markers.photo_matching import PhotoMatch, match_photo
from boundary.measures import register_boundary_measures
from boundary.observations import ObservationRow
from boundary.picture_lines import marker_picture, submission_picture
from boundary.pictures import PictureFormat
from boundary.receipts import receipt
from boundary.register import read_region, read_register
from boundary.released import declare_releases
from boundary.repairs import (
    RepairsQuery,
    Work,
    list_repairs,
    open_order,
    read_repair,
    record_incident,
    repair_page,
    restore,
    work_kinds,
)
from boundary.repairs import assign as assign_repair
from boundary.repairs import cancel as cancel_repair
from boundary.repairs import close as close_repair
from boundary.seen_reports import markers_of, seen_report, sender_of
from boundary.status import MarkerStatus
from boundary.status.keeping import status_of
from boundary.status.rejudging import Rejudged, judge_all
from boundary.submissions import (
    commit,
    confirm_cause,
    confirm_corrections,
    name_columns,
    newest_submissions,
    open_submissions,
    preview,
    read_submission,
    receive,
    withdraw_corrections,
)
from boundary.summary import (
    LineFacts,
    count_in_force,
    line_facts,
    repairs_waiting,
    verdicts_by_year,
)
from boundary.tables import line, marker, witness_object
from data.received import COMMITTED, PREVIEW, REFUSED

declare_releases()

__all__ = [
    "AGAIN",
    "COMMITTED",
    "DECIDERS",
    "HOLDS",
    "INSPECTIONS",
    "LINES",
    "MARKERS",
    "PHOTO_SENDERS",
    "PREVIEW",
    "REFUSED",
    "Act",
    "Assessment",
    "AssessmentSettings",
    "BoundaryError",
    "Claim",
    "Inspected",
    "LineFacts",
    "LinesQuery",
    "MarkerResult",
    "MarkerStatus",
    "NearestLine",
    "NotLawful",
    "ObservationRow",
    "Paper",
    "PhotoMatch",
    "PictureFormat",
    "RegisteredMarker",
    "Rejudged",
    "RepairsQuery",
    "Section",
    "Settlement",
    "SheetRow",
    "WitnessObject",
    "Work",
    "WrongState",
    "add_finding",
    "add_line_document",
    "add_photo",
    "add_safe_boundary",
    "annotated_workbook",
    "apart_findings",
    "assess",
    "assign_repair",
    "cancel_repair",
    "changes",
    "close_repair",
    "commit",
    "confirm_cause",
    "confirm_corrections",
    "conflict_of",
    "count_in_force",
    "describe",
    "division_names",
    "drafted_course",
    "editors",
    "fieldwork",
    "history_of",
    "inspect_file",
    "inspection_template",
    "judge_all",
    "line",
    "line_facts",
    "line_page",
    "line_results",
    "lines_loader",
    "lines_touched",
    "list_conflicts",
    "list_lines",
    "list_repairs",
    "marker",
    "marker_picture",
    "marker_sheet",
    "markers_loader",
    "markers_of",
    "match_photo",
    "name_columns",
    "nearest_line",
    "newest_submissions",
    "open_order",
    "open_submissions",
    "photos_of",
    "preview",
    "read_document",
    "read_line",
    "read_marker",
    "read_photo",
    "read_region",
    "read_register",
    "read_repair",
    "read_submission",
    "receipt",
    "receive",
    "record_act",
    "record_incident",
    "relocate",
    "repair_page",
    "repairs_waiting",
    "restore",
    "results_docx",
    "results_xlsx",
    "risk",
    "rounds",
    "sections_loader",
    "seen_report",
    "sender_of",
    "sensors",
    "set_sections",
    "settle",
    "settle_finding",
    "sheet_columns",
    "sheets_docx",
    "sheets_xlsx",
    "sight_of",
    "status_of",
    "submission_picture",
    "topology",
    "verdicts_by_year",
    "withdraw_corrections",
    "witness_object",
    "work_kinds",
]

offer_registers()
register_boundary_measures()
