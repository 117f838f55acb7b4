"""Keeps what people write out of the engine's log.

Rasa's log lines and tracebacks may hold messages, slots and local variables. A line here says where it
comes from and which class of error it met, nothing else; that is enough to find the place in the code.
"""
import logging
from typing import Any


def _record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    record = logging.LogRecord(*args, **kwargs)
    error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
    record.msg = f"line {record.lineno} {error}".rstrip()
    record.args = ()
    record.exc_info = None
    record.exc_text = None
    record.stack_info = None
    return record


def install() -> None:
    """From now on every log record of this process is stripped of its message."""
    logging.setLogRecordFactory(_record)
