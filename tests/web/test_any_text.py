"""Any text at the doors that look for names: an answer, or a 400 with a sentence."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.parametrize(
    "module_url", ["geopackage", pytest.param("postgis", marks=pytest.mark.postgis)], indirect=True
)
ANY = st.text(st.characters(exclude_categories=[]), max_size=60)
"""Every code point, lone surrogates among them."""

MIXED = st.lists(
    st.sampled_from(
        [
            *(
                "呼和浩特",
                "白音",
                "敖包",
                "ᠬᠥᠬᠡ",
                "Хөх",
                "hhht",
                "內蒙古",
                "％",
                "'",
                '"',
                "%",
                "_",
            ),
            *("OR", "NEAR(", "1=1", "--", ";", "\\", "\x00", "\u202f", "\u180e", "😀", "\ud800"),
            *("*", " "),
        ]
    ),
    max_size=12,
).map("".join)
QUIET = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40
)
HOSTILE = [
    "%", "_", "*", "?", "%%", "' OR 1=1 --", '"; DROP TABLE place; --', "NEAR(a b)", "a AND b",
    "name:x", "x*", "^x", "{x}", "(((", ")", "\\", "\x00", "\x00呼", "😀", "呼😀", "\u202e呼",
    "ᠬᠥᠬᠡ hot 呼和", "x" * 10_000, "呼" * 10_000, " " * 10_000, "𠀀", "\ufeff呼", "呼\n和",
]  # fmt: skip


def is_answered(answer: Any) -> bool:
    """An answer, or a refusal with a sentence and nothing of the inside in it."""
    if answer.status_code == 200:
        return answer.get_json() is not None
    problem = answer.get_json()
    inside = ("Traceback", "sqlite", "psycopg", "SELECT")
    return (
        answer.status_code == 400
        and len(problem["detail"]) > 8
        and not any(word in problem["detail"] for word in inside)
    )


@QUIET
@given(text=ANY | MIXED, path=st.sampled_from(["/search", "/suggest"]))
def test_search_and_suggest(reader: FlaskClient, text: str, path: str) -> None:
    asked = {"q": text.encode("utf-8", "surrogatepass")}
    assert is_answered(reader.get(path, query_string=asked))


@QUIET
@given(text=ANY | MIXED, name=st.sampled_from(["within", "class", "status", "near", "cursor"]))
def test_the_filters_of_a_search(reader: FlaskClient, text: str, name: str) -> None:
    asked = {"q": "敖包", name: text.encode("utf-8", "surrogatepass")}
    assert is_answered(reader.get("/search", query_string=asked))


@QUIET
@given(text=ANY | MIXED, more=ANY | MIXED)
def test_reconcile(reader: FlaskClient, text: str, more: str) -> None:
    query = {"query": text, "type": more, "properties": [{"pid": "parent", "v": more}]}
    query["properties"].append({"pid": "coordinates", "v": more})  # type: ignore[attr-defined]
    form = {"queries": json.dumps({more: query})}
    assert is_answered(reader.post("/reconcile", data=form))
    condition = {"matchType": "name", "propertyValue": text, "matchQuantifier": "any"}
    body = {"queries": [{"conditions": [condition]}]}
    assert is_answered(reader.post("/reconcile/v1/match", json=body))
    prefix = {"prefix": text.encode("utf-8", "surrogatepass")}
    for kind in ("entity", "property", "type"):
        assert is_answered(reader.get(f"/reconcile/suggest/{kind}", query_string=prefix))


@QUIET
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | ANY,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY, inner, max_size=3),
        max_leaves=8,
    ),
    name=st.sampled_from(["query", "type", "limit", "properties", "type_strict", "more"]),
)
def test_reconcile_with_any_json(reader: FlaskClient, value: Any, name: str) -> None:
    whole = {"queries": json.dumps(value)}
    assert is_answered(reader.post("/reconcile", data=whole))
    member = {"queries": json.dumps({"q": {"query": "敖包", name: value}})}
    assert is_answered(reader.post("/reconcile", data=member))
    for condition in (value, {"matchType": "name", "propertyValue": value}):
        body = json.dumps({"queries": [{"conditions": [condition]}]})
        answer = reader.post("/reconcile/v1/match", data=body, content_type="application/json")
        assert is_answered(answer)


@QUIET
@given(lon=ANY | st.floats().map(repr), lat=ANY | st.floats().map(repr), more=ANY)
def test_where(reader: FlaskClient, lon: str, lat: str, more: str) -> None:
    asked = {name: text.encode("utf-8", "surrogatepass") for name, text in
             (("lon", lon), ("lat", lat), ("uncertainty", more))}  # fmt: skip
    assert is_answered(reader.get("/where", query_string=asked))
    del asked["uncertainty"]
    assert is_answered(reader.get("/where", query_string=asked))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_has_broken_others(reader: FlaskClient, text: str) -> None:
    for path in ("/search", "/suggest"):
        answer = reader.get(path, query_string={"q": text})
        assert is_answered(answer), answer.text
        if len(text) > 200:
            assert answer.status_code == 400
    form = {"queries": json.dumps({"q": {"query": text}})}
    assert is_answered(reader.post("/reconcile", data=form))
