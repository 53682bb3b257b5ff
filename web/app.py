"""The application factory: one Flask application on one open store."""

from functools import partial

from flask import Flask, Response, request
from werkzeug.routing import IntegerConverter

from data import Store, StoreWatch, WatchLimits
from web import (
    acceptance,
    accounts,
    coded_bodies,
    context,
    idempotency,
    limits,
    locales,
    problems,
    readings,
    rights,
    site,
    tiling,
)
from web.api import FAMILIES
from web.cors import allow_other_sites
from web.freshness import FreshnessDoor
from web.kept import KeptAnswers
from web.observing import ObservingDoor, families_of
from web.proxies import TrustedProxies, parse_networks
from web.quick import QuickDoor
from web.settings import Settings
from web.signed_in import SignedInDoor, quick_doors
from web.transport import Application, Transport

_FORM_OVERHEAD_BYTES = 1_000_000


def create_app(store: Store, settings: Settings | None = None) -> Flask:
    """An application that answers from an open store.

    Args:
        store: open, and left open by the application.
        settings: the server's settings; the standard ones by default.

    Raises:
        InvalidValue: the folder of an office's translations cannot be used.
    """
    settings = settings or Settings()
    app = Flask(__name__, static_folder="static", template_folder=str(site.TEMPLATES))
    app.config["MAX_CONTENT_LENGTH"] = settings.max_upload_bytes + _FORM_OVERHEAD_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = _FORM_OVERHEAD_BYTES
    app.url_map.strict_slashes = False
    app.url_map.converters["int"] = _Number
    context.keep(app.extensions, store, settings)
    tiles = tiling.make_tiles()
    tiling.keep_tiles(app.extensions, tiles)
    locales.install(app, settings.translations)
    site.install(app.jinja_env)
    coded_bodies.install(app)
    accounts.install(app, store, settings)
    for module in FAMILIES:
        app.register_blueprint(module.blueprint)
    rights.install(app)
    readings.install(app, store)
    limits.install(app)
    idempotency.install(app)
    problems.install(app)
    app.after_request(_keep_private)
    app.after_request(partial(allow_other_sites, allowed=settings.cors_origins))
    acceptance.install(app)
    kept = KeptAnswers(settings.kept_answers_bytes)
    access = accounts.access_of(app)
    door = QuickDoor(app.wsgi_app, store, access, tiles, kept, settings.cors_origins)
    known, notes = accounts.readers_of(app), readings.readings_of(app)
    own_doors = quick_doors(tiles, kept, settings.cors_origins)
    signed_in = SignedInDoor(door, app.wsgi_app, access, known, notes, own_doors)
    fresh = FreshnessDoor(Transport(signed_in), store)
    watch = StoreWatch(store, WatchLimits(settings.min_free_bytes, settings.max_lag_s))
    families = families_of(rule.rule for rule in app.url_map.iter_rules())
    house: Application = ObservingDoor(fresh, watch, families, every=settings.log_all)
    if proxies := parse_networks(settings.trusted_proxies):
        house = TrustedProxies(house, proxies)
    app.wsgi_app = house  # type: ignore[method-assign, assignment]
    return app


class _Number(IntegerConverter):
    """A record's number in an address: one that no store can keep names nothing."""

    regex = r"\d{1,18}"


def _keep_private(response: Response) -> Response:
    if request.method not in {"GET", "HEAD"} or _is_private():
        response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def _is_private() -> bool:
    """What is told to one person is kept by no cache between."""
    return accounts.must_sign_in() or request.path.startswith("/submissions")
