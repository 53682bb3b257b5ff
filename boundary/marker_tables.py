"""What belongs to a marker beside its record: signatures, versions, lines, photographs."""

from sqlalchemy import Column, Double, ForeignKey, Index, Integer, Text

from data.tables import ID, date_column, record_table, text_column

marker_signatory = record_table(
    "marker_signatory",
    Column("marker_id", ID, ForeignKey("marker.id"), nullable=False, index=True),
    text_column("party", required=True),
    text_column("technician"),
    text_column("official"),
    date_column("signed_on"),
)
"""Who signed a marker's sheet (界桩登记表) for party a, b or c: 技术人员, 勘界办人员, the day."""

marker_line = record_table(
    "marker_line",
    Column("marker_id", ID, ForeignKey("marker.id"), nullable=False, index=True),
    text_column("line_code", required=True, index=True),
)
"""A further line that meets at a marker (三交点), beside the marker's own `line_code`."""

marker_version = record_table(
    "marker_version",
    Column("marker_id", ID, ForeignKey("marker.id"), nullable=False, index=True),
    text_column("kind", required=True),
    date_column("happened_on"),
    text_column("parties"),
    text_column("witness"),
    text_column("agreement"),
    text_column("survey_method"),
    Column("sigma_m", Double),
    date_column("surveyed_on"),
    text_column("surveyor"),
    Column("distance_m", Double),
    text_column("filed_with"),
    date_column("filed_on"),
    text_column("note"),
    Column("successor_id", ID, ForeignKey("marker.id")),
)
"""What was lawfully done to a marker (`restoration_kinds`): parties by code, separated by `|`; who
stood by; the agreement's number; the survey; `distance_m` from the reference position as measured
then; a relocation names the record that follows."""

photo = record_table(
    "photo",
    Column("marker_id", ID, ForeignKey("marker.id"), nullable=False),
    Column("inspection_id", ID, ForeignKey("inspection.id"), index=True),
    Column("visit_id", ID, index=True),
    Column("sha256", Text, ForeignKey("stored_file.sha256"), nullable=False, index=True),
    Column("public_sha256", Text, ForeignKey("stored_file.sha256"), nullable=False),
    text_column("file_name", required=True),
    text_column("caption"),
    date_column("claimed_on"),
    text_column("taken_at"),
    Column("taken_lon", Double),
    Column("taken_lat", Double),
    Column("bearing_deg", Double),
    Column("distance_m", Double),
    Column("width_px", Integer),
    Column("height_px", Integer),
    text_column("findings"),
    text_column("added_at", required=True),
    Index("ix_photo_marker", "marker_id", "sha256", unique=True),
)
"""A photograph of a marker: the original and its public copy under their hashes, what the camera
wrote (local time, degrees of WGS 84), and what does not fit the claim, separated by `|`.
`visit_id` is the visit (`field_visit`) that it was sent with; the inspection follows when that is
committed."""
