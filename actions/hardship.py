"""Signs that money is short, in what is said and in the rows: then a kind and useful answer.

Nobody's hardship is joked about. Whom to call is named for the person's country; these charities
ask for no fee and sell nothing.
"""

import re
from collections.abc import Callable
from datetime import timedelta

from actions import steps
from actions.answer import Answer
from actions.desk import Desk
from actions.errors import Button
from actions.say import fit, short
from actions.scope import Turn
from ledger.queries import Where

LOOK_BACK = timedelta(days=60)
"""How long a fee or a payday loan is a sign."""
LATE = timedelta(days=5)
"""So long after its day a rent that has not gone out is missed."""
_COSTS = ("taxes_fees.bank.penalty", "debt.collections", "debt.loans.short_term")
_RENT = ("housing.rent", "housing.mortgage")
_BOUNCED = re.compile(
    r"\b(?:returned|unpaid|bounced|insufficient|nsf)\b.*|\boverdraft (?:fee|interest|charge)",
    re.IGNORECASE,
)
_DESPAIR = re.compile(
    r"\b(?:suicid\w*|kill(?:ing)? myself|end(?:ing)? (?:it all|my life)|want to die|wanna die|"
    r"better off dead|no (?:reason|point) (?:in )?(?:to )?liv(?:e|ing)|self[- ]?harm\w*)\b"
)
_DISTRESS = re.compile(
    r"""
    \b(?:can'?t|cannot|can\ not|couldn'?t|unable\ to|struggl\w+\ to|
      how\ (?:will|can|on\ earth\ do)\ i)
      \ (?:even\ |ever\ |possibly\ )?(?:pay|afford|cover|make|manage|keep\ up\ with|feed|eat)\b
      .*\b(?:rent|mortgage|bills?|food|heating|gas|electric\w*|energy|debts?|kids|family)\b
    | \bbehind\ (?:on|with)\ (?:my\ |the\ |our\ )?
      (?:rent|mortgage|bills?|payments?|council\ tax|loans?)\b
    | \b(?:bailiffs?|evict\w*|repossess\w*|foreclos\w*|bankrupt\w*)\b
    | \b(?:debt\ collectors?|food\ ?banks?)\b
    | \b(?:lost|losing)\ my\ (?:job|home|house)\b
    | \b(?:been|got|getting|was|being|am|i'?m)\ (?:laid\ off|sacked|fired|made\ redundant)\b
    | \b(?:drowning|buried|trapped|deep)\ in\ debts?\b
    | \b(?:scared|stress\w*|worried\ sick|panic\w*|anxious|overwhelm\w*)\b
      .*\b(?:money|debts?|bills?)\b
    | \b(?:money|debts?|bills?)\b
      .*\b(?:scar\w+\ me|stress\w*|cope|panic\w*|keep\w*\ me\ (?:up|awake)|overwhelm\w*)\b
    | \b(?:i'?m|i\ am|im|we'?re)\ (?:\w+\ ){0,2}
      (?:struggling|desperate|skint|broke|penniless|destitute)\b
    | \bcan'?t\ (?:cope|go\ on|take\ (?:it|this)\ any\ ?more)\b
    | \bcan'?t\ (?:even\ )?afford\ to\ (?:eat|live|heat|feed)\b
    | \bno\ money\ (?:left\ )?for\ (?:food|rent)\b
    | \b(?:get|getting|be|become)\ out\ of\ debts?\b | \bdebt\ (?:advice|help|charity)\b
    """,
    re.VERBOSE,
)
CARRIES = frozenset(
    """
    greet goodbye thanks affirm deny praise complain bot_challenge tell_joke roast_me hype_me help
    out_of_scope human_handoff report_fraud get_plan can_afford refine_query show_more
    """.split()  # noqa: SIM905  # a list of words is read as words
)
"""Intents that a message of distress is taken for; of any other it must ask for nothing."""
_ASKS = re.compile(
    r"\b(?:how (?:much|many|often)|when|what|which|show|list|set|cap|budget|compare|save)\b"
)
_ADVICE = {
    "GB": (
        "StepChange (0800 138 1111) gives free, private debt advice, and MoneyHelper "
        "(0800 138 7777) free guidance."
    ),
    "US": (
        "Call 211 for help with rent, food or bills near you, and the NFCC (800-388-2227) for a "
        "nonprofit credit counselor."
    ),
}
_ANY = "A free debt advice charity near you can help, and talking to whom you owe early does, too."
_LISTENS = {
    "GB": "Samaritans listen day and night, free: 116 123. In danger now, call 999.",
    "US": "Call or text 988, day and night, free. In danger now, call 911.",
}
_ANYONE = "Please call your local emergency number or a crisis line now, or tell someone near you."
_CALM = "That sounds really hard, and you don't have to sort it out alone."


def topic_of(turn: Turn) -> Callable[[Desk, Turn], Answer] | None:
    """What answers a message of despair or distress, None for any other message."""
    if turn.parse.get("edit"):
        return None
    text = str(turn.parse.get("text") or "").casefold().replace("’", "'")
    if _DESPAIR.search(text):
        return _despair
    may = turn.intent in CARRIES or not _ASKS.search(text)
    return _distress if may and _DISTRESS.search(text) else None


def _despair(desk: Desk, _: Turn) -> Answer:
    helps = _LISTENS.get(desk.person.country, _ANYONE)
    return Answer(
        f"I'm so sorry you feel this way. I'm only a program, and you deserve a person: {helps} "
        "Money trouble can be solved; please talk to someone today."
    )


def advice(desk: Desk) -> str:
    """Who helps for nothing in the person's country."""
    return _ADVICE.get(desk.person.country, _ANY)


def _distress(desk: Desk, _: Turn) -> Answer:
    see = "I can show what is due next and what is left until payday." if desk.accounts else ""
    return Answer(fit(f"{_CALM} {advice(desk)}", [see]), buttons=first_steps(desk))


def first_steps(desk: Desk) -> list[Button]:
    """What helps to see where one stands."""
    if not desk.accounts:
        return []
    return [
        steps.say("What's due next?", "upcoming_bills"),
        steps.say("What's left?", "safe_to_spend"),
    ]


def sign(desk: Desk) -> str | None:
    """What in the rows says that money is short, as the end of a sentence; None for nothing."""
    overdrawn = [
        one.account
        for one in desk.balances(desk.today)
        if one.account.type == "checking" and one.minor is not None and one.minor < 0
    ]
    if overdrawn:
        return f"{short(overdrawn[0].name)} is overdrawn"
    late = [
        one
        for one in desk.streams
        if one.category in _RENT
        and one.active
        and one.next_on is not None
        and desk.span is not None
        and one.next_on + LATE < desk.span[1]
    ]
    if late:
        return "a rent payment seems to be missing"
    recent = desk.rows(Where(desk.tomorrow, start=desk.today - LOOK_BACK))
    costs = [row for row in recent if row.minor < 0 and row.category in _COSTS]
    if costs or any(_BOUNCED.search(row.description) for row in recent):
        return "there were fees or a payment that bounced"
    return None
