"""The search keys of a name: everything an index needs to find it by any form."""

from dataclasses import dataclass

from gazetteer.names.families import family_key
from gazetteer.names.folding import fold, grams
from gazetteer.names.mongolian import mongolian_key, mongolian_skeleton
from gazetteer.names.near import NearSound
from gazetteer.names.pinyin import key_syllables
from gazetteer.names.scripts import HAN, MONGOLIAN, script_of, scripts_of
from gazetteer.names.short_forms import short_form_probe

_NEAR = NearSound()


@dataclass(frozen=True, slots=True)
class SearchKeys:
    """The keys of one text; a key that does not apply is empty.

    Attributes:
        script: ISO 15924, `Hani` for any Han text.
        folded: the text itself, folded; Mongolian by its own key. Exact, prefix, substring.
        syllables: toneless syllables of a Han text, in order.
        pinyin: the same joined; spaces and apostrophes of a query do not matter.
        initials: the first letter of each syllable: hhht.
        skeleton: first letters and consonants of Mongolian words.
        family: families in place of their spellings, each with a stop after it.
        sound: the pinyin with the sounds merged that dialects merge; second pass.
        short_probe: first and last character of a division's name that may be shortened.
    """

    script: str
    folded: str
    syllables: tuple[str, ...] = ()
    initials: str = ""
    skeleton: str = ""
    family: str = ""
    sound: str = ""
    short_probe: str = ""

    @property
    def pinyin(self) -> str:
        """The syllables joined."""
        return "".join(self.syllables)

    def grams(self, longest: int = 3) -> tuple[str, ...]:
        """The distinct substrings of `folded` of 1 to `longest` characters."""
        return grams(self.folded, longest)


def search_keys(text: str, sounds: NearSound = _NEAR) -> SearchKeys:
    """The keys of any text, a stored name or a query; never an exception.

    >>> keys = search_keys("呼和浩特市")
    >>> keys.pinyin, keys.initials, keys.family
    ('huhehaoteshi', 'hhhts', 'hoh.hot.市')
    """
    scripts = scripts_of(text)
    if MONGOLIAN in scripts:
        return SearchKeys(MONGOLIAN, mongolian_key(text), skeleton=mongolian_skeleton(text))
    folded = fold(text)
    if HAN not in scripts:
        return SearchKeys(script_of(text), folded, sound=sounds.key(folded))
    syllables = key_syllables(folded)
    return SearchKeys(
        script=HAN,
        folded=folded,
        syllables=syllables,
        initials="".join(syllable[0] for syllable in syllables),
        family=family_key(folded),
        sound=sounds.key("".join(syllables)),
        short_probe=short_form_probe(folded),
    )
