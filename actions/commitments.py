"""What is common to answers about recurring payments: which are meant, what they cost."""

from collections.abc import Mapping, Sequence

from actions.counting import covered, within
from actions.due import PER_YEAR, size
from actions.query import Query
from actions.say import category_name, short
from ledger.queries import Row
from ledger.types import Stream

MEMBERSHIPS = ("personal.fitness", "entertainment.sports_clubs", "services.dues")
"""Recurring memberships outside the taxonomy's `subscriptions` branch."""


def name_of(stream: Stream) -> str:
    """Whom a recurring payment goes to."""
    return short(stream.counterparty or category_name(stream.category or "") or stream.id)


def is_subscription(stream: Stream) -> bool:
    """Whether a recurring payment is a subscription or a membership."""
    return any(within(stream.category, node) for node in ("subscriptions", *MEMBERSHIPS))


def matches(stream: Stream, query: Query) -> bool:
    """Whether a stream passes the question's merchants, categories and what it leaves out."""
    if query.merchants and stream.counterparty_id not in query.merchants:
        return False
    if query.categories and stream.category not in covered(query.categories):
        return False
    out = query.exclude
    return stream.counterparty_id not in out.merchants and stream.category not in covered(
        out.categories
    )


def on_accounts(
    streams: Sequence[Stream], rows: Mapping[str, Sequence[Row]], query: Query
) -> list[Stream]:
    """The streams that are paid from the question's accounts, told by their latest row."""
    if not query.accounts:
        return list(streams)
    return [s for s in streams if rows[s.id] and rows[s.id][0].account_id in query.accounts]


def row_ids(streams: Sequence[Stream], rows: Mapping[str, Sequence[Row]]) -> list[str]:
    """The transaction ids of streams."""
    return [row.id for stream in streams for row in rows[stream.id]]


def yearly(stream: Stream) -> int:
    """What a recurring payment costs a year at its expected size, minor units."""
    return size(stream)[0] * PER_YEAR.get(stream.cadence, 12)


def price_rise(sizes: Sequence[int]) -> tuple[int, int, int] | None:
    """The step of a price that was level before and has been since: old, new, position of the new.

    Amounts that vary from payment to payment, such as exchange rates, are no rise.
    """
    steps_ = [n for n in range(len(sizes) - 1) if sizes[n] != sizes[n + 1]]
    if len(steps_) != 1 or sizes[0] <= sizes[-1] or sizes[-1] == 0:
        return None
    return sizes[-1], sizes[0], steps_[0]
