"""What is in an account on a day: a known balance plus the rows since."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, func, select

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


def balances(connection: Connection, scope: UserScope, day: date) -> list[Balance]:
    """The balance of each of a person's accounts at the end of a day, by account id.

    It is the known balance, plus all rows up to the day, less those before the known balance's own
    day ``opening_on``, which it holds already; of a day before that one, too.
    """
    known, rows = tables.accounts.c, tables.transactions.c
    listed = store.accounts(connection, scope)
    own = (known.person_id == rows.person_id) & (known.id == rows.account_id)
    until = _sums(connection, scope, rows.booked <= day)
    dated = any(one.opening_on for one in listed)
    held = _sums(connection, scope, own & (rows.booked < known.opening_on)) if dated else {}
    return [
        Balance(one, None)
        if one.opening_minor is None
        else Balance(one, one.opening_minor + until.get(one.id, 0) - held.get(one.id, 0))
        for one in listed
    ]


def _sums(connection: Connection, scope: UserScope, which: ColumnElement[bool]) -> dict[str, int]:
    """The sum of some of a person's rows by account."""
    rows = tables.transactions.c
    found = connection.execute(
        select(rows.account_id, func.sum(rows.minor))
        .where(rows.person_id == scope.person_id, which)
        .group_by(rows.account_id)
    )
    return {account_id: int(minor) for account_id, minor in found}
