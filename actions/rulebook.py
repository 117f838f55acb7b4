"""What a person taught: shown, forgotten, undone. Whatever NLU took such a message for."""

import re
from collections.abc import Callable, Mapping, Sequence

from actions import corrections
from actions.answer import Answer
from actions.corrections import edit_button
from actions.desk import Desk
from actions.errors import Button, UnclearError
from actions.lessons import lesson_of, teach_month, teach_words, words_meaning
from actions.own_words import effective, same
from actions.say import category_name, count, fit, ordinal
from actions.scope import Turn
from knowledge.category_words import categories_of
from ledger.rules import ACCOUNT, CATEGORY, COUNTERPARTY, MONTH, WORDS, Rule

PAGE = 6
_UNDO = re.compile(
    r"^\W*(?:please |pls |ok |no |oops |actually |sorry )*"
    r"(?:undo(?: (?:that|it|this|the last(?: one)?))?|revert(?: (?:that|it|this))?|"
    r"(?:take|put|change|switch) (?:that|it|this) back|take back that)(?: please| pls)?\W*$",
    re.IGNORECASE,
)
_SHOW = re.compile(
    r"\b(?:what (?:have|did|has) (?:i|we) (?:taught|teach|told) you(?: to (?:call|count|file).*)?"
    r"|what (?:do you|you) (?:know|remember) from me"
    r"|(?:show|list|see|view|what are|which are|give me)(?: me)?(?: all)?(?: of)? (?:my|the|our) "
    r"(?:own )?(?:rules|corrections|words|nicknames|teachings)|^\W*(?:my|all my) rules)\W*$",
    re.IGNORECASE,
)
_FORGET = re.compile(
    r"^\W*(?:please |pls |can you |could you )*"
    r"(?:(?P<all>(?:forget|delete|remove|drop) (?:all|every)(?: of)? (?:my |the )?rules?)"
    r"|(?:forget|delete|remove|drop|unlearn|scrap) (?:the |my )?"
    r"(?:rules? (?:number |no\.? |#)?(?P<number>\d+)|(?P<rule>.+?) rule|(?P<name>.+?))"
    r"|stop calling (?P<account>.+?))\W*$",
    re.IGNORECASE,
)

_THAT = frozenset({"that", "this", "the", "that last", "the last", "last", "the new", "new"})
"""Words for a rule that name none."""
_CHANGE = re.compile(
    r"^\W*(?:please |pls |can you |could you )*(?:change|edit|make|set|update|correct) "
    r"(?:my )?rule (?:number |no\.? |#)?(?P<number>\d+) "
    r"(?:to be|to|as|into|mean|=)\s+(?P<to>[^?]+)$",
    re.IGNORECASE,
)

Topic = Callable[[Desk, Turn], Answer]


def may_speak_of_rules(turn: Turn) -> bool:
    """Whether a message may teach something or take it back; a tapped button says itself."""
    if turn.parse.get("edit"):
        return False
    text = str(turn.parse.get("text") or "")
    told = _UNDO.search(text) or _SHOW.search(text) or _FORGET.search(text) or _CHANGE.search(text)
    return bool(told) or lesson_of(text, turn.intent) is not None


def topic_of(desk: Desk, turn: Turn) -> Topic | None:
    """What answers a message of `may_speak_of_rules`, None where it speaks of something else."""
    text = str(turn.parse.get("text") or "")
    if _UNDO.search(text):
        return undo if (turn.previous or {}).get("undo") else None
    if _SHOW.search(text):
        return show
    if _CHANGE.search(text):
        return change
    found = _FORGET.search(text)
    if found is not None:
        named = found["number"] or found["rule"] or found["all"]
        return forget if named or _named(desk.rules, found) else None
    return lesson_of(text, turn.intent)


def _named(rules: Sequence[Rule], found: re.Match[str]) -> bool:
    """Whether taught words are named: "forget work lunch" is about a rule, "forget it" is not."""
    name = (found["name"] or found["account"] or "").casefold().strip()
    words = [rule.name for rule in rules if rule.kind in {WORDS, ACCOUNT}]
    return any(re.search(rf"(?:^|\b(?:the|my) ){re.escape(one)}$", name) for one in words)


def undo(desk: Desk, turn: Turn, ids: Sequence[str] = ()) -> Answer:
    """Takes back what the last turn taught.

    Raises:
        UnclearError: It was taken back already.
    """
    ids = ids or [str(id_) for id_ in (turn.previous or {}).get("undo") or []]
    gone = [rule for rule in desk.rules if rule.id in set(ids)]
    if not gone:
        raise UnclearError("That was taken back already; nothing was changed.")
    desk.unteach(ids)
    if any(rule.kind == CATEGORY for rule in gone):
        corrections.refile(desk)
    several = gone[0].kind == CATEGORY and len(gone) > 1
    what = f"{count(len(gone), 'correction')}." if several else _now(desk, gone[0])
    return _forgot(turn, fit(f"Undone: {what}"), len(gone))


def _now(desk: Desk, gone: Rule) -> str:
    """How things stand without a rule: what it spoke of, as it is again."""
    before = [rule for rule in effective(desk.rules) if same([rule], gone)]
    if before:
        return f"{line(desk, before[-1])}, as before."
    id_, of = gone.value.get("transaction_id"), gone.value.get("counterparty_id")
    if gone.kind == CATEGORY and id_:
        rows = corrections.rows_of(desk, [str(id_)])
        return f"{gone.name}, is {category_name(rows[0].category or '')} again." if rows else ""
    if gone.kind == CATEGORY:
        rows = corrections.of_counterparty(desk, str(of))
        return f"{gone.name} is filed as before, {count(len(rows), 'row')}."
    if gone.kind == MONTH:
        return "your month starts on the 1st again."
    return f"“{gone.name}” means nothing of its own any more."


def _forgot(turn: Turn, text: str, number: int) -> Answer:
    memory = {name: part for name, part in (turn.previous or {}).items() if name != "undo"}
    return Answer(
        text,
        counts=[("removed", number)],
        buttons=[edit_button("My rules", rules=0)],
        memory=memory,
        taught=True,
    )


def forget(desk: Desk, turn: Turn) -> Answer:
    """Removes the rule that is named by its number or its words.

    Raises:
        UnclearError: There is none of that number or name.
    """
    found = _FORGET.search(str(turn.parse.get("text") or ""))
    rules = effective(desk.rules)
    if found is not None and found["all"]:
        return _remove(desk, turn, rules)
    if found is not None and (found["rule"] or "").casefold() in _THAT:
        return _forget_that(desk, turn, rules)
    chosen = [rule for rule in rules if found is not None and _is_meant(desk, rule, found)]
    if not chosen:
        raise UnclearError(
            "I have no such rule. Say “show my rules” to see their numbers.",
            [edit_button("My rules", rules=0)],
        )
    if len(chosen) > 1:
        raise _which(desk, chosen)
    return _remove(desk, turn, chosen)


def _forget_that(desk: Desk, turn: Turn, rules: Sequence[Rule]) -> Answer:
    """Forgets the rule of the last turn, or the only one.

    Raises:
        UnclearError: There are several, and none was taught just now.
    """
    taught = {str(id_) for id_ in (turn.previous or {}).get("undo") or []}
    chosen = [rule for rule in rules if rule.id in taught] or list(rules)
    if len(chosen) > 1:
        raise _which(desk, list(reversed(chosen)))
    return _remove(desk, turn, chosen)


def _which(desk: Desk, rules: Sequence[Rule]) -> UnclearError:
    buttons = [edit_button(line(desk, rule), forget=rule.id) for rule in rules[:4]]
    return UnclearError("Which of them shall I forget?", buttons)


def _is_meant(desk: Desk, rule: Rule, found: re.Match[str]) -> bool:
    if found["number"]:
        return rule.seq == int(found["number"])
    wanted = (found["rule"] or found["name"] or found["account"] or "").casefold().strip()
    if rule.kind == MONTH:
        return wanted in {"month", "month start", "my month"}
    plain = re.sub(r"^(?:the|my|our) ", "", wanted)
    return bool(plain) and plain in f"{rule.name} {line(desk, rule)}".casefold()


def change(desk: Desk, turn: Turn) -> Answer:
    """Gives the rule of a number another meaning; what it is about stays.

    Raises:
        UnclearError: There is none of that number, or what it should be is not plain.
    """
    found = _CHANGE.search(str(turn.parse.get("text") or ""))
    rules = [
        r for r in effective(desk.rules) if found is not None and r.seq == int(found["number"])
    ]
    if found is None or not rules or rules[0].kind in {ACCOUNT, COUNTERPARTY}:
        raise UnclearError(
            "I can't change that one: say “show my rules” for their numbers, or forget it and "
            "teach me anew.",
            [edit_button("My rules", rules=0)],
        )
    rule, to = rules[0], found["to"].strip(" .!")
    if rule.kind == WORDS:
        return teach_words(desk, turn, rule.name, to)
    if rule.kind == MONTH:
        return teach_month(desk, turn, to)
    ids = categories_of(re.sub(r"^(?:a|an|the|my) ", "", to.casefold()))
    if len(ids) != 1:
        raise UnclearError(f"Which category is “{to[:40]}”? Say it in another word.")
    if rule.value.get("counterparty_id"):
        return corrections.file_always(desk, turn, ids[0], [str(rule.value["counterparty_id"])])
    rows = corrections.rows_of(desk, [str(rule.value["transaction_id"])])
    return corrections.file_rows(desk, turn, ids[0], rows)


def _remove(desk: Desk, turn: Turn, rules: Sequence[Rule]) -> Answer:
    ids = [id_ for rule in rules for id_ in same(desk.rules, rule)]
    if not ids:
        raise UnclearError("You have taught me nothing yet, so there is nothing to forget.")
    lines = [line(desk, rule) for rule in rules]
    desk.unteach(ids)
    corrections.refile(desk)
    what = lines[0] if len(lines) == 1 else count(len(lines), "rule")
    return _forgot(
        turn, fit(f"Forgotten: {what}. Figures are as they were without it."), len(rules)
    )


def edited(desk: Desk, turn: Turn, edit: Mapping[str, object]) -> Answer | None:
    """What a tapped button does to rules, None where it does something else."""
    ids = edit.get("undo")
    if isinstance(ids, list):
        return undo(desk, turn, [str(id_) for id_ in ids])
    if "forget" in edit:
        rules = [rule for rule in effective(desk.rules) if rule.id == edit["forget"]]
        return _remove(desk, turn, rules)
    offset = edit.get("rules")
    if isinstance(offset, int):
        return show(desk, turn, offset)
    return None


def show(desk: Desk, turn: Turn, offset: int = 0) -> Answer:  # noqa: ARG001
    """Every rule with its number, a page at a time."""
    rules = effective(desk.rules)
    if not rules:
        return Answer(
            "You have taught me nothing yet. Try “work lunch means Pret and Itsu on weekdays”, “my "
            "month starts on the 25th” or, of a payment, “that was petrol”."
        )
    first = f"You taught me {count(len(rules), 'thing')}:" if offset == 0 else "And:"
    text, shown = first, offset
    for rule in rules[offset : offset + PAGE]:
        trial = f"{text}\n{rule.seq}. {line(desk, rule)}"
        if len(trial) > 255:
            break
        text, shown = trial, shown + 1
    shown = max(shown, offset + 1)
    if text == first:
        text = f"{first}\n{rules[offset].seq}. {line(desk, rules[offset])}"
    more: list[Button] = []
    if shown < len(rules):
        more = [edit_button("More", rules=shown)]
    return Answer(
        fit(f"{text}\n(“Forget rule {rules[offset].seq}” removes one.)"),
        counts=[("rules", len(rules))],
        buttons=more,
    )


def line(desk: Desk, rule: Rule) -> str:
    """A rule as people are shown it."""
    if rule.kind == CATEGORY:
        name = category_name(str(rule.value["category"]))
        return f"{rule.name} is {'always ' if rule.value.get('counterparty_id') else ''}{name}"
    if rule.kind == WORDS:
        return f"“{rule.name}” means {words_meaning(desk, rule.value)}"
    if rule.kind == ACCOUNT:
        account = desk.account(str(rule.value["account_id"]))
        return f"“{rule.name}” is {account.name if account else 'an account that is gone'}"
    if rule.kind == MONTH:
        return f"your month starts on the {ordinal(int(rule.value['day']))}"
    return f"{rule.name} is right"
