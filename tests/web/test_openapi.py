"""The API's own description is valid, complete in itself, and true."""

import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import validate

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def described(client: FlaskClient) -> dict[str, Any]:
    answer: dict[str, Any] = client.get("/api").get_json(force=True)
    return answer


def test_it_is_valid_openapi_3_0(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.0")
    validate(described)


def test_it_stands_beside_in_openapi_3_1(client: FlaskClient) -> None:
    links = [one for one in client.get("/").get_json()["links"] if one["rel"] == "service-desc"]
    assert [one["type"].rpartition("=")[2] for one in links] == ["3.0", "3.1"]
    answer = client.get(links[1]["href"])
    assert answer.content_type == links[1]["type"]
    described = answer.get_json(force=True)
    assert described["openapi"].startswith("3.1")
    assert "nullable" not in answer.get_data(as_text=True)
    validate(described)
    assert client.get("/api?version=2.0").status_code == 400


def test_every_tag_of_an_operation_is_one_of_the_document(described: dict[str, Any]) -> None:
    known = {one["name"] for one in described["tags"]}
    used = {
        tag
        for operations in described["paths"].values()
        for operation in operations.values()
        for tag in operation["tags"]
    }
    assert used == known


def test_it_refers_to_nothing_outside(described: dict[str, Any]) -> None:
    def references(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if "$ref" in part else []
            return own + [r for value in part.values() for r in references(value)]
        if isinstance(part, list):
            return [r for value in part for r in references(value)]
        return []

    found = references(described)
    assert found
    assert all(reference.startswith("#/components/") for reference in found)


def test_every_address_of_the_application_is_described(
    app: Flask, described: dict[str, Any]
) -> None:
    paths = set(described["paths"])
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        path = rule.rule.replace("<name>", "places")
        path = re.sub(r"<(?:\w+:)?identity>", "{id}", path)
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path)
        assert path in paths, path


def test_the_parameters_are_as_clients_expect(described: dict[str, Any]) -> None:
    parameters = described["components"]["parameters"]
    box, limit = parameters["bbox"], parameters["limit"]["schema"]
    assert (box["style"], box["explode"], box["required"]) == ("form", False, False)
    assert (box["schema"]["minItems"], box["schema"]["maxItems"]) == (4, 6)
    assert {"minimum", "maximum", "default"} <= set(limit)
    assert parameters["datetime"]["schema"]["type"] == "string"


def test_each_described_parameter_is_accepted(
    client: FlaskClient, described: dict[str, Any]
) -> None:
    values = {"bbox": "111,40,113,42", "datetime": "2024-01-01", "f": "json", "lang": "en"}
    values |= dict.fromkeys(("division", "within"), "990101")
    shared = described["components"]["parameters"]
    for path, operations in described["paths"].items():
        if "get" not in operations or "{" in path:
            continue
        listed = [
            shared[p["$ref"].rsplit("/", 1)[1]] if "$ref" in p else p
            for p in operations["get"]["parameters"]
        ]
        needed = {known["name"]: known["example"] for known in listed if known["required"]}
        expected = min(int(status) for status in operations["get"]["responses"])
        for known in listed:
            kind = known["schema"]["type"]
            default = known["schema"].get("example", "true" if kind == "boolean" else "1")
            (first, *_) = known["schema"].get("enum", [default])
            value = values.get(known["name"], known.get("example", first))
            asked = {known["name"]: value} | needed
            answer = client.get(path, query_string=asked)
            # One's own account is nobody's in an open house; the parameter is known all the same.
            fine = {expected, 401} if path == "/account" else {expected}
            assert answer.status_code in fine, (path, known["name"], answer.text)


def test_what_passes_a_described_bound_is_refused(
    client: FlaskClient, described: dict[str, Any]
) -> None:
    shared = described["components"]["parameters"]
    tried, wrong = 0, []
    for path, operations in described["paths"].items():
        if "get" not in operations or "{" in path or path == "/account":
            continue
        listed = [
            shared[p["$ref"].rsplit("/", 1)[1]] if "$ref" in p else p
            for p in operations["get"]["parameters"]
        ]
        asked = [known for known in listed if known["required"] or known["name"] == "q"]
        needed = {one["name"]: one.get("example", "敖包") for one in asked}
        for known in listed:
            for beyond in _beyond(known["schema"]):
                tried += 1
                answer = client.get(path, query_string={**needed, known["name"]: beyond})
                if answer.status_code != 400 or (answer.json or {})["field"] != known["name"]:
                    wrong.append((path, known["name"], beyond, answer.status_code))
    assert wrong == []
    assert tried > 100
    huge = client.get("/lines", query_string={"limit": "9" * 30, "cursor": "9" * 30})
    assert huge.status_code == 200


def _beyond(schema: dict[str, Any]) -> list[str]:
    """Values just beyond what a parameter's description allows; a high `maximum` is taken."""
    found = []
    if "enum" in schema:
        found.append("AAA")
    if schema.get("minLength"):
        found.append("")
    if schema["type"] == "integer":
        found += ["x", *([str(schema["minimum"] - 1)] if "minimum" in schema else [])]
    if schema["type"] == "boolean":
        found.append("perhaps")
    return found


def test_it_is_the_same_json_for_everyone(client: FlaskClient) -> None:
    assert json.loads(client.get("/api").data) == json.loads(client.get("/api?f=json").data)


_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}


def test_forms_are_described_where_they_are_read(
    client: FlaskClient, described: dict[str, Any]
) -> None:
    """Who reads a form refuses a strange member of it as it refuses one of JSON."""

    def refused(address: str, method: str, **sent: Any) -> tuple[int, Any]:
        told = client.open(address, method=method.upper(), **sent).get_json(force=True)
        return told["status"], told["detail"]

    read, known = set(), set()
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" in content:
                address, strange = re.sub(r"{\w+}", "1", path), {"no_such_member": "1"}
                as_json = refused(address, method, json=strange)
                # A feature that is not there, or wants a condition first, has not been read.
                unread = path.startswith("/collections") and as_json[0] in {404, 428}
                if not unread and refused(address, method, data=strange) == as_json:
                    read.add((method, path))
                if content.keys() >= _FORMS:
                    known.add((method, path))
    assert len(known) > 60
    assert read ^ known == set()
