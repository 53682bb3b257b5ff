"""What is a slip of a name, and how windows of a text are found."""

import numpy as np
import pytest

from gazetteer.checker.characters import code_points, plain, unified
from gazetteer.checker.hashing import Rolling, neighbourhoods
from gazetteer.checker.near import slip_share


@pytest.mark.parametrize(
    ("written", "name", "slip"),
    [
        ("呼和皓特市", "呼和浩特市", True),
        ("鄂尔多丝市", "鄂尔多斯市", True),
        ("呼浩和特市", "呼和浩特市", True),
        ("科尔沁左翼中期", "科尔沁左翼中旗", True),
        ("托克脱县", "托克托县", True),
        ("赛汗区", "赛罕区", True),
        ("东乌珠穆沁旗", "西乌珠穆沁旗", False),
        ("苏尼特中旗", "苏尼特左旗", False),
        ("上海庙镇", "上海庙乡", False),
        ("呼和浩特市", "呼和浩特市", False),
        ("红山区", "青山区", False),
        ("旗县区", "奇县区", False),
    ],
)
def test_slips(written: str, name: str, slip: bool) -> None:  # noqa: FBT001
    assert bool(slip_share(written, name, high=True)) is slip


def test_a_village_is_not_meant_by_one_character_less() -> None:
    assert slip_share("和里社区", "和平里社区", high=False) == 0


def test_windows_have_the_hashes_of_their_strings() -> None:
    """A window less a character is found as the string less that character, wherever it stands."""
    text = "".join("敖包旗县镇乡村嘎查苏木"[n * n % 97 % 11] for n in range(400))
    rolling = Rolling(code_points(text))
    for size in (3, 5, 9):
        starts = np.arange(len(text) - size + 1)
        for place in (0, size // 2, size - 1):
            hashes = rolling.without(starts, size, place)
            for start in (0, 17, 301):
                window = text[start : start + size]
                own = Rolling(code_points(window[:place] + window[place + 1 :]))
                assert hashes[start] == own.whole(np.array([0]), size - 1)[0]


def test_a_name_s_neighbourhood_is_itself_and_each_shorter_one() -> None:
    found = [
        (int(place), int(value))
        for places, hashes in neighbourhoods(["敖包旗", "东旗"])
        for place, value in zip(places, hashes, strict=True)
    ]
    assert sorted(place for place, _ in found) == [0, 0, 0, 0, 1, 1, 1]
    own = Rolling(code_points("包旗")).whole(np.array([0]), 2)[0]
    assert (0, int(own)) in found


@pytest.mark.parametrize("text", ["內蒙古　ＡＢＣ", "⼭⻄", "髙邨", "𠀀敖包", "", "a\n\u202fᠠ"])
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(plain(text)) == len(text)
    assert len(unified(text)) == len(text)


def test_radicals_out_of_a_pdf_are_their_characters() -> None:
    assert plain("⼭⻄") == "山西"
