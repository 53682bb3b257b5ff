"""Who asks: by a session's cookie, by a program's token, or nobody (登录与权限).

Where the store has no account and the service listens on this machine only, whoever reaches it is
its operator; with the first account, or on any other address, people sign in.
"""

import hmac
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import Forbidden as OtherSite

from data import Actor, InvalidValue, Sight, SignInNeeded, Store
from data.accounts import TOKEN_PREFIX, Session, has_accounts, read_session
from web.addresses import is_loopback
from web.cors import comes_with_token, is_open
from web.readers import Readers
from web.settings import AUTO, OPEN, Settings
from web.sights import ANONYMOUS, Sights

OPERATOR = Actor.operator("operator")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_FIELD, CSRF_HEADER = "csrf_token", "X-CSRF-Token"
_COOKIE, _COOKIE_OVER_TLS = "ovoo_session", "__Host-ovoo_session"
_SIGNED_OUT = "ovoo_signed_out"
_A_YEAR_S = 365 * 24 * 3600
_SAME = frozenset({"same-origin", "same-site", "none"})
FORWARDED = frozenset(
    f"HTTP_{name}"
    for name in ("FORWARDED", "X_FORWARDED_FOR", "X_FORWARDED_HOST", "X_FORWARDED_PROTO")
)
_ACCESS, _SIGHTS, _READERS = "ovoo_access", "ovoo_sights", "ovoo_readers"
_ASKING = frozenset({"reconcile", "checking", "names"})
"""Families whose POST is a question: it reads as its asker may see, like a GET."""
_PREVIEW = "divisions.preview"
_LOOK_EVERY_S = 2.0


class Access:
    """Whether people must sign in, looked up seldom: it never goes back once they must."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._settings = store, settings
        self._closed = settings.access not in {AUTO, OPEN} or (
            settings.access == AUTO and not is_loopback(settings.host)
        )
        self._looked_at = float("-inf")

    @property
    def closed(self) -> bool:
        """Whether people must sign in."""
        if self._closed or self._settings.access == OPEN:
            return self._closed
        if time.monotonic() - self._looked_at > _LOOK_EVERY_S:
            with self._store.read() as connection:
                self._closed = has_accounts(connection)
            self._looked_at = time.monotonic()
        return self._closed


def install(app: Flask, store: Store, settings: Settings) -> None:
    """Recognise who asks before every request."""
    app.extensions[_ACCESS] = Access(store, settings)
    app.extensions[_SIGHTS] = sights = Sights(store)
    app.extensions[_READERS] = Readers(store, sights)
    app.before_request(_recognise)


def access_of(app: Flask) -> Access:
    """Whether people must sign in to an application."""
    return cast("Access", app.extensions[_ACCESS])


def readers_of(app: Flask) -> Readers:
    """The readers that an application has recognised."""
    return cast("Readers", app.extensions[_READERS])


def must_sign_in() -> bool:
    """Whether this service knows people by their accounts."""
    return cast("Access", current_app.extensions[_ACCESS]).closed


def seen_store() -> Store:
    """The store as who asks may see it, also where the request writes."""
    from web.context import whole_store

    if not must_sign_in():
        return whole_store()
    return cast("Sights", current_app.extensions[_SIGHTS]).store_of(g.actor)


def current_session() -> Session | None:
    """The session of this request; None for programs, for nobody and in an open house."""
    return cast("Session | None", g.get("session"))


def present() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


def _recognise() -> None:
    _find_out()
    if must_sign_in() and _reads():
        g.seen_store = reader_store(g.actor)


def reader_store(actor: Actor, *, exact: bool = False) -> Store:
    """The store as an actor may see it; `exact` leaves out what would be blurred."""
    from web.context import whole_store

    if not must_sign_in():
        return whole_store()
    return cast("Sights", current_app.extensions[_SIGHTS]).store_of(actor, exact=exact)


def sight_of_reader(actor: Actor) -> Sight:
    """What an actor may see where people sign in."""
    return cast("Sights", current_app.extensions[_SIGHTS]).sight_of(actor)


def _reads() -> bool:
    """Whether a request only reads; what it is told then is what its asker may see."""
    return request.method in SAFE or request.blueprint in _ASKING or request.endpoint == _PREVIEW


def _find_out() -> None:
    access = cast("Access", current_app.extensions[_ACCESS])
    opened = is_open(request.path)
    safe = request.method in SAFE
    if not safe and not opened:
        _refuse_other_sites()
    if not access.closed:
        _refuse_proxies()
        g.actor = OPERATOR
        return
    g.actor = ANONYMOUS
    text = request.headers.get("Authorization", "")
    if text:
        g.actor = _by_token(text)
        return
    session = None if opened else _by_cookie()
    if session is not None:
        g.session, g.actor = session, session.actor
        if not safe:
            _check_csrf(session)


def _refuse_other_sites() -> None:
    """A page of another site must not act in a visitor's name."""
    from web.context import current_settings

    if must_sign_in() and comes_with_token(request.environ, current_settings().cors_origins):
        return
    if request.headers.get("Sec-Fetch-Site", "none") not in _SAME:
        raise OtherSite


def _refuse_proxies() -> None:
    """Behind a proxy the whole world comes from this machine; there people must sign in."""
    if comes_through_proxy(request.environ):
        raise SignInNeeded("reach a service without accounts through a proxy")


def comes_through_proxy(environ: Mapping[str, Any]) -> bool:
    """Whether a request says that it was handed on."""
    return not FORWARDED.isdisjoint(environ)


def _by_token(text: str) -> Actor:
    kind, _, token = text.partition(" ")
    if kind.lower() == "bearer" and token.startswith(TOKEN_PREFIX):
        reader = readers_of(current_app).of_token(token.strip(), present())
        if reader is not None:
            return reader.actor
    raise SignInNeeded("use that token, which is none, ended or revoked,")


def _by_cookie() -> Session | None:
    secret = request.cookies.get(_own_cookie())
    if not secret:
        return None
    from web.context import whole_store

    return read_session(whole_store(), secret, present())


def _check_csrf(session: Session) -> None:
    sent = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD, "")
    if not hmac.compare_digest(sent.encode(), session.csrf.encode()):
        raise InvalidValue(
            CSRF_FIELD, "…", "a form is sent with its session's own mark", "load the page again",
            "页面已过期或来源不明；请刷新页面后重试",
        )  # fmt: skip


def cookie_name(*, secure: bool) -> str:
    """The name of the cookie that holds a session's secret, over TLS or not."""
    return _COOKIE_OVER_TLS if secure else _COOKIE


def _own_cookie() -> str:
    return cookie_name(secure=request.is_secure)


def keep_cookie(response: Response, secret: str) -> Response:
    """Let a browser keep a session."""
    response.set_cookie(
        cookie_name(secure=request.is_secure),
        secret,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
        path="/",
    )
    if _SIGNED_OUT in request.cookies:
        response.delete_cookie(_SIGNED_OUT, path="/", secure=request.is_secure)
    return response


def drop_cookie(response: Response) -> Response:
    """Let a browser forget its session, and what it kept of the pages.

    What waits in the page for the field to be sent is not lost with it: that page shows it to its
    own account alone, and nobody's once it is told of the signing out, by a cookie that it reads
    without a network.
    """
    response.delete_cookie(
        cookie_name(secure=request.is_secure), path="/", secure=request.is_secure, httponly=True
    )
    response.set_cookie(
        _SIGNED_OUT, "1", max_age=_A_YEAR_S, samesite="Lax", secure=request.is_secure, path="/"
    )
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def session_secret() -> str | None:
    """The secret of this browser's session."""
    return request.cookies.get(_own_cookie())
