"""Editing features one by one or in bulk: what is plainly edited, by whom, under which rules."""

from data.editing.changing import Change, change_feature, delete_feature, read_record
from data.editing.creating import MOST_FEATURES, NewFeature, create_features
from data.editing.editors import Editor, allowed_acts
from data.editing.shapes import read_geometry
from data.editing.values import feature_fault
from data.reference.editing import (
    CREATION,
    DELETION,
    GEOMETRY,
    EditableField,
    LawfulWay,
    editable_fields,
)

__all__ = [
    "CREATION",
    "DELETION",
    "GEOMETRY",
    "MOST_FEATURES",
    "Change",
    "EditableField",
    "Editor",
    "LawfulWay",
    "NewFeature",
    "allowed_acts",
    "change_feature",
    "create_features",
    "delete_feature",
    "editable_fields",
    "feature_fault",
    "read_geometry",
    "read_record",
]
