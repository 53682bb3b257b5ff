"""The types of entities: places by category, divisions (类型)."""

from functools import cache
from typing import Final

from data.reference import categories
from gazetteer.categories import category_names
from gazetteer.search import Result

DIVISION: Final = "division"
PLACE: Final = "place"
DIVISION_CATEGORIES: Final = ("212", "213", "214", "215")
"""A division that stands among the places too is found as that place."""

_NAMES: Final = {
    DIVISION: {"zh": "行政区划", "en": "division"},
    PLACE: {"zh": "地名", "en": "place"},
}


def type_names(language: str) -> dict[str, str]:
    """Every type's name by its id, in `zh` or `en`: the general ones, then short category codes."""
    names = category_names(language)
    return {
        **{kind: words[language] for kind, words in _NAMES.items()},
        **{category.code: names[category.code] for category in categories()},
    }


def type_of(result: Result) -> str:
    """The type of a result: its category's short code, else `division` or `place`."""
    if result.feature == DIVISION:
        return DIVISION
    code = result.category_code or ""
    return _short_codes().get(code, code) or PLACE


def is_of_type(result: Result, wanted: str) -> bool:
    """Whether a result is of a type or of one below it."""
    code = result.category_code or ""
    if wanted == DIVISION:
        return result.feature == DIVISION or code.startswith(DIVISION_CATEGORIES)
    if wanted == PLACE:
        return result.feature == PLACE
    return code.startswith(significant(wanted))


def significant(wanted: str) -> str:
    """The short code of a category, which begins its five digits too.

    >>> significant("22200"), significant("21610"), significant("222")
    ('222', '2161', '222')
    """
    return _short_codes().get(wanted, wanted)


@cache
def _short_codes() -> dict[str, str]:
    return {category.code5: category.code for category in reversed(categories())}
