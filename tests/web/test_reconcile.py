"""The reconciliation service as its clients use it: OpenRefine, and programs in browsers."""

import json
from typing import Any
from urllib.parse import quote

import pytest
import reconcile_schemas as schemas
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from gazetteer import place
from web.context import current_store

pytestmark = pytest.mark.parametrize(
    "module_url", ["geopackage", pytest.param("postgis", marks=pytest.mark.postgis)], indirect=True
)
Batch = dict[str, Any]


@pytest.fixture(scope="module")
def client(reader: FlaskClient) -> FlaskClient:
    return reader


def check(document: Any, schema: Batch) -> Any:
    Draft202012Validator(schema).validate(document)
    return document


def ask(client: FlaskClient, batch: Batch, **headers: str) -> Any:
    """A batch as OpenRefine sends it: a form."""
    answer = client.post("/reconcile", data={"queries": json.dumps(batch)}, headers=headers)
    assert answer.status_code == 200, answer.text
    return check(answer.get_json(), schemas.RESULTS)


def match(client: FlaskClient, *queries: Batch) -> Any:
    answer = client.post("/reconcile/v1/match", json={"queries": queries})
    assert answer.status_code == 200, answer.text
    return check(answer.get_json(), schemas.RESULTS_V1)["results"]


def named(*names: str, **more: Any) -> Batch:
    value = names[0] if len(names) == 1 else list(names)
    return {"conditions": [{"matchType": "name", "propertyValue": value} | more]}


def test_the_manifests(client: FlaskClient) -> None:
    old = check(client.get("/reconcile").get_json(), schemas.MANIFEST)
    new = check(client.get("/reconcile/v1").get_json(), schemas.MANIFEST_V1)
    assert old["batchSize"] == new["batchSize"] == 100
    assert client.get("/reconcile?lang=en").get_json()["name"] != old["name"]


def test_a_browser_sees_the_manifest_as_a_page(client: FlaskClient) -> None:
    answer = client.get("/reconcile", headers={"Accept": "text/html"})
    assert answer.mimetype == "text/html"
    assert "batchSize" in answer.text


def test_every_address_of_the_manifest_answers(client: FlaskClient) -> None:
    said = client.get("/reconcile").get_json()
    identity = quote("places/1", safe="")
    for template in (said["view"]["url"], said["preview"]["url"]):
        assert client.get(template.replace("{{id}}", identity)).status_code in {200, 303}
    for kind, name in (("entity", "places/1"), ("property", "parent"), ("type", "division")):
        service = said["suggest"][kind]
        found = client.get(service["service_url"] + service["service_path"] + f"?prefix={name}")
        assert [one["id"] for one in check(found.get_json(), schemas.SUGGESTIONS)["result"]] == [
            name
        ]
        path = service["flyout_service_path"].replace("${id}", quote(name, safe=""))
        shown = client.get(service["service_url"] + path).get_json()
        assert shown["id"] == name
        assert "<dl>" in shown["html"]
    proposed = said["extend"]["propose_properties"]
    answer = client.get(proposed["service_url"] + proposed["service_path"] + "?type=place&limit=3")
    assert len(check(answer.get_json(), schemas.PROPOSAL)["properties"]) == 3


def test_a_batch_by_form_and_by_address_is_answered_alike(client: FlaskClient) -> None:
    batch = {
        "q0": {"query": "白音敖包"},
        "q1": {"query": "鄂博", "limit": 1},
        "q2": {"query": "？"},
    }
    by_form = ask(client, batch)
    by_address = client.get("/reconcile", query_string={"queries": json.dumps(batch)}).get_json()
    assert by_form == by_address
    assert [*by_form] == ["q0", "q1", "q2"]
    assert by_form["q0"]["result"][0]["name"] == "白音敖包"
    assert by_form["q0"]["result"][0]["match"] is True
    assert len(by_form["q1"]["result"]) == 1
    assert by_form["q2"] == {"result": [], "notes": ["名称中没有文字"]}


def test_scores_fall_and_only_the_first_may_match(client: FlaskClient) -> None:
    for result in ask(client, {"a": {"query": "巴彦"}, "b": {"query": "乌兰浩特"}}).values():
        scores = [one["score"] for one in result["result"]]
        assert scores == sorted(scores, reverse=True)
        assert not any(one["match"] for one in result["result"][1:])


def test_an_identity_and_an_exact_name_return_the_entity(client: FlaskClient) -> None:
    found = ask(client, {"i": {"query": "places/1"}, "n": {"query": "白音敖包"}})
    for one in found.values():
        assert one["result"][0]["id"] == "places/1"
        assert one["result"][0]["score"] >= 97


def test_openrefines_query_with_type_and_properties(client: FlaskClient) -> None:
    query = {
        "query": "白音敖包",
        "type": "place",
        "type_strict": "should",
        "properties": [
            {"pid": "parent", "v": {"id": "divisions/4", "name": "东旗"}},
            {"pid": "lon", "v": "111°15′"},
            {"pid": "lat", "v": 41.25},
        ],
    }
    (first, *_) = ask(client, {"q": query})["q"]["result"]
    assert {one["id"]: one["value"] for one in first["features"]} == {
        "name": 0.97,  # among the names of the drawn region it stands as an alias
        "distance": 1.0,
        "parent": 1.0,
    }


def test_a_position_alone_finds_what_is_near_and_never_matches(client: FlaskClient) -> None:
    properties = [{"pid": "coordinates", "v": "111.26, 41.25"}]
    (first, *_) = ask(client, {"q": {"properties": properties}})["q"]["result"]
    assert (first["id"], first["match"]) == ("places/1", False)
    assert [one["id"] for one in first["features"]] == ["distance"]


@pytest.mark.parametrize(
    ("pid", "value", "word"),
    [
        ("colour", "red", "colour"),
        ("parent", "火星", "火星"),
        ("coordinates", "here", "here"),
        ("lon", 111.2, "lat"),
    ],
)
def test_what_is_left_unheeded_is_said(
    client: FlaskClient, pid: str, value: Any, word: str
) -> None:
    query = {"query": "白音敖包", "properties": [{"pid": pid, "v": value}]}
    answer = ask(client, {"q": query})["q"]
    assert answer["result"][0]["name"] == "白音敖包"
    assert word in answer["notes"][0]


def test_the_draft_answers_in_order(client: FlaskClient) -> None:
    found = match(client, named("鄂博"), named("火星"), named("白音敖包"))
    assert [[c["name"] for c in one["candidates"][:1]] for one in found] == [
        ["鄂博"],
        [],
        ["白音敖包"],
    ]


def test_quantifiers_of_names(client: FlaskClient) -> None:
    any_of, all_of, none_of = match(
        client,
        named("鄂博", "乌兰浩特"),
        named("乌兰浩特", "王爷庙", matchQuantifier="all"),
        {
            "conditions": [
                {"matchType": "name", "propertyValue": "白音敖包"},
                {"matchType": "name", "propertyValue": "白音敖包", "matchQuantifier": "none"},
            ]
        },
    )
    assert {c["name"] for c in any_of["candidates"][:2]} == {"鄂博", "乌兰浩特"}
    assert [c["name"] for c in all_of["candidates"]] == ["乌兰浩特"]
    assert "白音敖包" not in [c["name"] for c in none_of["candidates"]]


def test_identities_and_required_properties(client: FlaskClient) -> None:
    by_id, required = match(
        client,
        {"conditions": [{"matchType": "id", "propertyValue": "places/1"}]},
        {
            "conditions": [
                {"matchType": "name", "propertyValue": "白音敖包"},
                {
                    "matchType": "property",
                    "propertyId": "parent",
                    "propertyValue": "北县",
                    "required": True,
                },
            ]
        },
    )
    assert [c["id"] for c in by_id["candidates"]] == ["places/1"]
    assert "白音敖包" not in [c["name"] for c in required["candidates"]]


def test_the_earlier_names_of_the_drafts_members(client: FlaskClient) -> None:
    old = {"conditions": [{"matchType": "name", "v": "鄂博"}]}
    assert match(client, old)[0]["candidates"][0]["name"] == "鄂博"


def test_a_batch_above_the_limit_is_413(client: FlaskClient) -> None:
    batch = {f"q{number}": {"query": "鄂博"} for number in range(101)}
    old = client.post("/reconcile", data={"queries": json.dumps(batch)})
    new = client.post("/reconcile/v1/match", json={"queries": [named("鄂博")] * 101})
    for answer in (old, new):
        assert answer.status_code == 413
        assert answer.mimetype == "application/problem+json"
        assert "100" in answer.get_json()["detail"]
    assert len(match(client, *[named("鄂博")] * 100)) == 100


BAD: list[Any] = [
    "", "{", "[]", "1", "null", '"q"', '{"q": 1}', '{"q": {}}', '{"q": {"query": ""}}',
    '{"q": {"query": 5, "colour": 1}}', '{"q": {"query": ["a"]}}', '{"q": {"query": true}}',
    '{"q": {"query": "a", "limit": "many"}}', '{"q": {"query": "a", "limit": 0}}',
    '{"q": {"query": "a", "limit": 1.5}}', '{"q": {"query": "a", "type": 5}}',
    '{"q": {"query": "a", "type_strict": "maybe"}}', '{"q": {"query": "a", "properties": {}}}',
    '{"q": {"query": "a", "properties": [{"v": 1}]}}', '{"q": {"query": "\\ud800"}}',
    json.dumps({"q": {"query": "x" * 10_000}}), "[" * 5_000, '{"q":' * 2_000,
]  # fmt: skip


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_malformed_batch_is_a_400_with_a_sentence(
    client: FlaskClient, text: str, language: str
) -> None:
    data = {"queries": text}
    answer = client.post("/reconcile", data=data, headers={"Accept-Language": language})
    assert answer.status_code == 400, answer.text
    assert answer.mimetype == "application/problem+json"
    problem = answer.get_json()
    assert problem["type"].endswith("invalid-value")
    assert len(problem["detail"]) > 10
    assert problem["field"].startswith("queries")
    assert len(answer.data) < 2_000


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b'{"queries": 1}', b'{"queries": [1]}', b'{"queries": [{}]}',
        b'{"queries": [{"conditions": []}]}', b'{"queries": [{"conditions": [{}]}]}',
        b'{"queries": [{"conditions": [{"matchType": "sound", "propertyValue": "a"}]}]}',
        b'{"queries": [{"conditions": [{"matchType": "name"}]}]}',
        b'{"queries": [{"conditions": [{"matchType": "property", "propertyValue": "a"}]}]}',
        b'{"queries": [{"query": "a"}]}', b'{"queries": [], "more": 1}', b"\xff\xfe",
    ],
)  # fmt: skip
def test_a_malformed_match_is_a_400_with_a_sentence(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/reconcile/v1/match", data=body, content_type="application/json")
    assert answer.status_code == 400, answer.text
    assert answer.get_json()["detail"]


def test_another_media_type_is_415(client: FlaskClient) -> None:
    for path in ("/reconcile", "/reconcile/v1/match", "/reconcile/v1/extend"):
        answer = client.post(path, data="queries", content_type="text/plain")
        assert answer.status_code == 415
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_jsonp_is_not_offered(client: FlaskClient) -> None:
    answer = client.get("/reconcile?callback=take")
    assert answer.status_code == 400
    assert "callback" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/reconcile", "/reconcile/v1", "/reconcile/v1/match", "/reconcile/suggest/entity",
        "/reconcile/preview?id=places/1", "/reconcile/properties", "/reconcile/nowhere",
        "/reconcile?queries=broken", "/reconcile/flyout/entity?id=places/99999",
    ],
)  # fmt: skip
def test_programs_of_other_sites_may_read_every_answer(client: FlaskClient, path: str) -> None:
    asked = {"Origin": "http://127.0.0.1:3333", "Access-Control-Request-Method": "POST"}
    preflight = client.options(path, headers=asked)
    if "nowhere" not in path:
        assert preflight.status_code == 200
        assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
        assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]
    for answer in (preflight, client.get(path, headers={"Origin": "http://example.org"})):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "Set-Cookie" not in answer.headers


def test_a_page_of_another_site_may_ask(client: FlaskClient) -> None:
    asked = {"queries": json.dumps({"q": {"query": "鄂博"}})}
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "http://example.org"}
    assert client.post("/reconcile", data=asked, headers=headers).status_code == 200
    assert client.post("/submissions", data=asked, headers=headers).status_code == 403


def test_other_addresses_stay_closed(client: FlaskClient) -> None:
    answer = client.get("/search?q=a", headers={"Origin": "http://example.org"})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_suggestions_as_openrefine_asks_for_them(client: FlaskClient) -> None:
    asked = {
        "prefix": "白", "type": "place", "type_strict": "any", "spell": "always",
        "exact": "false", "scoring": "schema", "prefixed": "true",
    }  # fmt: skip
    for path in ("/reconcile/suggest/entity", "/reconcile/v1/suggest/entity"):
        found = check(client.get(path, query_string=asked).get_json(), schemas.SUGGESTIONS)
        (first, *_) = found["result"]
        assert (first["id"], first["notable"][0]["id"]) == ("places/1", "222")
        assert "东旗" in first["description"]
        assert client.get(path, query_string=asked | {"cursor": "1"}).get_json()["result"] == []
    assert client.get("/reconcile/suggest/entity?prefix=").get_json()["result"] == []


def test_types_and_properties_are_suggested_in_either_language(client: FlaskClient) -> None:
    for prefix in ("行政区划", "division", "DIVI"):
        found = client.get("/reconcile/suggest/type", query_string={"prefix": prefix}).get_json()
        assert "division" in [one["id"] for one in found["result"]]
    found = client.get("/reconcile/suggest/property?prefix=latitud").get_json()
    assert [one["id"] for one in found["result"]] == ["lat", "coordinates"]
    everything = client.get("/reconcile/suggest/property").get_json()["result"]
    assert {"parent", "lon", "lat", "coordinates", "meaning"} <= {one["id"] for one in everything}


EXTEND = {
    "ids": ["places/1", "divisions/4", "places/99999"],
    "properties": [{"id": p} for p in ("name", "names", "parent", "lon", "heritage", "level")]
    + [{"id": "valid_from", "settings": {"limit": 1}}],
}


def test_values_of_entities(client: FlaskClient) -> None:
    answer = client.post("/reconcile", data={"extend": json.dumps(EXTEND)}).get_json()
    rows = check(answer, schemas.EXTENSION)["rows"]
    assert rows["places/1"]["names"][0] == {"str": "白音敖包"}
    assert rows["places/1"]["parent"] == [{"id": "divisions/4", "name": "东旗"}]
    assert rows["places/1"]["lon"] == [{"float": 111.25}]
    assert rows["places/1"]["heritage"] == [{"str": "true"}]
    assert rows["places/1"]["level"] == []
    assert rows["divisions/4"]["valid_from"] == [{"date": "1980-01-01T00:00:00Z"}]
    assert not any(rows["places/99999"].values())
    draft = client.post("/reconcile/v1/extend", json=EXTEND).get_json()
    listed = check(draft, schemas.EXTENSION_V1)["rows"]
    assert [one["id"] for one in listed] == EXTEND["ids"]
    assert {p["id"]: p["values"] for p in listed[0]["properties"]} == rows["places/1"]


def test_an_unknown_property_is_refused(client: FlaskClient) -> None:
    asked = {"ids": ["places/1"], "properties": [{"id": "colour"}]}
    answer = client.post("/reconcile/v1/extend", json=asked)
    assert answer.status_code == 400
    assert "colour" in answer.get_json()["detail"]


def test_too_many_identities_are_413(client: FlaskClient) -> None:
    asked = {"ids": ["places/1"] * 1_001, "properties": []}
    assert client.post("/reconcile/v1/extend", json=asked).status_code == 413


def test_the_preview_may_be_framed_and_runs_nothing(client: FlaskClient) -> None:
    answer = client.get("/reconcile/preview?id=places%2F1")
    assert answer.mimetype == "text/html"
    (policy,) = answer.headers.getlist("Content-Security-Policy")
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "<script" not in answer.text
    assert "白音敖包" in answer.text
    assert "style=" not in answer.text
    assert client.get("/reconcile/preview?id=places/99999").status_code == 404
    assert client.get("/reconcile/preview").status_code == 400


def test_names_are_escaped_in_flyouts(client: FlaskClient) -> None:
    with client.application.app_context():
        store = current_store()
    with store.write("tests", "a hostile name") as transaction:
        row = {"name": "<img src=x onerror=alert(1)>", "status": "standard"}
        identity = transaction.insert(place, row)
    shown = client.get(f"/reconcile/flyout/entity?id=places/{identity}").get_json()["html"]
    assert "<img" not in shown
    assert "&lt;img" in shown


def test_view_leads_to_the_entitys_page(client: FlaskClient) -> None:
    answer = client.get("/reconcile/view?id=places%2F1")
    assert answer.status_code == 303
    assert client.get(answer.headers["Location"]).get_json()["properties"]["name"] == "白音敖包"
    assert client.get("/reconcile/view?id=nowhere").status_code == 404
