"""Lines (界线): their sections and course, agreements, documents, findings; the line's page."""

from boundary.lines.checks import LineFinding
from boundary.lines.course import Course, CourseSection, Station, draft_course
from boundary.lines.keeping import (
    Section,
    add_finding,
    add_line_document,
    add_safe_boundary,
    parties_of,
    read_line,
    set_sections,
    settle_finding,
)
from boundary.lines.reading import (
    LinesQuery,
    apart_findings,
    drafted_course,
    line_page,
    list_lines,
    markers_of_line,
)
from boundary.lines.template import inspection_template
from boundary.lines.wording import describe

__all__ = [
    "Course",
    "CourseSection",
    "LineFinding",
    "LinesQuery",
    "Section",
    "Station",
    "add_finding",
    "add_line_document",
    "add_safe_boundary",
    "apart_findings",
    "describe",
    "draft_course",
    "drafted_course",
    "inspection_template",
    "line_page",
    "list_lines",
    "markers_of_line",
    "parties_of",
    "read_line",
    "set_sections",
    "settle_finding",
]
