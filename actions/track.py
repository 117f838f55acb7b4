"""How right earlier forecasts were: each held against the balance that came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from actions.calendar import add_months
from actions.desk import Desk
from ledger.forecasts import Forecast, come_due
from ledger.money import exponent

MONTHS = 6
"""Graded months that a track record needs, and speaks of."""
LOOK_BACK_MONTHS = 18
AHEAD = timedelta(days=7)
"""A forecast of the next days is no feat: only those made this long before are graded."""


@dataclass(frozen=True, slots=True)
class Grade:
    """A month's forecast and what came.

    Attributes:
        error: How far it was off, minor units, never negative.
    """

    for_on: date
    error: int


@dataclass(frozen=True, slots=True)
class Record:
    """What may be said of earlier forecasts: within ``minor`` in ``hits`` of the last `MONTHS`."""

    minor: int
    hits: int


def by_month(forecasts: Sequence[Forecast]) -> list[Forecast]:
    """One forecast for each month, the one that looked furthest ahead, the newest month first."""
    chosen: dict[tuple[int, int], Forecast] = {}
    for one in forecasts:
        if one.for_on - one.made_on < AHEAD:
            continue
        month = (one.for_on.year, one.for_on.month)
        best = chosen.get(month)
        if best is None or one.for_on - one.made_on > best.for_on - best.made_on:
            chosen[month] = one
    return [chosen[month] for month in sorted(chosen, reverse=True)]


def grades(desk: Desk, accounts: Sequence[str], currency: str) -> list[Grade]:
    """The newest graded months of these accounts, at most `MONTHS`.

    A month is graded once its day is over and the data reaches it.
    """
    if desk.span is None:
        return []
    end = min(desk.today, desk.span[1] + timedelta(days=1))
    start = add_months(desk.today, -LOOK_BACK_MONTHS)
    kept = [
        one
        for one in come_due(desk.connection, desk.scope, start, end)
        if set(one.accounts) == set(accounts) and one.currency == currency
    ]
    found = []
    for one in by_month(kept)[:MONTHS]:
        came = _balance(desk, accounts, one.for_on)
        if came is not None:
            found.append(Grade(one.for_on, abs(came - one.minor)))
    return found


def _balance(desk: Desk, accounts: Sequence[str], day: date) -> int | None:
    known = [one.minor for one in desk.balances(day) if one.account.id in set(accounts)]
    if len(known) != len(set(accounts)):
        return None
    sums = [minor for minor in known if minor is not None]
    return sum(sums) if len(sums) == len(known) else None


def record(found: Sequence[Grade], currency: str) -> Record | None:
    """The round sum that all but one of the last months stayed within; None for fewer months."""
    if len(found) < MONTHS:
        return None
    errors = sorted(one.error for one in found)
    minor = rounded_up(errors[-2], currency)
    return Record(minor, sum(error <= minor for error in errors))


def rounded_up(minor: int, currency: str) -> int:
    """The next round sum: whole tens, from 100 on whole fifties, of the currency's major unit."""
    ten = int(10 ** (1 + exponent(currency)))
    step = ten if minor <= 10 * ten else 5 * ten
    return max(-(-minor // step) * step, ten)
