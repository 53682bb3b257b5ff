"""The search keys of a name: everything an index needs to find it by any form."""

from dataclasses import dataclass

from gazetteer.names.families import family_key
from gazetteer.names.folding import fold, grams, plain_fold
from gazetteer.names.generics import split_name
from gazetteer.names.han import simplified
from gazetteer.names.mongolian import mongolian_key, mongolian_skeleton
from gazetteer.names.near import NearSound
from gazetteer.names.pinyin import key_syllables
from gazetteer.names.scripts import COMMON, HAN, MONGOLIAN, scripts_of
from gazetteer.names.short_forms import short_form_probe

_NEAR = NearSound()


@dataclass(frozen=True, slots=True)
class SearchKeys:
    """The keys of one text; a key that does not apply is empty.

    Attributes:
        script: ISO 15924, `Hani` for any Han text.
        folded: the text itself, folded; Mongolian by its own key. Exact, prefix, substring.
        syllables: toneless syllables of a Han text, in order.
        initials: the first letter of each syllable: hhht.
        skeleton: first letters and consonants of Mongolian words.
        family: families in place of their spellings, each with a stop after it.
    """

    script: str
    folded: str
    syllables: tuple[str, ...] = ()
    initials: str = ""
    skeleton: str = ""
    family: str = ""

    @property
    def pinyin(self) -> str:
        """The syllables joined; spaces and apostrophes of a query do not matter."""
        return "".join(self.syllables)

    @property
    def specific_pinyin(self) -> str:
        """The pinyin without that of the generic term."""
        specific = split_name(self.folded).specific
        if len(self.syllables) == len(self.folded):
            return "".join(self.syllables[: len(specific)])
        return "".join(key_syllables(specific))

    @property
    def short_probe(self) -> str:
        """First and last character of a division's name that may be shortened."""
        return short_form_probe(self.folded)

    def sound(self, sounds: NearSound = _NEAR) -> str:
        """The pinyin, or a text in letters, with the sounds merged that dialects merge."""
        return sounds.key(self.pinyin or self.folded)

    def grams(self, longest: int = 3) -> tuple[str, ...]:
        """The distinct substrings of `folded` of 1 to `longest` characters."""
        return grams(self.folded, longest)


def load_dictionaries() -> None:
    """Read what keys are made with, so that nobody's first search waits for it."""
    search_keys("烏蘭敖包")


def folded_key(text: str) -> str:
    """The key `folded` alone, for sorting many names.

    >>> folded_key("呼和浩特市") == search_keys("呼和浩特市").folded
    True
    """
    scripts = scripts_of(text)
    if MONGOLIAN in scripts:
        return mongolian_key(text)
    return simplified(plain_fold(text)) if HAN in scripts else fold(text)


def key_script(text: str) -> str:
    """The script by which a text is looked for: Mongolian, else Han, where it has any of it.

    >>> key_script("敖包 Oboo"), key_script("Oboo"), key_script("12")
    ('Hani', 'Latn', 'Zyyy')
    """
    scripts = scripts_of(text)
    for script in (MONGOLIAN, HAN):
        if script in scripts:
            return script
    return scripts[0] if scripts else COMMON


def search_keys(text: str) -> SearchKeys:
    """The keys of any text, a stored name or a query; never an exception.

    >>> keys = search_keys("呼和浩特市")
    >>> keys.pinyin, keys.initials, keys.family
    ('huhehaoteshi', 'hhhts', 'Hoh.Hot.市')
    """
    script = key_script(text)
    if script == MONGOLIAN:
        return SearchKeys(MONGOLIAN, mongolian_key(text), skeleton=mongolian_skeleton(text))
    if script != HAN:
        return SearchKeys(script, fold(text))
    plain = plain_fold(text)
    folded = simplified(plain)
    syllables = key_syllables(plain)
    return SearchKeys(
        script=HAN,
        folded=folded,
        syllables=syllables,
        initials="".join([syllable[0] for syllable in syllables]),
        family=family_key(folded),
    )
