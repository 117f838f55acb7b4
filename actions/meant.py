"""What is sent unasked, and whether a plan is on, whatever NLU took the words for. Pure."""

import re

from actions.scope import Turn

_ABOUT = frozenset({"set_alert", "delete_alert", "list_alerts"})
_ENDS = re.compile(r"\b(?:stop|no more|end|cancel|turn off|switch off|mute|quit|don'?t|remove)\b")
_OF_SENDING = re.compile(
    rf"(?:{_ENDS.pattern}|\b(?:send|start|turn on|switch on|get|give me|move|want)\b).*"
    r"\b(?:recaps?|weekly (?:summar\w+|updates?|digests?))\b|\bquiet hours\b|"
    r"\b(?:send|give)\b.*\b(?:alerts|messages|notifications|updates)\b.*\bat \d"
)
_SETS = re.compile(
    r"^\W*(?:please |can you |could you |i want to )*(?:set|add|create|make)(?: up)?(?: me)? "
    r"(?:an?|another|new|one)(?: new)? (?:\w+ )?(?:alert|reminder|notification)\b"
)
_WARNS = re.compile(
    r"^\W*(?:please |can you |could you |and )*(?:"
    r"(?:warn|alert|ping|text|notify|shout|buzz)\b.*\b(?:if|when|before)\b|"
    r"(?:tell|let)\b.*\bif (?:i|we|my|the|it|anything|something)\b.*"
    r"\b(?:go|goes|spend|puts?|drops?|falls?|rises?)\b|"
    r"(?:tell|let)\b.*\b(?:if|when)\b.*\bputs? (?:its|the|their|up)\b)"
)
"""Asking to be told of what is yet to come; "tell me when rent is due" asks a question."""
_IT_OFF = re.compile(
    r"^\W*(?:please |ok |then |just )*(?:(?:turn|switch) (?:it|that|this) off|"
    r"(?:stop|pause|disable) (?:it|that|this))\b"
)
_IS_ON = re.compile(
    r"^\W*(?:so |and |ok |but )*(?:is|are) (?:it|that|this|they)(?: now| still| all)? "
    r"(?:on|active|running|set(?: up)?|working|live|done|saved)\b"
)
_STANDS = {
    "enable_autosave": "autosave_status",
    "set_budget": "check_budget",
    "create_goal": "check_goals",
    "set_alert": "list_alerts",
}
"""What tells whether a plan that still lacks a part is there."""
_IT_ON = re.compile(
    r"^\W*(?:please |ok |then |just )*(?:(?:turn|switch) (?:it|that|this)(?: back)? on|"
    r"(?:resume|restart|start) (?:it|that|this))\b"
)


def reworded(turn: Turn) -> Turn:
    """The turn as one about sending or autosave, where its words say so; else the turn itself.

    "Stop the weekly recap" sounds like the end of a budget, "turn it off" like a goodbye.
    """
    if turn.parse.get("edit"):
        return turn
    text = str(turn.parse.get("text") or "").casefold().replace("’", "'")
    name = _by_words(turn, text)
    if name is None:
        return turn
    return turn.read_as(name)


def _by_thread(turn: Turn, text: str) -> str | None:
    """What "it" is right after autosave was looked at, or while a plan lacks a part."""
    previous = turn.previous or {}
    asked = (previous.get("asked") or {}).get("intent")
    if asked in _STANDS and _IS_ON.search(text):
        return _STANDS[asked]
    if (previous.get("query") or {}).get("measure") != "autosave_status":
        return None
    if _IT_OFF.search(text):
        return "disable_autosave"
    return "enable_autosave" if _IT_ON.search(text) else None


def _by_words(turn: Turn, text: str) -> str | None:
    """The intent that the words say, None where NLU's stands."""
    by_thread = _by_thread(turn, text)
    if by_thread is not None:
        return by_thread
    if _SETS.search(text):
        return None if turn.intent == "set_alert" else "set_alert"
    if turn.intent in _ABOUT:
        return None
    if _OF_SENDING.search(text):
        return "delete_alert" if _ENDS.search(text) else "set_alert"
    return "set_alert" if _WARNS.search(text) else None
