"""Follow-ups: what a short turn does to the last question, and to its rows."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from actions import advice, charting, compare, frame, listing, ranks, subscriptions
from actions.answer import Answer
from actions.answers import AHEAD, ANSWERED, BALANCES, TOTALS, answer, ask, last_query, remembered
from actions.confirming import unsure_rows
from actions.counting import Entry
from actions.desk import Desk
from actions.edit import adds_accounts, base_of, edit, split_by
from actions.errors import UnclearError
from actions.evidence import unsure
from actions.names import called
from actions.outlook import spendable
from actions.query import Period, Query, QueryFormatError, query_from_json
from actions.question import question
from actions.said import Said, understand
from actions.say import fit
from actions.scope import Turn
from ledger.queries import Where

_CHART = re.compile(r"\b(?:graph\w*|chart\w*|plot\w*|pie|visual\w*|picture|diagram|draw)\b")
_HELD_AGAINST = re.compile(
    r"^\W*(?:and |so |ok |now |how (?:does|do|is|did) (?:that|it|this|those) )*"
    r"(?:(?:is|was|were|are) (?:that|it|this|they|those) (?:more|less|higher|lower|up|down) than|"
    r"more than|less than|versus|vs|against|"
    r"compared?(?: that| it| this| them)?(?: to| with| against)?)\b"
)
"""A comparison that says only with what: the question before is the other side."""
_CAUSES = re.compile(
    r"\b(?:drove|drives?|driving|caused?|causing|behind|because of what|reasons?|made up|"
    r"what changed|what'?s (?:changed|different)|where'?s the difference|why)\b"
)
_WENT_UP = re.compile(
    r"\b(?:gone|went|going|go) up\b|\b(?:ris(?:e|es|en)|rose|rais(?:e|ed)|increas\w+|pricier|"
    r"more expensive|dearer|hike\w*|trials?|changed)\b"
)
_HOW_MUCH = re.compile(
    r"^\W*(?:and |so |ok )*(?:how much (?:was|is|were|are|did|does|do)|what (?:was|is|were|did)) "
    r"(?:that|it|this|those|these|they|them)\b"
)
COUNTED = frozenset({"transaction_count", "list_transactions"})
"""Measures whose sum "how much was that?" asks for."""
_WHOLE = re.compile(
    r"^\W*(?:so |and |ok |then )*(?:how much|what) (?:did|have|do|had) (?:i|we) spen[dt]\b"
)
_THOSE = re.compile(r"\b(?:the|those|these|them|which|each)\b(?! (?:last|latest|most))")
_NEXT = re.compile(
    r"\b(?:more|rest|next|others?|remaining|continue|keep going|go on|further|another)\b"
)

PAGED: Mapping[str, Callable[[Desk, Query, int], Answer]] = {
    "list_transactions": listing.listing,
    "top_merchants": ranks.top,
    "biggest_purchases": ranks.biggest,
    "get_plan": advice.advice,
}
"""Measures of which "more" shows the next ones."""
NOTHING_BEFORE = (
    "That changes a question, and you haven't asked me one yet. Try “how much did I spend on "
    "groceries last month?”"
)


def list_or_show(desk: Desk, turn: Turn) -> Answer:
    """A list; "show me the payments" right after an answer means those behind it."""
    said = understand(desk, turn.parse)
    last = last_query(turn)
    if last is not None and said.says_nothing and _THOSE.search(said.text):
        return replace(show_more(desk, turn), intent="show_more")
    return ask(desk, turn)


def compare_or_edit(desk: Desk, turn: Turn) -> Answer:
    """A comparison; "versus last month" right after an answer holds that one against it."""
    said = understand(desk, turn.parse)
    last = last_query(turn)
    names_nothing = not (said.merchants or said.categories or said.accounts)
    if last is None or not names_nothing or last.measure not in TOTALS:
        return ask(desk, turn)
    if not _HELD_AGAINST.search(said.text):
        return ask(desk, turn)
    edited = edit(last, said)
    return answer(desk, edited, said.text, prior=last) if edited else ask(desk, turn)


def about_prices(desk: Desk, turn: Turn) -> Answer | None:
    """Which subscriptions went up, right after they were listed; None for any other message."""
    last = last_query(turn)
    if last is None or last.measure != "list_subscriptions":
        return None
    said = understand(desk, turn.parse)
    if not said.says_nothing or not _WENT_UP.search(said.text):
        return None
    return remembered(subscriptions.changed(desk, last), last)


def _edit_of(turn: Turn) -> Mapping[str, Any]:
    body = turn.parse.get("edit")
    return body if isinstance(body, Mapping) else {}


def refine(desk: Desk, turn: Turn) -> Answer:
    """Answers the last question with the parts changed that were said.

    Raises:
        UnclearError: There is no question yet, or nothing was said that changes it.
    """
    part = _edit_of(turn).get("frame")
    if part is not None:
        return _offered(desk, turn, part)
    tapped = _edit_of(turn).get("query")
    if _edit_of(turn).get("causes"):
        held = last_query(turn)
        return remembered(compare.causes(desk, held), held) if held else show_more(desk, turn)
    if _edit_of(turn).get("before"):
        return _one_before(desk, turn)
    if isinstance(tapped, Mapping):
        return _tapped(desk, turn, tapped)
    last = last_query(turn)
    said = understand(desk, turn.parse)
    named = said.merchants or said.categories or said.periods
    if named and (last is None or _WHOLE.search(said.text)):
        # Whole in itself: with nothing before it, "tesco last month?" asks what was spent there.
        whole = question(replace(said, intent="spending_total"), desk.today)
        return answer(desk, whole, said.text)
    if last is None:
        raise UnclearError(NOTHING_BEFORE)
    base = base_of(last, last_query(turn, "prior"), said)
    if base.measure == "forecast_balance" and adds_accounts(base, said):
        base = replace(base, accounts=tuple(one.id for one in spendable(desk)))
    edited = edit(base, said)
    if edited is None and _HOW_MUCH.search(said.text):
        edited = replace(base, measure="spending_total") if base.measure in COUNTED else base
    if edited is None:
        whole_name = called(said.text, desk.counterparties)
        edited = edit(base, replace(said, merchants=(whole_name,))) if whole_name else None
    if edited is None:
        raise UnclearError(
            "Sorry, what shall I change: the time, the merchant, the category or the account?"
        )
    return answer(desk, edited, said.text, prior=base)


def by_name(desk: Desk, turn: Turn) -> Answer | None:
    """The answer to a message that is a shop's name alone; None where it is none of theirs."""
    text = str(turn.parse.get("text") or "")
    ids = called(text, desk.counterparties)
    if not ids or (turn.previous or {}).get("asked"):
        return None
    one = {"entity": "merchant", "value": text, "resolved": {"id": ids[0]}}
    named = turn.read_as("refine_query", entities=[one])
    return replace(refine(desk, named), intent="refine_query")


def _one_before(desk: Desk, turn: Turn) -> Answer:
    """The last payment before the day of the one that was told."""
    last = last_query(turn)
    if last is None:
        raise UnclearError(NOTHING_BEFORE)
    told = dict(listing.last(desk, last).dates).get("last")
    start = last.period.start if last.period else None
    return answer(desk, replace(last, period=Period(start, told)), prior=last)


def _offered(desk: Desk, turn: Turn, part: object) -> Answer:
    """What a tapped part of the frame can be changed to."""
    last = last_query(turn)
    if last is None or part not in frame.PARTS.get(last.measure, ()):
        raise UnclearError("That button has gone stale. Please ask me again.")
    return frame.offer(desk, last, str(part))


def _tapped(desk: Desk, turn: Turn, body: Mapping[str, Any]) -> Answer:
    try:
        query = query_from_json(body)
    except QueryFormatError as error:
        raise UnclearError("That button has gone stale. Please ask me again.") from error
    if query.measure not in ANSWERED:
        raise UnclearError("That button has gone stale. Please ask me again.")
    return answer(desk, query, prior=last_query(turn))


def show_more(desk: Desk, turn: Turn) -> Answer:
    """Shows the rows behind the last answer, more of them, or the same answer split otherwise.

    Raises:
        UnclearError: There is no question yet.
    """
    last = last_query(turn)
    if last is None:
        raise UnclearError(NOTHING_BEFORE)
    said = understand(desk, turn.parse)
    prior = last_query(turn, "prior")
    if said.number is not None:
        last = replace(last, limit=said.number)
    split = _split(desk, last, said)
    if split is not None:
        return split
    if _CHART.search(said.text):
        return _charted(desk, edit(last, said) or last, prior)
    two_times = last.compare is not None and last.compare.period and not last.compare.others
    if two_times and _CAUSES.search(said.text):
        return remembered(compare.causes(desk, last), last, prior)
    return _shown(desk, turn, last, said)


def _split(desk: Desk, last: Query, said: Said) -> Answer | None:
    """The same answer in parts, by what the message says; None where it says no part."""
    by = split_by(said)
    if by is None or last.measure in BALANCES:
        return None
    if by == "day" and last.measure == "safe_to_spend":
        return replace(answer(desk, replace(last, unit="day"), prior=last), intent="refine_query")
    if last.measure == "top_merchants" and by != "merchant":
        last = replace(last, measure="spending_breakdown", limit=None, unit=None)
    said = said if said.grouping or said.unit else replace(said, grouping=by)
    edited = edit(last, said) or last
    if last.measure == "spending_trend" and edited.group_by not in charting.TIMES:
        edited = replace(edited, measure="spending_breakdown")
    shown = answer(desk, edited, said.text, prior=last)
    # An average has its unit as a part of what is asked.
    return replace(shown, intent="refine_query") if "average" in last.measure else shown


def _shown(desk: Desk, turn: Turn, last: Query, said: Said) -> Answer:
    """Rows behind the last answer: all, those of somebody, more of them, or the unsure ones."""
    if (said.merchants or said.categories) and last.measure in TOTALS | set(PAGED):
        return _listed(desk, last, said)
    view, prior = _edit_of(turn).get("view"), last_query(turn, "prior")
    if said.number is not None and last.measure in PAGED and not _NEXT.search(said.text):
        return answer(desk, last, said.text, prior=prior)
    if view == "unsure":
        found = unsure(evidence_of(desk, last), last)
        return remembered(unsure_rows(desk, last, found), last, prior)
    return remembered(_rows(desk, turn, last, view, said.text), last, prior)


def _listed(desk: Desk, last: Query, said: Said) -> Answer:
    """Rows of somebody who is named, over the time of the last question ("list every aldi one")."""
    plain = replace(last, measure="list_transactions", compare=None, group_by=None, unit=None)
    edited = edit(replace(plain, limit=said.number), said) or plain
    return replace(answer(desk, edited, said.text, prior=last), intent="list_transactions")


def evidence_of(desk: Desk, query: Query) -> list[Entry]:
    """Every row that the answer to a question rests on, newest first."""
    if query.measure not in AHEAD:
        return listing.behind(desk, query)
    ids = answer(desk, query).transactions
    rows = desk.rows(Where(desk.tomorrow, ids=ids)) if ids else []
    return [Entry(row, abs(row.minor)) for row in rows]


def _rows(desk: Desk, turn: Turn, last: Query, view: object, text: str) -> Answer:
    """The first page of rows, or the next one where some were shown already."""
    if last.measure in BALANCES:
        latest = Query("list_transactions", accounts=last.accounts)
        return replace(answer(desk, latest), query=last)
    before = turn.previous or {}
    shown = before.get("page")
    goes_on = view == "more" or (view is None and _NEXT.search(text))
    offset = shown if goes_on and type(shown) is int and shown > 0 else 0
    if offset and before.get("view") == "list" and last.measure in PAGED:
        return PAGED[last.measure](desk, last, offset)
    return listing.rows(desk, last, evidence_of(desk, last), offset)


def _charted(desk: Desk, query: Query, prior: Query | None) -> Answer:
    """The answer with its chart; a single sum is split so that there is something to draw."""
    first = answer(desk, query, prior=prior, charted=True)
    if first.chart is not None:
        return first
    parts = [charting.grouping_for(query), "merchant", "week"] if query.measure in TOTALS else []
    for by in dict.fromkeys(parts):
        split = replace(query, group_by=by, compare=None, unit=None)
        again = answer(desk, split, prior=prior, charted=True)
        if again.chart is not None:
            return again
    if query.measure == "spending_average":
        unit = query.unit if query.unit in charting.TIMES else "month"
        moved = replace(query, measure="spending_trend", group_by=unit, unit=None)
        again = answer(desk, moved, prior=prior, charted=True)
        if again.chart is not None:
            return again
    return replace(
        first, text=fit(f"There is too little in that for a chart; in words: {first.text}")
    )
