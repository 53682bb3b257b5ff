"""One module for each family of addresses; those in `FAMILIES` are served."""

from web.api import (
    accounts,
    checking,
    divisions,
    exports,
    features,
    lines,
    markers,
    names,
    reconcile,
    schemas,
    search,
    submissions,
)

FAMILIES = (
    accounts,
    checking,
    divisions,
    exports,
    features,
    lines,
    markers,
    names,
    reconcile,
    schemas,
    search,
    submissions,
)
