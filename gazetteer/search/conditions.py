"""The conditions of arms in Python: what a form must be beside having the term.

Their SQL in `gazetteer.search.statements` may let through a little more; these are certain.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from gazetteer.names import (
    key_syllables,
    mongolian_near_key,
    mongolian_skeleton,
    shape_key,
    short_form,
    split_name,
    within_one_edit,
)
from gazetteer.search.arm import Arm
from gazetteer.search.rows import FormRow
from gazetteer.search.standing import TOWNSHIP
from gazetteer.search.terms import INNER_PINYIN, LETTERS, NEAR_SOUND

SHORT_SCORE: Final = 0.5
STANDARD: Final = "standard"


def holds(arm: Arm, form: FormRow) -> bool:
    """Whether the form meets the arm's condition; the term alone is not enough."""
    return _TESTS[arm.test](arm, form)


def check_of(arm: Arm) -> Callable[[Arm, FormRow], bool]:
    """The test of an arm, for many forms."""
    return _TESTS[arm.test]


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


def _inner_pinyin(arm: Arm, form: FormRow) -> bool:
    return inner_syllables(arm.needle, form) is not None


def inner_syllables(letters: str, form: FormRow) -> tuple[int, int] | None:
    """The run of a form's syllables after the first one that letters begin, if there is one."""
    if LETTERS.search(form.folded):
        return None
    return inner_run(letters, key_syllables(form.plain))


def inner_run(letters: str, syllables: Sequence[str]) -> tuple[int, int] | None:
    """The first run of syllables after the first one that letters begin: from, to (exclusive).

    Few letters mean a run only where they are two syllables of their own.

    >>> inner_run("guol", ("xi", "lin", "guo", "le")), inner_run("inguo", ("xi", "lin", "guo"))
    ((2, 4), None)
    """
    for start in range(1, len(syllables)):
        end, rest = start, letters
        while rest and end < len(syllables) and rest.startswith(syllables[end]):
            rest = rest[len(syllables[end]) :]
            end += 1
        partly = bool(rest) and end < len(syllables) and syllables[end].startswith(rest)
        if len(letters) < INNER_PINYIN:
            if not rest and end == start + 2:
                return start, end
        elif not rest or partly:
            return start, end + partly
    return None


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
    "pinyin-inner": _inner_pinyin,
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
