"""Whether the parts of a file that one surveyor, device or day made have causes of their own.

The evidence of a partition is the product of its parts' evidences, each over all hypotheses; it is
weighed against that of the file as a whole, with a prior for files being made in parts that differ.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from boundary.diagnosis.common import FOLLOWING_SHARE, HALF, Standing, even_sample
from boundary.diagnosis.posterior import rank
from boundary.diagnosis.question import Question

Rows = NDArray[np.intp]
Part = tuple[Rows, tuple[str, str]]
_LOG_PRIOR = float(np.log(0.05))
_MOST_PARTS = 12


def groups_apart(question: Question, found: Standing) -> list[Part]:
    """The parts of a file that are better explained each by itself, with their names; or none."""
    following = float((found.weights > HALF).mean())
    if question.batch.size < 2 or following >= FOLLOWING_SHARE:  # noqa: PLR2004 - two parts
        return []
    whole = _log_evidence(question, found, np.arange(question.batch.size))
    best: list[Part] = []
    best_value = whole + question.rules.decisive_log_odds
    for parts in _partitions(question):
        value = _LOG_PRIOR + sum(_log_evidence(question, found, rows) for rows, _ in parts)
        if value > best_value:
            best, best_value = parts, value
    return best


def _log_evidence(question: Question, found: Standing, rows: Rows) -> float:
    """Log evidence of some rows over all hypotheses, scaled up from a sample of them."""
    asked = even_sample(rows, question.rules.rows_scored)
    keep = np.array([fit is None for fit in found.hypotheses.similarity], bool)
    joint = rank(found.hypotheses.rows(asked, keep), question.rules).log_joint
    return float(np.logaddexp.reduce(joint)) * (rows.size / asked.size)


def _partitions(question: Question) -> Iterator[list[Part]]:
    batch = question.batch
    seen: set[bytes] = set()
    for word_zh, word_en, keys in (
        ("测量员", "surveyor", batch.surveyor),
        ("设备", "device", batch.device),
        ("日期", "day", batch.day),
        ("测段", "session", [str(number) for number in batch.session]),
    ):
        parts = _parts(keys, word_zh, word_en)
        labels = np.zeros(batch.size, dtype=np.intp)
        for k, (rows, _) in enumerate(parts):
            labels[rows] = k
        if 2 <= len(parts) <= _MOST_PARTS and labels.tobytes() not in seen:  # noqa: PLR2004
            seen.add(labels.tobytes())
            yield parts


def _parts(keys: Sequence[str], word_zh: str, word_en: str) -> list[Part]:
    """Rows by key, in the order the keys appear."""
    rows_of: dict[str, list[int]] = {}
    for row, key in enumerate(keys):
        rows_of.setdefault(key, []).append(row)
    return [
        (np.array(rows, dtype=np.intp), (f"{word_zh}“{key}”", f"{word_en} {key!r}"))
        for key, rows in rows_of.items()
    ]
