"""What is wrong with a name in a text, and what should stand there (规范使用地名)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gazetteer.checker.characters import unified
from gazetteer.checker.resolving import Reference, Resolved, Resolver
from gazetteer.checker.values import Finding, FormKind, Kind, Level, Mention, Named
from gazetteer.search.lexicon import Lexicon
from gazetteer.search.standing import COUNTY, TOWNSHIP, division_standing

_LAW_ZH: Final = "《地名管理条例》第十八条要求使用标准地名"
_LAW_EN: Final = "Order 753, Art 18 asks for standard names"


@dataclass(frozen=True, slots=True)
class Said:
    """One name of the text as the judge sees it."""

    resolved: Resolved
    mention: Mention


class Judge:
    """Judges the names of one text.

    Args:
        text: the text as it was written.
        resolver: which has resolved its names.
        lexicon: the divisions of the store.
        named: the records of owners.
    """

    def __init__(
        self, text: str, resolver: Resolver, lexicon: Lexicon, named: Mapping[int, Named]
    ) -> None:
        self._text, self._resolver, self._lexicon, self._named = text, resolver, lexicon, named

    def mention(self, resolved: Resolved, *, past: bool) -> Mention:
        """The mention that a resolved name is."""
        span = resolved.candidate
        known = [self._named[one.owner] for one in resolved.references if one.owner in self._named]
        kind = resolved.references[0].kind if resolved.references else FormKind.STANDARD
        text = self._text[span.start : span.end]
        return Mention(span.start, span.end, text, tuple(known), kind, past)

    def findings(self, said: Sequence[Said]) -> list[Finding]:
        """Everything that is wrong with the names of the text, in order."""
        found: list[Finding] = []
        covered: set[int] = set()
        for place in range(len(said) - 1, -1, -1):
            path = self._path_finding(said, place)
            if path:
                found.append(path)
                covered |= self._path_places(said, place)
        for place, one in enumerate(said):
            if place in covered and one.mention.form is not FormKind.TYPO:
                continue
            finding = self._own_finding(one)
            if finding:
                found.append(finding)
        return sorted(found, key=lambda one: (one.start, one.end))

    def _own_finding(self, said: Said) -> Finding | None:
        mention, references = said.mention, said.resolved.references
        if not references or not mention.named or mention.past:
            return None
        if mention.form <= FormKind.BARE:
            return self._characters(mention)
        best = [one for one in references if one.kind == mention.form]
        if mention.form is FormKind.FORMER:
            return self._former(mention, best)
        return self._form(mention)

    def _characters(self, mention: Mention) -> Finding | None:
        """A standard name in characters that are not the standard's."""
        written = unified(mention.text)
        names = [one.name for one in mention.named]
        if any(written in unified(name) for name in names) or mention.named[0].feature == "outside":
            return None
        standard = names[0][: len(written)]
        return Finding(
            Kind.VARIANT, _level(mention), mention.start, mention.end, mention.text, standard,
            f"用字不规范：标准名称写作“{standard}”",
            f"not in the standard's characters: the standard name is written {standard}",
            mention.named,
        )  # fmt: skip

    def _form(self, mention: Mention) -> Finding | None:
        first = mention.named[0]
        standards = _distinct(one.name for one in mention.named)
        if mention.form is not FormKind.TYPO and not first.sure:
            return None
        kind, zh, en = _FORM_WORDS[mention.form]
        level = _level(mention)
        if mention.form is FormKind.SHORT:
            level = Level.NOTE
        if mention.form is FormKind.TYPO and not self._surely_meant(mention):
            level = Level.DOUBT
        shown = _shown(standards)
        only = standards[0] if len(standards) == 1 else ""
        return Finding(
            kind, level, mention.start, mention.end, mention.text, only,
            zh.format(text=mention.text, standard=shown),
            en.format(text=mention.text, standard=shown),
            mention.named,
        )  # fmt: skip

    def _surely_meant(self, mention: Mention) -> bool:
        first = mention.named[0]
        only = len({one.name for one in mention.named}) == 1
        return only and first.sure and first.standing <= TOWNSHIP

    def _former(self, mention: Mention, references: Sequence[Reference]) -> Finding:
        heirs = self._heirs(references)
        standard = heirs[0] if len(heirs) == 1 else ""
        told = f"现为{_shown(heirs)}" if heirs else "登记中未载后继名称"
        now = f"it is {_shown(heirs)} now" if heirs else "the register names no successor"
        level = _level(mention) if heirs else Level.DOUBT
        return Finding(
            Kind.FORMER, level, mention.start, mention.end, mention.text, standard,
            f"“{mention.text}”为曾用名，{told}；{_LAW_ZH}",
            f"{mention.text} is a former name, {now}; {_LAW_EN}",
            mention.named,
        )  # fmt: skip

    def _heirs(self, references: Sequence[Reference]) -> list[str]:
        """The names in force of what former names belonged to."""
        names: dict[str, None] = {}
        for one in references:
            record = self._named.get(one.owner)
            if record is None:
                continue
            if record.current:
                names[record.name] = None
                continue
            for code in sorted(self._resolver.codes_today(one)):
                entry = self._lexicon.at(code, None)
                if entry:
                    names[entry.name] = None
        return list(names)

    def _path_places(self, said: Sequence[Said], place: int) -> set[int]:
        places, above = {place}, said[place].resolved.above
        while above >= 0:
            places.add(above)
            above = said[above].resolved.above
        return places

    def _path_finding(self, said: Sequence[Said], place: int) -> Finding | None:
        """A path whose parent is of the past, or is not the parent of what follows it."""
        one = said[place]
        above = one.resolved.above
        if above < 0 or not one.mention.named or one.mention.form > FormKind.BARE:
            return None
        parent = said[above]
        if one.mention.past or parent.mention.past:
            return None
        former = parent.mention.form is FormKind.FORMER and not one.resolved.outside_of
        if not former and not self._misplaced(one):
            return None
        child = one.mention.named[0]
        names = self._written_path(said, place, child)
        start, end = parent.mention.start, one.mention.end
        standard = "".join(names)
        written = self._text[start:end]
        if standard == written:
            return None
        level = Level.ERROR if child.sure and child.standing <= TOWNSHIP else Level.DOUBT
        now = "".join(self._lexicon.path_names(child.code)[1:]) or standard
        return Finding(
            Kind.PARENT, level, start, end, written, standard,
            f"“{child.name}”现属“{_parent_name(self._lexicon, child)}”（{now}），"
            f"不属“{parent.mention.text}”；{_LAW_ZH}",
            f"{child.name} belongs to {_parent_name(self._lexicon, child)} today,"
            f" not to {parent.mention.text}; {_LAW_EN}",
            (child, *parent.mention.named[:1]),
        )  # fmt: skip

    def _misplaced(self, one: Said) -> bool:
        """Whether a name stands below a division that does not hold it, and only one thing has it.

        A place that shares its name with others is most likely one that the register lacks.
        """
        if not one.resolved.outside_of or one.mention.named[0].feature == "outside":
            return False
        if any(known.feature == "outside" for known in one.mention.named):
            return False
        first = one.mention.named[0]
        codes = {(known.code or "")[:6] for known in one.mention.named}
        return first.standing <= COUNTY and len(codes) == 1

    def _written_path(self, said: Sequence[Said], place: int, child: Named) -> list[str]:
        """The path of a division as it should be written: above it, the level that was named."""
        parent = said[said[place].resolved.above].mention
        wanted = parent.named[0].standing if parent.named else None
        path = self._lexicon.path(child.code)
        above = [e for e in path if e.name != child.name]
        same = [e.name for e in above if division_standing(e.level) == wanted]
        return [*(same or [e.name for e in above[-1:]]), child.name]


_FORM_WORDS: Final = {
    FormKind.SHORT: (
        Kind.SHORT,
        "“{text}”为简称，正式行文宜用标准名称“{standard}”",
        "{text} is a short form; the standard name is {standard}",
    ),
    FormKind.ALIAS: (
        Kind.VARIANT,
        "“{text}”为别名，标准名称为“{standard}”；" + _LAW_ZH,
        "{text} is another name of {standard}; " + _LAW_EN,
    ),
    FormKind.VARIANT: (
        Kind.VARIANT,
        "“{text}”为异写，标准名称为“{standard}”；" + _LAW_ZH,
        "{text} is a variant spelling of {standard}; " + _LAW_EN,
    ),
    FormKind.TYPO: (
        Kind.MISSPELT,
        "疑似误写：登记中没有“{text}”，应为“{standard}”",
        "misspelt, it seems: the register has no {text} but {standard}",
    ),
}


def _level(mention: Mention) -> Level:
    return Level.ERROR if mention.named[0].sure else Level.DOUBT


def _distinct(names: object) -> list[str]:
    return list(dict.fromkeys(names))  # type: ignore[call-overload]


def _shown(names: Sequence[str]) -> str:
    more = f"等{len(names)}个" if len(names) > 3 else ""  # noqa: PLR2004 - a line's worth
    return "、".join(names[:3]) + more


def _parent_name(lexicon: Lexicon, child: Named) -> str:
    path = [entry.name for entry in lexicon.path(child.code) if entry.name != child.name]
    return path[-1] if path else ""
