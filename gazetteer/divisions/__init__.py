"""Divisions in time (行政区划变更): events, their effects, and any code on any day."""

from gazetteer.divisions.applying import Preview, apply_event, preview_event
from gazetteer.divisions.history import divisions_on, find_code
from gazetteer.divisions.listing import EventsQuery, list_events, read_event
from gazetteer.divisions.loading import PastLoaded, load_past
from gazetteer.divisions.parsing import parse_event
from gazetteer.divisions.plan import CodeChanges, Plan
from gazetteer.divisions.settling import settle_event
from gazetteer.divisions.showing import history_json, preview_json
from gazetteer.divisions.tables import division_event, division_event_line
from gazetteer.divisions.values import DivisionEvent, EventKind

__all__ = [
    "CodeChanges",
    "DivisionEvent",
    "EventKind",
    "EventsQuery",
    "PastLoaded",
    "Plan",
    "Preview",
    "apply_event",
    "division_event",
    "division_event_line",
    "divisions_on",
    "find_code",
    "history_json",
    "list_events",
    "load_past",
    "parse_event",
    "preview_event",
    "preview_json",
    "read_event",
    "settle_event",
]
