"""The arms of a query: a pass has one or more, and they stand in the order of results."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

from gazetteer.names import (
    SearchKeys,
    family_key,
    fold,
    generics,
    key_script,
    mongolian_key,
    mongolian_near_key,
    plain_fold,
    search_keys,
    shape_key,
    simplified,
    split_name,
)
from gazetteer.names.scripts import COMMON, HAN, LATIN, MONGOLIAN
from gazetteer.search.arm import Arm
from gazetteer.search.terms import (
    EDIT_END,
    INITIALS,
    LETTER_GRAM,
    LETTER_PREFIXES,
    LONGEST_GRAM,
    NEAR_SOUND,
    is_alphabetic,
    sought_family_terms,
    sought_inner_pinyin_terms,
)
from gazetteer.search.ways import Pass

SHORTEST_EDIT: Final = {True: 4, False: 3}
"""How long the specific part must be for one edit in it to mean anything, by whether it is
written in letters: every name of two characters is one edit from dozens of others."""


_TEXT_WAYS: Final = (Pass.EXACT, Pass.EXACT_OTHER, Pass.PREFIX, Pass.SUBSTRING)


@dataclass(frozen=True)
class Asked:
    """A query with its keys; those beside its plain text are made where they are needed."""

    text: str
    plain: str
    script: str

    @classmethod
    def of(cls, text: str) -> "Asked":
        """What a person typed."""
        return cls(text, plain_fold(text), key_script(text))

    @cached_property
    def keys(self) -> SearchKeys:
        """All the keys of the query."""
        return search_keys(self.text)

    @property
    def folded(self) -> str:
        """The key `folded`, without those that take a reading."""
        return simplified(self.plain) if self.script == HAN else self.keys.folded


def opening_arms(asked: Asked) -> Iterator[Arm]:
    """The first of `first_arms`, in which the text itself is sought."""
    yield from _text_arms("", "plain", asked.plain, asked.script, _TEXT_WAYS)


def first_arms(asked: Asked) -> Iterator[Arm]:
    """The arms of the first pass for a query, in the order of results."""
    yield from opening_arms(asked)
    script, plain, folded = asked.script, asked.plain, asked.folded
    if script in {LATIN, COMMON}:
        yield from _pinyin_arms(folded)
    elif script == MONGOLIAN:
        yield from _text_arms("m", "folded", folded, script, (Pass.SCRIPT,) * 4)
        if asked.keys.skeleton:
            skeleton = asked.keys.skeleton
            yield Arm(Pass.SCRIPT, f"k{skeleton}", "skeleton", needle=skeleton)
    elif script == HAN:
        if folded != plain:
            yield from _text_arms("", "plain", folded, script, (Pass.TRADITIONAL,) * 4)
        yield from _text_arms("t", "folded", folded, script, (Pass.TRADITIONAL,) * 4)
        yield from _word_arms(folded)
    yield from _bare_arms(asked, folded)


def _bare_arms(asked: Asked, folded: str) -> Iterator[Arm]:
    """The query without its generic term: where it asks for 包头市, a register may have 包头."""
    script = asked.script
    bare = without_generic(asked.text, folded, script)
    if bare and script == MONGOLIAN:
        yield Arm(Pass.SHORT, f"m={bare}", "standard", "folded", bare)
        yield Arm(Pass.SHORT, f"m~{bare}", "other", "folded", bare)
    elif bare:
        yield Arm(Pass.SHORT, f"={bare}", "standard", "plain", bare)
        yield Arm(Pass.SHORT, f"~{bare}", "other", "plain", bare)


def without_generic(text: str, folded: str, script: str) -> str:
    """The key of a query without the generic term at its end; empty where it has none.

    >>> without_generic("包头市", "包头市", "Hani")
    '包头'
    """
    if script == HAN:
        specific = split_name(folded).specific
        return specific if 1 < len(specific) < len(folded) else ""
    words = text.split()
    if len(words) < 2:  # noqa: PLR2004 - a specific and a generic part
        return ""
    rest = " ".join(words[:-1])
    if script == MONGOLIAN:
        return mongolian_key(rest)
    return plain_fold(rest) if fold(words[-1]) in _generic_words() else ""


@cache
def _generic_words() -> frozenset[str]:
    """Generic terms of one word in pinyin: shi, qi, sumu."""
    return frozenset(fold(g.pinyin) for g in generics().values() if " " not in g.pinyin)


def _text_arms(
    mark: str, column: str, key: str, script: str, ways: tuple[Pass, ...]
) -> Iterator[Arm]:
    """Whole, whole of another kind, beginning, inside."""
    if not key:
        return
    exact, other, prefix, substring = ways
    yield Arm(exact, f"{mark}={key}", "standard", column, key)
    yield Arm(other, f"{mark}~{key}", "other", column, key)
    alphabetic = is_alphabetic(script)
    yield Arm(prefix, f"{mark}^{beginning(key, alphabetic=alphabetic)}", "begins", column, key)
    gram = LETTER_GRAM if alphabetic else min(len(key), LONGEST_GRAM)
    if len(key) >= gram:
        yield Arm(substring, f"{mark}.{key[:gram]}", "inside", column, key)


def beginning(key: str, *, alphabetic: bool) -> str:
    """The longest beginning of a key that is a term."""
    if not alphabetic:
        return key[:LONGEST_GRAM]
    return key[: max(size for size in LETTER_PREFIXES if size <= max(len(key), 1))]


def _pinyin_arms(letters: str) -> Iterator[Arm]:
    if not letters.isascii() or not letters:
        return
    typed = letters.replace("v", "u") if letters[:2] in {"lv", "nv"} else letters
    term = beginning(typed, alphabetic=True)
    yield Arm(Pass.PINYIN, f"p^{term}", "pinyin", "pinyin", typed)
    if len(typed) > 1:
        term = sought_inner_pinyin_terms(typed)[0]
        yield Arm(Pass.PINYIN, term, "pinyin-inner", "pinyin", typed)
    if len(typed) >= INITIALS[0]:
        term = typed[: max(size for size in INITIALS if size <= len(typed))]
        yield Arm(Pass.INITIALS, f"i{term}", "initials", "initials", typed)


def _word_arms(folded: str) -> Iterator[Arm]:
    family = family_key(folded)
    terms = sought_family_terms(family)
    if terms:
        yield Arm(Pass.FAMILY, terms[0], "family", "family", family, folded)
    if len(folded) > 1:
        yield Arm(Pass.SHORT, f"s{folded[0]}{folded[-1]}", "short", "folded", folded)


def second_arms(asked: Asked) -> Iterator[Arm]:
    """The arms of the second pass: near sound, then near shape."""
    keys = asked.keys
    if keys.script == MONGOLIAN:
        yield from _mongolian_edit_arms(asked.text)
        return
    sound = keys.sound(NEAR_SOUND)
    if sound and sound.isascii():
        yield Arm(Pass.SOUND, f"h{sound}", "sound", "pinyin", sound)
    if keys.script == HAN:
        yield from _shape_arms(keys.folded)
    yield from _edit_arms(keys)


def _shape_arms(folded: str) -> Iterator[Arm]:
    shape = shape_key(folded)
    for term in (f"g{shape}", f"={shape}", f"~{shape}"):
        yield Arm(Pass.SHAPE, term, "shape", "folded", shape)


def _edit_arms(keys: SearchKeys) -> Iterator[Arm]:
    """Names within one edit of the specific part; the generic term must then be the same."""
    letters = is_alphabetic(keys.script)
    parts = split_name(keys.folded)
    text = keys.folded if letters else parts.specific
    generic = parts.generic.text if parts.generic and not letters else ""
    if len(text) < SHORTEST_EDIT[letters]:
        return
    middle = len(text) // 2
    swapped = text[: middle - 1] + text[middle] + text[middle - 1] + text[middle + 1 :] + generic
    head, tail = text[:middle], text[middle:]
    way, begins = Pass.SHAPE, beginning(head, alphabetic=letters)
    yield Arm(way, f"={swapped}", "edit", needle=text, generic=generic)
    yield Arm(way, f"~{swapped}", "edit", needle=text, generic=generic)
    yield Arm(way, f"^{begins}", "edit", needle=text, other=head, generic=generic)
    if not letters:
        yield Arm(way, f".{tail[:LONGEST_GRAM]}", "edit", needle=text, other=tail, generic=generic)
        if len(head) == 1:  # left out, the rest is a beginning
            yield Arm(way, f"^{tail}", "edit", needle=text, other=tail, generic=generic)
        return
    yield Arm(way, f"p^{begins}", "edit-pinyin", needle=text, other=head)
    if len(tail) >= EDIT_END:
        yield Arm(way, f"e${tail[-EDIT_END:]}", "edit-end", needle=text)


def _mongolian_edit_arms(text: str) -> Iterator[Arm]:
    near = mongolian_near_key(text)
    if near:
        for term in (f"e^{near[:2]}", f"e${near[-EDIT_END:]}"):
            yield Arm(Pass.SHAPE, term, "edit-mongolian", "text", near)
