"""XML taken element by element, without document types, entities or anything fetched."""

from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from data.errors import InvalidFile

_DEPTH_MAX = 64


def events(stream: IO[bytes]) -> Iterator[tuple[str, Element]]:
    """`start` and `end` of each element.

    Raises:
        InvalidFile: the XML is broken, declares a document type or entities, or names an
            encoding that is not read.
    """
    try:
        yield from iterparse(stream, ("start", "end"), forbid_dtd=True)
    except DefusedXmlException as error:
        raise InvalidFile(
            "its XML declares a document type or entities, which are never read; save it again"
            " without them",
            "XML 含有文档类型声明或实体，不予读取；请去除后重新保存",
        ) from error
    except ParseError as error:
        line, column = error.position
        raise InvalidFile(
            f"its XML breaks off or is wrong at line {line}, column {column + 1}; export it again",
            f"XML 在第 {line} 行第 {column + 1} 列中断或有误；请重新导出",
        ) from error
    except (LookupError, ValueError) as error:
        raise InvalidFile(
            "its XML names an encoding that is not read; save it as UTF-8",
            "XML 声明的编码无法读取；请另存为 UTF-8",
        ) from error


def check_depth(open_elements: list[Element]) -> None:
    """Refuse XML that is nested deeper than any honest file.

    Raises:
        InvalidFile: it is.
    """
    if len(open_elements) > _DEPTH_MAX:
        raise InvalidFile(
            f"its XML is nested deeper than {_DEPTH_MAX} levels", f"XML 嵌套超过 {_DEPTH_MAX} 层"
        )


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def all_text(element: Element) -> str:
    """The text of an element and of everything in it."""
    return "".join(element.itertext())
