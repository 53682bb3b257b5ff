"""The pages of records: what the public reads about a place, a division, a line, a marker."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Table, select

from data.store import Store
from gazetteer.tables import division, place_name
from web.app import create_app
from web.settings import ACCOUNTS, Settings

HTML = {"Accept": "text/html"}


def page(client: FlaskClient, address: str, lang: str = "zh") -> str:
    mark = "&" if "?" in address else "?"
    answer = client.get(f"{address}{mark}lang={lang}", headers=HTML)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def id_of(store: Store, table: Table, **values: str) -> int:
    wanted = [table.c[name] == value for name, value in values.items()]
    with store.read() as connection:
        return int(connection.scalars(select(table.c.id).where(*wanted)).one())


def first_place(client: FlaskClient, name: str) -> int:
    found = client.get(f"/collections/places/items?name={name}").get_json(force=True)
    return int(found["features"][0]["id"])


def test_a_place_tells_its_names_meaning_and_neighbours(client: FlaskClient) -> None:
    text = page(client, f"/collections/places/items/{first_place(client, '白音敖包')}")
    assert text.count("<h1") == 1
    assert '<span class="mongolian" lang="mn-Mong">ᠪᠠᠶᠠᠨ ᠣᠪᠣᠭ᠎ᠠ</span>' in text
    for told in ("富饶", "敖包", "试验区", "上盟", "东旗"):
        assert told in text
    assert 'class="area own"' in text
    assert "f=lpf" in text


def test_a_place_in_english_says_the_meaning_in_english(client: FlaskClient) -> None:
    text = page(client, f"/collections/places/items/{first_place(client, '白音敖包')}", "en")
    assert "rich" in text
    assert "cairn" in text


def test_names_with_years_are_drawn_in_time(filled: Store, client: FlaskClient) -> None:
    with filled.write("tests", "date a former name") as transaction:
        borne = {"kind": "former", "valid_from": date(1891, 1, 1), "valid_to": date(1947, 5, 1)}
        transaction.change_many(place_name, [id_of(filled, place_name, text="王爷庙")], borne)
    address = f"/collections/places/items/{first_place(client, '乌兰浩特')}"
    text = page(client, address)
    assert "名称沿革" in text
    assert "1891年1月1日 – 1947年5月1日" in text
    assert 'class="bar-former"' in text


def test_a_division_tells_its_parts_lines_neighbours_and_changes(client: FlaskClient) -> None:
    text = page(client, "/divisions/990101")
    for told in ("东旗", "上盟", "东西线", "西旗", "1980年1月1日"):
        assert told in text
    upper = page(client, "/divisions/990100", "en")
    assert "/divisions/990102?lang=en" in upper
    # The line between two of its own parts is none of its border.
    assert "东西线" not in upper


def test_a_division_of_the_past_is_told_as_such(filled: Store, client: FlaskClient) -> None:
    with filled.write("tests", "end a division") as transaction:
        identity = id_of(filled, division, code="990202")
        transaction.change_many(division, [identity], {"valid_to": date(2020, 2, 1)})
    assert "2020年2月1日" in page(client, "/divisions/990202")


def test_a_line_is_a_strip_of_its_markers(client: FlaskClient) -> None:
    lines = client.get("/lines").get_json(force=True)["lines"]
    text = page(client, f"/lines/{lines[0]['id']}")
    drawing = text[text.index("<svg") : text.index("</svg>")]
    assert [n for n in ("9901001Q", "9901002Q", "9901004Q") if f">{n}</text>" in drawing]
    assert drawing.count("mark-fill-never") == 5
    assert "22.2" in drawing or "22.1" in drawing  # kilometres between markers 0.2° apart
    assert "results.docx" in text


def test_a_marker_shows_its_sheet_and_its_neighbours_on_the_line(client: FlaskClient) -> None:
    found = client.get("/collections/markers/items?marker_no=9901002Q").get_json(force=True)
    text = page(client, f"/markers/{found['features'][0]['id']}")
    for told in ("9901001Q →", "界桩登记表", "独立树", "JZBH", "尚无检查记录"):
        assert told in text or told.replace(" →", "") in text
    assert 'rel="prev"' in text
    assert 'rel="next"' in text


@pytest.mark.parametrize(
    ("address", "own"),
    [("divisions/items/1", "/divisions/"), ("lines/items/1", "/lines/1"),
     ("markers/items/2", "/markers/2")],
)  # fmt: skip
def test_records_with_a_page_of_their_own_are_read_there(
    client: FlaskClient, address: str, own: str
) -> None:
    answer = client.get(f"/collections/{address}?f=html&lang=en")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(own)
    assert answer.headers["Location"].endswith("?f=html&lang=en")
    assert client.get(f"/collections/{address}").status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/search?f=html&q=鄂博&within=&class=&status=&as_of=", "/lines?f=html&level=&party=&name="],
)
def test_fields_of_a_form_left_blank_are_not_asked(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 200


def test_a_program_is_told_of_a_blank_value(client: FlaskClient) -> None:
    assert client.get("/search?q=鄂博&as_of=").status_code == 400


def test_an_empty_search_offers_the_divisions(client: FlaskClient) -> None:
    text = page(client, "/search")
    assert "/divisions/990100" in text
    assert "下盟" in text


def test_lines_are_listed_with_their_filters(client: FlaskClient) -> None:
    text = page(client, "/lines?level=county")
    assert "东西线" in text
    assert '<option value="county" selected>' in text
    assert "没有符合条件的记录" in page(client, "/lines?level=province")


def test_the_front_page_shows_figures(client: FlaskClient) -> None:
    text = page(client, "/", "en")
    assert '<ul class="figures">' in text
    assert "place names" in text


PUBLIC_PAGES = (
    "/", "/map", "/search", "/search?q=鄂博", "/collections/places/items/1", "/divisions/990100",
    "/divisions/990101", "/lines", "/lines/1", "/markers/2", "/heritage", "/dashboard",
    "/dashboard?within=990101", "/check-text", "/report-problem", "/report-problem/status",
)  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC_PAGES)
def test_whoever_has_not_signed_in_reads_the_public_pages(filled: Store, address: str) -> None:
    stranger = create_app(filled, Settings(access=ACCOUNTS)).test_client()
    text = page(stranger, address)
    assert text.count("<h1") == 1
    # What is for staff is not offered, nor the positions of markers.
    for kept_back in ('href="/administration', 'href="/work"', "X=", "独立树"):
        assert kept_back not in text


def test_a_smart_marker_shows_what_its_sensor_said(client: FlaskClient) -> None:
    assert "传感器" not in page(client, "/markers/2")
    readings = [
        {
            "marker_id": 2,
            "at": f"2026-05-0{day}T08:00:00Z",
            "tilt_deg": tilt,
            "battery_pct": 80 - day,
        }
        for day, tilt in ((1, 0.2), (2, 1.4), (3, 2.9))
    ]
    assert client.post("/telemetry", json={"readings": readings}).status_code == 201
    text = page(client, "/markers/2")
    for told in ("传感器", "倾斜", "报警限", "2026年5月3日 16:00"):
        assert told in text
    assert text.count('class="trace"') == 2
