"""Readings of Han characters in place names (汉字读音), for keys and for suggestions.

The dictionaries of pypinyin are read once into two small tables of our own: the reading of
each character, and the words whose reading differs from that of their characters. Over both
stands the sourced table of exceptions: a place name is not a common word (单县 Shàn Xiàn,
锡林郭勒 Xīlínguōlè). Its default rows stand in for the dictionary's commonest reading, its
character rows overrule the dictionary's words too, its phrase rows overrule everything.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from gazetteer.names.dictionaries import read_characters, read_words
from gazetteer.names.han import simplified
from gazetteer.names.tables import generics_table, pinyin_exceptions_table

_LONGEST_WORD: Final = 4
"""Longer entries of the dictionary are proverbs, which no name repeats whole."""

_ASCII_RUN: Final = re.compile(r"[0-9a-z]+")


@dataclass(frozen=True, slots=True)
class _Readings:
    """Readings by character, and by word; `reach` is the longest word from a first character."""

    characters: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]
    reach: Mapping[str, int]

    def read(self, text: str) -> list[str]:
        """The reading of each character of `text`, longest words first; '' where there is none."""
        read: list[str] = []
        start, end = 0, len(text)
        while start < end:
            head = text[start]
            reach = self.reach.get(head)
            if reach is None:  # most characters begin no word that is read otherwise
                read.append(self.characters.get(head, ""))
                start += 1
                continue
            for size in range(min(reach, end - start), 1, -1):
                syllables = self.words.get(text[start : start + size])
                if syllables:
                    read += syllables
                    start += size
                    break
            else:
                read.append(self.characters.get(head, ""))
                start += 1
        return read


def _read(table: _Readings, text: str) -> list[str]:
    """The reading of each character of a text in either standard.

    Words are looked up in simplified characters, but a character that folding changed keeps
    its own reading where no word says otherwise: 乾 in 奇乾 is not 干.
    """
    plain = simplified(text)
    read = table.read(plain)
    if plain == text:
        return read
    known = table.characters
    return [
        known.get(a, syllable) if a != b and syllable == known.get(b) else syllable
        for a, b, syllable in zip(text, plain, read, strict=True)
    ]


def tone_syllables(text: str) -> tuple[str, ...]:
    """The reading of each character with tone marks; '' where none is known.

    >>> tone_syllables("单县"), tone_syllables("锡林郭勒")
    (('shàn', 'xiàn'), ('xī', 'lín', 'guō', 'lè'))
    """
    return tuple(_read(_with_tones(), text))


def key_syllables(folded: str) -> tuple[str, ...]:
    """The toneless syllables of a folded text, in either standard of Han characters.

    ü is u; a run of Latin letters or digits is one syllable.

    >>> key_syllables("呼和浩特"), key_syllables("10号")
    (('hu', 'he', 'hao', 'te'), ('10', 'hao'))
    """
    table = _without_tones()
    if not _ASCII_RUN.search(folded):
        return tuple(filter(None, _read(table, folded)))
    syllables: list[str] = []
    start = 0
    for run in _ASCII_RUN.finditer(folded):
        syllables += _read(table, folded[start : run.start()])
        syllables.append(run[0])
        start = run.end()
    syllables += _read(table, folded[start:])
    return tuple(filter(None, syllables))


@cache
def toneless(syllable: str) -> str:
    """A syllable without its tone; ü stays.

    >>> toneless("lǜ"), toneless("guō")
    ('lü', 'guo')
    """
    kept = (
        c for c in unicodedata.normalize("NFD", syllable) if c not in "\u0300\u0301\u0304\u030c"
    )
    return unicodedata.normalize("NFC", "".join(kept))


@cache
def _key_syllable(syllable: str) -> str:
    return toneless(syllable).replace("ü", "u")


@cache
def _with_tones() -> _Readings:
    characters = _characters()
    return _readings(characters, _words(characters))


@cache
def _without_tones() -> _Readings:
    toned = _with_tones()
    characters = {c: _key_syllable(s) for c, s in toned.characters.items()}
    words = {w: tuple(map(_key_syllable, s)) for w, s in toned.words.items()}
    return _readings(characters, words)


def _readings(characters: Mapping[str, str], words: Mapping[str, tuple[str, ...]]) -> _Readings:
    """The table without the words that say nothing new."""
    kept = {w: s for w, s in words.items() if not _says_nothing_new(characters, w, s)}
    # An exception that agrees with its characters still keeps a shorter word from
    # matching inside it: 东阿力 holds off 东阿.
    kept |= {w: words[w] for w in _exceptions("phrase") if w in words}
    reach: dict[str, int] = {}
    for word in kept:
        reach[word[0]] = max(reach.get(word[0], 1), len(word))
    return _Readings(characters, kept, reach)


@cache
def _exceptions(scope: str) -> dict[str, tuple[str, ...]]:
    rows = pinyin_exceptions_table()
    return {row["text"]: tuple(row["reading"].split()) for row in rows if row["scope"] == scope}


def _characters() -> dict[str, str]:
    stated = _exceptions("default") | _exceptions("character")
    return dict(read_characters()) | {text: reading[0] for text, reading in stated.items()}


def _words(characters: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    fixed = _exceptions("character")
    words: dict[str, tuple[str, ...]] = {}
    for word, spoken in read_words(_LONGEST_WORD):
        pairs = zip(word, spoken, strict=True)
        syllables = tuple(fixed[c][0] if c in fixed else syllable for c, syllable in pairs)
        if not _says_nothing_new(characters, word, syllables):
            words[word] = syllables
    return words | _generics(characters) | _exceptions("phrase")


def _says_nothing_new(characters: Mapping[str, str], word: str, syllables: Sequence[str]) -> bool:
    return all(characters.get(c) == syllable for c, syllable in zip(word, syllables, strict=True))


def _generics(characters: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The readings of generic terms of several characters, such as 营子 yíngzi."""
    found: dict[str, tuple[str, ...]] = {}
    for row in generics_table():
        syllables = split_syllables(row["pinyin"], len(row["generic"]))
        if len(row["generic"]) > 1 and syllables:
            found[row["generic"]] = syllables
    return {word: syllables for word, syllables in found.items() if word[0] in characters}


_SYLLABLE: Final = re.compile(
    "(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?[iuü]?(?:ang|eng|ong|ing|ai|ei|ao|ou|an|en|er|in|un"
    "|ia|ie|ua|uo|ue|ui|iu|a|o|e|i|u|ü)"
)


def split_syllables(pinyin: str, count: int) -> tuple[str, ...]:
    """The syllables of a written pinyin, tones kept, when it has `count` of them; else none.

    >>> split_syllables("Zìzhìqí", 3), split_syllables("Kǒu'àn", 2)
    (('zì', 'zhì', 'qí'), ('kǒu', 'àn'))
    """
    written = pinyin.lower()
    bare = toneless(written)
    found: list[str] = []
    for part in re.finditer(r"[^\s']+", bare):
        ends = _cut(part[0])
        if ends is None:
            return ()
        starts = [0, *ends[:-1]]
        found += (
            written[part.start() + a : part.start() + b] for a, b in zip(starts, ends, strict=True)
        )
    return tuple(found) if len(found) == count else ()


def _cut(bare: str) -> list[int] | None:
    """Where the syllables of one written word end, each as long as it can be."""
    if not bare:
        return []
    for end in range(min(6, len(bare)), 0, -1):
        if _SYLLABLE.fullmatch(bare[:end]):
            rest = _cut(bare[end:])
            if rest is not None and not _needs_apostrophe(bare[end:]):
                return [end, *(end + further for further in rest)]
    return None


def _needs_apostrophe(following: str) -> bool:
    return following[:1] in {"a", "o", "e"}
