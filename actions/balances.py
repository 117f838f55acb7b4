"""Answers about what is there: balances, accounts, net worth."""

import re
from collections.abc import Sequence
from datetime import timedelta

from actions import steps
from actions.answer import Answer, Figure
from actions.desk import Desk
from actions.evidence import as_of, format_of, outside
from actions.query import Query
from actions.say import count, fit, short
from actions.spending import figures
from ledger.accounts import Balance

_IN_ALL = re.compile(r"\b(?:total|altogether|overall|combined|in all|all together|sum)\b")

NO_ACCOUNTS = "I know none of your accounts yet. Send me a bank file and I will read it."


def _said(desk: Desk, balance: Balance) -> str:
    """``Monzo £12.00``, or what is owed on a card."""
    form, account = format_of(desk), balance.account
    if balance.minor is None:
        return f"{short(account.name)}: I was never told its balance"
    if account.type in {"credit", "loan"} and balance.minor < 0:
        return f"{form.money(-balance.minor, account.currency)} owed on {short(account.name)}"
    return f"{form.money(balance.minor, account.currency)} in {short(account.name)}"


def _figures(known: Sequence[Balance]) -> list[Figure]:
    return [
        Figure(one.account.id, one.minor, one.account.currency, one.account.name)
        for one in known
        if one.minor is not None
    ]


def sums(known: Sequence[Balance]) -> dict[str, int]:
    """The sum of balances by currency; several currencies are never added."""
    totals: dict[str, int] = {}
    for one in known:
        if one.minor is not None:
            currency = one.account.currency
            totals[currency] = totals.get(currency, 0) + one.minor
    return totals


def check(desk: Desk, query: Query, text: str = "") -> Answer:
    """How much is in the accounts that were named, or in each of all."""
    if not desk.accounts:
        return Answer(NO_ACCOUNTS, query)
    day = query.period.end - timedelta(days=1) if query.period and query.period.end else desk.today
    if day > desk.today and query.period and query.period.start and query.period.start > desk.today:
        return Answer("That day is still to come: I can only tell what is there now.", query)
    beyond = outside(desk, query) if query.period else None
    if beyond:
        return Answer(beyond, query)
    day = min(day, desk.today)
    known = [
        one for one in desk.balances(day) if not query.accounts or one.account.id in query.accounts
    ]
    form, home = format_of(desk), desk.person.currency
    named = _figures(known)
    total: list[Figure] = []
    lead = ""
    if len(known) > 1 and _IN_ALL.search(text):
        total = figures(sums(known), home)
        lead = f"{form.sums(sums(known), home)} in all: "
    then = f"on {form.day(day)}" if day < desk.today else ""
    when = ", ".join(part for part in (then, as_of(desk)) if part)
    body = ", ".join(_said(desk, one) for one in known)
    return Answer(
        fit(f"{lead}{body}{f' ({when})' if when else ''}."),
        query,
        figures=total + named,
        buttons=[
            steps.say("Net worth", "net_worth"),
            steps.say("Latest payments", "list_transactions"),
        ],
    )


def listed(desk: Desk, query: Query) -> Answer:
    """Which accounts and cards there are."""
    if not desk.accounts:
        return Answer(NO_ACCOUNTS, query)
    known = [
        one
        for one in desk.balances(desk.today)
        if not query.accounts or one.account.id in query.accounts
    ]
    when = as_of(desk)
    body = ", ".join(_said(desk, one) for one in known)
    return Answer(
        fit(f"You have {count(len(known), 'account')}: {body}{f' ({when})' if when else ''}."),
        query,
        figures=_figures(known),
        counts=[("accounts", len(known))],
        buttons=[steps.say("Net worth", "net_worth")],
    )


def net_worth(desk: Desk, query: Query) -> Answer:
    """The sum of all balances, what is owed negative; each currency on its own."""
    if not desk.accounts:
        return Answer(NO_ACCOUNTS, query)
    known = desk.balances(desk.today)
    form, home = format_of(desk), desk.person.currency
    totals = sums(known)
    owned = sums([one for one in known if (one.minor or 0) > 0])
    owed = {c: -minor for c, minor in sums([one for one in known if (one.minor or 0) < 0]).items()}
    when = ", ".join(part for part in ("all accounts", as_of(desk)) if part)
    first = (
        f"Your net worth is {form.sums(totals, home)}: {form.sums(owned, home)} owned"
        f"{f' less {form.sums(owed, home)} owed' if owed else ''} ({when})."
    )
    unknown = [short(one.account.name) for one in known if one.minor is None]
    missing = f"Without {', '.join(unknown)}: I was never told that balance." if unknown else ""
    return Answer(
        fit(first, [missing]),
        query,
        figures=[
            *figures(totals, home, "net_worth"),
            *figures(owned, home, "owned"),
            *(figures(owed, home, "owed") if owed else []),
        ],
        buttons=[steps.say("Each account", "check_balance")],
    )
