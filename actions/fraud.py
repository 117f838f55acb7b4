"""A charge that is not theirs, a card that is gone: the rows are marked, and what to do is said."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from actions.answer import Answer
from actions.answers import answer, last_query, remembered
from actions.desk import Desk
from actions.marks import CHOICES, NO_HANDS, advice, charges, edit, latest, named, offer, sums
from actions.query import Period, Query
from actions.question import question
from actions.said import understand
from actions.say import and_list, count, fit
from actions.scope import Turn
from ledger import disputes
from ledger.queries import Row, Where

_CARD_GONE = re.compile(
    r"\b(?:lost|losing|stolen|stole|nicked|missing|misplaced|left|can'?t find|robbed|snatched|"
    r"cloned|skimmed)\b"
)
_NEWEST = re.compile(
    r"\b(?:last|latest|newest|most recent|first|top) (?:one|charge|payment|transaction)\b"
)
_SHOWS_ROWS = frozenset(
    {
        "explain_transaction",
        "last_transaction",
        "list_transactions",
        "biggest_purchases",
        "report_fraud",
    }
)
"""Questions that show rows: "that's not mine" right after one means one of these; after any other
question it does where few rows stand behind the answer."""


def report_fraud(desk: Desk, turn: Turn) -> Answer:
    """Mark the charge that is meant, take a mark back, or ask which one it is."""
    tapped = turn.parse.get("edit") or {}
    if tapped.get("mark"):
        return _mark(desk, _rows(desk, tapped["mark"]))
    if tapped.get("unmark"):
        return _unmark(desk, _rows(desk, tapped["unmark"]))
    said = understand(desk, turn.parse)
    query = question(said, desk.today)
    if not (query.merchants or query.amount or query.period):
        last = None if query.accounts or _CARD_GONE.search(said.text) else last_query(turn)
        shown = _rows(desk, answer(desk, last).transactions) if last else []
        if last is None or (last.measure not in _SHOWS_ROWS and len(shown) > CHOICES):
            return _what_to_do(desk, query)
        query = replace(last, measure="report_fraud")
        if shown and (len(shown) == 1 or _NEWEST.search(said.text)):
            return remembered(_mark(desk, shown[:1]), query)
    found = charges(desk, query)
    if len(found) == 1:
        return remembered(_mark(desk, [found[0].row]), query)
    return remembered(offer(desk, query), query)


def _rows(desk: Desk, ids: Collection[str]) -> list[Row]:
    return desk.rows(Where(desk.tomorrow, ids=[str(id_) for id_ in ids]))


def _what_to_do(desk: Desk, query: Query) -> Answer:
    first, *rest = advice(desk)
    tell = "Tell me the shop or the amount of a charge that isn't yours and I'll mark it."
    return Answer(fit(first, [tell, *rest, NO_HANDS]), buttons=[latest(query.accounts)])


def _mark(desk: Desk, rows: Sequence[Row]) -> Answer:
    if not rows:
        return Answer("That charge is not here any more, so nothing was marked.")
    disputes.mark(desk.connection, desk.scope, [row.id for row in rows], desk.turn.now)
    what = named(desk, rows[0]) if len(rows) == 1 else count(len(rows), "charge")
    return Answer(
        fit(f"Marked as not yours: {what}.", [*advice(desk), NO_HANDS]),
        Query("report_fraud", Period()),
        figures=sums(rows),
        counts=[("count", len(rows))],
        transactions=[row.id for row in rows],
        buttons=[edit("Undo", "unmark", rows)],
    )


def _unmark(desk: Desk, rows: Sequence[Row]) -> Answer:
    if not rows:
        return Answer("That charge is not here any more, so there was no mark to take back.")
    disputes.unmark(desk.connection, desk.scope, [row.id for row in rows])
    what = and_list([named(desk, row) for row in rows[:2]])
    more = f" and {len(rows) - 2} more" if len(rows) > 2 else ""
    is_ = "is" if len(rows) == 1 else "are"
    return Answer(
        fit(f"Taken back: {what}{more} {is_} yours after all."),
        buttons=[edit("Mark again", "mark", rows)],
    )
