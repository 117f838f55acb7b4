"""Answers about what may be spent: safe until payday, and whether something is affordable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from actions import steps
from actions.answer import Answer, Figure
from actions.counting import within
from actions.desk import Desk
from actions.doubts import with_room
from actions.due import Due, due_between, outgoing, rows_of
from actions.errors import Button, UnclearError
from actions.evidence import as_of, format_of
from actions.incoming import runner_up
from actions.paydays import income_streams, next_payday
from actions.query import Period, Query
from actions.savings_history import set_aside
from actions.say import and_list, count, short
from ledger.queries import Row, Where
from ledger.types import Account


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is there now and what falls due before a day, in one currency.

    Attributes:
        until: The day before which it must last: payday, or the one that was named.
        balance: What is in the current accounts.
        due: What they will be asked for until then.
        aside: What autosave put aside in the plan; it lies in these accounts still.
        pay: What the surest income brings before that day, where it is beyond the next payday.
    """

    until: date
    currency: str
    balance: int
    due: tuple[Due, ...]
    aside: int = 0
    pay: tuple[Due, ...] = ()

    @property
    def income(self) -> int:
        """The sum of the pay that comes before the day; the least, where it varies."""
        return sum(one.low for one in self.pay)

    @property
    def bills(self) -> int:
        """The sum of what falls due; the most, where an amount varies."""
        return sum(one.high for one in self.due)

    @property
    def safe(self) -> int:
        """What is left once everything due is paid, negative where it does not reach."""
        return self.balance + self.income - self.bills - self.aside


def spendable(desk: Desk) -> list[Account]:
    """The current accounts in the home currency: what everyday spending is paid from."""
    home = desk.person.currency
    return [one for one in desk.accounts if one.type == "checking" and one.currency == home]


def ahead(desk: Desk, query: Query) -> Ahead:
    """What may be spent before the next payday, or before the end of a named period.

    Raises:
        UnclearError: No payday is known and no date was named, or no balance is known.
    """
    accounts = spendable(desk)
    ids = {account.id for account in accounts}
    known = [b.minor for b in desk.balances(desk.today) if b.account.id in ids]
    if not accounts or any(minor is None for minor in known):
        raise UnclearError("I need a current account whose balance I know before I can tell that.")
    until = _until(desk, query)
    if until is None:
        raise UnclearError("I can't tell your next payday yet. Until which date should it last?")
    streams = outgoing(desk)
    rows = rows_of(desk, streams)
    paid_from = [one for one in streams if rows[one.id] and rows[one.id][0].account_id in ids]
    due = due_between(desk, paid_from, desk.today, until)
    exact = tuple(_card_due(desk, one, rows[one.stream.id]) for one in due)
    balance = sum(minor for minor in known if minor is not None)
    pay = due_between(desk, income_streams(desk)[:1], desk.tomorrow, until)
    pay = [one for one in pay if one.stream.currency == desk.person.currency]
    return Ahead(until, desk.person.currency, balance, exact, set_aside(desk), tuple(pay))


def _until(desk: Desk, query: Query) -> date | None:
    end = query.period.end if query.period else None
    if end is not None and end > desk.today:
        return end
    return next_payday(desk)


def _card_due(desk: Desk, due: Due, rows: Sequence[Row]) -> Due:
    """A card that is paid in full is due with what is owed on it, not with what was usual."""
    if not within(due.stream.category, "debt.credit_card"):
        return due
    owed = _owed_in_full(desk, rows)
    return due if owed is None else replace(due, minor=owed, low=owed, high=owed)


def _owed_in_full(desk: Desk, repayments: Sequence[Row]) -> int | None:
    """What is owed now on the one card that these repayments have always paid in full.

    In full means that each of the last repayments equals what was owed on the card at the end of
    some day of the 45 before it, which is how a statement works.
    """
    latest = repayments[:3]
    if len(latest) < 2:
        return None
    now = {one.account.id: one.minor for one in desk.balances(desk.today)}
    for card in (one for one in desk.accounts if one.type == "credit"):
        balance = now[card.id]
        if balance is None:
            continue
        owed = _owed_by_day(desk, card, balance)
        if all(_was_owed(owed, row) for row in latest):
            return max(0, -balance)
    return None


def _owed_by_day(desk: Desk, card: Account, balance: int) -> dict[date, int]:
    """What was owed at the end of each day on which something was booked to a card."""
    rows = desk.rows(Where(desk.tomorrow, accounts=(card.id,)))
    owed: dict[date, int] = {}
    for row in rows:  # newest first: each row undone gives the balance before it
        owed.setdefault(row.booked, -balance)
        balance -= row.minor
    return owed


def _was_owed(owed: Mapping[date, int], repayment: Row) -> bool:
    first = repayment.booked - timedelta(days=45)
    return any(
        minor == -repayment.minor for day, minor in owed.items() if first <= day < repayment.booked
    )


def safe_to_spend(desk: Desk, query: Query) -> Answer:
    """How much may be spent until payday or a date, after what falls due; and per day.

    Of a period that ends before payday it is the share of its days, so that the rest still lasts.
    """
    payday = next_payday(desk)
    end = query.period.end if query.period else None
    sooner = end is not None and payday is not None and end < payday
    found = ahead(desk, replace(query, period=None) if sooner else query)
    days = max((found.until - desk.today).days, 1)
    safe = max(found.safe, 0)
    per_day = safe // days
    figures = [
        Figure("safe", min(found.safe, safe), found.currency),
        Figure("per_day", per_day, found.currency),
        Figure("balance", found.balance, found.currency),
        Figure("due", found.bills, found.currency),
    ]
    if found.pay:
        figures.append(Figure("income", found.income, found.currency))
    if found.aside:
        figures.append(Figure("aside", found.aside, found.currency))
    if sooner and end is not None and found.safe > 0 and end > desk.tomorrow:
        share = per_day * (end - desk.today).days
        figures.insert(0, Figure("share", share, found.currency))
    elif query.unit == "day":
        figures.sort(key=lambda figure: figure.name != "per_day")
    by_payday = found.until == payday
    second = runner_up(desk, income_streams(desk)) if by_payday else ""
    return Answer(
        with_room(_safe_sentence(desk, found, figures[0], end), second),
        query,
        figures=figures,
        counts=[("days", days)],
        dates=[("next_payday", found.until)] if by_payday else [],
        transactions=last_paid(desk, found.due),
        buttons=[bills_until(found)],
    )


def last_paid(desk: Desk, due: Sequence[Due]) -> list[str]:
    """The last row of each payment that is due: what is known of its size."""
    streams = [one.stream for one in due]
    rows = rows_of(desk, streams)
    return [rows[id_][0].id for id_ in dict.fromkeys(s.id for s in streams) if rows[id_]]


def _safe_sentence(desk: Desk, found: Ahead, main: Figure, end: date | None) -> str:
    form = format_of(desk)
    days = max((found.until - desk.today).days, 1)
    when = form.day(found.until)
    safe = max(found.safe, 0)
    daily = form.money(safe // days, found.currency)
    if found.safe < 0:
        gap = form.money(-found.safe, found.currency)
        first = f"Nothing is safe to spend before {when}: bills are {gap} more than you have"
    elif main.name == "share" and end is not None:
        share = form.money(main.minor, found.currency)
        first = (
            f"{share} is safe to spend before {form.day(end)}, {daily} a day, so that "
            f"{form.money(safe, found.currency)} lasts until {when}"
        )
    elif main.name == "per_day":
        first = f"{daily} a day until {when}, {form.money(safe, found.currency)} in all"
    else:
        amount = form.money(safe, found.currency)
        first = f"{amount} is safe to spend before {when}, {daily} a day"
    pay = f" and {form.money(found.income, found.currency)} of pay to come" if found.pay else ""
    basis = (
        f"{form.money(found.balance, found.currency)} in {_names(spendable(desk))}{pay} less "
        f"{form.money(found.bills, found.currency)} due in {count(len(found.due), 'payment')}"
    )
    if found.aside:
        basis += f" and {form.money(found.aside, found.currency)} put aside by autosave"
    tail = as_of(desk)
    return f"{first}: {basis}{f', {tail}' if tail else ''}."


def _names(accounts: Sequence[Account]) -> str:
    return and_list([short(account.name) for account in accounts])


def bills_until(found: Ahead) -> Button:
    """A button that lists what falls due."""
    return steps.ask("Which bills?", Query("upcoming_bills", Period(None, found.until)))
