"""Division words in a query steer it: 锡林郭勒 乌兰, 赤峰市大板镇 (查询中的行政区划)."""

from collections.abc import Iterator
from dataclasses import dataclass

from gazetteer.names import fold, is_mongolian
from gazetteer.search.lexicon import DivisionEntry, Lexicon, significant

_LONGEST_NAME = 16


@dataclass(frozen=True, slots=True)
class Steered:
    """A query read as a division and what is sought in it."""

    division: DivisionEntry
    rest: str


def steer(text: str, lexicon: Lexicon, day: int | None) -> Steered | None:
    """The query as division and rest, or None where it names no division or nothing else.

    Words before the last are divisions, each within the one before; without blanks, the whole
    name of a division at the beginning of the text is one.
    """
    if is_mongolian(text) or lexicon.named(text, day):
        return None
    words = text.split()
    found = _by_words(words, lexicon, day) if len(words) > 1 else None
    return found or _by_beginning(fold(text), lexicon, day)


def _by_words(words: list[str], lexicon: Lexicon, day: int | None) -> Steered | None:
    within: DivisionEntry | None = None
    for place, word in enumerate(words[:-1]):
        candidates = lexicon.named(word, day) or lexicon.shortened(word, day)[:1]
        # Syllables typed apart are not divisions: Xilin Gol is no place in 锡林街道.
        inside = [
            entry
            for entry in candidates
            if _is_under(entry, within) and not (word.isascii() and entry.level == "township")
        ]
        if len(inside) != 1:
            return Steered(within, " ".join(words[place:])) if within else None
        within = inside[0]
    return Steered(within, words[-1]) if within else None


def _by_beginning(folded: str, lexicon: Lexicon, day: int | None) -> Steered | None:
    within: DivisionEntry | None = None
    rest = folded
    while found := next(_beginnings(rest, lexicon, day, within), None):
        within, rest = found
    return Steered(within, rest) if within else None


def _beginnings(
    folded: str, lexicon: Lexicon, day: int | None, within: DivisionEntry | None
) -> Iterator[tuple[DivisionEntry, str]]:
    """Divisions whose whole name begins the text and leaves something, longest first."""
    for size in range(min(len(folded) - 1, _LONGEST_NAME), 1, -1):
        named = [
            entry
            for entry in lexicon.by_key.get(folded[:size], ())
            if entry.holds_on(day)
            and _is_under(entry, within)
            and (fold(entry.name) == folded[:size] or entry.level == "region")
            and not folded.isascii()
        ]
        if len(named) == 1:
            yield named[0], folded[size:]


def _is_under(entry: DivisionEntry, within: DivisionEntry | None) -> bool:
    return within is None or (
        entry.code != within.code and entry.code.startswith(significant(within.code))
    )
