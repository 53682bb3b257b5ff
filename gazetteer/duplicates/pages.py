"""Pages of duplicates: each begins where the last one ended, and reads no more than it must."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from data.errors import InvalidValue
from data.store import Store
from gazetteer.collections import DIVISIONS, PLACES
from gazetteer.duplicates.alike import Duplicate
from gazetteer.duplicates.reading import NARROW, WIDE, Portion, portions
from gazetteer.likeness import DuplicateKind, NamedRecord
from gazetteer.search import Lexicon, lexicon_of, significant

_COLLECTIONS: Final = {"place": PLACES.id, "division": DIVISIONS.id}
MOST_READ: Final = 10_000
"""Names that a page reads before it leaves the next portion to the next page."""
_CURSOR: Final = re.compile(rf"({'|'.join((WIDE, *NARROW))})([0-9]{{0,12}})\.([0-9]{{1,9}})")


@dataclass(frozen=True, slots=True)
class DuplicatePage:
    """Some pairs.

    Attributes:
        pairs: as they are sent. Fewer than were asked for, even none, where the names read for
            this page hold no more; what follows may hold others.
        next_after: asks for what follows, None where that is all.
    """

    pairs: tuple[dict[str, Any], ...]
    next_after: str | None


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
        after: the `next_after` of the page before.
        limit: most pairs.

    Raises:
        InvalidValue: `within` names no division, `kind` no kind, `after` no page.
    """
    chosen = kind_of(kind) if kind else None
    scope, area, begun = _parse(after)
    with store.read() as connection:
        lexicon = lexicon_of(store, connection)
        digits = significant(lexicon.resolve(within).code) if within else ""
        found, more = _page(portions(connection, digits, scope, area), chosen, begun, limit)
    return DuplicatePage(tuple(pair_json(pair, lexicon) for pair in found), more)


def _page(
    every: Iterator[Portion], kind: DuplicateKind | None, begun: int, limit: int
) -> tuple[list[Duplicate], str | None]:
    """Up to `limit` pairs, and the cursor of what follows them."""
    found: list[Duplicate] = []
    read = 0
    for portion in every:
        if read >= MOST_READ:
            return found, _cursor(portion, 0)
        read += portion.read
        for number, pair in enumerate(portion.pairs):
            if number < begun or (kind and pair.kind is not kind):
                continue
            if len(found) == limit:
                return found, _cursor(portion, number)
            found.append(pair)
        begun = 0
    return found, None


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


def _cursor(portion: Portion, told: int) -> str:
    return f"{portion.scope}{portion.area}.{told}"


def _parse(after: str | None) -> tuple[str, str, int]:
    """The portion in which a page begins, and how many of its pairs were told before."""
    found = _CURSOR.fullmatch(f"{WIDE}.0" if after is None else after)
    if found is None:
        raise InvalidValue(
            "cursor", str(after), "not a page of this list", "take it from the page before",
            "不是本列表的分页标记；请使用上一页返回的值",
        )  # fmt: skip
    return found[1], found[2], int(found[3])


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
