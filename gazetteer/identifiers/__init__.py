"""Identifiers (标识): codes of several schemes on one record, and records by any code."""

from gazetteer.identifiers.credit_code import CreditCode
from gazetteer.identifiers.keeping import NewIdentifier, assign, end, look_up
from gazetteer.identifiers.schemes import SCHEMES, Scheme, readings, scheme_of
from gazetteer.identifiers.tables import identifier

__all__ = [
    "SCHEMES",
    "CreditCode",
    "NewIdentifier",
    "Scheme",
    "assign",
    "end",
    "identifier",
    "look_up",
    "readings",
    "scheme_of",
]
