"""Misspelt names: windows of a text within one edit of a standard name, and whether it is a slip.

A window is looked up by hashes of itself and of itself without one character, so a megabyte is
searched in array operations. What is found is compared character by character: a homophone, a
look-alike, two neighbours exchanged, one left out or doubled is a slip; 东 for 西 is another name.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gazetteer.checker.candidates import Span
from gazetteer.checker.characters import code_points, han_mask
from gazetteer.checker.hashing import Hashes, Rolling
from gazetteer.checker.index import HashTable, NamesIndex
from gazetteer.checker.values import Candidate
from gazetteer.checker.words import words
from gazetteer.names import NearSound, generics, key_syllables, shape_key

_LENGTHS: Final = range(3, 14)
_BITS: Final = 22
_ALIKE, _OTHER = 0.9, 0.7
"""The weight of a slip beside that of the name itself."""
_TELLING: Final = frozenset("东西南北上下前后左右中内外大小新老旧一二三四五六七八九十百千头")
"""Characters that tell one name from the next: none of them is a slip for another."""
_LONG_SPECIFIC, _SURE_SIZE = 3, 5
_SOUND: Final = NearSound()


def near_candidates(index: NamesIndex, text: str, free: NDArray[np.bool_]) -> list[Candidate]:
    """Windows of a plain text that are slips of standard names.

    Args:
        index: the names.
        text: the plain text.
        free: of each character, whether no sure name covers it.
    """
    codes = code_points(text)
    run = _runs(han_mask(codes))
    rolling = Rolling(codes)
    found: dict[Span, None] = {}
    for span in _windows(index.near_divisions, rolling, run, free, run >= 0):
        found[span] = None
    anchored = np.isin(codes, _last_characters())
    for span in _windows(index.near_places, rolling, run, free, anchored):
        found[span] = None
    slips = []
    for start, end, form in found:
        share = slip_share(text[start:end], index.forms[form], high=bool(index.high[form]))
        if share:
            slips.append(Candidate(start, end, form, "near", (end - start) ** 2 * share))
    return slips


def _last_characters() -> NDArray[np.uint32]:
    kinds = {"division", "settlement", "water", "nature"}
    return np.array(
        sorted({ord(one.text[-1]) for one in generics().values() if one.kind in kinds}),
        dtype=np.uint32,
    )


def _runs(han: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The number of the run of Han characters that each character is in, else -1."""
    begins = han & ~np.concatenate(([False], han[:-1]))
    return np.where(han, np.cumsum(begins), -1)


def _windows(
    table: HashTable,
    rolling: Rolling,
    run: NDArray[np.int64],
    free: NDArray[np.bool_],
    may_end: NDArray[np.bool_],
) -> Iterator[Span]:
    """Windows that share a hash with a form of the table."""
    if not len(table.hashes):
        return
    bits = np.zeros(1 << _BITS, dtype=bool)
    bits[_slots(table.hashes)] = True
    free_before = np.concatenate(([0], np.cumsum(free)))
    for size in _LENGTHS:
        starts = np.nonzero(may_end[size - 1 :])[0]
        last = starts + size - 1
        inside = (run[starts] == run[last]) & (run[starts] >= 0)
        # A slip leaves some character that no sure name covers.
        inside &= free_before[last + 1] - free_before[starts] > 0
        starts = starts[inside]
        yield from _matches(table, bits, starts, size, rolling.whole(starts, size))
        for place in range(size):
            hashes = rolling.without(starts, size, place)
            yield from _matches(table, bits, starts, size, hashes)


def _slots(hashes: Hashes) -> NDArray[np.uint64]:
    slots: NDArray[np.uint64] = hashes >> np.uint64(64 - _BITS)
    return slots


def _matches(
    table: HashTable, bits: NDArray[np.bool_], starts: NDArray[np.int64], size: int, hashes: Hashes
) -> Iterator[Span]:
    maybe = np.nonzero(bits[_slots(hashes)])[0]
    left = np.searchsorted(table.hashes, hashes[maybe])
    right = np.searchsorted(table.hashes, hashes[maybe], "right")
    for at in np.nonzero(right > left)[0]:
        start = int(starts[maybe[at]])
        for form in table.numbers[left[at] : right[at]]:
            yield start, start + size, int(form)


@lru_cache(1 << 14)
def slip_share(written: str, name: str, *, high: bool) -> float:
    """How far a text is a slip of the pen or of the keyboard for a name; 0 where it is none.

    Args:
        written: the text, plain.
        name: a standard name, plain.
        high: whether it is a division's, of which there are few, so that less is needed.

    >>> slip_share("呼和皓特市", "呼和浩特市", high=True)
    0.9
    >>> slip_share("西苏尼特旗", "东苏尼特旗", high=True)
    0.0
    """
    if written == name or written in words().common:
        return 0.0
    start = 0
    while start < min(len(written), len(name)) and written[start] == name[start]:
        start += 1
    if len(written) == len(name):
        return _changed(written, name, start, high=high)
    longer, shorter = sorted((written, name), key=len, reverse=True)
    if longer[:start] + longer[start + 1 :] != shorter:
        return 0.0
    return _OTHER if high and _put_in(written, name, longer[start], start) else 0.0


def _changed(written: str, name: str, at: int, *, high: bool) -> float:
    a, b = written[at], name[at]
    if written[at + 1 :] == name[at + 1 :]:
        if a in _TELLING and b in _TELLING:
            return 0.0
        if _sounds_alike(a, b) or shape_key(a) == shape_key(b):
            return _ALIKE
        # Another character altogether: only a long name is still meant for sure.
        long = high and len(name) >= _SURE_SIZE and 0 < at < len(name) - 1
        return _OTHER if long and not {a, b} & _TELLING else 0.0
    exchanged = written[at : at + 2] == name[at : at + 2][::-1]
    whole = exchanged and written[at + 2 :] == name[at + 2 :]
    return _ALIKE if whole and len(name) > _LONG_SPECIFIC else 0.0


def _put_in(written: str, name: str, character: str, at: int) -> bool:
    """One character more or fewer: of a long name, doubled or lost inside it."""
    longer = max(written, name, key=len)
    doubled = character in longer[max(0, at - 1) : at] + longer[at + 1 : at + 2]
    if len(written) > len(name):
        return doubled and len(name) >= _SURE_SIZE - 1
    inside = 0 < at < len(name) - 1
    return inside and len(name) >= _SURE_SIZE and character not in _TELLING


def _sounds_alike(a: str, b: str) -> bool:
    first, second = "".join(key_syllables(a)), "".join(key_syllables(b))
    return bool(first) and _SOUND.key(first) == _SOUND.key(second)
