"""The pages: templates, texts and what the templates compute. Knows no web framework.

Each template is given `doc` (the JSON document of its address as a dict), `lang` ("zh" or "en"),
`t` (key → text), `title` and `alternate` (a list of {href, type, title}); `install` adds the
helper functions to the environment that renders them.
"""

from web.site.helpers import TEMPLATES, install
from web.site.texts import LANGUAGES, Lang, translate

__all__ = ["LANGUAGES", "TEMPLATES", "Lang", "install", "translate"]
