"""What a search answers: results that say how, by which form and by which characters they match."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple

from gazetteer.names import explain, fold, key_syllables, segment, short_form
from gazetteer.search.arm import Arm
from gazetteer.search.conditions import inner_syllables
from gazetteer.search.rows import FormRow
from gazetteer.search.ways import LABELS, SECOND, Pass


class Result(NamedTuple):
    """One place or division that was found.

    Attributes:
        feature: `place` or `division`.
        id: its identity in its table.
        name: the name it is shown by; with `as_of` the one it then had.
        matched: the form that matched, as written, with its `language` and `kind`.
        way: the pass.
        spans: which characters of `matched` matched: pairs of first and end, from 0.
        why_zh, why_en: the reason in words.
        standing: 0 for a region down to 9; 10 more for what is no longer in use.
        division_code, path: the division it lies in, and the names from the highest down.
        category_code, status, heritage: as the register has them.
        lon, lat: in the store's system; of a division a point inside it.
        distance_m: from `near`, along the ellipsoid; None where it was not asked.
    """

    feature: str
    id: int
    name: str
    matched: str
    language: str
    kind: str
    way: Pass
    spans: tuple[tuple[int, int], ...]
    why_zh: str
    why_en: str
    standing: int
    division_code: str | None
    path: tuple[str, ...]
    category_code: str | None
    status: str | None
    heritage: bool
    lon: float | None
    lat: float | None
    distance_m: float | None = None

    @property
    def second(self) -> bool:
        """Whether it comes of the labelled second pass."""
        return self.way in SECOND

    def as_json(self) -> dict[str, Any]:
        """The result as it is sent."""
        return {
            **self.properties(),
            "id": self.id,
            "path": list(self.path),
            "lon": self.lon,
            "lat": self.lat,
        }

    def properties(self) -> dict[str, Any]:
        """The same but for its identity, path and place, which a feature has elsewhere."""
        return {
            "feature": self.feature,
            "name": self.name,
            "matched": self.matched,
            "language": self.language,
            "kind": self.kind,
            "pass": self.way,
            "second_pass": self.way in SECOND,
            "spans": self.spans,
            "zh": self.why_zh,
            "en": self.why_en,
            "division_code": self.division_code,
            "category_code": self.category_code,
            "status": self.status,
            "heritage": self.heritage,
            "distance_m": self.distance_m,
        }


@dataclass(frozen=True, slots=True)
class Page:
    """One page of results.

    Attributes:
        results: best first.
        next_after: what to ask for the next page with; None on the last.
        steered: the division whose name was read out of the query, as (code, name); None
            where there was none.
    """

    results: tuple[Result, ...]
    next_after: str | None = None
    steered: tuple[str, str] | None = None


_INNER_PINYIN: Final = ("拼音中间的音节", "syllables within its pinyin")


def reason(arm: Arm, text: str) -> tuple[str, str]:
    """Why a form matched, in Chinese and English; families tell the word behind both spellings."""
    zh, en = _INNER_PINYIN if arm.test == "pinyin-inner" else LABELS[arm.way]
    if arm.way is Pass.FAMILY:
        parts = explain(fold(text)).parts
        words_zh = "、".join(f"{part.text}={part.mongolian}（{part.meaning_zh}）" for part in parts)
        words_en = ", ".join(
            f"{part.text} = {part.mongolian} ({part.meaning_en})" for part in parts
        )
        return f"{zh}：{words_zh}", f"{en}: {words_en}"
    return zh, en


def spans_of(arm: Arm, form: FormRow) -> tuple[tuple[int, int], ...]:
    """Which characters of a form as written made it match: pairs of first and end, from 0."""
    told = _SPANS.get(arm.test)
    return told(arm, form) if told else ((0, len(form.text)),)


def _text_spans(arm: Arm, form: FormRow) -> tuple[tuple[int, int], ...]:
    return _found(form.text, form.plain if arm.column == "plain" else form.folded, arm.needle)


def _short_spans(arm: Arm, form: FormRow) -> tuple[tuple[int, int], ...]:
    found = short_form(arm.needle, form.folded)
    return _joined(found.places) if found else ((0, len(form.text)),)


def _found(text: str, key: str, needle: str) -> tuple[tuple[int, int], ...]:
    """Where a needle of the key stands in the text as written."""
    start = key.find(needle)
    if len(key) == len(text):  # nothing was left out, so places are the same
        return ((start, start + len(needle)),)
    places = [place for place, letter in enumerate(text) for _ in fold(letter)]
    if len(places) != len(key):
        return ((0, len(text)),)
    return ((places[start], places[start + len(needle) - 1] + 1),)


def _syllables(form: FormRow, letters: int) -> tuple[tuple[int, int], ...]:
    """The characters whose syllables the first `letters` letters of the pinyin cover."""
    end = 0
    for syllable in _read(form.plain):
        if letters <= 0:
            break
        letters -= len(syllable)
        end += 1
    return _characters(form, end)


_read = lru_cache(4096)(key_syllables)


def _inner_syllables(form: FormRow, letters: str) -> tuple[tuple[int, int], ...]:
    """The characters of the syllables within the pinyin that letters begin."""
    run = inner_syllables(letters, form)
    if run is None or len(key_syllables(form.plain)) != len(form.text):
        return ((0, len(form.text)),)
    return (run,)


def _characters(form: FormRow, count: int) -> tuple[tuple[int, int], ...]:
    """The first `count` characters that folding keeps, as a span of the text as written."""
    text = form.text
    if not text or count <= 0:
        return ()
    if len(form.plain) == len(text):
        return ((0, min(count, len(text))),)
    kept = [place for place, letter in enumerate(text) if fold(letter)]
    return ((kept[0], kept[min(count, len(kept)) - 1] + 1),) if kept else ()


def _joined(places: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """Places as spans, neighbours together."""
    spans: list[tuple[int, int]] = []
    for place in places:
        if spans and spans[-1][1] == place:
            spans[-1] = (spans[-1][0], place + 1)
        else:
            spans.append((place, place + 1))
    return tuple(spans)


def _family(arm: Arm, text: str) -> tuple[tuple[int, int], ...]:
    """The stretch of the form that has the families of the query."""
    key, places = "", []
    at = 0
    for piece in segment(fold(text)):
        written = piece.family.key if piece.family else piece.text
        places += [(at, at + len(piece.text))] * len(written)
        key += written
        at += len(piece.text)
    start = key.find(arm.needle)
    if start < 0:
        return ((0, len(text)),)
    return ((places[start][0], places[start + len(arm.needle) - 1][1]),)


_SPANS: Final[dict[str, Callable[[Arm, FormRow], tuple[tuple[int, int], ...]]]] = {
    "begins": _text_spans,
    "inside": _text_spans,
    "pinyin": lambda arm, form: _syllables(form, len(arm.needle)),
    "pinyin-inner": lambda arm, form: _inner_syllables(form, arm.needle),
    "initials": lambda arm, form: _characters(form, len(arm.needle)),
    "short": _short_spans,
    "family": lambda arm, form: _family(arm, form.text),
}
