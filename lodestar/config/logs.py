"""Logs: one JSON line an event, with codes and counts; never a name, an address, a query string or a body."""

from __future__ import annotations

import logging
import logging.config
from typing import Any

import structlog

KEPT = ("event", "level", "logger", "timestamp", "status", "job", "took_ms", "count", "kind", "error")


def only_what_is_safe(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Keep only the fields that never carry personal data; a library's message keeps its template, not its values."""
    record = event.get("_record")
    if record is not None:
        event["event"] = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
        event["status"] = getattr(record, "status_code", None)
        if record.exc_info and record.exc_info[0]:
            event["error"] = record.exc_info[0].__name__
    return {name: value for name, value in event.items() if name in KEPT and value is not None}


def logging_settings(*, test: bool) -> None:
    """Send every log line through the same filter."""
    shared: list[Any] = [structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name, structlog.processors.TimeStamper(fmt="iso")]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[only_what_is_safe, structlog.processors.JSONRenderer()],
    )
    handler = logging.NullHandler() if test else logging.StreamHandler()
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("lodestar").setLevel(logging.INFO)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
