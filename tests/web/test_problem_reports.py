"""Reporting a problem over HTTP, with accounts and without."""

import io

import pytest
from flask.testing import FlaskClient
from PIL import Image

from data import Store
from web.app import create_app
from web.settings import ACCOUNTS, Settings

HTML = {"Accept": "text/html"}
GIVEN = {"kind": "marker_damaged", "told": "界桩断裂", "about": "markers/2"}


@pytest.fixture
def stranger(filled: Store) -> FlaskClient:
    """Somebody who has not signed in to a service where people sign in."""
    return create_app(filled, Settings(access=ACCOUNTS)).test_client()


def jpeg() -> bytes:
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "a camera"
    Image.new("RGB", (64, 48), "grey").save(file, "JPEG", exif=exif)
    return file.getvalue()


def test_a_stranger_reports_with_a_picture_and_asks(stranger: FlaskClient) -> None:
    form = GIVEN | {"lon": "112.0", "lat": "41.4", "photo": (io.BytesIO(jpeg()), "x.jpg")}
    answer = stranger.post("/report-problem", data=form)
    assert answer.status_code == 201
    assert "no-store" in answer.headers["Cache-Control"]
    code = answer.get_json()["code"]
    told = stranger.post("/report-problem/status", json={"code": code}).get_json()
    assert told["state"] == "received"
    assert "told" not in told
    assert stranger.get("/problem-reports").status_code == 401
    assert stranger.get("/problem-reports/1").status_code == 401
    assert stranger.get("/problem-reports/99").status_code == 401


def test_a_refused_report_is_shown_again_and_names_the_file_to_choose_again(
    client: FlaskClient,
) -> None:
    sent = GIVEN | {
        "lon": "很远",
        "about": "markers/2",
        "photo": (io.BytesIO(jpeg()), "断桩<1>.jpg"),
    }
    answer = client.post("/report-problem?lang=en", data=sent, headers=HTML)
    page = answer.get_data(as_text=True)
    assert answer.status_code in {400, 422}
    assert "界桩断裂</textarea>" in page
    assert 'value="很远"' in page
    assert 'name="about" value="markers/2"' in page
    assert page.count("choose again: 断桩&lt;1&gt;.jpg") == 2
    assert client.get("/problem-reports").get_json()["reports"] == []


def test_the_pages_work_without_a_script(client: FlaskClient) -> None:
    form = client.get("/report-problem?about=markers/2", headers=HTML).get_data(as_text=True)
    assert 'enctype="multipart/form-data"' in form
    assert 'name="about" value="markers/2"' in form
    assert "第三十三条" in form
    done = client.post("/report-problem", data=GIVEN | {"photo": (io.BytesIO(jpeg()), "x.jpg")},
                       headers=HTML)  # fmt: skip
    assert done.status_code == 201
    assert "tracking-code" in done.get_data(as_text=True)
    listed = client.get("/problem-reports").get_json()["reports"]
    assert [one["about"] for one in listed] == ["markers/2"]
    assert client.get("/problem-reports/1").get_json()["told"] == "界桩断裂"
    queue = client.get("/problem-reports", headers=HTML).get_data(as_text=True)
    assert "界桩断裂" in queue
    one = client.get("/problem-reports/1", headers=HTML).get_data(as_text=True)
    assert "/problem-reports/1/photo" in one
    picture = client.get("/problem-reports/1/photo")
    assert picture.content_type == "image/jpeg"
    assert b"a camera" not in picture.data
    handled = client.post(
        "/problem-reports/1/handling",
        data={"version": "1", "state": "settled", "answer": "已修复"},
        headers=HTML,
    )
    assert handled.status_code == 303
    assert "没有待办的反映" in client.get("/problem-reports", headers=HTML).get_data(as_text=True)


def test_one_address_reports_seldom(stranger: FlaskClient) -> None:
    answers = [stranger.post("/report-problem", json=GIVEN).status_code for _ in range(6)]
    assert answers == [201] * 5 + [429]


def test_a_page_of_another_site_reports_nothing(stranger: FlaskClient) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert stranger.post("/report-problem", json=GIVEN, headers=headers).status_code == 403


def test_text_that_is_no_words_stays_text(client: FlaskClient) -> None:
    evil = "<img src=x onerror=alert(1)>"
    client.post("/report-problem", json=GIVEN | {"told": evil, "place": evil})
    for address in ("/problem-reports", "/problem-reports/1"):
        assert "<img src=x" not in client.get(address, headers=HTML).get_data(as_text=True)


def test_a_file_that_is_no_picture_is_refused(client: FlaskClient) -> None:
    form = GIVEN | {"photo": (io.BytesIO(b"GIF89a nothing"), "x.jpg")}
    assert client.post("/report-problem", data=form).status_code in {415, 422}
