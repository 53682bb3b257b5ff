"""Checking a text against the names of a store (文本检查)."""

from collections import Counter

from sqlalchemy import Connection

from gazetteer.checker.characters import plain
from gazetteer.checker.choosing import chosen
from gazetteer.checker.details import named_owners
from gazetteer.checker.index import NamesIndex
from gazetteer.checker.judging import Judge, Said
from gazetteer.checker.resolving import Resolved, Resolver, read_heirs
from gazetteer.checker.romanized import Latin, romanization
from gazetteer.checker.values import Checked, FormKind
from gazetteer.checker.words import words
from gazetteer.search.lexicon import Lexicon

_MOST_RECORDS, _MOST_STANDARD = 8, 2


def check_text(connection: Connection, index: NamesIndex, lexicon: Lexicon, text: str) -> Checked:
    """Find the names in a text and what is wrong with them.

    Args:
        connection: a reading connection of the store that the index was made of.
        index: the names.
        lexicon: the divisions of the same store.
        text: any text; offsets in the answer count its characters.
    """
    folded = plain(text)
    resolver = Resolver(index, lexicon, folded, read_heirs(connection))
    resolved = resolver.resolve(chosen(index, folded))
    owners = {one.owner for r in resolved for one in r.references[: _records_of(r)]}
    named = named_owners(connection, index, owners)
    judge = Judge(text, resolver, lexicon, named)
    lists = words()
    said = [
        Said(
            one,
            judge.mention(one, past=lists.is_past(folded, one.candidate.start, one.candidate.end)),
        )
        for one in resolved
    ]
    mentions = [one.mention for one in said]
    spelt, wrong = romanization(Latin(connection, index), text, mentions)
    findings = sorted([*judge.findings(said), *wrong], key=lambda one: (one.start, one.end))
    return Checked(
        tuple(sorted([*mentions, *spelt], key=lambda one: one.start)),
        tuple(findings),
        Counter(one.kind.value for one in findings),
    )


def _records_of(resolved: Resolved) -> int:
    """How many records are read of a name: of one that is right only what it may be besides."""
    right = resolved.references and resolved.references[0].kind <= FormKind.BARE
    return _MOST_STANDARD if right and not resolved.outside_of else _MOST_RECORDS
