"""The forms of a case: application, check of the name, opinions of experts."""

from typing import TYPE_CHECKING

from data.chinese_dates import chinese_date
from data.reference import cited
from gazetteer.approvals.documents.facts import Facts, term_zh
from gazetteer.approvals.experts import fields_zh

if TYPE_CHECKING:
    from data.documents import Document

_WEIGHTS = {"blocks": "禁止", "asks": "需说明", "warns": "提示"}
_NARROW = (1.1, 2.2, 1.1, 2.2)


def application(document: "Document", facts: Facts) -> None:
    """申请表: what was applied for, by whom, with which papers."""
    case = facts.case
    rows = [
        ("申请编号", facts.number, "申请日期", chinese_date(case["applied_on"])),
        ("申请类型", facts.kind_zh, "地名类别", facts.class_zh),
        (
            "名称" if case["kind"] == "ending" else "拟用名称",
            case["name"],
            "现用名称",
            facts.text("former_name"),
        ),
        ("罗马字母拼写", facts.text("romanization"), "蒙古文", facts.text("name_mong")),
        ("所在行政区", facts.place or case["division_code"]),
        ("位置", facts.text("position")),
        ("坐标", facts.position),
        ("范围（规模）", facts.text("extent"), "性质", facts.text("nature")),
        ("含义", facts.text("meaning")),
        ("来历", facts.text("origin")),
        ("申请理由", case["reasons"]),
        ("申请单位", case["applicant"], "批准机关", case["approving_body"]),
    ]
    if case["kind"] == "ending":
        rows.insert(4, ("继任名称", facts.successor or "—"))
    document.form(rows, _NARROW)
    document.line("申请材料", heading=True)
    papers = [
        (
            str(number),
            term_zh("paper_kinds", one["kind"]),
            one["title"],
            one["file_name"],
            one["sha256"][:12],
        )
        for number, one in enumerate(facts.papers, start=1)
    ]
    if papers:
        document.table(
            ("序号", "类别", "标题", "文件名", "校验码（前 12 位）"), papers, (0.6, 1.6, 2, 2, 1.6)
        )
    else:
        document.note("（未附材料）")
    document.line("申请单位（盖章）：　　　　　　　　　　", align="right")
    document.line("　　年　　月　　日", align="right")


def check(document: "Document", facts: Facts) -> None:
    """命名规则审查表: every finding with its article, and what a person judges."""
    document.form(
        [
            ("申请编号", facts.number, "审查日期", facts.checked_on),
            ("名称", facts.case["name"], "地名类别", facts.class_zh),
            ("所在行政区", facts.place or facts.case["division_code"]),
        ],
        _NARROW,
    )
    found = facts.check or {"findings": [], "manual": []}
    rows = [
        (
            str(number),
            _WEIGHTS.get(one["severity"], one["severity"]),
            cited(one["article"], "zh"),
            one["zh"],
            facts.answers.get(one["code"], "—"),
        )
        for number, one in enumerate(found["findings"], start=1)
    ]
    document.line("自动审查结果", heading=True)
    if rows:
        document.table(("序号", "结论", "依据", "内容", "说明"), rows, (0.6, 1, 1.7, 3.4, 1.8))
    else:
        document.note("未发现问题。" if facts.check else "停止使用的申请不作名称审查。")
    if found["manual"]:
        document.line("人工审查", heading=True)
        manual = [(one["zh"], cited(one["article"], "zh"), "□ 是　□ 否") for one in found["manual"]]
        document.table(("审查内容", "依据", "结论"), manual, (4, 2, 1.5))
    document.line("审查人：　　　　　　　　审查日期：　　年　　月　　日", align="right")


def opinions(document: "Document", facts: Facts) -> None:
    """专家论证意见汇总表: who was asked, how they voted and why."""
    document.form(
        [
            ("申请编号", facts.number, "申请事项", facts.subject),
            ("所在行政区", facts.place or facts.case["division_code"]),
        ],
        _NARROW,
    )
    rows = []
    for one in facts.opinions:
        who = one.get("name") or f"专家 {one['ordinal']}"
        about = " ".join(filter(None, (one.get("title"), one.get("organisation"))))
        vote = one["vote"] and term_zh("expert_votes", one["vote"])
        rows.append(
            (
                f"{who}\n{about}".strip(),
                fields_zh(one["fields"]),
                vote or term_zh("invitation_states", one["state"]),
                one["opinion"] or "—",
                chinese_date(one["answered_on"]) if one["answered_on"] else "—",
            )
        )
    document.table(("专家", "专业领域", "表决", "意见", "日期"), rows, (1.5, 1.3, 1, 3.5, 1.4))
    votes = [one["vote"] for one in facts.opinions]
    document.note(
        f"受邀 {len(votes)} 人；同意 {votes.count('for')}，不同意 {votes.count('against')}，"
        f"弃权 {votes.count('abstain')}，未表决 {votes.count(None)}。"
    )
