"""Flask-Babel (翻译) over the catalogues of `web.site`: what a request speaks, and in which time.

Whatever asks Flask-Babel (`gettext`, `pgettext`, `format_date`, `_()` in a template) hears the
same texts as `web.site.translate`, from memory: no file is looked for while a page is made.
"""

from functools import cached_property

from babel.support import NullTranslations
from flask import Flask
from flask_babel import Babel, Domain

from web.negotiation import page_language
from web.site import CHINA, SOURCE, speak, spoken


class _Spoken(Domain):  # type: ignore[misc]
    """The catalogues of this process as a domain of messages."""

    def get_translations(self) -> NullTranslations:
        """The texts of the request's language."""
        return spoken().of(page_language())


class _Languages(Babel):  # type: ignore[misc]
    """Flask-Babel with the catalogues that are read already."""

    @cached_property
    def domain_instance(self) -> Domain:
        """The domain that is asked where none is named."""
        return _Spoken()


def install(app: Flask, folder: str) -> None:
    """Let an application speak the program's languages and those of an office's folder.

    Raises:
        InvalidValue: the folder is not there, or holds a catalogue of no known language.
        InvalidFile: a catalogue cannot be read.
    """
    speak(folder)
    _Languages(
        app,
        default_locale=SOURCE,
        default_timezone=CHINA,
        locale_selector=lambda: page_language().replace("-", "_"),
    )
