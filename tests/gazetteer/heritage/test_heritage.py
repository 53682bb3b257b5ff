"""The protection lists: from the nomination to the list, and what is refused on the way."""

import io
from dataclasses import replace
from datetime import date
from typing import Any

import docx
import naming_cases as cases
import pytest
from naming_cases import APPROVER, EDITOR, ELSEWHERE, NATION, TODAY, UPPER, VIEWER
from openpyxl import load_workbook
from PIL import Image
from sqlalchemy import select, text

from data.errors import Conflict, FaultsFound, Forbidden, InvalidFile, InvalidValue, NotFound
from data.pages import read_item
from data.store import Store
from gazetteer import heritage
from gazetteer.errors import NotListable
from gazetteer.heritage import EntryQuery, Evidence, Listing, Nomination, Visit
from gazetteer.heritage.tables import heritage as table
from gazetteer.search import lexicon_of
from gazetteer.tables import place

SEAT = Evidence("seat", 713, "唐开元元年置县", "旧唐书·地理志")
NAME = Evidence("name", 980, "沿用至今", "元丰九域志", interruptions="1914 年改名，1916 年恢复")
LISTING = Listing(date(2026, 3, 10), "东政发〔2026〕5号", "第一批")


def nomination(place_id: int) -> Nomination:
    return Nomination(
        place_id=place_id,
        list_level="旗县级",
        category="street",
        first_record="清乾隆年间碑记",
        first_record_source="旧街碑",
        first_record_year=1765,
        measures="立碑保护，沿用街名",
        custodian="东旗民政部门",
    )


def entered(store: Store, **changes: Any) -> int:
    asked = replace(nomination(cases.street(store)), **changes)
    return heritage.nominate(store, asked, EDITOR, TODAY)


def row(store: Store, identity: int) -> Any:
    with store.read() as connection:
        return connection.execute(select(table).where(table.c.id == identity)).one()


def flag(store: Store, identity: int) -> bool:
    with store.read() as connection:
        place_id = row(store, identity).place_id
        return bool(connection.scalar(select(place.c.heritage).where(place.c.id == place_id)))


def listed(store: Store, **changes: Any) -> int:
    identity = entered(store, **changes)
    heritage.put_on_list(store, identity, 1, LISTING, APPROVER, TODAY)
    return identity


def entries(store: Store, query: EntryQuery) -> list[dict[str, Any]]:
    with store.read() as connection:
        return heritage.list_entries(connection, query, lexicon_of(store, connection))[0]


def test_the_flag_follows_the_listed_state(filled: Store) -> None:
    identity = entered(filled)
    assert (row(filled, identity).state, flag(filled, identity)) == ("candidate", False)
    heritage.put_on_list(filled, identity, 1, LISTING, APPROVER, TODAY)
    assert (row(filled, identity).state, flag(filled, identity)) == ("listed", True)
    assert row(filled, identity).years_in_use == 2026 - 1765
    heritage.remove_from_list(filled, identity, 2, TODAY, "街道已拆除", APPROVER, TODAY)
    assert (row(filled, identity).state, flag(filled, identity)) == ("removed", False)
    heritage.put_on_list(filled, identity, 3, LISTING, APPROVER, TODAY)
    assert flag(filled, identity)
    assert row(filled, identity).removed_on is None


def test_the_flag_stays_while_another_list_has_the_name(filled: Store) -> None:
    identity = listed(filled)
    place_id = row(filled, identity).place_id
    upper = heritage.nominate(
        filled, replace(nomination(place_id), list_level="league"), EDITOR, TODAY
    )
    heritage.put_on_list(filled, upper, 1, LISTING, UPPER, TODAY)
    heritage.remove_from_list(filled, identity, 2, TODAY, "升级", APPROVER, TODAY)
    assert flag(filled, identity)


def test_a_county_of_a_thousand_years_needs_both_proofs(filled: Store) -> None:
    identity = entered(filled, category="千年古县", evidence=[SEAT])
    with pytest.raises(NotListable, match="specific name: 0 of 1000") as caught:
        heritage.put_on_list(filled, identity, 1, LISTING, APPROVER, TODAY)
    assert "专名使用时间" in caught.value.zh
    young = replace(NAME, since_year=1100)
    other = entered(filled, category="county", evidence=[SEAT, young])
    with pytest.raises(NotListable, match="926 of 1000"):
        heritage.put_on_list(filled, other, 1, LISTING, APPROVER, TODAY)
    whole = entered(filled, category="county", evidence=[SEAT, NAME])
    heritage.put_on_list(filled, whole, 1, LISTING, APPROVER, TODAY)
    with filled.read() as connection:
        shown = heritage.show_entry(connection, whole, lexicon_of(filled, connection), TODAY)
    assert [(c["criterion"], c["years"], c["met"]) for c in shown["criteria"]] == [
        ("seat", 1313, True), ("name", 1046, True),
    ]  # fmt: skip
    assert shown["evidence"][1]["interruptions"].startswith("1914")
    assert not flag(filled, identity)


def test_who_decides_depends_on_the_level(filled: Store) -> None:
    banner = entered(filled)
    for who in (EDITOR, VIEWER, ELSEWHERE):
        with pytest.raises(Forbidden):
            heritage.put_on_list(filled, banner, 1, LISTING, who, TODAY)
    national = entered(filled, list_level="national")
    for who in (APPROVER, UPPER):
        with pytest.raises(Forbidden):
            heritage.put_on_list(filled, national, 1, LISTING, who, TODAY)
    heritage.put_on_list(filled, national, 1, LISTING, NATION, TODAY)


def test_what_a_nomination_lacks_is_told_at_once(filled: Store) -> None:
    bad = {
        "first_record": " ",
        "first_record_year": 0,
        "evidence": [Evidence("height", 3000, "", "")],
    }
    with pytest.raises(FaultsFound) as caught:
        entered(filled, **bad)
    assert [f.column for f in caught.value.faults] == [
        "first_record", "first_record_year", "evidence", "evidence", "evidence",
    ]  # fmt: skip


@pytest.mark.parametrize("changes", [{"list_level": "x"}, {"category": "x"}])
def test_unknown_words(filled: Store, changes: dict[str, str]) -> None:
    with pytest.raises(InvalidValue):
        entered(filled, **changes)


def test_a_removed_entry_does_not_come_back_beside_a_newer_one(filled: Store) -> None:
    old = listed(filled)
    heritage.remove_from_list(filled, old, 2, TODAY, "误列", APPROVER, TODAY)
    newer = heritage.nominate(filled, nomination(row(filled, old).place_id), EDITOR, TODAY)
    with pytest.raises(Conflict, match=f"entry {newer}"):
        heritage.put_on_list(filled, old, 3, LISTING, APPROVER, TODAY)
    assert row(filled, old).state == "removed"


def test_conflicts_and_strangers(filled: Store) -> None:
    identity = entered(filled)
    place_id = row(filled, identity).place_id
    with pytest.raises(Conflict, match="already"):
        heritage.nominate(filled, nomination(place_id), EDITOR, TODAY)
    with pytest.raises(Forbidden):
        heritage.nominate(filled, nomination(place_id), ELSEWHERE, TODAY)
    with pytest.raises(NotFound):
        heritage.nominate(filled, nomination(9999), EDITOR, TODAY)
    heritage.put_on_list(filled, identity, 1, LISTING, APPROVER, TODAY)
    with pytest.raises(Conflict, match="version 2"):
        heritage.put_on_list(filled, identity, 1, LISTING, APPROVER, TODAY)
    with pytest.raises(Conflict, match="already"):
        heritage.put_on_list(filled, identity, 2, LISTING, APPROVER, TODAY)
    early = date(2026, 3, 9)
    for day, reason in ((early, "x"), (TODAY, " "), (date(2026, 3, 21), "x")):
        with pytest.raises(InvalidValue):
            heritage.remove_from_list(filled, identity, 2, day, reason, APPROVER, TODAY)
    candidate = entered(filled, measures="")
    with pytest.raises(Conflict, match="not listed"):
        heritage.remove_from_list(filled, candidate, 1, TODAY, "x", APPROVER, TODAY)
    with pytest.raises(NotListable, match="measures"):
        heritage.put_on_list(filled, candidate, 1, LISTING, APPROVER, TODAY)
    for bad in (replace(LISTING, batch=" "), replace(LISTING, document="")):
        with pytest.raises(InvalidValue):
            heritage.put_on_list(filled, candidate, 1, bad, APPROVER, TODAY)


def test_measures_inspections_and_pictures(filled: Store) -> None:
    identity = listed(filled)
    heritage.change(filled, identity, 2, {"custodian": "文物管理所"}, EDITOR)
    with pytest.raises(InvalidValue):
        heritage.change(filled, identity, 3, {"state": "listed"}, EDITOR)
    visit = Visit(TODAY, "面临威胁", "标志缺失", "补设标志")
    heritage.inspect(filled, identity, visit, EDITOR, TODAY)
    with pytest.raises(InvalidValue):
        heritage.inspect(filled, identity, replace(visit, condition="x"), EDITOR, TODAY)
    with pytest.raises(Forbidden):
        heritage.inspect(filled, identity, visit, VIEWER, TODAY)
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "a camera's maker"
    Image.new("RGB", (64, 48), "red").save(file, "JPEG", exif=exif)
    picture = heritage.add_picture(filled, identity, file.getvalue(), "街口", "东旗", EDITOR)
    with pytest.raises(InvalidFile):
        heritage.add_picture(filled, identity, b"<svg/>", "x", "", EDITOR)
    with pytest.raises(InvalidValue):
        heritage.add_picture(filled, identity, file.getvalue(), " ", "", EDITOR)
    with filled.read() as connection:
        shown = heritage.show_entry(connection, identity, lexicon_of(filled, connection), TODAY)
        copy = heritage.read_picture_copy(connection, identity, picture)
        with pytest.raises(NotFound):
            heritage.read_picture_copy(connection, identity, 99)
    assert shown["custodian"] == "文物管理所"
    assert shown["inspections"][0]["condition"] == "endangered"
    assert shown["pictures"] == [{"id": picture, "title": "街口", "credit": "东旗"}]
    assert b"a camera's maker" in file.getvalue()
    assert b"a camera's maker" not in copy


def test_the_list_and_its_files(filled: Store) -> None:
    first = listed(filled, remark="=1+1", custodian='=HYPERLINK("x")')
    entered(filled)
    found = entries(filled, EntryQuery())
    assert [one["id"] for one in found] == [first]
    assert found[0]["list_level_zh"] == "旗县级"
    assert len(entries(filled, EntryQuery(state="候选"))) == 1
    assert entries(filled, EntryQuery(level="national")) == []
    assert entries(filled, EntryQuery(division="990202")) == []
    assert len(entries(filled, EntryQuery(division="上盟", category="古街巷", batch="第一批"))) == 1
    content = heritage.list_document(found, "东旗", TODAY)
    assert content == heritage.list_document(found, "东旗", TODAY)
    opened = docx.Document(io.BytesIO(content))
    assert opened.paragraphs[0].text == "东旗地名文化遗产保护名录"
    assert opened.tables[0].rows[1].cells[1].text == "旧街"
    book = heritage.list_workbook(found, "东旗", TODAY)
    assert book == heritage.list_workbook(found, "东旗", TODAY)
    sheet = load_workbook(io.BytesIO(book)).active
    assert sheet is not None
    cells = {cell.value: cell.data_type for line in sheet.iter_rows() for cell in line}
    assert cells['=HYPERLINK("x")'] == "s"
    assert "没有条目" in "".join(
        p.text for p in docx.Document(io.BytesIO(heritage.list_document([], "", TODAY))).paragraphs
    )


def test_pages_by_key(filled: Store) -> None:
    wanted = [listed(filled) for _ in range(3)]
    seen: list[int] = []
    after: int | None = 0
    while after is not None:
        with filled.read() as connection:
            lexicon = lexicon_of(filled, connection)
            query = EntryQuery(after=after, limit=2)
            page, after = heritage.list_entries(connection, query, lexicon)
        seen += [one["id"] for one in page]
    assert seen == wanted


def test_coverage_by_county(filled: Store) -> None:
    listed(filled)
    with filled.read() as connection:
        lexicon = lexicon_of(filled, connection)
        found = {one["division_code"]: one for one in heritage.coverage(connection, lexicon)}
        below = heritage.coverage(connection, lexicon, "990200")
    assert (found["990101"]["listed"], found["990101"]["by_category"]) == (1, {"street": 1})
    assert found["990101"]["places"] == 2
    assert not found["990102"]["has_list"]
    assert {one["division_code"] for one in below} == {"990201", "990202"}


def test_it_is_a_collection_of_features(filled: Store) -> None:
    identity = listed(filled)
    with filled.read() as connection:
        feature = read_item(connection, heritage.HERITAGE, identity)
        plan = connection.execute(text("SELECT count(*) FROM heritage_unrendered")).scalar_one()
    assert '"旧街"'.encode() in feature
    assert b'"listed"' in feature
    assert plan == 0
