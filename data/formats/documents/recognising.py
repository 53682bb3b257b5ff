"""What kind of document a file is, by its bytes."""

from data.errors import InvalidFile, UnknownFormat
from data.formats.archives import open_archive, read_member
from data.formats.reading import Request

_HEAD_BYTES = 8
_READ_EN = "TXT, DOCX, XLSX and PDF are checked"
_READ_ZH = "可检查 TXT、DOCX、XLSX、PDF"
_CONTENT_TYPES = "[Content_Types].xml"
_CONTENT_BYTES = 1024 * 1024
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (
        b"\xd0\xcf\x11\xe0",
        "an old Office file (.doc, .xls) or a locked one; save it as .docx or .xlsx, not locked",
        "旧版 Office 文件（.doc、.xls）或加密文件；请另存为不加密的 .docx 或 .xlsx",
    ),
    (b"{\\rtf", "an RTF document; save it as .docx", "RTF 文档；请另存为 .docx"),
    (b"\x89PNG", "a picture; send the text", "图片；请提交文字"),
    (b"\xff\xd8\xff", "a picture; send the text", "图片；请提交文字"),
    (b"GIF8", "a picture; send the text", "图片；请提交文字"),
    (b"\x1f\x8b", "a gzip archive; unpack it first", "gzip 压缩文件；请先解压"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it first", "7z 压缩文件；请先解压"),
    (b"Rar!", "a RAR archive; unpack it first", "RAR 压缩文件；请先解压"),
    (b"SQLite", "a database; export its text", "数据库文件；请导出文字"),
)


def recognise(request: Request) -> str:
    """`docx`, `xlsx`, `pdf` or `txt`.

    Raises `UnknownFormat` for what is none of them; it says what it is and what to do.
    """
    with request.open() as stream:
        head = stream.read(_HEAD_BYTES)
    if b"%PDF" in head:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _inside_zip(request)
    for magic, en, zh in _MAGIC:
        if head.startswith(magic):
            raise UnknownFormat(f"it is {en}; {_READ_EN}", f"这是{zh}；{_READ_ZH}")
    return "txt"


def _inside_zip(request: Request) -> str:
    with open_archive(request) as archive:
        by_name = {member.filename: member for member in archive.infolist()}
        types = by_name.get(_CONTENT_TYPES)
        told = read_member(archive, types, _CONTENT_BYTES) if types else b""
        for kind, mark in (("docx", b"wordprocessingml"), ("xlsx", b"spreadsheetml")):
            if mark in told:
                _refuse_macros(told)
                return kind
    raise UnknownFormat(
        f"it is a zip file that holds no document; {_READ_EN}",
        f"这是不含文档的压缩文件；{_READ_ZH}",
    )


def _refuse_macros(types: bytes) -> None:
    if b"macroEnabled" in types:
        raise InvalidFile(
            "it is a document with macros; save it as .docx or .xlsx without them",
            "这是带宏的文档；请另存为不含宏的 .docx 或 .xlsx",
        )
