"""The names in Latin letters of a whole text: which there are, what they are meant for."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection

from gazetteer.checker.details import named_owners
from gazetteer.checker.index import NamesIndex
from gazetteer.checker.latin import (
    MOST_WORDS,
    Phrase,
    alternatives,
    is_like,
    is_name_alone,
    judge,
    phrases,
    runs,
    stands_beside,
    without_english,
    without_generic,
)
from gazetteer.checker.values import Finding, FormKind, Mention, Named
from gazetteer.names import fold, suggest_pinyin, within_one_edit

_MOST_OWNERS = 8
_SLIP_FROM = 5


@dataclass(frozen=True)
class Latin:
    """What the Latin part of a text is matched with: the index and the registered spellings."""

    connection: Connection
    index: NamesIndex

    @cached_property
    def divisions(self) -> Mapping[str, tuple[Named, ...]]:
        """Divisions in force by every key of theirs: romanization and pinyin, bare and in full."""
        found: dict[str, dict[Named, None]] = {}
        owners = self.index.owners
        wanted = [
            owner
            for owner in range(len(owners.id))
            if owners.current[owner] and owners.standing[owner] <= 3 and owners.feature[owner] < 2  # noqa: PLR2004 - down to the township, inside
        ]
        for named in named_owners(self.connection, self.index, wanted).values():
            for key in keys_of(named):
                found.setdefault(key, {})[named] = None
        return {key: tuple(sorted(known, key=_order)) for key, known in found.items()}

    def meant(self, phrase: Phrase) -> tuple[Named, ...]:
        """What a phrase may be meant for, best first."""
        key = fold(without_english(phrase.text))
        number = self.index.latin_numbers.get(key)
        owners = self.index.latin.of(number)[:_MOST_OWNERS] if number is not None else []
        named = named_owners(self.connection, self.index, [owner for owner, _ in owners])
        both = {*named.values(), *self.divisions.get(key, ())}
        return tuple(sorted((one for one in both if one.romanization), key=_order))

    @cached_property
    def _slip_keys(self) -> Mapping[str, tuple[Named, ...]]:
        return {
            key: named
            for key, named in self.divisions.items()
            if len(key) >= _SLIP_FROM and any(one.romanization for one in named)
        }

    def slip(self, phrase: Phrase) -> tuple[Named, ...]:
        """The divisions whose romanization is one letter away."""
        key = phrase.key
        if len(key) < _SLIP_FROM:
            return ()
        for known, named in self._slip_keys.items():
            if abs(len(known) - len(key)) <= 1 and within_one_edit(key, known):
                return named
        return ()


def keys_of(named: Named) -> set[str]:
    """What the registered romanization and the pinyin of a name are looked up by."""
    spelt = [suggest_pinyin(named.name, tones=False).text]
    if named.romanization:
        spelt += alternatives(named.romanization)
    return {fold(part) for one in spelt for part in (one, without_generic(one, named.name))}


def _order(named: Named) -> tuple[int, bool, int]:
    return named.standing, named.feature != "division", named.id


def romanization(
    latin: Latin, text: str, mentions: Sequence[Mention]
) -> tuple[list[Mention], list[Finding]]:
    """The names in Latin letters and what is wrong with them.

    Args:
        latin: what they are matched with.
        text: the text as written.
        mentions: the Chinese names in it, in order.
    """
    found: list[Mention] = []
    findings: list[Finding] = []
    ends = [one.end for one in mentions]
    for run in runs(text):
        for phrase, named in _names_of(latin, run, text, ends, mentions):
            found.append(Mention(phrase.start, phrase.end, phrase.text, named))
            # One of several of that name is enough to be right.
            said = [judge(phrase, one) for one in named]
            if said and all(said):
                findings += [one for one in said if one][:1]
    return found, findings


_Found = tuple[Phrase, tuple[Named, ...]]


def _names_of(
    latin: Latin,
    run: Sequence[Phrase],
    text: str,
    ends: Sequence[int],
    mentions: Sequence[Mention],
) -> Iterable[_Found]:
    place = bisect_right(ends, run[0].start) - 1
    if place >= 0 and stands_beside(text, ends[place], run[0].start):
        paired = _beside(run, text, mentions[place])
        if paired:
            yield paired
            return
    end = -1
    for phrase in phrases(run, text):
        if phrase.start < end:
            continue
        named = latin.meant(phrase)
        if not (named and is_name_alone(phrase, named[0].standing)):
            whole = phrase.start == run[0].start and phrase.end == run[-1].end
            named = latin.slip(phrase) if whole and _has_generic(phrase) else ()
        if named:
            end = phrase.end
            yield phrase, named


def _has_generic(phrase: Phrase) -> bool:
    return " " in phrase.text and is_name_alone(Phrase(0, 0, phrase.text), 9)


def _beside(run: Sequence[Phrase], text: str, mention: Mention) -> _Found | None:
    """The words after a Chinese name that are its romanization: those most like it."""
    named = tuple(one for one in mention.named if one.feature != "outside")[:_MOST_OWNERS]
    if not named or mention.form > FormKind.BARE:
        return None
    whole: Phrase | None = None
    for last in range(min(len(run), MOST_WORDS), 0, -1):
        phrase = Phrase(run[0].start, run[last - 1].end, text[run[0].start : run[last - 1].end])
        if any(fold(without_english(phrase.text)) in keys_of(one) for one in named):
            return phrase, named
        if whole is None and any(is_like(phrase, one) for one in named):
            whole = phrase
    return (whole, named) if whole else None
