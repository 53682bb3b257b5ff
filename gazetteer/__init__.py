"""The second floor: place names and divisions in time (地名、行政区划).

What is named here is meant for the other floors; everything else is the floor's own.
"""

from gazetteer import approvals, heritage, problem_reports, signs, volumes
from gazetteer.categories import category_names
from gazetteer.checker import (
    CheckedDocument,
    check_document,
    check_pasted,
    marked_copy,
    marked_html,
)
from gazetteer.choices import category_beginnings, name_statuses
from gazetteer.collections import DIVISIONS, PLACES
from gazetteer.divisions import (
    CodeChanges,
    DivisionEvent,
    EventKind,
    EventsQuery,
    apply_event,
    division_event,
    division_event_line,
    divisions_on,
    find_code,
    history_json,
    list_events,
    load_past,
    parse_event,
    preview_event,
    preview_json,
    read_event,
    settle_event,
)
from gazetteer.duplicates import DuplicatePage, duplicate_page
from gazetteer.editing import editors
from gazetteer.errors import (
    ExpertUnfit,
    FontsMissing,
    GazetteerError,
    MissingPaper,
    NameRefused,
    NoAuthority,
    NotListable,
    OwnCase,
    SortingEnded,
    WrongStep,
)
from gazetteer.exchange import Export, formats_of, profiles_of
from gazetteer.exchange import choose as choose_export
from gazetteer.exchange import page_bytes as export_page
from gazetteer.exchange import pieces as export_pieces
from gazetteer.exchange.mapped import ReadFields, offer_fields
from gazetteer.exchange.profiles import offer_profiles
from gazetteer.following import follow_names, make_countable, make_searchable
from gazetteer.identifiers import SCHEMES as IDENTIFIER_SCHEMES
from gazetteer.identifiers import NewIdentifier, identifier
from gazetteer.identifiers import assign as assign_identifier
from gazetteer.identifiers import end as end_identifier
from gazetteer.identifiers import look_up as look_up_identifier
from gazetteer.indicators import (
    NewPublication,
    list_publications,
    publication,
    record_publication,
)
from gazetteer.indicators import Stage as PlanStage
from gazetteer.indicators import evaluate as evaluate_plan
from gazetteer.indicators import write_report as write_plan_report
from gazetteer.loading import divisions_loader, names_loader
from gazetteer.measures import Measure, Measured, register_measure
from gazetteer.measures import Scope as MeasureScope
from gazetteer.name_check import NameQuestion, check_name
from gazetteer.name_rows import names_of
from gazetteer.names import MONGOLIAN_LANGUAGE, explain_name, is_language, load_dictionaries
from gazetteer.names_then import names_on
from gazetteer.reconciliation import (
    MOST_PASSED,
    PROPERTIES,
    Candidate,
    EntityProperty,
    EntityValue,
    Matched,
    NameQuery,
    Question,
    Suggestion,
    Value,
    answer,
    feature_of,
    limit_of,
    name_of,
    parse_identity,
    properties_of,
    read_values,
    stated_of,
    suggest_entities,
    suggest_properties,
    suggest_types,
    type_names,
    type_of,
)
from gazetteer.released import declare_releases
from gazetteer.rules import CheckedName, name_classes
from gazetteer.search import (
    Page,
    Result,
    SearchRequest,
    index_state,
    is_current,
    lexicon_of,
    search_at_once,
    search_by_statement,
    search_with,
    suggest_with,
)
from gazetteer.search import search as search_names
from gazetteer.search import suggest as suggest_names
from gazetteer.small_outlines import read_outlines
from gazetteer.statistics import DIMENSIONS as COUNT_DIMENSIONS
from gazetteer.statistics import LEVELS as COUNT_LEVELS
from gazetteer.statistics import Question as CountsQuestion
from gazetteer.statistics import ask as ask_counts
from gazetteer.statistics import counts_csv, counts_json, is_counted
from gazetteer.statistics import summarize as summarize_names
from gazetteer.tables import division, place, place_name
from gazetteer.where import Whereabouts, parse_position, where, where_in

declare_releases()

__all__ = [
    "COUNT_DIMENSIONS",
    "COUNT_LEVELS",
    "DIVISIONS",
    "IDENTIFIER_SCHEMES",
    "MONGOLIAN_LANGUAGE",
    "MOST_PASSED",
    "PLACES",
    "PROPERTIES",
    "Candidate",
    "CheckedDocument",
    "CheckedName",
    "CodeChanges",
    "CountsQuestion",
    "DivisionEvent",
    "DuplicatePage",
    "EntityProperty",
    "EntityValue",
    "EventKind",
    "EventsQuery",
    "ExpertUnfit",
    "Export",
    "FontsMissing",
    "GazetteerError",
    "Matched",
    "Measure",
    "MeasureScope",
    "Measured",
    "MissingPaper",
    "NameQuery",
    "NameQuestion",
    "NameRefused",
    "NewIdentifier",
    "NewPublication",
    "NoAuthority",
    "NotListable",
    "OwnCase",
    "Page",
    "PlanStage",
    "Question",
    "ReadFields",
    "Result",
    "SearchRequest",
    "SortingEnded",
    "Suggestion",
    "Value",
    "Whereabouts",
    "WrongStep",
    "answer",
    "apply_event",
    "approvals",
    "ask_counts",
    "assign_identifier",
    "category_beginnings",
    "category_names",
    "check_document",
    "check_name",
    "check_pasted",
    "choose_export",
    "counts_csv",
    "counts_json",
    "division",
    "division_event",
    "division_event_line",
    "divisions_loader",
    "divisions_on",
    "duplicate_page",
    "editors",
    "end_identifier",
    "evaluate_plan",
    "explain_name",
    "export_page",
    "export_pieces",
    "feature_of",
    "find_code",
    "formats_of",
    "heritage",
    "history_json",
    "identifier",
    "index_state",
    "is_counted",
    "is_current",
    "is_language",
    "lexicon_of",
    "limit_of",
    "list_events",
    "list_publications",
    "load_dictionaries",
    "load_past",
    "look_up_identifier",
    "make_countable",
    "make_searchable",
    "marked_copy",
    "marked_html",
    "name_classes",
    "name_of",
    "name_statuses",
    "names_loader",
    "names_of",
    "names_on",
    "offer_fields",
    "parse_event",
    "parse_identity",
    "parse_position",
    "place",
    "place_name",
    "preview_event",
    "preview_json",
    "problem_reports",
    "profiles_of",
    "properties_of",
    "publication",
    "read_event",
    "read_outlines",
    "read_values",
    "record_publication",
    "register_measure",
    "search_at_once",
    "search_by_statement",
    "search_names",
    "search_with",
    "settle_event",
    "signs",
    "stated_of",
    "suggest_entities",
    "suggest_names",
    "suggest_properties",
    "suggest_types",
    "suggest_with",
    "summarize_names",
    "type_names",
    "type_of",
    "volumes",
    "where",
    "where_in",
    "write_plan_report",
]

follow_names()
offer_profiles()
