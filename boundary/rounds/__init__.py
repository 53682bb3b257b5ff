"""Joint inspection rounds (联检): planned, seen by both sides, reconciled, signed, filed."""

from boundary.rounds.calendars import calendar_csv, calendar_ics, calendar_png, calendar_xlsx
from boundary.rounds.due import next_due
from boundary.rounds.field import field_package, route_gpx
from boundary.rounds.keeping import (
    acts_open,
    attach_file,
    cancel_round,
    decide,
    file_round,
    lines_of,
    parties_of_round,
    plan_round,
    read_round,
    record_past_round,
    sign,
)
from boundary.rounds.reading import (
    CALENDAR_YEARS,
    CalendarLine,
    calendar,
    due_of_line,
    list_rounds,
    round_page,
)
from boundary.rounds.report import read_papers, records_xlsx, report_docx

__all__ = [
    "CALENDAR_YEARS",
    "CalendarLine",
    "acts_open",
    "attach_file",
    "calendar",
    "calendar_csv",
    "calendar_ics",
    "calendar_png",
    "calendar_xlsx",
    "cancel_round",
    "decide",
    "due_of_line",
    "field_package",
    "file_round",
    "lines_of",
    "list_rounds",
    "next_due",
    "parties_of_round",
    "plan_round",
    "read_papers",
    "read_round",
    "record_past_round",
    "records_xlsx",
    "report_docx",
    "round_page",
    "route_gpx",
    "sign",
]
