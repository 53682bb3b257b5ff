"""A small run of the simulator; the full one is `tools/simulate`."""

from .holdout.cases import CASES
from .holdout.running import hold_out
from .running import simulate
from .scenarios import SCENARIOS
from .tables import UNSEEN_ALONE, scenario_table, size_table, summary, total


def test_a_small_run_keeps_what_is_promised() -> None:
    tallies = simulate(seed=20261123, repeats=2, sizes=(1, 3, 10))
    everything = total(tallies.values())
    assert everything.batches == 2 * 3 * len(SCENARIOS)
    assert everything.false_displaced <= 0.005 * everything.unmoved
    assert everything.false_suspect <= 0.04 * everything.unmoved
    assert everything.moved_in_place == 0
    able = total(t for (name, n), t in tallies.items() if n >= 3 or name not in UNSEEN_ALONE)
    assert able.named >= 0.93 * able.batches
    assert everything.naive > 0.5 * everything.unmoved
    assert everything.sure_right >= 0.95 * everything.sure


def test_the_tables_have_a_line_for_everything() -> None:
    tallies = simulate(seed=5, repeats=1, sizes=(2,), scenarios=("clean", "sign"))
    assert len(scenario_table(tallies)) == 4
    assert len(size_table(tallies)) == 3
    assert len(summary(tallies)) > 8


def test_the_second_world_is_read_as_well() -> None:
    tallies = hold_out(seed=20261123, repeats=1, sizes=(1, 4, 12))
    everything = total(tallies.values())
    assert everything.batches == 3 * len(CASES)
    assert everything.false_displaced <= 0.005 * everything.unmoved
    assert everything.false_suspect <= 0.04 * everything.unmoved
    assert everything.moved_in_place == 0
    able = total(t for (name, n), t in tallies.items() if n > 1 or name not in UNSEEN_ALONE)
    assert able.named >= 0.93 * able.batches
    assert everything.sure_right >= 0.95 * everything.sure
