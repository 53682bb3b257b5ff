"""Rows of inspection files (巡查记录): raw cells in, observations or all their faults out."""

from boundary.observations.dates import parse_date
from boundary.observations.rows import (
    MeasuredTie,
    Observation,
    ObservationRow,
    azimuth_kind,
    parse_observation,
)
from boundary.observations.vocabulary import Condition, Grade, Method, Vocabulary, word_key

__all__ = [
    "Condition",
    "Grade",
    "MeasuredTie",
    "Method",
    "Observation",
    "ObservationRow",
    "Vocabulary",
    "azimuth_kind",
    "parse_date",
    "parse_observation",
    "word_key",
]
