"""Orders to restore markers."""

from sqlalchemy import Column, Double, ForeignKey, Index, Integer

from data.tables import ID, date_column, record_table, text_column

repair_order = record_table(
    "repair_order",
    Column("marker_id", ID, ForeignKey("marker.id"), nullable=False, index=True),
    text_column("marker_no", required=True),
    text_column("reason", required=True),
    Column("severity", Integer, nullable=False),
    text_column("state", required=True),
    date_column("opened_on"),
    date_column("due_on"),
    text_column("managing_party", index=True),
    text_column("parties"),
    text_column("assigned_to"),
    text_column("work_kind"),
    date_column("worked_on"),
    text_column("worked_by"),
    text_column("witness"),
    text_column("witness_party"),
    Column("version_id", ID, ForeignKey("marker_version.id")),
    Column("verified_by", ID, ForeignKey("inspection.id")),
    date_column("closed_on"),
    Column("cost_yuan", Double),
    text_column("cause"),
    text_column("liable"),
    Column("fine_yuan", Double),
    text_column("fine_document"),
    text_column("note"),
    Index("ix_repair_order_queue", "state", "severity", "opened_on"),
)
"""An order (修复任务) to the side that manages a marker: why (`marker_states`), how grave, its
state (open, assigned, done, closed, cancelled), the work with the neighbour's witness, the version
of the marker it made, the inspection that verified it; cost, cause, who is liable and the fine
(Order 353, Art 17)."""
