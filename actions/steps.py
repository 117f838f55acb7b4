"""Buttons: the next step that an answer offers. Pure."""

from dataclasses import replace

from actions.calendar import preceding
from actions.errors import Button
from actions.query import Query
from actions.say import Format, month_title

WHY = Button("Why?", {"intent": "show_more", "entities": [], "edit": {"view": "rows"}})
MORE = Button("More", {"intent": "show_more", "entities": [], "edit": {"view": "more"}})
CHECK = Button(
    "Show the unsure ones", {"intent": "show_more", "entities": [], "edit": {"view": "unsure"}}
)


def ask(title: str, query: Query) -> Button:
    """A button that asks this question."""
    payload = {"intent": "refine_query", "entities": [], "edit": {"query": query.to_json()}}
    return Button(title, payload)


def say(title: str, intent: str) -> Button:
    """A button that stands for a message of this intent without entities."""
    return Button(title, {"intent": intent, "entities": []})


def earlier(query: Query, form: Format) -> list[Button]:
    """The same question one period before, where its period has a length."""
    period = query.period
    if period is None or period.start is None or period.end is None:
        return []
    before = preceding(period)
    return [ask(month_title(before, form.today), replace(query, period=before))]


def split(query: Query) -> list[Button]:
    """The same answer split, where the question is not within one merchant."""
    if query.merchants:
        return [ask("By month", replace(query, group_by="month"))]
    by = "merchant" if query.categories else "category"
    return [ask(f"By {by}", replace(query, group_by=by))]
