"""What a file that was read would change: accounts, rows, and what becomes of each; only read.

Nothing waits for this: the ledger is not locked, and `ledger.imports.storing` stores the plan only
if the person's ledger is still as it was.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from sqlalchemy import Connection, select

from ledger import tables
from ledger.bulk import Bulk
from ledger.imports import finding
from ledger.imports.choices import Choices
from ledger.imports.dedupe import SHIFT, Decision, Known, decide
from ledger.imports.finding import Group, Register, Source
from ledger.imports.rows import AccountHint, Item, Problem, Row
from ledger.scope import UserScope

_BATCH = 5_000
SHOWN = 1_000
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


class Plan:
    """One file on its way into the ledger.

    Attributes:
        register: The accounts as they would be.
        accounts: Which account each group of the file's rows belongs to.
        transactions: The new rows.
        outcomes: What becomes of every row.
        counts: How many rows end as what.
        problems: The held and rejected rows, the first thousand.

    Raises:
        ImportQuestion: The account must be chosen.
        ChoiceError: The chosen account is not there.
    """

    def __init__(
        self,
        connection: Connection,
        scope: UserScope,
        file: ReadFile,
        choices: Choices,
        import_id: str,
    ) -> None:
        """Plan the import of this id from what the connection sees."""
        self.connection = connection
        self.scope = scope
        self.file = file
        self.choices = choices
        self.gathered = _gather(file)
        hints = _merged(self.gathered.hints)
        self.source = Source(file.name, file.layout, file.kind, hints)
        self.import_id = import_id
        self.register = Register(connection, scope)
        self.accounts: dict[Group, str] = {}
        self.decisions: dict[Group, list[Decision]] = {}
        self.declared: Counter[str] = Counter()
        self.problems: list[RowProblem] = []
        self.transactions = Bulk(tables.transactions, connection.dialect)
        self.outcomes = Bulk(tables.import_rows, connection.dialect)
        self._resolve()
        self._decide()
        self._prepare()
        self.counts = self._counts()
        # Storing needs none of these, and they are most of an import's memory.
        self.gathered = _Gathered()
        self.decisions = {}

    def _resolve(self) -> None:
        """Find or make the account of each group of rows, and of each declared account."""
        groups = dict(self.gathered.groups)
        if self.file.kind == "accounts":
            groups |= {(hint.key, hint.currency): [] for hint in self.gathered.hints}
        for group, rows in groups.items():
            found = finding.find_account(
                self.connection, self.scope, self.source, group,
                rows=rows, choices=self.choices, register=self.register,
            )  # fmt: skip
            self.declared["matched" if found else "added"] += 1
            if found is None:
                account = finding.new_account(self.register, self.source, group)
                self.register.put(account)
                found = account.id
            self.accounts[group] = found
            if self.file.kind not in ("florin", "accounts"):
                self.register.learn(group, found)
        self._balances()

    def _balances(self) -> None:
        for hint in self.gathered.hints:
            account_id = self.accounts.get((hint.key, hint.currency))
            if account_id is not None:
                known = self.register.accounts[account_id]
                self.register.put(finding.with_balance(known, hint))

    def _decide(self) -> None:
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

    def _counts(self) -> Counter[str]:
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

    def _prepare(self) -> None:
        """Make the new rows ready, and for every row what becomes of it."""
        sequence = 0
        for item, decision in self._walk():
            outcome = self._outcome(item, decision)
            if outcome:
                sequence += 1
                self.outcomes.add({"import_id": self.import_id, "seq": sequence, **outcome})

    def _outcome(self, item: Item, decision: Decision | None) -> dict[str, Any] | None:
        if isinstance(item, Problem):
            return self._told(item.line, "rejected", item.reason, None)
        if isinstance(item, AccountHint):
            declared = item.line is not None and self.file.kind == "accounts"
            return self._told(item.line or 0, "matched", None, None) if declared else None
        assert decision is not None
        if decision.outcome == "added":
            values = self._transaction(item, decision)
            self.transactions.add(values)
            decision.transaction_id = values["id"]
        return self._told(item.line, decision.outcome, decision.reason, decision.transaction_id)

    def _told(
        self, line: int, outcome: str, reason: str | None, transaction_id: str | None
    ) -> dict[str, Any]:
        if outcome in ("held", "rejected") and len(self.problems) < SHOWN:
            self.problems.append(RowProblem(line, outcome, reason or ""))
        return {"line": line, "outcome": outcome, "reason": reason,
                "transaction_id": transaction_id}  # fmt: skip

    def _transaction(self, row: Row, decision: Decision) -> dict[str, Any]:
        account_id = self.accounts[row.account, row.currency]
        return {
            "person_id": self.scope.person_id,
            "id": self._id(account_id, row, decision),
            "account_id": account_id,
            "booked": row.booked,
            "purchased": row.purchased,
            "description": row.description,
            "minor": row.minor,
            "currency": row.currency,
            "mcc": row.mcc,
            "fingerprint": decision.fingerprint,
            "occurrence": decision.occurrence,
            "bank_id": f"{self.file.kind}:{row.bank_id}" if row.bank_id else None,
            "import_id": self.import_id,
            "line": row.line,
            "raw": row.raw,
        }
