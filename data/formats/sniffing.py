"""What a file is, by its bytes; its name is never asked."""

import re
import zipfile

from data.errors import InvalidFile, UnknownFormat
from data.formats.archives import open_archive, refuse_nested
from data.formats.headers import known_names
from data.formats.reading import Request

_HEAD_BYTES = 65_536
_XML_HEAD_BYTES = 8_192
_READ_EN = (
    "CSV or TSV, XLSX, GeoJSON, Linked Places, JSON records, GeoPackage, zipped Shapefile, KML,"
    " KMZ, GPX and FlatGeobuf are read"
)
_READ_ZH = (
    "可读取 CSV/TSV、XLSX、GeoJSON、Linked Places、JSON 记录、GeoPackage、打包为 zip 的 Shapefile、"
    "KML/KMZ、GPX、FlatGeobuf"
)

_BLANK = b" \t\r\n\v\f\x00"
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")

KNOWN_OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (
        b"\xd0\xcf\x11\xe0",
        "an old Excel workbook (.xls) or one locked by a password; save it as .xlsx without one",
        "旧版 Excel 工作簿（.xls）或加密的工作簿；请另存为不加密的 .xlsx",
    ),
    (
        b"\x00\x00\x27\x0a",
        "the bare .shp of a Shapefile; put its .shp, .shx, .dbf and .prj into one zip file",
        "单独的 .shp 文件；请将 .shp、.shx、.dbf、.prj 一起压缩为一个 zip",
    ),
    (b"%PDF", "a PDF document; send the table it was made from", "PDF 文档；请提交其原始表格"),
    (b"\x1f\x8b", "a gzip archive; unpack it first", "gzip 压缩文件；请先解压"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it first", "7z 压缩文件；请先解压"),
    (b"Rar!", "a RAR archive; unpack it first", "RAR 压缩文件；请先解压"),
    (b"PAR1", "a Parquet file; export it as GeoPackage", "Parquet；请导出为 GeoPackage"),
    (b"\x89PNG", "a picture; send the table", "图片；请提交表格"),
    (b"\xff\xd8\xff", "a picture; send the table", "图片；请提交表格"),
)
"""What is known by its first bytes and not read: what it is, and the way out."""

_ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_SKIPPED_XML = re.compile(rb"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL)
_VIRTUAL_ROOTS = {b"OGRVRTDataSource", b"VRTDataset"}

_LINKED_PLACES = re.compile(rb'linkedplaces|linkedpasts|"toponym"\s*:', re.IGNORECASE)
"""What the context or the names of a Linked Places file say at its beginning."""

_JSON_KEY = re.compile(rb'"([^"\\]{1,80})"\s*:')
_JSON_GEOMETRY = re.compile(rb'\{\s*"(?:type|coordinates|geometries)"\s*:')
_NAMES_NEEDED = 2

_JSON_OTHERS: tuple[tuple[bytes, str], ...] = (
    (rb'"type"\s*:\s*"Topology"', "TopoJSON"),
    (rb'"(?:geometryType|spatialReference)"\s*:', "Esri JSON"),
)


def recognise(request: Request) -> str:
    """The name of the reader for this file.

    Raises `InvalidFile` for an empty file, `UnknownFormat` for one that is not read; both say
    what it is, as far as that is known, and what to do.
    """
    head = _head(request)
    if head.startswith(b"SQLite format 3\x00"):
        return "gpkg"
    if head.startswith(b"fgb"):
        return "fgb"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _inside_zip(request)
    for magic, en, zh in KNOWN_OTHERS:
        if head.startswith(magic):
            raise unknown(f"it is {en}", f"这是{zh}")
    return _text_format(head)


def _head(request: Request) -> bytes:
    with request.open() as stream:
        while chunk := stream.read(_HEAD_BYTES):
            if chunk.removeprefix(_MARKS[0]).removeprefix(_MARKS[1]).strip(_BLANK):
                return chunk
    raise InvalidFile(
        "it is empty or holds nothing but blanks; check the export and send it again",
        "文件是空的或只有空白；请检查导出步骤后重新提交",
    )


def unknown(en: str, zh: str) -> UnknownFormat:
    """The refusal of what is not read, with the list of what is."""
    return UnknownFormat(f"{en}; {_READ_EN}", f"{zh}；{_READ_ZH}")


def _inside_zip(request: Request) -> str:
    with open_archive(request) as archive:
        names = [member.filename.lower() for member in archive.infolist()]
        kind = _zip_kind(archive, names)
    if kind:
        return kind
    raise unknown(
        "it is a zip file with no Shapefile, KML or workbook in it",
        "压缩文件内没有 Shapefile、KML 或工作簿",
    )


def _zip_kind(archive: zipfile.ZipFile, names: list[str]) -> str | None:
    if "[content_types].xml" in names and any(name.startswith("xl/") for name in names):
        return "xlsx"
    if any(name.endswith(".shp") for name in names):
        return "shapefile"
    if any(name.endswith(".kml") for name in names):
        return "kmz"
    if "mimetype" in names and any(name == "content.xml" for name in names):
        raise unknown(
            "it is an OpenDocument file; save it as .xlsx", "这是 OpenDocument 文件；请另存为 .xlsx"
        )
    refuse_nested(archive)
    return None


def _text_format(head: bytes) -> str:
    text = head
    if head.startswith(_MARKS[1:]):
        # Enough to see the first sign of a UTF-16 text; its reader decodes it properly.
        text = head[2:].replace(b"\x00", b"")
    text = text.removeprefix(_MARKS[0]).lstrip(_BLANK)
    if re.match(rb"[{\x1e]|\[\s*[{\[\]]", text):
        return _json_format(text)
    root = _ROOT.search(_SKIPPED_XML.sub(b"", text[:_XML_HEAD_BYTES]))
    if text.startswith(b"<") and root:
        return _xml_format(root.group(1))
    return "csv"


def _json_format(text: bytes) -> str:
    if b'"Feature' in text or b'"FeatureCollection' in text:
        return "lpf" if _LINKED_PLACES.search(text) else "geojson"
    for pattern, name in _JSON_OTHERS:
        if re.search(pattern, text):
            raise unknown(f"it is {name}; export it as GeoJSON", f"这是 {name}；请导出为 GeoJSON")
    return "json" if _has_known_names(text) else "geojson"


def _has_known_names(text: bytes) -> bool:
    """Whether JSON that is no GeoJSON names at least two fields that this program knows."""
    if _JSON_GEOMETRY.match(text):
        return False
    keys = {key.decode("utf-8", "replace") for key in _JSON_KEY.findall(text)}
    return known_names(keys) >= _NAMES_NEEDED


def _xml_format(name: bytes) -> str:
    if name in {b"kml", b"gpx"}:
        return name.decode()
    if name in _VIRTUAL_ROOTS:
        raise unknown(
            "it is a virtual data set (VRT), which points to other data and is never followed;"
            " send the data itself",
            "这是虚拟数据集（VRT），它指向其他数据，不予读取；请提交数据本身",
        )
    shown = name.decode("ascii", "replace")[:40]
    raise unknown(
        f"it is XML whose root is <{shown}>, not KML or GPX",
        f"这是根元素为 <{shown}> 的 XML，不是 KML 或 GPX",
    )
