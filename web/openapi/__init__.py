"""The API's own description: OpenAPI 3.0, built from the collections, complete in itself.

Each family of addresses describes its own paths in a module of this package, listed in `_FAMILIES`.
"""

from data import program_version
from web.openapi import (
    accounts,
    administration,
    approvals,
    books,
    checking,
    conflicts,
    dashboard,
    divisions,
    duplicates,
    edits,
    experts,
    exports,
    features,
    field,
    heritage,
    histories,
    identifiers,
    indicators,
    line_changes,
    lines,
    markers,
    names,
    observing,
    oidc,
    photos,
    preferences,
    problem_reports,
    reconcile,
    records,
    releases,
    repairs,
    risk,
    rounds,
    schemas,
    search,
    signs,
    statistics,
    submission_papers,
    submissions,
    telemetry,
    tiles,
    topology,
    uploads,
    verdicts,
    where,
    work,
)
from web.openapi.components import LINK, PROBLEM, parameters, responses
from web.openapi.features import OPENAPI_TYPE
from web.openapi.parts import Schema, may_fail

__all__ = ["OPENAPI_TYPE", "document"]

_FAMILIES = (
    accounts,
    administration,
    approvals,
    books,
    checking,
    conflicts,
    dashboard,
    divisions,
    duplicates,
    edits,
    experts,
    exports,
    features,
    field,
    heritage,
    histories,
    identifiers,
    indicators,
    line_changes,
    lines,
    markers,
    names,
    observing,
    oidc,
    photos,
    preferences,
    problem_reports,
    reconcile,
    records,
    releases,
    repairs,
    risk,
    rounds,
    schemas,
    search,
    signs,
    statistics,
    submission_papers,
    submissions,
    tiles,
    telemetry,
    topology,
    uploads,
    verdicts,
    where,
    work,
)
_TAGS = (
    "accounts",
    "administration",
    "capabilities",
    "data",
    "divisions",
    "names",
    "problems",
    "observing",
    "lines",
    "markers",
    "approvals",
    "books",
    "conflicts",
    "experts",
    "field",
    "heritage",
    "search",
    "reconcile",
    "repairs",
    "identifiers",
    "indicators",
    "risk",
    "rounds",
    "statistics",
    "signs",
    "submissions",
    "tiles",
    "telemetry",
    "topology",
    "uploads",
    "work",
)


def document(root: str) -> Schema:
    """The whole description; `root` is the service's own address, ending in a slash."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Ovoo",
            "version": program_version(),
            "description": "Place names 地名, divisions 行政区划, lines 界线, markers 界桩.",
            "license": {"name": "MIT"},
        },
        "servers": [{"url": root.rstrip("/")}],
        "tags": [{"name": name} for name in _TAGS],
        "paths": _paths(),
        "components": {
            "parameters": parameters(),
            "responses": responses(),
            "schemas": {"problem": PROBLEM, "link": LINK},
        },
    }


def _paths() -> Schema:
    """Every path with its operations; several families may describe operations of one path."""
    found: dict[str, Schema] = {}
    for family in _FAMILIES:
        for path, said in family.paths().items():
            found.setdefault(path, {}).update(said)
    for path, operations in found.items():
        for method, operation in operations.items():
            usual = _usual(path, method, operation)
            operation["responses"] = {**usual, **operation["responses"]}
    return found


def _usual(path: str, method: str, operation: Schema) -> Schema:
    """How every operation of a kind may fail, beside what its family says."""
    statuses = [400, 401, 403, 500, 503]
    if "{" in path:
        statuses.append(404)
    if method not in {"get", "options"}:
        statuses += [409, 429]
    if "requestBody" in operation:
        statuses += [413, 415, 422]
    seen = {"303": {"description": "done; where a browser goes on"}} if method == "post" else {}
    return {**may_fail(*statuses), **seen}
