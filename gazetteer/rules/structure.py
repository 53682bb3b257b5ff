"""Specific part and generic term (专名、通名): whether both are there and the term fits."""

from collections.abc import Iterator
from dataclasses import dataclass

from data.reference import category
from gazetteer.names import fold, generics, scripts_of, segment
from gazetteer.names.scripts import HAN
from gazetteer.rules.tables import generic_fits, thresholds
from gazetteer.rules.values import Finding, Proposal, rule

_CUT = ("modifier", "ethnic")
_NATURAL = "1"
_SETTLEMENTS = ("222", "221", "223", "224", "229")


@dataclass(frozen=True, slots=True)
class Parts:
    """A name cut for a check; `fits` is None where no generic term is known."""

    specific: str
    generic: str = ""
    fits: bool | None = None


def parts_of(name: str, category_code: str) -> Parts:
    """A name's specific part and generic term, seen from its category.

    The longest ending counts that fits the category or is a division's (街道 is never 道), else
    the longest of any.

    >>> parts_of("新城街道", "215")
    Parts(specific='新城', generic='街道', fits=True)
    >>> parts_of("丁香河", "2351").fits
    False
    """
    folded = fold(name)
    known = [
        (folded[start:], _fits(cats, category_code))
        for start in range(1, len(folded))
        if (cats := generic_fits().get(("word", folded[start:]))) is not None
    ]
    mongolian = _mongolian(folded, category_code)
    endings = [*known, *([mongolian] if mongolian else [])]
    if not endings:
        return Parts(_without_wings(folded))
    generic, fits = max(endings, key=lambda one: (one[1] or _is_division(one[0]), len(one[0])))
    return Parts(_without_wings(folded.removesuffix(generic)), generic, fits)


def _fits(categories: tuple[str, ...], category_code: str) -> bool:
    code = category_code.rstrip("0") or category_code
    return any(code.startswith(one) or one.startswith(code) for one in categories)


def _is_division(generic: str) -> bool:
    known = generics().get(generic)
    return known is not None and known.kind == "division"


def _mongolian(folded: str, category_code: str) -> tuple[str, bool] | None:
    """A Mongolian generic term at the end, in any spelling: 淖尔, 高勒, 乌拉."""
    pieces = segment(folded)
    last = pieces[-1] if len(pieces) > 1 else None
    if last is None or last.family is None or last.family.kind not in {"generic", "both"}:
        return None
    stated = generic_fits().get(("family", last.family.id))
    if stated is not None:
        return last.text, _fits(stated, category_code)
    # A word that the table does not place names a feature; elsewhere it is no generic term.
    return (last.text, True) if category_code.startswith(_NATURAL) else None


def _without_wings(specific: str) -> str:
    """A specific part without wings and peoples: 科尔沁 for 科尔沁左翼."""
    known = generics()
    while True:
        endings = (specific[start:] for start in range(1, len(specific)))
        found = next((e for e in endings if e in known and known[e].kind in _CUT), None)
        if found is None:
            return specific
        specific = specific.removesuffix(found)


def structure(proposal: Proposal) -> Iterator[Finding]:
    """Whether the name has both parts, and whether the generic term fits class and size."""
    folded = fold(proposal.name)
    if HAN not in scripts_of(proposal.name):
        return  # what it is written in is said once, by the check of characters
    if ("word", folded) in generic_fits():
        yield rule("no-specific").found()
        return
    parts = parts_of(proposal.name, proposal.category_code)
    settlement = proposal.category_code.startswith(_SETTLEMENTS)
    if parts.fits is None or (settlement and not parts.fits and _is_mongolian_end(folded)):
        yield rule("no-generic-settlement" if settlement else "no-generic").found()
        return
    if not parts.fits:
        yield rule("generic-misfit").found(generic=parts.generic, kind=_kind(proposal))
    yield from _sizes(proposal, parts.generic)


def _kind(proposal: Proposal) -> tuple[str, str]:
    """What the name is of: its category where that says more than its class."""
    of_class = proposal.name_class
    known = category(proposal.category_code)
    if known is None or known.code in of_class.categories:
        return of_class.zh, of_class.en
    return known.name, known.name_en


def _is_mongolian_end(folded: str) -> bool:
    """查干淖尔 may be a village: what its last word means is its history, not its class."""
    last = segment(folded)[-1]
    return last.family is not None


_MEASURES = {
    "area_m2": ("面积（平方米）", "an area in m²"),
    "length_m": ("长度（米）", "a length in m"),
    "width_m": ("宽度（米）", "a width in m"),
    "floors": ("层数", "floors"),
    "height_m": ("高度（米）", "a height in m"),
}


def _sizes(proposal: Proposal, generic: str) -> Iterator[Finding]:
    for bound in thresholds():
        value = proposal.measures.get(bound.measure)
        if bound.generic != generic or bound.name_class != proposal.name_class.code:
            continue
        if value is None:
            continue
        low = bound.minimum is not None and value < bound.minimum
        high = bound.maximum is not None and value > bound.maximum
        if low or high:
            edge = f"≥ {bound.minimum:g}" if low else f"≤ {bound.maximum:g}"
            yield rule("generic-size").found(
                generic=generic,
                measure=_MEASURES[bound.measure],
                bounds=edge,
                value=f"{value:g}",
            )
