"""The dictionaries of pypinyin, read for their entries alone (MIT licence, 闲耘 and others).

The package itself keeps both dictionaries and an index of them for as long as the program runs:
80 MB in each process of a server, for what comes to 7 MB here.
"""

import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any


def read_characters() -> Iterator[tuple[str, str]]:
    """Each Han character with its commonest reading, tone marks kept."""
    for code, readings in _read("pinyin_dict.json").items():
        yield chr(int(code)), _own(readings.partition(",")[0])


def read_words(longest: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each word of two to `longest` characters with the reading of each, tone marks kept."""
    for word, readings in _read("phrases_dict.json").items():
        if len(word) == len(readings) and 1 < len(word) <= longest:
            yield _own(word), tuple([_own(reading[0]) for reading in readings])


def _read(name: str) -> dict[str, Any]:
    found = find_spec("pypinyin")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("pypinyin is not installed: install the project's requirements")
    # Not by orjson: it keeps some of the keys, and with them the memory of all that lies around.
    with (Path(found.submodule_search_locations[0]) / name).open(encoding="utf-8") as file:
        read: dict[str, Any] = json.load(file)
    return read


def _own(text: str) -> str:
    """A copy that does not lie among the dictionary's own, whose memory is given back whole."""
    return text.encode().decode()
