"""A plan that lacked a part, or a yes: what the next message gives completes it.

What was asked lies in the turn's memory as ``asked``, so it outlives every process. Only a message
that says nothing but parts of a plan completes it, whatever intent NLU took it for; any other
message is answered as it is, and the plan waits for a few turns more. Pure.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions.scope import Turn
from knowledge.merchants import slug
from ledger.money import to_minor

YES = "yes"
PATIENCE = 3
"""How many other messages a plan waits through."""
CANCELS = frozenset({"deny", "goodbye"})
_SUBJECT = frozenset({"merchant", "category"})
_CHANGEABLE: Mapping[str, Sequence[str]] = {
    "enable_autosave": ("amount", "recurrence", "saving"),
}
"""Plans that wait for a yes, and the parts that the very next message may change instead."""
_LOOSE = frozenset({*_SUBJECT, "period", "name", "event"})
"""Parts that only the very next message gives: later "tesco" is a question of its own."""
_CAPS = frozenset({"eq", "approx", "lte", "between"})
_BOUNDS = _CAPS | {"lt", "gt", "gte"}
_WITH_UNIT = frozenset({"set_budget", "enable_autosave"})
SAVING = re.compile(
    r"\b(?:round(?:ing|ed)?|rounds?)[ -]?(?:\w+ )?ups?\b|\bspare change\b"
    r"|\bnearest (?:pound|dollar)\b|\b\d{1,2}(?:\.\d{1,2})?\s*(?:%|percent\b|per cent\b)"
)
"""How autosave may work beside a fixed sum: round-ups, or a percentage of pay."""
_NUMBER = re.compile(
    r"(?<![\w.,£$€])\d{1,3}(?:,\d{3})+(?:\.\d\d)?(?![\w%])|(?<![\w.,£$€])\d+(?:\.\d\d)?(?![\w%]|,\d)"
)
_SMALLEST = 20
"""Major units from which a number alone is a sum."""
_UNIT = re.compile(r"\b(?:per |a |each |every |by (?:the )?)?(week|month)(?:ly)?\b")
_PAYDAY = re.compile(r"\b(?:between |from |to |by )*pay ?days?\b|\bbetween pays\b")
_NAMES = re.compile(
    r"\b(?:it's |its |it is )?(?:for|towards|call it|called|named)\s+(?:a |an |the |my |our )?"
    r"([^\W\d_][\w' -]{1,40})$"
)
_NAME_ALONE = re.compile(r"(?:a |an |my |the |our )?[^\W\d_]+(?: [^\W\d_]+){0,3}[.!]?")
_EVENT = re.compile(
    r"^\W*(?:when|whenever|if|before|once|as soon as)\b"
    r"(?! (?:do|does|did|is|are|was|were|will|can|should|have|has|am)\b)|"
    r"^\W*(?:(?:a|any|large|big) )*(?:payments?|bills?|transactions?)\b.*\b(?:over|above|due)\b"
)
"""What an alert waits for, said alone; "when do I get paid" is a question."""
_FILLER = frozenset(
    """
    a about actually again alright an and around as at aye be budget by can cap cool do each every
    for from go goal i right sure
    i'd i'll i'm im in instead is it it's its just let's lets like limit make maybe me my of ok okay
    on one our per please pls put rather roughly say set so spend the then there they think to up
    want with would yeah yes
    """.split()  # noqa: SIM905  # a list of words is read as words
)
_CORRECTING = frozenset(
    """
    no nope nah sorry wait oops hang meant mean change raise lower increase reduce bump switch move
    should down only just that this rather than ok please can you could quid pounds bucks dollars
    target limit amount sum before until
    """.split()  # noqa: SIM905  # a list of words is read as words
)
"""What stands around the part that a correction of a plan gives."""
_VERBS: Mapping[str, frozenset[str]] = {
    "create_goal": frozenset({"save", "saving", "need", "target", "have"}),
    "contribute_goal": frozenset({"add", "save", "take", "out", "into", "towards"}),
    "delete_goal": frozenset({"delete", "remove", "drop", "goal"}),
    "delete_budget": frozenset({"delete", "remove", "drop"}),
    "enable_autosave": frozenset(
        """
        save saving autosave round rounds rounding ups spare change pay pays payday paydays wages
        salary paycheck paychecks percent cent income nearest pound dollar purchase purchases when
        get paid
        """.split()  # noqa: SIM905  # a list of words is read as words
    ),
    "recategorize": frozenset({"was", "under", "as", "file", "that", "that's", "category"}),
    "set_alert": frozenset({"tell", "under", "below", "over", "above", "when", "if", "than"}),
    "delete_alert": frozenset({"delete", "remove", "alert", "stop", "one"}),
}


def remember(
    turn: Turn, wants: Sequence[str], edit: Mapping[str, Any] | None = None
) -> Mapping[str, Any]:
    """The memory after a plan was asked about: the last question, and what the plan waits for.

    Args:
        turn: The message that lacks something.
        wants: What would complete it.
        edit: What a yes does, where that is wanted; else what the message changes.
    """
    kept = ("entity", "value", "start", "end", "resolved")
    asked = {
        "intent": turn.intent,
        "text": turn.parse.get("text") or "",
        "entities": [{k: e[k] for k in kept if k in e} for e in turn.parse.get("entities") or []],
        "wants": list(wants),
        "patience": PATIENCE,
        **({"edit": edit} if edit else {}),
    }
    return {**(turn.previous or {}), "asked": asked}


def forget(memory: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The memory without a plan that waits; empty, not None, which would keep what was there."""
    if memory is None:
        return None
    return {name: part for name, part in memory.items() if name != "asked"}


def waited(memory: Mapping[str, Any] | None, turn: Turn) -> Mapping[str, Any] | None:
    """The memory after a message that left the plan open, or took it back."""
    asked, rest = (turn.previous or {}).get("asked"), forget(memory)
    if isinstance(asked, Mapping) and turn.intent not in CANCELS and asked["patience"] > 1:
        return {**(rest or {}), "asked": {**asked, "patience": asked["patience"] - 1}}
    return rest


def completed(turn: Turn, currency: str, goals: Iterable[str]) -> Turn | None:
    """The plan with what this message adds, as though both had been said in one; else None.

    Args:
        turn: The message and the memory.
        currency: The person's own, for a bare number.
        goals: The ids of the person's goals.
    """
    asked = (turn.previous or {}).get("asked")
    if not isinstance(asked, Mapping) or turn.parse.get("edit") or turn.intent in CANCELS:
        return None
    if YES in asked["wants"]:
        agreed = _agreed(turn, asked)
        if agreed or asked["intent"] not in _CHANGEABLE or asked["patience"] < PATIENCE:
            return agreed
        asked = {**asked, "wants": _CHANGEABLE[asked["intent"]], "edit": None}
    text = str(turn.parse.get("text") or "")
    if _names_alone(turn, asked, text):
        text = f"for {text.strip()}"
        turn = replace(turn, parse={**turn.parse, "entities": []})
    parts = _parts(turn, text, currency, str(asked["intent"]))
    names = {word for id_ in goals for word in id_.split("_")}
    wants = set(asked["wants"])
    if asked["patience"] < PATIENCE:
        wants -= _LOOSE
    given = {str(part["entity"]) for part in parts}
    if "goal" in given - wants and not str(asked["intent"]).endswith("_goal"):
        return None  # "save 1000 for tokyo" is a plan of its own
    if names & set(slug(text).split("_")):
        given.add("goal")
    name = _NAMES.search(_outside(text, parts).casefold().strip(" .!"))
    if name and "name" in wants:
        given.add("name")
        names |= set(slug(name[1]).split("_"))
    correcting = _CORRECTING if asked.get("corrects") else frozenset()
    left = set(re.findall(r"[\w'’]+", _outside(text, parts).casefold().replace("’", "'")))
    spare = _FILLER | correcting | _VERBS.get(asked["intent"], frozenset()) | names
    is_event = "event" in wants and bool(_EVENT.search(text.casefold()))
    if not is_event and (not given & wants or left - spare):
        return None
    return _joined(turn, asked, text, parts)


def _names_alone(turn: Turn, asked: Mapping[str, Any], text: str) -> bool:
    """Whether a few words are what a goal is to be called, asked for right before."""
    asked_for = asked["intent"] == "create_goal" and "name" in asked["wants"]
    waits = asked_for and not asked.get("corrects")
    next_one = asked["patience"] == PATIENCE
    meant = turn.intent in {"out_of_scope", "create_goal", "check_goals", "spending_total"}
    return bool(waits and next_one and meant and _NAME_ALONE.fullmatch(text.strip()))


def _agreed(turn: Turn, asked: Mapping[str, Any]) -> Turn | None:
    """The plan that a yes, the very next message, agrees to; else None."""
    if turn.intent != "affirm" or asked["patience"] < PATIENCE:
        return None
    agreed = turn.read_as(asked["intent"], entities=[], edit=asked.get("edit"))
    return replace(agreed, previous=forget(turn.previous))


def bare_amount(text: str, parts: Iterable[Mapping[str, Any]], currency: str) -> int | None:
    """A number that stands alone beside the parts of a plan ("emergency fund 2000"), minor units.

    Small ones are too often something else ("iphone 16").
    """
    spans = [one for one in parts if isinstance(one.get("start"), int)]
    number = _NUMBER.search(_outside(text, spans))
    minor = to_minor(number[0].replace(",", ""), currency) if number else 0
    return minor if minor >= to_minor(str(_SMALLEST), currency) else None


def _parts(turn: Turn, text: str, currency: str, intent: str) -> list[dict[str, Any]]:
    """The parts of a plan in a message: NLU's entities, a bare number, a bare unit of time."""
    found = [dict(e) for e in turn.parse.get("entities") or [] if isinstance(e.get("start"), int)]
    how = SAVING.search(text.casefold()) if intent == "enable_autosave" else None
    found += [_part("saving", how, {})] if how else []
    kinds = {e["entity"] for e in found}
    rest = _outside(text, found)
    number = _NUMBER.search(rest) if "amount" not in kinds else None
    if number:
        minor = to_minor(number[0].replace(",", ""), currency)
        found.append(_part("amount", number, {"op": "eq", "minor": minor, "currency": currency}))
    ops = _BOUNDS if intent.endswith("_alert") else _CAPS
    found = [e for e in found if e["entity"] != "number" and _has(e, ops)]
    unit = _PAYDAY.search(text.casefold()) or _UNIT.search(text.casefold())
    if unit and intent in _WITH_UNIT and "recurrence" not in kinds:
        found = [e for e in found if e["end"] <= unit.start() or unit.end() <= e["start"]]
        length = unit[1] if unit.re is _UNIT else None
        found.append(_part("recurrence", unit, {"unit": length}))
    return sorted(found, key=lambda e: int(e["start"]))


def _has(part: Mapping[str, Any], ops: Collection[str]) -> bool:
    """Whether a part is no amount, or one that is held against in one of these ways."""
    return part["entity"] != "amount" or (part.get("resolved") or {}).get("op") in ops


def _part(kind: str, found: re.Match[str], resolved: dict[str, Any]) -> dict[str, Any]:
    start, end = found.span()
    return {"entity": kind, "value": found[0], "start": start, "end": end, "resolved": resolved}


def _outside(text: str, parts: Iterable[Mapping[str, Any]]) -> str:
    """The text with blanks where parts stand, so that positions stay."""
    for part in parts:
        start, end = int(part["start"]), int(part["end"])
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _joined(turn: Turn, asked: Mapping[str, Any], text: str, parts: list[dict[str, Any]]) -> Turn:
    """One message of both; what was said later stands in place of the same part said before."""
    said = {part["entity"] for part in parts}
    said |= _SUBJECT if said & _SUBJECT else set()
    before = f"{asked['text'].rstrip(' .!?')}, "
    shift = len(before)
    moved = [{**p, "start": p["start"] + shift, "end": p["end"] + shift} for p in parts]
    kept = [part for part in asked["entities"] if part["entity"] not in said]
    edit = {"edit": asked["edit"]} if asked.get("edit") else {}
    answered = turn.read_as(asked["intent"], text=before + text, entities=[*kept, *moved], **edit)
    return replace(answered, previous=forget(turn.previous))
