"""What an alert watches for, as facts: each has a key, so that it is told once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from actions import counting
from actions.budgets import current_period
from actions.commitments import name_of
from actions.counting import Entry
from actions.desk import Desk
from actions.due import due_between, outgoing
from actions.evidence import entries, format_of, subject
from actions.paydays import pay_rows
from actions.query import Amount, Period, Query
from actions.savings_history import daily_balance
from actions.say import row_name, short
from ledger.alerts import Alert
from ledger.queries import Where, charged_again
from ledger.types import Account, Stream

RECENT = timedelta(days=14)
"""How old a payment may be that is told: a file of last year's is no news."""
CROSSED = 62
"""Days that are looked back for when a balance passed its bound."""
RISEN = timedelta(days=62)
"""How old a price rise may be that is told: a yearly statement tells of it late."""
BILL_DAYS = 3


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened, or will.

    Attributes:
        key: Names it; what was told under a key is not told again by any alert.
        text: It in a few words, without a full stop.
        rows: The transaction ids that it rests on.
    """

    key: str
    day: date
    text: str
    rows: tuple[str, ...] = ()


def facts(desk: Desk, alert: Alert) -> list[Fact]:
    """What an alert has to tell as of the turn's today, the oldest first; told or not."""
    return sorted(_WATCHED[alert.kind](desk, alert), key=lambda fact: (fact.day, fact.key))


def query_of(alert: Alert, period: Period) -> Query:
    """The payments that an alert is about, in a period."""
    amount = None
    if alert.minor is not None and alert.op is not None and alert.kind != "spent":
        amount = Amount(alert.op, alert.minor, currency=alert.currency)
    return Query(
        "biggest_purchases",
        period,
        alert.merchants,
        "in" if alert.kind == "money_in" else "out",
        alert.categories,
        alert.accounts,
        amount=amount,
    )


def payment_text(desk: Desk, entry: Entry) -> str:
    """A payment in a few words: ``£250.00 at ASOS on 3 November``."""
    row, form = entry.row, format_of(desk)
    way = "from" if row.minor > 0 else "to"
    name = row_name(row.counterparty, row.description)
    return f"{form.money(abs(row.minor), row.currency)} {way} {name} on {form.day(row.booked)}"


def _payments(desk: Desk, alert: Alert) -> list[Fact]:
    found = entries(desk, query_of(alert, Period(desk.today - RECENT, desk.tomorrow)))
    return [
        Fact(f"row:{one.row.id}", one.row.booked, payment_text(desk, one), (one.row.id,))
        for one in found
    ]


def _paydays(desk: Desk, alert: Alert) -> list[Fact]:  # noqa: ARG001
    return [
        Fact(
            f"row:{row.id}",
            row.booked,
            f"your pay is in, {payment_text(desk, Entry(row, row.minor))}",
            (row.id,),
        )
        for row in pay_rows(desk)
        if row.booked >= desk.today - RECENT
    ]


def _spent(desk: Desk, alert: Alert) -> list[Fact]:
    """Once a week or month: spending on something has passed the amount."""
    period = current_period(desk, alert.unit or "month")
    asked = Query(
        "spending_total", period, alert.merchants, "out", alert.categories, alert.accounts
    )
    found = entries(desk, asked)
    spent = counting.totals(found).get(alert.currency, 0)
    if alert.minor is None or spent <= alert.minor or period.start is None:
        return []
    form = format_of(desk)
    about = subject(desk, asked) or "in all"
    text = (
        f"you've spent {form.money(spent, alert.currency)} {about} this {alert.unit or 'month'}, "
        f"over your {form.money(alert.minor, alert.currency)}"
    )
    rows = tuple(one.row.id for one in found)
    return [Fact(f"{alert.id}:{period.start}", desk.today, text, rows)]


def watched_accounts(desk: Desk, alert: Alert) -> list[Account]:
    """The accounts whose balance an alert watches: the named, or the current ones."""
    return [
        one
        for one in desk.accounts
        if (one.id in alert.accounts if alert.accounts else one.type == "checking")
        and one.currency == alert.currency
    ]


def _balances(desk: Desk, alert: Alert) -> list[Fact]:
    """A balance that has passed its bound and still is beyond: told once for each passing."""
    found = []
    for account in watched_accounts(desk, alert):
        days = daily_balance(desk, account, desk.tomorrow - timedelta(days=CROSSED))
        passed = _passed(days, alert, account)
        if passed is None:
            continue
        form, minor = format_of(desk), days[desk.today]
        size = form.money(_held(minor, account), account.currency)
        bound = form.money(alert.minor or 0, alert.currency)
        beyond = "under" if is_below(alert) else "over"
        owed = " owed" if account.type == "credit" else ""
        text = f"{short(account.name)} is at {size}{owed}, {beyond} your {bound}"
        found.append(Fact(f"{alert.id}:{account.id}:{passed}", desk.today, text))
    return found


def is_below(alert: Alert) -> bool:
    """Whether an alert is told of balances below its amount, not above."""
    return alert.op in {"lt", "lte", None}


def _held(minor: int, account: Account) -> int:
    """A balance as people speak of it: of a card what is owed."""
    return -minor if account.type == "credit" else minor


def _passed(days: Mapping[date, int], alert: Alert, account: Account) -> date | None:
    """The first day of those without a break until today on which a balance was beyond."""
    bound = alert.minor or 0
    passed = None
    for day in sorted(days, reverse=True):
        held = _held(days[day], account)
        if not (held < bound if is_below(alert) else held > bound):
            return passed
        passed = day
    return None


def bill_key(stream: Stream) -> str:
    """Names a stream's next payment, however its expected day moves."""
    return f"bill:{stream.counterparty_id or stream.id}:{stream.category}:{stream.count}"


def bills(desk: Desk, streams: Sequence[Stream], days: int) -> list[Fact]:
    """What falls due within some days, each payment once."""
    form = format_of(desk)
    found: dict[str, Fact] = {}
    for due in due_between(desk, streams, desk.today, desk.tomorrow + timedelta(days=days)):
        about = "about " if due.low != due.high else ""
        amount = form.money(due.minor, due.stream.currency)
        text = f"{name_of(due.stream)} {about}{amount} on {form.day(due.day)}"
        found.setdefault(bill_key(due.stream), Fact(bill_key(due.stream), due.day, text))
    return list(found.values())


def _bills(desk: Desk, alert: Alert) -> list[Fact]:
    chosen = [
        one
        for one in outgoing(desk)
        if (not alert.merchants or one.counterparty_id in alert.merchants)
        and (not alert.categories or one.category in counting.covered(alert.categories))
    ]
    return bills(desk, chosen, BILL_DAYS if alert.days is None else alert.days)


def _rises(desk: Desk, alert: Alert) -> list[Fact]:  # noqa: ARG001
    """Prices of regular payments that went up of late, and trials that turned paid."""
    since = desk.today - RISEN
    form, found = format_of(desk), []
    for stream in outgoing(desk):
        name, key = name_of(stream), f"rise:{stream.counterparty_id or stream.id}"
        for rise in stream.price_rises:
            before, after = (
                form.money(abs(one), stream.currency) for one in (rise.before, rise.after)
            )
            text = f"{name} went from {before} to {after} on {form.day(rise.on)}"
            found.append(Fact(f"{key}:{rise.on}", rise.on, text))
        ended = stream.trial_ended_on
        if ended is not None:
            text = f"{name}'s free trial turned paid on {form.day(ended)}"
            found.append(Fact(f"{key}:{ended}", ended, text))
    return [fact for fact in found if since <= fact.day <= desk.today]


def charged_twice(desk: Desk) -> list[Fact]:
    """Payments of the last days that charge another one a second time."""
    twice = charged_again(desk.connection, desk.scope, desk.today - RECENT, desk.tomorrow)
    rows = desk.rows(Where(desk.tomorrow, ids=sorted(twice))) if twice else []
    return [
        Fact(
            f"twice:{row.id}",
            row.booked,
            f"charged twice, it seems: {payment_text(desk, Entry(row, -row.minor))}",
            (row.id, twice[row.id]),
        )
        for row in rows
    ]


_WATCHED: Mapping[str, Callable[[Desk, Alert], list[Fact]]] = {
    "balance": _balances,
    "payment": _payments,
    "money_in": _payments,
    "payday": _paydays,
    "spent": _spent,
    "bill": _bills,
    "rise": _rises,
    "duplicate": lambda desk, _: charged_twice(desk),
}
"""How each kind of alert finds its facts."""
