"""Matching a table's names to the register (地名匹配): candidates, scores and their reasons."""

from gazetteer.reconciliation.combining import Question, answer
from gazetteer.reconciliation.engine import reconcile
from gazetteer.reconciliation.properties import (
    PROPERTIES,
    EntityProperty,
    EntityValue,
    Value,
    properties_of,
    read_values,
)
from gazetteer.reconciliation.stating import Stated, feature_of, stated_of
from gazetteer.reconciliation.suggesting import (
    MOST_PASSED,
    Suggestion,
    suggest_entities,
    suggest_properties,
    suggest_types,
)
from gazetteer.reconciliation.types import type_names, type_of
from gazetteer.reconciliation.values import (
    Candidate,
    Feature,
    Matched,
    NameQuery,
    limit_of,
    name_of,
    parse_identity,
)

__all__ = [
    "MOST_PASSED",
    "PROPERTIES",
    "Candidate",
    "EntityProperty",
    "EntityValue",
    "Feature",
    "Matched",
    "NameQuery",
    "Question",
    "Stated",
    "Suggestion",
    "Value",
    "answer",
    "feature_of",
    "limit_of",
    "name_of",
    "parse_identity",
    "properties_of",
    "read_values",
    "reconcile",
    "stated_of",
    "suggest_entities",
    "suggest_properties",
    "suggest_types",
    "type_names",
    "type_of",
]
