"""Requests that only read although they are sent by POST: what they ask about is long.

They wait for no writer, so the threads of readers answer them (`web/event_loop.py`).
"""

from typing import Final

READS_BY_POST: Final = frozenset(
    {
        "/check-text",
        "/division-events/preview",
        "/line-changes/preview",
        "/names/check",
        "/preferences",
        "/reconcile",
        "/reconcile/v1/extend",
        "/reconcile/v1/match",
        "/report-problem/status",
    }
)
"""Their paths. None of them begins a write: a test asks each of them."""
