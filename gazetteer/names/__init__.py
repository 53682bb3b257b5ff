"""One name: its text, its scripts, and the keys by which it is found (名称与检索键).

Everything here takes values and returns values: no store, no clock, no network.
"""

from gazetteer.names.dictionaries import read_words
from gazetteer.names.families import (
    Explanation,
    Family,
    Meaning,
    Segment,
    explain,
    explain_name,
    families,
    family_key,
    segment,
)
from gazetteer.names.folding import fold, grams, plain_fold
from gazetteer.names.generics import Generic, NameParts, generics, split_name
from gazetteer.names.han import simplified
from gazetteer.names.keys import (
    SearchKeys,
    folded_key,
    key_script,
    load_dictionaries,
    search_keys,
)
from gazetteer.names.mongolian import (
    mongolian_key,
    mongolian_near_key,
    mongolian_skeleton,
)
from gazetteer.names.name import MAX_NAME_CHARACTERS, clean_name
from gazetteer.names.near import NearSound, shape_key, within_one_edit
from gazetteer.names.pinyin import key_syllables, tone_syllables, toneless
from gazetteer.names.romanize import FeatureKind, join_syllables, suggest_pinyin
from gazetteer.names.scripts import (
    MONGOLIAN_LANGUAGE,
    is_language,
    is_mongolian,
    parse_language,
    script_of_language,
    scripts_of,
)
from gazetteer.names.short_forms import ShortForm, short_form, short_form_probe
from gazetteer.names.suggestion import RomanizationSuggestion

__all__ = [
    "MAX_NAME_CHARACTERS",
    "MONGOLIAN_LANGUAGE",
    "Explanation",
    "Family",
    "FeatureKind",
    "Generic",
    "Meaning",
    "NameParts",
    "NearSound",
    "RomanizationSuggestion",
    "SearchKeys",
    "Segment",
    "ShortForm",
    "clean_name",
    "explain",
    "explain_name",
    "families",
    "family_key",
    "fold",
    "folded_key",
    "generics",
    "grams",
    "is_language",
    "is_mongolian",
    "join_syllables",
    "key_script",
    "key_syllables",
    "load_dictionaries",
    "mongolian_key",
    "mongolian_near_key",
    "mongolian_skeleton",
    "parse_language",
    "plain_fold",
    "read_words",
    "script_of_language",
    "scripts_of",
    "search_keys",
    "segment",
    "shape_key",
    "short_form",
    "short_form_probe",
    "simplified",
    "split_name",
    "suggest_pinyin",
    "tone_syllables",
    "toneless",
    "within_one_edit",
]
