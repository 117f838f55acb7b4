"""A few words that mean nothing without the answer before: "how much in total?", "both together".

NLU sees too little in such a message to tell what it asks. Here the whole of it must be one of a
few forms, and what it does follows from the last question alone. Pure.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from actions.answers import AHEAD, BALANCES, RANKINGS, TOTALS, last_query
from actions.query import Compare, Query
from actions.question import one_of
from actions.scope import Turn

Change = Callable[[Query, Query | None], Query | None]
"""From the last question, and the one before it, to the one that is asked; None for none."""

_LEAD = (
    r"(?:(?:and|so|ok|okay|but|then|right|cool|great|hm+|also|now|well|oh|sorry|yeah|yes|just|"
    r"no,?|sorry,|i mean|i meant|i'?m meaning|i am meaning|please|pls|tell me|show me|give me|"
    r"what about|how about|can you)\s+)*"
)
_TAIL = (
    r"(?:\s+(?:please|pls|then|though|mate|lol|now|again|exactly|by the way|btw|i mean|i meant))*"
)
_IT = r"(?:that|it|this|those|these|they|them|'?em|all of (?:that|it|them|those))"
_IS = r"(?:'?s| is| was| were| are| did| does| do)?"
_OF_THEM = r"(?:of|out of|among|from|in) (?:those|them|these|that|there)"
_WHOLE = r"(?:in total|altogether|all together|in all|overall|all told)"
_MOST = r"(?:biggest|largest|most expensive|priciest|dearest|highest|worst|steepest)"
_LEAST = r"(?:smallest|cheapest|lowest|least expensive|tiniest)"
_THING = r"(?:payment|purchase|transaction|item|expense|charge)s?"
_SHOPS = r"(?:shops?|stores?|places?|merchants?)"

_MONEYED = (TOTALS | set(RANKINGS)) - {"last_transaction"}
"""Measures whose rows can be summed, counted and split."""
_ROWS = frozenset({"list_transactions", "biggest_purchases"})


def _repeats(query: Query) -> bool:
    """Whether the answer that was given says it already, so that it is given again."""
    single = query.limit is not None and query.measure in _ROWS
    return single or query.measure not in _MONEYED


def _plain(query: Query, measure: str) -> Query:
    """The same rows under another measure, without how the last one was cut."""
    return replace(query, measure=measure, group_by=None, limit=None, unit=None, compare=None)


def _sum(last: Query, _: Query | None) -> Query | None:
    if _repeats(last):
        return last
    measure = "income_total" if last.direction == "in" else "spending_total"
    return replace(_plain(last, measure), direction=last.direction or "out")


def _count(last: Query, _: Query | None) -> Query | None:
    return None if last.measure not in _MONEYED else _plain(last, "transaction_count")


def _split(by: str) -> Change:
    def change(last: Query, _: Query | None) -> Query | None:
        if last.limit == 1 and last.measure in _ROWS:
            return last
        if last.measure not in _MONEYED:
            again = last.measure in {"last_transaction", "explain_transaction"}
            return replace(last, measure="explain_transaction") if again else None
        whole = "income_total" if last.direction == "in" else "spending_breakdown"
        measure = last.measure if last.measure in TOTALS else whole
        direction = last.direction or "out"
        return replace(_plain(last, measure), group_by=by, direction=direction)

    return change


def _payee(last: Query, before: Query | None) -> Query | None:
    if last.measure in {"last_transaction", "refunds", "next_payday"}:
        return last
    return _split("merchant")(last, before)


def _biggest(last: Query, _: Query | None) -> Query | None:
    if last.measure in AHEAD:
        return last
    if last.measure not in _MONEYED or last.direction == "in":
        return None
    return replace(_plain(last, "biggest_purchases"), limit=1, direction="out")


def _smallest(last: Query, before: Query | None) -> Query | None:
    largest = _biggest(last, before)
    return None if largest is None or last.measure in AHEAD else replace(largest, unit="smallest")


def _latest(last: Query, _: Query | None) -> Query | None:
    return _plain(last, "last_transaction") if last.measure in _MONEYED else None


def _average(last: Query, _: Query | None) -> Query | None:
    named = last.merchants or last.categories
    known = last.measure in _MONEYED or (named and last.measure in {"bill_details", "refunds"})
    if not known or last.measure == "spending_average":
        return None
    usual = replace(_plain(last, "spending_average"), period=None, gaps=(), unit="month")
    return replace(usual, direction=last.direction or "out")


def _together(last: Query, before: Query | None) -> Query | None:
    """Both questions as one, where they differ in whom or what they are about, or in their time."""
    if before is None or last.measure not in {*_MONEYED, "upcoming_bills"}:
        return None
    merchants = tuple(dict.fromkeys((*before.merchants, *last.merchants)))
    categories = tuple(dict.fromkeys((*before.categories, *last.categories)))
    if (merchants, categories) != (last.merchants, last.categories):
        mixed = bool(merchants and categories)
        return replace(last, merchants=merchants, categories=categories, either=mixed)
    periods = [one.period for one in (before, last) if one.period is not None]
    joined = one_of(periods) if len(periods) > 1 else None
    return replace(last, period=joined) if joined and joined != last.period else None


def _apart(last: Query, before: Query | None) -> Query | None:
    """One question held against the other, where they differ in one thing."""
    if last.compare is not None:
        return last
    if before is None or last.measure not in _MONEYED or before.measure not in _MONEYED:
        return _split("merchant")(last, before) if len(last.merchants) > 1 else None
    base = replace(_plain(last, "spending_compare"), direction=last.direction or "out")
    if (before.merchants, before.categories) == (last.merchants, last.categories):
        if before.period in {None, last.period}:
            return None
        return replace(base, compare=Compare(period=before.period))
    other = Compare(merchants=before.merchants, categories=before.categories)
    return replace(base, compare=other) if before.merchants or before.categories else None


def _ranked(unit: str | None) -> Change:
    def change(last: Query, _: Query | None) -> Query | None:
        return replace(last, unit=unit) if last.measure == "top_merchants" else None

    return change


def _next(last: Query, _: Query | None) -> Query | None:
    if last.measure == "next_payday":
        return replace(last, limit=(last.limit or 1) + 1)
    if not (last.merchants or last.categories) or last.direction == "in":
        return None
    return replace(_plain(last, "bill_details"), period=None, amount=None)


def _yearly(last: Query, _: Query | None) -> Query | None:
    if last.measure == "list_subscriptions":
        return last
    if last.measure != "bill_details":
        return None
    return replace(last, measure="list_subscriptions", period=None)


_FORMS: Sequence[tuple[str, str, Change]] = (
    (
        rf"(?:how much{_IS}(?: {_IT})?(?: (?:come|add up|amount|cost)(?: up)?(?: to| me)*)?"
        rf"(?: {_WHOLE})?(?: was (?:it|that))?"
        rf"|what{_IS} (?:{_IT} )?(?:come to|add up to|the (?:total|sum))(?: {_WHOLE})?"
        rf"(?: {_OF_THEM})?"
        rf"|(?:the |in )?(?:grand )?(?:total|sum)(?: {_OF_THEM})?(?: (?:a|per) (?:month|year))?"
        rf"|{_WHOLE}|(?:the )?costs?)",
        "refine_query",
        _sum,
    ),
    (
        rf"(?:how many(?: (?:times|payments|transactions|purchases|visits|trips))?"
        rf"(?: (?:of )?{_IT})?(?: (?:is|was|were|are) (?:that|there|it|they|those))?"
        r"|how often(?: (?:is|was) (?:that|it))?|count (?:them|those|these))",
        "refine_query",
        _count,
    ),
    (
        rf"(?:where|(?:at )?(?:which|what) (?:{_SHOPS}|ones))(?: (?:is|was|were|are) {_IT})?"
        r"|where (?:at|exactly|did (?:i|it|that) go|did i (?:buy|spend|get) (?:it|that|them|those))"
        r"|who(?: (?:from|to|with))?|who (?:is|was|were|are) (?:that|it|this|they)(?: (?:from|to))?"
        r"|who (?:paid|sent|gave|bought)(?: me)?(?: (?:that|it|this|them))?"
        r"|(?:from|to) whom?|(?:from where|where (?:did (?:it|that) come )?from)",
        "show_more",
        _payee,
    ),
    (
        r"(?:on what|what(?: was (?:it|that))? on|by (?:type|kind)"
        r"|what(?:'?s| is| was) (?:it|that) (?:filed|listed|categori[sz]ed)(?: (?:as|under|in))?"
        rf"|(?:in |under |on )?(?:which|what) categor(?:y|ies)(?: (?:is|are|was|were) {_IT})?"
        r"(?: (?:in|under))?)",
        "show_more",
        _split("category"),
    ),
    (
        rf"(?:from |on |with |to )?(?:which|what) (?:account|card|bank)s?"
        rf"(?: (?:is|was|were|are) {_IT}(?: (?:on|from))?)?",
        "show_more",
        _split("account"),
    ),
    (
        rf"(?:in )?(?:which|what) months?(?: (?:is|was|were) (?:{_IT}|the (?:worst|best|{_MOST}|"
        r"most)))?",
        "show_more",
        _split("month"),
    ),
    (
        rf"(?:(?:what|which)(?: {_OF_THEM})?(?:'?s| is| was| were)? ?)?(?:one )?(?:is |was )?"
        rf"(?:the )?(?:single )?{_MOST}(?:(?: (?:ones?|1))?(?: {_OF_THEM})?| {_THING} {_OF_THEM})"
        rf"(?: (?:was|is) (?:that|it))?",
        "refine_query",
        _biggest,
    ),
    (
        rf"(?:(?:what|which)(?:'?s| is| was| were)? ?)?(?:one )?(?:is |was )?(?:the )?(?:single )?"
        rf"{_LEAST}(?:(?: ones?)?(?: {_OF_THEM})?| {_THING} {_OF_THEM})",
        "refine_query",
        _smallest,
    ),
    (
        rf"(?:when (?:is|was) )?(?:the )?(?:last|latest|most recent|newest) (?:one|{_OF_THEM})",
        "refine_query",
        _latest,
    ),
    (
        r"(?:on average|(?:what(?:'?s| is) )?(?:the|my) (?:average|usual|norm)|average"
        r"|(?:how much (?:is|was) (?:it|that) )?(?:usually|normally|typically)"
        r"|how much (?:is (?:it|that) )?(?:usually|normally|on average)"
        r"|is (?:that|it|this) (?:a lot|normal|usual|typical|high|unusual|more than usual)"
        r"(?: for me)?)",
        "refine_query",
        _average,
    ),
    (
        r"(?:(?:both|all|the two|those|these)(?: of (?:them|those|these)| \w{3,10}s)? "
        r"(?:(?:two|three|four) )?"
        r"(?:together|combined|added(?: up| together)?|in (?:total|all|one))|together|combined"
        r"|both(?: of (?:them|those))?|(?:the )?total (?:for|of) (?:both|the two|all(?: of them)?)"
        r"|(?:add|sum|total|put) (?:them|those|these|both|the two)(?: up| together)*)",
        "refine_query",
        _together,
    ),
    (
        r"(?:(?:what(?:'?s| is| was) )?(?:the )?(?:diff|difference)"
        r"(?: between (?:them|the two|those|these|both))?"
        r"|compare (?:them|'?em|those|these|both|the two|the 2)(?: side by side| to each other)?"
        r"|(?:(?:the two|both|them) )?side by side|by how much"
        r"|how do (?:they|those|the two) compare"
        r"|which (?:one )?(?:is|was|costs?) (?:the )?"
        r"(?:more|most|higher|highest|bigger|less|cheaper|lower|dearer))",
        "refine_query",
        _apart,
    ),
    (
        r"(?:ranked |sorted )?(?:by )?(?:the )?(?:number of |how many )(?:visits|times)"
        r"|(?:ranked |sorted )?by (?:visits|times|frequency|how often)|most often",
        "refine_query",
        _ranked("payment"),
    ),
    (
        r"(?:ranked |sorted )?by (?:spend(?:ing)?|amount|money|value|cost|how much|total|dollars|"
        r"pounds)",
        "refine_query",
        _ranked(None),
    ),
    (
        r"(?:when(?:'?s| is) )?(?:the )?(?:next one|one after(?: (?:that|this))?|following one)"
        r"|after (?:that|this)(?: one)?|the next(?: one)? after(?: that)?",
        "refine_query",
        _next,
    ),
    (
        r"(?:(?:what|how much) (?:is|'?s) (?:that|it) )?(?:a|per|each|every) year|yearly|annually"
        r"|(?:what|how much) (?:do|does|did) (?:they|it|that|those) (?:come to|cost)(?: me)? "
        r"(?:a|per|each) year",
        "refine_query",
        _yearly,
    ),
)
_COMPILED = [
    (re.compile(rf"\W*{_LEAD}(?:{form}){_TAIL}\W*"), intent, change)
    for form, intent, change in _FORMS
]

_ONE_BEFORE = re.compile(
    rf"\W*{_LEAD}(?:(?:the )?(?:time|one) before(?: (?:that|this|it))?"
    rf"|the previous (?:one|time)){_TAIL}\W*"
)
_CAUSES = re.compile(
    rf"\W*{_LEAD}(?:where(?:'?s| is| was) the difference"
    r"|what(?:'?s| has| is)? (?:changed|different)"
    r"|what (?:caused|causes|drove|drives|is behind) (?:it|that|this|the difference)"
    rf"|why the difference|because of what){_TAIL}\W*"
)


_WHAT_ABOUT = re.compile(r"^\W*(?:(?:and|so|ok|okay|hmm|then)\W+)*(?:(?:what|how) about|wbu|hbu)\b")
_MISTAKEN = frozenset(
    ["create_goal", "contribute_goal", "set_budget", "set_alert", "explain_transaction",
     "can_afford", "out_of_scope"]
)  # fmt: skip
"""What "how about four thousand for a van" is not, after a question."""
_PARTS = frozenset({"merchant", "category", "period", "amount", "account"})


def asked(turn: Turn) -> Turn | None:
    """The turn as an edit of the last question, None where it is no such message.

    Nothing is read into it while a plan waits for a part, or where a button was tapped.
    """
    previous = turn.previous or {}
    last = last_query(turn)
    if last is None or last.measure in BALANCES or turn.parse.get("edit") or previous.get("asked"):
        return None
    text = " ".join(str(turn.parse.get("text") or "").casefold().replace("’", "'").split())
    before = last_query(turn, "prior") or last_query(turn, "before")
    if last.compare is not None and last.compare.period is not None and _CAUSES.fullmatch(text):
        return turn.read_as("show_more", edit={"causes": True})
    if last.measure == "last_transaction" and _ONE_BEFORE.fullmatch(text):
        return turn.read_as("refine_query", edit={"before": True})
    named = {one.get("entity") for one in turn.parse.get("entities") or []}
    if turn.intent in _MISTAKEN and named & _PARTS and _WHAT_ABOUT.search(text):
        return turn.read_as("refine_query")
    for form, intent, change in _COMPILED:
        if form.fullmatch(text):
            query = change(last, before)
            return None if query is None else turn.read_as(intent, edit={"query": query.to_json()})
    return None
