"""The texts of the pages where inspection files are sent, corrected and received."""

from typing import Final

UPLOAD: Final[dict[str, tuple[str, str]]] = {
    "upload.title": ("上传检查文件", "Send an inspection file"),
    "upload.lead": (
        "先预览、后入库：列的识别、整批发现和改正建议都可以核对；确认之前不写入任何检查记录。",
        "Look over columns, findings and proposals; nothing is an inspection before you commit.",
    ),
    "upload.columns": ("各列的识别", "What the columns were taken for"),
    "upload.columns_read": ("读取 {read} 列，共 {count} 列", "{read} of {count} columns are read"),
    "upload.columns_hint": (
        "如有认错的列，请改选字段；文件原样保存，将按新的对应重新读取和判定。",
        "A column was mistaken? Choose another field: the kept file is read and judged anew.",
    ),
    "upload.column": ("文件中的列", "Column of the file"),
    "upload.taken_for": ("作为", "Taken for"),
    "upload.values": ("前几个值", "First values"),
    "upload.column_as": ("“{column}”列作为", "Column {column} is"),
    "upload.nameless": ("第 {number} 列（无列名）", "column {number}, without a name"),
    "upload.chosen": ("人工指定", "chosen by a person"),
    "upload.unread": ("不使用", "not used"),
    "upload.read_again": ("按此对应重新读取", "Read the file again so"),
    "upload.proposals": ("改正建议（{count}）", "Proposed corrections ({count})"),
    "upload.proposals_hint": (
        "逐条核对后勾选；原始文字保留，接受的更正另成一行并重新判定整批；未接受的行维持原判。",
        "Tick what you have checked. The text that came is kept; a correction is a row of its own.",
    ),
    "upload.accept": ("接受", "Accept"),
    "upload.row": ("第 {row} 行", "row {row}"),
    "upload.change": ("原文 → 改为", "Before → after"),
    "upload.why": ("依据", "On what ground"),
    "upload.why_hint": ("如：与外业手簿核对", "such as: compared with the field book"),
    "upload.accept_ticked": ("接受所勾选的更正", "Accept the ticked corrections"),
    "upload.decide": ("去处理", "decide"),
    "upload.picture_alt": (
        "各桩实测与登记位置之差；同样的数值见下表",
        "Vectors from registered to observed positions; the table below has the numbers",
    ),
    "upload.own": ("最近上传的文件", "Files sent lately"),
    "upload.none": ("还没有上传过文件。", "No file was sent yet."),
    "upload.file_name": ("文件", "File"),
    "upload.received_at": ("收到时间", "Received"),
    "upload.state": ("状态", "State"),
    "upload.templates": ("按界线填写的模板", "Templates to fill in, by line"),
    "upload.templates_hint": (
        "XLSX，已填好该线的界桩编号；未到现场的桩请删除整行。",
        "XLSX with the line’s marker numbers filled in; delete the rows of markers not visited.",
    ),
    "upload.drop": ("把文件拖到这里", "Drop a file here"),
}
