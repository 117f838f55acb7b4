"""What people teach: words of their own, what they call an account, when their month starts.

NLU has no intent for a lesson; its few forms are recognised here, whatever NLU took them for.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from actions.answer import Answer
from actions.calendar import month_of
from actions.corrections import UNDO, edit_button
from actions.desk import Desk
from actions.errors import UnclearError
from actions.evidence import format_of, merchant_name
from actions.names import ACCOUNT_WORDS, find_accounts, find_counterparties
from actions.say import and_list, category_name, fit, ordinal, weekdays_name
from actions.scope import Turn
from knowledge.category_words import categories_of
from knowledge.merchants import load_merchants, slug
from ledger.rules import ACCOUNT, MONTH, WORDS, Rule
from ledger.types import Account

_MEANS = re.compile(
    r"^(?P<lead>when(?:ever)? i say |if i say |by )?(?:the word |my )?[\"“”'‘]?"
    r"(?P<phrase>[^\W\d_][\w' &-]{1,40}?)[\"“”'’]?,? "
    r"(?:(?P<i>i mean)|=|means?|is short for|stands for|is made up of|covers) (?P<things>[^?]+)$",
    re.IGNORECASE,
)
_NO_PHRASE = re.compile(
    r"^(?:what|how|which|who|whom|where|does|do|did|why|when|it|that|this|these|those|they|he|she|"
    r"no|yes|i|you|we|be|please|nothing|sorry|wait|actually|and|but|so|is|was|oh|ok|well)\b",
    re.IGNORECASE,
)
_STARTS = re.compile(
    r"\b(?:my|our) (?:\w+ )?months? (?:always |really |actually |should |to )*"
    r"(?:starts?|begins?|runs?|resets?|rolls over|goes)\b(?P<when>[^?]*)$"
    r"|\b(?:start|begin|reset|count) (?:my|our|the) (?:\w+ )?months? "
    r"(?P<then>(?:on|from|at)[^?]*)$",
    re.IGNORECASE,
)
_DAY = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\b", re.IGNORECASE)
_CALL = re.compile(
    r"^\W*(?:please |pls |can you |could you |just |from now on )*"
    r"(?:(?:i |we )?(?:call|name) (?=\S+ .* (?:(?:the|my|our|as|[\"“]\w+) |(?:account|card|pot)\b))"
    r"|nickname |rename )(?P<rest>(?:my|our|the) [^?]+)$"
    r"|^\W*(?P<what>(?:my|our) [\w' &-]+?) is (?:called|named|known as|nicknamed) (?P<nick>[^?]+)$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:to|as|the|my|our|to the|as the|to my|as my)\b\s*", re.IGNORECASE)
_ON = re.compile(
    r",?\s*\b(?:but |and )?(?:only |just )?(?:on|at|during|over)\s+(?P<days>.+)$", re.I
)
_AND = re.compile(r"\s*,\s*(?:and |or )?|\s+(?:&|\+|and|or|plus)\s+", re.IGNORECASE)
_TRIM = " \t.!,;:\"“”'‘’"
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Lesson = Callable[[Desk, Turn], Answer]


def lesson_of(text: str, intent: str) -> Lesson | None:
    """What a message teaches, None where it teaches nothing.

    Args:
        text: The message.
        intent: What NLU took it for: "tesco means groceries" is a correction, not a word.
    """
    starts = _STARTS.search(text)
    if starts and (_DAY.search(_when(starts)) or "payday" in _when(starts).casefold()):
        return lambda desk, turn: teach_month(desk, turn, _when(starts))
    called = _CALL.search(text)
    if called:
        return lambda desk, turn: _account(desk, turn, called)
    means = _MEANS.search(text.strip())
    if means and not _NO_PHRASE.search(means["phrase"]) and (means["lead"] or not means["i"]):
        return (
            None
            if intent == "recategorize"
            else lambda d, t: teach_words(d, t, means["phrase"], means["things"])
        )
    return None


def _when(found: re.Match[str]) -> str:
    return found["when"] or found["then"] or ""


def _rule(turn: Turn, kind: str, name: str, value: Mapping[str, Any]) -> Rule:
    return Rule(turn.scope.turn_id, kind, name, value, turn.scope.now)


def _taught(desk: Desk, turn: Turn, rule: Rule, first: str) -> Answer:
    desk.teach(rule)
    return Answer(
        fit(first, ["Say “undo” to take it back, “show my rules” to see all."]),
        buttons=[edit_button(UNDO, undo=[rule.id]), edit_button("My rules", rules=0)],
        memory={**(turn.previous or {}), "undo": [rule.id]},
        taught=True,
    )


def teach_month(desk: Desk, turn: Turn, when: str) -> Answer:
    """Keeps the day on which the month starts.

    Raises:
        UnclearError: No day of a month is named.
    """
    found = _DAY.search(when)
    day = int(found[1]) if found else 0
    if not 1 <= day <= 31:
        raise UnclearError(
            "On which day of the month? Tell me a number, such as “my month starts on the 25th”."
        )
    this = month_of(desk.today, day)
    days = format_of(desk).period(this, desk.span)
    return _taught(
        desk,
        turn,
        _rule(turn, MONTH, "", {"day": day}),
        f"Noted: your month starts on the {ordinal(day)}. “This month” is {days}.",
    )


def _account(desk: Desk, turn: Turn, called: re.Match[str]) -> Answer:
    account, nick = _account_and_name(desk, called)
    if account is None or not nick:
        names = ", ".join(one.name for one in desk.accounts[:5]) or "none yet"
        raise UnclearError(
            f"Which account shall I call what? Say “call my … the …”. You have: {names[:150]}."
        )
    return _taught(
        desk,
        turn,
        _rule(turn, ACCOUNT, nick, {"account_id": account.id}),
        f"Noted: “{nick}” is {account.name}.",
    )


def _account_and_name(desk: Desk, called: re.Match[str]) -> tuple[Account | None, str]:
    """The one account that is named, and what it is called from now on."""
    if called["what"]:
        return _one(desk, called["what"]), _plain(called["nick"])
    words = called["rest"].split()
    for end in range(2, len(words)):
        account = _one(desk, " ".join(words[:end]))
        if account is None or _belongs(words[end], account):
            continue
        return account, _plain(" ".join(words[end:]))
    return None, ""


def _one(desk: Desk, words: str) -> Account | None:
    found = find_accounts(words, None, desk.accounts)
    return desk.account(found[0]) if len(found) == 1 else None


def _belongs(word: str, account: Account) -> bool:
    """Whether a word still names the account, as "current" does in "my natwest current"."""
    plain = slug(word)
    own = set(slug(f"{account.name} {account.institution}").split("_"))
    return plain in own | set(ACCOUNT_WORDS) | {"account", "card"}


def _plain(name: str) -> str:
    """A name without what only introduces it."""
    before = None
    while before != name:
        before, name = name, _ARTICLE.sub("", name.strip(_TRIM))
    return name[:40].casefold()


def teach_words(desk: Desk, turn: Turn, phrase: str, meant: str) -> Answer:
    """Keeps what a phrase means from now on.

    Raises:
        UnclearError: Something in it is no shop and no category that there is, or it mixes both.
    """
    things, days = _without_days(meant)
    merchants, categories = _things(desk, turn, things)
    if merchants and categories:
        raise UnclearError(
            "I can keep shops or categories under one word, not both together yet. Which?"
        )
    if not merchants and not categories:
        raise UnclearError(f"I don't know “{things[:60]}”. Name shops or categories that it means.")
    name = _plain(phrase)
    value = {"merchants": merchants, "categories": categories, "weekdays": list(days)}
    unseen = [merchant_name(desk, id_) for id_ in merchants if desk.name_of(id_) is None]
    first = f"Noted: “{name}” means {words_meaning(desk, value)}."
    if unseen:
        first = f"{first} (I see no payment to {and_list(unseen)} yet.)"
    return _taught(desk, turn, _rule(turn, WORDS, name, value), first)


def words_meaning(desk: Desk, value: Mapping[str, Any]) -> str:
    """What taught words mean, as people are shown it."""
    named = [merchant_name(desk, id_) for id_ in value.get("merchants") or []]
    named += [category_name(id_) for id_ in value.get("categories") or []]
    days = weekdays_name(tuple(value.get("weekdays") or ()))
    return f"{and_list(named)}{f' {days}' if days else ''}"


def _without_days(things: str) -> tuple[str, tuple[int, ...]]:
    """The things that are meant, and the weekdays on which."""
    found = _ON.search(things)
    days = _weekdays(found["days"]) if found else ()
    return (things[: found.start()] if found and days else things).strip(_TRIM), days


def _weekdays(text: str) -> tuple[int, ...]:
    plain = text.casefold()
    if re.search(r"\bweek ?days?\b|\bwork(?:ing)? ?days?\b|\bmon\w* (?:to|-|–) fri", plain):
        return (0, 1, 2, 3, 4)
    if re.search(r"\bweek ?ends?\b", plain):
        return (5, 6)
    return tuple(
        number for number, name in enumerate(_NAMES) if re.search(rf"\b{name[:3]}\w*", plain)
    )


def _things(desk: Desk, turn: Turn, things: str) -> tuple[list[str], list[str]]:
    """The counterparties and categories that are named, by NLU's ids where it found them."""
    merchants: list[str] = []
    categories: list[str] = []
    for chunk in _AND.split(things):
        words = _plain(chunk)
        if not words:
            continue
        kind, ids = _thing(desk, words, turn.parse.get("entities") or [])
        (categories if kind == "category" else merchants).extend(ids)
    return list(dict.fromkeys(merchants)), list(dict.fromkeys(categories))


def _thing(
    desk: Desk, words: str, entities: Sequence[Mapping[str, Any]]
) -> tuple[str, tuple[str, ...]]:
    known = next((e for e in entities if str(e.get("value") or "").casefold() == words), {})
    resolved = known.get("resolved") or {}
    found = find_counterparties(words, resolved, desk.counterparties, desk.described)
    if any(desk.name_of(id_) for id_ in found):
        return "merchant", found
    ids = tuple(resolved.get("ids") or ()) or categories_of(words)
    if ids:
        return "category", ids
    # A shop that they have not been to yet: one that NLU or the merchant base knows.
    id_ = resolved.get("id") or _merchant_ids().get(slug(words))
    if id_ is None:
        raise UnclearError(f"I don't know “{words[:40]}”. Name shops or categories that it means.")
    return "merchant", (str(id_),)


@cache
def _merchant_ids() -> Mapping[str, str]:
    """The ids of the merchant base by name and alias; read when somebody teaches a new shop."""
    names = {slug(alias): one.id for one in load_merchants() for alias in one.aliases}
    return {**names, **{one.id: one.id for one in load_merchants()}}
