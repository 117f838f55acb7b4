"""Laws of the extractor, whatever is written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nlu.words import listed
from tests.nlu.extraction import NOW, extractor, resolved

DAYS = st.dates(date(2015, 1, 1), date(2034, 12, 31))
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
LAW = settings(max_examples=40, deadline=None)


def only_period(text: str, **given_: Any) -> tuple[str | None, str | None]:
    (period,) = resolved(text, "period", **given_)
    assert period is not None
    return period["start"], period["end"]


@LAW
@given(DAYS)
@pytest.mark.parametrize(
    "written",
    [
        lambda d: d.isoformat(),
        lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year}",
        lambda d: f"{MONTHS[d.month - 1].title()} {d.day}, {d.year}",
        lambda d: f"the {d.day}th of {MONTHS[d.month - 1][:3]} {d.year}",
        lambda d: f"{d.day:02}/{d.month:02}/{d.year}",
    ],
)
def test_a_written_day_reads_back(written: Any, on: date) -> None:
    after = on + timedelta(days=1)
    text = f"what did i spend on {written(on)}"
    assert only_period(text) == (on.isoformat(), after.isoformat())


@LAW
@given(st.integers(2015, 2034), st.integers(1, 12))
def test_a_written_month_reads_back(year: int, month: int) -> None:
    start = date(year, month, 1)
    end = date(year + month // 12, month % 12 + 1, 1)
    text = f"how much in {MONTHS[month - 1]} {year}"
    assert only_period(text) == (start.isoformat(), end.isoformat())


@LAW
@given(DAYS, st.integers(0, 400))
def test_a_written_range_reads_back_with_its_last_day(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    text = f"between {first.isoformat()} and {last.isoformat()}"
    assert only_period(text) == (first.isoformat(), (last + timedelta(days=1)).isoformat())


@LAW
@given(DAYS, st.integers(1, 500))
@pytest.mark.parametrize(
    "text", ["yesterday", "last 10 days", "3 days ago", "since yesterday", "past 2 weeks"]
)
def test_shifting_now_shifts_what_is_counted_in_days(text: str, on: date, days: int) -> None:
    before = only_period(text, now=datetime.combine(on, datetime.min.time(), UTC))
    later = datetime.combine(on + timedelta(days=days), datetime.min.time(), UTC)
    shifted = only_period(text, now=later)
    for old, new in zip(before, shifted, strict=True):
        assert old is not None
        assert new is not None
        assert date.fromisoformat(new) - date.fromisoformat(old) == timedelta(days=days)


@LAW
@given(
    st.sampled_from(["", "hi ", "please ", "hey, ", "ok so ", "sorry but "]),
    st.sampled_from(["", " please", " thanks!", " cheers mate", " 🙏", "?"]),
)
@pytest.mark.parametrize(
    "text",
    ["how much at tesco last month", "show payments over 20 quid", "coffee since the 3rd of may"],
)
def test_courtesy_changes_nothing(text: str, before: str, after: str) -> None:
    plain = [(e.entity, e.value, e.resolved) for e in extractor().extract(text, NOW)]
    polite = extractor().extract(before + text + after, NOW)
    assert [(e.entity, e.value, e.resolved) for e in polite] == plain


@LAW
@given(st.text(max_size=300))
@example("£" * 50 + "1/2/3")
@example("31 february 2026 and 32/13/2026")
@example("the 53rd week of 9999 since 0000-00-00")
@example("99999999999999999 days ago in 1000000 years")
def test_any_text_is_read_without_a_fault(text: str) -> None:
    entities = extractor().extract(text, NOW)
    assert all(text[e.start : e.end] == e.value and e.value.strip() for e in entities)
    assert all(a.end <= b.start for a, b in pairwise(entities))
    for e in entities:
        if e.entity == "period" and e.resolved and e.resolved.get("start") and e.resolved["end"]:
            assert e.resolved["start"] < e.resolved["end"]


WORDS = st.sampled_from(
    sorted(
        listed(
            "last next this past 3 12 31 2025 1/2 march may monday week month year day of the in "
            "since until before after between and to from ago first half end - , £20 over under "
            "quid friday christmas payday q1 tax spend at tesco every a so far for by"
        )
    )
)


@LAW
@given(st.lists(WORDS, max_size=14))
def test_any_order_of_its_own_words_is_read_without_a_fault(words: list[str]) -> None:
    text = " ".join(words)
    for direction in ("past", "future"):
        for e in extractor().extract(text, NOW, direction=direction):
            assert text[e.start : e.end] == e.value
