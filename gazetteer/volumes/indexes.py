"""Indexes of a book: by pinyin and by number of strokes (音序索引、笔画索引)."""

from collections.abc import Iterable
from functools import cache

from data.reference import load_table
from gazetteer.names import search_keys
from gazetteer.volumes.entries import Entry

Groups = list[tuple[str, list[Entry]]]
_OTHER = "其他"


def by_pinyin(entries: Iterable[Entry]) -> Groups:
    """The entries by the first letter of their pinyin."""
    ordered = sorted(entries, key=lambda one: (search_keys(one.name).pinyin, one.name, one.id))
    return _grouped(ordered, lambda one: search_keys(one.name).pinyin[:1].upper() or _OTHER)


def by_strokes(entries: Iterable[Entry]) -> Groups:
    """The entries by the number of strokes of their first character, then of the next ones."""
    known = _strokes()
    ordered = sorted(
        entries, key=lambda one: ([known.get(c, 99) for c in one.name], one.name, one.id)
    )
    return _grouped(
        ordered, lambda one: f"{known[one.name[0]]}画" if one.name[0] in known else _OTHER
    )


def _grouped(ordered: Iterable[Entry], key: object) -> Groups:
    groups: dict[str, list[Entry]] = {}
    for one in ordered:
        groups.setdefault(key(one), []).append(one)  # type: ignore[operator]
    return list(groups.items())


@cache
def _strokes() -> dict[str, int]:
    return {
        character: int(row["strokes"])
        for row in load_table("strokes")
        for character in row["characters"]
    }
