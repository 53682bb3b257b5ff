"""Place-name categories (地名类别) in words."""

from functools import cache

from data.reference import categories


@cache
def category_names(language: str) -> dict[str, str]:
    """Names by category code, short (`2142`) and five-digit (`21420`), in `zh` or `en`."""
    found: dict[str, str] = {}
    for category in categories():
        name = category.name if language == "zh" else category.name_en or category.name
        found[category.code] = found[category.code5] = name
    return found
