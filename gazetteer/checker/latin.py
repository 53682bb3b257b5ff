"""Names in Latin letters: whether they are the registered romanization (罗马字母拼写检查).

The registered romanization decides; for a name without one the pinyin of its Chinese form is
held against it, as a doubt. Words of foreign languages are no names: a run of words counts only
where it stands beside its Chinese name, ends with a generic term, or is long and a division's.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import Final

from gazetteer.checker.values import Finding, Kind, Level, Named
from gazetteer.names import fold, generics, split_name, suggest_pinyin, toneless

_LETTER: Final = r"A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff\u0300-\u0304\u030c"
_APOSTROPHES: Final = "'’‘ʼ`"
_WORD: Final = re.compile(rf"[{_LETTER}]+(?:[{_APOSTROPHES}-][{_LETTER}]+)*")
_GAP: Final = re.compile(r"[ \u00a0]{1,2}")
_BRACKETS: Final = re.compile(r"\([^)]*\)")
_BESIDE: Final = re.compile(r"\s{0,2}[（(\[,，/／|]?\s{0,2}")
MOST_WORDS: Final = 6
_SHORTEST, _LONG = 5, 8
_ALIKE, _ALMOST = 0.6, 0.85
"""How alike words beside a name are to its registered romanization, or to mere pinyin."""
_LAW_ZH: Final = "《地名管理条例》第十五条：罗马字母拼写按国家有关规定"
_LAW_EN: Final = "Order 753, Art 15"
_ENGLISH: Final = frozenset(
    ("City", "Prefecture", "League", "County", "Banner", "District", "Town", "Township", "Village")
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in Latin letters that stand together; offsets in characters of the text."""

    start: int
    end: int
    text: str

    @property
    def key(self) -> str:
        """What it is looked up by."""
        return fold(self.text)


def runs(text: str) -> Iterator[list[Phrase]]:
    """The runs of words in Latin letters, each as its words."""
    run: list[Phrase] = []
    for match in _WORD.finditer(text):
        if run and not _GAP.fullmatch(text, run[-1].end, match.start()):
            yield run
            run = []
        run.append(Phrase(match.start(), match.end(), match[0]))
    if run:
        yield run


def phrases(run: Sequence[Phrase], text: str) -> Iterator[Phrase]:
    """Every phrase of a run that begins with a capital letter, the longest first at each word."""
    for first, word in enumerate(run):
        if not word.text[0].isupper():
            continue
        for last in range(min(first + MOST_WORDS, len(run)) - 1, first - 1, -1):
            yield Phrase(word.start, run[last].end, text[word.start : run[last].end])


def stands_beside(text: str, end: int, start: int) -> bool:
    """Whether a romanization that begins at `start` belongs to a name that ends at `end`."""
    return start >= end and _BESIDE.fullmatch(text, end, start) is not None


def is_name_alone(phrase: Phrase, standing: int) -> bool:
    """Whether a phrase is a name without its Chinese form beside it."""
    size = len(phrase.key)
    last = phrase.text.split()[-1]
    if " " in phrase.text and (fold(last) in _generic_keys() or last in _ENGLISH):
        return True
    return size >= (_SHORTEST if standing <= 3 else _LONG)  # noqa: PLR2004 - the township


@cache
def _generic_keys() -> frozenset[str]:
    return frozenset(fold(one.pinyin) for one in generics().values() if one.pinyin)


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a name should be written in Latin letters.

    Attributes:
        text: the registered romanization, or pinyin of the Chinese name.
        pinyin: the pinyin of the Chinese name, with tones.
        registered: whether the register has it.
        sure: whether it was confirmed.
    """

    text: str
    pinyin: str
    registered: bool
    sure: bool


def spelling_of(named: Named) -> Spelling | None:
    """The spelling of a name; None for what the register does not hold."""
    if named.feature == "outside":
        return None
    pinyin = suggest_pinyin(named.name).text
    if named.romanization:
        sure = named.sure and named.romanization_mark != "memory"
        return Spelling(named.romanization, pinyin, registered=True, sure=sure)
    return Spelling(pinyin, pinyin, registered=False, sure=False)


def without_generic(spelling: str, name: str) -> str:
    """The spelling without the words of the generic part.

    >>> without_generic("Hohhot Shi", "呼和浩特市"), without_generic("Baotou", "包头市")
    ('Hohhot', 'Baotou')
    """
    generic = split_name(name).generic
    if generic is None:
        return spelling
    ending = fold(generic.pinyin)
    words = spelling.split()
    for count in range(1, len(words)):
        if fold("".join(words[-count:])) == ending:
            return " ".join(words[:-count])
    return spelling


@dataclass(frozen=True, slots=True)
class _Written:
    """A phrase, parted from a generic term in English that ends it."""

    phrase: Phrase
    core: str
    translated: bool

    @classmethod
    def of(cls, phrase: Phrase) -> "_Written":
        core = without_english(phrase.text)
        return cls(phrase, core, translated=core != phrase.text)

    def standard(self, spelling: str, name: str) -> str:
        """The spelling with a generic part only where the phrase has one."""
        bare = without_generic(spelling, name)
        generic = split_name(name).generic
        has_one = generic is not None and fold(self.core).endswith(fold(generic.pinyin))
        return spelling if self.translated or has_one else bare


def without_english(text: str) -> str:
    """The words without a generic term in English at their end.

    >>> without_english("Hohhot City"), without_english("Hohhot Shi")
    ('Hohhot', 'Hohhot Shi')
    """
    words = text.split()
    return " ".join(words[:-1]) if len(words) > 1 and words[-1] in _ENGLISH else text


def alternatives(spelling: str) -> tuple[str, ...]:
    """The ways to write a spelling that has an original form in brackets: with it or without.

    >>> alternatives("Chifeng (Ulanhad) Shi")
    ('Chifeng (Ulanhad) Shi', 'Chifeng Shi')
    """
    without = " ".join(_BRACKETS.sub(" ", spelling).split())
    return tuple(dict.fromkeys((spelling, without)))


def is_like(phrase: Phrase, named: Named) -> bool:
    """Whether a phrase beside a name may be meant as its romanization."""
    spelling = spelling_of(named)
    if spelling is None or not phrase.text[0].isupper():
        return False
    key = fold(without_english(phrase.text))
    wanted = {
        fold(part)
        for one in (*alternatives(spelling.text), spelling.pinyin)
        for part in (one, without_generic(one, named.name))
    }
    best = max(SequenceMatcher(None, key, one, autojunk=False).ratio() for one in wanted)
    return best >= (_ALIKE if spelling.registered else _ALMOST)


def judge(phrase: Phrase, named: Named) -> Finding | None:
    """What is wrong with a phrase that is meant for a name; None where nothing is."""
    spelling = spelling_of(named)
    if spelling is None:
        return None
    written = _Written.of(phrase)
    key = fold(written.core)
    for one in alternatives(spelling.text):
        for wanted in (one, without_generic(one, named.name)):
            if fold(wanted) == key and written.translated:
                return _translated(phrase, spelling, named)
            if fold(wanted) == key:
                return _details(phrase, wanted, spelling, named)
    standard = written.standard(spelling.text, named.name)
    pinyin = {fold(spelling.pinyin), fold(without_generic(spelling.pinyin, named.name))}
    by_sound = key in pinyin
    return _finding(
        phrase, named, spelling,
        f"罗马字母拼写有误：“{named.name}”应拼写为 {spelling.text}"
        f"{'，不按汉字读音逐字拼写' if by_sound else ''}；{_LAW_ZH}",
        f"wrong romanization: {named.name} is written {spelling.text}"
        f"{', not by the sounds of its Chinese characters' if by_sound else ''}; {_LAW_EN}",
        standard,
    )  # fmt: skip


def _translated(phrase: Phrase, spelling: Spelling, named: Named) -> Finding:
    """A generic part in English: told, since running English text may do so."""
    return Finding(
        Kind.ROMANIZATION, Level.NOTE, phrase.start, phrase.end, phrase.text, spelling.text,
        f"通名意译：标准拼写为 {spelling.text}",
        f"the generic part is translated: the standard spelling is {spelling.text}",
        (named,),
    )  # fmt: skip


def _details(phrase: Phrase, wanted: str, spelling: Spelling, named: Named) -> Finding | None:
    """The letters agree: do tones, capitals and the division into words?"""
    written = _plain_marks(phrase.text)
    toned = _by_tones(wanted, spelling, named.name) if toneless(wanted) == wanted else wanted
    toned = toned or wanted
    if _wrong_tones(written, wanted, toned):
        return _finding(
            phrase, named, spelling,
            f"声调有误：“{named.name}”应为 {toned}；声调可省略，标注时须按标准读音",
            f"wrong tones: {named.name} is {toned}; tones may be left out, but not be wrong",
            toned,
        )  # fmt: skip
    bare, expected = toneless(written), toneless(_plain_marks(wanted))
    if bare in {expected, expected.upper()}:
        return None
    return _finding(
        phrase, named, spelling,
        f"分写、大写或隔音符号不合规则：“{named.name}”应写作 {wanted}；{_LAW_ZH}",
        f"words, capitals or apostrophes are not by the rules: {named.name} is written {wanted};"
        f" {_LAW_EN}",
        wanted,
    )  # fmt: skip


def _by_tones(wanted: str, spelling: Spelling, name: str) -> str:
    """The pinyin with tones that a spelling without them stands for; '' where it is none."""
    for one in (spelling.pinyin, without_generic(spelling.pinyin, name)):
        if fold(one) == fold(wanted):
            return one
    return ""


def _wrong_tones(written: str, wanted: str, toned: str) -> bool:
    if written == toneless(written):
        return False
    return plain_tones(written) not in {plain_tones(wanted), plain_tones(toned)}


def plain_tones(text: str) -> str:
    """A spelling in small letters with its tones, without blanks and apostrophes."""
    kept = "".join(letter for letter in text.casefold() if letter.isalpha())
    return unicodedata.normalize("NFC", kept)


def _plain_marks(text: str) -> str:
    """The text composed, its apostrophes alike and its blanks single."""
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    return composed.translate({ord(mark): "'" for mark in _APOSTROPHES})


def _finding(
    phrase: Phrase, named: Named, spelling: Spelling, zh: str, en: str, standard: str = ""
) -> Finding:
    level = Level.ERROR if spelling.registered and spelling.sure else Level.DOUBT
    if not spelling.registered:
        zh, en = f"{zh}（按汉语拼音推算，登记中无拼写）", f"{en} (by pinyin; none is registered)"
    return Finding(
        Kind.ROMANIZATION, level, phrase.start, phrase.end, phrase.text,
        standard or spelling.text, zh, en, (named,),
    )  # fmt: skip
