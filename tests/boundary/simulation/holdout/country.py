"""Markers, registers and sessions of the second world."""

import math
from dataclasses import dataclass, field

import numpy as np

from .earth import Blocks, Point, Rng, beijing, shifted, xian

#: share, true sigma of the register per axis, stated sigma, tolerance (metres)
GRADES = (
    (0.45, 0.04, 0.05, 0.20),
    (0.20, 0.10, 0.10, 0.40),
    (0.20, 0.40, 0.40, 1.2),
    (0.10, 1.5, 1.5, 5.0),
    (0.05, 5.0, 5.0, 14.0),
)
#: share, what is written, stated sigma, degrees of freedom of the noise, common part of a session
INSTRUMENTS = (
    (0.35, "CORS", 0.025, 6, 0.010),
    (0.20, "RTK", 0.05, 5, 0.015),
    (0.10, "静态", 0.01, 8, 0.004),
    (0.08, "全站仪", 0.02, 6, 0.010),
    (0.10, "PPP-B2b", 0.15, 5, 0.04),
    (0.10, "手持GPS", 3.0, 5, 1.0),
    (0.07, "手机", 5.0, 4, 1.5),
)
YEAR_FIRST, YEAR_LAST = 2014, 2026


@dataclass(frozen=True)
class Post:
    """A marker: true and registered place, and what the register says of itself."""

    number: str
    line: str
    true: Point
    registered: Point
    sigma_m: float
    tolerance_m: float


@dataclass(frozen=True)
class Look:
    """One inspection of a post. `mark`, `sigma_m` and the rest are what the counting asks for."""

    mark: Post
    method: str
    sigma_m: float
    moved_m: tuple[float, float]
    seen: Point
    number: str
    surveyor: str
    device: str
    day: str
    year: float
    cells: dict[str, str] = field(default_factory=dict)

    @property
    def truly_moved_m(self) -> float:
        return math.hypot(*self.moved_m)

    @property
    def clearly_moved(self) -> bool:
        joint = math.hypot(self.sigma_m, self.mark.sigma_m)
        return self.truly_moved_m > self.mark.tolerance_m + 4 * joint


@dataclass(frozen=True)
class Country:
    """Posts in order along their lines, and the old datums as they are here."""

    posts: tuple[Post, ...]
    beijing: Blocks
    xian: Blocks

    @classmethod
    def draw(cls, rng: Rng, lines: int = 9, each: int = 34) -> "Country":
        posts: list[Post] = []
        for line in range(lines):
            here = (float(rng.uniform(98.5, 124.5)), float(rng.uniform(38.6, 51.5)))
            turn = rng.uniform(0, 2 * math.pi)
            for k in range(each):
                posts.append(_post(rng, f"{4100 + line}", k + 1, here))
                turn += rng.normal(0, 0.5)
                gap = float(np.exp(rng.normal(math.log(3_000), 0.8)))
                here = shifted(here, gap * math.sin(turn), gap * math.cos(turn))
        return cls(tuple(posts), beijing(rng), xian(rng))

    def run_of(self, rng: Rng, n: int) -> list[Post]:
        """Neighbouring posts of one line, not always without gaps."""
        line = str(rng.choice(sorted({p.line for p in self.posts})))
        chosen = [p for p in self.posts if p.line == line]
        first = int(rng.integers(0, len(chosen) - n + 1))
        if len(chosen) - first >= n + 4 and rng.random() < 0.4:
            spread = sorted(rng.choice(np.arange(first, first + n + 4), n, replace=False))
            return [chosen[int(i)] for i in spread]
        return chosen[first : first + n]

    def visit(
        self, rng: Rng, n: int, *, moved: float = 0.07, able: bool = False, year: int | None = None
    ) -> list[Look]:
        """A session; `able`: by a centimetre instrument, with a sharp register among the posts."""
        posts = self.run_of(rng, n)
        while able and not any(p.sigma_m < 0.1 for p in posts):
            posts = self.run_of(rng, n)
        allowed = [row for row in INSTRUMENTS if row[2] < 0.1] if able else list(INSTRUMENTS)
        weights = np.array([row[0] for row in allowed])
        tool = allowed[int(rng.choice(len(allowed), p=weights / weights.sum()))]
        return session(rng, posts, tool, moved=moved, year=year)


def session(
    rng: Rng,
    posts: list[Post],
    tool: tuple[float, str, float, int, float],
    *,
    moved: float = 0.07,
    year: int | None = None,
    surveyor: str = "",
    device: str = "",
) -> list[Look]:
    """Look at posts with one instrument on one day."""
    _, method, sigma, freedom, common = tool
    shared = rng.normal(0, common, 2)
    made = int(rng.integers(YEAR_FIRST, YEAR_LAST + 1)) if year is None else year
    month = int(rng.integers(1, 10))
    surveyor = surveyor or str(rng.choice(["巴图", "王工", "李", "张三"]))
    device = device or str(rng.choice(["i93", "R12", "千寻"]))
    looks = []
    for post in posts:
        walk = _walk(rng) if rng.random() < moved else (0.0, 0.0)
        own = rng.standard_t(freedom, 2) * sigma * math.sqrt((freedom - 2) / freedom)
        wide = rng.normal(0, 0.012, 2)  # which point of the post was taken
        error = own * np.array([0.8, 1.2]) + shared + wide
        seen = shifted(post.true, walk[0] + error[0], walk[1] + error[1])
        looks.append(
            Look(post, method, sigma, walk, seen, post.number, surveyor, device,
                 f"{made}-{month:02d}-11", made + (month - 0.6) / 12)
        )  # fmt: skip
    return looks


def _post(rng: Rng, line: str, k: int, here: Point) -> Post:
    shares = [row[0] for row in GRADES]
    _, true_sigma, stated, tolerance = GRADES[int(rng.choice(len(GRADES), p=shares))]
    error = rng.standard_t(7, 2) * true_sigma * math.sqrt(5 / 7)
    return Post(f"{line}{k:03d}", line, here, shifted(here, *error), stated, tolerance)


def _walk(rng: Rng) -> tuple[float, float]:
    """Half-Cauchy, 0.25 to 250 m: knocked a little, carried off now and then."""
    size = min(max(0.25, abs(rng.standard_cauchy()) * 2.0), 250.0)
    turn = rng.uniform(0, 2 * math.pi)
    return float(size * math.cos(turn)), float(size * math.sin(turn))
