"""Which rows of a file the ledger already has.

In this order: the bank's own ids; the same day, amount and description, counted, so that two
identical coffees stay two; a description written differently, on strong evidence. A row that is
none of these, but of the day and amount of a row that the file lacks, is held rather than guessed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from ledger.imports.rows import Row
from ledger.imports.words import alike, fingerprint

Outcome = Literal["added", "matched", "held", "rejected"]

SHIFT = timedelta(days=10)
"""How far the date of a row may move between exports while its bank id stays."""
_UNSTABLE = 3
"""Rows that must match by all but their ids before a bank's ids count as made up per export."""

_DIFFERS = "A row of the same day and amount is there with another description."
_OTHER_AMOUNT = "The bank's id is there with another amount or day."
_TWICE = "The file has this id twice, with different rows."


@dataclass(slots=True)
class Known:
    """A row that the ledger has."""

    id: str
    booked: date
    minor: int
    currency: str
    description: str
    fingerprint: str
    occurrence: int
    bank_id: str | None


@dataclass(slots=True)
class Decision:
    """What becomes of one row.

    Attributes:
        transaction_id: The row of the ledger that it is, where matched.
        occurrence: Its number among rows of the same fingerprint, where added.
    """

    fingerprint: str
    outcome: Outcome = "added"
    reason: str | None = None
    transaction_id: str | None = None
    occurrence: int = 1

    def matched(self, known: Known, reason: str | None = None) -> None:
        """It is this row."""
        self.outcome, self.transaction_id, self.reason = "matched", known.id, reason


Day = tuple[date, int, str]


def _day(row: Row | Known) -> Day:
    return row.booked, row.minor, row.currency


class _Match:
    """One account's rows of one file against the ledger's."""

    def __init__(self, rows: Sequence[Row], known: Iterable[Known], native: bool) -> None:
        self.rows = rows
        self.native = native
        self.prints = [fingerprint(r.booked, r.minor, r.currency, r.core) for r in rows]
        self.decisions: list[Decision | None] = [None] * len(rows)
        self.left: dict[str, Known] = {item.id: item for item in known}
        self.highest: Counter[str] = Counter()
        for item in self.left.values():
            self.highest[item.fingerprint] = max(self.highest[item.fingerprint], item.occurrence)
        self.ids = self._ids()

    def _ids(self) -> list[str]:
        """Each row's bank id, empty for all where the bank's ids name different rows."""
        ids = [row.bank_id for row in self.rows]
        if self.native:
            return ids
        named: dict[str, set[str]] = defaultdict(set)
        for bank_id, found in zip(ids, self.prints, strict=True):
            if bank_id:
                named[bank_id].add(found)
        if any(len(found) > 1 for found in named.values()) or self._unstable(named):
            return [""] * len(ids)
        return ids

    def _unstable(self, named: dict[str, set[str]]) -> bool:
        """Whether the bank makes new ids at each export: none is known, but the rows are."""
        before = {item.bank_id for item in self.left.values() if item.bank_id}
        if not before or any(bank_id in before for bank_id in named):
            return False
        have = {item.fingerprint for item in self.left.values() if item.bank_id}
        shared = sum(bool(found & have) for found in named.values())
        return shared >= _UNSTABLE and shared * 2 >= len(named)

    def _open(self) -> list[int]:
        return [index for index, decision in enumerate(self.decisions) if decision is None]

    def _take(self, index: int, item: Known, reason: str | None = None) -> None:
        decision = Decision(self.prints[index])
        decision.matched(item, reason)
        self.decisions[index] = decision
        self.left.pop(item.id, None)

    def by_id(self) -> None:
        """Match rows whose bank id the ledger has."""
        known = {item.bank_id: item for item in self.left.values() if item.bank_id}
        seen: dict[str, int] = {}
        for index, bank_id in enumerate(self.ids):
            if not bank_id:
                continue
            if bank_id in seen:
                self._again(index, seen[bank_id])
                continue
            seen[bank_id] = index
            item = known.get(bank_id)
            if item is None:
                continue
            row = self.rows[index]
            same = item.minor == row.minor and abs(item.booked - row.booked) <= SHIFT
            if same:
                self._take(index, item)
            else:
                self.decisions[index] = Decision(self.prints[index], "held", _OTHER_AMOUNT)

    def _again(self, index: int, first: int) -> None:
        """A bank id that stands in the file a second time."""
        if self.prints[index] == self.prints[first]:
            again = Decision(self.prints[index], "matched", "The file has this id twice.")
            before = self.decisions[first]
            again.transaction_id = before.transaction_id if before else None
            self.decisions[index] = again
        else:
            self.decisions[index] = Decision(self.prints[index], "rejected", _TWICE)

    def _distinct(self, index: int, item: Known) -> bool:
        """Whether the bank's ids say that these are two."""
        return bool(self.ids[index] and item.bank_id and self.ids[index] != item.bank_id) and (
            self.ids[index].partition(":")[0] == (item.bank_id or "").partition(":")[0]
        )

    def by_fingerprint(self) -> None:
        """Match the same day, amount and description, each row of the ledger once."""
        waiting: dict[str, list[Known]] = defaultdict(list)
        for item in sorted(self.left.values(), key=lambda item: item.occurrence):
            waiting[item.fingerprint].append(item)
        for index in self._open():
            items = waiting.get(self.prints[index], [])
            found = next((item for item in items if not self._distinct(index, item)), None)
            if found:
                items.remove(found)
                self._take(index, found)

    def by_description(self, add_held: bool) -> None:
        """Match what is written differently, and hold what may be."""
        waiting: dict[Day, list[Known]] = defaultdict(list)
        for item in self.left.values():
            waiting[_day(item)].append(item)
        unsure: list[int] = []
        for index in self._open():
            items = waiting.get(_day(self.rows[index]), [])
            row = self.rows[index]
            for item in items:
                same = alike(row.core, item.description) or alike(row.description, item.description)
                if same and not self._distinct(index, item):
                    items.remove(item)
                    self._take(index, item, "The same day and amount, described differently.")
                    break
            else:
                unsure.append(index)
        for index in unsure:
            items = waiting.get(_day(self.rows[index]), [])
            if not add_held and any(not self._distinct(index, item) for item in items):
                self.decisions[index] = Decision(self.prints[index], "held", _DIFFERS)

    def rest(self) -> list[Decision]:
        """What is still open is new."""
        for index in self._open():
            found = self.prints[index]
            self.highest[found] += 1
            self.decisions[index] = Decision(found, occurrence=self.highest[found])
        return [decision for decision in self.decisions if decision is not None]


def decide(
    rows: Sequence[Row], known: Iterable[Known], *, native: bool = False, add_held: bool = False
) -> list[Decision]:
    """Decide what becomes of each row of one account in a file; pure.

    Args:
        rows: The file's rows of this account; their bank ids carry their kind (``ofx:…``).
        known: The ledger's rows of the account, over the file's days and `SHIFT` around them.
        native: The ids are the ledger's own, which must not name two rows.
        add_held: Add what would be held for its description.
    """
    match = _Match(rows, known, native)
    match.by_id()
    match.by_fingerprint()
    match.by_description(add_held)
    return match.rest()
