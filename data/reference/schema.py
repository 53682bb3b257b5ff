"""The columns of each code table and what a cell may hold.

A shipped table and an operator's own table are held to the same columns. `mark` says how far
a row may be trusted: V verified in the source named beside it, D derived, M from memory,
W one weak source, K professional knowledge that nobody has checked against a text.
"""

from dataclasses import dataclass
from typing import Final

TEXT: Final = r"[\s\S]*"
FILLED: Final = r"[\s\S]*\S[\s\S]*"
NUMBER: Final = r"-?\d+(\.\d+)?"
NUMBER_OR_EMPTY: Final = rf"({NUMBER})?"
INTEGER: Final = r"\d+"
INTEGER_OR_EMPTY: Final = r"\d*"
CODE6: Final = r"\d{6}"
CODE6_OR_EMPTY: Final = r"(\d{6})?"
MARK: Final = "[VDMWK]"
ROMANIZATION_MARK: Final = "(agreed|adapted|one-copy|memory)?"
LEVEL: Final = "region|prefecture|county|township"
LINE_LEVEL: Final = "province|prefecture|county|township"
SYSTEM: Final = "[a-z][a-z0-9_]*"
LIST_DATE: Final = r"\d{6}"
DAY_OR_EMPTY: Final = r"(\d{4}-\d{2}-\d{2})?"
EVENT_KIND: Final = (
    "established|abolished|merged|split|transferred|renamed|seat_moved|recoded|replaced"
)

RULES: Final[dict[str, tuple[str, str]]] = {
    FILLED: ("must not be empty", "不能为空"),
    NUMBER: ("must be a number such as 12.5", "应为数字，例如 12.5"),
    NUMBER_OR_EMPTY: ("must be a number or empty", "应为数字或留空"),
    INTEGER: ("must be a whole number", "应为整数"),
    INTEGER_OR_EMPTY: ("must be a whole number or empty", "应为整数或留空"),
    CODE6: ("must be a code of 6 digits (GB/T 2260)", "应为 6 位区划代码"),
    CODE6_OR_EMPTY: ("must be a code of 6 digits or empty", "应为 6 位区划代码或留空"),
    LIST_DATE: ("must be year and month such as 199912", "应为年月，例如 199912"),
    DAY_OR_EMPTY: ("must be a date such as 2003-12-01 or empty", "应为日期（如 2003-12-01）或留空"),
    MARK: ("must be one of V, D, M, W, K", "应为 V、D、M、W、K 之一"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name and the pattern its whole cell must match."""

    name: str
    pattern: str = TEXT

    @property
    def rule(self) -> tuple[str, str]:
        """The rule in words, English then Chinese."""
        told = self.pattern.strip("()?").replace("|", ", ")
        return RULES.get(self.pattern, (f"must be one of: {told}", f"应为以下之一：{told}"))


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of one table, its key, and columns that name another row of the same table."""

    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("code",)
    parent: str = ""


_SOURCE = Column("source", FILLED)
_MARKED = (Column("mark", MARK), _SOURCE)


def _vocabulary(*extra: Column) -> Table:
    """A list of terms: a code, its words in two languages, and what else people write for it."""
    words = (Column("code", FILLED), Column("zh", FILLED), Column("en", FILLED))
    return Table((*words, Column("synonyms"), *extra, *_MARKED))


TABLES: Final[dict[str, Table]] = {
    "divisions": Table(
        (
            Column("code", CODE6),
            Column("name", FILLED),
            Column("level", LEVEL),
            Column("parent_code", CODE6_OR_EMPTY),
            Column("romanization"),
            Column("romanization_mark", ROMANIZATION_MARK),
            Column("letter_code", "[A-Z]*"),
            _SOURCE,
        ),
        parent="parent_code",
    ),
    "division_history": Table(
        (
            Column("event", FILLED),
            Column("list", LIST_DATE),
            Column("kind", EVENT_KIND),
            Column("old_code", CODE6_OR_EMPTY),
            Column("old_name"),
            Column("new_code", CODE6_OR_EMPTY),
            Column("new_name"),
            Column("approved_on", DAY_OR_EMPTY),
            Column("document"),
            Column("derived", "yes|no"),
            *_MARKED,
        ),
        key=("list", "old_code", "new_code"),
    ),
    "division_event_kinds": _vocabulary(),
    "division_authorities": Table(
        (
            Column("kind", FILLED),
            Column("level", FILLED),
            Column("generics", FILLED),
            Column("authority", FILLED),
            Column("authority_en", FILLED),
            Column("words", FILLED),
            Column("also"),
            Column("article", FILLED),
            *_MARKED,
        ),
        key=("kind", "level", "generics"),
    ),
    "complete_record": Table(
        (Column("field", FILLED), Column("zh", FILLED), Column("en", FILLED), *_MARKED),
        key=("field",),
    ),
    "indicators": Table(
        (
            Column("code", FILLED),
            Column("zh", FILLED),
            Column("en", FILLED),
            Column("measure", FILLED),
            Column("unit", "share|number"),
            Column("direction", "at_least|at_most"),
            Column("mid_target", NUMBER),
            Column("target", NUMBER),
            Column("basis_zh", FILLED),
            *_MARKED,
        ),
    ),
    "publication_kinds": _vocabulary(),
    "division_clocks": Table(
        (
            Column("code", FILLED),
            Column("zh", FILLED),
            Column("en", FILLED),
            Column("start", "approved_on|effective_on"),
            Column("months", INTEGER),
            Column("extension_months", INTEGER),
            Column("end", "completed_on|codes_published_on"),
            Column("article", FILLED),
            *_MARKED,
        ),
    ),
    "place_categories": Table(
        (
            Column("code", r"\d{1,5}"),
            Column("parent_code", r"\d{0,4}"),
            Column("code5", r"\d{5}"),
            Column("name", FILLED),
            Column("name_en", FILLED),
            *_MARKED,
        ),
        parent="parent_code",
    ),
    "place_sheet": Table(
        (
            Column("code", "[a-z_]+"),
            Column("zh", FILLED),
            Column("short_code", "[A-Z]*"),
            Column("required", "yes|no"),
            Column("home", "place|name|extra|made"),
            Column("open", "yes|no"),
            *_MARKED,
        ),
    ),
    "lpf_types": Table(
        (
            Column("code", r"\d{1,5}"),
            Column("fclass", "[AHLPRST]"),
            Column("aat", r"(\d{9})?"),
            Column("aat_label"),
            *_MARKED,
        ),
    ),
    "neighbours": Table(
        (
            Column("code", CODE6),
            Column("name", FILLED),
            Column("kind", FILLED),
            Column("romanization"),
            Column("romanization_mark", ROMANIZATION_MARK),
            Column("short_character", FILLED),
            *_MARKED,
        ),
    ),
    "administered_elsewhere": Table(
        (
            Column("code", CODE6),
            Column("name", FILLED),
            Column("located_in", CODE6),
            Column("located_in_name", FILLED),
            Column("administered_by", CODE6),
            Column("administered_by_name", FILLED),
            *_MARKED,
        ),
    ),
    "everyday_names": Table(
        (
            Column("code", CODE6),
            Column("name", FILLED),
            Column("text", FILLED),
            Column("kind", "short|alias"),
            *_MARKED,
        ),
        key=("code", "text"),
    ),
    "outline_uncertainty": Table(
        (Column("source_word", FILLED), Column("uncertainty_m", NUMBER), *_MARKED),
        key=("source_word",),
    ),
    "short_names": Table(
        (Column("code", CODE6), Column("short_name", FILLED), Column("use", FILLED), *_MARKED),
        key=("code", "use"),
    ),
    "line_names": Table(
        (
            Column("code"),
            Column("name", FILLED),
            Column("level", LINE_LEVEL),
            Column("party_a", CODE6),
            Column("party_b", CODE6),
            *_MARKED,
        ),
        key=("party_a", "party_b"),
    ),
    "marker_types": _vocabulary(Column("together", "[123]")),
    "marker_faces": _vocabulary(),
    "materials": _vocabulary(),
    "conditions": _vocabulary(Column("also_accepted")),
    "condition_flags": _vocabulary(),
    "restoration_kinds": _vocabulary(
        Column("parties", "all|none"),
        Column("agreement", "yes|no"),
        Column("survey", "yes|no"),
        Column("ends", "yes|no"),
        Column("lapses", "all|inscription|none"),
    ),
    "document_kinds": _vocabulary(),
    "repair_times": Table(
        (Column("code", FILLED), Column("severity", INTEGER), Column("days", INTEGER), *_MARKED)
    ),
    "repair_steps": Table(
        (
            Column("act", FILLED),
            Column("from_state", FILLED),
            Column("to_state", FILLED),
            Column("zh", FILLED),
            Column("en", FILLED),
            *_MARKED,
        ),
        key=("act",),
    ),
    "marker_states": _vocabulary(Column("severity", INTEGER), Column("opens_order", "yes|no")),
    "status_rules": Table(
        (Column("code", r"S\d+"), Column("zh", FILLED), Column("en", FILLED), *_MARKED)
    ),
    "line_finding_kinds": _vocabulary(),
    "boundary_rules": Table(
        (
            Column("code", FILLED),
            Column("value", NUMBER),
            Column("unit", FILLED),
            Column("zh", FILLED),
            Column("en", FILLED),
            *_MARKED,
        ),
    ),
    "line_states": Table(
        (
            Column("party_a", CODE6),
            Column("party_b", CODE6),
            Column("state", "agreed|undetermined|disputed"),
            Column("as_of", FILLED),
            *_MARKED,
        ),
        key=("party_a", "party_b"),
    ),
    "line_levels": _vocabulary(Column("approving_authority"), Column("approving_authority_en")),
    "segment_kinds": _vocabulary(),
    "segment_states": _vocabulary(),
    "feature_states": _vocabulary(),
    "name_statuses": _vocabulary(),
    "name_kinds": _vocabulary(),
    "directions16": Table(
        (
            Column("code", FILLED),
            Column("zh", FILLED),
            Column("from_deg", NUMBER),
            Column("to_deg", NUMBER),
            Column("from_dms", FILLED),
            Column("to_dms", FILLED),
            *_MARKED,
        ),
    ),
    "datums": _vocabulary(
        Column("geographic_epsg", INTEGER),
        Column("ellipsoid", FILLED),
        Column("semi_major_m", NUMBER),
        Column("inverse_flattening", NUMBER),
    ),
    "height_datums": _vocabulary(Column("epsg", INTEGER)),
    "grids": Table(
        (
            Column("epsg", INTEGER),
            Column("system", SYSTEM),
            Column("zone_width_deg", "3|6"),
            Column("zone", INTEGER),
            Column("central_meridian_deg", NUMBER),
            Column("prefixed", "yes|no"),
            *_MARKED,
        ),
        key=("epsg",),
    ),
    "methods": _vocabulary(
        Column("sigma_m", NUMBER),
        Column("sigma_low_m", NUMBER),
        Column("sigma_high_m", NUMBER),
        Column("grade", "survey|handheld|phone"),
    ),
    "tolerance_classes": Table(
        (
            Column("code", FILLED),
            Column("zh", FILLED),
            Column("en", FILLED),
            Column("sigma_m", NUMBER),
            Column("tolerance_m", NUMBER),
            Column("map_scale", INTEGER_OR_EMPTY),
            Column("sigma_map_mm", NUMBER_OR_EMPTY),
            Column("factor", NUMBER_OR_EMPTY),
            *_MARKED,
        ),
    ),
    "families": Table(
        (
            Column("family", "[a-z]+"),
            Column("mongolian", "[a-z]+"),
            Column("cyrillic", FILLED),
            Column("script"),
            Column("meaning_zh", FILLED),
            Column("meaning_en", FILLED),
            Column("spellings", FILLED),
            Column("kind", "specific|generic|both|suffix"),
            Column("confidence", "certain|likely|possible"),
            Column("examples"),
            *_MARKED,
        ),
        key=("family",),
    ),
    "pinyin_exceptions": Table(
        (
            Column("text", FILLED),
            Column("reading", FILLED),
            Column("scope", "default|character|phrase"),
            *_MARKED,
        ),
        key=("text",),
    ),
    "generics": Table(
        (
            Column("generic", FILLED),
            Column("pinyin", FILLED),
            Column("class", "division|modifier|ethnic|water|nature|settlement|street|facility"),
            Column("level", "(region|prefecture|county|township|village)?"),
            Column("meaning_en", FILLED),
            *_MARKED,
        ),
        key=("generic",),
    ),
    "name_classes": _vocabulary(
        Column("categories", r"\d{1,5}(\|\d{1,5})*"), Column("default", "yes|no")
    ),
    "name_rules": Table(
        (
            Column("code", "[a-z-]+"),
            Column("severity", "blocks|asks|warns|manual"),
            Column("article", FILLED),
            Column("zh", FILLED),
            Column("en", FILLED),
            *_MARKED,
        ),
    ),
    "name_scopes": Table(
        (
            Column("code", FILLED),
            Column("classes", FILLED),
            Column("categories", r"(\d{1,5}(\|\d{1,5})*)?"),
            Column("scope", "nation|province|county|built-up"),
            Column("zh", FILLED),
            Column("en", FILLED),
            *_MARKED,
        ),
    ),
    "generic_fits": Table(
        (
            Column("generic", FILLED),
            Column("kind", "word|family"),
            Column("categories", r"\d{1,5}(\|\d{1,5})*"),
            *_MARKED,
        ),
        key=("generic", "kind"),
    ),
    "generic_thresholds": Table(
        (
            Column("generic", FILLED),
            Column("class", FILLED),
            Column("measure", "area_m2|length_m|width_m|floors|height_m"),
            Column("minimum", NUMBER_OR_EMPTY),
            Column("maximum", NUMBER_OR_EMPTY),
            *_MARKED,
        ),
        key=("generic", "class", "measure"),
    ),
    "standard_characters": Table(
        (Column("code", FILLED), Column("level", INTEGER), Column("characters", FILLED), *_MARKED),
    ),
    "listed_names": Table(
        (
            Column("name", FILLED),
            Column(
                "kind",
                "leader|person|foreign-person|foreign-place|company|famous-feature|heritage-site",
            ),
            Column("note"),
            *_MARKED,
        ),
        key=("name", "kind"),
    ),
    "national_divisions": Table(
        (
            Column("code", CODE6),
            Column("name", FILLED),
            Column("level", "region|prefecture|county"),
            *_MARKED,
        ),
    ),
    "common_passwords": Table((Column("password", FILLED), *_MARKED), key=("password",)),
    "sign_kinds": _vocabulary(
        Column("width_mm", INTEGER_OR_EMPTY),
        Column("height_mm", INTEGER_OR_EMPTY),
        Column("colours"),
    ),
    "sign_conditions": _vocabulary(Column("repair", "yes|no"), Column("repair_days", INTEGER)),
    "strokes": Table(
        (Column("strokes", INTEGER), Column("characters", FILLED), _SOURCE), key=("strokes",)
    ),
    "outside_divisions": Table((Column("code", CODE6), Column("name", FILLED), _SOURCE)),
    "checker_words": Table(
        (
            Column("text", FILLED),
            Column("role", "common|before_past|after_past|before_name|after_name|before_place"),
            *_MARKED,
        ),
        key=("text", "role"),
    ),
    "approval_kinds": _vocabulary(),
    "approval_states": _vocabulary(Column("final", "yes|no")),
    "filing_states": _vocabulary(Column("final", "yes|no")),
    "announcement_states": _vocabulary(Column("final", "yes|no")),
    "paper_kinds": _vocabulary(),
    "expert_fields": _vocabulary(),
    "expert_votes": _vocabulary(),
    "invitation_states": _vocabulary(),
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
            *_MARKED,
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
            *_MARKED,
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
            *_MARKED,
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
            *_MARKED,
        ),
    ),
    "heritage_levels": _vocabulary(Column("division_level", "nation|region|prefecture|county")),
    "heritage_categories": _vocabulary(),
    "heritage_states": _vocabulary(),
    "heritage_conditions": _vocabulary(),
    "heritage_criteria": Table(
        (
            Column("code", FILLED),
            Column("category", FILLED),
            Column("zh", FILLED),
            Column("en", FILLED),
            Column("minimum_years", INTEGER),
            *_MARKED,
        ),
        key=("category", "code"),
    ),
}
