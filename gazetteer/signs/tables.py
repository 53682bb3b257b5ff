"""The tables of place-name signs (地名标志): the register, files of inspections, repair orders."""

from sqlalchemy import Column, Double, ForeignKey, Index, Integer

from data.geometry import POINT
from data.received import received_tables
from data.tables import ID, date_column, flag_column, record_table, rendered_table, text_column

sign = record_table(
    "sign",
    text_column("sign_no", required=True, index=True),
    text_column("name", required=True, index=True),
    text_column("kind", index=True),
    Column("place_id", ID, ForeignKey("place.id"), index=True),
    text_column("division_code", index=True),
    text_column("text_han"),
    text_column("text_roman"),
    text_column("text_minority"),
    text_column("scripts"),
    text_column("text_state", index=True),
    text_column("material"),
    Column("width_mm", Double),
    Column("height_mm", Double),
    date_column("erected_on"),
    text_column("custody_unit"),
    text_column("location"),
    Column("sigma_m", Double),
    text_column("condition", index=True),
    date_column("inspected_on"),
    date_column("valid_from"),
    date_column("valid_to"),
    text_column("source"),
    text_column("remark"),
    flag_column("synthetic"),
    kind=POINT,
)
"""地名标志. `text_state` is what its text is against the names as they stand (right, wrong, doubt,
unknown), kept true by every write of names; `condition` repeats the newest committed inspection;
`sigma_m` is the accuracy of its position."""

sign_submission, sign_submission_report = received_tables("sign_submission", text_column("mapping"))
"""A file of sign inspections, its state, report and what a person said of its columns."""

sign_inspection = record_table(
    "sign_inspection",
    Column("submission_id", ID, ForeignKey("sign_submission.id"), nullable=False, index=True),
    Column("row", Integer, nullable=False),
    Column("sign_id", ID, ForeignKey("sign.id"), nullable=False, index=True),
    date_column("observed_on"),
    text_column("inspector"),
    text_column("condition", required=True),
    Column("lon", Double),
    Column("lat", Double),
    Column("distance_m", Double),
    Column("tolerance_m", Double),
    text_column("text_han"),
    text_column("text_roman"),
    text_column("reason_zh"),
    text_column("reason_en"),
    text_column("raw", required=True),
)
"""A row of a committed file; `lon`, `lat` (the store's x, y) are where the sign was seen."""

sign_repair = record_table(
    "sign_repair",
    Column("sign_id", ID, ForeignKey("sign.id"), nullable=False, index=True),
    Column("inspection_id", ID, ForeignKey("sign_inspection.id")),
    text_column("sign_no", required=True),
    text_column("division_code", index=True),
    text_column("condition", required=True),
    text_column("state", required=True),
    date_column("opened_on"),
    date_column("due_on"),
    text_column("responsible"),
    date_column("done_on"),
    text_column("done_by"),
    text_column("remark"),
    Index("ix_sign_repair_state", "state", "due_on", "id"),
)
"""A repair order: state open, done or cancelled; due and responsible."""

sign_rendered = rendered_table(sign)
