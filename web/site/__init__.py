"""The pages: templates, texts and what the templates compute. Knows no web framework.

Each template is given `doc` (the JSON document of its address as a dict), `lang` (its language),
`t` (key → text), `title`, `alternate` (a list of {href, type, title}), and of its reader `nav`
(the entries of the navigation), `here` (the path), `theme`, `roles`, `csrf_token`, `account_name`
`sign_in_offered` and the form that was `refused`; `install` adds the helper functions to the
environment that renders them.
"""

from web.site.catalogues import (
    OWN,
    SOURCE,
    Catalogues,
    Lang,
    speak,
    spoken,
    told_in,
    translate,
)
from web.site.formatting import CHINA
from web.site.forms import REFUSED, RefusedForm, Told
from web.site.helpers import TEMPLATES, html_lang, install, with_query
from web.site.navigation import navigation
from web.site.themes import THEME_COOKIE, known_theme

__all__ = [
    "CHINA",
    "OWN",
    "REFUSED",
    "SOURCE",
    "TEMPLATES",
    "THEME_COOKIE",
    "Catalogues",
    "Lang",
    "RefusedForm",
    "Told",
    "html_lang",
    "install",
    "known_theme",
    "navigation",
    "speak",
    "spoken",
    "told_in",
    "translate",
    "with_query",
]
