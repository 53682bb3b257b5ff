"""On a server: every text is compared byte by byte, in whatever order its database was made.

Ranges of codes and pages by keys count on it; in a database made in Chinese or English order they
were empty or wrong. A file has compared so from the beginning.
"""

from alembic import op

from data.text_order import compare_by_bytes

revision = "0033"
down_revision = "0032"

_TABLES = [
    "account",
    "account_grant",
    "account_identity",
    "account_invitation",
    "account_secret",
    "account_session",
    "account_token",
    "approval",
    "approval_opinion",
    "approval_paper",
    "approval_step",
    "boundary_document",
    "conflict_decision",
    "correction",
    "division",
    "division_event",
    "division_event_line",
    "expert",
    "field_visit",
    "heritage",
    "heritage_evidence",
    "heritage_inspection",
    "heritage_picture",
    "heritage_story",
    "heritage_tiled",
    "identifier",
    "inspection",
    "inspection_coarse",
    "inspection_coarse_tiled",
    "inspection_evidence",
    "inspection_tiled",
    "joint_round",
    "journal",
    "kept_answer",
    "layer_change",
    "line",
    "line_change",
    "line_coarse",
    "line_finding",
    "line_section",
    "marker",
    "marker_coarse",
    "marker_coarse_tiled",
    "marker_line",
    "marker_signatory",
    "marker_tiled",
    "marker_version",
    "name_tally",
    "name_year",
    "outcome",
    "partial_upload",
    "partial_upload_part",
    "photo",
    "place",
    "place_extra",
    "place_fact",
    "place_name",
    "place_rendered",
    "place_tiled",
    "problem_report",
    "problem_reporter",
    "publication",
    "reading",
    "record_release",
    "release_rule",
    "repair_order",
    "round_decision",
    "round_file",
    "round_signature",
    "round_team",
    "safe_boundary",
    "search_form",
    "search_term",
    "sensor_alarm",
    "sensor_state",
    "sign",
    "sign_inspection",
    "sign_repair",
    "sign_submission",
    "sign_submission_report",
    "sign_tiled",
    "store_meta",
    "stored_file",
    "submission",
    "submission_report",
    "telemetry_batch",
    "telemetry_reading",
    "witness_object",
]


def upgrade() -> None:
    """Change the order of the columns; their indexes are made anew, their rows stay as they are."""
    if op.get_bind().dialect.name == "postgresql":
        compare_by_bytes(op.get_bind(), _TABLES)
