"""Every code table by its name, and what its columns hold; see `data.reference.columns`."""

from typing import Final

from data.reference.columns import (
    CODE6,
    CODE6_OR_EMPTY,
    DAY_OR_EMPTY,
    EVENT_KIND,
    FILLED,
    INTEGER,
    INTEGER_OR_EMPTY,
    LEVEL,
    LINE_LEVEL,
    LIST_DATE,
    MARKED,
    NUMBER,
    NUMBER_OR_EMPTY,
    ROMANIZATION_MARK,
    SOURCE,
    SYSTEM,
    Column,
    Table,
    vocabulary,
)
from data.reference.office_tables import OFFICE_TABLES

__all__ = ["TABLES", "Column", "Table"]

TABLES: Final[dict[str, Table]] = {
    "divisions": Table(
        (
            Column("code", CODE6),
            Column("name", FILLED),
            Column("level", LEVEL),
            Column("parent_code", CODE6_OR_EMPTY),
            Column("romanization"),
            Column("romanization_mark", ROMANIZATION_MARK),
            SOURCE,
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
            *MARKED,
        ),
        key=("list", "old_code", "new_code"),
    ),
    "division_event_kinds": vocabulary(),
    "laws": Table(
        (
            Column("code", "[A-Z]+[0-9]*"),
            Column("zh", FILLED),
            Column("en", FILLED),
            Column("order_no", r"\d*"),
            *MARKED,
        ),
    ),
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
            *MARKED,
        ),
        key=("kind", "level", "generics"),
    ),
    "complete_record": Table(
        (Column("field", FILLED), Column("zh", FILLED), Column("en", FILLED), *MARKED),
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
            *MARKED,
        ),
    ),
    "publication_kinds": vocabulary(),
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
            *MARKED,
        ),
    ),
    "place_categories": Table(
        (
            Column("code", r"\d{1,5}"),
            Column("parent_code", r"\d{0,4}"),
            Column("code5", r"\d{5}"),
            Column("name", FILLED),
            Column("name_en", FILLED),
            *MARKED,
        ),
        parent="parent_code",
    ),
    "tile_importance": Table(
        (
            Column("layer", "[a-z]+"),
            Column("column", "[a-z_]+"),
            Column("value"),
            Column("weight", r"-?\d+"),
            *MARKED,
        ),
        key=("layer", "column", "value"),
    ),
    "tile_levels": Table(
        (Column("level", "[a-z]+"), Column("shown_from", INTEGER), *MARKED), key=("level",)
    ),
    "place_sheet": Table(
        (
            Column("code", "[a-z_]+"),
            Column("zh", FILLED),
            Column("short_code", "[A-Z]*"),
            Column("required", "yes|no"),
            Column("home", "place|name|extra|made"),
            Column("open", "yes|no"),
            *MARKED,
        ),
    ),
    "lpf_types": Table(
        (
            Column("code", r"\d{1,5}"),
            Column("fclass", "[AHLPRST]"),
            Column("aat", r"(\d{9})?"),
            Column("aat_label"),
            *MARKED,
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
            *MARKED,
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
            *MARKED,
        ),
    ),
    "everyday_names": Table(
        (
            Column("code", CODE6),
            Column("name", FILLED),
            Column("text", FILLED),
            Column("kind", "short|alias"),
            *MARKED,
        ),
        key=("code", "text"),
    ),
    "outline_uncertainty": Table(
        (Column("source_word", FILLED), Column("uncertainty_m", NUMBER), *MARKED),
        key=("source_word",),
    ),
    "short_names": Table(
        (Column("code", CODE6), Column("short_name", FILLED), Column("use", FILLED), *MARKED),
        key=("code", "use"),
    ),
    "line_names": Table(
        (
            Column("code"),
            Column("name", FILLED),
            Column("level", LINE_LEVEL),
            Column("party_a", CODE6),
            Column("party_b", CODE6),
            *MARKED,
        ),
        key=("party_a", "party_b"),
    ),
    "marker_types": vocabulary(Column("together", "[123]")),
    "marker_faces": vocabulary(),
    "materials": vocabulary(),
    "conditions": vocabulary(Column("also_accepted")),
    "condition_flags": vocabulary(),
    "restoration_kinds": vocabulary(
        Column("parties", "all|none"),
        Column("agreement", "yes|no"),
        Column("survey", "yes|no"),
        Column("ends", "yes|no"),
        Column("lapses", "all|inscription|none"),
    ),
    "document_kinds": vocabulary(),
    "repair_times": Table(
        (Column("code", FILLED), Column("severity", INTEGER), Column("days", INTEGER), *MARKED)
    ),
    "repair_steps": Table(
        (
            Column("act", FILLED),
            Column("from_state", FILLED),
            Column("to_state", FILLED),
            Column("zh", FILLED),
            Column("en", FILLED),
            *MARKED,
        ),
        key=("act",),
    ),
    "marker_states": vocabulary(Column("severity", INTEGER), Column("opens_order", "yes|no")),
    "status_rules": Table(
        (Column("code", r"S\d+"), Column("zh", FILLED), Column("en", FILLED), *MARKED)
    ),
    "line_finding_kinds": vocabulary(),
    "sensor_alarms": vocabulary(Column("reason", FILLED)),
    "risk_factors": Table(
        (
            *(Column(name, FILLED) for name in ("code", "zh", "en", "unit")),
            *(Column(name, NUMBER) for name in ("weight", "zero", "full")),
            *MARKED,
        ),
    ),
    "topology_kinds": vocabulary(),
    "topology_grades": vocabulary(),
    "boundary_rules": Table(
        (
            Column("code", FILLED),
            Column("value", NUMBER),
            Column("unit", FILLED),
            Column("zh", FILLED),
            Column("en", FILLED),
            *MARKED,
        ),
    ),
    "line_states": Table(
        (
            Column("party_a", CODE6),
            Column("party_b", CODE6),
            Column("state", "agreed|undetermined|disputed"),
            Column("as_of", FILLED),
            *MARKED,
        ),
        key=("party_a", "party_b"),
    ),
    "line_levels": vocabulary(Column("approving_authority")),
    "segment_kinds": vocabulary(),
    "segment_states": vocabulary(),
    "feature_states": vocabulary(),
    "name_statuses": vocabulary(),
    "name_kinds": vocabulary(),
    "directions16": Table(
        (
            Column("code", FILLED),
            Column("zh", FILLED),
            Column("from_deg", NUMBER),
            Column("to_deg", NUMBER),
            *MARKED,
        ),
    ),
    "verdicts": vocabulary(
        Column("shape", "circle|triangle|diamond|square|cross|ring"),
        Column("colour", "#[0-9a-f]{6}"),
        Column("dark_colour", "#[0-9a-f]{6}"),
    ),
    "datums": vocabulary(
        Column("geographic_epsg", INTEGER),
        Column("ellipsoid", FILLED),
        Column("semi_major_m", NUMBER),
        Column("inverse_flattening", NUMBER),
    ),
    "height_datums": vocabulary(Column("epsg", INTEGER)),
    "grids": Table(
        (
            Column("epsg", INTEGER),
            Column("system", SYSTEM),
            Column("zone_width_deg", "3|6"),
            Column("zone", INTEGER),
            Column("central_meridian_deg", NUMBER),
            Column("prefixed", "yes|no"),
            *MARKED,
        ),
        key=("epsg",),
    ),
    "methods": vocabulary(
        Column("sigma_m", NUMBER),
        Column("grade", "survey|handheld|phone"),
    ),
    "tolerance_classes": Table(
        (
            Column("code", FILLED),
            Column("zh", FILLED),
            Column("en", FILLED),
            Column("sigma_m", NUMBER),
            Column("tolerance_m", NUMBER),
            *MARKED,
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
            *MARKED,
        ),
        key=("family",),
    ),
    "pinyin_exceptions": Table(
        (
            Column("text", FILLED),
            Column("reading", FILLED),
            Column("scope", "default|character|phrase"),
            *MARKED,
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
            *MARKED,
        ),
        key=("generic",),
    ),
    "name_classes": vocabulary(
        Column("categories", r"\d{1,5}(\|\d{1,5})*"), Column("default", "yes|no")
    ),
    "name_rules": Table(
        (
            Column("code", "[a-z-]+"),
            Column("severity", "blocks|asks|warns|manual"),
            Column("article", FILLED),
            Column("zh", FILLED),
            Column("en", FILLED),
            *MARKED,
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
            *MARKED,
        ),
    ),
    "generic_fits": Table(
        (
            Column("generic", FILLED),
            Column("kind", "word|family"),
            Column("categories", r"\d{1,5}(\|\d{1,5})*"),
            *MARKED,
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
            *MARKED,
        ),
        key=("generic", "class", "measure"),
    ),
    "standard_characters": Table(
        (Column("code", FILLED), Column("level", INTEGER), Column("characters", FILLED), *MARKED),
    ),
    "listed_names": Table(
        (
            Column("name", FILLED),
            Column(
                "kind",
                "leader|person|foreign-person|foreign-place|company|famous-feature|heritage-site",
            ),
            Column("note"),
            *MARKED,
        ),
        key=("name", "kind"),
    ),
    "national_divisions": Table(
        (
            Column("code", CODE6),
            Column("name", FILLED),
            Column("level", "region|prefecture|county"),
            *MARKED,
        ),
    ),
    "common_passwords": Table((Column("password", FILLED), *MARKED), key=("password",)),
    "sign_kinds": vocabulary(
        Column("width_mm", INTEGER_OR_EMPTY),
        Column("height_mm", INTEGER_OR_EMPTY),
        Column("colours"),
    ),
    "sign_conditions": vocabulary(Column("repair", "yes|no"), Column("repair_days", INTEGER)),
    "strokes": Table(
        (Column("strokes", INTEGER), Column("characters", FILLED), SOURCE), key=("strokes",)
    ),
    "outside_divisions": Table((Column("code", CODE6), Column("name", FILLED), SOURCE)),
    "checker_words": Table(
        (
            Column("text", FILLED),
            Column("role", "common|before_past|after_past|before_name|after_name|before_place"),
            *MARKED,
        ),
        key=("text", "role"),
    ),
} | OFFICE_TABLES
