"""The characters of a name (用字): Chinese, standard, not rare."""

from collections.abc import Iterator

from gazetteer.names import simplified
from gazetteer.rules.tables import standard_characters
from gazetteer.rules.values import Finding, Proposal, rule

_HAN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
_SEPARATOR = "·"
"""The middle dot parts the words of a long transliterated name."""
_ZERO = "〇"


def characters(proposal: Proposal) -> Iterator[Finding]:
    """What of the name is not Chinese, not standard or rare; each kind once."""
    others: list[str] = []
    digits: list[str] = []
    traditional: list[str] = []
    rare: list[str] = []
    for letter in dict.fromkeys(proposal.name):
        if letter.isdigit() or letter == _ZERO:
            digits.append(letter)
        elif not _is_han(letter):
            if letter != _SEPARATOR:
                others.append(letter)
        elif letter not in standard_characters():
            (traditional if simplified(letter) != letter else rare).append(letter)
    if others:
        yield rule("not-chinese").found(characters=_shown(others))
    if digits:
        yield rule("digits").found(characters=_shown(digits))
    if traditional:
        standard = _shown([simplified(letter) for letter in traditional])
        yield rule("traditional-character").found(characters=_shown(traditional), standard=standard)
    if rare:
        yield rule("rare-character").found(characters=_shown(rare))


def _is_han(letter: str) -> bool:
    point = ord(letter)
    return any(first <= point <= last for first, last in _HAN)


def _shown(letters: list[str]) -> str:
    return " ".join(letter if letter.strip() else f"U+{ord(letter):04X}" for letter in letters)
