"""The texts of the pages for the office: checking a text, signs, books."""

from typing import Final

OFFICE: Final[dict[str, tuple[str, str]]] = {
    "check.title": ("规范使用地名检查", "Use of standard names"),
    "check.lead": (
        "找出文本中的地名，标出曾用名、异写、误写、拼写有误和隶属过时的名称，并给出标准写法。",
        "Finds the place names in a text and marks those that are not standard.",
    ),
    "check.paste": ("粘贴要检查的文字", "Paste the text to check"),
    "check.or_file": ("或者选择文件", "Or choose a file"),
    "check.hint": (
        "文本只用于本次检查，不保存。批注副本只对 DOCX、XLSX 提供。",
        "The text is used for this check only, not kept. DOCX and XLSX also get a commented copy.",
    ),
    "check.send": ("检查", "Check"),
    "check.send_marked": ("检查并下载批注副本", "Check and download a commented copy"),
    "check.result": ("检查结果", "Result"),
    "check.counts": (
        "共 {characters} 字，找到地名 {mentions} 处。",
        "{characters} characters, {mentions} names found.",
    ),
    "check.external": (
        "已忽略 {count} 处外部引用。",
        "{count} references to the outside were ignored.",
    ),
    "check.nothing": ("没有发现不规范的地名。", "No name was found that is not standard."),
    "check.marked_text": ("标注后的文本", "The text with marks"),
    "check.level": ("性质", "What"),
    "check.place": ("位置", "Where"),
    "check.text": ("原文", "As written"),
    "check.standard": ("应为", "Standard"),
    "check.reason": ("理由", "Reason"),
    "check.error": ("错误", "error"),
    "check.doubt": ("存疑", "doubt"),
    "check.note": ("提示", "note"),
    "check.kind.former": ("曾用名", "former name"),
    "check.kind.variant": ("异写或别名", "variant"),
    "check.kind.short": ("简称", "short form"),
    "check.kind.misspelt": ("误写", "misspelt"),
    "check.kind.romanization": ("罗马字母拼写", "romanization"),
    "check.kind.parent": ("隶属过时", "parent of the past"),
}
