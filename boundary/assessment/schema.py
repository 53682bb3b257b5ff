"""The JSON Schema (2020-12) of an assessment: what `Assessment.as_json` promises."""

from boundary.diagnosis.findings import Json

_TEXT: Json = {"type": "string"}
_NUMBER_OR_NULL: Json = {"type": ["number", "null"]}
_LONLAT: Json = {
    "oneOf": [
        {"type": "null"},
        {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
    ],
    "description": "longitude, latitude in degrees, in the store's reference system",
}
_METRES = {
    "east_m": "observed minus registered, east, as typed",
    "north_m": "observed minus registered, north, as typed",
    "distance_m": "length of that vector",
    "predicted_east_m": "what the explanation predicts at this row, east",
    "predicted_north_m": "what the explanation predicts, north",
    "remaining_east_m": "what is left once the explanation is taken off, east",
    "remaining_north_m": "what is left, north",
    "remaining_m": "length of what is left",
    "sigma_m": "largest joint standard deviation per axis",
    "observation_sigma_m": "standard deviation per axis of the observation alone",
    "tolerance_m": "largest displacement that does not matter",
    "mdd_m": "smallest displacement found with power 0.8 at level 0.01",
}
VERDICT_CODES = ("in_place", "suspect", "displaced", "cannot_tell", "resubmit")


def assessment_schema() -> Json:
    """The schema as plain values; a copy stands in `docs/assessment.schema.json`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Assessment of an inspection file",
        "type": "object",
        "required": ["row_count", "summary", "faults", "findings", "results"],
        "properties": {
            "row_count": {"type": "integer", "minimum": 0},
            "summary": {
                "type": "object",
                "propertyNames": {"enum": list(VERDICT_CODES)},
                "additionalProperties": {"type": "integer", "minimum": 1},
            },
            "faults": {"type": "array", "items": _fault()},
            "findings": {"type": "array", "items": _finding()},
            "results": {"type": "array", "items": _result()},
        },
    }


def _object(properties: Json, *, closed: bool = True) -> Json:
    found: Json = {"type": "object", "required": list(properties), "properties": properties}
    return {**found, "additionalProperties": False} if closed else found


def _fault() -> Json:
    return _object(
        {
            "code": _TEXT,
            "row": {"type": ["integer", "null"]},
            "column": {"type": ["string", "null"]},
            "value": _TEXT,
            "zh": _TEXT,
            "en": _TEXT,
        }
    )


def _finding() -> Json:
    rows = {"type": "array", "items": {"type": "integer"}}
    return _object({"code": _TEXT, "zh": _TEXT, "en": _TEXT, "rows": rows}, closed=False)


def _proposal() -> Json:
    change = _object({"field": _TEXT, "from": _TEXT, "to": _TEXT})
    proposal = _object(
        {
            "code": _TEXT,
            "field": _TEXT,
            "from": _TEXT,
            "to": _TEXT,
            "changes": {"type": "array", "items": change, "minItems": 1},
            "zh": _TEXT,
            "en": _TEXT,
        }
    )
    return {"oneOf": [{"type": "null"}, proposal]}


def _ellipse() -> Json:
    number = {"type": "number"}
    ellipse = _object(
        {
            "semi_major_m": number,
            "semi_minor_m": number,
            "azimuth_deg": number,
            "confidence": number,
        }
    )
    return {"oneOf": [{"type": "null"}, ellipse]}


def _result() -> Json:
    metres = {
        name: {**_NUMBER_OR_NULL, "description": f"metres: {what}"}
        for name, what in _METRES.items()
    }
    return _object(
        {
            "row": {"type": "integer"},
            "marker_id": {"type": ["integer", "null"]},
            "marker_no": _TEXT,
            "match": {"enum": ["number", "nearest", "none"]},
            "condition": {"type": ["string", "null"]},
            "verdict": {"enum": list(VERDICT_CODES)},
            "registered": _LONLAT,
            "observed": _LONLAT,
            **metres,
            "bearing_deg": {**_NUMBER_OR_NULL, "description": "from true north, clockwise"},
            "grade": {"enum": ["survey", "handheld", "phone", ""]},
            "tolerance_source": _TEXT,
            "capability": {**_NUMBER_OR_NULL, "description": "tolerance over sigma"},
            "outside_p": {**_NUMBER_OR_NULL, "description": "p of 'within tolerance'"},
            "ellipse": _ellipse(),
            "cause": _TEXT,
            "cause_probability": _NUMBER_OR_NULL,
            "proposal": _proposal(),
            "synthetic": {"type": "boolean"},
            "zh": _TEXT,
            "en": _TEXT,
        }
    )
