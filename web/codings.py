"""How the bytes of an answer may be coded on their way (RFC 9110, 8.4 and 12.5.3). Pure."""

import gzip
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from zstandard import ZstdCompressor

_GZIP, _ZSTD = "gzip", "zstd"
_GZIP_LEVEL: Final = 4
"""Five sixths of what the highest level saves on GeoJSON, at a quarter of its time."""
_LONGEST_KEPT: Final = 200
_ZSTD_LEVEL: Final = 3
"""As small as gzip's fourth level, in a third of its time."""


def _gzipped(body: bytes) -> bytes:
    # The time of compression is left out: the same answer has the same bytes.
    return gzip.compress(body, _GZIP_LEVEL, mtime=0)


def _zstd(body: bytes) -> bytes:
    return ZstdCompressor(_ZSTD_LEVEL).compress(body)


CODINGS: Final[Mapping[str, Callable[[bytes], bytes]]] = {_ZSTD: _zstd, _GZIP: _gzipped}
"""What makes each coding, the better one first."""


def coding_of(accepted: str) -> str | None:
    """The coding that an Accept-Encoding header likes best; None where it allows none.

    >>> coding_of("gzip, deflate, br, zstd"), coding_of("gzip, zstd;q=0.5"), coding_of("identity")
    ('zstd', 'gzip', None)
    """
    return _known(accepted) if len(accepted) <= _LONGEST_KEPT else _best(accepted)


def _best(accepted: str) -> str | None:
    weights = {one: _weight(accepted, one) for one in CODINGS}
    best = max(weights, key=lambda one: weights[one])
    return best if weights[best] > 0 else None


_known = lru_cache(maxsize=128)(_best)
"""Browsers send the same header each time; a longer one is read anew, so that none fills memory."""


def accepts_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding header allows gzip, for what is kept compressed.

    >>> accepts_gzip("br, gzip;q=0.8"), accepts_gzip("gzip;q=0"), accepts_gzip("*")
    (True, False, True)
    """
    return bool(accepted) and _weight(accepted, _GZIP) > 0


def _weight(accepted: str, coding: str) -> float:
    """How much a coding is wanted: what is said of it, or else of all that are not named."""
    weights = {}
    for part in accepted.split(","):
        name, _, parameter = part.partition(";")
        weights[name.strip().lower()] = _quality(parameter)
    return weights.get(coding, weights.get("*", 0.0))


def _quality(parameter: str) -> float:
    """A weight from 0 to 1; one that cannot be read is passed over."""
    name, _, value = parameter.replace(" ", "").lower().partition("=")
    if name != "q" or not value.replace(".", "", 1).isdecimal() or not value.isascii():
        return 1.0
    return min(float(value), 1.0)
