"""Trusted proxies: who asks, by which scheme, host and path, as a proxy of ours hands it on.

`X-Forwarded-For`, `-Proto`, `-Host` and `-Prefix` count only where the connection comes from an
address that `OVOO_TRUSTED_PROXIES` names; from anybody else they are words. The headers themselves
stay: a service without accounts refuses what a proxy hands on (`web.accounts`).
"""

import re
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any, Final

from data import InvalidValue
from web.transport import Application

Network = IPv4Network | IPv6Network
_HOST: Final = re.compile(r"[A-Za-z0-9.\-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")
_PREFIX: Final = re.compile(r"(/[A-Za-z0-9._~\-]{1,64}){1,8}")


def parse_networks(text: str) -> tuple[Network, ...]:
    """Addresses and networks parted by commas.

    Raises:
        InvalidValue: one of them is neither.

    >>> [str(one) for one in parse_networks("127.0.0.1, 10.0.0.0/8")]
    ['127.0.0.1/32', '10.0.0.0/8']
    """
    found = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        try:
            found.append(ip_network(part))
        except ValueError:
            raise InvalidValue(
                "OVOO_TRUSTED_PROXIES", part, "it is no address and no network",
                "give addresses such as 127.0.0.1 or 10.0.0.0/8, parted by commas",
                f"OVOO_TRUSTED_PROXIES 中的“{part}”不是地址或网段；如 127.0.0.1,10.0.0.0/8",
            ) from None  # fmt: skip
    return tuple(found)


class TrustedProxies:
    """A WSGI application around another, to which it tells what a trusted proxy says.

    Args:
        application: the house.
        trusted: the proxies.
    """

    def __init__(self, application: Application, trusted: Sequence[Network]) -> None:
        self._application, self._trusted = application, trusted

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        if self._trusts(environ.get("REMOTE_ADDR", "")):
            self._believe(environ)
        return self._application(environ, start_response)

    def _trusts(self, address: str) -> bool:
        try:
            known = ip_address(address)
        except ValueError:
            return False
        return any(known in network for network in self._trusted)

    def _believe(self, environ: dict[str, Any]) -> None:
        environ["REMOTE_ADDR"] = self._asker(environ)
        scheme = _last(environ, "PROTO").lower()
        if scheme in {"http", "https"}:
            environ["wsgi.url_scheme"] = scheme
        host = _last(environ, "HOST")
        if _HOST.fullmatch(host):
            environ["HTTP_HOST"] = host
        prefix = _last(environ, "PREFIX").rstrip("/")
        if _PREFIX.fullmatch(prefix):
            environ["SCRIPT_NAME"] = prefix
            environ["PATH_INFO"] = environ["PATH_INFO"].removeprefix(prefix) or "/"

    def _asker(self, environ: dict[str, Any]) -> str:
        """The last address on the way that is no proxy of ours; what stands before it is words."""
        way: list[str] = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
        for address in reversed([one.strip() for one in way]):
            try:
                ip_address(address)
            except ValueError:
                break
            if not self._trusts(address):
                return address
        return str(environ["REMOTE_ADDR"])


def _last(environ: dict[str, Any], name: str) -> str:
    """What the nearest proxy says: others may stand before it."""
    said: str = environ.get(f"HTTP_X_FORWARDED_{name}", "")
    return said.rpartition(",")[2].strip()
