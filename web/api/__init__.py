"""One module for each family of addresses; those in `FAMILIES` are served."""

from web.api import (
    accounts,
    approvals,
    checking,
    divisions,
    experts,
    exports,
    features,
    lines,
    markers,
    names,
    reconcile,
    schemas,
    search,
    statistics,
    submissions,
    where,
)

FAMILIES = (
    accounts,
    approvals,
    checking,
    divisions,
    experts,
    exports,
    features,
    lines,
    markers,
    names,
    reconcile,
    schemas,
    search,
    statistics,
    submissions,
    where,
)
