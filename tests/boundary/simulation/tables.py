"""The confusion tables of a simulation, as Markdown."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from .counting import Tally

Tallies = dict[tuple[str, int], Tally]
#: A common offset cannot be seen in a single row; it is left out of the share named at n = 1.
UNSEEN_ALONE = {"base offset", "wrong base", "local grid"}
#: From this many rows on a file has enough of them to tell what they have in common.
SEVERAL = 3


def total(tallies: Iterable[Tally]) -> Tally:
    out = Tally()
    for tally in tallies:
        for name in out.__dataclass_fields__:
            setattr(out, name, getattr(out, name) + getattr(tally, name))
    return out


def share(part: int, whole: int) -> str:
    return f"{part / whole:.4f}" if whole else "–"


def scenario_table(tallies: Tallies) -> list[str]:
    sizes = sorted({n for _, n in tallies})
    lines = [
        (
            f"| scenario | cause named, n = {' / '.join(map(str, sizes))} "
            "| unmoved called displaced / suspect | naive rule false "
            "| clearly moved: displaced / suspect / other (rows) |"
        ),
        "|---|---|---|---|---|",
    ]
    for name in dict.fromkeys(name for name, _ in tallies):
        mine = {n: tallies[name, n] for n in sizes if (name, n) in tallies}
        if not mine:
            continue
        t = total(mine.values())
        named = " / ".join(f"{x.named / x.batches:.2f}" for x in mine.values())
        other = t.moved - t.moved_displaced - t.moved_suspect
        lines.append(
            f"| {name} | {named} | {share(t.false_displaced, t.unmoved)} / "
            f"{share(t.false_suspect, t.unmoved)} | {share(t.naive, t.unmoved)} | "
            f"{share(t.moved_displaced, t.moved)} / {share(t.moved_suspect, t.moved)} / "
            f"{share(other, t.moved)} ({t.moved}) |"
        )
    return lines


def size_table(tallies: Tallies) -> list[str]:
    lines = [
        (
            "| n | batches | cause named | unmoved called displaced / suspect "
            "| clearly moved found | clearly moved called in place | claims at 0.9 right "
            "| clean files accused | median ms |"
        ),
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for n in sorted({n for _, n in tallies}):
        t = total(x for (_, k), x in tallies.items() if k == n)
        moved = total(x for (name, k), x in tallies.items() if k == n and name != "landslide")
        able = total(
            x for (name, k), x in tallies.items() if k == n and (n > 1 or name not in UNSEEN_ALONE)
        )
        clean = tallies.get(("clean", n), Tally())
        lines.append(
            f"| {n} | {t.batches} | {share(able.named, able.batches)} | "
            f"{share(t.false_displaced, t.unmoved)} / {share(t.false_suspect, t.unmoved)} | "
            f"{share(moved.moved_displaced + moved.moved_suspect, moved.moved)} ({moved.moved}) | "
            f"{share(moved.moved_in_place, moved.moved)} | {share(t.sure_right, t.sure)} | "
            f"{clean.accused} of {clean.batches} | {1000 * float(np.median(t.seconds)):.0f} |"
        )
    return lines


def strain_table(worlds: Mapping[str, Tallies]) -> list[str]:
    lines = [
        (
            "| world | batches | unmoved called displaced / suspect | clearly moved found "
            "| clearly moved called in place | cause named, n ≥ 3 | claims at 0.9 right |"
        ),
        "|---|---|---|---|---|---|---|",
    ]
    for world, tallies in worlds.items():
        t, several = total(tallies.values()), _total(tallies, lambda _, n: n >= SEVERAL)
        moved = _total(tallies, lambda name, _: name != "landslide")
        lines.append(
            f"| {world} | {t.batches} | {share(t.false_displaced, t.unmoved)} / "
            f"{share(t.false_suspect, t.unmoved)} | "
            f"{share(moved.moved_displaced + moved.moved_suspect, moved.moved)} ({moved.moved}) | "
            f"{share(moved.moved_in_place, moved.moved)} | {share(several.named, several.batches)}"
            f" | {share(t.sure_right, t.sure)} |"
        )
    return lines


def _total(tallies: Tallies, counts: Callable[[str, int], bool]) -> Tally:
    return total(x for (name, n), x in tallies.items() if counts(name, n))


def summary(tallies: Tallies) -> list[str]:
    t = total(tallies.values())
    moved = _total(tallies, lambda name, _: name != "landslide")
    several = _total(tallies, lambda name, n: name != "landslide" and n >= SEVERAL)
    return [
        "| over all batches | |",
        "|---|---|",
        f"| batches, unmoved rows, clearly moved rows | {t.batches}, {t.unmoved}, {moved.moved} |",
        f"| unmoved called displaced | {share(t.false_displaced, t.unmoved)} |",
        f"| unmoved called suspect | {share(t.false_suspect, t.unmoved)} |",
        (
            f"| clearly moved found (landslide apart) | "
            f"{share(moved.moved_displaced + moved.moved_suspect, moved.moved)} |"
        ),
        (
            f"| the same in files of {SEVERAL} rows and more | "
            f"{share(several.moved_displaced + several.moved_suspect, several.moved)} |"
        ),
        f"| clearly moved called in place | {share(moved.moved_in_place, moved.moved)} |",
        f"| claims at 0.9 or more right | {share(t.sure_right, t.sure)} ({t.sure}) |",
        f"| naive rule d > max(T, 3σ): unmoved called moved | {share(t.naive, t.unmoved)} |",
        f"| per-marker χ², α = 0.01: unmoved called moved | {share(t.chi2, t.unmoved)} |",
        f"| the same with the file's median removed | {share(t.median, t.unmoved)} |",
    ]
