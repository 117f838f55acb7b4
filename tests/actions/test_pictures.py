"""Charts: what is drawn is what the answer says, and it can be drawn."""

import itertools
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import charting
from actions.answer import Answer
from actions.pictures import shapes
from actions.pictures.drawing import png
from actions.pictures.picture import LONGEST_TEXT, Mark, Picture, spec_of
from actions.say import Format
from tests.actions.conftest import (
    NOW,
    OCTOBER,
    SEPTEMBER,
    Talk,
    amount,
    by,
    category,
    every,
    merchant,
    period,
)

FORM = Format("GB", date(2026, 11, 10))
PLANS = {"set_budget": "action_plans"}


def marks(answer: Answer) -> list[dict[str, Any]]:
    assert answer.chart is not None
    found: list[dict[str, Any]] = answer.chart["datasets"]["marks"]
    return found


def sums(answer: Answer) -> dict[str, int]:
    return {figure.name: figure.minor for figure in answer.figures}


@pytest.mark.parametrize("kind", shapes.SHAPES)
def test_each_stored_specification_is_what_altair_writes(kind: str) -> None:
    assert (shapes.DATA / f"{kind}.json").read_text(encoding="utf-8") == shapes.text_of(kind)


def test_a_breakdown_brings_its_bars(maya: Talk) -> None:
    answer = maya.parse("spending_breakdown", "where did my money go in october", OCTOBER)
    drawn, figures = marks(answer), sums(answer)
    total = figures.pop("total")
    named = {mark["name"]: mark["minor"] for mark in drawn if mark["name"] != "rest"}
    assert named == {name: figures[name] for name in named}
    assert sum(mark["minor"] for mark in drawn) == total
    assert answer.chart is not None
    assert answer.chart["title"]["text"] == "Spending by category"


def test_the_months_of_a_trend_are_its_figures(maya: Talk) -> None:
    answer = maya.parse(
        "spending_trend", "how is my grocery spending going", category("grocery", "groceries")
    )
    figures = sums(answer)
    assert [(m["name"], m["minor"]) for m in marks(answer)] == [
        (name, minor) for name, minor in figures.items() if name != "total"
    ]


def test_both_sides_of_a_comparison(maya: Talk) -> None:
    text = "did I spend more in october than in september"
    answer = maya.parse("spending_compare", text, OCTOBER, SEPTEMBER)
    figures = sums(answer)
    assert [(m["name"], m["minor"]) for m in marks(answer)] == [
        ("total", figures["total"]),
        ("compared", figures["compared"]),
    ]


def test_the_days_of_a_forecast(jordan: Talk) -> None:
    end = period("the end of november", "2026-11-30", "2026-12-01")
    answer = jordan.parse("forecast_balance", "balance at the end of november", end)
    figures, drawn = sums(answer), marks(answer)
    last = drawn[-1]
    assert (last["low"], last["minor"], last["high"]) == (
        figures["low"],
        figures["forecast"],
        figures["high"],
    )
    lowest = [mark for mark in drawn if mark["lowest"]]
    assert [mark["minor"] for mark in lowest] == [figures["lowest"]]
    assert lowest[0]["day"][:10] == dict(answer.dates)["lowest"].isoformat()
    assert len(drawn) == 18


def test_a_budget_shows_its_pace(own: Any) -> None:
    talk = Talk(own, "maya", NOW["maya"])
    talk.action |= PLANS
    cap = amount("£200", "eq", 20000)
    talk.parse(
        "set_budget",
        "cap groceries at £200 a month",
        category("groceries", "groceries"),
        cap,
        every("a month", "month"),
    )
    answer = talk.parse(
        "check_budget", "how is my grocery budget", category("grocery", "groceries")
    )
    drawn, figures = marks(answer), sums(answer)
    today = next(mark for mark in drawn if mark["name"] == "spent")
    assert today["minor"] == figures["spent"]
    assert {mark["cap"] for mark in drawn} == {figures["budget"]}
    assert drawn[-1]["even"] == figures["budget"]
    assert drawn[-1]["minor"] is None
    assert len(drawn) == 30


@pytest.mark.parametrize(
    "text", ["as a chart", "show me a graph", "can you draw that", "pie please"]
)
def test_a_sum_becomes_a_chart_where_one_is_asked_for(maya: Talk, text: str) -> None:
    before = maya.parse("spending_total", "how much did I spend in october", OCTOBER)
    assert before.chart is None
    answer = maya.parse("show_more", text)
    assert answer.query is not None
    assert (answer.query.measure, answer.query.group_by) == ("spending_total", "category")
    assert sum(mark["minor"] for mark in marks(answer)) == sums(before)["total"]


def test_a_merchant_over_a_long_time_is_drawn_by_month(maya: Talk) -> None:
    half = period("since may", "2026-05-01", "2026-11-11")
    maya.parse("spending_total", "how much at tesco since may", merchant("tesco"), half)
    answer = maya.parse("show_more", "as a chart")
    assert answer.query is not None
    assert answer.query.group_by == "month"
    assert sum(mark["minor"] for mark in marks(answer)) == sums(answer)["total"]


def test_a_ranking_is_drawn_only_where_asked(maya: Talk) -> None:
    assert maya.parse("top_merchants", "top merchants in october", OCTOBER).chart is None
    answer = maya.parse("show_more", "as a graph")
    assert [(m["name"], m["minor"]) for m in marks(answer)] == [
        (figure.name, figure.minor) for figure in answer.figures
    ]


def test_days_without_a_row_are_drawn_as_zero(maya: Talk) -> None:
    week = period("last week", "2026-11-02", "2026-11-09")
    answer = maya.parse("spending_breakdown", "each day of last week", week, by("day"))
    drawn, figures = marks(answer), sums(answer)
    days = [date.fromisoformat(mark["name"]) for mark in drawn]
    assert [(b - a).days for a, b in itertools.pairwise(days)] == [1] * (len(days) - 1)
    assert {m["name"]: m["minor"] for m in drawn if m["minor"]} == {
        name: minor for name, minor in figures.items() if name != "total" and minor
    }


sizes = st.integers(min_value=-(10**9), max_value=10**11)
names = st.text(min_size=1, max_size=30)
groups = st.lists(st.tuples(names, sizes), min_size=1, max_size=40)


@given(groups, st.sampled_from(["GBP", "JPY", "KWD", "USD"]), st.sampled_from(["GB", "US"]))
def test_no_sum_is_lost_or_changed(said: list[tuple[str, int]], currency: str, locale: Any) -> None:
    """Whole minor units from figure to specification, the rest in one bar, all of it as text."""
    figures = [
        charting.Figure(f"id-{number}", minor, currency, label)
        for number, (label, minor) in enumerate(said)
    ]
    bars = charting._bars(figures)
    spec = spec_of(
        Picture("bars", "Spending", "October", currency, bars), Format(locale, FORM.today)
    )
    drawn = json.loads(json.dumps(spec))["datasets"]["marks"]
    assert sum(mark["minor"] for mark in drawn) == sum(minor for _, minor in said)
    assert len({mark["label"] for mark in drawn}) == len(drawn)
    for mark in drawn:
        assert isinstance(mark["minor"], int)
    assert len(spec["description"]) <= LONGEST_TEXT
    params = {one["name"]: one["value"] for one in spec["params"]}
    assert params["least"] <= min(mark["minor"] for mark in drawn) or params["least"] <= 0
    assert params["most"] >= max(mark["minor"] for mark in drawn)


def test_the_text_tells_the_same_figures(maya: Talk) -> None:
    answer = maya.parse("spending_breakdown", "where did my money go in october", OCTOBER)
    assert answer.chart is not None
    for mark in marks(answer):
        assert f"{mark['label']} {mark['text']}" in answer.chart["description"]


def test_a_chart_is_drawn_to_png() -> None:
    bars = [Mark("a", "Groceries", 32145), Mark("b", "Refunds & <b>", -2500)]
    drawn = png(spec_of(Picture("bars", "Spending", "October", "GBP", bars), FORM))
    assert drawn.startswith(b"\x89PNG")
    assert len(drawn) > 4000


def test_one_category_is_drawn_by_merchant(maya: Talk) -> None:
    maya.parse("spending_breakdown", "where did it go in september", SEPTEMBER)
    maya.parse("refine_query", "and supermarkets", category("x", "groceries.supermarket"))
    answer = maya.parse("show_more", "as a chart")
    assert answer.query is not None
    assert answer.query.group_by == "merchant"
    assert sum(mark["minor"] for mark in marks(answer)) == sums(answer)["total"]
