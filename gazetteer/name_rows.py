"""The names of a place as rows, from the fields of a sheet; the language that a text allows."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_PARTS = re.compile(r"[、,，;；|/]\s*")
OTHER_NAMES = (
    ("alias", "alias"),
    ("short_name", "short"),
    ("former_name", "former"),
    ("name_mong", "standard"),
)
"""Fields of names beside the standard one, each with the kind of its names."""
JOINED_BY = "、"


def names_of(
    place_id: int, record: Mapping[str, Any], others: Mapping[str, str | None]
) -> Iterator[dict[str, Any]]:
    """Every name of a place as a row: the standard one, its romanization, others by field."""
    common = {"place_id": place_id, "source": record.get("source")}
    yield common | _name(record["name"], "standard", record["status"])
    if record.get("romanization"):
        yield common | _name(record["romanization"], "standard", record["status"], "zh-Latn-pinyin")
    for field, kind in OTHER_NAMES:
        whole = others.get(field)
        if not whole:
            continue
        # A Mongolian name is one whole: its blanks and marks belong to the word.
        texts = [whole] if field == "name_mong" else _PARTS.split(whole)
        for text in filter(None, texts):
            yield common | _name(text, kind, record["status"])


def _name(text: str, kind: str, status: str, language: str | None = None) -> dict[str, Any]:
    return {
        "text": text,
        "language": language or language_of(text),
        "kind": kind,
        "status": status,
    }


def language_of(text: str) -> str:
    """The BCP 47 tag that a text's script allows; the language stays open where it does."""
    for character in text:
        point = ord(character)
        if 0x1800 <= point <= 0x18AF or 0x11660 <= point <= 0x1167F:  # noqa: PLR2004 - Unicode blocks
            return "mn-Mong"
        if 0x3400 <= point <= 0x9FFF or 0x20000 <= point <= 0x3FFFF:  # noqa: PLR2004
            return "zh-Hans"
        if 0x0400 <= point <= 0x052F:  # noqa: PLR2004
            return "und-Cyrl"
    return "und-Latn" if re.search("[A-Za-z]", text) else "und"
