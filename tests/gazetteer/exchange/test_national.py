"""The national database's public record: in and out, nothing of it is lost."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.exchange.national import FIELDS, national_attributes, national_values
from gazetteer.search import Lexicon
from gazetteer.search.lexicon import DivisionEntry

from .places import from_row, texts

TITLES = [attribute.name for attribute in national_attributes()]
NO_DIVISIONS = Lexicon({}, {}, (), {})
maybe = st.none() | texts
point = st.tuples(
    st.integers(97_000_000, 126_000_000).map(lambda n: n / 1_000_000),
    st.integers(37_000_000, 53_000_000).map(lambda n: n / 1_000_000),
).map(list)
national = st.fixed_dictionaries(
    {
        "id": maybe,
        "standard_name": texts,
        "roman_alphabet_spelling": maybe,
        "ethnic_minorities_writing": st.none() | st.sampled_from(["ᠪᠠᠶᠠᠨ ᠣᠪᠣᠭ᠎ᠠ", "ᠰᠢᠯᠢ"]),
        "place_type": st.just("山地"),
        "place_type_code": st.just("13400"),
        "place_code": st.none() | st.from_regex(r"\A[0-9]{20}\Z"),
        "area": st.sampled_from(["152525000", "152525101"]),
        "province_name": maybe,
        "city_name": maybe,
        "area_name": maybe,
        "gdm": st.none()
        | st.fixed_dictionaries(
            {
                "type": st.just("MultiPoint"),
                "coordinates": st.lists(point, min_size=1, max_size=3),
            }
        ),
        "pdm": st.none(),
        "old_name": st.none() | st.sampled_from(["甲", "甲、乙"]),
        "place_origin": maybe,
        "place_meaning": maybe,
        "government_history": maybe,
    }
)


def taken(record: dict[str, Any]) -> Any:
    """What the loader makes of a record, as its reader gives it."""
    first = record["gdm"]["coordinates"][0] if record["gdm"] else None
    titles = [*record, *(["lon", "lat"] if first else [])]
    cells = [
        "" if value is None else value if isinstance(value, str) else orjson.dumps(value).decode()
        for value in record.values()
    ]
    return from_row(titles, [*cells, *map(repr, first or [])])


@settings(max_examples=200, deadline=None)
@given(national)
def test_a_record_comes_back_whole(record: dict[str, Any]) -> None:
    back = dict(zip(TITLES, national_values(taken(record), NO_DIVISIONS), strict=True))
    assert {name: back[name] for name in FIELDS} == record


@pytest.mark.parametrize(
    "entered", ["110.5 41.5", "[]", '{"type": "MultiPoint", "coordinates": []}', '{"type": "x"}']
)
def test_an_unreadable_gdm_gives_way_to_the_position(entered: str) -> None:
    place = from_row(["standard_name", "gdm", "lon", "lat"], ["敖包", entered, "110.5", "41.5"])
    back = dict(zip(TITLES, national_values(place, NO_DIVISIONS), strict=True))
    assert back["gdm"] == {"type": "MultiPoint", "coordinates": [[110.5, 41.5]]}


def test_the_register_says_which_divisions_hold_it() -> None:
    codes = {"150000": ("region", None), "152500": ("prefecture", "150000")}
    codes |= {"152525": ("county", "152500")}
    entries = [
        DivisionEntry(n, code, f"名{code}", level, parent, None, None)
        for n, (code, (level, parent)) in enumerate(codes.items())
    ]
    lexicon = Lexicon({entry.code: [entry] for entry in entries}, {}, entries, {})
    place = taken({"standard_name": "敖包", "area": "152525101", "area_name": "旧名", "gdm": None})
    back = dict(zip(TITLES, national_values(place, lexicon), strict=True))
    assert back["province_name"] == "名150000"
    assert (back["city_name"], back["area_name"]) == ("名152500", "名152525")
    assert back["area"] == "152525101"


@pytest.mark.parametrize(("code", "area"), [("152525", "152525000"), ("152525101203", "152525101")])
def test_an_area_has_nine_digits(code: str, area: str) -> None:
    place = from_row(["标准名称", "行政区划代码"], ["敖包", code])
    back = dict(zip(TITLES, national_values(place, NO_DIVISIONS), strict=True))
    assert back["area"] == area
