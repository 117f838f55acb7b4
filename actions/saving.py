"""What an autosave rule puts aside for what happened: the same rules run ahead and looking back.

Pure. A rule is triggered by a day of the calendar, by pay, by a payment, or by a month's spending
that passes its cap; each trigger has a name of its own, so that it is acted on once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from actions.calendar import DAY, next_unit, unit_start
from ledger.autosave import Rule
from ledger.money import exponent

WHOLE = 10_000
"""A share of 100 %, in the hundredths of a percent that rules are kept in."""


@dataclass(frozen=True, slots=True)
class Happened:
    """A row that a rule may act on.

    Attributes:
        minor: Its size, positive minor units; a refund of watched spending is negative.
    """

    id: str
    day: date
    minor: int


@dataclass(frozen=True, slots=True)
class History:
    """What happened to a person, as far as one rule looks at it, in the rule's currency.

    Attributes:
        pays: Each pay, by day.
        payments: What was bought, by day.
        watched: Spending on what an overspend rule watches, refunds negative, by day.
        balances: What was in the current accounts at the end of each day; empty where unknown.
    """

    pays: Sequence[Happened] = ()
    payments: Sequence[Happened] = ()
    watched: Sequence[Happened] = ()
    balances: Mapping[date, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Put:
    """Money that a rule puts aside.

    Attributes:
        rows: The ids of the rows that triggered it; none where the calendar did.
    """

    trigger: str
    day: date
    minor: int
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would have done.

    Attributes:
        start: The first day of the history that it was run over; ``end`` is the day after the last.
        lowest: The least that would have been left in the current accounts at the end of a day;
            None where no balance is known.
        worst: The first day of that balance.
    """

    start: date
    end: date
    puts: tuple[Put, ...]
    lowest: int | None
    worst: date | None

    @property
    def saved(self) -> int:
        """What it would have put aside, minor units."""
        return sum(put.minor for put in self.puts)

    @property
    def days(self) -> int:
        """The length of the history."""
        return (self.end - self.start).days


def puts(
    rule: Rule,
    history: History,
    start: date,
    end: date,
    *,
    made: Mapping[str, int] | None = None,
    aside: int = 0,
) -> list[Put]:
    """What a rule puts aside from ``start`` to before ``end``, in order.

    A trigger is passed over where it would take more than the current accounts held that day less
    what was put aside before.

    Args:
        rule: The rule.
        history: What happened.
        start: The first day that triggers.
        end: The day after the last one.
        made: What was put aside already, by trigger; it is not put again.
        aside: What other rules have put aside.
    """
    found: list[Put] = []
    for put in _triggered(rule, history, start, end):
        if made and put.trigger in made:
            aside += made[put.trigger]
        elif put.minor > 0 and _is_there(history, put, aside):
            aside += put.minor
            found.append(put)
    return found


def _is_there(history: History, put: Put, aside: int) -> bool:
    if not history.balances:
        return True
    return history.balances.get(put.day, 0) - aside >= put.minor


def _triggered(rule: Rule, history: History, start: date, end: date) -> Iterator[Put]:
    if rule.kind == "fixed" and rule.unit != "payday":
        yield from _by_calendar(rule, start, end)
    elif rule.kind == "fixed":
        by_day = {pay.day: pay for pay in reversed(history.pays) if start <= pay.day < end}
        for day, pay in sorted(by_day.items()):
            yield Put(f"pay {day}", day, rule.minor or 0, (pay.id,))
    elif rule.kind == "overspend":
        yield from _overspent(rule, history.watched, start, end)
    else:
        rows = history.pays if rule.kind == "share" else history.payments
        for row in rows:
            if start <= row.day < end:
                yield Put(row.id, row.day, _part(rule, row), (row.id,))


def _by_calendar(rule: Rule, start: date, end: date) -> Iterator[Put]:
    """Every day, every or every other Monday, or every first of a month."""
    unit = "week" if rule.unit == "fortnight" else rule.unit or "month"
    day = unit_start(start, unit)
    if day < start:
        day = next_unit(day, unit)
    while day < end:
        yield Put(f"{rule.unit} {day}", day, rule.minor or 0)
        day = next_unit(day, unit)
        if rule.unit == "fortnight":
            day = next_unit(day, unit)


def _part(rule: Rule, row: Happened) -> int:
    """The share of a pay, rounded down; or what a payment lacks to the next whole unit."""
    if rule.kind == "share":
        return row.minor * (rule.share or 0) // WHOLE
    whole: int = 10 ** (exponent(rule.currency) or 2)
    return -row.minor % whole


def _overspent(rule: Rule, watched: Sequence[Happened], start: date, end: date) -> Iterator[Put]:
    """Once a month: on the day on which what was spent passed the cap."""
    month, spent, passed = date.min, 0, False
    rows: tuple[str, ...] = ()
    for row in watched:
        if unit_start(row.day, "month") != month:
            month, spent, rows, passed = unit_start(row.day, "month"), 0, (), False
        spent, rows = spent + row.minor, (*rows, row.id)
        if not passed and spent > (rule.cap or 0):
            passed = True
            if start <= row.day < end:
                yield Put(f"over {month:%Y-%m}", row.day, rule.minor or 0, rows)


def tried(rule: Rule, history: History, start: date, end: date) -> Trial:
    """What a rule would have done from ``start`` to before ``end``, had it been on."""
    made = puts(rule, history, start, end)
    by_day: dict[date, int] = {}
    for put in made:
        by_day[put.day] = by_day.get(put.day, 0) + put.minor
    lowest: int | None = None
    worst: date | None = None
    aside, day = 0, start
    while history.balances and day < end:
        aside += by_day.get(day, 0)
        left = history.balances.get(day, 0) - aside
        if lowest is None or left < lowest:
            lowest, worst = left, day
        day += DAY
    return Trial(start, end, tuple(made), lowest, worst)


def daily(today: date, balance: int, rows: Sequence[Happened], days: int) -> dict[date, int]:
    """The balance at the end of each of the last days, from today's, by undoing what was booked.

    Args:
        today: The last day.
        balance: At its end, minor units.
        rows: What was booked since the first day, signed.
        days: How many days, today included.
    """
    booked: dict[date, int] = {}
    for row in rows:
        booked[row.day] = booked.get(row.day, 0) + row.minor
    found = {}
    for back in range(days):
        day = today - timedelta(days=back)
        found[day] = balance
        balance -= booked.get(day, 0)
    return found
