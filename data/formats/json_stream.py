"""JSON text taken value by value, so that a large array is never held whole."""

import json
from collections.abc import Iterator
from io import TextIOWrapper
from typing import Any

from data.errors import InvalidFile

_CHUNK_CHARS = 1024 * 1024
_BLANK = " \t\r\n\x1e\ufeff"
# A scanner that meets the end of what is read so far reports a place near it.
_NEAR_END = 64
_LONG_INTEGER = 20
_ENDS = frozenset(" \t\r\n\x1e,]}")


class JsonText:
    """A cursor over JSON text.

    `twice` collects the keys that occur twice in one object; who reads empties it.
    """

    def __init__(self, stream: TextIOWrapper) -> None:
        self.twice: list[str] = []
        self._stream = stream
        self._buffer = ""
        self._at = 0
        self._passed = 0
        self._ended = False
        self._decoder = json.JSONDecoder(object_pairs_hook=self._object, parse_int=_integer)

    def peek(self) -> str:
        """The next character that is not blank, "" at the end."""
        while True:
            while self._at < len(self._buffer):
                character = self._buffer[self._at]
                if character not in _BLANK:
                    return character
                self._at += 1
            if not self._more():
                return ""

    def take(self, wanted: str) -> str:
        """The next character, which must be one of those wanted."""
        found = self.peek()
        if not found or found not in wanted:
            raise self._broken(f"{' or '.join(wanted)} was expected")
        self._at += 1
        return found

    def value(self) -> Any:
        """The next value, whole."""
        if not self.peek():
            raise self._broken("the text ends too early")
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                if self._is_final(error) or not self._more():
                    raise self._broken(error.msg) from error
                continue
            except RecursionError as error:
                raise InvalidFile(
                    "its JSON is nested too deeply; a place or marker needs few levels",
                    "JSON 嵌套层数过多；请检查导出步骤",
                ) from error
            # A number may go on in what is not read yet.
            if end < len(self._buffer) or not self._more():
                self._at = end
                return value

    def members(self) -> Iterator[str]:
        """The keys of the object that begins here; each one's value is to be taken in turn."""
        self.take("{")
        if self.peek() == "}":
            self.take("}")
            return
        while True:
            if self.peek() != '"':
                raise self._broken("a key in quotation marks was expected")
            key = self.value()
            self.take(":")
            yield key
            if self.take(",}") == "}":
                return

    def items(self) -> Iterator[Any]:
        """The values of the array that begins here."""
        self.take("[")
        if self.peek() == "]":
            self.take("]")
            return
        while True:
            yield self.value()
            if self.take(",]") == "]":
                return

    def _is_final(self, error: json.JSONDecodeError) -> bool:
        """Whether reading on cannot mend what the scanner met."""
        if self._ended or error.msg.startswith("Unterminated string"):
            return self._ended
        return error.pos < len(self._buffer) - _NEAR_END

    def _more(self) -> bool:
        """Read on, twice as much for a value that has already outgrown a chunk."""
        if self._ended:
            return False
        rest = self._buffer[self._at :]
        text = self._stream.read(max(_CHUNK_CHARS, len(rest)))
        self._passed += self._at
        self._buffer, self._at = rest + text, 0
        self._ended = not text
        return bool(text)

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            keys = [key for key, _ in pairs]
            self.twice += [key for key in found if keys.count(key) > 1]
        return found

    def _broken(self, reason: str) -> InvalidFile:
        place = self._passed + self._at + 1
        return InvalidFile(
            f"its JSON breaks off or is wrong near character {place:,}: {reason}; export it again",
            f"JSON 在第 {place:,} 个字符附近中断或有误（{reason}）；请重新导出",
        )


def _integer(text: str) -> int | str:
    # Python refuses to convert thousands of digits; as a code they are text anyway.
    return int(text) if len(text) <= _LONG_INTEGER else text
