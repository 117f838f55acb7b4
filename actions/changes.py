"""What changed about a recurring payment: its price, a trial that ended, whether it is used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from actions.commitments import name_of, price_rise
from actions.counting import within
from actions.desk import Desk
from actions.evidence import format_of
from ledger.queries import Counterparty, Row, Where
from ledger.types import Stream

UNUSED_DAYS = 60
"""A membership for buying somewhere, without a purchase there for so long, is said."""
_COMMON = frozenset({"the", "app", "my", "pay", "one", "new", "royal", "national"})
"""First words of a name that make no brand."""


@dataclass(frozen=True, slots=True)
class Rise:
    """A fixed price that went up: minor units before and since, and from which day."""

    before: int
    after: int
    on: date


def rise_of(stream: Stream, rows: Sequence[Row]) -> Rise | None:
    """The latest price rise of a stream, its rows newest first."""
    if stream.price_rises:
        latest = stream.price_rises[-1]
        return Rise(abs(latest.before), abs(latest.after), latest.on)
    found = price_rise([-row.minor for row in rows])
    return Rise(found[0], found[1], rows[found[2]].booked) if found else None


def trial_ended(stream: Stream, rows: Sequence[Row]) -> date | None:
    """The day of the first payment after a free trial."""
    if stream.trial_ended_on is not None:
        return stream.trial_ended_on
    sizes = [-row.minor for row in rows]
    if len(sizes) > 1 and sizes[-1] == 0 and sizes[0] > 0:
        return next(row.booked for row in reversed(rows) if row.minor < 0)
    return None


def last_used(desk: Desk, stream: Stream) -> date | None:
    """The last purchase at the shop that a membership is for, if it is long ago.

    The bank shows use only where the membership's brand is paid for single purchases, too.
    """
    brand = _brand(stream.counterparty_id)
    if brand is None or not within(stream.category, "subscriptions"):
        return None
    family = [one.id for one in desk.counterparties if _is_shop(one, brand)]
    if not family:
        return None
    rows = desk.rows(Where(desk.tomorrow, counterparties=family))
    bought = [row.booked for row in rows if row.stream_id is None and row.minor < 0]
    if not bought or max(bought) > desk.today - timedelta(days=UNUSED_DAYS):
        return None
    return max(bought)


def _brand(counterparty_id: str | None) -> str | None:
    first = (counterparty_id or "").split("_")[0]
    return first if len(first) > 2 and first not in _COMMON else None


def _is_shop(one: Counterparty, brand: str) -> bool:
    digital = one.categories and within(one.categories[0], "subscriptions")
    return one.id.split("_")[0] == brand and not digital


def notes(desk: Desk, streams: Sequence[Stream], rows: Mapping[str, Sequence[Row]]) -> list[str]:
    """A sentence for each change, the newest first, then for each that seems unused."""
    form, dated, unused = format_of(desk), [], []
    for stream in streams:
        name, members = name_of(stream), rows[stream.id]
        ended, rise = trial_ended(stream, members), rise_of(stream, members)
        if ended is not None:
            dated.append((ended, f"{name}'s free trial turned paid on {form.day(ended)}."))
        if rise is not None and (ended is None or rise.on > ended):
            dated.append(
                (
                    rise.on,
                    f"{name} rose from {form.money(rise.before, stream.currency)} to "
                    f"{form.money(rise.after, stream.currency)} on {form.day(rise.on)}.",
                )
            )
        bought = last_used(desk, stream)
        if bought is not None:
            unused.append(f"{name}: your last purchase there was on {form.day(bought)}.")
    return [text for _, text in sorted(dated, reverse=True)] + unused
