"""What is kept beside inspections so that the next one knows: evidence, corrections, outcomes."""

from sqlalchemy import Column, Double, ForeignKey, Index, Integer, Table, Text

from data.tables import ID, date_column, metadata, record_table, text_column

inspection_evidence = Table(
    "inspection_evidence",
    metadata,
    Column("inspection_id", ID, ForeignKey("inspection.id"), primary_key=True, autoincrement=False),
    Column("marker_id", ID, ForeignKey("marker.id"), nullable=False, index=True),
    date_column("observed_on"),
    Column("outside_p", Double),
    Column("remaining_east_m", Double),
    Column("remaining_north_m", Double),
    Column("observation_sigma_m", Double),
    text_column("grade"),
    text_column("device"),
    text_column("session"),
    text_column("cause"),
    text_column("derived_from"),
    Index("ix_inspection_evidence_day", "observed_on", "outside_p"),
)
"""What a committed inspection stands on: the p-value of its test, the vector once what explains
it is taken off (observed minus registered, metres), the observation's own sigma per axis;
`derived_from` is JSON: the row it was corrected from. It all follows from the submission's report,
whose hash is kept."""

correction = record_table(
    "correction",
    Column("submission_id", ID, ForeignKey("submission.id"), nullable=False, index=True),
    Column("row", Integer, nullable=False),
    text_column("code", required=True),
    Column("changes", Text, nullable=False),
    text_column("confirmed_by", required=True),
    date_column("confirmed_on"),
    text_column("reason"),
)
"""A proposal that a person confirmed for a row of a submission: the row as it came stays in the
file, a row derived from it takes its part. `changes` is JSON: a list of field, from, to."""

outcome = record_table(
    "outcome",
    Column("submission_id", ID, ForeignKey("submission.id"), nullable=False, index=True),
    text_column("surveyor", index=True),
    text_column("device", index=True),
    text_column("cause", required=True),
    Column("rows", Integer, nullable=False),
    Column("scatter", Double),
    text_column("confirmed_by", required=True),
    text_column("recorded_at", required=True),
)
"""A confirmed outcome for one surveyor and device: `none` where a file was committed clean, or the
data error that a person confirmed. `scatter`: squared ratio of the errors found to those stated."""

conflict_decision = record_table(
    "conflict_decision",
    Column("marker_id", ID, ForeignKey("marker.id"), nullable=False, index=True),
    Column("inspection_id", ID, ForeignKey("inspection.id")),
    Column("compared", Text, nullable=False),
    date_column("covers_to"),
    text_column("condition"),
    text_column("verdict"),
    text_column("reason", required=True),
    text_column("agreed_by"),
    text_column("decided_by", required=True),
    date_column("decided_on"),
)
"""What a person decided about reports that contradict each other: `inspection_id` is the report
that holds, none where both stay open and the marker is to be visited again. `compared` is JSON: the
ids of the reports that were seen; `covers_to` the day of the newest report known then; `agreed_by`
who agreed for each party, divided by `|`."""
