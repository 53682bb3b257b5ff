"""Matching a table's names to the register (地名匹配): candidates, scores and their reasons."""

from gazetteer.reconciliation.engine import match_names, reconcile
from gazetteer.reconciliation.values import Candidate, Feature, Matched, NameQuery, query_of

__all__ = [
    "Candidate",
    "Feature",
    "Matched",
    "NameQuery",
    "match_names",
    "query_of",
    "reconcile",
]
