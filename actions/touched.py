"""What "it" means after a plan: "delete it", "how's it going", "make it 120", "put 50 in".

An answer about one plan says so (`Answer.plan`); it stays in the memory until another question is
answered. A message that only makes sense with it gets its intent and its parts, whatever NLU took
it for. Pure.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions import resume
from actions.scope import Turn

BUDGET, GOAL, AUTOSAVE, ALERT, CASE, PEERS = "budget", "goal", "autosave", "alert", "case", "peers"
_ENDS: Mapping[str, str] = {
    BUDGET: "delete_budget",
    GOAL: "delete_goal",
    AUTOSAVE: "disable_autosave",
    ALERT: "delete_alert",
    CASE: "human_handoff",
    PEERS: "leave_peers",
}
_STANDS: Mapping[str, str] = {
    BUDGET: "check_budget",
    GOAL: "check_goals",
    AUTOSAVE: "autosave_status",
    ALERT: "list_alerts",
    CASE: "human_handoff",
}
_SETS = frozenset({"set_budget", "create_goal", "contribute_goal", "enable_autosave", "set_alert"})
_GOALS = frozenset({"amount", "period", "goal"})
_PARTS = ("amount", "recurrence", "period", "saving", "category", "merchant", "goal", "name")
_PLEASE = (
    r"^\W*(?:(?:please|pls|ok|okay|actually|no|oh|wait|and|then|now|just|can you|could you|"
    r"(?:(?:on|having) )?second thoughts?|i(?:'?ve)? changed my mind|after all)\W+)*"
)
_SO = r"(?:\W+(?:please|pls|now|again|then|thanks|after all))*\W*$"
_END = re.compile(
    rf"{_PLEASE}(?:delete|remove|cancel|scrap|drop|bin|stop|end|kill|ditch|lose|undo|forget|"
    r"withdraw|close|get rid of|take back|turn off|switch off|leave|opt out of|"
    r"knock(?=.* on the head)|get shot of|do away with)"
    r"(?: (?:it|that|this|them|(?P<named>(?:the|that) (?:[\w'’ -]+ )?"
    rf"(?:one|budget|goal|alert|pot|cap|limit))))?(?: (?:off|out|on the head))?{_SO}"
)
_OUT = re.compile(
    rf"{_PLEASE}(?:(?:take|get|count|leave|opt|pull) me (?:back )?out|(?:remove|exclude) me|"
    rf"i(?:'?d like| want)? (?:to be )?out)(?: of (?:it|that|there|this))?{_SO}"
)
"""Out of the comparison that was joined just before."""
_BACK = re.compile(
    rf"{_PLEASE}(?:undo(?: (?:it|that))?"
    r"|(?:put|bring|switch|turn|take|have) (?:it|that|them|those) (?:back(?: on)?|on(?: again)?)"
    r"|(?:i )?(?:want|need) (?:it|that|them) back|resume(?: them| it)?"
    rf"|(?:start|send) (?:it|them|that) again|i(?:'?ve)? changed my mind){_SO}"
)
_LISTED = re.compile(
    rf"{_PLEASE}(?:list|show|see|view)(?: me)? (?:them|'?em|all(?: of (?:them|'?em))?){_SO}"
)
_STANDING = re.compile(
    rf"{_PLEASE}(?:how(?:'?s| is| are|s) (?:it|that|this|they|things)(?: (?:doing|going|looking|"
    r"coming along|getting on))?|how am i (?:doing|getting on|looking)(?: (?:on|with) (?:it|that))?"
    r"|is (?:it|that) (?:still )?(?:on|active|working|set(?: up)?|running|live)"
    r"|how much(?:'?s| is| do i have| have i(?: got)?)? (?:left|saved|to go|in (?:it|there))"
    r"(?: (?:in|on|for|of) (?:it|that))?(?: this (?:week|month))?|what'?s left(?: (?:in|on) it)?"
    r"|how much(?:'?s| is) (?:that|it) (?:a|per) (?:month|week)"
    r"|where am i(?: (?:at|up to))?(?: (?:with|on) (?:it|that))?"
    r"|how (?:far off|close)(?: am i)?|am i (?:on track|over(?: it)?|under(?: it)?)"
    rf"(?: (?:with|on|for) (?:it|that))?){_SO}"
)
_CHANGE = re.compile(
    r"^\W*(?:(?:ok|okay|and|actually|please|pls|can you|could you)\W+)*"
    r"(?:(?:make|change|set|raise|lower) the (?:target|limit|cap|budget|amount|goal|sum)\b"
    r"|(?:make|change|set|raise|lower|up|bump|increase|reduce|switch|move|put) (?:it|that|this)\b"
    r"|(?:no|nope|nah|sorry|oops|wait|actually|hang on)\b.*\d|(?:i )?meant?\b|should be\b"
    r"|it should\b|(?:raise|lower|increase|reduce|bump|up|drop) (?:to|by)?\b)|\binstead\W*$"
)
_ANOTHER = re.compile(
    r"^\W*(?:(?:and|also|plus|then|another)\W+)+.*\b(?:for|on|at|towards)\b", re.DOTALL
)
"""Another of the same kind: "and 50 for coffee" after a budget."""
_ALSO = re.compile(
    r"^\W*(?:and|also|plus|and also|too)\W+(?:tell me |ping me |let me know )?"
    r"(?:when|if|whenever|once|before)\b"
    r"(?! (?:do|does|did|is|are|was|were|will|can|should|have|has|am)\b)"
)
_DUE = re.compile(r"^\W*(?:and |say |it'?s |ok |make it )*(?:by|before|until)\b")
_FOR_GOAL = re.compile(
    r"^\W*(?:and |make it |put it |it'?s |please )*(?:for|towards|to|into) [^\d]+$"
)


def remembered(
    turn: Turn, plan: Mapping[str, Any] | None, memory: Mapping[str, Any] | None, *, changed: bool
) -> Mapping[str, Any] | None:
    """The memory with the plan that was answered about; one that a change is over is forgotten.

    Args:
        turn: The message.
        plan: `Answer.plan`.
        memory: What the answer leaves.
        changed: Whether the topic changes plans, so that without a plan there is none any more.
    """
    if plan is None:
        if not changed or memory is None:
            return memory
        return {name: part for name, part in memory.items() if name != "plan"}
    return {**(memory or {}), "plan": {**_said(turn, plan), **plan}}


def _said(turn: Turn, plan: Mapping[str, Any]) -> Mapping[str, Any]:
    """How the plan would be said, for what comes later to change a part of it."""
    before = (turn.previous or {}).get("plan")
    if turn.intent in _SETS:
        kept = ("entity", "value", "start", "end", "resolved")
        entities = [{k: e[k] for k in kept if k in e} for e in turn.parse.get("entities") or []]
        text = str(turn.parse.get("text") or "")
        return {"intent": turn.intent, "text": text, "entities": entities}
    if isinstance(before, Mapping) and all(before.get(k) == v for k, v in plan.items()):
        return {name: before[name] for name in ("intent", "text", "entities")}
    intent = {BUDGET: "set_budget", GOAL: "create_goal", AUTOSAVE: "enable_autosave"}
    text = f"for {plan['name']}" if plan.get("name") else ""
    return {"intent": intent.get(str(plan["kind"]), ""), "text": text, "entities": _about(plan)}


def _in_mind(turn: Turn) -> Mapping[str, Any] | None:
    """The plan that was touched last; None while a form waits or where a button was tapped."""
    previous = turn.previous or {}
    plan = previous.get("plan")
    if not isinstance(plan, Mapping) or turn.parse.get("edit") or previous.get("asked"):
        return None
    return plan


def _words(turn: Turn) -> str:
    return str(turn.parse.get("text") or "").casefold().replace("’", "'")


def meant(turn: Turn) -> Turn:
    """The turn as one about the plan that was touched last, where its words say so."""
    plan = _in_mind(turn)
    if plan is None:
        return turn
    text = _words(turn)
    undo = plan.get("undo")
    if isinstance(undo, Mapping):
        return turn.read_as(str(undo["intent"]), edit=undo["edit"]) if _BACK.search(text) else turn
    return _ended(turn, plan, text) or _asked(turn, plan, text) or turn


def _ended(turn: Turn, plan: Mapping[str, Any], text: str) -> Turn | None:
    found, kind = _END.search(text), str(plan.get("kind"))
    if kind == PEERS and _OUT.search(text):
        return turn.read_as(_ENDS[kind])
    if found is None or kind not in _ENDS:
        return None
    if found["named"] and _things(turn):
        return turn.read_as(_ENDS[kind])
    parts: dict[str, Any] = {"entities": _about(plan)}
    if kind == CASE:
        parts["edit"] = {"case": "withdraw"}
    if kind == ALERT and plan.get("id") and not found["named"]:
        parts["edit"] = {"stop": plan["id"]}
    return turn.read_as(_ENDS[kind], **parts)


def _asked(turn: Turn, plan: Mapping[str, Any], text: str) -> Turn | None:
    kind = str(plan.get("kind"))
    if kind == ALERT and _ALSO.search(text):
        return turn.read_as("set_alert")
    if _ANOTHER.search(text) and kind in {BUDGET, GOAL}:
        return _another(turn, plan, kind)
    if kind in _STANDS and _LISTED.search(text):
        return turn.read_as(_STANDS[kind], entities=[])
    if not _STANDING.search(text) or kind not in _STANDS:
        return None
    if re.search(r"\bthey\b", text):
        return turn.read_as(_STANDS[kind], entities=[])
    # `goals.check` finds a goal by the words of the message.
    named = f"{text} {plan['name']}" if kind == GOAL and plan.get("name") else text
    return turn.read_as(_STANDS[kind], entities=_about(plan), text=named)


def _another(turn: Turn, plan: Mapping[str, Any], kind: str) -> Turn | None:
    """A budget or goal beside the last one, by the same unit of time where none is said."""
    entities = list(turn.parse.get("entities") or [])
    kinds = {one.get("entity") for one in entities}
    about = kinds & (
        {"category", "merchant"} if kind == BUDGET else {"goal", "category", "merchant"}
    )
    if "amount" not in kinds or (kind == BUDGET and not about):
        return None
    if kind == GOAL:
        return turn.read_as("create_goal", entities=[e for e in entities if e["entity"] in _GOALS])
    units = [one for one in _about(plan) if one["entity"] == "recurrence"]
    return turn.read_as(
        "set_budget", entities=entities + (units if "recurrence" not in kinds else [])
    )


def corrects(turn: Turn) -> bool:
    """Whether a message may give another part of the plan that was set last ("make it 120")."""
    plan = _in_mind(turn)
    if plan is None:
        return False
    text = _words(turn)
    names = plan.get("kind") == AUTOSAVE and _FOR_GOAL.search(text)
    names = names or (plan.get("intent") == "create_goal" and _DUE.search(text))
    return plan.get("intent") in _SETS and bool(_CHANGE.search(text) or names)


def completed(turn: Turn, currency: str, goals: Sequence[str]) -> Turn | None:
    """The plan with the parts that `corrects` saw, as though it had been said at once; else None.

    Args:
        turn: The message.
        currency: The person's own, for a bare number.
        goals: The ids of the person's goals.
    """
    plan = (turn.previous or {})["plan"]
    asked = {
        "intent": plan["intent"],
        "text": plan["text"],
        "entities": plan["entities"],
        "wants": _PARTS,
        "patience": resume.PATIENCE,
        "corrects": True,
        "edit": {"instead": plan["moved"]} if plan.get("moved") else None,
    }
    given = turn.read_as(str(plan["intent"]))  # "no, 200" is no denial
    given = replace(given, previous={**(turn.previous or {}), "asked": asked})
    return resume.completed(given, currency, goals)


def _things(turn: Turn) -> bool:
    kinds = {one.get("entity") for one in turn.parse.get("entities") or []}
    return bool(kinds & {"category", "merchant", "goal", "account", "amount"})


def _about(plan: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The entities that name the plan."""
    merchants = [
        {"entity": "merchant", "value": id_, "resolved": {"id": id_, "counterparty": id_}}
        for id_ in plan.get("merchants") or ()
    ]
    categories = [
        {"entity": "category", "value": id_, "resolved": {"ids": [id_]}}
        for id_ in plan.get("categories") or ()
    ]
    named = [{"entity": "goal", "value": plan["name"]}] if plan.get("name") else []
    unit = plan.get("unit")
    every = [{"entity": "recurrence", "value": unit, "resolved": {"unit": unit}}] if unit else []
    return [*merchants, *categories, *named, *every]
