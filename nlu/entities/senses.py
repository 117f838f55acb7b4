"""Category words with two senses: "take out" is a meal or cash, "gas" is fuel or heat."""

from __future__ import annotations

from nlu.message import Message
from nlu.periods.cursor import Cursor
from nlu.words import listed

PRONOUNS = listed(
    "i you we they to will can could should did do does don't dont didn't must would let's "
    "gonna wanna cant can't"
)
_VERBAL = listed("to and i want can could please you should we will i'll")
_UTILITY_WORDS = listed(
    "bill bills heat heating heater furnace stove boiler utility utilities electric electricity "
    "water meter supplier natural"
)


def meant_ids(message: Message, name: str, ids: tuple[str, ...]) -> tuple[str, ...]:
    """American "gas" is fuel, but for words of the house or a supplier with gas in its name."""
    if name != "gas" or message.locale != "US":
        return ids
    supplied = any(
        p.entity == "merchant" and "gas" in {t.low for t in message.tokens[p.first : p.last]}
        for p in message.proposals
    )
    if supplied or any(t.low in _UTILITY_WORDS for t in message.tokens):
        return tuple(one for one in ids if one.startswith("utilities"))
    return tuple(one for one in ids if not one.startswith("utilities"))


_TAKING = listed("take took taken taking get got gotten getting draw drew drawn pull pulled")
_WITHDRAWING = listed("withdraw withdrew withdrawn withdrawing withdrawl")
_WITHDRAWAL = "transfers.cash.withdrawal"
_OBJECTS = listed("a an my the some money cash")


def is_taking(message: Message, first: int, last: int) -> bool:
    """Whether "take out" is a verb here and no meal."""
    c = message.cursor
    before, after = c.low(first - 1), c.low(last)
    if before == "and" and any(
        p.entity == "category" and p.last == first - 1 for p in message.proposals
    ):
        return False
    if last < len(c.tokens) and c.tokens[last].kind == "num":
        return True
    return before in _VERBAL | PRONOUNS or after in _OBJECTS | {"£", "$", "€"}


def _out(c: Cursor, k: int) -> int | None:
    """The index behind "take out", "took it out"; "out of" is a move from a pot."""
    if c.low(k) not in _TAKING:
        return None
    for end in (k + 2, k + 3):
        if c.low(end - 1) == "out":
            return None if c.low(end) == "of" else end
    return None


def is_withdrawn(c: Cursor) -> bool:
    """Whether a message speaks of taking something out: then its "cash" came from a machine."""
    return any(t.low in _WITHDRAWING or _out(c, k) for k, t in enumerate(c.tokens))


def taken_out(message: Message, taken: set[int]) -> None:
    """As in "how much money did i take out", "i took out 50 quid": cash, though unsaid."""
    c = message.cursor
    for k in range(1, len(c.tokens)):
        end = _out(c, k)
        if end is None or end != k + 2 or taken & {k, k + 1}:
            continue
        summed = any(p.entity == "amount" and p.first == end for p in message.proposals)
        money = any(c.low(j) == "money" for j in range(max(0, k - 4), k))
        if summed or money or c.low(end) == "money":
            message.propose("category", k, end, 0.86, {"ids": [_WITHDRAWAL]}, "taking out")
            taken.update((k, k + 1))
