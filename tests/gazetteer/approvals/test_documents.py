"""The documents of a case: what they say, and the same bytes every time."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import docx
import naming_cases as cases
import pytest
from naming_cases import APPROVER, EDITOR, TODAY, UPPER, applied, approved, filed, version

from data.errors import Forbidden, NotFound
from data.store import Store
from gazetteer import approvals
from gazetteer.approvals import Act, Written
from gazetteer.approvals.document_kinds import document_kinds
from gazetteer.approvals.tables import approval


def write(store: Store, identity: int, code: str) -> Written:
    with store.read() as connection:
        return approvals.write_document(connection, identity, code, APPROVER)


def text_of(content: bytes) -> str:
    """Every paragraph and cell, in order."""
    document = docx.Document(io.BytesIO(content))

    def lines() -> Iterator[str]:
        for block in document.iter_inner_content():
            if hasattr(block, "rows"):
                for row in block.rows:
                    yield from dict.fromkeys(cell.text for cell in row.cells)
            else:
                yield block.text

    return "\n".join(lines())


def test_the_day_of_a_check_is_that_of_china(filled: Store) -> None:
    identity = applied(filled)
    with filled.write("tests", "a check in the night") as transaction:
        transaction.update(approval, identity, 1, {"checked_at": "2026-03-04T17:30:00.000000Z"})
    assert "审查日期\n2026年3月5日" in text_of(write(filled, identity, "check").content)


def test_every_kind_is_made_and_is_the_same_when_made_again(filled: Store) -> None:
    asked = replace(cases.STREET, name_mong="ᠯᠢᠰᠢ ᠵᠠᠮ")
    identity = applied(filled, asked)
    approvals.give_back(filled, identity, 1, "请补充示意图", APPROVER, TODAY)
    approvals.amend(filled, identity, version(filled, identity), {}, EDITOR, TODAY)
    approvals.add_paper(filled, identity, "map", cases.PDF, "示意图.pdf", "位置图", EDITOR)
    approvals.accept(filled, identity, version(filled, identity), "", APPROVER, TODAY)
    expert = approvals.save_expert(
        filled, approvals.Expert("（专家甲）", ["history"], "990101"), APPROVER
    )
    approvals.invite(filled, identity, version(filled, identity), expert, APPROVER, TODAY)
    decision = approvals.Decision(True, cases.DECIDED, cases.NUMBER, answers=cases.ANSWERS)
    approvals.decide(filled, identity, version(filled, identity), decision, APPROVER, TODAY)
    approvals.file(filled, identity, version(filled, identity), Act(cases.DECIDED), APPROVER, TODAY)
    act = Act(date(2026, 3, 6), note="缺少申请书")
    approvals.return_filing(filled, identity, version(filled, identity), act, UPPER, TODAY)
    late = date(2026, 3, 25)
    act = Act(late, deadline=date(2026, 4, 1))
    approvals.remind(filled, identity, version(filled, identity), act, UPPER, late)
    said = {}
    for code in document_kinds():
        first, again = write(filled, identity, code), write(filled, identity, code)
        assert first.content == again.content, code
        assert first.file_name.startswith(f"2026-{identity:06d}-")
        said[code] = text_of(first.content)
    assert "地名命名申请表" in said["application"]
    assert "示意图.pdf" in said["application"]
    assert "ᠯᠢᠰᠢ ᠵᠠᠮ" in said["application"]
    assert "请补充示意图" in said["correction"]
    assert "规模较小" not in said["application"]
    assert "含义明确" in said["check"]
    assert "（专家甲）" in said["opinions"]
    assert cases.NUMBER in said["decision"]
    assert "同意命名为“丁香路”，自2026年3月5日起为标准地名" in said["decision"]
    assert "上盟人民政府：" in said["filing-report"]
    assert "缺少申请书" in said["filing-correction"]
    assert "2026年3月20日届满" in said["reminder"]
    assert "2026年4月1日前" in said["reminder"]


def test_the_announcement_says_what_it_must(filled: Store) -> None:
    identity = filed(filled)
    made = write(filled, identity, "announcement")
    wanted = (
        "丁香路", "Dīngxiāng Lù", "试验区上盟东旗", "东起人民路，西至建设街", "东旗人民政府",
        "2026年3月5日", "东旗地名行政主管部门",
    )  # fmt: skip
    assert made.text is not None
    for word in wanted:
        assert word in made.text
        assert word in text_of(made.content)


def test_a_renaming_and_an_end_name_both(filled: Store) -> None:
    old, new = cases.street(filled), cases.street(filled, "新街")
    identity = approved(filled, cases.ending(old, new))
    text = write(filled, identity, "announcement").text or ""
    assert "停止使用的名称：旧街" in text
    assert "继任名称：新街" in text
    identity = approved(filled, cases.renaming(new))
    said = text_of(write(filled, identity, "decision").content)
    assert "同意将“新街”更名为“丁香路”" in said


def test_a_refusal_is_a_document(filled: Store) -> None:
    identity = cases.accepted(filled)
    decision = approvals.Decision(False, cases.DECIDED, note="与邻近道路混淆")
    approvals.decide(filled, identity, version(filled, identity), decision, APPROVER, TODAY)
    said = text_of(write(filled, identity, "decision").content)
    assert "不予批准" in said
    assert "与邻近道路混淆" in said


def test_a_document_that_is_not_yet_there(filled: Store) -> None:
    identity = applied(filled)
    for code in ("announcement", "x"):
        with pytest.raises(NotFound, match="application, check"):
            write(filled, identity, code)
    with filled.read() as connection, pytest.raises(Forbidden):
        approvals.write_document(connection, identity, "application", cases.STRANGER)


def test_no_text_breaks_a_document(filled: Store) -> None:
    hostile = "<img onerror=alert(1)> & ]]> {{x}} =1+1 \t\u202e"
    identity = applied(filled, replace(cases.STREET, reasons=hostile * 20))
    assert "<img onerror=alert(1)>" in text_of(write(filled, identity, "application").content)
