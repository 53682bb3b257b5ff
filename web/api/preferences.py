"""`/preferences`: how a reader wants the pages to look, kept in a cookie of this browser."""

from flask import Blueprint, Response, request

from data import InvalidValue
from web.parameters import query
from web.site.themes import THEME_COOKIE, THEMES

blueprint = Blueprint("preferences", __name__)

_A_YEAR_S = 365 * 24 * 3600


@blueprint.post("/preferences")
def choose() -> Response:
    """Keep the theme and go back to the page that it was chosen on."""
    query(())
    theme = request.form.get("theme", "")
    if theme not in THEMES:
        listed = ", ".join(THEMES)
        raise InvalidValue(
            "theme", theme, f"it is one of {listed}", "choose one", f"外观应为 {listed} 之一"
        )
    response = Response(status=303, headers={"Location": local_path(request.form.get("back", ""))})
    response.set_cookie(
        THEME_COOKIE, theme, max_age=_A_YEAR_S, httponly=True, samesite="Lax",
        secure=request.is_secure, path="/",
    )  # fmt: skip
    return response


def local_path(text: str) -> str:
    """A path of this service, or the front page: a form must lead nowhere else.

    >>> local_path("/lines?lang=en"), local_path("//elsewhere/x"), local_path("https://x/")
    ('/lines?lang=en', '/', '/')
    """
    plain = text.isprintable() and "\\" not in text
    return text if plain and text.startswith("/") and not text.startswith("//") else "/"
