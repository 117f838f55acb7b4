"""Events that only a person's ledger can date: paydays, trips, "since I last went"."""

from __future__ import annotations

from nlu.periods import nodes
from nlu.periods.cursor import Cursor, Found
from nlu.periods.phrases import phrase_table
from nlu.words import listed

# What the words name -> what must be asked of the ledger.
_PAY_EVENTS = phrase_table("pay_events")
_PAY_SPANS = phrase_table("pay_spans")
_BILLING = phrase_table("billing")
_SCHOOL = phrase_table("school")
_BOUNDS = listed("since until till til before after by from between untill")


_SCHOOL_BEFORE = listed(
    "in over during since until till til before after by from between for last this next the at "
    "through throughout on"
)


_TRIP_WORDS = listed(
    "trip holiday hols holidays vacation vacay honeymoon getaway cruise travels staycation "
    "travelling traveling holibobs city-break"
)


def needs_context(c: Cursor, i: int) -> Found | None:
    """A period that the ledger must date, without its bound word; what stands before decides."""
    half = _half_term(c, i)
    if half:
        return half
    before = c.low(i - 1)
    if before == "on" and c.low(i) == "payday":
        return nodes.needs("payday"), i + 1
    start = i + 1 if c.low(i) in ("the", "my", "our") else i
    mod = c.atom(start).mod
    j = start + 1 if mod is not None else start
    if c.low(j) == "full" or c.low(j) == "latest":
        j += 1
    end = _match(c, j, _PAY_SPANS)
    if end and (
        mod is not None or c.low(i) != c.low(j) or before in _BOUNDS or before in ("per", "each")
    ):
        return (nodes.needs("payday"), end) if before not in ("per", "each") else None
    end = _match(c, j, _BILLING)
    if end and (
        mod is not None or before in _BOUNDS or before in ("during", "in", "within", "this")
    ):
        if c.low(j) == "statement" and end == j + 1 and mod is None and before not in _BOUNDS:
            return None
        return nodes.needs("billing_cycle"), end
    if c.low(j) in ("school", "first", "second", "1st", "2nd") and _match(c, j + 1, _SCHOOL):
        return nodes.needs("school_holiday"), _match(c, j + 1, _SCHOOL) or j
    end = _match(c, j, _SCHOOL)
    placed = before in _SCHOOL_BEFORE or (not before and end is not None and end > j + 1)
    if end and (mod is not None or placed or c.low(i) == "the"):
        return nodes.needs("school_holiday"), end
    return _trip(c, i)


_HALF_TERMS = listed("february feb october oct may spring autumn summer last this the next easter")


def _half_term(c: Cursor, i: int) -> Found | None:
    """As in "half term", "feb half-term": nobody else's word."""
    j = i
    while j < i + 3 and c.low(j) in _HALF_TERMS:
        j += 1
    end = _match(c, j, {"half": [("half", "term")], "halfterm": [("halfterm",)]})
    if end is None:
        return None
    return nodes.needs("school_holiday"), end + (c.low(end) in ("week", "holiday", "break"))


def pay_event(c: Cursor, i: int) -> Found | None:
    """What follows since, until, before or after: "payday", "I got paid"."""
    end = _match(c, i, _PAY_EVENTS)
    if end is None and c.low(i) in ("the", "my"):
        end = _match(c, i + 1, _PAY_EVENTS)
    return (nodes.needs("payday"), end) if end else None


def _match(c: Cursor, i: int, table: dict[str, list[tuple[str, ...]]]) -> int | None:
    for words in table.get(c.low(i), ()):
        end = i
        for word in words:
            if c.low(end) == "-":
                end += 1
            if c.low(end) != word:
                break
            end += 1
        else:
            return end
    return None


_WAS = listed("was were went am are been is got")


_PEOPLE = frozenset(["i", "we", "i'm", "im"])


_STOP = listed(
    "? ! . , ; and how what did on in at with for my last this so but than compared when where "
    "spend spent vs the"
)


def _trip(c: Cursor, i: int) -> Found | None:
    """As in "while I was in Spain", "during my trip to Rome", "on my holiday"."""
    if c.low(i) in ("while", "when", "whilst") and c.low(i + 1) in _PEOPLE:
        j = i + 2
        if c.low(j) in _WAS:
            j += 1
        elif c.low(i + 1) not in ("i'm", "im"):
            return None
        if c.low(j) in ("away", "abroad", "overseas", "travelling", "traveling"):
            return nodes.needs("trip"), _place(c, j + 1)
        if c.low(j) == "on" and (c.low(j + 1) in _TRIP_WORDS or c.low(j + 2) in _TRIP_WORDS):
            return nodes.needs("trip"), _place(c, j + (2 if c.low(j + 1) in _TRIP_WORDS else 3))
        if c.low(j) in ("in", "to", "at") and c.low(j + 1) not in _STOP and c.low(j + 1):
            if c.atom(j + 1).month or c.atom(j + 1).mod is not None or c.is_number(j + 1):
                return None
            return nodes.needs("trip"), _words_of_place(c, j + 1)
        return None
    return _named_trip(c, i)


def _named_trip(c: Cursor, i: int) -> Found | None:
    before = c.low(i - 1)
    owner = c.low(i) in ("my", "our", "the", "that", "his", "her", "ma")
    j = i + 1 if owner else i
    if c.atom(j).mod is not None:
        j += 1
    if c.low(j) in _TRIP_WORDS:
        end = j + 1
    elif c.low(j + 1) in _TRIP_WORDS and c.atom(j).unit is None and owner and c.low(j) not in _STOP:
        end = j + 2
    else:
        return None
    bound = before in _BOUNDS or before in ("during", "throughout", "over", "while")
    alone = before == "on" and c.low(j) in ("holiday", "vacation", "honeymoon", "hols", "vacay")
    if alone and not owner:
        return nodes.needs("trip"), _place(c, end)
    if not (bound or (before == "on" and owner)):
        return None
    if c.low(end) in ("budget", "fund", "pot", "goal", "spending", "savings"):
        return None
    return nodes.needs("trip"), _place(c, end)


def _place(c: Cursor, i: int) -> int:
    """Where the place of a trip ends ("trip to new york")."""
    if c.low(i) in ("to", "in") and c.low(i + 1) not in _STOP and c.low(i + 1):
        return _words_of_place(c, i + 1)
    return i


def _words_of_place(c: Cursor, i: int) -> int:
    end = i + 1 if c.low(i) != "the" else i + 2
    while end < len(c.tokens) and end < i + 3 and c.tokens[end].text[:1].isupper():
        end += 1
    if (
        c.low(i) in ("new", "san", "los", "las", "st", "south", "north", "hong", "costa")
        and end == i + 1
    ):
        end += 1
    return min(end, len(c.tokens))


def last_occurrence(c: Cursor, i: int) -> Found | None:
    """As in "since I last went to Greggs", "since my last haircut"."""
    if c.low(i - 1) not in ("since", "before", "after", "sinse", "sicne"):
        return None
    last_time = c.words(i, "the", "last", "time") or c.words(i, "last", "time")
    if last_time:
        return nodes.needs("last_occurrence", 0.9), _clause_end(c, last_time)
    if (
        c.low(i - 1) == "since"
        and c.low(i) in ("i", "we")
        and c.low(i + 1).isalpha()
        and c.low(i + 1) != "last"
    ):
        paid = c.low(i + 1) in ("got", "get", "was") and c.low(i + 2) == "paid"
        back = c.low(i + 1) in ("got", "came") and c.low(i + 2) in ("back", "home")
        what = "payday" if paid else "trip" if back else "last_occurrence"
        return nodes.needs(what, 0.9), min(_clause_end(c, i + 1), i + 4)
    if c.low(i) in ("i", "we") and c.low(i + 1) == "last":
        return nodes.needs("last_occurrence", 0.9), _clause_end(c, i + 2)
    event = c.atom(i + 2).unit is None and c.atom(i + 2).weekday is None
    if c.low(i) == "my" and c.low(i + 1) == "last" and event and c.low(i + 2).isalpha():
        end = _noun_end(c, i + 2)
        return nodes.needs(_what_happened(c, i + 2, end), 0.97), end
    if c.low(i - 1) == "since" and c.low(i) in ("the", "that", "my", "our"):
        return _since_event(c, i + 1)
    return None


_EVENT_STOPS = listed(
    "? ! . , how what and but in on at with for is was has have did i we please pls"
)


def _since_event(c: Cursor, i: int) -> Found | None:
    """As in "since the overdraft fee", "since the wedding": a thing that happened."""
    clear = c.atom(i).unit is None and c.atom(i).mod is None and c.atom(i).month is None
    if not (c.low(i).isalpha() and clear) or c.low(i) in ("start", "beginning", "end", "first"):
        return None
    end = _noun_end(c, i)
    return nodes.needs(_what_happened(c, i, end), 0.9), end


_PAID = listed("payday payslip paycheck paycheque wages salary wage payslips pay")


def _what_happened(c: Cursor, first: int, last: int) -> str:
    """What of the ledger dates an event: its statement, its pay, else its own last time."""
    words = {c.low(k) for k in range(first, last)}
    if words & _PAID:
        return "payday"
    if words & {"statement", "billing"}:
        return "billing_cycle"
    return "trip" if words & _TRIP_WORDS else "last_occurrence"


def _noun_end(c: Cursor, i: int) -> int:
    """The noun that names an event, of three words at most ("my last gas bill")."""
    end = i + 1
    while end < len(c.tokens) and end < i + 3 and c.low(end) not in _EVENT_STOPS:
        if c.tokens[end].kind == "sign":
            break
        end += 1
    return end


def _clause_end(c: Cursor, i: int) -> int:
    end = i
    while (
        end < len(c.tokens)
        and end < i + 7
        and c.low(end) not in ("?", "!", ".", ",", "how", "what", "have", "did")
    ):
        end += 1
    return end
