"""Signs over HTTP: send, see, commit; repair orders."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient

from data.geometry import point_wkb
from data.store import Store
from gazetteer.signs import sign

CONTENT = "标志编号,标志状况,检查日期\nS1,损坏,2026-05-03\n".encode()


@pytest.fixture
def client(client: FlaskClient, filled: Store) -> FlaskClient:
    with filled.write("tests", "a sign") as transaction:
        row = {"sign_no": "S1", "name": "白音敖包", "place_id": 1, "division_code": "990101"}
        transaction.insert(sign, row | {"geom": point_wkb(111.25, 41.25), "text_han": "白音敖包"})
    return client


def test_signs_are_a_collection(client: FlaskClient) -> None:
    items = client.get("/collections/signs/items?sign_no=S1").get_json(force=True)
    assert [one["properties"]["name"] for one in items["features"]] == ["白音敖包"]
    assert client.get("/collections/signs/items?bbox=111,41,112,42&f=json").status_code == 200


def test_a_file_goes_all_the_way(client: FlaskClient) -> None:
    answer = client.post("/sign-inspections", data={"file": (io.BytesIO(CONTENT), "检查.csv")})
    assert answer.status_code == 201
    address = answer.headers["Location"].replace("http://localhost", "")
    assert client.get(address).get_json()["summary"] == {"damaged": 1}
    page = client.get(f"{address}?f=html&lang=zh").get_data(as_text=True)
    assert "入库并开具维修单" in page
    assert client.post(f"{address}/commit").get_json()["state"] == "committed"
    (order,) = client.get("/sign-repairs").get_json()["repairs"]
    changed = client.post(
        f"/sign-repairs/{order['id']}",
        json={"version": order["version"], "state": "done", "done_on": "2026-05-20"},
    )
    assert changed.get_json()["state"] == "done"
    stale = client.post(
        f"/sign-repairs/{order['id']}", json={"version": order["version"], "state": "open"}
    )
    assert stale.status_code == 409
    assert (
        client.get("/sign-repairs?state=done").get_json()["repairs"][0]["done_on"] == "2026-05-20"
    )


STRANGE = "牌子,怎么样,检查日期\nS1,损坏,2026-05-03\n".encode()
NAMED = {"牌子": "sign_no", "怎么样": "condition"}


def test_columns_are_named_as_a_file_is_sent_and_afterwards(client: FlaskClient) -> None:
    refused = client.post("/sign-inspections?file_name=a.csv", data=STRANGE)
    assert (refused.status_code, refused.get_json()["columns"][0]["values"]) == (422, ["S1"])
    said = [f"{column}={field}" for column, field in NAMED.items()]
    form = {"file": (io.BytesIO(STRANGE), "a.csv"), "map": said}
    sent = client.post("/sign-inspections", data=form).get_json()
    assert (sent["id"], sent["mapping"]) == (refused.get_json()["id"], NAMED)
    assert sent["summary"] == {"damaged": 1}
    address = f"/sign-inspections/{sent['id']}"
    back = client.post(f"{address}/columns", json={"mapping": {}})
    assert back.get_json()["state"] == "refused"
    again = client.post(f"{address}/columns", json={"mapping": NAMED})
    assert again.get_json()["summary"] == {"damaged": 1}
    assert client.post(f"{address}/columns", json={"mapping": {"牌子": "x"}}).status_code == 400
    assert client.post("/sign-inspections/99/columns", json={"mapping": {}}).status_code == 404
    client.post(f"{address}/commit")
    assert client.post(f"{address}/columns", json={"mapping": {}}).status_code == 409
    page = client.get(f"{address}?f=html&lang=en").get_data(as_text=True)
    assert "<select" not in page.split('id="columns"')[1].split("</details>")[0]


def test_the_page_of_a_refused_file_takes_the_choice_of_columns(client: FlaskClient) -> None:
    html = {"Accept": "text/html"}
    form = {"file": (io.BytesIO(STRANGE), "a.csv")}
    sent = client.post("/sign-inspections?lang=en", data=form, headers=html)
    address = sent.headers["Location"].partition("?")[0]
    page = client.get(f"{address}?lang=en", headers=html).get_data(as_text=True)
    assert '<details class="panel columns" id="columns" open>' in page
    assert f'action="{address}/columns?lang=en"' in page
    chosen = {"column-1": "sign_no", "column-2": "condition", "column-3": "-"}
    answer = client.post(f"{address}/columns?lang=en", data=chosen, headers=html)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{address}?lang=en")
    report = client.get(address).get_json()
    assert report["mapping"] == NAMED | {"检查日期": "-"}
    assert (report["state"], report["summary"]) == ("preview", {"damaged": 1})


def test_pages_of_orders(client: FlaskClient) -> None:
    for day in range(1, 4):
        content = (
            f"标志编号,标志状况,检查日期\nS1,{('损坏', '丢失', '遮挡')[day - 1]},2026-05-0{day}\n"
        )
        sent = client.post("/sign-inspections?file_name=a.csv", data=content.encode())
        client.post(f"/sign-inspections/{sent.get_json()['id']}/commit")
    first = client.get("/sign-repairs?limit=2").get_json()
    assert len(first["repairs"]) == 2
    address = next(one["href"] for one in first["links"] if one["rel"] == "next")
    rest = client.get(address.replace("http://localhost", "")).get_json()
    assert len(rest["repairs"]) == 1
    assert client.get("/sign-repairs?overdue=true").status_code == 200


def test_the_check_of_a_sign(client: FlaskClient) -> None:
    assert client.get("/signs/1/check").get_json()["text_state"] == "right"
    assert client.get("/signs/99/check").status_code == 404


@pytest.mark.parametrize(
    ("method", "address", "more", "status"),
    [
        ("post", "/sign-inspections", {"data": b""}, 400),
        ("post", "/sign-inspections?file_name=a.csv", {"data": "甲,乙\n1,2\n".encode()}, 422),
        ("get", "/sign-repairs?state=lost", {}, 400),
        ("get", "/sign-repairs?cursor=x", {}, 400),
        ("get", "/sign-repairs/7", {}, 404),
        ("get", "/sign-inspections/7", {}, 404),
    ],
)
def test_bad_requests(
    client: FlaskClient, method: str, address: str, more: dict[str, Any], status: int
) -> None:
    assert getattr(client, method)(address, **more).status_code == status


def test_an_order_is_changed_on_its_page(client: FlaskClient) -> None:
    page = {"Accept": "text/html"}
    sent = client.post("/sign-inspections?file_name=a.csv", data=CONTENT).get_json()
    client.post(f"/sign-inspections/{sent['id']}/commit")
    (order,) = client.get("/sign-repairs").get_json()["repairs"]
    address = f"/sign-repairs/{order['id']}"
    assert address in client.get("/sign-repairs", headers=page).get_data(as_text=True)
    form = {"version": str(order["version"]), "state": "done", "responsible": "东旗民政局"}
    refused = client.post(address, data=form, headers=page)
    assert refused.status_code == 400
    assert 'id="change-done_on-said"' in refused.get_data(as_text=True)
    assert 'value="东旗民政局"' in refused.get_data(as_text=True)
    done = client.post(address, data=form | {"done_on": "2026-05-20"}, headers=page)
    assert (done.status_code, done.headers["Location"]) == (303, address)
    assert "已修" in client.get(address, headers=page).get_data(as_text=True)
