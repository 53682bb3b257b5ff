"""Markers (界桩): numbers, sheets and tables, what was lawfully done to them, photographs."""

from boundary.markers.numbers import MarkerNumber
from boundary.markers.photos import (
    PHOTO_SENDERS,
    Claim,
    add_photo,
    photo_findings,
    photos_of,
    read_photo,
)
from boundary.markers.sheet_files import results_docx, results_xlsx, sheets_docx, sheets_xlsx
from boundary.markers.sheets import SheetRow, line_results, marker_sheet, sheet_columns, sheet_rows
from boundary.markers.versions import (
    Act,
    history_of,
    marker_parties,
    read_marker,
    record_act,
    relocate,
)

__all__ = [
    "PHOTO_SENDERS",
    "Act",
    "Claim",
    "MarkerNumber",
    "SheetRow",
    "add_photo",
    "history_of",
    "line_results",
    "marker_parties",
    "marker_sheet",
    "photo_findings",
    "photos_of",
    "read_marker",
    "read_photo",
    "record_act",
    "relocate",
    "results_docx",
    "results_xlsx",
    "sheet_columns",
    "sheet_rows",
    "sheets_docx",
    "sheets_xlsx",
]
