"""The tables of an office's work on names: approvals, experts, heritage lists."""

from typing import Final

from data.reference.columns import (
    FILLED,
    INTEGER,
    MARKED,
    SOURCE,
    Column,
    Table,
    vocabulary,
)

OFFICE_TABLES: Final[dict[str, Table]] = {
    "approval_kinds": vocabulary(),
    "approval_states": vocabulary(Column("final", "yes|no")),
    "filing_states": vocabulary(Column("final", "yes|no")),
    "announcement_states": vocabulary(Column("final", "yes|no")),
    "paper_kinds": vocabulary(),
    "expert_fields": vocabulary(),
    "expert_votes": vocabulary(),
    "invitation_states": vocabulary(),
    "approval_steps": Table(
        (
            Column("code", "[a-z-]+"),
            Column("zh", FILLED),
            Column("en", FILLED),
            Column("part", "case|filing|announcement"),
            Column("from"),
            Column("to", FILLED),
            Column("roles", FILLED),
            Column("where", "division|approving|filing|announcing"),
            Column("apart_from"),
            Column("article", FILLED),
            *MARKED,
        ),
    ),
    "approval_clocks": Table(
        (
            Column("code", "[a-z-]+"),
            Column("zh", FILLED),
            Column("en", FILLED),
            Column("start", "approval|filing"),
            Column("days", INTEGER),
            Column("remind_days", r"(\d+(\|\d+)*)?"),
            Column("article", FILLED),
            *MARKED,
        ),
    ),
    "approval_authorities": Table(
        (
            Column("code", "[a-z-]+"),
            Column("classes", FILLED),
            Column("kinds", FILLED),
            Column("applicant_zh"),
            Column("applicant_en"),
            Column("approving_kind", "government|place-name-authority|department"),
            Column("approving_level", "(nation|region|prefecture|county|city-or-county|stated)?"),
            Column("approving_zh"),
            Column("approving_en"),
            Column("filing_level", "none|nation|next-higher|same-level"),
            Column("filing_zh"),
            Column("filing_en"),
            Column("filing_clock"),
            Column("announcement_clock", FILLED),
            Column("papers_required"),
            Column("papers_asked"),
            Column("article", FILLED),
            *MARKED,
        ),
    ),
    "approval_documents": Table(
        (
            Column("code", "[a-z-]+"),
            Column("zh", FILLED),
            Column("en", FILLED),
            Column("after", FILLED),
            Column("title", FILLED),
            Column("article", FILLED),
            *MARKED,
        ),
    ),
    "heritage_levels": vocabulary(Column("division_level", "nation|region|prefecture|county")),
    "heritage_categories": vocabulary(),
    "heritage_states": vocabulary(),
    "heritage_conditions": vocabulary(),
    "heritage_criteria": Table(
        (
            Column("code", FILLED),
            Column("category", FILLED),
            Column("zh", FILLED),
            Column("en", FILLED),
            Column("minimum_years", INTEGER),
            *MARKED,
        ),
        key=("category", "code"),
    ),
    "lawful_ways": Table(
        (Column("code", "[a-z_]+"), Column("zh", FILLED), Column("en", FILLED), *MARKED),
    ),
    "editable_fields": Table(
        (
            Column("collection", "[a-z]+"),
            Column("field", "[a-z_]+"),
            Column("create", "yes|no|required"),
            Column("change", "yes|no|draft"),
            Column("words"),
            Column("way", FILLED),
            SOURCE,
        ),
        key=("collection", "field"),
    ),
}
