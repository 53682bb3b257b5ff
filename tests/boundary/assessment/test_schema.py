"""The published schema holds for what is said, and its copy in the docs is current."""

import json
from datetime import date
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]

from boundary.assessment import AssessmentSettings, RegisteredMarker, assess, assessment_schema
from boundary.displacement_verdicts import Verdict
from boundary.observations import ObservationRow

COPY = Path(__file__).resolve().parents[3] / "docs" / "assessment.schema.json"


def test_reports_of_every_kind_keep_the_schema() -> None:
    register = [
        RegisteredMarker("A1", 119.0, 43.0, marker_id=1, sigma_m=0.05, tolerance_m=0.2),
        RegisteredMarker("A2", 119.1, 43.0, sigma_m=0.05, tolerance_m=0.2),
        RegisteredMarker("A3", 119.2, 43.0),
    ]
    cells = [
        {"marker_no": "A1", "lon": "119.0000000", "lat": "43.0000001", "method": "CORS"},
        {"marker_no": "A2", "lon": "43.0", "lat": "119.1", "method": "CORS"},
        {"marker_no": "A3", "lon": "119.2", "lat": "43.0", "method": "CORS"},
        {"marker_no": "A2", "condition": "丢失"},
        {"marker_no": "none", "lon": "x", "lat": "43"},
        {"remark": "nothing"},
    ]
    rows = [ObservationRow(i, row) for i, row in enumerate(cells, 2)]
    found = assess(register, rows, AssessmentSettings(today=date(2026, 11, 23)))
    jsonschema.Draft202012Validator(assessment_schema()).validate(found.as_json())
    jsonschema.Draft202012Validator.check_schema(assessment_schema())


def test_verdict_codes_are_those_of_the_rule_table() -> None:
    schema = json.dumps(assessment_schema())
    assert all(verdict.value in schema for verdict in Verdict)


def test_the_copy_in_the_docs_is_current() -> None:
    assert json.loads(COPY.read_text("utf-8")) == assessment_schema()
