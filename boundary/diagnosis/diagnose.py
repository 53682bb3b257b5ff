"""The six stages over a batch: the batch first, the row second, the marker last.

Certain errors are already repaired when a batch is built, and the marker test follows in the
assessment; here are the hypotheses about the batch (`common`), about the parts of it that one
surveyor, device or day made (`groups`), about rows that follow neither (`mixtures`), and slips of
single rows (`slips`).
"""

import numpy as np

from boundary.diagnosis.common import is_plain, rank_sample, settle, standing
from boundary.diagnosis.groups import groups_apart
from boundary.diagnosis.hypotheses import build_hypotheses, with_similarity
from boundary.diagnosis.mixtures import explain_mixture
from boundary.diagnosis.outcome import Diagnosis
from boundary.diagnosis.question import Question
from boundary.diagnosis.sheet import Sheet
from boundary.diagnosis.slips import explain_row, slip_beats


def diagnose(question: Question) -> Diagnosis:
    """Find what explains a batch and its rows."""
    size = question.batch.size
    if size == 0:
        return Diagnosis.nothing(question.batch)
    if size > question.rules.rows_together:
        return _in_pieces(question)
    hypotheses = build_hypotheses(question)
    ranked = rank_sample(hypotheses, question.rules)
    sheet = Sheet.blank(size)
    if size == 1 and slip_beats(question, ranked, sheet):
        explain_row(question, 0, sheet)
        return sheet.outcome()
    found = standing(hypotheses, ranked, question.rules)
    if not is_plain(found):
        more = with_similarity(hypotheses, question)
        if more is not None:
            found = standing(more, rank_sample(more, question.rules), question.rules)
    parts = groups_apart(question, found)
    if parts:
        pieces = [diagnose(question.take(rows, name)) for rows, name in parts]
        return Diagnosis.scattered(pieces, [rows for rows, _ in parts])
    settle(question, found, sheet)
    for row in explain_mixture(question, found, sheet):
        explain_row(question, int(row), sheet)
    return sheet.outcome()


def _in_pieces(question: Question) -> Diagnosis:
    """A very long file in consecutive pieces, so that memory does not grow with it."""
    size, most = question.batch.size, question.rules.rows_together
    parts = [np.arange(first, min(first + most, size)) for first in range(0, size, most)]
    return Diagnosis.scattered([diagnose(question.take(rows)) for rows in parts], parts)
