"""How the records of the third floor are released; see `data.releases`."""

from typing import Final

from sqlalchemy import Table

from boundary.change_tables import line_change
from boundary.evidence_tables import (
    conflict_decision,
    correction,
    inspection_evidence,
    outcome,
)
from boundary.field_tables import field_visit
from boundary.line_tables import boundary_document, line_finding, line_section, safe_boundary
from boundary.marker_tables import marker_line, marker_signatory, marker_version, photo
from boundary.repair_tables import repair_order
from boundary.round_tables import (
    joint_round,
    round_decision,
    round_file,
    round_line,
    round_signature,
    round_team,
)
from boundary.sensor_tables import (
    sensor_alarm,
    sensor_state,
    telemetry_batch,
    telemetry_reading,
)
from boundary.tables import inspection, line, marker, submission, submission_report, witness_object
from data.releases import AnyOf, Level, Of, Own, Release, Secret, release

_PARTIES: Final = ("party_a", "party_b", "party_c")
_OF_LINE: Final = " OR ".join(f"side.{party} IN ({{codes}})" for party in _PARTIES)
_BY_LINE: Final = (
    f"EXISTS (SELECT 1 FROM {{main}}line side WHERE side.code = MARKER.line_code AND ({_OF_LINE}))"
)
"""A marker whose record names no parties has those of its line."""
_OF_MARKER: Final = (
    "EXISTS (SELECT 1 FROM {main}marker its WHERE its.id = {p}.marker_id AND ("
    + " OR ".join(f"its.{name} IN ({{codes}})" for name in (*_PARTIES, "managing_party"))
    + f" OR {_BY_LINE.replace('MARKER', 'its')}))"
)
_OF_ROUND: Final = (
    "EXISTS (SELECT 1 FROM {main}round_line its JOIN {main}line side ON side.id = its.line_id"
    f" WHERE its.round_id = {{p}}.id AND ({_OF_LINE}))"
)
_OWN_FILE: Final = (
    "EXISTS ({codes}) OR EXISTS (SELECT 1 FROM ({own}) me"
    " WHERE substr({p}.sent_by, 1, length(me.code) + 2) = me.code || ' (')"
)

_RELEASES: Final[tuple[tuple[Table, Release], ...]] = (
    (line, Own(_PARTIES)),
    (line_section, Of(line, "line_id", Level.CLOSED)),
    (line_finding, Of(line, "line_id", Level.CLOSED)),
    (safe_boundary, Of(line, "line_id", Level.INTERNAL)),
    (
        line_change,
        AnyOf((Of(line, "line_id"), Of(line, "successor_id", where="{t}.line_id IS NULL"))),
    ),
    (marker, Own((*_PARTIES, "managing_party"), _BY_LINE.replace("MARKER", "{p}"))),
    (marker_line, Of(marker, "marker_id")),
    (marker_version, Of(marker, "marker_id", Level.INTERNAL)),
    (marker_signatory, Of(marker, "marker_id", Level.INTERNAL)),
    (witness_object, Of(marker, "marker_id", Level.CLOSED)),
    (field_visit, Of(marker, "marker_id", Level.CLOSED)),
    (photo, Of(marker, "marker_id", Level.CLOSED)),
    (inspection, Own((), _OF_MARKER)),
    (inspection_evidence, Of(inspection, "inspection_id", Level.CLOSED)),
    (submission, Own((), _OWN_FILE)),
    (submission_report, Of(submission, "submission_id")),
    (correction, Of(submission, "submission_id")),
    (outcome, Of(submission, "submission_id")),
    (conflict_decision, Of(marker, "marker_id", Level.INTERNAL)),
    (repair_order, Of(marker, "marker_id", Level.INTERNAL)),
    (telemetry_batch, Secret()),
    (telemetry_reading, Of(marker, "marker_id", Level.CLOSED)),
    (sensor_state, Of(marker, "marker_id", Level.CLOSED)),
    (sensor_alarm, Of(marker, "marker_id", Level.INTERNAL)),
    (joint_round, Own((), _OF_ROUND)),
    *(
        (table, Of(joint_round, "round_id"))
        for table in (round_line, round_team, round_file, round_decision, round_signature)
    ),
    (
        boundary_document,
        AnyOf(
            (
                Of(line, "owner_id", Level.INTERNAL, where="{t}.owner = 'line'"),
                Of(safe_boundary, "owner_id", where="{t}.owner = 'safe_boundary'"),
                Of(
                    marker,
                    "owner_id",
                    Level.CLOSED,
                    where="{t}.owner = 'marker_version'",
                    through=("marker_version", "id", "marker_id"),
                ),
            )
        ),
    ),
)


def declare_releases() -> None:
    """Say of every table of this floor how its records are released."""
    for table, how in _RELEASES:
        release(table, how)
