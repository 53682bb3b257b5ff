"""The passes of a search (检索步骤): in which ways a name may match, best first.

A pass has one or more arms. An arm asks the index for one term and checks one condition, the
same in SQL for candidates and in Python for certainty; arms stand in the order of results.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Final

from gazetteer.names import (
    SearchKeys,
    fold,
    generics,
    key_syllables,
    mongolian_key,
    mongolian_near_key,
    mongolian_skeleton,
    search_keys,
    shape_key,
    short_form,
    split_name,
    within_one_edit,
)
from gazetteer.names.folding import plain_fold
from gazetteer.names.scripts import COMMON, HAN, LATIN, MONGOLIAN
from gazetteer.search.rows import FormRow
from gazetteer.search.standing import TOWNSHIP
from gazetteer.search.terms import (
    EDIT_END,
    INITIALS,
    LETTER_GRAM,
    LETTER_PREFIXES,
    LONGEST_GRAM,
    NEAR_SOUND,
    is_alphabetic,
    longest_family_run,
)

SHORT_SCORE: Final = 0.5
SHORTEST_EDIT: Final = {True: 4, False: 3}
"""How long the specific part must be for one edit in it to mean anything, by whether it is
written in letters: every name of two characters is one edit from dozens of others."""

STANDARD: Final = "standard"


class Pass(StrEnum):
    """How a name matched; the order here is the order of results."""

    EXACT = "exact"
    EXACT_OTHER = "exact-other"
    PREFIX = "prefix"
    SUBSTRING = "substring"
    PINYIN = "pinyin"
    INITIALS = "initials"
    TRADITIONAL = "traditional"
    SCRIPT = "script"
    FAMILY = "family"
    SHORT = "short"
    SOUND = "near-sound"
    SHAPE = "near-shape"


SECOND: Final = frozenset({Pass.SOUND, Pass.SHAPE})
"""The labelled second pass: what may be meant, not what was written."""

LABELS: Final[dict[Pass, tuple[str, str]]] = {
    Pass.EXACT: ("标准名称相同", "the standard name"),
    Pass.EXACT_OTHER: ("其他名称相同", "another of its names"),
    Pass.PREFIX: ("名称开头", "the beginning of a name"),
    Pass.SUBSTRING: ("名称中的字", "part of a name"),
    Pass.PINYIN: ("拼音", "its pinyin"),
    Pass.INITIALS: ("拼音首字母", "the initials of its pinyin"),
    Pass.TRADITIONAL: ("繁简对应", "the same in traditional or simplified characters"),
    Pass.SCRIPT: ("蒙古文同形异码", "the same printed word in Mongolian script"),
    Pass.FAMILY: ("同一蒙古语词的不同译写", "another spelling of the same Mongolian word"),
    Pass.SHORT: ("日常简称或省略通名", "an everyday short form, or the generic term left out"),
    Pass.SOUND: ("读音相近（第二轮）", "a similar sound (second pass)"),
    Pass.SHAPE: ("字形相近或一字之差（第二轮）", "a similar shape or one typo (second pass)"),
}


@dataclass(frozen=True, slots=True)
class Arm:
    """One term and one condition.

    Attributes:
        way: the pass it belongs to.
        term: what the index is asked for.
        test: which condition; its SQL stands in `gazetteer.search.statements`.
        column: the key it looks at.
        needle: the text it looks for.
        other: a second text, where the condition has one.
        generic: the generic term that a form within one edit has too, if it has any.
    """

    way: Pass
    term: str
    test: str
    column: str = "plain"
    needle: str = ""
    other: str = ""
    generic: str = ""

    def holds(self, form: FormRow) -> bool:
        """Whether the form meets the condition; the term alone is not enough."""
        return _TESTS[self.test](self, form)


@dataclass(frozen=True, slots=True)
class Asked:
    """A query with its keys."""

    text: str
    plain: str
    keys: SearchKeys

    @classmethod
    def of(cls, text: str) -> "Asked":
        """The keys of what a person typed."""
        return cls(text, plain_fold(text), search_keys(text))


def first_arms(asked: Asked) -> Iterator[Arm]:
    """The arms of the first pass for a query, in the order of results."""
    script, plain, folded = asked.keys.script, asked.plain, asked.keys.folded
    ways = (Pass.EXACT, Pass.EXACT_OTHER, Pass.PREFIX, Pass.SUBSTRING)
    yield from _text_arms("", "plain", plain, script, ways)
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
        yield from _word_arms(asked.keys)
    yield from _bare_arms(asked)


def _bare_arms(asked: Asked) -> Iterator[Arm]:
    """The query without its generic term: where it asks for 包头市, a register may have 包头."""
    script, bare = asked.keys.script, without_generic(asked.text, asked.keys)
    if bare and script == MONGOLIAN:
        yield Arm(Pass.SHORT, f"m={bare}", "standard", "folded", bare)
        yield Arm(Pass.SHORT, f"m~{bare}", "other", "folded", bare)
    elif bare:
        yield Arm(Pass.SHORT, f"={bare}", "standard", "plain", bare)
        yield Arm(Pass.SHORT, f"~{bare}", "other", "plain", bare)


def without_generic(text: str, keys: SearchKeys) -> str:
    """The key of a query without the generic term at its end; empty where it has none.

    >>> without_generic("包头市", search_keys("包头市"))
    '包头'
    """
    if keys.script == HAN:
        specific = split_name(keys.folded).specific
        return specific if 1 < len(specific) < len(keys.folded) else ""
    words = text.split()
    if len(words) < 2:  # noqa: PLR2004 - a specific and a generic part
        return ""
    rest = " ".join(words[:-1])
    if keys.script == MONGOLIAN:
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
    if len(typed) >= INITIALS[0]:
        term = typed[: max(size for size in INITIALS if size <= len(typed))]
        yield Arm(Pass.INITIALS, f"i{term}", "initials", "initials", typed)


def _word_arms(keys: SearchKeys) -> Iterator[Arm]:
    run = longest_family_run(keys.family)
    if run:
        yield Arm(Pass.FAMILY, f"f{run}", "family", "family", keys.family, keys.folded)
    if len(keys.folded) > 1:
        probe = keys.folded[0] + keys.folded[-1]
        yield Arm(Pass.SHORT, f"s{probe}", "short", "folded", keys.folded)


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
        return
    yield Arm(way, f"p^{begins}", "edit-pinyin", needle=text, other=head)
    if len(tail) >= EDIT_END:
        yield Arm(way, f"e${tail[-EDIT_END:]}", "edit-end", needle=text)


def _mongolian_edit_arms(text: str) -> Iterator[Arm]:
    near = mongolian_near_key(text)
    if near:
        for term in (f"e^{near[:2]}", f"e${near[-EDIT_END:]}"):
            yield Arm(Pass.SHAPE, term, "edit-mongolian", "text", near)


def _key(arm: Arm, form: FormRow) -> str:
    return form.plain if arm.column == "plain" else form.folded


def _begins(arm: Arm, form: FormRow) -> bool:
    key = _key(arm, form)
    return len(key) > len(arm.needle) and key.startswith(arm.needle)


def _short(arm: Arm, form: FormRow) -> bool:
    if form.standing > TOWNSHIP:
        return False
    found = short_form(arm.needle, form.folded)
    return found is not None and found.score >= SHORT_SCORE


def _initials(arm: Arm, form: FormRow) -> bool:
    return form.initials.startswith(arm.needle) and not form.pinyin.startswith(arm.needle)


def _family(arm: Arm, form: FormRow) -> bool:
    at = form.family.find(arm.needle)
    return at >= 0 and arm.other not in form.folded


def _sound(arm: Arm, form: FormRow) -> bool:
    whole = NEAR_SOUND.key(form.pinyin)
    if whole == arm.needle:
        return True
    # The key of the specific part begins the key of the whole, which is quicker to see.
    return whole.startswith(arm.needle) and NEAR_SOUND.key(_specific_pinyin(form)) == arm.needle


def _specific_pinyin(form: FormRow) -> str:
    """The pinyin without that of the generic term, which few terms share."""
    specific = split_name(form.folded).specific
    return form.pinyin.removesuffix(_reading(form.folded[len(specific) :]))


@lru_cache(4096)
def _reading(generic: str) -> str:
    return "".join(key_syllables(generic))


def _edit(arm: Arm, form: FormRow) -> bool:
    if within_one_edit(arm.needle + arm.generic, form.folded):
        return True
    parts = split_name(form.folded)
    same = not arm.generic or parts.generic is None or parts.generic.text == arm.generic
    return same and within_one_edit(arm.needle, parts.specific)


def _edit_letters(arm: Arm, form: FormRow) -> bool:
    known = (form.pinyin, _specific_pinyin(form)) if form.pinyin else (form.folded,)
    return any(within_one_edit(arm.needle, letters) for letters in known)


def _standard(arm: Arm, form: FormRow) -> bool:
    return form.kind == STANDARD and _key(arm, form) == arm.needle


def _other(arm: Arm, form: FormRow) -> bool:
    return form.kind != STANDARD and _key(arm, form) == arm.needle


def _inside(arm: Arm, form: FormRow) -> bool:
    return _key(arm, form).find(arm.needle) > 0


def _pinyin(arm: Arm, form: FormRow) -> bool:
    return form.pinyin.startswith(arm.needle)


def _skeleton(arm: Arm, form: FormRow) -> bool:
    return mongolian_skeleton(form.text) == arm.needle


def _shape(arm: Arm, form: FormRow) -> bool:
    return shape_key(form.folded) == arm.needle


def _edit_mongolian(arm: Arm, form: FormRow) -> bool:
    return within_one_edit(arm.needle, mongolian_near_key(form.text))


_TESTS: Final[dict[str, Callable[[Arm, FormRow], bool]]] = {
    "standard": _standard,
    "other": _other,
    "begins": _begins,
    "inside": _inside,
    "pinyin": _pinyin,
    "initials": _initials,
    "skeleton": _skeleton,
    "family": _family,
    "short": _short,
    "sound": _sound,
    "shape": _shape,
    "edit": _edit,
    "edit-pinyin": _edit_letters,
    "edit-end": _edit_letters,
    "edit-mongolian": _edit_mongolian,
}
