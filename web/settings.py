"""How the door is set up: from the environment, with every setting's meaning beside it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from data import DEFAULT_STORE, InvalidValue
from web.base_map import BaseMap
from web.cors import ANY, ORIGIN
from web.oidc import OidcSettings

AUTO, OPEN, ACCOUNTS = "auto", "open", "accounts"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of the server.

    Attributes:
        store: OVOO_STORE: the store's address. Default `var/ovoo.gpkg`.
        host: HOST: the address to listen on. Default 127.0.0.1: this machine only.
        port: PORT: the port to listen on. Default 8000.
        workers: OVOO_WORKERS: processes that answer. Default 2.
        threads: OVOO_THREADS: threads of each process that answer readers; half as many more answer
            what may write. Default 4.
        max_upload_bytes: OVOO_MAX_UPLOAD_MB: the largest file that may be sent. Default 50 MB.
        access: OVOO_ACCESS: `accounts`: people sign in; `open`: whoever reaches the service is its
            operator; `auto`, the default: people sign in once the store has an account or where
            the service listens beyond this machine.
        cors_origins: OVOO_CORS_ORIGINS: sites whose programs may read answers in a browser, parted
            by commas, or `*`. Default none; the reconciliation service is open to all.
        trusted_proxies: OVOO_TRUSTED_PROXIES: addresses and networks of proxies whose
            `X-Forwarded-…` headers count, parted by commas. Default none.
        base_map: OVOO_BASE_MAP, OVOO_BASE_MAP_KEY, OVOO_BASE_MAP_GRID, OVOO_BASE_MAP_CREDIT: tiles
            of another host under the map (`web.base_map`). Default none.
        replicas: OVOO_REPLICAS: the address of a PostgreSQL store's replicas, to which readers
            are sent. Default none.
        min_free_bytes: OVOO_MIN_FREE_MB: so much of the store's disk must be free for `/ready`.
            Default 500 MB.
        backups: OVOO_BACKUPS: the folder into which `ovoo backup` writes, which administrators
            are shown. Default none.
        max_lag_s: OVOO_MAX_LAG_S: a replica may be so far behind for `/ready`. Default 30 s.
        log: OVOO_LOG: `json`, `text`, or `auto`, the default: text on a terminal, else JSON.
        oidc: OVOO_OIDC_…: sign-in by another service; see `web.oidc.OidcSettings`. Default none.
        kept_answers_bytes: OVOO_KEPT_ANSWERS_MB: memory in each process for answers of searches,
            kept until the next write; 0 keeps none. Default 16 MB.
        log_all: OVOO_LOG_ALL: 1 logs every request, not only writes, faults and slow ones.
        translations: OVOO_TRANSLATIONS: a folder of an office's own catalogues of the interface's
            texts, `LOCALE/LC_MESSAGES/messages.po`, laid over the program's. Default none.
    """

    store: str = DEFAULT_STORE
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    threads: int = 4
    max_upload_bytes: int = 50_000_000
    access: str = AUTO
    cors_origins: tuple[str, ...] = ()
    trusted_proxies: str = ""
    base_map: BaseMap | None = None
    replicas: str = ""
    min_free_bytes: int = 500_000_000
    max_lag_s: float = 30.0
    log: str = AUTO
    kept_answers_bytes: int = 16_000_000
    log_all: bool = False
    oidc: OidcSettings | None = None
    backups: str = ""
    translations: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the settings; an empty variable counts as unset.

        Raises:
            InvalidValue: a number is none, or out of range.
        """
        standard = cls()

        def number(name: str, default: int, low: int, high: int) -> int:
            text = environment.get(name) or str(default)
            if not text.isdecimal() or not low <= int(text) <= high:
                rule = f"a whole number from {low} to {high} is needed"
                raise InvalidValue(
                    name, text, rule, f"set {name}={default} or leave it out",
                    f"{name} 应为 {low} 至 {high} 的整数；可设为 {default} 或不设",
                )  # fmt: skip
            return int(text)

        access = environment.get("OVOO_ACCESS") or AUTO
        if access not in {AUTO, OPEN, ACCOUNTS}:
            raise InvalidValue(
                "OVOO_ACCESS", access, "it is auto, open or accounts", "set one of these",
                "OVOO_ACCESS 应为 auto、open 或 accounts",
            )  # fmt: skip
        log = environment.get("OVOO_LOG") or AUTO
        if log not in {AUTO, "json", "text"}:
            raise InvalidValue(
                "OVOO_LOG", log, "it is auto, json or text", "set one of these",
                "OVOO_LOG 应为 auto、json 或 text",
            )  # fmt: skip
        return cls(
            store=environment.get("OVOO_STORE") or standard.store,
            host=environment.get("HOST") or standard.host,
            port=number("PORT", standard.port, 0, 65535),
            workers=number("OVOO_WORKERS", standard.workers, 1, 64),
            threads=number("OVOO_THREADS", standard.threads, 1, 256),
            max_upload_bytes=number("OVOO_MAX_UPLOAD_MB", 50, 1, 10_000) * 1_000_000,
            access=access,
            cors_origins=_origins(environment.get("OVOO_CORS_ORIGINS") or ""),
            trusted_proxies=environment.get("OVOO_TRUSTED_PROXIES") or standard.trusted_proxies,
            base_map=BaseMap.parse(
                environment.get("OVOO_BASE_MAP", ""),
                environment.get("OVOO_BASE_MAP_KEY", ""),
                environment.get("OVOO_BASE_MAP_GRID", ""),
                environment.get("OVOO_BASE_MAP_CREDIT", ""),
            ),
            replicas=environment.get("OVOO_REPLICAS") or standard.replicas,
            min_free_bytes=number("OVOO_MIN_FREE_MB", 500, 0, 10_000_000) * 1_000_000,
            max_lag_s=float(number("OVOO_MAX_LAG_S", 30, 1, 86_400)),
            log=log,
            kept_answers_bytes=number("OVOO_KEPT_ANSWERS_MB", 16, 0, 10_000) * 1_000_000,
            log_all=number("OVOO_LOG_ALL", 0, 0, 1) == 1,
            oidc=OidcSettings.from_environment(environment),
            backups=environment.get("OVOO_BACKUPS") or standard.backups,
            translations=environment.get("OVOO_TRANSLATIONS") or standard.translations,
        )


def _origins(text: str) -> tuple[str, ...]:
    found = tuple(filter(None, (one.strip().rstrip("/") for one in text.split(","))))
    for one in found:
        if one != ANY and not ORIGIN.fullmatch(one):
            raise InvalidValue(
                "OVOO_CORS_ORIGINS", one, "it is no site", "give sites such as https://example.org",
                f"OVOO_CORS_ORIGINS 中的“{one}”不是网站；如 https://example.org",
            )  # fmt: skip
    return found
