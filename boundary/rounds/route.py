"""The order in which to visit markers: a short tour, beside a length that none is shorter than.

Pure. The tour is open (it ends where it ends): nearest neighbour from several starts, improved by
2-opt and Or-opt until neither helps. The bound is a minimum spanning tree raised by Held and Karp's
weights; an open tour is a spanning path, and every spanning path is a spanning tree.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.coordinates import Ellipsoid, earth_centred_m

Floats = NDArray[np.float64]
_STARTS = 8
_ASCENTS = 120
_TINY_M = 1e-6
_MOST_ROUNDS = 60
MOST_MARKERS = 1_500
"""Distances of all pairs are held at once."""


@dataclass(frozen=True, slots=True)
class Route:
    """A tour: places in their order, its length, and the bound, in metres as the crow flies."""

    order: tuple[int, ...]
    length_m: float
    bound_m: float


def plan_route(points: Sequence[tuple[float, float]], ellipsoid: Ellipsoid) -> Route:
    """A short open tour through positions in degrees, longitude first.

    Distances are straight lines through the earth, which at the spacing of markers differ from
    geodesics by less than a millionth.
    """
    count = len(points)
    if count == 0:
        return Route((), 0.0, 0.0)
    lon, lat = np.array(points, float).T
    xyz = earth_centred_m(lon, lat, ellipsoid)
    apart = np.sqrt(np.maximum(((xyz[:, None, :] - xyz[None, :, :]) ** 2).sum(axis=2), 0.0))
    ends = np.unique([0, count - 1, *np.argsort(apart.sum(axis=1))[-_STARTS:]])
    found = [_improved(_nearest(apart, int(start)), apart) for start in ends]
    best = min(found, key=lambda order: _length(order, apart))
    if lon[best[0]] > lon[best[-1]]:  # west to east, as markers are numbered
        best = best[::-1]
    length_m = _length(best, apart)
    return Route(tuple(int(k) for k in best), length_m, min(_bound(apart), length_m))


def _length(order: NDArray[np.int64], apart: Floats) -> float:
    return float(apart[order[:-1], order[1:]].sum())


def _nearest(apart: Floats, start: int) -> NDArray[np.int64]:
    left = np.ones(len(apart), bool)
    order = [start]
    left[start] = False
    while left.any():
        near = np.where(left, apart[order[-1]], np.inf)
        order.append(int(np.argmin(near)))
        left[order[-1]] = False
    return np.array(order, np.int64)


def _improved(order: NDArray[np.int64], apart: Floats) -> NDArray[np.int64]:
    for _ in range(_MOST_ROUNDS):
        changed, order = _two_opt(order, apart)
        moved, order = _or_opt(order, apart)
        if not changed and not moved:
            break
    return order


def _two_opt(order: NDArray[np.int64], apart: Floats) -> tuple[bool, NDArray[np.int64]]:
    """Turn round the piece whose turning shortens most, for each place in turn."""
    changed, count = False, len(order)
    for i in range(count - 1):
        a, tail = order[i - 1] if i else -1, order[i + 1 :]
        after = np.append(order[i + 2 :], -1)
        gain = np.zeros(count - 1 - i)
        if a >= 0:
            gain += apart[a, order[i]] - apart[a, tail]
        gain[:-1] += apart[tail[:-1], after[:-1]] - apart[order[i], after[:-1]]
        best = int(np.argmax(gain))
        if gain[best] > _TINY_M:
            end = i + 2 + best
            order = np.concatenate((order[:i], order[i:end][::-1], order[end:]))
            changed = True
    return changed, order


def _or_opt(order: NDArray[np.int64], apart: Floats) -> tuple[bool, NDArray[np.int64]]:
    """Put pieces of one to three places where they lengthen least."""
    changed = False
    for size in (1, 2, 3):
        for i in range(len(order) - size + 1):
            piece, rest = order[i : i + size], np.delete(order, slice(i, i + size))
            if not rest.size:
                continue
            shorter = _length(order, apart) - _length(rest, apart) - _length(piece, apart)
            heads, tails = np.append(-1, rest), np.append(rest, -1)
            joined = np.zeros(len(rest) + 1)
            joined[1:] += apart[rest, piece[0]]
            joined[:-1] += apart[piece[-1], rest]
            joined[1:-1] -= apart[heads[1:-1], tails[1:-1]] if rest.size > 1 else 0.0
            best = int(np.argmin(joined))
            if joined[best] < shorter - _TINY_M:
                order = np.concatenate((rest[:best], piece, rest[best:]))
                changed = True
    return changed, order


def _bound(apart: Floats) -> float:
    """A length that no open tour is shorter than: the best weighted spanning tree found.

    With a weight on each place, a path's weighted length exceeds its own by twice the weights, but
    once at its two ends, which weigh at least as much as the two lightest places.
    """
    count = len(apart)
    if count == 1:
        return 0.0
    weights = np.zeros(count)
    best, step = 0.0, float(apart[apart > 0].mean()) if (apart > 0).any() else 0.0
    for _ in range(_ASCENTS):
        length, degrees = _tree(apart + weights[:, None] + weights[None, :])
        ends = np.argsort(weights)[:2]
        best = max(best, length - 2.0 * float(weights.sum()) + float(weights[ends].sum()))
        degrees[ends] += 1.0
        weights = weights + step * (degrees - 2.0)
        step *= 0.95
    return best


def _tree(apart: Floats) -> tuple[float, Floats]:
    """A minimum spanning tree (Prim): its length and the degree of each place."""
    count = len(apart)
    degrees, near = np.zeros(count), apart[0].copy()
    parent, left, total = np.zeros(count, np.int64), np.ones(count, bool), 0.0
    left[0] = False
    for _ in range(count - 1):
        k = int(np.argmin(np.where(left, near, np.inf)))
        total += float(near[k])
        degrees[k] += 1
        degrees[parent[k]] += 1
        left[k] = False
        closer = left & (apart[k] < near)
        near = np.where(closer, apart[k], near)
        parent[closer] = k
    return total, degrees
