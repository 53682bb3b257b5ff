"""The documents of a case in Chinese (文书): forms, notices, decision, reports."""

from gazetteer.approvals.documents.announcement import announcement_text
from gazetteer.approvals.documents.making import Written, write_document

__all__ = ["Written", "announcement_text", "write_document"]
