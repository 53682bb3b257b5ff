"""Smart markers (物联网界桩): readings, debounced alarms into the queue of repairs."""

from boundary.sensors.judging import Reading, SensorRules, motion_of
from boundary.sensors.parsing import moved, parse_readings
from boundary.sensors.reading import TelemetryQuery, marker_telemetry, open_alarms, thin
from boundary.sensors.receiving import MOST_READINGS, Received, check_silence, receive_readings

__all__ = [
    "MOST_READINGS",
    "Reading",
    "Received",
    "SensorRules",
    "TelemetryQuery",
    "check_silence",
    "marker_telemetry",
    "motion_of",
    "moved",
    "open_alarms",
    "parse_readings",
    "receive_readings",
    "thin",
]
