"""The letters of a case: notices to correct, decision, filing report, reminder."""

from typing import TYPE_CHECKING

import orjson

from data.chinese_dates import chinese_date
from data.reference import cited
from gazetteer.approvals.cases import clocks_of
from gazetteer.approvals.documents.facts import Facts, Row, term_zh

if TYPE_CHECKING:
    from data.documents import Document

_FORM = (1, 3)


def correction(document: "Document", facts: Facts) -> None:
    """补正通知书 to the applicant."""
    returned = facts.last("return")
    document.line(f"{facts.case['applicant']}：")
    document.text(
        f"你单位提交的关于{facts.subject}的申请（编号 {facts.number}）收悉。经审查，申请材料需要"
        "补正。请按下列要求补正后重新提交："
    )
    document.text(_note(returned))
    _sign(document, facts.case["approving_body"], returned)


def decision(document: "Document", facts: Facts) -> None:
    """批复 of the deciding body, or its refusal."""
    case = facts.case
    approved = facts.last("approve") is not None
    document.line(facts.text("decision_no"), align="center")
    document.line(f"{case['applicant']}：")
    document.text(f"关于{facts.subject}的申请（编号 {facts.number}）收悉。")
    if approved:
        document.text(_granted(facts))
        document.form(_approved_name(facts), _FORM)
        document.text("请按规定做好备案、公告和标准地名的使用工作。")
    else:
        document.text("经审查，决定不予批准。理由如下：")
    if case["decision_note"]:
        document.text(case["decision_note"])
    _sign(document, case["approving_body"], facts.last("approve" if approved else "refuse"))


def _granted(facts: Facts) -> str:
    """The sentence that decides."""
    case, day = facts.case, chinese_date(facts.case["decided_on"])
    law = "根据《地名管理条例》有关规定，"
    if case["kind"] == "renaming":
        return (
            f"{law}同意将“{case['former_name']}”更名为“{case['name']}”，自{day}起为标准地名，"
            "原名称同时停止使用。"
        )
    if case["kind"] == "ending":
        after = f"，由“{facts.successor}”继任" if facts.successor else ""
        return f"{law}同意自{day}起停止使用“{case['name']}”{after}。"
    return f"{law}同意命名为“{case['name']}”，自{day}起为标准地名。"


def _approved_name(facts: Facts) -> list[tuple[str, str]]:
    case = facts.case
    rows = [
        ("标准名称", case["name"]),
        ("罗马字母拼写", facts.text("romanization")),
        ("地名类别", facts.class_zh),
        ("所属行政区", facts.place or case["division_code"]),
        ("位置", facts.text("position")),
    ]
    if case["name_mong"]:
        rows.insert(2, ("蒙古文", case["name_mong"]))
    if case["kind"] == "ending":
        rows[0] = ("停止使用的名称", case["name"])
    return rows


def filing_report(document: "Document", facts: Facts) -> None:
    """备案报告 to the body with which the approval is filed."""
    case = facts.case
    document.line(f"编号：{facts.text('filing_no')}", align="center")
    document.line(f"{facts.text('filing_body')}：")
    document.text(
        f"根据《地名管理条例》第十三条，现将{case['approving_body']}批准的{facts.subject}"
        f"（{facts.text('decision_no')}）报请备案。"
    )
    rows = [
        *_approved_name(facts),
        ("原名称", facts.text("former_name")),
        ("含义", facts.text("meaning")),
        ("来历", facts.text("origin")),
        ("批准机关", case["approving_body"]),
        ("批准日期", chinese_date(case["decided_on"])),
    ]
    document.form([row for row in rows if row[1] != "—"], _FORM)
    document.line("附件", heading=True)
    papers = [f"{term_zh('paper_kinds', one['kind'])}《{one['title']}》" for one in facts.papers]
    for number, paper in enumerate(papers, start=1):
        document.line(f"{number}. {paper}")
    if not papers:
        document.line("（无）")
    _sign(document, case["approving_body"], facts.last("file"))


def filing_correction(document: "Document", facts: Facts) -> None:
    """备案补正通知书 to the body that approved."""
    returned = facts.last("return-filing")
    document.line(f"{facts.case['approving_body']}：")
    document.text(
        f"你单位报送的{facts.subject}备案材料（{facts.text('filing_no')}）收悉。经审查，材料不齐全"
        "或者不符合要求，现予退回。请补正下列内容后重新报送："
    )
    document.text(_note(returned))
    _sign(document, facts.text("filing_body"), returned)


def reminder(document: "Document", facts: Facts) -> None:
    """催办通知书 to the body that is late (L753 Art 35)."""
    reminded = facts.last("remind")
    details = orjson.loads((reminded and reminded["details"]) or "{}")
    document.line(f"{facts.case['approving_body']}：")
    for clock in clocks_of(facts.case):
        if clock.rule.code in details.get("late", ()):
            document.text(
                f"{facts.subject}的{clock.rule.zh}已于{chinese_date(clock.due_on)}届满"
                f"（{cited(clock.rule.article, 'zh')}），至今尚未办理。"
            )
    for deadline in details.get("deadline", ()):
        year, month, day = (int(part) for part in deadline.split("-"))
        document.text(f"请于{year}年{month}月{day}日前办理完毕。")
    if reminded and reminded["note"]:
        document.text(reminded["note"])
    _sign(document, facts.text("filing_body"), reminded)


def _note(step: Row | None) -> str:
    return str(step["note"]) if step and step["note"] else "—"


def _sign(document: "Document", body: str, step: Row | None) -> None:
    document.line("")
    document.line(body, align="right")
    document.line(chinese_date(step["taken_on"] if step else None), align="right")
