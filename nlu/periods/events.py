"""Feasts, bank holidays, seasons, and the events that only a person's ledger can date."""

from __future__ import annotations

from nlu.periods import nodes
from nlu.periods.cursor import Cursor, Found

_FEASTS = {
    "christmas": "christmas|xmas|x mas|chrimbo|crimbo|crimbo|christmas day|xmas day|chrismas|xmas's|christmas time|xmas time|christmastime",
    "christmas_eve": "christmas eve|xmas eve|crimbo eve",
    "boxing_day": "boxing day|st stephen 's day",
    "new_year_eve": "new year 's eve|new years eve|new year eve|nye|hogmanay",
    "new_year": "new year 's day|new years day|new year 's|new years|new year day|new year|nyd",
    "valentines": "valentine 's day|valentines day|valentine 's|valentines|valentine day|vday|v day",
    "st_patricks": "st patrick 's day|st patricks day|paddy 's day|paddys day|saint patrick 's day|st paddy 's day|st paddys day",
    "april_fools": "april fools|april fool 's|april fool 's day|april fools day",
    "halloween": "halloween|halloween night|hallowe'en",
    "bonfire_night": "bonfire night|guy fawkes night|guy fawkes|fireworks night",
    "independence_day": "independence day|fourth of july|4th of july|july 4th weekend",
    "juneteenth": "juneteenth",
    "veterans_day": "veterans day|veteran 's day|remembrance day|armistice day",
    "st_georges": "st george 's day|st georges day",
    "st_andrews": "st andrew 's day",
    "burns_night": "burns night",
    "earth_day": "earth day",
    "thanksgiving": "thanksgiving|thanksgiving day|turkey day|thanks giving",
    "labor_day": "labor day|labour day",
    "memorial_day": "memorial day",
    "mlk_day": "mlk day|mlk|martin luther king day|martin luther king jr day",
    "presidents_day": "presidents day|president 's day|presidents' day|washington 's birthday",
    "columbus_day": "columbus day|indigenous peoples day",
    "fathers_day": "father 's day|fathers day|father day",
    "mothers_day": "mother 's day|mothers day|mothering sunday|mother day",
    "may_day_holiday": "may day|early may bank holiday|may bank holiday",
    "spring_bank_holiday": "spring bank holiday|late may bank holiday|whit monday",
    "august_bank_holiday": "august bank holiday|summer bank holiday|aug bank holiday",
    "super_bowl": "super bowl|superbowl|super bowl sunday",
    "easter": "easter|easter sunday|easter day",
    "good_friday": "good friday",
    "easter_monday": "easter monday|easter bank holiday",
    "pancake_day": "pancake day|shrove tuesday|mardi gras",
    "ash_wednesday": "ash wednesday",
    "palm_sunday": "palm sunday",
    "black_friday": "black friday|blackfriday|black fri",
    "cyber_monday": "cyber monday",
    "diwali": "diwali|deepavali",
    "chinese_new_year": "chinese new year|lunar new year",
    "eid": "eid|eid al fitr",
    "cinco_de_mayo": "cinco de mayo|cinco",
}
_PHRASES: dict[str, list[tuple[tuple[str, ...], str]]] = {}
for _name, _spellings in _FEASTS.items():
    for _spelling in _spellings.split("|"):
        _words = tuple(_spelling.split())
        _PHRASES.setdefault(_words[0], []).append((_words, _name))
for _rows in _PHRASES.values():
    _rows.sort(key=lambda row: -len(row[0]))

FEAST_STARTS = frozenset(_PHRASES)
_NOT_THE_FEAST = frozenset(
    "present presents shopping fund pot savings goal party budget jumper tree club "
    "dinner card cards lights bonus stuff money food saver resolution resolutions egg eggs "
    "holidays break deals sale account island".split()
)
_WEEKENDS = frozenset("weekend wkend wknd".split())
_NEUTRAL_BEFORE = frozenset("happy merry".split())


def feast(c: Cursor, i: int) -> Found | None:
    """A feast with the word before it and the form behind it ("last easter weekend")."""
    start = i + 1 if c.low(i) == "the" else i
    mod = c.atom(start).mod
    j = start + 1 if mod is not None else start
    if c.low(j) == "bank" and c.low(j + 1) in ("holiday", "hol", "hols", "holidays"):
        return _bank_holiday(c, i, j + 2, mod)
    for words, name in _PHRASES.get(c.low(j), ()):
        end = c.words(j, *words)
        if end is None:
            continue
        if c.low(j - 1) in _NEUTRAL_BEFORE:
            return None
        if name == "new_year" and words == ("new", "year"):
            if (
                c.low(start - 1) != "the"
                and c.low(i) != "the"
                and c.low(i - 1)
                not in ("at", "since", "over", "before", "after", "until", "till", "by")
            ):
                return None
            if c.low(i) == "the":
                return None if mod is not None else (nodes.month(1), end)
        form = "day"
        if c.low(end) in _WEEKENDS:
            form, end = "weekend", end + 1
        elif c.low(end) in ("week", "wk"):
            form, end = "week", end + 1
        elif c.low(end) == "eve" and name in ("christmas", "new_year", "halloween"):
            form, end = "eve", end + 1
        elif c.low(end) == "day":
            end += 1
        elif c.low(end) == "bank" and c.low(end + 1) == "holiday":
            end += 2
            if c.low(end) in _WEEKENDS:
                form, end = "weekend", end + 1
        elif c.low(end) in ("period", "time", "season"):
            end += 1
        elif c.low(end) in _NOT_THE_FEAST and c.low(i - 1) not in ("over", "since", "during"):
            return None
        if c.low(j - 1) in ("my", "for") and mod is None and c.low(end) == "":
            pass
        return nodes.feast(name, mod, form), end
    return None


def _bank_holiday(c: Cursor, i: int, end: int, mod: int | None) -> Found | None:
    weekend = c.low(end) in _WEEKENDS
    if c.atom(end).weekday is not None:
        return nodes.bank_holiday(mod, only=c.atom(end).weekday), end + 1
    return nodes.bank_holiday(mod, weekend), (end + 1 if weekend else end)


_SEASON_BEFORE = frozenset(
    "in over during since last this next the until till by before after from of between and".split()
)


def season(c: Cursor, i: int) -> Found | None:
    """ "last summer", "in the spring"; "fall" and "spring" alone are other words."""
    start = i + 1 if c.low(i) == "the" else i
    mod = c.atom(start).mod
    j = start + 1 if mod is not None else start
    name = c.atom(j).season
    if name is None:
        return None
    if c.low(j) in ("fall", "spring") and mod is None and c.low(j - 1) not in _SEASON_BEFORE:
        return None
    if mod is None and c.low(j - 1) not in _SEASON_BEFORE and not c.is_number(j + 1):
        return None
    if c.low(j + 1) in ("term", "holidays", "holiday", "break", "hols", "sale", "fund", "clothes"):
        return None
    return nodes.season(name, mod), j + 1


def _phrases(text: str) -> dict[str, list[tuple[str, ...]]]:
    table: dict[str, list[tuple[str, ...]]] = {}
    for line in text.split("|"):
        words = tuple(line.split())
        table.setdefault(words[0], []).append(words)
    for rows in table.values():
        rows.sort(key=lambda row: -len(row))
    return table


# What the words name -> what must be asked of the ledger.
_PAY_EVENTS = _phrases(
    "payday|pay day|paydays|paychecks|paycheques|my last two paydays|my last 2 paydays|pay days|salary day|the salary day|wages come in|wages comes in|wages land|wages drop|wages hit|wages go in|my next loan drop|ma wages|my next loan|next loan drop|student loan drops|student loan comes in|student loan lands|my check comes|my check hits|my check lands|pay|payda|last payday|my last payday|my payday|the last payday|next payday|my next payday|"
    "the next payday|this payday|i got paid|i get paid|i was paid|i was last paid|i last got paid|"
    "getting paid|being paid|we got paid|we get paid|im paid|i'm paid|i am paid|i next get paid|"
    "i get paid again|i get paid next|my next pay|my last pay|my wages|my salary|my paycheck|"
    "my pay|my next paycheck|my last paycheck|last paycheck|next paycheck|the next paycheck|"
    "my last paycheque|my next paycheque|paycheck|paycheque|my next salary|my last salary|"
    "my next wage|my last wage|my last pay cheque|my last pay check|next pay|last pay|"
    "my wages came in|my salary came in|my salary landed|my wages landed|i got my wages|"
    "i got my salary|i got my paycheck|my paycheck hit|my paycheck landed|my pay came in|wages day|"
    "my pay landed|my pay hit|pay came in|pay hit|pay landed|wages|student loan day"
)
_PAY_SPANS = _phrases(
    "pay period|pay cycle|pay month|payday period|paycheck period|wage period|pay periods|pay packet|"
    "payday cycle|salary cycle|paycheck cycle"
)
_BILLING = _phrases(
    "billing cycle|billing period|statement|statement period|statement cycle|bill cycle|credit card statement|"
    "card statement|billing month|card cycle|amex statement|credit card cycle|card billing cycle|"
    "statement date|closing date|statement closed"
)
_SCHOOL = _phrases(
    "half term|halfterm|half terms|school holidays|school holiday|school hols|summer holidays|"
    "summer hols|easter holidays|easter hols|christmas holidays|xmas holidays|school term|"
    "spring break|winter break|summer break|fall break|term time|the six weeks holidays|"
    "six weeks holiday|summer term|autumn term|spring term|school year|school break|"
    "february half term|october half term|may half term|feb half term|oct half term|"
    "kids holidays|semester|academic year|term|freshers|freshers week|christmas break|easter break|reading week|freshers week|"
    "the school year|thanksgiving break"
)
_BOUNDS = frozenset("since until till til before after by from between untill".split())
_SCHOOL_BEFORE = frozenset(
    "in over during since until till til before after by from between for last this next the at "
    "through throughout on".split()
)
_TRIP_WORDS = frozenset(
    "trip holiday hols holidays vacation vacay honeymoon getaway cruise travels staycation travelling "
    "traveling holibobs city-break".split()
)


def needs_context(c: Cursor, i: int) -> Found | None:
    """A period that the ledger must date, without its bound word; what stands before decides."""
    half = _half_term(c, i)
    if half:
        return half
    before = c.low(i - 1)
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
    end = _match(c, j, _SCHOOL)
    if end and (mod is not None or before in _SCHOOL_BEFORE or c.low(i) == "the"):
        return nodes.needs("school_holiday"), end
    return _trip(c, i)


_HALF_TERMS = frozenset(
    "february feb october oct may spring autumn summer last this the next easter".split()
)


def _half_term(c: Cursor, i: int) -> Found | None:
    """ "half term", "feb half-term": nobody else's word."""
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


_WAS = frozenset("was were went am are been is got".split())
_PEOPLE = frozenset("i we i'm im".split())
_STOP = frozenset(
    "? ! . , ; and how what did on in at with for my last this so but than compared when where "
    "spend spent vs the".split()
)


def _trip(c: Cursor, i: int) -> Found | None:
    """ "while I was in Spain", "during my trip to Rome", "on my holiday"."""
    if c.low(i) in ("while", "when", "whilst") and c.low(i + 1) in _PEOPLE:
        j = i + 2
        if c.low(j) in _WAS:
            j += 1
        elif c.low(i + 1) not in ("i'm", "im"):
            return None
        if c.low(j) in ("away", "abroad", "overseas", "travelling", "traveling"):
            return nodes.needs("trip"), j + 1
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


_LAST_EVENT_VERBS = frozenset("i we my".split())


def last_occurrence(c: Cursor, i: int) -> Found | None:
    """ "since I last went to Greggs", "since my last haircut": a row of the ledger dates it."""
    if c.low(i - 1) not in ("since", "before", "after", "sinse", "sicne"):
        return None
    last_time = c.words(i, "the", "last", "time") or c.words(i, "last", "time")
    if last_time:
        return nodes.needs("last_occurrence", 0.9), _clause_end(c, last_time)
    if c.low(i - 1) == "since" and c.low(i) in ("i", "we") and c.low(i + 1).isalpha() and c.low(i + 1) != "last":
        paid = c.low(i + 1) in ("got", "get", "was") and c.low(i + 2) == "paid"
        back = c.low(i + 1) in ("got", "came") and c.low(i + 2) in ("back", "home")
        what = "payday" if paid else "trip" if back else "last_occurrence"
        return nodes.needs(what, 0.9), min(_clause_end(c, i + 1), i + 4)
    if c.low(i) in ("i", "we") and c.low(i + 1) == "last":
        return nodes.needs("last_occurrence", 0.9), _clause_end(c, i + 2)
    if c.low(i) == "my" and c.low(i + 1) == "last" and c.atom(i + 2).unit is None:
        if c.atom(i + 2).weekday is None and c.low(i + 2).isalpha():
            return nodes.needs("last_occurrence", 0.97), _noun_end(c, i + 2)
    if c.low(i - 1) == "since" and c.low(i) in ("the", "that", "my", "our"):
        return _since_event(c, i + 1)
    return None


_EVENT_STOPS = frozenset(
    "? ! . , how what and but in on at with for is was has have did i we please pls".split()
)


def _since_event(c: Cursor, i: int) -> Found | None:
    """ "since the overdraft fee", "since the wedding": a thing that happened."""
    clear = c.atom(i).unit is None and c.atom(i).mod is None and c.atom(i).month is None
    if not (c.low(i).isalpha() and clear) or c.low(i) in ("start", "beginning", "end", "first"):
        return None
    return nodes.needs("last_occurrence", 0.9), _noun_end(c, i)


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
