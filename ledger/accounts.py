"""What is in an account on a day: a known balance plus the rows since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from ledger import store, tables
from ledger.scope import UserScope
from ledger.types import Account


@dataclass(frozen=True, slots=True)
class Balance:
    """An account at the end of a day.

    Attributes:
        account: Whose balance it is.
        minor: Minor units of the account's currency, what is owed is negative; null where no
            balance of this account was ever told.
    """

    account: Account
    minor: int | None


def balance(account: Account, days: Mapping[date, int], day: date) -> Balance:
    """An account's balance at the end of a day.

    Args:
        account: With its known balance, at the start of ``opening_on`` or before the first row.
        days: The sum of the account's rows per booking date, minor units.
        day: Rows booked on it count.
    """
    if account.opening_minor is None:
        return Balance(account, None)
    start = account.opening_on or date.min
    since = sum(minor for booked, minor in days.items() if start <= booked <= day)
    undone = sum(minor for booked, minor in days.items() if day < booked < start)
    return Balance(account, account.opening_minor + since - undone)


def balances(connection: Connection, scope: UserScope, day: date) -> list[Balance]:
    """The balance of each of a person's accounts at the end of a day, by account id."""
    table = tables.transactions
    sums: dict[str, dict[date, int]] = {}
    rows = connection.execute(
        select(table.c.account_id, table.c.booked, func.sum(table.c.minor))
        .where(table.c.person_id == scope.person_id)
        .group_by(table.c.account_id, table.c.booked)
    )
    for account_id, booked, minor in rows:
        sums.setdefault(account_id, {})[booked] = int(minor)
    return [
        balance(account, sums.get(account.id, {}), day)
        for account in store.accounts(connection, scope)
    ]
