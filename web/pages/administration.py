"""What administrators see of the service itself: its settings and where each came from."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy.engine import make_url

from data.backups import found_backups
from data.reference import TABLES, is_replaced
from web.settings import Settings

_HIDDEN: Final = "••••"
_VARIABLES: Final[Mapping[str, str]] = {
    "store": "OVOO_STORE",
    "host": "HOST",
    "port": "PORT",
    "workers": "OVOO_WORKERS",
    "threads": "OVOO_THREADS",
    "max_upload_bytes": "OVOO_MAX_UPLOAD_MB",
    "access": "OVOO_ACCESS",
    "cors_origins": "OVOO_CORS_ORIGINS",
    "trusted_proxies": "OVOO_TRUSTED_PROXIES",
    "base_map": "OVOO_BASE_MAP",
    "replicas": "OVOO_REPLICAS",
    "min_free_bytes": "OVOO_MIN_FREE_MB",
    "max_lag_s": "OVOO_MAX_LAG_S",
    "log": "OVOO_LOG",
    "kept_answers_bytes": "OVOO_KEPT_ANSWERS_MB",
    "log_all": "OVOO_LOG_ALL",
    "oidc": "OVOO_OIDC_ISSUER",
    "backups": "OVOO_BACKUPS",
    "translations": "OVOO_TRANSLATIONS",
}
"""The variable of the environment behind each setting."""


_OF_ROOMS: Final[Mapping[str, str]] = {
    "reference": "OVOO_REFERENCE",
    "datum_parameters": "OVOO_DATUM_PARAMETERS",
}
"""Variables that rooms below the door read themselves."""


def configuration(settings: Settings, environment: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each setting with its value and its origin; passwords and keys are never among them.

    The origin is `environment` where its variable is set, `default` where the value is that of the
    program, else `start`: given to the command that started the service.
    """
    standard = Settings()
    return [
        {
            "setting": name,
            "variable": variable,
            "value": _shown(name, getattr(settings, name)),
            "origin": _origin(name, variable, settings, standard, environment),
        }
        for name, variable in _VARIABLES.items()
    ] + [
        {
            "setting": name,
            "variable": variable,
            "value": environment.get(variable) or "—",
            "origin": "environment" if environment.get(variable) else "default",
        }
        for name, variable in _OF_ROOMS.items()
    ]


def _origin(
    name: str,
    variable: str,
    settings: Settings,
    standard: Settings,
    environment: Mapping[str, str],
) -> str:
    if environment.get(variable):
        return "environment"
    return "default" if getattr(settings, name) == getattr(standard, name) else "start"


def _shown(name: str, value: Any) -> str:
    if value is None or value in ("", ()):
        return "—"
    if name in {"store", "replicas"} and "://" in str(value):
        return _without_password(str(value))
    if name == "base_map":
        return ", ".join(value.sites)
    if name == "oidc":
        return str(value.issuer)
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _without_password(address: str) -> str:
    """The address of a server without its password and without what else it is asked with."""
    url = make_url(address)
    plain = url.set(password=_HIDDEN if url.password else None, query={})
    return plain.render_as_string(hide_password=False)


def backups_of(folder: str, journal_entries: int, now: datetime) -> list[dict[str, Any]]:
    """The backups of the folder of the settings, the newest first.

    Args:
        folder: the folder; empty where none is set.
        journal_entries: the number of the journal's newest entry.
        now: the present.
    """
    if not folder:
        return []
    return [
        {
            "file": one.name,
            "state": one.state,
            "taken_at": one.taken_at.isoformat() if one.taken_at else None,
            "age_hours": round((now - one.taken_at) / timedelta(hours=1), 1)
            if one.taken_at
            else None,
            "size_bytes": one.size_bytes,
            "rows": sum(table.rows for table in one.manifest.tables) if one.manifest else None,
            "entries_since": journal_entries - one.manifest.entries if one.manifest else None,
        }
        for one in found_backups(Path(folder))
    ]


def rule_tables() -> list[dict[str, Any]]:
    """Every table of rules and words, and whether the office's own stands in for it."""
    return [
        {"table": name, "origin": "file" if is_replaced(name) else "default"}
        for name in sorted(TABLES)
    ]
