"""Logs as one JSON object a line, each with the id of the request that it belongs to."""

import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

import orjson

request_id: ContextVar[str] = ContextVar("ovoo_request_id", default="")
"""The id of the request that is being answered; empty between requests."""

_EXTRA = "ovoo"


class JsonLines(logging.Formatter):
    """One JSON object a line: no text of a request can begin a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """A record as a line."""
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if identity := request_id.get():
            said["request_id"] = identity
        said |= getattr(record, _EXTRA, {})
        if record.exc_info and record.exc_info[0] is not None:
            said["exception"] = "".join(traceback.format_exception(*record.exc_info))
        return orjson.dumps(said, default=str).decode()


class TextLines(logging.Formatter):
    """A line for people, with what the record tells beside its message."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        """The line before an exception's own lines."""
        values: dict[str, object] = getattr(record, _EXTRA, {})
        said = [
            f"{name}={orjson.dumps(value, default=str).decode()}" for name, value in values.items()
        ]
        return " ".join([super().formatMessage(record), *said])


def set_up_logging(form: str, level: int = logging.INFO) -> None:
    """Let every logger write to standard error.

    Args:
        form: `json`, `text`, or `auto`: text where a person looks on, JSON elsewhere.
        level: what is less than this is left out.
    """
    handler = logging.StreamHandler()
    if form == "json" or (form == "auto" and not sys.stderr.isatty()):
        handler.setFormatter(JsonLines())
    else:
        handler.setFormatter(TextLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)


def told(**values: object) -> dict[str, dict[str, object]]:
    """Values for a logger's `extra`, each a member of the line."""
    return {_EXTRA: values}
