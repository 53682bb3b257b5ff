"""A table of names, matched and written back (地名表匹配)."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from data.annotating import AnnotateOptions, annotate
from data.cells import Cells
from data.coordinates import ReferenceSystem
from data.geometry import point_xy
from data.store import Store
from gazetteer.names import fold
from gazetteer.reconciliation.engine import reconcile
from gazetteer.reconciliation.properties import Values, read_values
from gazetteer.reconciliation.values import Candidate, Matched, NameQuery
from gazetteer.search import MAX_QUERY_CHARACTERS, lexicon_of

ADDED: Final = (
    "ovoo_match",
    "ovoo_id",
    "ovoo_code",
    "ovoo_name",
    "ovoo_division",
    "ovoo_score",
    "ovoo_reason",
    "ovoo_candidates",
)
"""The columns that come behind the table's own."""

MATCHED, DOUBTFUL, NONE = "matched", "doubtful", "none"
_WORDS: Final = {
    MATCHED: {"zh": "已匹配", "en": "matched"},
    DOUBTFUL: {"zh": "待确认", "en": "doubtful"},
    NONE: {"zh": "未找到", "en": "not found"},
}
_BETWEEN: Final = {"zh": "；", "en": "; "}


@dataclass(frozen=True, slots=True)
class MatchOptions:
    """What holds for every row, and the language of the answers (`zh` or `en`).

    Attributes:
        within: code or name of a division, where a row states none of its own.
        category: type of what is sought, where a row states none of its own: `division`,
            `place` or the beginning of a category code.
        candidates: how many candidates a doubtful row shows.
        language: `zh` or `en`.
    """

    within: str = ""
    category: str = ""
    candidates: int = 3
    language: str = "zh"


def match_table(
    store: Store,
    path: Path,
    out: Path,
    match: MatchOptions,
    options: AnnotateOptions,
    told: Callable[[int], None] = lambda _rows: None,
) -> Mapping[str, int]:
    """Write a table of names back with what each means; returns how many rows are of each kind.

    Only what may be taken without looking is filled in; a doubtful row shows its candidates.

    Args:
        store: whose text index is current.
        path: the table; a column of names, perhaps of divisions, positions and categories.
        out: where to.
        match: what holds for every row.
        options: how the table is read and written.
        told: is told now and then how many rows are done.

    Raises:
        InvalidFile, InvalidValue, FaultsFound: as `annotate` does; `within` names no division.
    """
    if match.within:
        with store.read() as connection:
            lexicon_of(store, connection).resolve(match.within)
    system = ReferenceSystem.parse(store.crs)
    counted: Counter[str] = Counter()

    def answers(rows: Sequence[Cells]) -> list[list[str]]:
        queries = [_query(row, match, system) for row in rows]
        found = reconcile(store, queries)
        taken = [matched.best.id for matched in found if matched.best]
        codes = read_values(store, list(dict.fromkeys(taken)), ["code"], match.language)
        counted.update(_state(matched) for matched in found)
        return [
            _cells(row, matched, codes, match) for row, matched in zip(rows, found, strict=True)
        ]

    annotate(path, out, "matches", ADDED, answers, options, told)
    return {state: counted[state] for state in (MATCHED, DOUBTFUL, NONE)}


def _query(row: Cells, match: MatchOptions, system: ReferenceSystem) -> NameQuery:
    name = (row.text("name") or "").strip()
    if len(name) > MAX_QUERY_CHARACTERS:
        row.fault(
            "invalid-value", "name", name[:40],
            f"超过 {MAX_QUERY_CHARACTERS} 个字符，不是地名",
            f"has more than {MAX_QUERY_CHARACTERS} characters and is no name",
        )  # fmt: skip
        name = ""
    division = row.text("division") or match.within
    category = row.text("category") or match.category
    query = NameQuery(
        name=name,
        types=(category,) if category else (),
        divisions=(division,) if division else (),
        limit=match.candidates,
    )
    point = row.position(system, exact=False) if name else None
    if point is None or not fold(name):
        return query
    lon, lat = point_xy(point)
    return replace(query, lon=lon, lat=lat)


def _state(matched: Matched) -> str:
    if matched.best:
        return MATCHED
    return DOUBTFUL if matched.candidates else NONE


def _cells(
    row: Cells, matched: Matched, codes: Mapping[str, Mapping[str, Values]], match: MatchOptions
) -> list[str]:
    lang = match.language
    notes = list(matched.notes_zh if lang == "zh" else matched.notes_en)
    notes += [fault.zh if lang == "zh" else fault.en for fault in row.faults]
    state = _WORDS[_state(matched)][lang]
    best = matched.best
    if best is None:
        others = _BETWEEN[lang].join(_shown(one) for one in matched.candidates)
        score = f"{matched.candidates[0].score}" if matched.candidates else ""
        return [state, "", "", "", "", score, _BETWEEN[lang].join(notes), others]
    code = "".join(str(value) for value in codes[best.id]["code"])
    reason = _BETWEEN[lang].join([best.reason(lang), *notes])
    path = " › ".join(best.result.path)
    return [state, best.id, code, best.result.name, path, f"{best.score}", reason, ""]


def _shown(one: Candidate) -> str:
    return f"{one.id} {one.result.name}（{' › '.join(one.result.path)}）{one.score}"
