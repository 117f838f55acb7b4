"""Periods that only the ledger can tell: since payday, until payday, since the last time."""

import re
from datetime import date

from actions.desk import DAY, Desk
from actions.errors import UnclearError
from actions.query import Period
from ledger.queries import Row, Where
from ledger.types import Stream

FEWEST_OF_A_STAY = 3
"""Fewer rows that print a place are no stay there."""
LONGEST_GAP = 3
"""Days without a row that prints the place, after which the next one is another stay."""
LONGEST_STAY = 60
"""Days; rows that print a place for longer are everyday life."""
SINCE_LAST = re.compile(
    r"\bsince (?:i|we) last\b|\bsince (?:the|my|our) last (?:time|visit|trip|go)\b", re.IGNORECASE
)
"""Words that name somebody for the date of the last time alone."""
_IN_PLACE = re.compile(r"\b(?:in|around) ([^\W\d_]{4,})\b", re.IGNORECASE)
_SINCE = re.compile(r"\bsince\b", re.IGNORECASE)
_TRAVEL = frozenset(
    [
        "trip",
        "holiday",
        "holidays",
        "vacation",
        "weekend",
        "break",
        "during",
        "when",
        "from",
        "since",
        "while",
        "were",
        "away",
        "last",
        "this",
        "city",
        "honeymoon",
        "visit",
    ]
)
CLOSE_CALL = 0.1
"""An income stream whose confidence is this near to the best one's is named beside it."""
_UNTIL = re.compile(r"\b(?:until|till?|til|before|by|up to|to)\b", re.IGNORECASE)
_LAST_CYCLE = re.compile(r"\b(?:last|previous)\b.*\b(?:cycle|period|month|cheque|check)\b", re.I)
_NEXT = re.compile(r"\bnext\b", re.IGNORECASE)


def income_streams(desk: Desk) -> list[Stream]:
    """The person's active pay, the most certain first; pay outranks other income."""
    pay = [one for one in desk.streams if one.income and one.active]
    return sorted(
        pay,
        key=lambda one: (
            not (one.category or "").startswith("income.pay.salary"),
            not (one.category or "").startswith("income.pay"),
            -one.confidence,
            one.id,
        ),
    )


def pay_rows(desk: Desk) -> list[Row]:
    """The rows of the person's pay, newest first.

    Those of the most certain income stream; where no stream was found, those filed as salary.
    """
    streams = income_streams(desk)
    rows = desk.rows(Where(desk.tomorrow, categories=_pay_categories(streams)))
    if streams:
        rows = [row for row in rows if row.stream_id == streams[0].id]
    return [row for row in rows if row.minor > 0]


def paydays(desk: Desk) -> list[date]:
    """The booking dates of the person's pay, newest first."""
    return sorted({row.booked for row in pay_rows(desk)}, reverse=True)


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


def _last_time(desk: Desk, value: str, text: str, merchants: tuple[str, ...]) -> Period:
    """The day of the last payment to somebody, or the days since."""
    rows = desk.rows(Where(desk.tomorrow, counterparties=merchants))
    days = [row.booked for row in rows if row.minor < 0]
    if not days:
        raise UnclearError(
            f"I see no payment there to count from. From which date, “{value[:30]}”?"
        )
    since = _SINCE.search(value) or _SINCE.search(text)
    return Period(days[0], desk.tomorrow if since else days[0] + DAY)


def _trip(desk: Desk, value: str) -> Period:
    """The days of the latest stay in a named place, told by the rows that print it."""
    places = [word for word in re.findall(r"[^\W\d_]{4,}", value) if word.casefold() not in _TRAVEL]
    found: list[date] = []
    for place in places:
        rows = desk.described(place)
        printed = re.compile(rf"\b{re.escape(place)}\b", re.IGNORECASE)
        found += [row.purchased or row.booked for row in rows if printed.search(row.description)]
    stay = _latest_run(sorted(found, reverse=True))
    if len(stay) < FEWEST_OF_A_STAY or (stay[0] - stay[-1]).days > LONGEST_STAY:
        raise UnclearError("From when to when was the trip? Two dates, such as 16 to 19 July.")
    return Period(stay[-1], stay[0] + DAY)


def stay_in(desk: Desk, text: str) -> Period | None:
    """The days of a stay in a place that a message names ("in Porto"), None where it names none.

    Only a place that the ledger knows as the city of a row counts; one where the person always is
    would need a filter by place, which there is not.

    Raises:
        UnclearError: It is a place of everyday life.
    """
    for word in _IN_PLACE.findall(text):
        rows = [
            row for row in desk.described(word) if (row.city or "").casefold() == word.casefold()
        ]
        if rows:
            try:
                return _trip(desk, word)
            except UnclearError as error:
                raise UnclearError(
                    f"I can't narrow an answer to {word.title()} yet. Name a shop, a category or "
                    "dates instead."
                ) from error
    return None


def _latest_run(days: list[date]) -> list[date]:
    """The newest days without a gap of more than `LONGEST_GAP` between them."""
    run = days[:1]
    for day in days[1:]:
        if (run[-1] - day).days > LONGEST_GAP:
            break
        run.append(day)
    return run


def resolve_context(
    desk: Desk, needs: str, value: str, text: str, merchants: tuple[str, ...] = ()
) -> Period:
    """The dates of a period that was left open for the ledger.

    Args:
        desk: What the turn may look at.
        needs: ``payday``, ``billing_cycle``, ``trip``, ``school_holiday`` or ``last_occurrence``.
        value: The period as written.
        text: The whole message.
        merchants: The counterparties that the message names.

    Raises:
        UnclearError: The ledger does not tell it either; it is asked, never guessed.
    """
    if needs == "last_occurrence" and merchants:
        return _last_time(desk, value, text, merchants)
    if needs == "trip":
        return _trip(desk, value)
    if needs == "payday":
        return _payday(desk, value if len(value) > 6 else text)
    asked = {
        "billing_cycle": "From which day does that billing period run?",
        "school_holiday": "From when to when is that holiday for you?",
    }
    if needs in asked:
        raise UnclearError(f"{asked[needs]} Two dates, such as 16 to 19 July, will do.")
    raise UnclearError(f"From which date do you mean “{value[:40]}”? A day or a month helps.")
