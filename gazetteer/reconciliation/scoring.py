"""How well a result answers a row of a table: name, distance, division, weighed."""

from collections.abc import Iterable
from typing import Final

from gazetteer.names import fold, split_name
from gazetteer.reconciliation.values import DISTANCE, PARENT, Candidate, Feature
from gazetteer.search import Pass, Result

NAME: Final = "name"
WEIGHTS: Final = {NAME: 0.7, DISTANCE: 0.2, PARENT: 0.1}

_OF_PASS: Final = {
    Pass.EXACT: 1.0,
    Pass.EXACT_OTHER: 0.97,
    Pass.TRADITIONAL: 0.97,
    Pass.SCRIPT: 0.95,
    Pass.FAMILY: 0.85,
    Pass.SHORT: 0.85,
    Pass.PINYIN: 0.8,
    Pass.SOUND: 0.75,
    Pass.SHAPE: 0.7,
    Pass.INITIALS: 0.4,
}
_OMITTED: Final = 0.93
"""The specific part is the same and one of the two leaves its generic term out."""

_FORMERLY: Final = 0.93
"""The name is one that it no longer has."""

_LOOSE: Final = frozenset({Pass.PREFIX, Pass.SUBSTRING, Pass.SHORT, Pass.PINYIN})
_PART: Final = 0.6
HALF_M: Final = 5_000.0
"""At this distance nearness counts half; a name's point may stand anywhere in its settlement."""

GOOD: Final = 90.0
APART: Final = 5.0
_UNNAMED: Final = 0.8
_FORMER: Final = "former"
_ENDED: Final = 0.85
"""What is no longer in use gives way to what bears the name today."""


def name_value(asked: str, result: Result) -> float:
    """How near the form that matched is to the name that was asked for, 0 to 1."""
    query, form = fold(asked), fold(result.matched)
    if result.way in _LOOSE and (_same_specific(query, form) or _same_specific(form, query)):
        return _OMITTED
    if result.way is Pass.EXACT_OTHER and result.kind == _FORMER:
        return _FORMERLY
    if result.way in _OF_PASS and result.way is not Pass.PINYIN:
        return _shortened(asked, result, _OF_PASS[result.way])
    if result.way is Pass.PINYIN:
        return _OF_PASS[Pass.PINYIN]
    return _PART * len(query) / max(len(form), 1)


def _same_specific(query: str, form: str) -> bool:
    return len(query) > 1 and split_name(form).specific == query


def _shortened(asked: str, result: Result, value: float) -> float:
    """Families, sounds and shapes match parts too; what they leave out counts against them."""
    if result.way not in {Pass.FAMILY, Pass.TRADITIONAL, Pass.SCRIPT}:
        return value
    query, form = split_name(fold(asked)).specific, split_name(fold(result.matched)).specific
    shorter, longer = sorted((len(query), len(form)))
    return value if shorter == longer else value * (0.5 + 0.5 * shorter / max(longer, 1))


def features_of(asked: str, result: Result, *, in_division: bool | None) -> tuple[Feature, ...]:
    """What speaks for a result.

    Args:
        asked: the name; empty where the row has a position alone.
        result: the result, with its distance where the row has a position.
        in_division: None where the row states no division.
    """
    features = []
    if asked:
        value = name_value(asked, result)
        zh, en = result.why_zh, result.why_en
        if result.status == _FORMER:
            value *= _ENDED
            zh, en = f"{zh}，已不再使用", f"{en}, no longer in use"
        features.append(Feature(NAME, round(value, 3), zh, en))
    if result.distance_m is not None:
        km = result.distance_m / 1000.0
        said = (f"相距 {km:.1f} 公里", f"{km:.1f} km away")
        features.append(Feature(DISTANCE, round(nearness(result.distance_m), 3), *said))
    if in_division is not None:
        zh, en = ("在所述政区内", "in the stated division")
        if not in_division:
            zh, en = ("不在所述政区内", "not in the stated division")
        features.append(Feature(PARENT, float(in_division), zh, en))
    return tuple(features)


def nearness(distance_m: float) -> float:
    """1 at the stated position, a half at five kilometres."""
    return 1.0 / (1.0 + distance_m / HALF_M)


def score_of(features: tuple[Feature, ...]) -> float:
    """The weighted mean of the features that there are, 0 to 100."""
    weight = sum(WEIGHTS[feature.id] for feature in features)
    total = sum(WEIGHTS[feature.id] * feature.value for feature in features)
    return round(100.0 * total / weight, 1)


Scored = tuple[float, Result, tuple[Feature, ...]]


def scored(result: Result, features: tuple[Feature, ...]) -> Scored:
    """A result with its score; a position alone is no reason to take a place."""
    score = score_of(features)
    named = any(feature.id == NAME for feature in features)
    return (score if named else round(score * _UNNAMED, 1), result, features)


def ranked(every: Iterable[Scored], limit: int) -> tuple[Candidate, ...]:
    """The candidates by score; the first may be taken where it is good and stands apart."""
    ordered = sorted(every, key=lambda one: (-one[0], one[1].standing, one[1].name, one[1].id))
    second = ordered[1][0] if len(ordered) > 1 else 0.0
    return tuple(
        Candidate(result, score, place == 0 and score >= GOOD and score - second >= APART, features)
        for place, (score, result, features) in enumerate(ordered[:limit])
    )
