"""Which time it is for a person."""

from datetime import datetime
from zoneinfo import ZoneInfo

from ledger.types import Person


def now_for(person: Person, real_now: datetime) -> datetime:
    """The time a turn of this person is asked at, in their time zone.

    A demo person lives on the day after their last row (`Person.clock`), at today's time of day;
    everyone else lives now.

    Args:
        person: Whose turn it is.
        real_now: The real time, aware.
    """
    local = real_now.astimezone(ZoneInfo(person.timezone))
    if person.demo and person.clock is not None:
        day = person.clock
        return local.replace(year=day.year, month=day.month, day=day.day)
    return local
