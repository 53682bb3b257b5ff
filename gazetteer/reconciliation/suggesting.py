"""What a person who types an entity, a property or a type may mean (输入提示)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from data.store import Store
from gazetteer.names import fold
from gazetteer.reconciliation.properties import PROPERTIES
from gazetteer.reconciliation.types import is_of_type, type_names, type_of
from gazetteer.reconciliation.values import identity_of, parse_identity
from gazetteer.search import (
    Lexicon,
    Result,
    SearchRequest,
    lexicon_of,
    result_of,
    search_in,
)

PAGE: Final = 20
MOST_PASSED: Final = 1_000
"""How many suggestions may be passed over; who needs more types another letter."""

_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One suggestion; `type` is that of an entity, empty for properties and types."""

    id: str
    name: str
    description: str
    type: str = ""


def suggest_entities(
    store: Store, prefix: str, passed: int = 0, types: tuple[str, ...] = (), language: str = "zh"
) -> list[Suggestion]:
    """Places and divisions, best first: an identity names itself, else as a search suggests.

    Args:
        store: whose text index is current.
        prefix: what was typed; nothing to go by gives nothing.
        passed: how many to pass over, at most `MOST_PASSED`.
        types: as in a query.
        language: of descriptions, `zh` or `en`.
    """
    if not fold(prefix):
        return []
    with store.read() as connection:
        lexicon = lexicon_of(store, connection)
        names = type_names(language)
        found: list[Suggestion] = []
        for result in _results(connection, prefix, lexicon):
            if types and not any(is_of_type(result, wanted) for wanted in types):
                continue
            found.append(suggestion_of(result, names))
            if len(found) == passed + PAGE:
                break
    return found[passed:]


def _results(connection: Connection, prefix: str, lexicon: Lexicon) -> Iterator[Result]:
    known = parse_identity(prefix)
    named = result_of(connection, *known, lexicon) if known else None
    if named:
        yield named
        return
    request = SearchRequest(prefix, limit=_AT_ONCE, second="never")
    for _ in range(MOST_PASSED // _AT_ONCE + 1):
        page = search_in(connection, request, lexicon)
        yield from page.results
        if not page.next_after:
            return
        request = replace(request, after=page.next_after)


def suggestion_of(result: Result, names: dict[str, str]) -> Suggestion:
    """An entity with what tells it from its namesakes: type, path, and the name that matched."""
    kind = type_of(result)
    told = [names.get(kind, kind), " › ".join(result.path)]
    if result.matched != result.name:
        told.append(result.matched)
    return Suggestion(
        identity_of(result), result.name, " · ".join(part for part in told if part), kind
    )


def suggest_properties(prefix: str, language: str = "zh") -> list[Suggestion]:
    """The properties whose id or name contains what was typed; all where nothing was."""
    use = {
        "zh": ("参与匹配", "可获取"),
        "en": ("takes part in matching", "can be fetched"),
    }[language]
    found = []
    for known in PROPERTIES.values():
        name = known.zh if language == "zh" else known.en
        told = [
            word for word, is_so in zip(use, (known.matching, known.fetched), strict=True) if is_so
        ]
        if _is_meant(prefix, (known.id, known.zh, known.en)):
            found.append(Suggestion(known.id, name, "; ".join(told)))
    return found


def suggest_types(prefix: str, language: str = "zh") -> list[Suggestion]:
    """The types whose id or name, in either language, contains what was typed."""
    zh, en = type_names("zh"), type_names("en")
    shown = zh if language == "zh" else en
    other = en if language == "zh" else zh
    return [
        Suggestion(kind, shown[kind], other[kind])
        for kind in shown
        if _is_meant(prefix, (kind, zh[kind], en[kind]))
    ]


def _is_meant(prefix: str, names: tuple[str, ...]) -> bool:
    typed = prefix.strip().casefold()
    return any(typed in name.casefold() for name in names)
