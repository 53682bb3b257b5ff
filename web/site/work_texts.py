"""The texts of the page of one's own work."""

from typing import Final

WORK: Final[dict[str, tuple[str, str]]] = {
    "line.template": ("检查记录模板", "Template for inspections"),
    "work.title": ("我的工作", "My work"),
    "work.lead": (
        "按您的角色和区划列出：待办的申请、到期的时限、修复、联检、待入库的文件、群众反映和标志。",
        "By your roles and divisions: what waits for you, what is due, and what is overdue.",
    ),
    "work.what": ("事项", "What"),
    "work.detail": ("情况", "How it stands"),
    "work.due_on": ("期限", "Due"),
    "work.who": ("谁可办理", "Who may act"),
    "work.you": ("您可办理", "you may act"),
    "work.overdue": ("已逾期", "overdue"),
    "work.all": ("查看全部", "The whole list"),
    "work.more": ("只列出前 {count} 项。", "Only the first {count} are listed."),
    "work.none": ("目前没有待办事项。", "Nothing waits for you."),
    "work.severity": (
        "严重程度 {severity} 级，已等 {days} 天",
        "grade {severity}, {days} days old",
    ),
    "work.submission_by": ("{sender} 提交", "sent by {sender}"),
    "work.state.preview": ("预览，待入库", "previewed, to be committed"),
    "work.line_due": ("联检到期", "joint inspection due"),
    "work.sign": ("标志 {number}：{condition}", "Sign {number}: {condition}"),
    "work_tab.approvals": ("地名审批", "Approvals"),
    "work_tab.repairs": ("修复", "Repairs"),
    "work_tab.rounds": ("联检", "Joint inspections"),
    "work_tab.calendar": ("联检日历", "Calendar"),
    "work_part.approvals": ("待我办理的地名申请", "Applications that wait for a step of mine"),
    "work_part.clocks": ("已逾期和临近的时限", "Clocks overdue or near"),
    "work_part.repairs": ("界桩修复", "Repairs of markers"),
    "work_part.rounds": ("进行中的联检", "Joint inspections under way"),
    "work_part.lines": ("一年内应联检的界线", "Lines to be inspected within a year"),
    "work_part.submissions": ("待入库的检查文件", "Files to commit"),
    "work_part.reports": ("群众反映", "Reported problems"),
    "work_part.signs": ("待维修的地名标志", "Signs to repair"),
}
