"""The ground floor: store, coordinates, files, journal and code tables (底层).

What is named here is meant for the other floors; everything else is the floor's own.
"""

from data.actors import Actor, Grant, Role
from data.asking import Interval, ItemsQuery
from data.boxes import read_extent
from data.collection import Collection, Detail, Property, geometry_kind
from data.column_choice import chosen_mapping
from data.deadlines import add_days, add_months, day_in_china, today
from data.errors import (
    BrokenChain,
    Conflict,
    DataError,
    Fault,
    FaultsFound,
    FileTooLarge,
    Forbidden,
    Immutable,
    InvalidFile,
    InvalidValue,
    NotCommittable,
    NotComparable,
    NotEditable,
    NotFound,
    NotReady,
    OvooError,
    SignInNeeded,
    SignInRefused,
    Stale,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreMoved,
    StoreNotFound,
    StoreReadOnly,
    StoresDiffer,
    StoreTooNew,
    StoreUnfinished,
    StoreUnreachable,
    TooCostly,
    TooMany,
    UnknownFormat,
)
from data.geometry import Box
from data.journal import Head, verify
from data.loading import Loaded, Loader, LoadOptions, load_file
from data.pages import (
    MAX_LIMIT,
    Page,
    page_of,
    read_attributions,
    read_features,
    read_item,
    read_page,
)
from data.program_version import program_version
from data.published_systems import (
    CRS84,
    PublishedSystem,
    find_system,
    published_systems,
    storage_system,
)
from data.readings import Reading, read_readings, verify_readings, write_readings
from data.release_keeping import (
    ReleasedRecord,
    StandingRule,
    read_exceptions,
    read_rules,
    released_tables,
    set_level,
    set_rule,
)
from data.release_state import read_state
from data.releases import PUBLIC_SIGHT, Level, Precision, Rule, Sight
from data.sights import passing, seen_by
from data.sorting import MAX_KEYS as MAX_SORT_KEYS
from data.sorting import SortKey
from data.standing import StoreFinding, StoreWatch, WatchLimits
from data.store import DEFAULT_CRS, Store, create_store, open_store
from data.stored_files import has_file, keep_file, read_file
from data.svg_styles import styles_as_attributes
from data.tables import find_table
from data.transaction import Transaction
from data.work_folders import remove_abandoned_folders, work_file

DEFAULT_STORE = "var/ovoo.gpkg"
"""Where the store is when nobody says otherwise."""

__all__ = [
    "CRS84",
    "DEFAULT_CRS",
    "DEFAULT_STORE",
    "MAX_LIMIT",
    "MAX_SORT_KEYS",
    "PUBLIC_SIGHT",
    "Actor",
    "Box",
    "BrokenChain",
    "Collection",
    "Conflict",
    "DataError",
    "Detail",
    "Fault",
    "FaultsFound",
    "FileTooLarge",
    "Forbidden",
    "Grant",
    "Head",
    "Immutable",
    "Interval",
    "InvalidFile",
    "InvalidValue",
    "ItemsQuery",
    "Level",
    "LoadOptions",
    "Loaded",
    "Loader",
    "NotCommittable",
    "NotComparable",
    "NotEditable",
    "NotFound",
    "NotReady",
    "OvooError",
    "Page",
    "Precision",
    "Property",
    "PublishedSystem",
    "Reading",
    "ReleasedRecord",
    "Role",
    "Rule",
    "Sight",
    "SignInNeeded",
    "SignInRefused",
    "SortKey",
    "Stale",
    "StandingRule",
    "Store",
    "StoreBusy",
    "StoreDamaged",
    "StoreError",
    "StoreFinding",
    "StoreFull",
    "StoreMoved",
    "StoreNotFound",
    "StoreReadOnly",
    "StoreTooNew",
    "StoreUnfinished",
    "StoreUnreachable",
    "StoreWatch",
    "StoresDiffer",
    "TooCostly",
    "TooMany",
    "Transaction",
    "UnknownFormat",
    "WatchLimits",
    "add_days",
    "add_months",
    "chosen_mapping",
    "create_store",
    "day_in_china",
    "find_system",
    "find_table",
    "geometry_kind",
    "has_file",
    "keep_file",
    "load_file",
    "open_store",
    "page_of",
    "passing",
    "program_version",
    "published_systems",
    "read_attributions",
    "read_exceptions",
    "read_extent",
    "read_features",
    "read_file",
    "read_item",
    "read_page",
    "read_readings",
    "read_rules",
    "read_state",
    "released_tables",
    "remove_abandoned_folders",
    "seen_by",
    "set_level",
    "set_rule",
    "storage_system",
    "styles_as_attributes",
    "today",
    "verify",
    "verify_readings",
    "work_file",
    "write_readings",
]
