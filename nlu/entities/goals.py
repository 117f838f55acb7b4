"""A person's goals: by their names, or by where a goal's name stands."""

from __future__ import annotations

from typing import Any

from nlu.entities.own_words import names_of, parts_of, word_set
from nlu.message import Message
from nlu.periods.cursor import duration
from nlu.words import is_known, listed

_CONTAINERS = listed("pot goal fund pots goals jar chest piggy")


_NOT_A_GOAL = listed(
    "that many then leave call do there start finished ive pay little stuff wise n all things "
    "me savings saving my the a this each every any new mutual hedge trust index pension etf "
    "money which what own your our of for on in to goal goals pot fund funds and or is s how's "
    "hows how what's whats delete remove close open create make set another other one same "
    "first second next last biggest main rest cancel scrap erase bin list show put add up i no "
    "joint auto only current private"
)


_STOPS = listed(
    "that many then leave call do there start finished ive i've pay little stuff wise all "
    "things by before until till in on at from with and or but so if when how what i we it is "
    "are was ? ! . , ; : like next this last please pls plz thanks want need for to my the out "
    "a an off doing going of about over within it's its nomore anymore already now yet using "
    "every each per monthly weekly goal pot fund target thing one £ $ € + - instead costs "
    "costing around starting starts set worth priced"
)


# One word of an own goal's name: a goal where the intent speaks of one, else the word.
PART_OF_NAME = 0.62
_LOOSELY = 0.5  # below a category in the same place


def goals(message: Message) -> None:
    """Proposes goals: the person's own by name, then the nouns where a goal's name stands."""
    c = message.cursor
    if message.context.goals:
        for first, last, name, one in names_of(message.context.goals).find(message.tokens):
            if len(name) < 3:
                continue
            if last - first > 1 and c.low(last - 1) in _CONTAINERS:
                last -= 1  # noqa: PLW2901 - the span is the name without pot, goal, fund
            held = c.low(last) in _CONTAINERS
            strong = held or len(name) >= 5
            message.propose(
                "goal",
                first,
                last,
                0.985 if held else 0.96 if strong else 0.75,
                {"id": one.id, "name": one.name},
                "own goals",
            )
        for first, last, _, one in parts_of(message.context.goals).find(message.tokens):
            score = 0.95 if last - first > 1 or c.low(last) in _CONTAINERS else PART_OF_NAME
            named = {"id": one.id, "name": one.name}
            message.propose("goal", first, last, score, named, "part of an own goal's name")
    for first, last, score in _placed_goals(message):
        message.propose("goal", first, last, score, _goal(message, first, last), "place of a goal")
    if not any(p.entity == "goal" for p in message.proposals):
        _loose_goals(message)


def _is_one_feast(message: Message, first: int, last: int) -> bool:
    """As in "add 25 to christmas": a day is paid nothing."""
    return any(
        p.entity == "period" and (p.first, p.last) == (first, last) for p in message.proposals
    )


_LOOSE = listed("for towards toward til till until on with reach hit")


def _loose_goals(message: Message) -> None:
    """A noun behind a preposition ("i need 3 grand for a new kitchen"): what the intent decides."""
    c = message.cursor
    for k in range(len(c.tokens)):
        if c.low(k) in _LOOSE and not duration(c, k + 1):
            found = _noun_after_direct(message, k + 1)
            if found and c.low(found[0]) not in _NO_AIM:
                named = _goal(message, *found)
                message.propose("goal", *found, _LOOSELY, named, "perhaps a goal")


_GENERIC = listed("new trip holiday fund pot goal savings saving the my a our for to of big first")


def _goal(message: Message, first: int, last: int) -> dict[str, Any]:
    said = message.words(first, last)
    words = {t.low for t in message.tokens[first:last]}
    fits = [g for g in message.context.goals if words & word_set(g.name) - _GENERIC]
    if len(fits) == 1:
        return {"id": fits[0].id, "name": fits[0].name}
    return {"id": None, "name": said}


def _placed_goals(message: Message) -> list[tuple[int, int, float]]:
    c = message.cursor
    found: list[tuple[int, int, float]] = []
    for k in range(len(c.tokens)):
        low = c.low(k)
        if low in _CONTAINERS or (low == "chest" and c.low(k - 1) == "war"):
            end = k - 1 if low == "chest" and c.low(k - 1) == "war" else k
            end = end - 1 if c.low(end - 1) in ("savings", "saving") else end
            before = _noun_before(message, end)
            if before < end:
                found.append((before, end, 0.96))
                continue
            after = _noun_after(message, k + 1, True)
            if after:
                found.append((*after, 0.94))
        elif low in (
            "save",
            "saving",
            "saved",
            "stacking",
            "stack",
            "savings",
            "saves",
            "away",
            "aside",
            "collect",
            "savin",
        ):
            after = _after_saving(message, k)
            if after:
                found.append((*after, 0.96))
        elif low in _MEASURING or low in ("need", "track"):
            measure = _after_measure if low in _MEASURING else _after_need
            after = measure(message, k)
            if after:
                found.append((*after, 0.93))
        elif low in ("to", "in", "into", "towards", "toward", "at", "intae", "on", "2"):
            after = _after_paying(message, k)
            if after:
                found.append((*after, 0.96 if _is_one_feast(message, *after) else 0.8))
    return found


_MEASURING = listed("close far near close nearer nearing where")
_MEASURED = listed("am are r is we i me you have got still there now off away from reaching")


def _after_measure(message: Message, k: int) -> tuple[int, int] | None:
    """As in "how close am i to the boat", "are we near the bike", "where am i with the loft"."""
    c = message.cursor
    if c.low(k) in ("close", "far") and c.low(k - 1) not in ("how", "hw", "so", "this"):
        return None
    if c.low(k) in ("near", "nearer") and c.low(k - 1) not in ("we", "i", "any", "anywhere"):
        return None
    if c.low(k) == "where" and c.low(k + 1) not in ("am", "are"):
        return None
    j = c.skip(k + 1, _MEASURED)
    if c.low(j) not in ("to", "on", "with", "wiv", "off", "from", "for", "the"):
        return None
    if c.low(k) == "where" and c.low(j) not in ("with", "on", "wiv"):
        return None
    found = _noun_after(message, j if c.low(j) == "the" else j + 1, True)
    spoken = found is not None and c.low(found[0]) not in _NO_AIM
    return found if spoken and c.low(found[1] if found else j) not in _HELD_ELSE else None


def _after_need(message: Message, k: int) -> tuple[int, int] | None:
    """As in "how much more do i need for the sofa", "are we on track for florida"."""
    c = message.cursor
    more = c.low(k) == "need" and any(c.low(j) in ("more", "much") for j in range(max(0, k - 4), k))
    on_track = c.low(k) == "track" and c.low(k - 1) == "on"
    if not (more or on_track) or c.low(k + 1) not in ("for", "with"):
        return None
    found = _noun_after(message, k + 1, True)
    return found if found and c.low(found[0]) not in _NO_AIM else None


_NO_AIM = listed(
    "budget limit payday money spending card account home work edge month week year rent bills "
    "me you it them us him her that this food groceries petrol budgets limits spend finances"
)
_HELD_ELSE = listed("budget limit card account balance")


def _noun_before(message: Message, end: int) -> int:
    """Where the words right before a container begin ("[leeds fest] pot")."""
    c = message.cursor
    start = end
    verbs = listed(
        "scrap delete remove close cancel erase bin yeet drop add put want get start begin "
        "establish create make set take open need kill end stop pause check show bump top raise "
        "move"
    )
    while start > 0 and end - start < 3:
        low = c.low(start - 1)
        token = c.tokens[start - 1]
        if low == "out" and start == end:
            start -= 1
            continue
        if low in _NOT_A_GOAL or low in _STOPS or low in verbs or token.kind == "sign":
            break
        if token.kind == "num" and not token.glued:
            break
        start -= 1
    if start < end and c.low(start) in ("'s",):
        start = end
    return start


def _noun_after(message: Message, k: int, container: bool) -> tuple[int, int] | None:
    """The noun behind "pot for", "goal of", "fund:"."""
    c = message.cursor
    if duration(c, k + 1):
        return None  # "saving for two weeks"
    linked = c.low(k) in ("for", "of", "called", "named", ":", "to", "-", "is")
    if not linked and not container:
        return None
    k = k + 1 if linked else k
    while c.low(k) in _DETERMINERS:
        k += 1
    named = linked and c.low(k - 1) in ("called", "named")
    end = _noun_end(message, k, named)
    if end == k or (not linked and is_known(c.low(k)) and c.low(k) in _PREDICATES):
        return None
    return k, end


_DETERMINERS = listed("a an the my our some savings saving buy get")
_PREDICATES = listed(
    "was doing going looking be hit looks now progress status with check got called has did hw "
    "how would will money"
)
_JOURNEYS = listed("trip holiday vacation flight flights")


def _noun_end(message: Message, k: int, named: bool) -> int:
    """Where a noun of up to three words that begins at `k` ends, `k` where there is none."""
    c = message.cursor
    end = k
    while end < len(c.tokens) and end < k + 3 and not _ends_noun(message, k, end, named):
        end += 1
        journey = c.low(end) == "to" and end == k + 1 and c.low(k) in _JOURNEYS
        if journey and c.low(end + 1) not in _STOPS:
            end += 2
    return end


def _ends_noun(message: Message, k: int, end: int, named: bool) -> bool:
    """Whether a token is no part of the noun; a noun that is called so may be a month."""
    c = message.cursor
    low, token, atom = c.low(end), c.tokens[end], c.atom(end)
    if low in _STOPS and not (named and low == "next") and not (low == "out" and end > k):
        return True
    if token.kind == "sign" and not (low in ("-", "&") and end > k):
        return True
    if token.kind == "num" and not (c.glued(end) and end > k):
        return True
    dated = atom.month or atom.mod is not None or atom.relative is not None
    return not named and bool(dated)


def _after_saving(message: Message, k: int) -> tuple[int, int] | None:
    """As in "save 1000 for tokyo", "saving up towards a trip to florence"."""
    c = message.cursor
    if c.low(k) in ("away", "aside") and c.low(k - 1) in ("go", "right", "going"):
        return None
    for j in range(k + 1, min(k + 9, len(c.tokens))):
        if c.low(j) in ("for", "towards", "toward") and c.low(j + 1) not in (
            "me",
            "it",
            "that",
            "this",
            "now",
            "next",
            "when",
            "each",
            "every",
            "rainy'",
        ):
            if c.low(j) == "for":
                return _noun_after(message, j, False)
            return _noun_after_direct(message, j + 1)
        if c.low(j) in ("?", "!", ".", "on", "at", "if", "how", "what", "because"):
            return None
    return None


def _noun_after_direct(message: Message, k: int) -> tuple[int, int] | None:
    return _noun_after(message, k, True)


_PAYING = listed(
    "put add move chuck toss drop throw stick bung transfer shift contribute sling pop lob "
    "allocate drip squirrel pump slide stash dump bang whack"
)


def _after_paying(message: Message, k: int) -> tuple[int, int] | None:
    """As in "add £50 to florence": a verb of paying, a sum, then the goal."""
    c = message.cursor
    opening = [j for j in range(max(0, k - 8), k) if c.low(j) in _PAYING]
    if not opening or not any(
        t.kind == "num" or t.low in ("tenner", "fiver", "hundred", "grand")
        for t in message.tokens[opening[-1] : k]
    ):
        return None
    if c.low(k) == "on" and c.low(k + 1) not in ("the", "my"):
        return None
    found = _noun_after(message, k + 1, True)
    if found is None:
        return None
    if c.low(found[1]) in ("account", "budget", "limit", "card") or c.low(found[0]) in (
        "savings",
        "saving",
        "account",
        "checking",
        "budget",
        "autosave",
        "it",
        "that",
        "them",
    ):
        return None
    return found
