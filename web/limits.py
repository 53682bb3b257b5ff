"""How often one address may ask: what guesses, writes or costs much is limited."""

import math
import time
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from web.accounts import SAFE, must_sign_in
from web.cors import is_open

SIGN_IN = "10 per minute"
WRITE = "240 per minute"
REPORT = "5 per minute;20 per day"
"""Of the public's reports, from one address."""
TRACK = "10 per minute"


def install(app: Flask) -> None:
    """Limit what one address may do; each process counts for itself.

    Reading is not limited here: the pages' cost is bounded by their size, a batch of names by
    the number it may hold.
    """
    limiter = Limiter(get_remote_address, storage_uri="memory://")
    app.after_request(partial(_tell, limiter))
    limiter.init_app(app)
    for hooks in (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs):
        own: list[Any] = hooks[None]
        own[-1] = _unless_reading(own[-1])
    guarded = limiter.shared_limit(SIGN_IN, scope="sign-in", exempt_when=_reads)
    views: dict[str, Any] = app.view_functions
    for name in ("accounts.sign_in_post", "accounts.welcome_post", "accounts.password"):
        views[name] = guarded(views[name])
    for name, rate in (("report", REPORT), ("status", TRACK)):
        limited = limiter.shared_limit(rate, scope=f"problem-{name}", exempt_when=_reads)
        views[f"problem_reports.{name}"] = limited(views[f"problem_reports.{name}"])
    written = limiter.shared_limit(WRITE, scope="write", exempt_when=_reads_or_open)
    for rule in app.url_map.iter_rules():
        reads = rule.endpoint.startswith("accounts.") or is_open(rule.rule)
        if rule.methods and rule.methods - SAFE and not reads:
            views[rule.endpoint] = written(views[rule.endpoint])


def _tell(limiter: Limiter, response: Response) -> Response:
    """Say what is left of a limit (RateLimit header fields of the IETF's draft).

    When to ask again is said where there is nothing left (RFC 6585).
    """
    held = None if request.method in SAFE else limiter.current_limit
    if held is None:
        return response
    seconds = max(0, math.ceil(held.reset_at - time.time()))
    window_s = held.limit.get_expiry()
    response.headers["RateLimit-Policy"] = f'"address";q={held.limit.amount};w={window_s}'
    response.headers["RateLimit"] = f'"address";r={max(0, held.remaining)};t={seconds}'
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        response.headers["Retry-After"] = str(max(1, seconds))
    return response


def _unless_reading(hook: Callable[..., Any]) -> Callable[..., Any]:
    """A hook of the limiter, but not for what is never limited: it takes as long as a look-up."""

    def run(*given: Any) -> Any:
        if request.method in SAFE:
            return given[0] if given else None
        return hook(*given)

    return run


def _reads() -> bool:
    return request.method in SAFE


def _reads_or_open() -> bool:
    return _reads() or not must_sign_in()
