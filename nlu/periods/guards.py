"""Words of time that are other words here: "may I", "paid April", "sat down", "24/7"."""

from __future__ import annotations

from nlu.periods.cursor import Cursor
from nlu.words import listed

_TIME_BEFORE = listed(
    "in on since last this next from until till til by before after between and to for during "
    "of through thru throughout vs versus about than over month or early late mid end start "
    "beginning previous past every each the into & , - – / ( w/c commencing ending around all "
    "half until'til compared week coming w nxt lst"
)
_PEOPLE_BEFORE = listed(
    "pay paid paying sent send sending owe owes owed gave give giving told ask lent with sub "
    "friend cousin mate neighbour neighbor sister daughter lend call named called aunt auntie "
    "dear miss mrs mr ms"
)
_MODAL_BEFORE = listed("i you we they he she it that there which who what this")


def month_is_meant(c: Cursor, i: int, end: int) -> bool:
    """Whether a month's name that is also a word or a first name means the month."""
    low, before, after = c.low(i), c.low(i - 1), c.low(i + 1)
    if end > i + 1 or c.is_number(i + 1):
        dated = any(c.is_number(k) for k in range(i + 1, end)) or c.atom(i + 1).ordinal is not None
        return dated or before in _TIME_BEFORE or low not in ("may", "march", "mar")
    if low == "may" and (
        after in _MAY_SUBJECTS or (before in _MODAL_BEFORE and after not in _AFTER_MONTH)
    ):
        return before in ("this", "that") and (not after or after in "?!.")
    if low in ("may", "march", "mar"):
        if after in ("-", "to", "and", "or", "vs") and c.atom(i + 2).month:
            return True
        if before in _TIME_BEFORE:
            verb = (
                low == "may" and before in ("this", "that", "and") and c.atom(i + 1) == c.atom(-1)
            )
            return not (verb and after and after.isalpha() and after not in _AFTER_MONTH)
        if before in ("just", "only", "n", "&", "+") and (
            not after or after in ("then", "?", "!", ".", "please", "pls")
        ):
            return True
        if i == 0 and after and after.isalpha() and not _modal_follows(c, low):
            return True
        alone = i == 0 and (
            len(c.tokens) == 1 or after in ("?", "!", ".", "vs", "and", "to", "-", "spending")
        )
        following = c.atom(i + 1).mod is not None or after in (
            "'s",
            "was",
            "spending",
            "please",
            "pls",
        )
        titled = c.tokens[i].text[:1].isupper() and i > 0 and before not in _MODAL_BEFORE
        ends = i + 1 >= len(c.tokens) or after in ("?", "!", ".")
        return (
            alone
            or (following and low != "may")
            or (titled and ends)
            or (ends and i > 0 and before not in _MODAL_BEFORE | _PEOPLE_BEFORE)
        )
    if low in ("april", "june", "august", "jan", "dec"):
        if before == "to" and any(c.low(k) in _PEOPLE_BEFORE for k in range(max(0, i - 3), i - 1)):
            return False
        return before not in _PEOPLE_BEFORE and not (before == "did" and c.low(i + 1) == "from")
    return True


_MAY_SUBJECTS = listed("i we you he she they it or not be have need")


def _modal_follows(c: Cursor, low: str) -> bool:
    """As in "may I", "march on": the word at the start is no month."""
    after = c.low(1)
    if low == "may":
        return after in (
            "i",
            "we",
            "you",
            "the",
            "be",
            "it",
            "god",
            "have",
            "need",
            "not",
            "as",
            "my",
        )
    return after in ("on", "to", "down", "in", "up", "off", "through", "past", "me", "madness")


_AFTER_MONTH = listed(
    "and to was is so please pls compared vs with spending total until till did ? !"
)
_SHORT_DAYS = listed("sun sat wed mon fri tue thu")
_DAY_NAME_TAILS = listed("times .com fm group club roast express morning's post")


def weekday_is_meant(c: Cursor, i: int) -> bool:
    """Whether a weekday's name is a day: "sat" may be a verb, "Monday.com" a shop."""
    low, before, after = c.low(i), c.low(i - 1), c.low(i + 1)
    if after == "." and c.low(i + 2) == "com":
        return False
    if after in ("school", "roast", "league", "roasts"):
        return False
    if before == "ruby" or (after in _DAY_NAME_TAILS and c.tokens[i].text[:1].isupper()):
        return False
    if low in ("sun", "sat", "wed", "mon"):
        if before in ("the", "we", "i", "got", "they", "he", "she", "in") and before != "on":
            return False
        ends = i + 1 >= len(c.tokens) or after in "?!.,"
        return (
            before in _TIME_BEFORE
            or ends
            or c.atom(i + 1).part is not None
            or (i == 0 and after in ("-", "to", "and", "thru", "through", "till", "until"))
            or _is_dated(c, i + 1)
        )
    return True


def _is_dated(c: Cursor, k: int) -> bool:
    """As in "wed 28th", "sat 3 oct"."""
    ranked = c.is_number(k) and c.glued(k + 1) and c.low(k + 1) in ("st", "nd", "rd", "th")
    return ranked or (c.is_number(k) and c.atom(k + 1).month is not None)


_NOT_AFTER_DURATION = listed("old trial fixed term warranty plan contract deal pass")


_TITLED = listed("song film movie album book track newspaper musical band")


def unit_is_meant(c: Cursor, i: int, end: int) -> bool:
    """Whether a span of units is a period and not a name ("the next day delivery")."""
    after = c.low(end)
    if after in ("delivery", "blinds") and c.atom(end - 1).unit == "day":
        return False
    if after in _NOT_AFTER_DURATION and c.low(i) in ("a", "the"):
        return False
    if c.low(i - 1) in _TITLED and c.tokens[i].text[:1].isupper():
        return False
    if (
        after in ("show", "newspaper")
        and c.tokens[i].text[:1].isupper()
        and c.tokens[end].text[:1].isupper()
    ):
        return False
    if c.low(i) == "24" and c.low(i + 1) == "/" and c.low(i + 2) == "7" and end == i + 3:
        return False
    if end == i + 3 and c.low(i + 1) == "/" and after in ("of", "th", "ths"):
        return False
    return not (c.low(i - 1) in ("usa",) or after == "fm")


_SUM_NOUNS = listed("goal target budget limit cap deposit")


def is_after_sum_noun(c: Cursor, i: int) -> bool:
    """Whether a number is a sum by the noun before its "of": "a goal of 2000" names no year."""
    return c.low(i - 1) == "of" and c.low(i - 2) in _SUM_NOUNS
