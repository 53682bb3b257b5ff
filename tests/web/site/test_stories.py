"""Stories are safe whatever is written into them."""

import pytest

from web.site.stories import story_html


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("# 来历", "<h3>来历</h3>"),
        ("**敖包**", "<strong>敖包</strong>"),
        ("> 引文", "<blockquote>"),
        ("- 一\n- 二", "<li>二</li>"),
        ("|甲|乙|\n|-|-|\n|1|2|", "<td>2</td>"),
        ("[志书](https://example.org/a)", 'rel="noopener noreferrer"'),
        ("![碑](/heritage/3/pictures/4)", '<img src="/heritage/3/pictures/4" alt="碑">'),
        ("ᠣᠪᠣᠭ᠎ᠠ", "ᠣᠪᠣᠭ᠎ᠠ"),
    ],
)
def test_what_people_write_is_shown(text: str, wanted: str) -> None:
    assert wanted in story_html(text)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "![x](https://elsewhere.example/track.png)",
        "![x](//elsewhere.example/track.png)",
        "![x](/heritage/3/pictures/4?next=//elsewhere.example)",
        '[x](https://e.example/"onmouseover="alert(1))',
        "<https://e.example/><style>*{display:none}</style>",
    ],
)
def test_nothing_runs_and_nothing_is_loaded_from_elsewhere(text: str) -> None:
    made = story_html(text)
    for part in ("<script", "<style", "<img", 'href="javascript:', 'href="data:', " onmouseover="):
        assert part not in made, made
