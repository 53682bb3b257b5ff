"""地名志: a division's book of names, by division and category, with map and indexes.

Order of parts as such books have it (standards.md §8.4): map, overview, entries, indexes.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from data.chinese_dates import chinese_date
from gazetteer.volumes.entries import Book, Entry, category_words
from gazetteer.volumes.indexes import Groups, by_pinyin, by_strokes
from gazetteer.volumes.maps import NO_REFERENCE

if TYPE_CHECKING:
    from data.documents import Document

Progress = Callable[[str, int, int], None]
Pictures = Mapping[int, Sequence[tuple[str, bytes]]]
_PICTURE_CM = 9.0
_KINDS = {"alias": "别名", "short": "简称", "former": "曾用名", "variant": "异写"}
_EVERY = 200


def volume_docx(
    book: Book,
    picture: bytes | None,
    pictures: Pictures,
    progress: Progress | None = None,
    caption: str = NO_REFERENCE,
) -> bytes:
    """The book as a document.

    Args:
        book: the division's entries.
        picture: a map as PNG; None where none can be drawn.
        pictures: of places by id, each with its caption.
        progress: told how many entries are written.
        caption: what stands under the map.
    """
    from data.documents import Document

    document = Document(f"{book.division.name}地名志", book.as_of)
    document.line(f"据地名登记编纂，截至 {chinese_date(book.as_of)}", align="center")
    _overview(document, book)
    if picture:
        document.picture(picture, document.width_cm, caption)
    words = category_words()
    done = 0
    for heading, entries in book.chapters():
        document.line(heading, heading=True)
        category = None
        for one in entries:
            if one.category_code != category:
                category = one.category_code
                document.line(f"【{words.get(category, category or '类别未定')}】")
            _entry(document, one)
            for said, content in pictures.get(one.id, ()):
                document.picture(content, _PICTURE_CM, said)
            done += 1
            if progress and done % _EVERY == 0:
                progress("地名志", done, len(book.entries))
    _index(document, "音序索引", by_pinyin(book.entries))
    _index(document, "笔画索引", by_strokes(book.entries))
    document.note("笔画数据：CLDR 中文笔画排序（Unihan，部分字按传统字形计数）；* 为汉语拼音推算。")
    return document.content()


def _overview(document: "Document", book: Book) -> None:
    document.line("概述", heading=True)
    own = next((one for one in book.entries if one.name == book.division.name), None)
    for text in filter(None, (own.description, own.history, own.origin) if own else ()):
        document.text(text)
    words = category_words()
    counts: dict[str, int] = {}
    for one in book.entries:
        name = words.get(one.category_code, one.category_code or "类别未定")
        counts[name] = counts.get(name, 0) + 1
    told = "，".join(f"{name} {count} 条" for name, count in sorted(counts.items()))
    document.text(f"本卷收录 {'、'.join(book.path)}的地名 {len(book.entries)} 条：{told}。")


def _entry(document: "Document", one: Entry) -> None:
    head = f"{one.name}　{one.romanization}{'*' if one.computed else ''}"
    document.line(f"{head}　{one.mongolian}".rstrip(), heading=True)
    others = "；".join(f"{_KINDS[kind]}：{text}" for kind, text in one.others)
    position = f"位置（经度, 纬度）：{one.position}。" if one.position else ""
    labelled = (("含义", one.meaning), ("来历", one.origin), ("沿革", one.history))
    texts = [position, others, *(f"{name}：{text}" for name, text in labelled if text)]
    texts.append(one.description)
    for text in filter(None, texts):
        document.text(text)


def _index(document: "Document", title: str, groups: Groups) -> None:
    document.line(title, heading=True)
    for heading, entries in groups:
        document.text(f"{heading}：{'、'.join(one.name for one in entries)}")
