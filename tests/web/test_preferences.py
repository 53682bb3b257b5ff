"""How pages look is kept in a cookie, without a script."""

import pytest
from flask.testing import FlaskClient

HTML = {"Accept": "text/html"}


def test_a_theme_is_kept_and_leads_back(client: FlaskClient) -> None:
    answer = client.post("/preferences", data={"theme": "dark", "back": "/search?q=1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/search?q=1")
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "SameSite=Lax" in answer.headers["Set-Cookie"]
    page = client.get("/", headers=HTML)
    assert 'data-theme="dark"' in page.get_data(as_text=True)
    assert "Cookie" in page.headers["Vary"]


@pytest.mark.parametrize("back", ["https://elsewhere/", "//elsewhere/", "/\\elsewhere", "x", ""])
def test_it_leads_nowhere_else(client: FlaskClient, back: str) -> None:
    answer = client.post("/preferences", data={"theme": "light", "back": back})
    assert answer.headers["Location"] == "/"


def test_an_unknown_theme_is_refused(client: FlaskClient) -> None:
    assert client.post("/preferences", data={"theme": "neon"}).status_code == 400
    client.set_cookie("ovoo_theme", "neon")
    assert 'data-theme="auto"' in client.get("/", headers=HTML).get_data(as_text=True)
