"""Whole histories of people who do not exist, whose truth is known because it was drawn.

Lines come from silver, the rest is drawn: pay shifted by weekends, bills that vary, price rises,
trials, ended streams, transfers between own accounts, refunds, charges made twice, shops visited
again and again. They teach and calibrate what single lines cannot: streams and moves.
"""

from __future__ import annotations

import calendar
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from jobs.enrichment_text import Silver
from knowledge.merchants import slug

_SAVING = ("savings.pot", "transfers.own_account")
_REPAID = ("debt.credit_card",)
_START = date(2025, 1, 1)
_MONTHS = 12
_VISITED = ("groceries.", "eating_out.", "transport.", "shopping.", "health.pharmacy", "personal.")
_VARIES = (
    "utilities.energy",
    "utilities.water",
    "debt.interest",
    "income.pay.gig",
    "income.returns",
)
_INCOME = ("income.pay.", "income.support.", "income.returns.")
"""Money back nets against spending: what comes in of it each month is no income."""
_UNCHARGED = ("transfers.", "savings.", "debt.", "income.", "taxes_fees.bank.")
"""What nobody charges: made twice it is two moves, no double charge."""
_WEEKLY = ("income.pay.gig", "family.children.childcare", "services.giving", "housing.rent")


@dataclass(frozen=True)
class Drawn:
    """A drawn row.

    Attributes:
        id: Unique within the person.
        account: `current`, `card` or `savings`.
        on: Booking date.
        minor: Signed minor units.
        line: The silver line that it is written like.
        stream: The true stream, empty for none.
        income: Whether that stream is income.
        twin: The other leg of a move between own accounts, empty for none.
        refund_of: The purchase that a refund gives back.
        copy_of: The row that this one charges a second time.
    """

    id: str
    account: str
    on: date
    minor: int
    line: Silver
    stream: str = ""
    income: bool = False
    twin: str = ""
    refund_of: str = ""
    copy_of: str = ""


_Leg = tuple[str, Silver]
"""An account and the line that a leg of a move is written like."""


@dataclass
class _Person:
    rng: random.Random
    rows: list[Drawn] = field(default_factory=list)
    streams: int = 0

    def add(
        self, account: str, on: date, minor: int, line: Silver, stream: str = "", **of: str
    ) -> str:
        """Adds a row within the year and names it; a row outside has no name."""
        if not _START <= on < date(_START.year + 1, 1, 1):
            return ""
        income = bool(stream) and line.category.startswith(_INCOME)
        id_ = f"r{len(self.rows)}"
        self.rows.append(Drawn(id_, account, on, minor, line, stream, income, **of))
        return id_

    def move(self, legs: tuple[_Leg, _Leg], on: date, lag: int, minor: int, stream: str) -> None:
        """Adds both legs of a move between own accounts, unless one falls outside the year."""
        (source, away), (target, home) = legs
        if not _START <= on <= on + timedelta(days=lag) < date(_START.year + 1, 1, 1):
            return
        one, other = f"r{len(self.rows)}", f"r{len(self.rows) + 1}"
        streams = (f"{stream}_out", f"{stream}_in") if stream else ("", "")
        self.add(source, on, -minor, away, streams[0], twin=other)
        self.add(target, on + timedelta(days=lag), minor, home, streams[1], twin=one)


def histories(silver: Sequence[Silver], people: int, seed: int = 7) -> Iterator[list[Drawn]]:
    """Draws histories of a year, half of them in pounds and half in dollars.

    Args:
        silver: Lines to write the rows like.
        people: How many.
        seed: The same seed draws the same people.
    """
    for n in range(people):
        currency = "GBP" if n % 2 else "USD"
        lines = [r for r in silver if r.currency == currency]
        person = _person(lines, _drawer(seed, n))
        _moves(person, lines, _drawer(seed, f"{n}/moves"))
        yield sorted(person.rows, key=lambda row: (row.on, row.id))


def _drawer(seed: int, number: int | str) -> random.Random:
    return random.Random(f"{seed}/{number}")  # noqa: S311 - people are drawn, no secret is


def _person(lines: Sequence[Silver], rng: random.Random) -> _Person:
    person = _Person(rng)
    recurring = [r for r in lines if r.recurring and r.counterparty]
    pay = [r for r in recurring if r.category == "income.pay.salary"]
    bills = [r for r in recurring if not r.category.startswith(("income.", "transfers."))]
    other = [r for r in recurring if r.category.startswith(("income.", "transfers.", "savings."))]
    visited = [r for r in lines if r.category.startswith(_VISITED) and r.minor < 0]
    _stream(
        person, rng.choice(pay), rng.choice(("monthly", "fortnightly", "weekly", "four_weekly"))
    )
    for line in rng.sample(bills, rng.randint(8, 18)):
        _stream(person, line, _cadence(rng, line))
    for line in rng.sample(other, rng.randint(1, 5)):
        _stream(person, line, _cadence(rng, line))
    gigs = [r for r in recurring if r.category == "income.pay.gig"]
    if gigs and rng.random() < 0.4:
        _stream(person, rng.choice(gigs), rng.choice(("weekly", "weekly", "monthly")))
    for line in rng.sample(visited, rng.randint(10, 24)):
        _visits(person, line)
    for line in rng.sample(lines, rng.randint(40, 90)):
        on = _START + timedelta(days=rng.randrange(365))
        first = person.add(_account(line), on, line.minor, line)
        if rng.random() < 0.04:
            later = on + timedelta(days=rng.randint(0, 1))
            if line.category.startswith(_UNCHARGED):
                continue
            person.add(_account(line), later, line.minor, line, copy_of=first)
    return person


def _moves(person: _Person, lines: Sequence[Silver], rng: random.Random) -> None:
    """Saving by the month, card repayments, and moves now and then, both legs of each."""

    def leg(account: str, categories: tuple[str, ...], *, inflow: bool) -> _Leg:
        fit = [
            r
            for r in lines
            if r.category in categories and (r.minor > 0) == inflow and _account(r) == account
        ]
        return account, rng.choice(fit)

    saving = leg("current", _SAVING, inflow=False), leg("savings", _SAVING, inflow=True)
    back = leg("savings", _SAVING, inflow=False), leg("current", _SAVING, inflow=True)
    repayment = leg("current", _REPAID, inflow=False), leg("card", _REPAID, inflow=True)
    if rng.random() < 0.6:
        saved = 500 * rng.randint(5, 100)
        for day in _days(rng, "monthly", income=False):
            person.move(saving, day, rng.choice((0, 0, 1, 2)), saved, "saving")
    if rng.random() < 0.7:
        owed = rng.randint(10_000, 150_000)
        for day in _days(rng, "monthly", income=False):
            paid = round(owed * rng.uniform(0.5, 1.6))
            person.move(repayment, day, rng.choice((0, 1, 1, 2)), paid, "repayment")
    for _ in range(rng.randint(2, 8)):
        day = _START + timedelta(days=rng.randrange(360))
        legs = saving if rng.random() < 0.6 else back
        person.move(legs, day, rng.choice((0, 0, 1, 3)), 1_000 * rng.randint(2, 80), "")


def _account(line: Silver) -> str:
    return {"credit": "card", "savings": "savings"}.get(line.account_type, "current")


def _cadence(rng: random.Random, line: Silver) -> str:
    if line.category.startswith(_WEEKLY) and rng.random() < 0.4:
        return rng.choice(("weekly", "fortnightly", "four_weekly"))
    return rng.choices(
        ("monthly", "quarterly", "half_yearly", "yearly", "twice_monthly", "four_weekly"),
        (80, 6, 2, 4, 3, 5),
    )[0]


def _days(rng: random.Random, cadence: str, *, income: bool) -> list[date]:
    """Due dates over the year, as banks book them."""
    if cadence in {"weekly", "fortnightly", "four_weekly"}:
        gap = {"weekly": 7, "fortnightly": 14, "four_weekly": 28}[cadence]
        first = _START + timedelta(days=rng.randrange(gap))
        return [first + timedelta(days=gap * n) for n in range(365 // gap)]
    months = {"quarterly": 3, "half_yearly": 6, "yearly": 12}.get(cadence, 1)
    due, start = rng.randint(1, 31), rng.randint(1, months)
    twice = (due - 15 if due > 15 else due + 15,) if cadence == "twice_monthly" else ()
    days = []
    for month in range(start, _MONTHS + 1, months):
        last = calendar.monthrange(_START.year, month)[1]
        for number in (due, *twice):
            day = date(_START.year, month, min(max(1, number), last))
            days.append(_booked(day, income=income))
    return sorted(days)


def _booked(day: date, *, income: bool) -> date:
    while day.weekday() > 4:
        day += timedelta(days=-1 if income else 1)
    return day


def _amounts(rng: random.Random, line: Silver, count: int) -> list[int]:
    if line.category.startswith(_VARIES) or rng.random() < 0.15:
        return [round(line.minor * rng.uniform(0.65, 1.35)) for _ in range(count)]
    amounts = [line.minor] * count
    if count > 3 and rng.random() < 0.25:
        at = rng.randrange(1, count)
        amounts[at:] = [round(line.minor * rng.uniform(1.03, 1.25))] * (count - at)
    return amounts


def _stream(person: _Person, line: Silver, cadence: str) -> None:
    """A stream, sometimes begun late, ended early, begun with a trial, or with a miss."""
    rng = person.rng
    days = _days(rng, cadence, income=line.minor > 0)
    if len(days) > 4 and rng.random() < 0.3:
        cut = rng.randrange(2, len(days) - 1)
        days = days[cut:] if rng.random() < 0.6 else days[:cut]
    if len(days) > 5 and rng.random() < 0.1:
        del days[rng.randrange(1, len(days) - 1)]
    if cadence in {"weekly", "fortnightly"} and rng.random() < 0.4:
        days = [day for day in days if rng.random() > 0.12] or days
    person.streams += 1
    name = f"{slug(line.counterparty)}_{person.streams}"
    amounts = _amounts(rng, line, len(days))
    if len(days) > 3 and line.category.startswith("subscriptions") and rng.random() < 0.1:
        amounts[0] = 0
    loose = line.account_type == "credit" or line.reading.line.rail in {"", "card"}
    for day, minor in zip(days, amounts, strict=True):
        shift = rng.randint(-1, 2) if loose and rng.random() < 0.2 else 0
        on = day + timedelta(days=shift)
        if line.category == "income.pay.salary" and cadence == "monthly":
            on = _booked(on, income=True)
        person.add(_account(line), on, minor, line, name)


def _visits(person: _Person, line: Silver) -> None:
    """A shop gone to again and again: some by habit, none a stream."""
    rng = person.rng
    count = rng.choice((2, 2, 3, 4, 6, 10, 20, 40))
    habit = rng.random() < 0.25
    same = rng.random() < 0.2
    price: Callable[[], int] = lambda: (  # noqa: E731 - drawn anew at each visit
        line.minor if same else round(line.minor * rng.uniform(0.4, 1.8))
    )
    day = _START + timedelta(days=rng.randrange(120))
    for _ in range(count):
        gap = rng.choice((6, 7, 7, 8)) if habit else 1 + round(rng.expovariate(count / 365))
        day += timedelta(days=gap)
        bought = price()
        first = person.add(_account(line), day, bought, line)
        if rng.random() < 0.02:
            person.add(_account(line), day + timedelta(days=4), -bought, line, refund_of=first)
