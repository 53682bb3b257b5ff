"""The pages: templates, texts and what the templates compute. Knows no web framework.

Each template is given `doc` (the JSON document of its address as a dict), `lang` ("zh" or "en"),
`t` (key → text), `title`, `alternate` (a list of {href, type, title}), and of its reader `nav`
(the entries of the navigation), `here` (the path), `theme`, `roles`, `csrf_token`, `account_name`
`sign_in_offered` and the form that was `refused`; `install` adds the helper functions to the
environment that renders them.
"""

from web.site.forms import REFUSED, RefusedForm, Told
from web.site.helpers import TEMPLATES, install, with_query
from web.site.navigation import navigation
from web.site.texts import LANGUAGES, Lang, translate
from web.site.themes import THEME_COOKIE, known_theme

__all__ = [
    "LANGUAGES",
    "REFUSED",
    "TEMPLATES",
    "THEME_COOKIE",
    "Lang",
    "RefusedForm",
    "Told",
    "install",
    "known_theme",
    "navigation",
    "translate",
    "with_query",
]
