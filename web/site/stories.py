"""Stories in Markdown as safe markup: written by people, shown to the public. Pure.

CommonMark without raw HTML, then a list of what is let through. Pictures are those of the
service alone, so that a story loads nothing from elsewhere.
"""

import re
from functools import cache
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS: Final = {
    "p", "br", "hr", "em", "strong", "blockquote", "ul", "ol", "li", "h3", "h4", "h5", "a", "img",
    "code", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES: Final = {"a": {"href", "title"}, "img": {"src", "alt", "title"}}
_OWN_PICTURE: Final = re.compile(r"/heritage/[0-9]{1,12}/pictures/[0-9]{1,12}")
_HEADING: Final = re.compile(r"<(/?)h([1-6])>")
_PICTURE: Final = re.compile(r"<img(?![^>]* src=)[^>]*>")
_LOWEST, _DEEPER = 5, 2


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def story_html(text: str) -> Markup:
    r"""A story as markup; its first headings stand below the page's own.

    >>> story_html("# 来历\n<b>x</b> [站](javascript:alert(1))")
    Markup('<h3>来历</h3>\n<p>&lt;b&gt;x&lt;/b&gt; [站](javascript:alert(1))</p>\n')
    """
    made = _HEADING.sub(_lower, _parser().render(text))
    clean = nh3.clean(
        made,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    return Markup(_PICTURE.sub("", clean))  # noqa: S704 - nh3 lets through the listed tags alone


def _lower(found: re.Match[str]) -> str:
    return f"<{found[1]}h{min(int(found[2]) + _DEEPER, _LOWEST)}>"


def _kept(tag: str, attribute: str, value: str) -> str | None:
    """A value that stays; a picture of another address goes with its address."""
    if tag == "img" and attribute == "src" and not _OWN_PICTURE.fullmatch(value):
        return None
    return value
