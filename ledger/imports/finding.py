"""Which account a file's rows belong to, when its number, its rows or its layout tell."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import Connection, func, insert, select

from ledger import store, tables
from ledger.imports.choices import ChoiceError, Choices, ImportQuestion, Option
from ledger.imports.rows import AccountHint, Row
from ledger.imports.words import squash, tidy
from ledger.scope import UserScope
from ledger.types import Account

Group = tuple[str, str]
"""An account's key in the file, and a currency."""

_ENOUGH = 3
_SHARE = 0.6
"""Rows of one day and amount that two files must share, of those that could, to be one account."""
_GENERIC = frozenset({"transactions", "transaction", "statement", "statements", "export", "data",
                      "download", "activity", "account", "file", "upload", "bank", "csv",
                      "history", "report", "umsaetze", "stmt"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of a file beside its rows."""

    name: str
    layout: str
    kind: str
    hints: Mapping[Group, AccountHint]


class Register:
    """A person's accounts and account numbers, and what a file would add; nothing is stored.

    Attributes:
        accounts: By id, as they would be.
        changed: Those that are new or changed.
        learned: Accounts by the hash of a number that was not known.
    """

    def __init__(self, connection: Connection, scope: UserScope) -> None:
        """Read what is there."""
        keys = tables.account_keys
        found = connection.execute(
            select(keys.c.key_hash, keys.c.account_id).where(keys.c.person_id == scope.person_id)
        )
        self.accounts = {account.id: account for account in store.accounts(connection, scope)}
        self.changed: dict[str, Account] = {}
        self.learned: dict[str, str] = {}
        self._scope = scope
        self._keys = {row.key_hash: row.account_id for row in found}

    def by_key(self, group: Group) -> str | None:
        """The account of this number."""
        return self._keys.get(key_hash(self._scope, group))

    def put(self, account: Account) -> None:
        """Add or replace an account."""
        if self.accounts.get(account.id) != account:
            self.accounts[account.id] = self.changed[account.id] = account

    def learn(self, group: Group, account_id: str) -> None:
        """Keep that this number is this account, so that a later file finds it."""
        if group[0] and self.by_key(group) is None:
            key = key_hash(self._scope, group)
            self._keys[key] = self.learned[key] = account_id

    def save(self, connection: Connection) -> None:
        """Store what is new, within the caller's transaction."""
        store.save_accounts(connection, self._scope, self.changed.values())
        if self.learned:
            person_id = self._scope.person_id
            rows = [
                {"person_id": person_id, "key_hash": key, "account_id": account_id}
                for key, account_id in self.learned.items()
            ]
            connection.execute(insert(tables.account_keys), rows)


@dataclass(frozen=True, slots=True)
class _Span:
    """From the first to the last day of some rows."""

    first: date
    last: date

    def touches(self, other: "_Span") -> bool:
        return self.first <= other.last and other.first <= self.last


def key_hash(scope: UserScope, group: Group) -> str:
    """What is kept of an account number: never the number itself."""
    text = f"{scope.person_id}|{squash(group[0])}|{group[1]}"
    return hashlib.sha256(text.encode()).hexdigest()


def _spans(connection: Connection, scope: UserScope) -> dict[str, _Span]:
    table = tables.transactions
    found = connection.execute(
        select(table.c.account_id, func.min(table.c.booked), func.max(table.c.booked))
        .where(table.c.person_id == scope.person_id)
        .group_by(table.c.account_id)
    )
    return {account_id: _Span(first, last) for account_id, first, last in found}


def _shares_rows(
    connection: Connection, scope: UserScope, account_id: str, span: _Span, rows: Sequence[Row]
) -> bool:
    """Whether most of the rows that could be in an account are there by day and amount."""
    could = Counter(
        (row.booked, row.minor) for row in rows if span.first <= row.booked <= span.last
    )
    if not could:
        return False
    table = tables.transactions
    known = Counter(
        (booked, minor)
        for booked, minor in connection.execute(
            select(table.c.booked, table.c.minor).where(
                table.c.person_id == scope.person_id,
                table.c.account_id == account_id,
                table.c.booked.between(min(could)[0], max(could)[0]),
            )
        )
    )
    shared, total = (could & known).total(), could.total()
    return shared == total or (shared >= _ENOUGH and shared >= _SHARE * total)


def _by_layout(
    connection: Connection, scope: UserScope, layout: str, accounts: Mapping[str, Account]
) -> list[str]:
    """The accounts that files of this layout went to before."""
    table, past = tables.transactions, tables.imports
    found = connection.execute(
        select(table.c.account_id)
        .join(past, past.c.id == table.c.import_id)
        .where(table.c.person_id == scope.person_id, past.c.layout == layout)
        .distinct()
    ).scalars()
    return [account_id for account_id in found if account_id in accounts]


def _question(accounts: Mapping[str, Account]) -> ImportQuestion:
    options = [Option(account.id, account.name) for account in accounts.values()]
    options.append(Option("new", "a new account"))
    return ImportQuestion("account", "Which account do these rows belong to?", tuple(options))


def _chosen(choices: Choices, accounts: Mapping[str, Account]) -> str | None:
    if choices.account is None or choices.account == "new":
        return None
    if choices.account not in accounts:
        raise ChoiceError(f"There is no account {choices.account[:40]!r} of this currency.")
    return choices.account


def find_account(
    connection: Connection,
    scope: UserScope,
    source: Source,
    group: Group,
    *,
    rows: Sequence[Row],
    choices: Choices,
    register: Register,
) -> str | None:
    """The account that a group of rows belongs to; none where it is a new one.

    In this order: an account of this id or number; the choice; the account that has these rows
    already; for rows without a number the one that this bank's files went to before.

    Raises:
        ImportQuestion: It may be one of several, or a new one.
        ChoiceError: The chosen account is not there.
    """
    accounts = {
        id_: found for id_, found in register.accounts.items() if found.currency == group[1]
    }
    key = group[0]
    if key and key in accounts and source.kind in ("florin", "accounts"):
        return key
    if key and (found := register.by_key(group)) in accounts:
        return found
    if not key and choices.account:
        return _chosen(choices, accounts)
    if source.kind == "florin" and key:
        return None
    return _by_rows(connection, scope, source, group, rows=rows, accounts=accounts)


def _by_rows(
    connection: Connection,
    scope: UserScope,
    source: Source,
    group: Group,
    *,
    rows: Sequence[Row],
    accounts: Mapping[str, Account],
) -> str | None:
    if not rows:
        return None
    spans = {id_: span for id_, span in _spans(connection, scope).items() if id_ in accounts}
    sharing = [
        id_ for id_, span in spans.items() if _shares_rows(connection, scope, id_, span, rows)
    ]
    if len(sharing) == 1:
        return sharing[0]
    if group[0] or not accounts:
        return None
    mine = _Span(min(row.booked for row in rows), max(row.booked for row in rows))
    apart = [id_ for id_ in accounts if id_ not in spans or not _inside(mine, spans[id_])]
    if not sharing:
        before = [id_ for id_ in _by_layout(connection, scope, source.layout, accounts)
                  if id_ in apart]  # fmt: skip
        if len(before) == 1:
            return before[0]
        if not apart:
            return None  # every account has other rows on these days
    raise _question(accounts)


def _inside(mine: _Span, span: _Span) -> bool:
    """Whether the days overlap by more than the one on which two statements may meet."""
    meet = timedelta(days=1)
    return mine.touches(span) and not (
        mine.last - span.first <= meet or span.last - mine.first <= meet
    )


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:40]


def _name(source: Source, hint: AccountHint | None, key: str) -> str:
    if hint and hint.name:
        return hint.name
    tail = re.sub(r"[^0-9A-Za-z]", "", key)[-4:]
    institution = hint.institution if hint else ""
    if institution or tail:
        return tidy(f"{institution or 'Account'} {tail and '…' + tail}")
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", source.name)
    words = [word for word in re.findall(r"[^\W\d_]+", stem) if word.casefold() not in _GENERIC]
    return " ".join(words).strip().capitalize() or "Account"


def new_account(register: Register, source: Source, group: Group) -> Account:
    """The account that a group of rows needs, named after bank, number or file."""
    hint = source.hints.get(group) or source.hints.get(("", group[1]))
    key = group[0]
    name = _name(source, hint, key)
    base = key if source.kind in ("florin", "accounts") and key else _slug(name) or "account"
    id_, number = base, 2
    while id_ in register.accounts:
        id_, number = f"{base}-{number}", number + 1
    if number > 2 and source.kind not in ("florin", "accounts"):
        name = f"{name} {group[1]}" if group[1] not in name else f"{name} {number - 1}"
    return Account(
        id_, hint.institution if hint else "", (hint.type if hint else "") or "checking",
        group[1], name,
    )  # fmt: skip


def with_balance(account: Account, hint: AccountHint) -> Account:
    """The account with what a file tells of its balance; the latest dated one is kept."""
    if hint.closing_minor is not None and hint.closing_on is not None:
        start = hint.closing_on + timedelta(days=1)
        if account.opening_on is None or start >= account.opening_on:
            return replace(account, opening_minor=hint.closing_minor, opening_on=start)
    elif hint.opening_minor is not None and account.opening_on is None:
        return replace(account, opening_minor=hint.opening_minor)
    return account
