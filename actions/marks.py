"""Charges that a person does not recognise: which may be meant, and what to do about one."""

from collections.abc import Sequence
from dataclasses import replace

from actions import steps
from actions.answer import Answer, Figure
from actions.counting import Entry, totals
from actions.desk import Desk
from actions.errors import Button
from actions.evidence import entries, format_of
from actions.query import Period, Query
from actions.say import fit, row_name
from ledger.queries import Row

CHOICES = 4
"""Rows that are offered as buttons; more do not fit a phone."""
MOST_AT_ONCE = 20
"""More charges than this are never marked by one tap."""
_NAME = 24

_GB = (
    "Freeze the card in your bank's app, and call the number on the card, or 159, to dispute it.",
    "Report Fraud takes scams: 0300 123 2040.",
)
_US = (
    "Lock the card in your bank's app, and call the number on the card to dispute it.",
    "Report it to the FTC, too: ReportFraud.ftc.gov.",
)
_ELSEWHERE = ("Block the card in your bank's app, or by the number on the card, and dispute it.",)
NO_HANDS = "I can't block a card or talk to your bank myself."


def advice(desk: Desk) -> Sequence[str]:
    """What to do at the bank, the most urgent first, in the person's country."""
    return {"GB": _GB, "US": _US}.get(desk.person.country, _ELSEWHERE)


def charges(desk: Desk, query: Query) -> list[Entry]:
    """The payments that a question may mean, newest first."""
    asked = replace(query, measure="list_transactions", direction=None, categories=(), limit=None)
    return [entry for entry in entries(desk, asked) if entry.row.minor < 0]


def offer(desk: Desk, query: Query) -> Answer:
    """The charges that a question may mean, each a button that marks it; nothing is marked yet."""
    found = charges(desk, query)
    if not found:
        none = "I see no such charge, so nothing is marked."
        return Answer(fit(none, [*advice(desk), NO_HANDS]), query, buttons=[latest()])
    many = f" I see {len(found)}; here are the newest." if len(found) > CHOICES else ""
    return Answer(
        fit(f"Which one is not yours?{many}", [*advice(desk), NO_HANDS]),
        query,
        figures=sums([entry.row for entry in found]),
        counts=[("count", len(found))],
        transactions=[entry.row.id for entry in found],
        buttons=[*(_choice(desk, entry.row) for entry in found[:CHOICES]), *_all(found)],
    )


def _choice(desk: Desk, row: Row) -> Button:
    form = format_of(desk)
    amount = form.money(abs(row.minor), row.currency)
    name = row_name(row.counterparty, row.description)[:_NAME]
    return edit(f"{form.day(row.booked, short=True)} · {name} · {amount}", "mark", [row])


def _all(found: Sequence[Entry]) -> list[Button]:
    """All of them at once, where they went to one counterparty."""
    rows = [entry.row for entry in found]
    one = len({row.counterparty_id for row in rows}) == 1 and rows[0].counterparty_id is not None
    return [edit(f"All {len(rows)}", "mark", rows)] if one and 1 < len(rows) <= MOST_AT_ONCE else []


def edit(title: str, what: str, rows: Sequence[Row]) -> Button:
    """A button that marks rows (``mark``) or takes their marks back (``unmark``)."""
    ids = {what: [row.id for row in rows]}
    return Button(title, {"intent": "report_fraud", "entities": [], "edit": ids})


def latest(accounts: tuple[str, ...] = ()) -> Button:
    """A button that lists what was paid last, on some accounts or all."""
    query = Query("list_transactions", Period(), accounts=accounts, limit=10)
    return steps.ask("My latest payments", query)


def named(desk: Desk, row: Row) -> str:
    """A charge in words: ``£9.99 to Spotify on 3 October``."""
    form = format_of(desk)
    name = row_name(row.counterparty, row.description)
    return f"{form.money(abs(row.minor), row.currency)} to {name} on {form.day(row.booked)}"


def sums(rows: Sequence[Row]) -> list[Figure]:
    """What charges come to, in each currency."""
    of_each = totals([Entry(row, abs(row.minor)) for row in rows])
    return [Figure("total", minor, currency) for currency, minor in sorted(of_each.items())]


def note(desk: Desk, row: Row) -> str:
    """A sentence on a row that is marked, else nothing."""
    at = desk.disputed.get(row.id)
    return f"You marked it as not yours on {format_of(desk).day(at.date())}." if at else ""


def toggle(desk: Desk, row: Row) -> list[Button]:
    """The button that marks a charge as not theirs, or takes that back."""
    if row.id in desk.disputed:
        return [edit("It was mine", "unmark", [row])]
    return [edit("That's not mine", "mark", [row])] if row.minor < 0 else []
