"""The second floor: place names and divisions in time (地名、行政区划)."""
