"""Outlines of divisions after an event, from those before it. Pure: WKB in, WKB out."""

from collections.abc import Mapping, Sequence

import shapely

from data.geometry import to_wkb
from gazetteer.divisions.plan import Plan
from gazetteer.divisions.values import EventKind


def outlines_after(plan: Plan, before: Mapping[str, bytes | None]) -> dict[str, bytes | None]:
    """The outline of each division that begins; None where the event leaves it open.

    An outline that the event gives is taken as it is. Else a division keeps its own or its only
    predecessor's; one into which several go has their union; one from which parts with outlines
    are taken keeps the rest.

    Args:
        plan: an event's plan.
        before: outlines by code before the event.
    """
    given = {
        change.new.code: change.new.outline
        for change in plan.event.changes
        if change.new and change.new.outline
    }
    return {code: given.get(code) or _carried(code, plan, before, given) for code in plan.begun}


def _carried(
    code: str, plan: Plan, before: Mapping[str, bytes | None], given: Mapping[str, bytes | None]
) -> bytes | None:
    lines = [line for line in plan.lines if line.new and line.new.code == code and line.old]
    olds = [line.old.code for line in lines if line.old]
    shapes = [shape for old in olds if (shape := before.get(old)) is not None]
    if not shapes or len(shapes) != len(olds):
        return shapes[0] if code in olds and shapes else None
    divided = [line for line in lines if line.kind == EventKind.SPLIT]
    if divided or _gives_away(code, plan):
        return _rest(code, plan, before, given)
    return shapes[0] if len(shapes) == 1 else _union(shapes)


def _gives_away(code: str, plan: Plan) -> bool:
    return len(plan.event.successors().get(code, ())) > 1


def _rest(
    code: str, plan: Plan, before: Mapping[str, bytes | None], given: Mapping[str, bytes | None]
) -> bytes | None:
    """What a divided division keeps: its own outline without those of the new ones beside it."""
    own = before.get(code)
    if own is None:
        return None
    others = [
        shape
        for change in plan.event.successors().get(code, ())
        if change.new and change.new.code != code and (shape := given.get(change.new.code))
    ]
    if not others:
        return own
    left = shapely.difference(shapely.from_wkb(own), shapely.union_all(shapely.from_wkb(others)))
    return _multi(left)


def _union(shapes: Sequence[bytes]) -> bytes | None:
    return _multi(shapely.union_all(shapely.from_wkb(list(shapes))))


def _multi(shape: shapely.Geometry) -> bytes | None:
    """A shape's areas as one MultiPolygon; None where nothing is left."""
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon)]
    return to_wkb(shapely.MultiPolygon(parts)) if parts else None
