"""What is usual: over which days and how many units an average is taken."""

import pytest

from .conftest import OCTOBER, Talk, category, every, merchant, period

GROCERIES = category("groceries", "groceries")


def test_an_average_is_over_whole_months(maya: Talk) -> None:
    answer = maya.parse("spending_average", "usual groceries", category("groceries", "groceries"))
    assert [(f.name, f.minor) for f in answer.figures] == [("average", 12_176), ("total", 73_054)]
    assert "over 6 months" in answer.text


def test_an_average_per_visit(maya: Talk) -> None:
    answer = maya.parse("spending_average", "average tesco shop", merchant("tesco"))
    assert answer.figures[0].minor * len(answer.transactions) == pytest.approx(
        answer.figures[1].minor, abs=len(answer.transactions)
    )


def test_a_weekly_average_of_a_named_month(maya: Talk) -> None:
    coffee = category("groceries", "groceries")
    answer = maya.parse(
        "spending_average", "groceries a week in october", coffee, every("a week", "week"), OCTOBER
    )
    assert answer.figures[0].minor == round(answer.figures[1].minor * 7 / 31)


def test_the_first_month_of_a_named_period_counts_though_data_begins_within_it(
    jordan: Talk,
) -> None:
    since = period("may to october", "2026-05-01", "2026-11-01")
    power = category("electric", "utilities.energy.electricity")
    answer = jordan.parse("spending_average", "average electric bill", power, since)
    assert "over 6 months" in answer.text
    trend = jordan.parse("spending_trend", "electric since may", power, since)
    assert trend.figures[1].name == "2026-05-01"


def test_a_weekend_is_averaged_by_the_day(maya: Talk) -> None:
    weekend = period("the weekend", "2026-11-07", "2026-11-09")
    answer = maya.parse("spending_average", "usually at the weekend", weekend)
    assert (answer.figures[0].minor, answer.figures[1].minor) == (4080, 8160)


SINCE_APRIL = period("since april", "2026-04-01")
TO_JUNE = period("april to june", "2026-04-01", "2026-07-01")
ROLLING = period("last 3 months", "2026-08-11", "2026-11-11")
ODD = period("10 may to 20 july", "2026-05-10", "2026-07-21")


@pytest.mark.parametrize(
    ("said", "units"),
    [
        (SINCE_APRIL, "over 6 months"),
        (TO_JUNE, "over 2 months"),
        (ROLLING, "over 3 months"),
        (ODD, "over 2.4 months"),
    ],
    ids=lambda value: value if isinstance(value, str) else value["value"],
)
def test_a_named_period_is_not_shortened_within_its_months(
    said: dict[str, object], units: str, maya: Talk, jordan: Talk
) -> None:
    """maya's history begins on 1 May, jordan's on the 4th: May is a month of both."""
    for person in (maya, jordan):
        asked = (GROCERIES, said, every("a month", "month"))
        answer = person.parse("spending_average", "groceries a month", *asked)
        assert units in answer.text
        whole = person.parse("spending_total", "groceries", GROCERIES, said)
        if said is not SINCE_APRIL:
            assert answer.figures[1].minor == whole.figures[0].minor


def test_days_of_a_named_month_count_though_data_begins_within_it(jordan: Talk) -> None:
    may = period("may", "2026-05-01", "2026-06-01")
    a_day = jordan.parse("spending_average", "a day", GROCERIES, may, every("a day", "day"))
    assert a_day.figures[0].minor == round(a_day.figures[1].minor / 31)
    usual = jordan.parse("spending_average", "usual groceries", GROCERIES)
    assert "over 5 months" in usual.text


def test_a_month_that_is_still_running_is_told_apart_from_the_trend(maya: Talk) -> None:
    since = period("since june", "2026-06-01", "2026-11-11")
    answer = maya.parse("spending_trend", "groceries since june", GROCERIES, since)
    total, *months, so_far = answer.figures
    assert so_far.name == "2026-11-01"
    assert total.minor == sum(month.minor for month in months)
    assert "November so far: £" in answer.text
    over = maya.parse(
        "spending_trend",
        "groceries in june to october",
        GROCERIES,
        period("june to october", "2026-06-01", "2026-11-01"),
    )
    assert "so far" not in over.text
    assert over.figures[1:] == months


def test_what_was_ever_given_to_somebody_is_of_all_the_data(maya: Talk) -> None:
    answer = maya.parse("spending_total", "how much have i spent at lidl", merchant("lidl"))
    assert answer.query is not None
    assert answer.query.period is not None
    assert (answer.query.period.start, answer.query.period.end) == (None, None)
    now = maya.parse("spending_total", "how much did i spend on groceries", GROCERIES)
    assert now.query is not None
    assert now.query.period is not None
    assert now.query.period.start is not None


def test_what_a_bank_takes_is_a_trend_of_its_own(jordan: Talk) -> None:
    since = period("since may", "2026-05-01", "2026-11-14")
    answer = jordan.parse("spending_trend", "card interest by month since may", since)
    assert answer.query is not None
    assert answer.query.categories == ("debt.interest",)
