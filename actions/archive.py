"""A person's data as one ZIP archive, made while it is sent: nothing of it lies on a disk."""

import csv
import io
import zipfile
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import orjson
from sqlalchemy import Connection, Engine

from actions.desk import Desk
from actions.exporting import rows_of
from actions.ofx import ofx
from actions.query import Query
from actions.say import category_name
from ledger import portable
from ledger.database import reading
from ledger.money import to_text
from ledger.portable import Record
from ledger.scope import TurnScope, UserScope

_PIECE = 64 * 1024
"""Bytes of a file that are packed at a time."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet would run as a formula, or take for the start of another cell."""
_COLUMNS = (
    *("transaction_id", "account_id", "date", "purchased", "description", "amount", "currency"),
    *("mcc", "counterparty", "counterparty_confidence", "category", "category_name"),
    *("category_confidence", "category_source", "essential", "recurring", "stream_id"),
    *("city", "region", "country", "refund_of"),
)
_ACCOUNT_COLUMNS = (
    *("account_id", "institution", "type", "currency", "opening_balance", "opening_on", "name"),
)
_NUMBERS = frozenset({"amount", "opening_balance"})
README = """What is in this archive

transactions.csv   for spreadsheets and for “florin import”; a text that would run as a formula
                   has a ' before it
transactions.json  the same with every detail, as your bank wrote it too; amounts in minor units
transactions.ofx   for finance programs, one statement for each account
accounts.csv       your accounts
"""
README_ALL = """rules.json         what you taught: corrections, words of your own
budgets.json, goals.json, conversations.json
more.json          all else that is kept of you, by table
"""


class _Sink(io.RawIOBase):
    """Takes what the archive writes, to be handed on piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        """It is written to; there is no way back in it."""
        return True

    def write(self, data: Any) -> int:
        """Keep a piece."""
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        """What was written since."""
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken


def archive(engine: Engine, turn: TurnScope, query: Query | None) -> Iterator[bytes]:
    """The archive of a person's data, in pieces.

    Args:
        engine: The ledger's database.
        turn: Whose, and the moment up to which a question looks.
        query: Only the rows behind this question; None for everything that is kept.
    """
    with reading(engine) as connection:
        only = None
        if query is not None:
            only = frozenset(rows_of(Desk(connection, turn), query))
        yield from _packed(_files(connection, turn, only), turn)


def _packed(files: Iterable[tuple[str, Iterable[str]]], turn: TurnScope) -> Iterator[bytes]:
    sink = _Sink()
    at = turn.now.timetuple()[:6]
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, texts in files:
            entry = zipfile.ZipInfo(name, at)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            with packed.open(entry, "w", force_zip64=True) as file:
                for piece in _pieces(texts):
                    file.write(piece)
                    yield sink.take()
            yield sink.take()
    yield sink.take()


def _pieces(texts: Iterable[str]) -> Iterator[bytes]:
    """Texts as bytes, many short ones together."""
    kept, size = [], 0
    for text in texts:
        data = text.encode()
        kept.append(data)
        size += len(data)
        if size >= _PIECE:
            yield b"".join(kept)
            kept, size = [], 0
    yield b"".join(kept)


def _files(
    connection: Connection, turn: TurnScope, only: Collection[str] | None
) -> Iterator[tuple[str, Iterable[str]]]:
    scope = turn.user

    def rows(account_id: str | None = None) -> Iterator[Record]:
        return portable.transaction_records(connection, scope, account_id, only, raw=False)

    detailed = portable.transaction_records(connection, scope, only=only)
    yield "README.txt", [README, README_ALL if only is None else ""]
    yield "transactions.csv", _csv(_COLUMNS, map(_csv_row, rows()))
    yield "transactions.json", _json(map(_json_row, detailed))
    accounts = list(portable.account_records(connection, scope))
    yield "transactions.ofx", ofx(accounts, rows, turn.now)
    yield "accounts.csv", _csv(_ACCOUNT_COLUMNS, map(_account_row, accounts))
    if only is None:
        yield from _everything_else(connection, scope)


def _everything_else(
    connection: Connection, scope: UserScope
) -> Iterator[tuple[str, Iterable[str]]]:
    yield "rules.json", _json(portable.rule_records(connection, scope))
    for table in ("budgets", "goals"):
        yield f"{table}.json", _json(portable.table_records(connection, scope, table))
    yield "conversations.json", _json(portable.turn_records(connection, scope))
    named = portable.other_tables()
    yield (
        "more.json",
        _by_table((one, portable.table_records(connection, scope, one)) for one in named),
    )


def defused(text: str) -> str:
    """A text that no spreadsheet runs as a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _csv(columns: Collection[str], rows: Iterable[Record]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line)

    def taken() -> str:
        text = line.getvalue()
        line.seek(0)
        line.truncate()
        return text

    writer.writerow(columns)
    yield taken()
    for row in rows:
        writer.writerow([_cell(name, row.get(name)) for name in columns])
        yield taken()


def _cell(name: str, value: object) -> object:
    """A cell; amounts are numbers that we wrote ourselves, all else may be anybody's text."""
    if isinstance(value, str):
        return value if name in _NUMBERS else defused(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


def _csv_row(row: Record) -> Record:
    return {
        **row,
        "transaction_id": row["id"],
        "date": row["booked"],
        "amount": to_text(row["minor"], row["currency"]),
        "category_name": category_name(row["category"]) if row["category"] else None,
    }


def _account_row(row: Record) -> Record:
    opening = row["opening_minor"]
    balance = None if opening is None else to_text(opening, row["currency"])
    return {**row, "account_id": row["id"], "opening_balance": balance}


def _json_row(row: Record) -> Record:
    named = {"transaction_id": row["id"], "date": row["booked"]}
    return {**named, **{k: v for k, v in row.items() if k not in {"id", "booked"}}}


def _json(records: Iterable[Record]) -> Iterator[str]:
    """A JSON array, an element a line."""
    before = "[\n"
    for record in records:
        yield f"{before}{_dumped(record)}"
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _by_table(tables: Iterable[tuple[str, Iterable[Record]]]) -> Iterator[str]:
    before = "{\n"
    for name, records in tables:
        yield f"{before}{_dumped(name)}: "
        yield from _json(records)
        before = ",\n"
    yield "}\n"


def _dumped(record: object) -> str:
    return orjson.dumps(record, default=_plain).decode()


def _plain(value: object) -> object:
    """What JSON has no form for, as the fields it is made of or as its text."""
    return value._asdict() if hasattr(value, "_asdict") else str(value)
