"""The naming rules (地名命名规则): 地名管理条例 Art 9 and its scopes as checks. Pure.

A proposed name and what stands around it go in; findings come out, each with the article it
stands on, how much it weighs, and an explanation. Severities, articles and sentences are rows of
the table `name_rules`; what no program can judge is listed beside the findings.
"""

from gazetteer.rules.engine import CheckedName, check_proposal
from gazetteer.rules.tables import (
    NameClass,
    class_of_category,
    find_class,
    name_class,
    name_classes,
)
from gazetteer.rules.values import Finding, Former, ManualCheck, Proposal, Severity, Surroundings

__all__ = [
    "CheckedName",
    "Finding",
    "Former",
    "ManualCheck",
    "NameClass",
    "Proposal",
    "Severity",
    "Surroundings",
    "check_proposal",
    "class_of_category",
    "find_class",
    "name_class",
    "name_classes",
]
