"""Drawings in SVG without style rules, so that a page's policy need allow none. Pure.

matplotlib writes each element's look as CSS: one rule for all, and a `style` attribute on each. A
content security policy without `unsafe-inline` drops both. The same properties are presentation
attributes of SVG (SVG 1.1, 6.1) and stay.
"""

import re
from typing import Final

from data.errors import InvalidValue

_RULE: Final = re.compile(rb"<style\b[^>]*>\s*\*\s*\{([^{}<>]*)\}\s*</style>")
_TAG: Final = re.compile(rb"<[A-Za-z][^<>]*>")
_STYLE: Final = re.compile(rb'\sstyle="([^"]*)"')
_PROPERTIES: Final = frozenset(
    b"clip-path fill fill-opacity fill-rule font-family font-size font-stretch font-style"
    b" font-variant font-weight image-rendering opacity stroke stroke-dasharray stroke-dashoffset"
    b" stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width"
    b" text-anchor".split()
)


def styles_as_attributes(drawing: bytes) -> bytes:
    """A drawing that looks the same without any style rule.

    Args:
        drawing: SVG as matplotlib writes it.

    Raises:
        InvalidValue: a property is none that SVG knows as an attribute, or a rule is left.

    >>> styles_as_attributes(b'<svg><g style="fill: #fff; opacity: 0.5"/></svg>')
    b'<svg><g fill="#fff" opacity="0.5"/></svg>'
    """
    common = [_attributes(rule) for rule in _RULE.findall(drawing)]
    plain = _TAG.sub(_plain, _RULE.sub(b"", drawing))
    if common:
        # What stood for every element is inherited from the outermost; what an element says of
        # itself goes before it, as before.
        plain = plain.replace(b"<svg ", b"<svg " + b" ".join(common) + b" ", 1)
    if b"<style" in plain:
        raise _unfit("<style>")
    return plain


def _plain(tag: re.Match[bytes]) -> bytes:
    text = tag[0]
    found = _STYLE.search(text)
    if found is None:
        return text
    given = _attributes(found[1])
    return text[: found.start()] + (b" " + given if given else b"") + text[found.end() :]


def _attributes(declarations: bytes) -> bytes:
    """Declarations of CSS as attributes; of two for one property the last counts."""
    told: dict[bytes, bytes] = {}
    for one in declarations.split(b";"):
        name, _, value = one.partition(b":")
        if not name.strip():
            continue
        if name.strip() not in _PROPERTIES:
            raise _unfit(name.decode())
        told[name.strip()] = value.strip()
    return b" ".join(b'%b="%b"' % pair for pair in told.items())


def _unfit(what: str) -> InvalidValue:
    return InvalidValue(
        "style", what, "it is no presentation attribute of SVG", "draw without it",
        f"“{what}”不能写成 SVG 属性；请不要使用",
    )  # fmt: skip
