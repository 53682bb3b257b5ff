"""How often one address may ask: what guesses, writes or costs much is limited."""

from typing import Any

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from web.accounts import SAFE, must_sign_in
from web.cors import is_open

SIGN_IN = "10 per minute"
WRITE = "240 per minute"


def install(app: Flask) -> None:
    """Limit what one address may do; each process counts for itself.

    Reading is not limited here: the pages' cost is bounded by their size, a batch of names by
    the number it may hold.
    """
    limiter = Limiter(get_remote_address, app=app, headers_enabled=True, storage_uri="memory://")
    guarded = limiter.shared_limit(SIGN_IN, scope="sign-in", exempt_when=_reads)
    views: dict[str, Any] = app.view_functions
    for name in ("accounts.sign_in_post", "accounts.welcome_post", "accounts.password"):
        views[name] = guarded(views[name])
    written = limiter.shared_limit(WRITE, scope="write", exempt_when=_reads_or_open)
    for rule in app.url_map.iter_rules():
        reads = rule.endpoint.startswith("accounts.") or is_open(rule.rule)
        if rule.methods and rule.methods - SAFE and not reads:
            views[rule.endpoint] = written(views[rule.endpoint])


def _reads() -> bool:
    return request.method in SAFE


def _reads_or_open() -> bool:
    return _reads() or not must_sign_in()
