"""What the reading process tells: one JSON value per line."""

from collections.abc import Iterator
from datetime import date
from sys import intern
from typing import IO, Any

import orjson

from ledger.errors import HostileFileError, ImportRefusedError, UnreadableFileError
from ledger.imports.choices import ImportQuestion
from ledger.imports.rows import AccountHint, Item, Parsed, Problem, Row

_REFUSALS: dict[str, type[ImportRefusedError]] = {
    "HostileFileError": HostileFileError,
    "UnreadableFileError": UnreadableFileError,
}
_END = b'["end"]\n'


def _line(item: Item) -> list[Any]:
    if isinstance(item, Row):
        return [
            "row", item.line, item.booked, item.minor, item.currency, item.description,
            None if item.core == item.description else item.core, item.account, item.bank_id,
            item.purchased, item.mcc, item.raw,
        ]  # fmt: skip
    if isinstance(item, Problem):
        return ["problem", item.line, item.reason]
    return [
        "account", item.key, item.currency, item.institution, item.type, item.name,
        item.opening_minor, item.closing_minor, item.closing_on, item.line,
    ]  # fmt: skip


def _write(out: IO[bytes], value: object) -> None:
    out.write(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE))


def write_parsed(out: IO[bytes], parsed: Parsed) -> None:
    """Write a file's head, its items as they come, and the end."""
    head = [parsed.kind, parsed.layout, parsed.currency, parsed.assumed, parsed.locale]
    _write(out, ["head", *head])
    for item in parsed.items:
        _write(out, _line(item))
    out.write(_END)


def write_question(out: IO[bytes], question: ImportQuestion) -> None:
    """Write that the person must choose."""
    _write(out, ["question", question.as_dict()])


def write_refusal(out: IO[bytes], error: ImportRefusedError) -> None:
    """Write that the file is refused."""
    _write(out, ["refused", type(error).__name__, str(error)])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


class Spool:
    """A finished spool, read as often as needed.

    Attributes:
        kind: As in `ledger.imports.rows.Parsed`, and so the others.
    """

    def __init__(self, file: IO[bytes]) -> None:
        """Read the head.

        Raises:
            ImportQuestion: The person must choose.
            ImportRefusedError: The file is refused, or its reader ended before its end.
        """
        self._file = file
        file.seek(0)
        head = file.readline()
        found = orjson.loads(head) if head.endswith(b"\n") else ["none"]
        last = self._last()
        if last[0] == "question":
            raise ImportQuestion.from_dict(last[1])
        if last[0] == "refused":
            raise _REFUSALS[last[1]](last[2])
        if found[0] != "head" or last != ["end"]:
            raise HostileFileError(
                "The file needs more memory or time than any bank file; export a shorter period."
            )
        self.kind, self.layout, self.currency = map(str, found[1:4])
        self.assumed, self.locale = bool(found[4]), str(found[5])

    def _last(self) -> list[Any]:
        """The last whole line: a question or refusal may come after rows."""
        size = self._file.seek(0, 2)
        self._file.seek(max(0, size - 65_536))
        lines = self._file.read().splitlines(keepends=True)
        if not lines or not lines[-1].endswith(b"\n"):
            return ["none"]
        try:
            last: list[Any] = orjson.loads(lines[-1])
        except orjson.JSONDecodeError:
            return ["none"]
        return last

    def items(self) -> Iterator[Item]:
        """The file's items from the start."""
        self._file.seek(0)
        for line in self._file:
            found = orjson.loads(line)
            if found[0] == "row":
                _, number, booked, minor, currency, *texts, purchased, mcc, raw = found
                description, core, account, bank_id = texts
                yield Row(
                    number, date.fromisoformat(booked), minor, intern(currency), description,
                    description if core is None else core, intern(account), bank_id,
                    _day(purchased), mcc, raw,
                )  # fmt: skip
            elif found[0] == "problem":
                yield Problem(found[1], found[2])
            elif found[0] == "account":
                found[8] = _day(found[8])
                yield AccountHint(*found[1:])
