"""Joint inspection rounds: their lines, teams, files, decisions and signatures."""

from sqlalchemy import Column, Double, ForeignKey, Integer

from data.tables import ID, date_column, record_table, text_column

_ROUND = "joint_round.id"

joint_round = record_table(
    "joint_round",
    text_column("name", required=True),
    Column("number", Integer),
    text_column("kind", required=True),
    text_column("state", required=True, index=True),
    date_column("due_on"),
    date_column("begins_on"),
    date_column("ends_on"),
    date_column("completed_on"),
    text_column("event"),
    text_column("plan"),
    text_column("route"),
    Column("route_m", Double),
    Column("route_bound_m", Double),
    date_column("filed_on"),
    text_column("filed_with"),
    text_column("filing_no"),
    text_column("remark"),
)
"""联检: regular every five years or special after an event (Order 353, Art 12); `state` is planned,
field, signed, filed or cancelled; `route` the ids of its markers in the order of the tour, divided
by `|`, with its length and a length that no tour is shorter than."""

round_line = record_table(
    "round_line",
    Column("round_id", ID, ForeignKey(_ROUND), nullable=False, index=True),
    Column("line_id", ID, ForeignKey("line.id"), nullable=False, index=True),
)
"""A line, or part of one, that a round inspects."""

round_team = record_table(
    "round_team",
    Column("round_id", ID, ForeignKey(_ROUND), nullable=False, index=True),
    text_column("party", required=True),
    text_column("leader"),
    text_column("members"),
)
"""The team of one side."""

round_file = record_table(
    "round_file",
    Column("round_id", ID, ForeignKey(_ROUND), nullable=False, index=True),
    Column("submission_id", ID, ForeignKey("submission.id"), nullable=False, unique=True),
    text_column("side", required=True),
)
"""A committed inspection file of one side; a file is one side's and of one round."""

round_decision = record_table(
    "round_decision",
    Column("round_id", ID, ForeignKey(_ROUND), nullable=False, index=True),
    Column("marker_id", ID, ForeignKey("marker.id"), nullable=False, index=True),
    text_column("condition"),
    text_column("verdict"),
    text_column("note", required=True),
    text_column("agreed_by", required=True),
    date_column("decided_on"),
)
"""What the sides agreed on where their observations contradict each other, and who for each."""

round_signature = record_table(
    "round_signature",
    Column("round_id", ID, ForeignKey(_ROUND), nullable=False, index=True),
    text_column("party", required=True),
    text_column("name", required=True),
    text_column("role"),
    date_column("signed_on"),
)
"""A signature under a round's report, for one party."""
