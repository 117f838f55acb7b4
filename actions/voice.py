"""Hype and roast: the same facts as the plain voice, other words. Pure but for reading the facts.

A voice never changes a figure: each is a set of sentences around the same amounts. It never speaks
of debt, rent, health or family, and it never sells.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from zlib import crc32

from actions import counting, hardship, steps
from actions.answer import Answer, Figure
from actions.calendar import week_of
from actions.counting import Entry
from actions.desk import Desk
from actions.errors import Button
from actions.evidence import entries, format_of
from actions.query import Period, Query
from actions.say import MAX_TEXT, category_name, count, fit, short

DAYS = 30
PLAIN, HYPE, ROAST = "plain", "hype", "roast"
VOICES = (PLAIN, HYPE, ROAST)
FUN = ("eating_out", "groceries", "shopping", "subscriptions", "entertainment", "transport")
"""Top categories whose merchants may be spoken of."""
GRAVE = ("entertainment.gambling", "groceries.alcohol", "shopping.tobacco", "eating_out.bar")
"""And what within them may not."""
_NAME = 24

_WORDS: Mapping[str, Mapping[str, Sequence[str]]] = {
    PLAIN: {
        "total": ("You spent {total} in the last 30 days.",),
        "more": ("You spent {total} in the last 30 days, {change} more than in the 30 before.",),
        "less": ("You spent {total} in the last 30 days, {change} less than in the 30 before.",),
        "top": ("Of food and fun, most went to {name}: {sum} in {times}.",),
        "goal": ("{name}: {saved} of {target} saved.",),
        "week": ("Most of that in a week, from {day}: {sum}.",),
    },
    ROAST: {
        "total": (
            "{total} gone in 30 days. Your money doesn't talk, it waves goodbye.",
            "{total} in 30 days. Somewhere a calculator needs a lie-down.",
        ),
        "more": (
            "{total} in 30 days, {change} up on the 30 before. Ambitious. Wrong graph, though.",
            "{total} in 30 days, {change} more than the 30 before. Your wallet wants a chaperone.",
            "{total} in 30 days, {change} over the 30 before. A personal best, sadly.",
        ),
        "less": (
            "{total} in 30 days, {change} down on the 30 before. Suspiciously grown-up of you.",
            "{total} in 30 days, {change} less than the 30 before. Who are you trying to impress?",
        ),
        "top": (
            "{name} got {sum} in {times}. They should name a chair after you.",
            "{name}: {sum} in {times}. At this rate you get a Christmas card.",
            "{sum} to {name} in {times}. That's not a habit, that's a lease.",
        ),
        "goal": (
            "Meanwhile {name} sits at {saved} of {target}, tapping its foot.",
            "{name} has {saved} of {target} and is pretending not to mind.",
        ),
        "week": (
            "Food and fun took {sum} in the week of {day} alone. Calm down.",
            "And {sum} on food and fun in the week of {day}. We saw that.",
        ),
    },
    HYPE: {
        "total": (
            "{total} in 30 days, and you know it to the penny. That's control!",
            "You're looking at your {total} of the last 30 days. Most people look away!",
        ),
        "more": (
            "{total} in 30 days, {change} above the 30 before, and you're facing it. Strong move!",
            "{total} in 30 days, {change} more than the 30 before: now you know, and that wins!",
        ),
        "less": (
            "{total} in 30 days, {change} below the 30 before. That's all you. Brilliant!",
            "{total} in 30 days, {change} less than the 30 before. You're on a roll!",
        ),
        "top": (
            "{name} comes first with {sum} in {times}: you know what you like!",
            "Your favourite was {name}, {sum} in {times}. Enjoy it!",
        ),
        "goal": (
            "{name} is at {saved} of {target}. Every bit counts, keep going!",
            "{saved} of {target} for {name}. Look at you go!",
        ),
        "week": (
            "Most food and fun fell in the week of {day}, {sum}. Now you know where to win!",
            "The week of {day} had {sum} of food and fun, and you still check in. Great!",
        ),
    },
}
_NOTHING = {
    ROAST: "I can't roast an empty page. Send me a bank file and I'll find something.",
    HYPE: "You showed up, and that is step one! Send me a bank file and I'll cheer with figures.",
    PLAIN: "There is nothing from the last 30 days to tell yet.",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """Something true of the last 30 days.

    Attributes:
        kind: Which sentences tell it.
        parts: What stands in them, already in words.
        figures: The same, as figures.
        counts: How many, where that is told.
    """

    kind: str
    parts: Mapping[str, str]
    figures: Sequence[Figure]
    counts: Sequence[tuple[str, int]] = ()


def speak(desk: Desk, voice: str, categories: tuple[str, ...] = ()) -> Answer:
    """The facts of the last 30 days in a voice; a roast gives way to hardship.

    Which of the wordings are taken follows from the turn's id, so that a replay says the same.

    Args:
        desk: What the turn may look at.
        voice: One of `VOICES`.
        categories: What it is to be about; anything that is no fun is not spoken of.
    """
    about = tuple(one for one in categories if _is_fun(one))
    sign = hardship.sign(desk) if voice == ROAST else None
    if sign is not None:
        first = f"No roast today: {sign}, and I don't joke about that."
        rest = [hardship.advice(desk), "Shall we look at what comes next?"]
        return Answer(fit(first, rest), buttons=hardship.first_steps(desk))
    query = Query("spending_total", _last(desk), direction="out", categories=about)
    found = _home(desk, entries(desk, query))
    told = facts(desk, found, about)
    if not told and about:
        return Answer(f"Nothing on {category_name(about[0])} in the last {DAYS} days to speak of.")
    if not told:
        return Answer(_NOTHING[voice])
    return Answer(
        text(told, voice, desk.turn.turn_id),
        query,
        figures=[figure for fact in told for figure in fact.figures],
        counts=[number for fact in told for number in fact.counts],
        transactions=[entry.row.id for entry in found],
        buttons=[*_others(voice, about), steps.ask("Show me", query)],
    )


def _others(voice: str, about: tuple[str, ...]) -> list[Button]:
    titles = {PLAIN: "Plainly", HYPE: "Hype me", ROAST: "Roast me"}
    return [
        Button(
            titles[other],
            {
                "intent": "roast_me" if other == ROAST else "hype_me",
                "entities": [],
                "edit": {"voice": other, "categories": list(about)},
            },
        )
        for other in VOICES
        if other != voice
    ]


def text(told: Sequence[Fact], voice: str, seed: str) -> str:
    """The facts in a voice, each in one of its wordings."""
    return " ".join(_sentence(fact, voice, seed) for fact in told)


def _sentence(fact: Fact, voice: str, seed: str) -> str:
    wordings = _WORDS[voice][fact.kind]
    return wordings[crc32(f"{seed}{fact.kind}".encode()) % len(wordings)].format(**fact.parts)


def _last(desk: Desk) -> Period:
    return Period(desk.tomorrow - timedelta(days=DAYS), desk.tomorrow)


def _home(desk: Desk, found: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in found if entry.row.currency == desk.person.currency]


def facts(desk: Desk, found: Sequence[Entry], about: tuple[str, ...] = ()) -> list[Fact]:
    """What can be told, at most so much that every wording of every voice fits one message."""
    if not found:
        return []
    makers: Sequence[Callable[[Desk, Sequence[Entry]], Fact | None]] = (_top, _goal, _week)
    others = (make(desk, found) for make in makers)
    made = [_spent(desk, found, about), *(fact for fact in others if fact is not None)]
    while len(made) > 1 and max(_longest(made, voice) for voice in VOICES) > MAX_TEXT:
        made.pop()
    return made


def _longest(told: Sequence[Fact], voice: str) -> int:
    longest = (
        max(len(wording.format(**fact.parts)) for wording in _WORDS[voice][fact.kind])
        for fact in told
    )
    return sum(longest) + len(told) - 1


def _spent(desk: Desk, found: Sequence[Entry], about: tuple[str, ...]) -> Fact:
    home, form = desk.person.currency, format_of(desk)
    total = sum(entry.minor for entry in found)
    on = f" on {category_name(about[0])}" if about else ""
    parts = {"total": f"{form.money(total, home)}{on}"}
    figures = [Figure("total", total, home)]
    before = Period(desk.tomorrow - timedelta(days=2 * DAYS), desk.tomorrow - timedelta(days=DAYS))
    if desk.span is None or before.start is None or desk.span[0] > before.start:
        return Fact("total", parts, figures)
    query = Query("spending_total", before, direction="out", categories=about)
    change = total - sum(entry.minor for entry in _home(desk, entries(desk, query)))
    if change == 0:
        return Fact("total", parts, figures)
    parts["change"] = form.money(abs(change), home)
    kind = "more" if change > 0 else "less"
    return Fact(kind, parts, [*figures, Figure("change", abs(change), home)])


def _is_fun(category: str) -> bool:
    return category.split(".", maxsplit=1)[0] in FUN and not category.startswith(GRAVE)


def _may_joke(entry: Entry) -> bool:
    return _is_fun(entry.row.category or "") and entry.minor > 0


def _top(desk: Desk, found: Sequence[Entry]) -> Fact | None:
    """The merchant of food or fun that most went to."""
    fun = [entry for entry in found if _may_joke(entry) and entry.row.counterparty_id]
    groups = counting.grouped(fun, lambda entry: str(entry.row.counterparty_id))
    if not groups:
        return None
    key, members = max(groups.items(), key=lambda one: (sum(e.minor for e in one[1]), one[0]))
    home = desk.person.currency
    spent = sum(entry.minor for entry in members)
    name = short(desk.name_of(key) or key)[:_NAME]
    times = count(len(members), "visit")
    parts = {"name": name, "sum": format_of(desk).money(spent, home), "times": times}
    return Fact("top", parts, [Figure(key, spent, home, name)], [("visits", len(members))])


def _goal(desk: Desk, _: Sequence[Entry]) -> Fact | None:
    """The goal that is nearest to its end and not there yet."""
    open_ = [goal for goal in desk.goals if goal.minor > 0 and goal.saved < goal.minor]
    if not open_:
        return None
    goal = max(open_, key=lambda one: (one.saved * 1000 // one.minor, one.id))
    form, name = format_of(desk), short(goal.name)[:_NAME]
    saved, target = (form.money(minor, goal.currency) for minor in (goal.saved, goal.minor))
    return Fact(
        "goal",
        {"name": name, "saved": saved, "target": target},
        [
            Figure("saved", goal.saved, goal.currency, name),
            Figure("target", goal.minor, goal.currency, name),
        ],
    )


def _week(desk: Desk, found: Sequence[Entry]) -> Fact | None:
    """The week with the most food and fun, of those that lie wholly in the period."""
    start = _last(desk).start
    fun = [entry for entry in found if _may_joke(entry)]
    starts = [(week_of(entry.row.booked).start, entry) for entry in fun]
    whole = [(week, entry) for week, entry in starts if week and start and week >= start]
    if not whole:
        return None
    ordered = sorted(whole, key=lambda one: one[0])
    sums = {
        week: sum(entry.minor for _, entry in members)
        for week, members in groupby(ordered, key=lambda one: one[0])
    }
    week = max(sums, key=lambda one: (sums[one], one))
    form, home = format_of(desk), desk.person.currency
    parts = {"day": form.day(week), "sum": form.money(sums[week], home)}
    return Fact("week", parts, [Figure("week", sums[week], home)])
