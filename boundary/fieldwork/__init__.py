"""Fieldwork (外业): a round's markers taken along, the visits that devices send, their review."""

from boundary.fieldwork.bundle import take_along
from boundary.fieldwork.receiving import Received, receive_visit
from boundary.fieldwork.reviewing import TakenIn, take_in, visits_of_round
from boundary.fieldwork.visits import RADIUS_95_PER_SIGMA, Visit

__all__ = [
    "RADIUS_95_PER_SIGMA",
    "Received",
    "TakenIn",
    "Visit",
    "receive_visit",
    "take_along",
    "take_in",
    "visits_of_round",
]
