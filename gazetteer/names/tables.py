"""The names' own code tables: families, pinyin exceptions, generic terms."""

from data.reference import Row, load_table


def families_table() -> tuple[Row, ...]:
    """Chinese spellings of one Mongolian word (蒙古语地名用字), one family a row."""
    return load_table("families")


def pinyin_exceptions_table() -> tuple[Row, ...]:
    """Readings that a dictionary of common words gets wrong in place names (地名读音)."""
    return load_table("pinyin_exceptions")


def generics_table() -> tuple[Row, ...]:
    """Generic terms, wing words and peoples' names that are written apart (通名)."""
    return load_table("generics")


def everyday_names_table() -> tuple[Row, ...]:
    """What people call a division where its own characters do not tell (政区俗称)."""
    return load_table("everyday_names")
