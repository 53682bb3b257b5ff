"""The tables of approvals and experts."""

from sqlalchemy import Column, Double, ForeignKey, Index, Integer, Text

from data.tables import ID, date_column, flag_column, record_table, text_column

approval = record_table(
    "approval",
    text_column("kind", required=True),
    text_column("name_class", required=True),
    text_column("category_code", required=True),
    text_column("name", required=True, index=True),
    text_column("pinyin"),
    text_column("romanization"),
    text_column("name_mong"),
    Column("place_id", ID, ForeignKey("place.id"), index=True),
    text_column("former_name"),
    Column("successor_place_id", ID, ForeignKey("place.id")),
    Column("division_code", Text, nullable=False),
    text_column("applicant", required=True),
    text_column("reasons", required=True),
    text_column("position"),
    text_column("extent"),
    text_column("nature"),
    text_column("meaning"),
    text_column("origin"),
    Column("lon", Double),
    Column("lat", Double),
    text_column("measures"),
    text_column("authority", required=True),
    text_column("approving_body", required=True),
    text_column("approving_code"),
    text_column("filing_body"),
    text_column("filing_code"),
    text_column("announcing_body", required=True),
    text_column("announcing_code"),
    text_column("filing_clock"),
    text_column("announcement_clock", required=True),
    text_column("state", required=True),
    text_column("filing_state"),
    text_column("announcement_state"),
    date_column("applied_on"),
    text_column("checked_at"),
    text_column("check_report"),
    text_column("answers"),
    date_column("decided_on"),
    text_column("decision_no"),
    text_column("decision_note"),
    date_column("filing_sent_on"),
    date_column("filed_on"),
    text_column("filing_no"),
    date_column("announced_on"),
    text_column("announced_in"),
    date_column("due_on"),
    flag_column("synthetic"),
    Index("ix_approval_state", "state", "id"),
    Index("ix_approval_kind", "kind", "id"),
    Index("ix_approval_name_class", "name_class", "id"),
    Index("ix_approval_division_code", "division_code", "id"),
    Index("ix_approval_due_on", "due_on", "id"),
    Index("ix_approval_filing_state", "filing_state", "id"),
    Index("ix_approval_announcement_state", "announcement_state", "id"),
)
"""An application (命名、更名、停止使用) from first to last. `due_on` is the next last day of its
open clocks, NULL where none runs; `check_report`, `measures`, `answers` are JSON."""

approval_step = record_table(
    "approval_step",
    Column("approval_id", ID, ForeignKey("approval.id"), nullable=False, index=True),
    text_column("step", required=True),
    text_column("state", required=True),
    text_column("filing_state"),
    text_column("announcement_state"),
    text_column("taken_by", required=True),
    date_column("taken_on"),
    text_column("at", required=True),
    text_column("note"),
    text_column("details"),
)
"""A step that somebody took: the states it led to, the day it counts for, when it was entered."""

approval_paper = record_table(
    "approval_paper",
    Column("approval_id", ID, ForeignKey("approval.id"), nullable=False, index=True),
    text_column("kind", required=True),
    text_column("title", required=True),
    text_column("file_name", required=True),
    text_column("media_type", required=True),
    Column("sha256", Text, ForeignKey("stored_file.sha256"), nullable=False),
    Column("size_bytes", ID, nullable=False),
    text_column("added_by", required=True),
    text_column("added_at", required=True),
)
"""A paper of an application; its bytes are kept under their hash."""

expert = record_table(
    "expert",
    text_column("name", required=True),
    text_column("title"),
    text_column("organisation"),
    text_column("contact"),
    text_column("account", index=True),
    text_column("fields", required=True),
    Column("division_code", Text, index=True),
    date_column("available_from"),
    date_column("available_to"),
    flag_column("retired"),
    text_column("conflicts"),
    text_column("remark"),
)
"""An expert (专家库). Name, title, organisation, contact, account and remark are personal and never
public. `fields` are codes of `expert_fields` joined by `|`; `conflicts` divisions and bodies."""

approval_opinion = record_table(
    "approval_opinion",
    Column("approval_id", ID, ForeignKey("approval.id"), nullable=False, index=True),
    Column("expert_id", ID, ForeignKey("expert.id"), nullable=False, index=True),
    date_column("invited_on"),
    text_column("invited_by", required=True),
    text_column("state", required=True),
    date_column("answered_on"),
    text_column("vote"),
    text_column("opinion"),
    Column("paper_id", ID, ForeignKey("approval_paper.id")),
    Column("ordinal", Integer, nullable=False),
    Index("ix_approval_opinion_once", "approval_id", "expert_id", unique=True),
)
"""An invitation and what came of it: invited, answered, declined, conflict; `ordinal` is the number
by which the public knows the expert of this case."""
