"""What the two versions of the Reconciliation Service API ask of answers, as JSON Schema.

Written from the published specifications (W3C Entity Reconciliation Community Group, 0.2 of
2023-04-10 and the 1.0 draft): members, which of them are required, and their kinds.
"""

from typing import Any

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
FILLED: Schema = {"type": "string", "minLength": 1}
ID_AND_NAME: Schema = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": FILLED, "name": FILLED, "description": TEXT},
}
TYPES: Schema = {"type": "array", "items": ID_AND_NAME}


def exactly(required: list[str], properties: Schema) -> Schema:
    return {
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": False,
    }


def service(template: str) -> Schema:
    return {
        "type": "object",
        "required": ["service_url", "service_path"],
        "properties": {
            "service_url": {"type": "string", "pattern": "^https?://[^/]+$"},
            "service_path": {"type": "string", "pattern": "^/"},
            "flyout_service_path": {"type": "string", "pattern": template},
        },
    }


MANIFEST: Schema = {
    "type": "object",
    "required": ["versions", "name", "identifierSpace", "schemaSpace"],
    "properties": {
        "versions": {"type": "array", "items": TEXT, "contains": {"const": "0.2"}},
        "name": FILLED,
        "identifierSpace": {"type": "string", "pattern": "^https?://"},
        "schemaSpace": {"type": "string", "pattern": "^https?://"},
        "documentation": {"type": "string", "pattern": "^https?://"},
        "logo": {"type": "string", "pattern": "^https?://"},
        "defaultTypes": TYPES | {"uniqueItems": True},
        "batchSize": {"type": "integer", "minimum": 1},
        "view": {
            "type": "object",
            "required": ["url"],
            "properties": {"url": {"type": "string", "pattern": r".*\{\{id\}\}.*"}},
        },
        "preview": {
            "type": "object",
            "required": ["url", "width", "height"],
            "properties": {
                "url": {"type": "string", "pattern": r".*\{\{id\}\}.*"},
                "width": {"type": "integer"},
                "height": {"type": "integer"},
            },
        },
        "suggest": {
            "type": "object",
            "properties": {
                kind: service(r".*\$\{id\}.*") for kind in ("entity", "property", "type")
            },
        },
        "extend": {
            "type": "object",
            "properties": {
                "propose_properties": service(".*"),
                "property_settings": {"type": "array"},
            },
        },
    },
}
MANIFEST_V1: Schema = {
    "type": "object",
    "required": ["versions", "name", "view"],
    "properties": {
        "versions": {"type": "array", "items": TEXT, "contains": {"const": "1.0-draft"}},
        "name": FILLED,
        "view": {
            "type": "object",
            "required": ["url"],
            "properties": {"url": {"type": "string", "pattern": r"^[^{]*\{id\}[^{]*$"}},
        },
        "defaultTypes": TYPES | {"uniqueItems": True},
        "suggest": {
            "type": "object",
            "required": ["entity", "property", "type"],
            "additionalProperties": {"type": "boolean"},
        },
        "preview": {
            "type": "object",
            "required": ["width", "height"],
            "additionalProperties": {"type": "integer"},
        },
        "extend": {
            "type": "object",
            "properties": {
                "proposeProperties": {"type": "boolean"},
                "propertySettings": {"type": "array"},
            },
        },
        "batchSize": {"type": "integer", "minimum": 1},
        "standardizedScore": {"type": "boolean"},
        "lang": TEXT,
        "dir": {"enum": ["ltr", "rtl", "auto"]},
    },
}
FEATURE: Schema = {
    "type": "object",
    "required": ["id", "name", "value"],
    "properties": {"id": FILLED, "name": FILLED, "value": {"type": ["number", "boolean"]}},
}
CANDIDATE: Schema = {
    "type": "object",
    "required": ["id", "name", "type", "score", "match", "features"],
    "properties": {
        "id": FILLED,
        "name": FILLED,
        "description": TEXT,
        "type": TYPES,
        "score": {"type": "number", "minimum": 0, "maximum": 100},
        "match": {"type": "boolean"},
        "features": {"type": "array", "items": FEATURE},
    },
}
RESULTS: Schema = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "required": ["result"],
        "properties": {"result": {"type": "array", "items": CANDIDATE}},
    },
}
RESULTS_V1: Schema = {
    "type": "object",
    "required": ["results"],
    "properties": {
        "results": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["candidates"],
                "properties": {"candidates": {"type": "array", "items": CANDIDATE}},
            },
        }
    },
}
SUGGESTIONS: Schema = {
    "type": "object",
    "required": ["result"],
    "properties": {
        "result": {
            "type": "array",
            "items": ID_AND_NAME | {"properties": ID_AND_NAME["properties"] | {"notable": TYPES}},
        }
    },
}
VALUE: Schema = {
    "oneOf": [
        exactly(["id", "name"], {"id": FILLED, "name": FILLED}),
        exactly(["str"], {"str": TEXT}),
        exactly(["float"], {"float": {"type": "number"}}),
        exactly(["int"], {"int": {"type": "integer"}}),
        exactly(
            ["date"], {"date": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}}
        ),
    ]
}
META: Schema = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["id", "name"],
        "properties": {"id": FILLED, "name": FILLED, "type": ID_AND_NAME},
    },
}
EXTENSION: Schema = {
    "type": "object",
    "required": ["meta", "rows"],
    "properties": {
        "meta": META,
        "rows": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": {"type": "array", "items": VALUE},
            },
        },
    },
}
EXTENSION_V1: Schema = {
    "type": "object",
    "required": ["meta", "rows"],
    "properties": {
        "meta": META,
        "rows": {
            "type": "array",
            "items": exactly(
                ["id", "properties"],
                {
                    "id": FILLED,
                    "properties": {
                        "type": "array",
                        "items": exactly(
                            ["id", "values"],
                            {"id": FILLED, "values": {"type": "array", "items": VALUE}},
                        ),
                    },
                },
            ),
        },
    },
}
PROPOSAL: Schema = {
    "type": "object",
    "required": ["properties"],
    "properties": {
        "properties": {"type": "array", "items": ID_AND_NAME},
        "type": TEXT,
        "limit": {"type": "integer"},
    },
}
