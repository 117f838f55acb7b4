"""Answers about a future balance: known payments day by day, everyday spending from habit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from math import floor, sqrt
from statistics import pstdev

from actions import charting, steps, track
from actions.answer import Answer, Figure
from actions.counting import within
from actions.desk import DAY, Desk
from actions.due import due_between, last_working, rows_of
from actions.errors import UnclearError
from actions.evidence import account_names, as_of, format_of
from actions.outlook import spendable
from actions.query import Period, Query
from actions.say import Format, fit
from ledger.forecasts import Forecast
from ledger.queries import Row, Where
from ledger.types import Stream

HABIT_WEEKS = 13
"""How far back everyday spending is looked at."""
FEWEST_WEEKS = 4
"""With less history there is no habit to speak of."""
FURTHEST_DAYS = 92
"""Further ahead the spread is larger than what it would tell."""
SPREAD = 1.28
"""Standard deviations that hold four outcomes of five."""


@dataclass(frozen=True, slots=True)
class Projection:
    """The expected end-of-day balances from today on, and the spread on the last day.

    Attributes:
        days: Balance by day, minor units.
        spreads: By day half of the range that holds four outcomes of five, minor units.
    """

    days: dict[date, int]
    spreads: dict[date, int]

    @property
    def spread(self) -> int:
        """Half of the range on the last day."""
        return self.spreads[max(self.spreads)]

    @property
    def end(self) -> int:
        """The balance on the last day."""
        return self.days[max(self.days)]

    @property
    def lowest(self) -> tuple[date, int]:
        """The day with the lowest balance, the first of equals."""
        day = min(self.days, key=lambda one: (self.days[one], one))
        return day, self.days[day]


def _latest(desk: Desk, accounts: frozenset[str]) -> dict[str, Row]:
    """The latest row of each active stream on these accounts: what is known of the next one."""
    rows = rows_of(desk, [one for one in desk.streams if one.active and one.next_minor])
    return {id_: own[0] for id_, own in rows.items() if own and own[0].account_id in accounts}


def _known_moves(desk: Desk, accounts: frozenset[str], end: date) -> dict[date, int]:
    """The signed sum of the streams' payments on these accounts, per day."""
    latest = _latest(desk, accounts)
    mine = [one for one in desk.streams if one.id in latest]
    moves: dict[date, int] = {}
    for due in due_between(desk, mine, desk.tomorrow, end):
        day = _day(desk, due.stream, due.day)
        signed = due.minor if (due.stream.next_minor or 0) > 0 else -due.minor
        moves[day] = moves.get(day, 0) + signed
    return moves


def _day(desk: Desk, stream: Stream, day: date) -> date:
    pay = stream.income and within(stream.category, "income.pay")
    return max(last_working(day, desk.person.country), desk.tomorrow) if pay else day


def _weekly_habit(desk: Desk, accounts: frozenset[str]) -> list[int]:
    """What everyday payments came to in each of the last whole weeks, as money out."""
    first = desk.span[0] if desk.span else desk.today
    weeks = min(HABIT_WEEKS, (desk.tomorrow - first).days // 7)
    start = desk.tomorrow - timedelta(days=7 * weeks)
    sums = [0] * weeks
    for row in desk.rows(Where(desk.tomorrow, start=start, accounts=sorted(accounts))):
        own = any(within(row.category, n) for n in ("savings", "transfers", "debt.credit_card"))
        if row.stream_id is None and not own and row.minor < 0:
            sums[(row.booked - start).days // 7] -= row.minor
    return sums


def project(desk: Desk, accounts: frozenset[str], balance: int, last: date) -> Projection:
    """Projects a balance day by day.

    Args:
        desk: What the turn may look at.
        accounts: Whose rows count.
        balance: What is there today, minor units.
        last: The last day.

    Raises:
        UnclearError: There is too little history to know what is usual.
    """
    weeks = _weekly_habit(desk, accounts)
    if len(weeks) < FEWEST_WEEKS:
        raise UnclearError("I need about a month of transactions before I can forecast a balance.")
    moves = _known_moves(desk, accounts, last + DAY)
    habit = Fraction(sum(weeks), 7 * len(weeks))
    days, spreads = {desk.today: balance}, {desk.today: 0}
    known, usual = balance, SPREAD * pstdev(weeks)
    for number in range(1, (last - desk.today).days + 1):
        day = desk.today + timedelta(days=number)
        known += moves.get(day, 0)
        days[day] = known - floor(habit * number)
        spreads[day] = floor(usual * sqrt(number / 7))
    return Projection(days, spreads)


def _last_day(desk: Desk, query: Query) -> date:
    end = query.period.end if query.period else None
    if end is None or end <= desk.tomorrow:
        month = desk.today.replace(day=28) + timedelta(days=4)
        end = month.replace(day=1)
    return end - DAY


def forecast(desk: Desk, query: Query) -> Answer:
    """What the balance should be on a day, the range it may be in, and its lowest point before.

    Raises:
        UnclearError: Too far ahead, no balance is known, or too little history.
    """
    ids = frozenset(query.accounts or [account.id for account in spendable(desk)])
    known = [one for one in desk.balances(desk.today) if one.account.id in ids]
    currencies = {one.account.currency for one in known}
    if not known or any(one.minor is None for one in known) or len(currencies) > 1:
        raise UnclearError("For which account shall I forecast? I need one whose balance I know.")
    last = _last_day(desk, query)
    if (last - desk.today).days > FURTHEST_DAYS:
        raise UnclearError("That is too far ahead to say anything useful; ask within three months.")
    found = project(desk, ids, sum(one.minor or 0 for one in known), last)
    currency, form = currencies.pop(), format_of(desk)
    low, high = found.end - found.spread, found.end + found.spread
    day, minor = found.lowest
    tail = ", ".join(p for p in (account_names(desk, sorted(ids)), as_of(desk)) if p)
    first = (
        f"About {form.money(found.end, currency)} on {form.day(last)}, probably "
        f"{form.money(low, currency)} to {form.money(high, currency)} ({tail})."
    )
    bottom = f"Lowest: {form.money(minor, currency)} on {form.day(day)}."
    dry = _runs_out(found.days)
    out = f"It would run out on {form.day(dry)}." if dry else "It should not run out before."
    accounts = tuple(sorted(ids))
    earlier = track.record(track.grades(desk, accounts, currency), currency)
    basis = "A forecast from your regular payments and habits."
    return Answer(
        fit(first, [bottom, out, _track_sentence(form, earlier, currency), basis]),
        replace(query, period=query.period or Period(None, last + DAY)),
        figures=_figures(found, currency, earlier),
        counts=[("months", track.MONTHS), ("hits", earlier.hits)] if earlier else [],
        forecast=Forecast(accounts, desk.today, last, found.end, low, high, currency),
        picture=charting.ahead(desk, sorted(ids), found.days, found.spreads, currency),
        dates=[("lowest", day)],
        transactions=[row.id for row in _latest(desk, ids).values()],
        buttons=[steps.say("Upcoming bills", "upcoming_bills")],
    )


def _runs_out(days: dict[date, int]) -> date | None:
    return next((day for day in sorted(days) if days[day] < 0), None)


def _track_sentence(form: Format, earlier: track.Record | None, currency: str) -> str:
    if earlier is None:
        return ""
    within = form.money(earlier.minor, currency)
    return f"I was within {within} in {earlier.hits} of your last {track.MONTHS} months."


def _figures(found: Projection, currency: str, earlier: track.Record | None) -> Sequence[Figure]:
    return [
        Figure("forecast", found.end, currency),
        Figure("low", found.end - found.spread, currency),
        Figure("high", found.end + found.spread, currency),
        Figure("lowest", found.lowest[1], currency),
        *([Figure("within", earlier.minor, currency)] if earlier else []),
    ]
