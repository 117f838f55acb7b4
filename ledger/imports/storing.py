"""A file that was read goes into the ledger: accounts, dedupe, rows, and what became of each."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, insert, select

from ledger import audit, store, tables
from ledger.crypto import new_id
from ledger.imports import finding
from ledger.imports.choices import Choices
from ledger.imports.dedupe import SHIFT, Decision, Known, decide
from ledger.imports.finding import Group, Source
from ledger.imports.rows import AccountHint, Item, Problem, Row
from ledger.scope import UserScope
from ledger.types import Transaction

_BATCH = 5_000
_SHOWN = 1_000
"""Held and rejected rows that a report lists; the table `import_rows` has them all."""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was read.

    Attributes:
        sha256: Of its bytes.
        items: Reads its items from the start, each time it is called.
    """

    name: str
    sha256: str
    kind: str
    layout: str
    items: Callable[[], Iterator[Item]]


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that was held or rejected, and why."""

    line: int
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of a file's rows; the four counts add up to ``rows``.

    Attributes:
        accounts: The ids of the accounts that its rows belong to.
        problems: The held and rejected rows, the first thousand.
    """

    name: str
    kind: str
    import_id: str
    accounts: tuple[str, ...]
    added: int = 0
    matched: int = 0
    held: int = 0
    rejected: int = 0
    problems: tuple[RowProblem, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows the file has."""
        return self.added + self.matched + self.held + self.rejected


@dataclass(slots=True)
class _Gathered:
    """A file's items by what they are; rows without their raw fields."""

    groups: dict[Group, list[Row]] = field(default_factory=dict)
    hints: list[AccountHint] = field(default_factory=list)
    problems: int = 0


def _gather(file: ReadFile) -> _Gathered:
    found = _Gathered()
    nothing: dict[str, str] = {}
    for item in file.items():
        if isinstance(item, Row):
            bank_id = f"{file.kind}:{item.bank_id}" if item.bank_id else ""
            row = Row(
                item.line, item.booked, item.minor, item.currency, item.description, item.core,
                item.account, bank_id, raw=nothing,
            )  # fmt: skip
            found.groups.setdefault((item.account, item.currency), []).append(row)
        elif isinstance(item, AccountHint):
            found.hints.append(item)
        else:
            found.problems += 1
    return found


def _known(
    connection: Connection, scope: UserScope, account_id: str, rows: list[Row]
) -> Iterator[Known]:
    table = tables.transactions
    days = [row.booked for row in rows]
    columns = (table.c.id, table.c.booked, table.c.minor, table.c.currency, table.c.description,
               table.c.fingerprint, table.c.occurrence, table.c.bank_id)  # fmt: skip
    found = connection.execute(
        select(*columns).where(
            table.c.person_id == scope.person_id,
            table.c.account_id == account_id,
            table.c.booked.between(min(days) - SHIFT, max(days) + SHIFT),
        )
    )
    for row in found:
        yield Known(*row)


def _merged(hints: Iterable[AccountHint]) -> dict[Group, AccountHint]:
    """One hint per account: names of the first that has them."""
    merged: dict[Group, AccountHint] = {}
    for hint in hints:
        group = (hint.key, hint.currency)
        before = merged.get(group)
        merged[group] = (
            hint
            if before is None
            else replace(
                before,
                institution=before.institution or hint.institution,
                type=before.type or hint.type,
                name=before.name or hint.name,
            )
        )
    return merged


class Storing:
    """One file on its way into the ledger, within the caller's transaction."""

    def __init__(
        self, connection: Connection, scope: UserScope, file: ReadFile, choices: Choices
    ) -> None:
        self.connection = connection
        self.scope = scope
        self.file = file
        self.choices = choices
        self.gathered = _gather(file)
        hints = _merged(self.gathered.hints)
        self.source = Source(file.name, file.layout, file.kind, hints)
        self.accounts: dict[Group, str] = {}
        self.decisions: dict[Group, list[Decision]] = {}
        self.declared: Counter[str] = Counter()
        self.problems: list[RowProblem] = []

    def resolve(self) -> None:
        """Find or make the account of each group of rows, and of each declared account."""
        groups = dict(self.gathered.groups)
        if self.file.kind == "accounts":
            groups |= {(hint.key, hint.currency): [] for hint in self.gathered.hints}
        for group, rows in groups.items():
            found = finding.find_account(
                self.connection, self.scope, self.source, group, rows=rows, choices=self.choices
            )
            self.declared["matched" if found else "added"] += 1
            if found is None:
                found = finding.new_account(self.connection, self.scope, self.source, group).id
            self.accounts[group] = found
            if self.file.kind not in ("florin", "accounts"):
                finding.remember_key(self.connection, self.scope, group, found)
        self._balances()

    def _balances(self) -> None:
        accounts = {found.id: found for found in store.accounts(self.connection, self.scope)}
        changed = {}
        for hint in self.gathered.hints:
            account_id = self.accounts.get((hint.key, hint.currency))
            if account_id is None:
                continue
            account = finding.with_balance(accounts[account_id], hint)
            if account != accounts[account_id]:
                accounts[account_id] = changed[account_id] = account
        store.save_accounts(self.connection, self.scope, changed.values())

    def decide(self) -> None:
        """Decide what becomes of each row."""
        native = self.file.kind == "florin"
        for group, rows in self.gathered.groups.items():
            known = _known(self.connection, self.scope, self.accounts[group], rows)
            self.decisions[group] = decide(
                rows, known, native=native, add_held=self.choices.held == "add"
            )
        if native:
            self._own_ids()

    def _own_ids(self) -> None:
        """Hold rows whose id is another row's: of another account, or far from these days."""
        wanted = {
            row.bank_id.partition(":")[2]: decision
            for group, rows in self.gathered.groups.items()
            for row, decision in zip(rows, self.decisions[group], strict=True)
            if decision.outcome == "added" and row.bank_id
        }
        table, ids = tables.transactions, iter(wanted)
        while batch := list(islice(ids, _BATCH)):
            taken = self.connection.execute(
                select(table.c.id).where(
                    table.c.person_id == self.scope.person_id, table.c.id.in_(batch)
                )
            ).scalars()
            for id_ in taken:
                wanted[id_].outcome = "held"
                wanted[id_].reason = "This id is there already, on another row."

    def counts(self) -> Counter[str]:
        """How many rows end as what."""
        found: Counter[str] = Counter(
            decision.outcome for decisions in self.decisions.values() for decision in decisions
        )
        if self.file.kind == "accounts":
            found.update(self.declared)
        found["rejected"] += self.gathered.problems
        return found

    def _id(self, account_id: str, row: Row, decision: Decision) -> str:
        if self.file.kind == "florin" and row.bank_id:
            return row.bank_id
        text = f"{account_id}|{decision.fingerprint}|{decision.occurrence}"
        return "t-" + hashlib.sha256(text.encode()).hexdigest()[:20]

    def _walk(self) -> Iterator[tuple[Row | Problem | AccountHint, Decision | None]]:
        waiting = {group: iter(found) for group, found in self.decisions.items()}
        for item in self.file.items():
            if isinstance(item, Row):
                yield item, next(waiting[item.account, item.currency])
            else:
                yield item, None

    def write(self, import_id: str) -> None:
        """Store the new rows, and for every row what became of it."""
        walk = self._walk()
        sequence = 0
        while batch := list(islice(walk, _BATCH)):
            added: list[Transaction] = []
            outcomes: list[dict[str, Any]] = []
            for item, decision in batch:
                outcome = self._outcome(item, decision, import_id, added)
                if outcome:
                    sequence += 1
                    outcomes.append({"import_id": import_id, "seq": sequence, **outcome})
            store.add_transactions(self.connection, self.scope, added)
            if outcomes:
                self.connection.execute(insert(tables.import_rows), outcomes)

    def _outcome(
        self,
        item: Item,
        decision: Decision | None,
        import_id: str,
        added: list[Transaction],
    ) -> dict[str, Any] | None:
        if isinstance(item, Problem):
            return self._told(item.line, "rejected", item.reason, None)
        if isinstance(item, AccountHint):
            declared = item.line is not None and self.file.kind == "accounts"
            return self._told(item.line or 0, "matched", None, None) if declared else None
        assert decision is not None
        if decision.outcome == "added":
            transaction = self._transaction(item, decision, import_id)
            added.append(transaction)
            decision.transaction_id = transaction.id
        return self._told(item.line, decision.outcome, decision.reason, decision.transaction_id)

    def _told(
        self, line: int, outcome: str, reason: str | None, transaction_id: str | None
    ) -> dict[str, Any]:
        if outcome in ("held", "rejected") and len(self.problems) < _SHOWN:
            self.problems.append(RowProblem(line, outcome, reason or ""))
        return {"line": line, "outcome": outcome, "reason": reason,
                "transaction_id": transaction_id}  # fmt: skip

    def _transaction(self, row: Row, decision: Decision, import_id: str) -> Transaction:
        account_id = self.accounts[row.account, row.currency]
        return Transaction(
            self._id(account_id, row, decision), account_id, row.booked, row.description,
            row.minor, row.currency, row.purchased, row.mcc, decision.fingerprint,
            decision.occurrence, f"{self.file.kind}:{row.bank_id}" if row.bank_id else None,
            import_id, row.line, row.raw,
        )  # fmt: skip


def store_file(
    connection: Connection,
    scope: UserScope,
    file: ReadFile,
    choices: Choices,
    *,
    at: datetime,
    upload_id: str | None = None,
) -> FileReport:
    """Store a file that was read, within the caller's transaction.

    Args:
        connection: An open write transaction: a question or an error must roll it back.
        scope: Whose file it is; the person must exist.
        file: What was read.
        choices: What the person chose.
        at: When, aware.
        upload_id: The upload it came from, if it did.

    Raises:
        ImportQuestion: The account must be chosen.
        ChoiceError: The chosen account is not there.
    """
    # One import of a person at a time: the second sees what the first stored.
    people = tables.people
    connection.execute(select(people.c.id).where(people.c.id == scope.person_id).with_for_update())
    storing = Storing(connection, scope, file, choices)
    storing.resolve()
    storing.decide()
    counts, import_id = storing.counts(), new_id("import")
    totals = {name: counts[name] for name in ("added", "matched", "held", "rejected")}
    connection.execute(
        insert(tables.imports).values(
            id=import_id, person_id=scope.person_id, upload_id=upload_id, name=file.name,
            sha256=file.sha256, kind=file.kind, layout=file.layout, imported_at=at, **totals,
        )
    )  # fmt: skip
    storing.write(import_id)
    audit.record(connection, at, scope.person_id, "imported", import_id)
    accounts = tuple(dict.fromkeys(storing.accounts.values()))
    return FileReport(
        file.name, file.kind, import_id, accounts, **totals, problems=tuple(storing.problems)
    )
