"""The announcement (公告): what FB23 wants it to say, as text and as a document."""

from typing import TYPE_CHECKING

from data.chinese_dates import chinese_date
from gazetteer.approvals.documents.facts import Facts

if TYPE_CHECKING:
    from data.documents import Document

_HEADS = ("标准名称", "罗马字母拼写", "所属行政区", "位置", "批准机关", "批准日期")


def announcement_text(facts: Facts) -> str:
    """The announcement as plain text, for a site or a newspaper."""
    lines = [_title(facts), "", _opening(facts), ""]
    lines += [f"{head}：{value}" for head, value in _rows(facts)]
    lines += ["", facts.text("announcing_body"), chinese_date(facts.case["announced_on"])]
    return "\n".join(lines) + "\n"


def announcement(document: "Document", facts: Facts) -> None:
    """The announcement as a letter with a table."""
    document.text(_opening(facts))
    document.form([(head, value) for head, value in _rows(facts)], (1, 3))
    document.line(facts.text("announcing_body"), align="right")
    document.line(chinese_date(facts.case["announced_on"]), align="right")


def _title(facts: Facts) -> str:
    return f"关于{facts.subject}的公告"


def _opening(facts: Facts) -> str:
    number = facts.case["decision_no"]
    said = f"（{number}）" if number else ""
    verb = "批准停止使用" if facts.case["kind"] == "ending" else "批准"
    return (
        f"根据《地名管理条例》第十四条，现将{facts.text('approving_body')}{said}{verb}的下列地名"
        "予以公告："
    )


def _rows(facts: Facts) -> list[tuple[str, str]]:
    case = facts.case
    values = (
        case["name"],
        facts.text("romanization"),
        facts.place or case["division_code"],
        facts.text("position"),
        facts.text("approving_body"),
        chinese_date(case["decided_on"]),
    )
    rows = list(zip(_HEADS, values, strict=True))
    if case["name_mong"]:
        rows.insert(1, ("蒙古文", case["name_mong"]))
    if case["kind"] == "renaming":
        rows.insert(1, ("原名称", f"{case['former_name']}（自批准之日起停止使用）"))
    if case["kind"] == "ending":
        rows[0] = ("停止使用的名称", case["name"])
        rows.insert(1, ("继任名称", facts.successor or "—"))
    return rows
