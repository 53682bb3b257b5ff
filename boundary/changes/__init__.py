"""From changes of divisions to lines (区划变更引起的界线变更): previewed, applied, kept in time."""

from boundary.changes.applying import apply_lines
from boundary.changes.history import line_history
from boundary.changes.papers import changes_docx, changes_xlsx
from boundary.changes.reading import Previewed, event_lines, preview_lines
from boundary.changes.survey_checks import SurveyFinding
from boundary.changes.surveying import Survey, Surveyed, check_survey, read_survey, take_survey
from boundary.changes.values import LineChanges, LineEffect, MarkerEffect, Piece

__all__ = [
    "LineChanges",
    "LineEffect",
    "MarkerEffect",
    "Piece",
    "Previewed",
    "Survey",
    "SurveyFinding",
    "Surveyed",
    "apply_lines",
    "changes_docx",
    "changes_xlsx",
    "check_survey",
    "event_lines",
    "line_history",
    "preview_lines",
    "read_survey",
    "take_survey",
]
