"""Transliteration families (蒙古语地名用字): Chinese spellings of one Mongolian word.

巴彦, 巴音, 白音 and 白彦 all write *bayan*; 敖包, 鄂博 and 脑包 all write *obo*. A name is cut by
the longest spelling at each place, without a dictionary of whole names. Two names whose parts
are of the same families are written differently and may be the same name.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

from gazetteer.names.folding import fold
from gazetteer.names.tables import families_table

SUFFIX: Final = "suffix"
_WEAK: Final = "?"


@dataclass(frozen=True, slots=True)
class Family:
    """One Mongolian word and how Chinese names write it.

    Attributes:
        id: stable, such as `bayan`.
        mongolian: by the general form of 1976.
        cyrillic, script: the word in Cyrillic and, where it is certain, in Mongolian script.
        meaning_zh, meaning_en: what it means in names.
        spellings: in simplified characters, commonest first.
        weak: those of them that are ordinary Chinese words too (白银); they count only in a
            name that has another family.
        kind: specific, generic, both or suffix.
        confidence: certain, likely or possible, of the word behind the spellings.
        source: where spellings and meaning come from.
    """

    id: str
    mongolian: str
    cyrillic: str
    script: str
    meaning_zh: str
    meaning_en: str
    spellings: tuple[str, ...]
    weak: frozenset[str]
    kind: str
    confidence: str
    source: str

    @property
    def key(self) -> str:
        """The family in a key: its id with a capital in front and a stop after it."""
        return f"{self.id.capitalize()}."


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a name: `text`, and its family where a spelling of one was found."""

    text: str
    family: Family | None = None


@cache
def families() -> dict[str, Family]:
    """Every family by its id."""
    found = {}
    for row in families_table():
        spellings = row["spellings"].split("|")
        found[row["family"]] = Family(
            id=row["family"],
            mongolian=row["mongolian"],
            cyrillic=row["cyrillic"],
            script=row["script"],
            meaning_zh=row["meaning_zh"],
            meaning_en=row["meaning_en"],
            spellings=tuple(spelling.rstrip(_WEAK) for spelling in spellings),
            weak=frozenset(s.rstrip(_WEAK) for s in spellings if s.endswith(_WEAK)),
            kind=row["kind"],
            confidence=row["confidence"],
            source=row["source"],
        )
    return found


@dataclass(frozen=True, slots=True)
class _Index:
    """Spellings by first character, longest first, with their families."""

    spellings: dict[str, tuple[tuple[str, Family], ...]]


@cache
def _index() -> _Index:
    by_head: dict[str, list[tuple[str, Family]]] = {}
    for family in families().values():
        for spelling in family.spellings:
            by_head.setdefault(spelling[0], []).append((spelling, family))
    return _Index(
        {
            head: tuple(sorted(pairs, key=lambda pair: -len(pair[0])))
            for head, pairs in by_head.items()
        }
    )


def segment(folded: str) -> tuple[Segment, ...]:
    """A folded name cut into spellings of families and what stands between them.

    Spellings of one character, suffixes among them, count only right after another spelling:
    花 is a hill in 白音花 and a flower in 花家. Weak spellings count only beside others.

    >>> [(s.text, s.family.id if s.family else "") for s in segment("白音敖包苏木")]
    [('白音', 'bayan'), ('敖包', 'obo'), ('苏木', 'sum')]
    """
    found = _cut(folded)
    if any(s.family and s.text in s.family.weak for s in found):
        return _without_lone_weak(found)
    return found


def _cut(folded: str) -> tuple[Segment, ...]:
    index = _index().spellings
    segments: list[Segment] = []
    plain = start = 0
    end = len(folded)
    while start < end:
        after_spelling = plain == start and bool(segments)
        for spelling, family in index.get(folded[start], ()):
            if folded.startswith(spelling, start) and (len(spelling) > 1 or after_spelling):
                if plain < start:
                    segments.append(Segment(folded[plain:start]))
                segments.append(Segment(spelling, family))
                plain = start = start + len(spelling)
                break
        else:
            start += 1
    if plain < end:
        segments.append(Segment(folded[plain:]))
    return tuple(segments)


def _without_lone_weak(found: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Weak spellings become plain text where no sound spelling stands in the name."""
    if any(s.family and s.text not in s.family.weak and s.family.kind != SUFFIX for s in found):
        return found
    return tuple(Segment(s.text) for s in found)


def family_key(folded: str) -> str:
    """The name with its families in place of their spellings; empty when it has none.

    Each family stands as its id with a capital and a stop, other characters as they are. A
    folded text has neither, so the key of a part is found in the key of the whole and nowhere else.

    >>> family_key("白音敖包苏木"), family_key("巴彦鄂博"), family_key("五间房")
    ('Bayan.Obo.Sum.', 'Bayan.Obo.', '')
    """
    segments = segment(folded)
    if not any(s.family and s.family.kind != SUFFIX for s in segments):
        return ""
    return "".join([s.family.key if s.family else s.text for s in segments])


@dataclass(frozen=True, slots=True)
class Meaning:
    """One part of a name explained.

    `mongolian`, `script`, `cyrillic` are the word by the form of 1976, in Mongolian script (empty
    where it is not certain) and in Cyrillic; `confidence` is certain, likely or possible.
    """

    text: str
    mongolian: str
    script: str
    cyrillic: str
    meaning_zh: str
    meaning_en: str
    confidence: str
    source: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the parts of a name mean, as far as families know them.

    `whole` says whether every character is explained; an unexplained name may be Chinese, or
    a Mongolian word the table lacks.
    """

    parts: tuple[Meaning, ...]
    whole: bool


def explain(folded: str) -> Explanation:
    """The meaning of a name from its parts; a reading of the table, not a fact of the register.

    >>> [(part.text, part.mongolian, part.meaning_en) for part in explain("查干淖尔").parts]
    [('查干', 'qagan', 'white'), ('淖尔', 'nur', 'lake')]
    """
    segments = segment(folded)
    parts = tuple(
        Meaning(
            s.text,
            s.family.mongolian,
            s.family.script,
            s.family.cyrillic,
            s.family.meaning_zh,
            s.family.meaning_en,
            s.family.confidence,
            s.family.source,
        )
        for s in segments
        if s.family
    )
    return Explanation(parts, whole=bool(segments) and len(parts) == len(segments))


def explain_name(name: str) -> Explanation:
    """The meaning of a name as it is written; see `explain`.

    >>> [part.meaning_en for part in explain_name("白音 敖包").parts]
    ['rich', 'cairn']
    """
    return explain(fold(name))
