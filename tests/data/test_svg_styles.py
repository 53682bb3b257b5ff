"""Drawings without style rules look the same: every property stays, as an attribute."""

import io
import re
from xml.etree import ElementTree as ET

import pytest
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from data import InvalidValue, styles_as_attributes

SVG = "{http://www.w3.org/2000/svg}"
WORDS = "o <b> style=\"fill: red\" & 'q'"


def drawing() -> bytes:
    figure = Figure()
    FigureCanvasSVG(figure)
    axes = figure.subplots()
    axes.plot([1, 2], [2, 1], "o--", alpha=0.5, label="a")
    axes.fill_between([1, 2], [0, 1], hatch="//")
    axes.imshow([[1, 2], [3, 4]])
    axes.text(1, 1, WORDS, rotation=30, weight="bold", style="italic", bbox={"fc": "w"})
    axes.legend()
    out = io.BytesIO()
    figure.savefig(out, format="svg")
    return out.getvalue()


def looks(element: ET.Element) -> dict[str, str]:
    """An element's attributes, those of its style among them; a style's last word counts."""
    told = {name: value for name, value in element.attrib.items() if name != "style"}
    for one in element.attrib.get("style", "").split(";"):
        name, _, value = one.partition(":")
        if name.strip():
            told[name.strip()] = value.strip()
    return told


def test_every_element_keeps_its_looks() -> None:
    before = drawing()
    after = styles_as_attributes(before)
    assert b"<style" not in after
    assert not re.search(rb'<[A-Za-z][^<>]*\sstyle="', after)
    old, new = ET.fromstring(before), ET.fromstring(after)  # noqa: S314 - made here
    for rules in [one for one in old.iter() if one.tag == f"{SVG}defs"]:
        for rule in rules.findall(f"{SVG}style"):
            rules.remove(rule)
    own = new.attrib
    assert (own.pop("stroke-linejoin"), own.pop("stroke-linecap")) == ("round", "butt")
    pairs = list(zip(old.iter(), new.iter(), strict=True))
    assert len(pairs) > 50
    assert sum("style" in one.attrib for one, _ in pairs) > 20
    for one, other in pairs:
        assert (one.tag, looks(one)) == (other.tag, looks(other))


def test_words_that_look_like_styles_stay_words() -> None:
    plain = styles_as_attributes(b'<svg><!-- style="x: y" --><text>style="x: y"</text></svg>')
    assert plain == b'<svg><!-- style="x: y" --><text>style="x: y"</text></svg>'


@pytest.mark.parametrize(
    "drawn",
    [b'<svg><g style="float: left"/></svg>', b"<svg ><style>.a{fill: red}</style></svg>"],
)
def test_what_no_attribute_can_say_is_refused(drawn: bytes) -> None:
    with pytest.raises(InvalidValue):
        styles_as_attributes(drawn)


def test_of_two_words_for_one_property_the_last_counts() -> None:
    drawn = b'<image style="image-rendering:crisp-edges;image-rendering:pixelated" x="1"/>'
    assert styles_as_attributes(drawn) == b'<image image-rendering="pixelated" x="1"/>'
