"""What each collection holds, kept until the store changes: clients ask for it each time."""

from dataclasses import dataclass

from data import Box, Collection, Store, read_attributions, read_extent
from data.summaries import read_interval, read_updated
from web.until_written import until_written

CREDITS_APART = "；"
"""Between the sources of an attribution."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a collection holds.

    Attributes:
        box: its extent; None where it is empty.
        attribution: whom its data come from; empty where nobody need be named.
        interval: first and last day, None where open; None at all where it has no time.
        updated: when it was last written, UTC; None where it never was.
    """

    box: Box | None
    attribution: str
    interval: tuple[str | None, str | None] | None
    updated: str | None


def summary_of(store: Store, whole: Store, collection: Collection) -> Summary:
    """What a collection holds, as a reader sees it.

    Args:
        store: the store as the reader sees it.
        whole: the store itself, whose journal tells when the collection was written.
        collection: the collection.
    """

    def read() -> Summary:
        with whole.read() as connection:
            updated = read_updated(connection, collection)
        with store.read() as connection:
            return Summary(
                read_extent(connection, collection.table),
                CREDITS_APART.join(read_attributions(connection, collection)),
                read_interval(connection, collection),
                updated,
            )

    return until_written(store, whole, ("summary", collection.id), read)
