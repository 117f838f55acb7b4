"""Explicit dates in odd forms: `dateparser` reads them, and is asked for nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.periods import written
from tests.nlu.extraction import resolved


@pytest.mark.parametrize(
    "text",
    [
        "spent on 3 / 10 / 2026",
        "spent on 3 / 10 / '26",
        "spent on 3 - 10 - 2026",
        "spent on 3. 10. 2026",
        "spent on 3 10 2026",
        "spent on 3_10_2026",
        "spent on 3|10|2026",
        "spent on (3) October 2026",
        "spent on 3 Oct (2026)",
        "spent on 3. October 2026",
        "spent on 2026 / 10 / 3",
        "spent on 2026-10-03T10:00",
        "spent on 2026-10-03T10:00:00Z",
        "spent on Sat Oct 3 10:00:00 2026",
        "spent on Sat, 03 Oct 2026 10:00",
    ],
)
def test_a_day_month_and_year_are_read_however_written(text: str) -> None:
    assert resolved(text, "period") == [
        {"start": "2026-10-03", "end": "2026-10-04", "grain": "day"}
    ]


def test_the_order_is_that_of_the_locale() -> None:
    assert resolved("on 3 / 10 / 2026", "period", locale="US")[0]["start"] == "2026-03-10"
    assert resolved("on 3 / 10 / 2026", "period", locale="GB")[0]["start"] == "2026-10-03"


def test_such_a_date_bounds_a_period_as_any_other() -> None:
    (period,) = resolved("between 3. 10. 2026 and 9. 10. 2026", "period")
    assert (period["start"], period["end"]) == ("2026-10-03", "2026-10-10")
    (period,) = resolved("from 2026-10-03T10:00 until 2026-10-05T09:00", "period")
    assert (period["start"], period["end"]) == ("2026-10-03", "2026-10-06")


@settings(max_examples=30, deadline=None)
@given(
    st.dates(date(2001, 1, 1), date(2034, 12, 31)),
    st.sampled_from(["{d} / {m} / {y}", "{d}. {m}. {y}", "{y} - {m} - {d}", "{d}|{m}|{y}"]),
)
def test_an_odd_form_reads_back(on: date, form: str) -> None:
    text = "spent on " + form.format(d=on.day, m=on.month, y=on.year)
    (period,) = resolved(text, "period")
    assert period["start"] == on.isoformat()
    assert period["end"] == (on + timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    "text",
    [
        "top 3 10 2026",
        "call 020 10 2026",
        "card ending 12 10 2026",
        "spent £3 10 2026",
        "on 31 / 4 / 2026",
        "rows 3, 10, 11",
    ],
)
def test_other_numbers_are_no_such_date(text: str) -> None:
    assert all(period["grain"] != "day" for period in resolved(text, "period"))


@pytest.mark.parametrize(
    "text", ["on 3 october 2026", "on 2026-10-03", "on 3/10/2026", "since may 3rd, 2026", "today"]
)
def test_what_the_grammar_reads_never_asks_dateparser(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: str) -> None:
        raise AssertionError("dateparser was asked")

    monkeypatch.setattr(written, "_day_of", fail)
    assert len(resolved(text, "period")) == 1
