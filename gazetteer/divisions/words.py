"""Sentences about division events, Chinese and English. Pure."""

from typing import Final

from data.errors import Fault

_SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "division-unknown": (
        "登记中从未有过区划代码 {code}；请核对代码",
        "no division ever had the code {code}; check it",
    ),
    "division-ended": (
        "{code} {name}已于 {day} 终止，后继为 {heirs}；请使用现行区划",
        "{code} {name} ended on {day}, followed by {heirs}; name the division in force",
    ),
    "event-too-early": (
        "事件日期 {day} 不晚于 {code} {name}现状的起始日 {begun}；须晚于所承接的变更",
        (
            "the event's day {day} is not after {begun}, when {code} {name} became what it is;"
            " an event comes after the one it follows"
        ),
    ),
    "event-in-future": (
        "生效日期 {day} 晚于今天 {today}；请在生效之日及以后登记",
        "the day {day} is after today, {today}; apply the event on that day or later",
    ),
    "approved-too-late": (
        "批准日期 {day} 晚于生效日期 {effective}；请更正",
        "approved on {day}, after it took effect on {effective}; correct the dates",
    ),
    "decision-missing": (
        (
            "2019-01-01 起的变更须填写批准日期、文号和批准机关"
            "（《行政区划管理条例》第六至十条）；缺少：{what}"
        ),
        (
            "an event from 2019-01-01 on names the day of approval, the document and the authority"
            " (Order 704, Art 6 to 10); missing: {what}"
        ),
    ),
    "code-in-use": (
        "代码 {code} 正由{name}使用；请另编代码，或写明它参与本次变更",
        "the code {code} is that of {name}; give another, or say that it takes part in the event",
    ),
    "code-was-used": (
        "代码 {code} 曾由{name}使用至 {day}；代码不重复使用，请另编代码",
        "the code {code} was that of {name} until {day}; codes are never given again, take another",
    ),
    "code-form": (
        "{level}的区划代码应为 {lengths} 位数字；请更正“{code}”",
        "the code of a {level} has {lengths} digits; correct {code}",
    ),
    "name-missing": (
        "新设区划 {code} 缺少名称；请补填",
        "the new division {code} has no name; give it",
    ),
    "level-unknown": (
        "区划 {code} 缺少级别或级别无法识别；请填写 region、prefecture、county 或 township",
        "the level of {code} is missing or unknown; give region, prefecture, county or township",
    ),
    "parent-unknown": (
        "{code} 的上级 {parent} 在变更后不存在；请更正上级代码",
        "{parent}, the parent of {code}, is no division after the event; correct it",
    ),
    "parent-level": (
        "{code} 的上级 {parent} 级别不高于它本身；请更正",
        "{parent}, the parent of {code}, is not of a higher level; correct it",
    ),
    "division-loop": (
        "隶属关系成环：{path}；请更正上级代码",
        "the parents form a loop: {path}; correct the parent codes",
    ),
    "children-unnamed": (
        (
            "{code} 终止，但其下级 {children} 未说明去向；请逐一写明，"
            "或以 below 说明沿用尾码（same-ending）或保留代码（keep-codes）"
        ),
        (
            "{code} ends and nothing is said of the units below it: {children};"
            " name each, or say below = same-ending or keep-codes"
        ),
    ),
    "names-unplaced": (
        "{code} 有 {count} 条地名未说明归属；请给出新区划的范围，或以 takes_rest 指明",
        (
            "{count} names lie in {code} and nothing says where they go; give outlines, or say by"
            " takes_rest which division takes the rest"
        ),
    ),
    "heritage-name": (
        (
            "“{name}”列入地名文化遗产保护名录；更名须事先制定保护措施（《地名管理条例》第二十五条），"
            "请在 measures 中填写文件名称"
        ),
        (
            "{name} is on a protection list; it is renamed only with protective measures made"
            " before (Order 753, Art 25): name their document in `measures`"
        ),
    ),
    "own-name-renamed": (
        "{code} 自身的地名由“{old}”改为“{new}”，原名作为曾用名保留；其他文字的写法请逐一核对",
        (
            "the place of {code} itself is renamed from {old} to {new}; the old name stays former"
            ", check its forms in other scripts"
        ),
    ),
    "kind-mismatch": (
        "事件类别为“{kind}”，但没有一行是这种变更（各行为：{kinds}）；请更正类别或内容",
        (
            "the event is called {kind} and none of its lines is one (they are: {kinds});"
            " correct the kind or the lines"
        ),
    ),
    "line-repeated": (
        "与第 {other} 项重复；请删去其一",
        "repeats line {other}; remove one",
    ),
    "nothing-changes": (
        "事件没有带来任何变化；请核对内容",
        "the event changes nothing; check its lines",
    ),
    "authority-differs": (
        "{article}：{level}的“{kind}”由{authority}审批；所填为“{given}”",
        (
            "by {article_en}, {kind} of a {level} is approved by {authority_en};"
            " the event names {given}"
        ),
    ),
    "also-filed": (
        "{article}：{kind}（{code}）批准时须同时{also}",
        "by {article_en}, {kind} ({code}) is also: {also}",
    ),
    "outline-unknown": (
        "{code} {name}变更后没有范围；应勘定界线并更新区划图（《行政区划管理条例》第十六条）",
        (
            "{code} {name} has no outline after the event; lines are surveyed and maps renewed"
            " after a change (Order 704, Art 16)"
        ),
    ),
    "outline-kept": (
        "{code} {name}的范围有变而事件未给出新范围，暂沿用原范围",
        "the area of {code} {name} changes and the event gives no outline; the old one is kept",
    ),
    "namesake": (
        "{parent}下已有同名区划 {code} {name}",
        "there is a division of that name below {parent} already: {code} {name}",
    ),
    "place-codes-kept": (
        "{count} 条地名将改属新的区划代码；其 20 位地名代码保持不变",
        "{count} names come under another division code; their own 20-digit place codes are kept",
    ),
    "code-order": (
        "{code} 不以其上级 {parent} 的代码开头；请确认",
        "{code} does not begin as its parent {parent} does; make sure",
    ),
    "level-differs": (
        "{code} 的末位数字不符合级别“{level}”；请确认",
        "the digits of {code} do not look like the level {level}; make sure",
    ),
}


def said(code: str, number: int | None, value: str, /, **words: object) -> Fault:
    """A fault or note of an event; `number` is the line's, None for the whole event."""
    zh, en = _SENTENCES[code]
    return Fault(
        code, number or None, "changes" if number else None, value,
        zh.format(**words), en.format(**words),
    )  # fmt: skip
