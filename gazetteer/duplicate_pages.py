"""Pages of duplicates: made as far as they are asked for, and kept until the next write."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from threading import Lock
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import select

from data.errors import InvalidValue
from data.journal import HEAD_KEY
from data.store import Store
from data.tables import store_meta
from gazetteer.collections import DIVISIONS, PLACES
from gazetteer.duplicates import Duplicate, duplicates
from gazetteer.likeness import DuplicateKind, NamedRecord
from gazetteer.search import Lexicon, lexicon_of, significant

_COLLECTIONS: Final = {"place": PLACES.id, "division": DIVISIONS.id}
_LONGEST_CURSOR: Final = 12


@dataclass(frozen=True, slots=True)
class DuplicatePage:
    """Some pairs; `next_after` asks for what follows, None where that is all."""

    pairs: tuple[dict[str, Any], ...]
    next_after: str | None


@dataclass(slots=True)
class _Kept:
    """What has been found of a list so far, and the rest of it."""

    mark: tuple[str, str, str]
    found: list[Duplicate]
    rest: Iterator[Duplicate]


_kept: WeakKeyDictionary[Store, _Kept] = WeakKeyDictionary()
_lock = Lock()


def duplicate_page(
    store: Store,
    within: str | None = None,
    kind: str | None = None,
    after: str | None = None,
    limit: int = 20,
) -> DuplicatePage:
    """One page of the pairs of names that are alike where the law wants them told apart.

    Args:
        store: whose index of names is current.
        within: code or name of a division; names outside it are not compared.
        kind: only pairs that are alike in this way.
        after: the `next_after` of the page before; it holds until the register changes.
        limit: most pairs.

    Raises:
        InvalidValue: `within` names no division, `kind` no kind, `after` no page.
    """
    with store.read() as connection:
        lexicon = lexicon_of(store, connection)
        head = connection.scalar(select(store_meta.c.value).where(store_meta.c.key == HEAD_KEY))
    digits = significant(lexicon.resolve(within).code) if within else ""
    chosen = kind_of(kind) if kind else None
    begun = _parse(after)
    with _lock:  # one list is made at a time; others wait for it instead of making it again
        kept = _of(store, (str(head), digits, chosen or ""))
        kept.found.extend(islice(kept.rest, max(0, begun + limit + 1 - len(kept.found))))
        shown = kept.found[begun : begun + limit + 1]
    more = str(begun + limit) if len(shown) > limit else None
    return DuplicatePage(tuple(pair_json(pair, lexicon) for pair in shown[:limit]), more)


def _of(store: Store, mark: tuple[str, str, str]) -> _Kept:
    kept = _kept.get(store)
    if kept is None or kept.mark != mark:
        _, digits, kind = mark
        every = duplicates(store, digits)
        kept = _Kept(mark, [], (one for one in every if not kind or one.kind == kind))
        _kept[store] = kept
    return kept


def kind_of(text: str) -> DuplicateKind:
    """A kind by its name.

    Raises:
        InvalidValue: there is none of that name.
    """
    try:
        return DuplicateKind(text)
    except ValueError:
        known = ", ".join(DuplicateKind)
        raise InvalidValue(
            "kind", text, "there is no such kind of likeness", f"give one of {known}",
            f"没有“{text[:40]}”这种相似；可用：{known}",
        ) from None  # fmt: skip


def _parse(after: str | None) -> int:
    if after is None:
        return 0
    if after.isascii() and after.isdecimal() and len(after) <= _LONGEST_CURSOR:
        return int(after)
    raise InvalidValue(
        "cursor", after, "not a page of this list", "take it from the page before",
        "不是本列表的分页标记；请使用上一页返回的值",
    )  # fmt: skip


def pair_json(pair: Duplicate, lexicon: Lexicon) -> dict[str, Any]:
    """A pair as it is sent: how alike, in which scope, both records, and the rule."""
    return {
        "kind": str(pair.kind),
        "scope": str(pair.scope),
        "within": pair.within,
        "first": _record_json(pair.first, lexicon),
        "second": _record_json(pair.second, lexicon),
        "zh": pair.zh,
        "en": pair.en,
        "source": pair.source,
    }


def _record_json(record: NamedRecord, lexicon: Lexicon) -> dict[str, Any]:
    return {
        "id": f"{_COLLECTIONS[record.feature]}/{record.id}",
        "name": record.name,
        "category_code": record.category_code,
        "division_code": record.division_code,
        "division_path": " › ".join(lexicon.path_names(record.division_code)),
        "lon": record.lon,
        "lat": record.lat,
    }
