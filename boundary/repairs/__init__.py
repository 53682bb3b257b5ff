"""Repairs (修复): orders to the managing side, with the neighbour as witness, verified anew."""

from boundary.repairs.orders import (
    RepairsQuery,
    Work,
    assign,
    cancel,
    close,
    list_repairs,
    open_order,
    open_orders,
    read_repair,
    record_incident,
    restore,
    work_kinds,
)
from boundary.repairs.pages import repair_page

__all__ = [
    "RepairsQuery",
    "Work",
    "assign",
    "cancel",
    "close",
    "list_repairs",
    "open_order",
    "open_orders",
    "read_repair",
    "record_incident",
    "repair_page",
    "restore",
    "work_kinds",
]
