"""One box that finds any form of a name (地名检索)."""

from gazetteer.search.engine import (
    is_geographic,
    longer_results,
    nearest_results,
    result_of,
    search,
    search_at_once,
    search_by_statement,
    search_in,
    search_with,
    similar_around,
    suggest,
    suggest_with,
    whole_results,
)
from gazetteer.search.filters import is_under
from gazetteer.search.indexing import index_divisions, index_names, index_state, is_current, rebuild
from gazetteer.search.keeping import lexicon_of
from gazetteer.search.lexicon import DivisionEntry, Lexicon, read_lexicon, significant
from gazetteer.search.nearness import Origin
from gazetteer.search.request import MAX_LIMIT, MAX_QUERY_CHARACTERS, SearchRequest
from gazetteer.search.results import Page, Result
from gazetteer.search.tables import search_form, search_term
from gazetteer.search.ways import LABELS, SECOND, Pass

__all__ = [
    "LABELS",
    "MAX_LIMIT",
    "MAX_QUERY_CHARACTERS",
    "SECOND",
    "DivisionEntry",
    "Lexicon",
    "Origin",
    "Page",
    "Pass",
    "Result",
    "SearchRequest",
    "index_divisions",
    "index_names",
    "index_state",
    "is_current",
    "is_geographic",
    "is_under",
    "lexicon_of",
    "longer_results",
    "nearest_results",
    "read_lexicon",
    "rebuild",
    "result_of",
    "search",
    "search_at_once",
    "search_by_statement",
    "search_form",
    "search_in",
    "search_term",
    "search_with",
    "significant",
    "similar_around",
    "suggest",
    "suggest_with",
    "whole_results",
]
