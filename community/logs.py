"""What a log line may hold: where, which kind of error, how long; never who, from where, or what was written.

A database error quotes the row that it refused, so the words of an error never reach a log: only its
class, its SQLSTATE, the constraint's name, and the lines of code it passed through.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import structlog
from django.http import HttpRequest
from structlog.typing import EventDict, WrappedLogger

ROOMS = ("accounts", "advice", "community", "content", "moderation", "stories")
ROOT = Path(__file__).resolve().parent.parent
DEEPEST = 12
FIELDS = ("route", "status", "ms", "error", "sqlstate", "constraint", "at")
# Where PostgreSQL begins to quote: what stands behind is never written.
QUOTES = ("DETAIL:", "CONTEXT:", "QUERY:", "STATEMENT:", "HINT:")
# The job library names a job with all that it was given.
ARGUMENTS = re.compile(r"\(.*\)")


class DiscreetFilter(logging.Filter):
    """Take out of a record what could say who somebody is, what they read or what they wrote."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; none is dropped."""
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            # Django's own words hold the path.
            record.msg, record.args = "answered with an error", ()
            record.route, record.status = route_of(request), getattr(record, "status_code", None)
        else:
            record.msg, record.args = _words(record), ()
        if record.exc_info and record.exc_info[1] is not None:
            for name, value in describe(record.exc_info[1]).items():
                setattr(record, name, value)
        record.exc_info = record.exc_text = record.stack_info = None
        return True


def configuration(level: str) -> dict[str, Any]:
    """Return the LOGGING setting: everything goes through the filter, and nothing goes past it.

    A library is heard from a warning on, however much is asked for: that of passkeys tells at each sign-in whose.
    """
    numbers = logging.getLevelNamesMapping()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"discreet": {"()": DiscreetFilter}},
        "formatters": {"plain": {"()": formatter}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["discreet"]}},
        "root": {"handlers": ["console"], "level": max(level, "WARNING", key=numbers.__getitem__)},
        "loggers": {
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
            **{room: {"level": level} for room in ROOMS},
        },
    }


def formatter() -> logging.Formatter:
    """Return the formatter of every line: one line an event, key=value, to the minute."""
    # A record that cannot be formatted would be printed with all its arguments.
    logging.raiseExceptions = False
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(allow=FIELDS),
            _to_the_minute,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.LogfmtRenderer(
                key_order=["time", "level", "event", "request", *FIELDS, "logger"],
                drop_missing=True,
                bool_as_flag=False,
            ),
        ],
    )


def describe(error: BaseException) -> dict[str, str]:
    """Return the class of an error and of its causes, what PostgreSQL names, and where it passed."""
    chain = list(_chain(error))
    said = {"error": " from ".join(type(one).__qualname__ for one in chain)}
    for one in chain:
        if isinstance(one, psycopg.Error):
            said["sqlstate"] = one.sqlstate or "none"
            if one.diag.constraint_name:
                said["constraint"] = one.diag.constraint_name
            break
    frames = [frame for one in reversed(chain) for frame in traceback.extract_tb(one.__traceback__)]
    said["at"] = " < ".join(_place(frame) for frame in reversed(frames[-DEEPEST:]))
    return said


def route_of(request: HttpRequest) -> str:
    """Return the name of the address that was asked for; its path may hold what is nobody's business."""
    return request.resolver_match.view_name if request.resolver_match else "none"


def _words(record: logging.LogRecord) -> str:
    """Return a message without the words of any error that it was given, and without further lines."""
    if isinstance(record.args, tuple):
        record.args = tuple(_without_words(arg) for arg in record.args)
    elif record.args:
        record.args = {name: _without_words(arg) for name, arg in record.args.items()}
    try:
        text = record.getMessage()
    except (TypeError, ValueError, KeyError):
        text = str(record.msg)
    # asyncio puts the whole error on its second line.
    text = text.split("\n", 1)[0]
    if record.name.startswith("procrastinate"):
        text = ARGUMENTS.sub("", text)
    for word in QUOTES:
        text = text.split(word, 1)[0]
    return text.rstrip()


def _without_words(argument: Any) -> Any:
    return type(argument).__qualname__ if isinstance(argument, BaseException) else argument


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _place(frame: traceback.FrameSummary) -> str:
    path = Path(frame.filename)
    if "site-packages" in path.parts:
        shown = Path(*path.parts[path.parts.index("site-packages") + 1 :])
    else:
        shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else Path(path.name)
    return f"{shown}:{frame.lineno} {frame.name}"


def _to_the_minute(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Add the time, no finer than a minute: the exact moment of an act is nobody's business."""
    del logger, name
    event["time"] = datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ")
    return event
