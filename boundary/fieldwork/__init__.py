"""Fieldwork (外业): a round's markers taken along, and the visits that devices send from there."""

from boundary.fieldwork.bundle import take_along
from boundary.fieldwork.receiving import Received, receive_visit
from boundary.fieldwork.visits import RADIUS_95_PER_SIGMA, Visit

__all__ = ["RADIUS_95_PER_SIGMA", "Received", "Visit", "receive_visit", "take_along"]
