"""The tables of the third floor: lines, markers, submissions and inspections."""

from sqlalchemy import Column, Double, ForeignKey, Index, Integer

from data.coarse import coarse_tables
from data.geometry import MULTILINESTRING, POINT
from data.received import received_tables
from data.tables import (
    ID,
    date_column,
    flag_column,
    record_table,
    rendered_table,
    text_column,
)

line = record_table(
    "line",
    text_column("code", index=True),
    text_column("name", required=True, index=True),
    text_column("section"),
    text_column("name_source"),
    text_column("level", required=True, index=True),
    text_column("party_a", index=True),
    text_column("party_b", index=True),
    text_column("party_c", index=True),
    text_column("approving_authority"),
    date_column("approved_on"),
    Column("length_m", Double),
    text_column("length_basis"),
    text_column("start_point"),
    text_column("end_point"),
    text_column("state", index=True),
    text_column("state_source"),
    Column("markers_stated", Integer),
    Column("single_stated", Integer),
    Column("double_stated", Integer),
    Column("triple_stated", Integer),
    text_column("remark"),
    date_column("valid_from"),
    date_column("valid_to"),
    text_column("source"),
    text_column("licence"),
    flag_column("synthetic"),
    kind=MULTILINESTRING,
)
"""界线. The parties are division codes; `level` is that at which they differ. `geom` is the agreed
line and never changes (Order 353, Art 7); `length_basis` says whether `length_m` was agreed or
computed; `state` is the worst of its sections (`segment_states`); `…_stated` counts markers as the
line's own record has them."""

marker = record_table(
    "marker",
    text_column("marker_no", required=True, index=True),
    text_column("marker_code"),
    text_column("line_code", index=True),
    text_column("line_name"),
    text_column("level"),
    Column("sequence", Integer),
    text_column("kind"),
    Column("faces", Integer),
    text_column("material"),
    text_column("accuracy_class"),
    Column("sigma_m", Double),
    Column("tolerance_m", Double),
    text_column("tolerance_source"),
    text_column("survey_method"),
    date_column("surveyed_on"),
    text_column("coordinate_text"),
    text_column("crs_text"),
    Column("height_m", Double),
    text_column("height_datum"),
    text_column("managing_party", index=True),
    text_column("location"),
    text_column("position_description"),
    text_column("remark"),
    text_column("condition", index=True),
    text_column("verdict", index=True),
    date_column("inspected_on"),
    text_column("status", index=True),
    flag_column("status_open"),
    text_column("status_rules"),
    text_column("marker_name"),
    text_column("spatial_id"),
    text_column("sheet_no"),
    flag_column("smart"),
    text_column("party_a"),
    text_column("party_b"),
    text_column("party_c"),
    flag_column("custody"),
    text_column("custody_unit"),
    date_column("registered_on"),
    text_column("change_history"),
    Column("predecessor_id", ID, ForeignKey("marker.id"), index=True),
    date_column("valid_from"),
    date_column("valid_to"),
    text_column("source"),
    flag_column("synthetic"),
    kind=POINT,
)
"""界桩. `geom` is the surveyed reference position and never changes (Order 353, Art 6).
`condition`, `verdict`, `status`, `status_open` and `status_rules` are derived from its evidence by
the rules of `boundary.status`, in the transaction that brings the evidence."""

witness_object = record_table(
    "witness_object",
    Column("marker_id", ID, ForeignKey("marker.id"), nullable=False, index=True),
    Column("ordinal", Integer, nullable=False),
    text_column("name", required=True),
    Column("azimuth_deg", Double),
    text_column("azimuth_kind"),
    Column("distance_m", Double),
)
"""方位物: a fixed object near a marker, with azimuth (grid, magnetic or true) and distance."""

submission, submission_report = received_tables("submission", text_column("mapping"))
"""A surveyor's file, its state (received, preview, refused, committed), and what it says as JSON;
the journal keeps the hash of that in the submission."""

inspection = record_table(
    "inspection",
    Column("submission_id", ID, ForeignKey("submission.id"), nullable=False, index=True),
    Column("row", Integer, nullable=False),
    Column("marker_id", ID, ForeignKey("marker.id"), nullable=False, index=True),
    text_column("marker_no", required=True, index=True),
    date_column("observed_on"),
    text_column("surveyor"),
    text_column("method"),
    text_column("side"),
    text_column("grade"),
    Column("ties", Integer),
    flag_column("proof"),
    Column("round_id", ID, ForeignKey("joint_round.id"), index=True),
    text_column("condition", index=True),
    text_column("verdict", required=True, index=True),
    Column("east_m", Double),
    Column("north_m", Double),
    Column("distance_m", Double),
    Column("bearing_deg", Double),
    Column("sigma_m", Double),
    Column("tolerance_m", Double),
    Column("mdd_m", Double),
    text_column("reason_zh"),
    text_column("reason_en"),
    text_column("raw", required=True),
    flag_column("synthetic"),
    Index("ix_inspection_day", "observed_on", "verdict"),
    kind=POINT,
)
"""检查: a row of a committed submission; `geom` is where it was seen, `raw` its cells as typed.
`side` is the party that reported, `grade` that of its method, `ties` how many distances to witness
objects were taped, `proof` whether physical proof was found."""

line_rendered = rendered_table(line)
marker_rendered = rendered_table(marker)
inspection_rendered = rendered_table(inspection)

for _layer in (line, marker, inspection):
    coarse_tables(_layer)
