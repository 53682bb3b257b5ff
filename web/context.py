"""What every view finds: the store of this process, its settings, who asks."""

from typing import cast

from flask import current_app, g

from data import Actor, Store
from web.settings import Settings

_STORE, _SETTINGS = "ovoo_store", "ovoo_settings"


def keep(extensions: dict[str, object], store: Store, settings: Settings) -> None:
    """Hand the views their store and settings."""
    extensions[_STORE], extensions[_SETTINGS] = store, settings


def current_store() -> Store:
    """The store as who asks may see it.

    For a write it is the store itself: its functions ask who acts, and decide by all there is.
    """
    return cast("Store", g.get("seen_store") or current_app.extensions[_STORE])


def whole_store() -> Store:
    """The store itself, for accounts and for what the program does of its own accord."""
    return cast("Store", current_app.extensions[_STORE])


def current_settings() -> Settings:
    """The server's settings."""
    return cast("Settings", current_app.extensions[_SETTINGS])


def current_actor() -> Actor:
    """Who asks; see `web.accounts`."""
    return cast("Actor", g.actor)
