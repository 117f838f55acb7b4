"""Periods that only the ledger can tell: since payday, until payday, since the last time."""

import re
from datetime import date

from actions.desk import DAY, Desk
from actions.errors import UnclearError
from actions.query import Period
from ledger.queries import Where
from ledger.types import Stream

CLOSE_CALL = 0.1
"""An income stream whose confidence is this near to the best one's is named beside it."""
_UNTIL = re.compile(r"\b(?:until|till?|til|before|by|up to|to)\b", re.IGNORECASE)
_LAST_CYCLE = re.compile(r"\b(?:last|previous)\b.*\b(?:cycle|period|month|cheque|check)\b", re.I)
_NEXT = re.compile(r"\bnext\b", re.IGNORECASE)


def income_streams(desk: Desk) -> list[Stream]:
    """The person's active pay, the most certain first; pay outranks other income."""
    pay = [one for one in desk.streams if one.income and one.status == "active"]
    return sorted(
        pay,
        key=lambda one: (
            not (one.category or "").startswith("income.pay.salary"),
            not (one.category or "").startswith("income.pay"),
            -one.confidence,
            one.id,
        ),
    )


def paydays(desk: Desk) -> list[date]:
    """The booking dates of the person's pay, newest first.

    The rows of the most certain income stream; where no stream was found, those filed as salary.
    """
    streams = income_streams(desk)
    rows = desk.rows(Where(desk.tomorrow, categories=_pay_categories(streams)))
    if streams:
        rows = [row for row in rows if row.stream_id == streams[0].id]
    return sorted({row.booked for row in rows if row.minor > 0}, reverse=True)


def _pay_categories(streams: list[Stream]) -> tuple[str, ...]:
    category = streams[0].category if streams else "income.pay.salary"
    return (category,) if category else ()


def next_payday(desk: Desk) -> date | None:
    """When the next pay is expected, strictly after today; None where it is not known."""
    streams = income_streams(desk)
    if not streams or streams[0].next_on is None or streams[0].next_on <= desk.today:
        return None
    return streams[0].next_on


def _payday(desk: Desk, value: str) -> Period:
    known = paydays(desk)
    if _UNTIL.search(value) or _NEXT.search(value):
        coming = next_payday(desk)
        if coming is None:
            raise UnclearError("I can't tell your next payday yet. Until which date shall I look?")
        return Period(desk.today, coming)
    if not known:
        raise UnclearError("I don't see a payday in your accounts yet. Since which date?")
    if _LAST_CYCLE.search(value) and len(known) > 1:
        return Period(known[1], known[0])
    if re.search(r"\b(?:on|last) pay", value, re.IGNORECASE) and "since" not in value.casefold():
        return Period(known[0], known[0] + DAY)
    return Period(known[0], desk.tomorrow)


def resolve_context(desk: Desk, needs: str, value: str, text: str) -> Period:
    """The dates of a period that was left open for the ledger.

    Args:
        desk: What the turn may look at.
        needs: ``payday``, ``billing_cycle``, ``trip``, ``school_holiday`` or ``last_occurrence``.
        value: The period as written.
        text: The whole message.

    Raises:
        UnclearError: The ledger does not tell it either; it is asked, never guessed.
    """
    if needs == "payday":
        return _payday(desk, value if len(value) > 6 else text)
    asked = {
        "billing_cycle": "From which day does that billing period run?",
        "trip": "From when to when was the trip?",
        "school_holiday": "From when to when is that holiday for you?",
    }
    if needs in asked:
        raise UnclearError(f"{asked[needs]} Two dates, such as 16 to 19 July, will do.")
    raise UnclearError(f"From which date do you mean “{value[:40]}”? A day or a month helps.")
