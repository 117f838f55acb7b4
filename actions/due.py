"""When recurring payments fall due: occurrences of streams, moved to working days by banks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

from actions.calendar import add_months
from actions.counting import within
from actions.desk import DAY, Desk
from ledger.queries import Row, Where
from ledger.types import Stream

STEPS = {"weekly": 7, "fortnightly": 14, "four_weekly": 28}
MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
PER_YEAR = {
    "weekly": 52,
    "fortnightly": 26,
    "four_weekly": 13,
    "monthly": 12,
    "quarterly": 4,
    "half_yearly": 2,
    "yearly": 1,
}
MOST_OCCURRENCES = 400
"""A weekly payment over seven years; no question looks further."""
PULLED = (
    *("direct debit", "standing order", "bacs", "ach ", " dd ", "sto ", "orig co name"),
    *("sec:web", "sec:ppd", "sec:ccd", "web pmts", "autopay", "epay", "bill pay"),
)
"""Bank text of payments that move to a working day; card payments fall on any day."""


@dataclass(frozen=True, slots=True)
class Due:
    """One expected payment.

    Attributes:
        minor: Its expected size, positive, in minor units of the stream's currency.
        low: The least it was of late, and ``high`` the most.
    """

    stream: Stream
    day: date
    minor: int
    low: int
    high: int


@lru_cache(maxsize=32)
def _holidays(country: str) -> holidays.HolidayBase:
    subdivision = "ENG" if country == "GB" else None
    return holidays.country_holidays(country, subdiv=subdivision)


def is_working(day: date, country: str) -> bool:
    """Whether banks of the country work on a day."""
    return day.weekday() < 5 and day not in _holidays(country)


def next_working(day: date, country: str) -> date:
    """The day itself, or the next one on which banks work."""
    while not is_working(day, country):
        day += DAY
    return day


def last_working(day: date, country: str) -> date:
    """The day itself, or the one before on which banks work."""
    while not is_working(day, country):
        day -= DAY
    return day


def _in_month(month: date, day_of_month: int) -> date:
    return min(month + timedelta(days=day_of_month - 1), add_months(month, 1) - DAY)


def nominal_days(stream: Stream) -> Iterator[date]:
    """The days a stream falls due from its next one on, working days not yet regarded."""
    if stream.next_on is None:
        return
    for number in range(MOST_OCCURRENCES):
        if stream.cadence in STEPS:
            yield stream.next_on + timedelta(days=STEPS[stream.cadence] * number)
        else:
            months = MONTHS.get(stream.cadence, 1) * number
            yield _in_month(add_months(stream.next_on, months), stream.next_on.day)


def size(stream: Stream) -> tuple[int, int, int]:
    """The expected, the least and the most of a stream's payment, as positive minor units."""
    expected = abs(stream.next_minor or 0)
    bounds = [abs(b) for b in (stream.next_low, stream.next_high) if b is not None]
    return expected, min([expected, *bounds]), max([expected, *bounds])


def due_between(desk: Desk, streams: Sequence[Stream], start: date, end: date) -> list[Due]:
    """What falls due from ``start`` to before ``end``, the soonest first."""
    country = desk.person.country
    moved = pulled_streams(desk, streams)
    found = []
    for stream in streams:
        expected, low, high = size(stream)
        for nominal in nominal_days(stream):
            if nominal >= end:
                break
            day = next_working(nominal, country) if stream.id in moved else nominal
            if start <= day < end:
                found.append(Due(stream, day, expected, low, high))
    return sorted(found, key=lambda due: (due.day, -due.minor, due.stream.id))


def pulled_streams(desk: Desk, streams: Sequence[Stream]) -> frozenset[str]:
    """Those that banks move to a working day: direct debits and standing orders."""
    rows = rows_of(desk, streams)
    return frozenset(
        stream_id
        for stream_id, members in rows.items()
        if members and any(word in f"{members[0].description.casefold()} " for word in PULLED)
    )


def rows_of(desk: Desk, streams: Sequence[Stream]) -> dict[str, list[Row]]:
    """The rows of each stream, newest first."""
    found: dict[str, list[Row]] = {stream.id: [] for stream in streams}
    if streams:
        for row in desk.rows(Where(desk.tomorrow, streams=sorted(found))):
            found[str(row.stream_id)].append(row)
    return found


def outgoing(desk: Desk) -> list[Stream]:
    """The person's active recurring payments; own savings and transfers are no bills.

    The repayment of a card is due like a bill, though it is no spending.
    """
    return [
        one
        for one in desk.streams
        if not one.income
        and one.active
        and (one.next_minor or 0) < 0
        and not within(one.category, "savings")
        and not within(one.category, "transfers.own_account")
    ]
