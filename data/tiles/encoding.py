"""Mapbox Vector Tiles 2.1, written byte by byte: pure, and no object per value on the way.

A tile is a message of protocol buffers. Its fields are few and fixed, so they are written here
straight from whole numbers; a general library is ten times slower.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from data.tiles.grids import EXTENT

POINT, LINE, POLYGON = 1, 2, 3
_SMALL: Final = 1 << 15
_SHORT: Final = 125
"""Up to so many bytes a text's value has lengths of one byte."""


def varint(value: int) -> bytes:
    """A number from 0 on, seven bits to a byte, the lowest first.

    >>> varint(300).hex()
    'ac02'
    """
    if value < _SMALL:
        return _VARINTS[value]
    if value < _SMALL << 7:
        return _FIRST[value & 0x7F] + _VARINTS[value >> 7]
    return _long_varint(value)


def _long_varint(value: int) -> bytes:
    parts = bytearray()
    while value > 0x7F:  # noqa: PLR2004 - seven bits
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)


_VARINTS: Final = [_long_varint(value) for value in range(_SMALL)]
_FIRST: Final = [bytes((value | 0x80,)) for value in range(0x80)]
"""The first of several bytes, by its seven bits."""


def _varints(first: int, end: int) -> Sequence[bytes]:
    """Numbers that follow one another."""
    return _VARINTS[first:end] if end <= _SMALL else [varint(one) for one in range(first, end)]


def _field(number: int, content: bytes) -> bytes:
    """A field with a length before it."""
    return _VARINTS[number << 3 | 2] + varint(len(content)) + content


def _value(value: Any) -> bytes:
    """A property's value: text, yes or no, a whole number or a number."""
    if isinstance(value, str):
        text = value.encode()
        size = len(text)
        if size <= _SHORT:
            return b"\x22%c\x0a%c%b" % (size + 2, size, text)
        content = _field(1, text)
    elif isinstance(value, bool):
        content = b"\x38\x01" if value else b"\x38\x00"
    elif isinstance(value, int):
        content = b"\x28" + varint(value) if value >= 0 else b"\x30" + varint(-2 * value - 1)
    else:
        content = b"\x19" + np.float64(value).tobytes()
    return _field(4, content)


class LayerWriter:
    """One layer of a tile.

    Args:
        name: its name.
        keys: the names of its features' properties.
        own: how many of the first keys differ from feature to feature; the values of the others
            come together again and again, and are written once for each set of them.
    """

    def __init__(self, name: str, keys: Sequence[str], own: int = 0) -> None:
        self._name, self._keys, self._own = name, keys, own
        self._sets: dict[tuple[Any, ...], bytes] = {}
        self._features: list[bytes] = []
        self._values: list[bytes] = []
        # A value is known by its kind too: 1, 1.0 and True are one key of a dictionary.
        self._known: Mapping[type, dict[Any, bytes]] = {str: {}, bool: {}, int: {}, float: {}}

    def add(self, identity: int, kind: int, geometry: bytes, values: Sequence[Any]) -> None:
        """Add a feature.

        Args:
            identity: its id.
            kind: POINT, LINE or POLYGON.
            geometry: its commands, as `point_commands` and the others give them.
            values: one for each key; what is None is left out.
        """
        tagged = self._tagged(values)
        content = b"\x08%b%b\x18%c\x22%b%b" % (
            varint(identity),
            b"\x12%b%b" % (varint(len(tagged)), tagged) if tagged else b"",
            kind, varint(len(geometry)), geometry,
        )  # fmt: skip
        self._features.append(b"\x12%b%b" % (varint(len(content)), content))

    def add_points(
        self,
        identities: Sequence[int],
        across: Sequence[int],
        down: Sequence[int],
        values: Sequence[Sequence[Any]],
    ) -> None:
        """Add points within the tile, side by side: most of what tiles hold.

        Args:
            identities: their ids.
            across: how far east of the tile's north-west corner each is.
            down: how far south of it.
            values: of each, one for each key; what is None is left out.
        """
        columns = list(zip(*values, strict=True))
        sets = self._sets
        shared = [
            sets.get(together) or self._shared(together)
            for together in zip(*columns[self._own :], strict=True)
        ]
        # Their values come last: the fewer, of many features each, have the shorter numbers.
        own = [self._own_tags(number, one) for number, one in enumerate(columns[: self._own])]
        tagged = map(b"".join, zip(*own, shared, strict=True))
        known, add = _VARINTS, self._features.append
        for identity, x, y, tags in zip(identities, across, down, tagged, strict=True):
            number, east, south = varint(identity), known[x << 1], known[y << 1]
            place = len(east) + len(south) + 1
            size = known[len(tags)]
            # Field 1 is the id, 2 the tags, 3 the kind, 4 the commands: one move to a place.
            whole = len(number) + len(size) + len(tags) + place + 6
            add(
                b"\x12%b\x08%b\x12%b%b\x18\x01\x22%c\x09%b%b"
                % (known[whole], number, size, tags, place, east, south)
            )

    def _tagged(self, values: Sequence[Any]) -> bytes:
        """A feature's tags: those of its own, and those that many share."""
        together = tuple(values[self._own :])
        known = together, tuple(map(type, together))  # 1, 1.0 and True are equal
        common = self._sets.get(known)
        if common is None:
            common = self._sets[known] = self._tags(self._own, together)
        return self._tags(0, values[: self._own]) + common if self._own else common

    def _shared(self, together: tuple[Any, ...]) -> bytes:
        """The tags of a set of values that come together, each key's always of one kind."""
        common = self._sets.get(together)
        if common is None:
            common = self._sets[together] = self._tags(self._own, together)
        return common

    def _own_tags(self, key: int, column: Sequence[Any]) -> Sequence[bytes]:
        """Tags of one key's values of which nearly each is another: none is looked for."""
        said, written = _VARINTS[key], self._values
        first = len(written)
        if None not in column:
            written += map(_value, column)
            return [said + number for number in _varints(first, len(written))]
        tags = []
        for value in column:
            tags.append(b"" if value is None else said + varint(len(written)))
            if value is not None:
                written.append(_value(value))
        return tags

    def _tags(self, first: int, values: Sequence[Any]) -> bytes:
        """Numbers of keys, from `first` on, and of their values; what is None is left out."""
        tags: list[bytes] = []
        for number, value in enumerate(values, first):
            if value is not None:
                known = self._known[type(value)]
                place = known.get(value)
                if place is None:
                    place = known[value] = varint(len(self._values))
                    self._values.append(_value(value))
                tags += (_VARINTS[number], place)
        return b"".join(tags)

    def content(self) -> bytes:
        """The layer as a field of a tile; empty where it has no feature."""
        if not self._features:
            return b""
        keys = b"".join(_field(3, key.encode()) for key in self._keys)
        parts = (
            _field(1, self._name.encode()), b"".join(self._features), keys,
            b"".join(self._values), b"\x28" + varint(EXTENT), b"\x78\x02",
        )  # fmt: skip
        return _field(3, b"".join(parts))


def point_commands(x: int, y: int) -> bytes:
    """One point."""
    return b"\x09%b%b" % (varint(x << 1 ^ x >> 63), varint(y << 1 ^ y >> 63))


def path_commands(paths: Sequence[NDArray[np.int64]], *, closed: bool) -> bytes:
    """Lines or rings of columns x and y; a closed ring is given without its last point."""
    numbers: list[NDArray[np.int64]] = []
    before = np.zeros(2, np.int64)
    for path in paths:
        moves = np.diff(path, axis=0, prepend=before[None])
        zigzag = (moves << 1 ^ moves >> 63).ravel()
        numbers += [np.array([9]), zigzag[:2], np.array([len(path) - 1 << 3 | 2]), zigzag[2:]]
        if closed:
            numbers.append(np.array([15]))
        before = path[-1]
    return _packed(np.concatenate(numbers))


def _packed(values: NDArray[np.int64]) -> bytes:
    """Many numbers as varints, all at once."""
    shifts = np.arange(0, 35, 7)
    groups = values[:, None] >> shifts & 0x7F
    more = values[:, None] >> (shifts + 7) > 0
    used = np.column_stack([np.ones(len(values), bool), more[:, :-1]])
    return bytes((groups | more * 0x80)[used].astype(np.uint8).tobytes())
