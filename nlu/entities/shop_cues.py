"""How the words around a name that is also a word speak for a shop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nlu.entities.shop_names import base, plain_names
from nlu.message import Message
from nlu.periods.cursor import Cursor
from nlu.words import is_everyday, listed

_AT = listed("at from with w wiv via @ frm fae")


_IN = listed("in to by on for into")


_SPENT_IN = listed(
    "spend spent spending blow blew dropped paid pay go went been gave sent shop shopped buy "
    "bought waste wasted visit visited payments payment transfers owed lent lend spnd spnt eat "
    "ate much get got owe"
)


_TAKING = listed(
    "took take takes taking charge charged charges charging pay paid pays collect collects "
    "robbing billed bills bill refund refunded refunds owe owes hit robbed rob stung sting "
    "steal stole scammed deducted sent deduct overcharged ripping fleeced fleecing cost costs "
    "billing ever"
)


_DESCRIBED = listed(
    "bill bills pay paid pays cost costs refund refunds charge charges billing ever"
)
_SPEAKING = listed("says said keeps kept wants reckons emailed texted told tells")


_BEING = listed(
    "is was should shouldn't shouldnt isn't isnt ought were wis -> £ $ = goes belongs counts"
)


_GOODS = listed(
    "order orders payment payments subscription subscriptions sub subs membership bill bills "
    "charge charges refund refunds purchase purchases spend spends spending rides ride trips "
    "card total totals transactions transaction runs run shop shops visits visit haul hauls "
    "return returns delivery deliveries takeaway takeaways app tickets receipt spree bookings "
    "booking statement habit addiction money fees fee costs cost stuff deliverys price plan "
    "premium alert alarm alerts payout payouts scooters lessons flights flight trip coffees "
    "coffee budget one debit debits spendings autopay dd"
)


ADJECTIVAL = listed(
    "next very which well only me top total current last three five mobile live better welcome "
    "home office via"
)


_LISTING = listed("vs versus or and & , / than n")


_FOLLOWS = listed("about and cancel just only but n or from boot delete recat move alert not what")


_AFTER_NAME = listed(
    "last this in on since yesterday today for over under between during so before after until "
    "by each every per a the my please pls and or vs versus than then is was when how what i we "
    "yet did has have this'll within ytd total recently lately twice once times online again "
    "more less from with at to if ? ! . , too instead all should isn't isnt right altogether up "
    "monthly weekly now"
)
_OPENING = listed("? ! last this in since total yesterday today should isn't isnt was how spend")
_SUBJECTS = listed("i we you they the to")
_PLACES = listed("gap shell target square coach office home")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a name stands.

    Attributes:
        message: Around it.
        first: Index of its first token.
        last: Index after its last token.
        before: The word before; the one before that for "at the" and the like.
        after: The word behind.
        noun_follows: Whether the name may only describe what follows ("next payment").
    """

    message: Message
    first: int
    last: int
    before: str
    after: str
    noun_follows: bool

    @property
    def c(self) -> Cursor:
        """The message's cursor."""
        return self.message.cursor


def cue(message: Message, first: int, last: int) -> float:
    """How surely a span is a shop by its place; 0 where nothing says so."""
    c = message.cursor
    after = c.low(last)
    noun_follows = (
        bool(after) and after.isalpha() and after not in _GOODS and after not in _AFTER_NAME
    )
    place = _Place(message, first, last, _before(c, first), after, noun_follows)
    for step in _STEPS:
        found = step(place)
        if found is not None:
            return found
    return 0.0


def _before(c: Cursor, first: int) -> str:
    before, farther = c.low(first - 1), c.low(first - 2)
    through = before == "the" and farther in _AT and c.low(first) not in _PLACES
    return farther if through else before


def _takes(p: _Place) -> float | None:
    """As in "tesco charged me", "three says my bill is late"; "which bills" are no bills of one."""
    acts = p.before in ("did", "does", "has", "will")
    adjective = p.message.tokens[p.first].low in ADJECTIVAL and not acts
    described = adjective and p.after in _DESCRIBED
    takes = p.after in _TAKING or p.after in _SPEAKING
    return 0.9 if takes and not described and p.before not in _SUBJECTS else None


def _is_titled(p: _Place) -> float | None:
    """Capitals within a sentence."""
    titled = (
        p.first > 0
        and p.message.tokens[p.first].text[:1].isupper()
        and not p.message.text.isupper()
        and p.c.low(p.first - 1) not in (".", "!", "?")
    )
    if not titled:
        return None
    return 0.6 if p.noun_follows and p.message.tokens[p.first].low in ADJECTIVAL else 0.93


def _is_something(p: _Place) -> float | None:
    """As in "three is my phone company"."""
    subject = p.after in _BEING and (p.first == 0 or p.before in ("that", "the"))
    return 0.86 if subject and p.c.low(p.last + 1) not in ("the", "my", "this", "there") else None


def _is_at(p: _Place) -> float | None:
    """As in "at next", "from boots", but not "from next week"."""
    if p.before not in _AT:
        return None
    atom = p.c.atom(p.last)
    if atom.unit or atom.weekday is not None or atom.month:
        return 0.0
    return 0.7 if p.noun_follows else 0.92


def _is_spent_in(p: _Place) -> float | None:
    """As in "spent 20 in boots"."""
    spent = any(p.c.low(k) in _SPENT_IN for k in range(max(0, p.first - 7), p.first))
    if not spent or p.before not in _IN or p.noun_follows:
        return None
    if p.before == "to" and p.c.tokens[p.first - 1].low == "to":
        return 0.9  # "payments to three this year"
    return 0.85 if p.before in ("in", "to", "on") else 0.6


def _has_goods(p: _Place) -> float | None:
    """As in "boots order", "the gap refund"."""
    described = p.before in ("a", "an", "this", "that", "any", "your") and p.after != "one"
    adjective = p.message.tokens[p.first].low in ADJECTIVAL
    return 0.86 if p.after in _GOODS and not described and not adjective else None


def _is_told(p: _Place) -> float | None:
    """As in "recategorise boots", "what about next?"."""
    if p.before in ("recat", "recategorise", "recategorize"):
        return 0.86
    return 0.84 if p.before in _FOLLOWS and (not p.after or p.after in "?!.,") else None


def _is_listed(p: _Place) -> float | None:
    """As in "tesco vs next", "boots and superdrug"."""
    if p.before not in _LISTING and p.after not in _LISTING:
        return None
    other = p.c.low(p.first - 2) if p.before in _LISTING else p.c.low(p.last + 1)
    compared = {p.before, p.after} & {"vs", "versus"}
    named = other in base().entries and (not is_everyday(other) or other in plain_names())
    return 0.82 if compared or named else None


def _opens(p: _Place) -> float | None:
    """As in "next last month?", a message that begins with the name."""
    if p.first != 0:
        return None
    return 0.8 if not p.after or p.after in _OPENING or p.c.atom(p.last).month else None


_STEPS: tuple[Callable[[_Place], float | None], ...] = (
    _takes,
    _is_titled,
    _is_something,
    _is_at,
    _is_spent_in,
    _has_goods,
    _is_told,
    _is_listed,
    _opens,
)
