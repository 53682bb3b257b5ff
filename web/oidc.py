"""Sign-in by another service (OpenID Connect, 单点登录): what is sent, what is believed of it.

The authorization code flow with PKCE. State, nonce and verifier live in a short cookie of the
browser that asked; the answer is believed only with the same state, its ID token only with a
signature of the issuer's own keys, for this client, with the same nonce.
"""

import csv
import json
import urllib.parse
import urllib.request
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final, Self

from data import Grant, InvalidValue, SignInRefused
from data.accounts import Recognised, parse_grant
from web.addresses import is_loopback

CALLBACK: Final = "sign-in/oidc/callback"
COOKIE: Final = "ovoo_oidc"
LASTS_S: Final = 600
_ALGORITHMS: Final = ("RS256", "PS256", "ES256")
_PATIENCE_S: Final = 10.0
_MOST_BYTES: Final = 1_000_000
_LEEWAY_S: Final = 60


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """How people sign in by another service.

    Attributes:
        issuer: OVOO_OIDC_ISSUER: its address, over TLS unless on this machine.
        client_id: OVOO_OIDC_CLIENT_ID.
        client_secret: OVOO_OIDC_CLIENT_SECRET, or the file OVOO_OIDC_CLIENT_SECRET_FILE.
        groups_claim: OVOO_OIDC_GROUPS_CLAIM: the claim that lists a person's groups.
        roles: the file OVOO_OIDC_ROLES: CSV with `group` and `grant` such as `editor@152500`.
    """

    issuer: str
    client_id: str
    client_secret: str
    groups_claim: str
    roles: Mapping[str, frozenset[Grant]]

    def __repr__(self) -> str:
        """Without the secret, which no log may have."""
        return f"OidcSettings({self.issuer!r}, {self.client_id!r})"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self | None:
        """Read the settings; None where no issuer is named.

        Raises:
            InvalidValue: the issuer is not over TLS, or something that is needed is not given.
        """
        issuer = (environment.get("OVOO_OIDC_ISSUER") or "").rstrip("/")
        if not issuer:
            return None
        _check_address("OVOO_OIDC_ISSUER", issuer)
        secret = environment.get("OVOO_OIDC_CLIENT_SECRET") or ""
        if file := environment.get("OVOO_OIDC_CLIENT_SECRET_FILE"):
            secret = Path(file).read_text(encoding="utf-8").strip()
        given = {
            "OVOO_OIDC_CLIENT_ID": environment.get("OVOO_OIDC_CLIENT_ID") or "",
            "OVOO_OIDC_CLIENT_SECRET": secret,
            "OVOO_OIDC_ROLES": environment.get("OVOO_OIDC_ROLES") or "",
        }
        for name, value in given.items():
            if not value:
                raise InvalidValue(
                    name, "", "sign-in by an issuer needs it", "set it as well",
                    f"单点登录需要 {name}；请一并设置",
                )  # fmt: skip
        claim = environment.get("OVOO_OIDC_GROUPS_CLAIM") or "groups"
        roles = read_roles(Path(given["OVOO_OIDC_ROLES"]))
        return cls(issuer, given["OVOO_OIDC_CLIENT_ID"], secret, claim, roles)


def read_roles(path: Path) -> dict[str, frozenset[Grant]]:
    """Which group has which roles: a CSV file with the columns `group` and `grant`.

    Raises:
        InvalidValue: the file lacks a column or names no role.
    """
    roles: dict[str, frozenset[Grant]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if not row.get("group") or not row.get("grant"):
                raise InvalidValue(
                    "OVOO_OIDC_ROLES", str(path), "each row has `group` and `grant`",
                    "write for example: surveyors,surveyor@152500",
                    f"{path} 的每一行应有 group 和 grant；如 surveyors,surveyor@152500",
                )  # fmt: skip
            granted = parse_grant(row["grant"])
            roles[row["group"]] = roles.get(row["group"], frozenset()) | {granted}
    return roles


def _check_address(name: str, address: str) -> None:
    parts = urllib.parse.urlsplit(address)
    local = parts.scheme == "http" and is_loopback(parts.hostname or "")
    if not parts.hostname or not (parts.scheme == "https" or local):
        raise InvalidValue(
            name, address, "it is an address over TLS", "give one with https://",
            f"{name} 应为 https:// 开头的地址",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Begun:
    """What a browser keeps between leaving for the issuer and coming back."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Self:
        """Three secrets."""
        from authlib.common.security import generate_token

        return cls(generate_token(32), generate_token(32), generate_token(64))

    @classmethod
    def parse(cls, text: str) -> Self:
        """What the cookie holds.

        Raises:
            SignInRefused: it is none.
        """
        parts = text.split(".")
        if len(parts) != 3 or not all(parts):  # noqa: PLR2004 - state, nonce, verifier
            raise SignInRefused
        return cls(*parts)

    def __str__(self) -> str:
        """As the cookie holds it."""
        return f"{self.state}.{self.nonce}.{self.verifier}"


class Issuer:
    """The other service, as its discovery document describes it."""

    def __init__(self, settings: OidcSettings) -> None:
        self._settings = settings
        self._described: Mapping[str, Any] | None = None

    def leave(self, begun: Begun, callback: str) -> str:
        """The address to send a browser to."""
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        asked = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": callback,
            "scope": "openid profile",
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": create_s256_code_challenge(begun.verifier),
            "code_challenge_method": "S256",
        }
        return f"{self._address('authorization_endpoint')}?{urllib.parse.urlencode(asked)}"

    def come_back(
        self, begun: Begun, code: str, callback: str
    ) -> tuple[Recognised, frozenset[Grant]]:
        """Who has come back with a code, and what the groups let do.

        Raises:
            SignInRefused: the issuer does not vouch for the person.
        """
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": callback,
            "code_verifier": begun.verifier,
        }
        pair = f"{_quoted(self._settings.client_id)}:{_quoted(self._settings.client_secret)}"
        answer = _fetch(
            self._address("token_endpoint"),
            urllib.parse.urlencode(sent).encode(),
            {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"},
        )
        claims = self._claims(str(answer.get("id_token", "")), begun.nonce)
        groups = claims.get(self._settings.groups_claim)
        listed = groups if isinstance(groups, list) else []
        granted = [self._settings.roles.get(str(one), frozenset()) for one in listed]
        person = Recognised(
            self._settings.issuer,
            str(claims["sub"]),
            str(claims.get("preferred_username") or claims["sub"]),
            str(claims.get("name") or ""),
        )
        return person, frozenset().union(*granted)

    def _claims(self, token: str, nonce: str) -> Mapping[str, Any]:
        """What an ID token says, once it is proved (OpenID Connect Core, ID Token Validation)."""
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        published = _fetch(self._address("jwks_uri"))
        registry = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY_S,
            iss={"essential": True, "value": self._settings.issuer},
            aud={"essential": True, "value": self._settings.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            keys = KeySet.import_key_set(published)  # type: ignore[arg-type]
            found = jwt.decode(token, keys, algorithms=list(_ALGORITHMS))
            registry.validate(found.claims)
        except (JoseError, ValueError, LookupError, TypeError) as error:
            raise SignInRefused from error
        azp = found.claims.get("azp", self._settings.client_id)
        if azp != self._settings.client_id:
            raise SignInRefused
        return found.claims

    def _address(self, name: str) -> str:
        if self._described is None:
            issuer = self._settings.issuer
            described = _fetch(f"{issuer}/.well-known/openid-configuration")
            if str(described.get("issuer", "")).rstrip("/") != issuer:
                raise SignInRefused
            self._described = described
        address = str(self._described.get(name, ""))
        _check_address(name, address)
        return address


def _quoted(text: str) -> str:
    return urllib.parse.quote(text, safe="")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """An endpoint that sends elsewhere is not followed."""

    def redirect_request(self, *_: Any) -> None:
        """Nothing: the answer is the refusal itself."""
        return


def _fetch(
    address: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Mapping[str, Any]:
    """A JSON document of the issuer; without a proxy, a redirect or more than a megabyte."""
    asked = urllib.request.Request(  # noqa: S310 - the scheme is checked by `_check_address`
        address, body, {"Accept": "application/json", **(headers or {})}
    )
    opener = urllib.request.build_opener(_NoRedirects, urllib.request.ProxyHandler({}))
    try:
        with opener.open(asked, timeout=_PATIENCE_S) as answer:
            document = json.loads(answer.read(_MOST_BYTES))
    except (OSError, HTTPException, ValueError) as error:
        raise SignInRefused from error
    if not isinstance(document, dict):
        raise SignInRefused
    return document
