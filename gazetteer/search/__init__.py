"""One box that finds any form of a name (地名检索)."""

from gazetteer.search.engine import lexicon_of, search, search_in
from gazetteer.search.indexing import index_divisions, index_names, is_current, rebuild
from gazetteer.search.lexicon import DivisionEntry, Lexicon, read_lexicon
from gazetteer.search.passes import LABELS, SECOND, Pass
from gazetteer.search.request import MAX_LIMIT, MAX_QUERY_CHARACTERS, SearchRequest
from gazetteer.search.results import Page, Result
from gazetteer.search.tables import search_form, search_term

__all__ = [
    "LABELS",
    "MAX_LIMIT",
    "MAX_QUERY_CHARACTERS",
    "SECOND",
    "DivisionEntry",
    "Lexicon",
    "Page",
    "Pass",
    "Result",
    "SearchRequest",
    "index_divisions",
    "index_names",
    "is_current",
    "lexicon_of",
    "read_lexicon",
    "rebuild",
    "search",
    "search_form",
    "search_in",
    "search_term",
]
