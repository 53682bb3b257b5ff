"""The terms a form is found by; index and query make them here, so that they always agree.

A term is a mark and a piece of a key. The marks:

    =   whole form, kind standard        p^  beginning of the pinyin
    ~   whole form, any other kind       p=  whole pinyin
    ^   beginning of the form            p.  beginning of the pinyin from a later syllable
    .   inside the form                  p:  whole pinyin from a later syllable
    :   the form from a later consonant  i   beginning of the initials
        before a vowel, of letters       h   merged sounds, whole or without the generic term
    f   run of families                  g   look-alike characters folded
    s   probe of a short form            k   skeleton of a Mongolian form
    t…  = ~ ^ . for the form in simplified characters, where it is written in others
    m…  = ~ ^ . for the folded key of a Mongolian form
    e^ e$  beginning and end of letters, for names within one edit

Of a text that is inside a form only what does not begin it is a term, since a beginning has its
own. What goes to the end of a key is read in ranges: see `gazetteer.search.ranges`.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from gazetteer.names import (
    NearSound,
    SearchKeys,
    mongolian_near_key,
    shape_key,
)
from gazetteer.names.scripts import HAN, MONGOLIAN

LONGEST_GRAM: Final = 3
"""Substrings of Han texts are terms up to this length; longer ones are read through them."""

LETTER_GRAM: Final = 3
"""Substrings of alphabetic texts are terms of exactly this length."""

LETTER_PREFIXES: Final = (1, 2, 4, 6)
"""Beginnings of alphabetic texts that are terms; others are read through the next shorter."""

INNER_PINYIN: Final = 4
"""So many letters of the pinyin from a later syllable are a term; fewer only where they are two
syllables."""

NEAR_SOUND: Final = NearSound()
"""The mergers of sound that the index knows."""

INITIALS: Final = (2, 4)
EDIT_END: Final = 3
LONGEST_FAMILY_RUN: Final = 3

_BEFORE_VOWEL: Final = re.compile("[b-df-hj-np-tv-z](?=[aeiou])")
_BEGINS_SYLLABLE: Final = re.compile("[bpmfdtlkjqxzcsyw](?=h?[aeiou])")
LETTERS: Final = re.compile("[a-z]")
_FAMILY: Final = re.compile(r"[A-Z][a-z]*\.")
_RUN: Final = re.compile(r"(?:[A-Z][a-z]*\.)+")
_BEFORE: Final = re.compile(r"[^.]{1,3}\Z")
_BEHIND: Final = re.compile(r"[^A-Z]{1,3}")


def is_alphabetic(script: str) -> bool:
    """Whether substrings and beginnings go by letters rather than by characters."""
    return script != HAN


def form_terms(mark: str, key: str, script: str, *, standard: bool) -> list[str]:
    """The terms of a whole form: whole, beginnings, insides; `mark` is '', 't' or 'm'.

    >>> form_terms("", "乌拉特", "Hani", standard=True)
    ['=乌拉特', '^乌', '^乌拉', '^乌拉特', '.拉', '.特', '.拉特']
    """
    if not key:
        return []
    whole = f"{mark}{'=' if standard else '~'}{key}"
    length, begins, inside = len(key), f"{mark}^", f"{mark}."
    if is_alphabetic(script):
        starts = range(1, length - LETTER_GRAM + 1)
        return [
            whole,
            *[begins + key[:size] for size in LETTER_PREFIXES if size <= length],
            *[inside + key[start : start + LETTER_GRAM] for start in starts],
            *[f"{mark}:{key[start:]}" for start in _later_consonants(key)],
        ]
    return [
        whole,
        *[begins + key[:size] for size in range(1, min(LONGEST_GRAM, length) + 1)],
        *[inside + letter for letter in key[1:]],
        *[inside + key[start : start + 2] for start in range(1, length - 1)],
        *[inside + key[start : start + 3] for start in range(1, length - 2)],
        *(_of_letters_within(mark, key) if LETTERS.search(key) else ()),
    ]


def _of_letters_within(mark: str, key: str) -> Iterator[str]:
    """The terms that a query of letters is sought by, of a Han form that has some: hohhot东站.

    >>> list(_of_letters_within("", "hohhot东站"))
    ['^hohh', '^hohhot', ':hot东站']
    """
    yield from (
        f"{mark}^{key[:size]}" for size in LETTER_PREFIXES if LONGEST_GRAM < size <= len(key)
    )
    yield from (f"{mark}:{key[start:]}" for start in _later_consonants(key))


def _later_consonants(letters: str) -> list[int]:
    """Where consonants stand before a vowel, behind the first letter, with more than a gram."""
    ends = len(letters) - LETTER_GRAM
    return [found.start() for found in _BEFORE_VOWEL.finditer(letters, 1, ends + 1)]


def sought_from_consonant(letters: str) -> str:
    """The rest of a query from its first consonant before a vowel, if it is more than a gram.

    Every form of letters with the query inside has a term that begins so.

    >>> sought_from_consonant("ulanhot"), sought_from_consonant("har")
    ('lanhot', '')
    """
    found = _BEFORE_VOWEL.search(letters)
    rest = letters[found.start() :] if found else ""
    return rest if len(rest) > LETTER_GRAM else ""


def sound_terms(keys: SearchKeys) -> list[str]:
    """The terms of a Han form's pinyin, initials and merged sounds."""
    pinyin = keys.pinyin
    if not pinyin:
        return []
    specific, initials, length = keys.specific_pinyin, keys.initials, len(pinyin)
    return [
        "p=" + pinyin,
        *["p^" + pinyin[:size] for size in LETTER_PREFIXES if size <= length],
        *inner_pinyin_terms(keys),
        *["i" + initials[:size] for size in INITIALS if size <= len(initials)],
        "h" + NEAR_SOUND.key(pinyin),
        "h" + NEAR_SOUND.key(specific),
        *edit_terms(specific),
    ]


def inner_pinyin_terms(keys: SearchKeys) -> list[str]:
    """Where a query may begin that leaves out the first syllables of a Han form.

    A form with letters of its own has none: they are no syllables.

    >>> from gazetteer.names import search_keys
    >>> inner_pinyin_terms(search_keys("额济纳旗")), inner_pinyin_terms(search_keys("锡林额里"))
    (['p.jina', 'p:jinaqi', 'p.naqi'], ['p.line', 'p:lineli', 'p.eli'])
    """
    if LETTERS.search(keys.folded):
        return []
    pinyin, syllables, found, at = keys.pinyin, keys.syllables, [], 0
    for syllable, _ in pairwise(syllables):
        at += len(syllable)
        gram = pinyin[at : at + INNER_PINYIN]
        if len(gram) == INNER_PINYIN:
            found.append(f"p.{gram}")
        if len(pinyin) - at > INNER_PINYIN:
            found.append(f"p:{pinyin[at:]}")
    for syllable, following in pairwise(syllables[1:]):
        if len(syllable) + len(following) < INNER_PINYIN:
            found.append(f"p.{syllable}{following}")
    return found


def sought_inner_pinyin_terms(letters: str) -> list[str]:
    """The terms that the pinyin of a name has where letters begin at a later syllable.

    Certain consonants begin a syllable wherever they stand before a vowel, so that the letters
    from there on are a term too.

    >>> sought_inner_pinyin_terms("gaolecun"), sought_inner_pinyin_terms("eli")
    (['p.gaol', 'p.lecu'], ['p.eli'])
    """
    starts = [found.start() for found in _BEGINS_SYLLABLE.finditer(letters, 1)]
    grams = [letters[at : at + INNER_PINYIN] for at in starts]
    whole = [gram for gram in grams if len(gram) == INNER_PINYIN]
    return [f"p.{gram}" for gram in dict.fromkeys([letters[:INNER_PINYIN], *whole])]


def edit_terms(letters: str) -> list[str]:
    """The end by which a text of letters is found within one edit; its beginning is a prefix."""
    return ["e$" + letters[-EDIT_END:]] if len(letters) >= EDIT_END else []


def family_terms(family: str) -> list[str]:
    """The terms of a family key.

    Runs of one to three families that stand side by side, and each family at the end of a run
    with the one to three characters next to it: 敖包 alone names thousands of places, 敖包牛 few.

    >>> family_terms("新东力Obo.牛")
    ['fObo.', 'f新东力Obo.', 'f东力Obo.', 'f力Obo.', 'fObo.牛']
    """
    found: list[str] = []
    for run in _RUN.finditer(family):
        words = _FAMILY.findall(run[0])
        found += (
            "f" + "".join(words[start : start + size])
            for size in range(1, LONGEST_FAMILY_RUN + 1)
            for start in range(len(words) - size + 1)
        )
        found += _beside(family, run.span(), words)
    return found


def sought_family_terms(family: str) -> list[str]:
    """The terms that every form with a query's family key in it has, likely rare ones first.

    >>> sought_family_terms("东力Obo.牛")
    ['f东力Obo.', 'f力Obo.', 'fObo.牛', 'fObo.']
    """
    beside: list[str] = []
    longest: list[str] = []
    for run in _RUN.finditer(family):
        words = _FAMILY.findall(run[0])
        beside += _beside(family, run.span(), words)
        longest = max(longest, words, key=len)
    return [
        *sorted(beside, key=lambda term: -len(_FAMILY.sub("", term))),
        *(["f" + "".join(longest[:LONGEST_FAMILY_RUN])] if longest else []),
    ]


def _beside(family: str, span: tuple[int, int], words: list[str]) -> list[str]:
    """The families at the ends of a run, each with up to three characters next to it."""
    start, end = span
    before = _BEFORE.search(family[:start])
    after = _BEHIND.match(family, end)
    return [
        *([f"f{before[0][at:]}{words[0]}" for at in range(len(before[0]))] if before else []),
        *([f"f{words[-1]}{after[0][:at]}" for at in range(len(after[0]), 0, -1)] if after else []),
    ]


class TermSource(NamedTuple):
    """What the terms of a form are made from.

    Attributes:
        keys: the form's search keys.
        plain: the form folded, but in the characters it is written in.
        text: the form as written.
        standard: whether its kind is standard.
        division: whether it names a division down to townships, which people shorten.
    """

    keys: SearchKeys
    plain: str
    text: str
    standard: bool
    division: bool

    def terms(self) -> set[str]:
        """Every term of the form."""
        keys, plain, text, standard, division = self
        script, folded = keys.script, keys.folded
        found = form_terms("", plain, script, standard=standard)
        if script == HAN:
            if folded != plain:
                found += form_terms("t", folded, script, standard=standard)
            found += sound_terms(keys)
            found += family_terms(keys.family)
            found += _shape_terms(folded)
            if division and keys.short_probe:
                found.append("s" + keys.short_probe)
        elif script == MONGOLIAN:
            found += form_terms("m", folded, script, standard=standard)
            found += _mongolian_terms(keys.skeleton, text)
        else:
            found += edit_terms(folded)
        return set(found)


def _shape_terms(folded: str) -> list[str]:
    """Only for forms with a character that has look-alikes and is not the first of them."""
    shape = shape_key(folded)
    return ["g" + shape] if shape != folded else []


def _mongolian_terms(skeleton: str, text: str) -> list[str]:
    near = mongolian_near_key(text)
    return ["k" + skeleton, "e^" + near[:2], *edit_terms(near)] if skeleton else []
