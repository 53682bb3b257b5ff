"""Light, dark, or as the reader's system is set: kept in a cookie, told without a script."""

from typing import Final

THEME_COOKIE: Final = "ovoo_theme"
AUTO: Final = "auto"
THEMES: Final = (AUTO, "light", "dark")


def known_theme(text: str | None) -> str:
    """The theme of a cookie; `auto` where it is none.

    >>> known_theme("dark"), known_theme("neon"), known_theme(None)
    ('dark', 'auto', 'auto')
    """
    return text if text in THEMES else AUTO
