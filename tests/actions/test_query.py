from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.query import (
    GROUPINGS,
    OPERATORS,
    Amount,
    Compare,
    Exclude,
    Period,
    Query,
    QueryFormatError,
    query_from_json,
)

names = st.lists(st.text("abc_.", min_size=1, max_size=6), max_size=3).map(tuple)
days = st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))
periods = st.builds(Period, days, days)
amounts = st.builds(
    Amount,
    st.sampled_from(sorted(OPERATORS)),
    st.integers(0, 10**9),
    st.none() | st.integers(0, 10**9),
    st.sampled_from([None, "GBP"]),
)
compares = (
    st.builds(Compare, period=periods)
    | st.builds(Compare, merchants=names.filter(bool))
    | st.builds(Compare, categories=names.filter(bool))
)
queries = st.builds(
    Query,
    measure=st.sampled_from(["spending_total", "list_transactions"]),
    period=st.none() | periods,
    merchants=names,
    direction=st.sampled_from([None, "in", "out"]),
    categories=names,
    accounts=names,
    exclude=st.builds(Exclude, names, names, names),
    amount=st.none() | amounts,
    group_by=st.none() | st.sampled_from(sorted(GROUPINGS)),
    compare=st.none() | compares,
    limit=st.none() | st.integers(1, 50),
    unit=st.sampled_from([None, "week", "visits"]),
)


@given(queries)
def test_what_is_remembered_is_the_question_again(query: Query) -> None:
    assert query_from_json(query.to_json()) == query


@pytest.mark.parametrize(
    "change",
    [
        {"measure": 3},
        {"merchants": "tesco"},
        {"period": {"start": "yesterday"}},
        {"period": "october"},
        {"amount": {"op": "huge", "minor": 1}},
        {"amount": {"op": "gt", "minor": 1.5}},
        {"limit": -1},
        {"direction": "sideways"},
        {"group_by": "colour"},
        {"exclude": []},
        {"compare": "tesco"},
    ],
)
def test_a_malformed_query_is_refused(change: dict[str, object]) -> None:
    body = Query("spending_total", exclude=Exclude(("aldi",))).to_json()
    if change == {"exclude": []}:
        change = {"exclude": [1]}
    with pytest.raises(QueryFormatError):
        query_from_json({**body, **change})


@pytest.mark.parametrize(
    ("op", "inside", "outside"),
    [
        ("gt", 2001, 2000),
        ("gte", 2000, 1999),
        ("lt", 1999, 2000),
        ("lte", 2000, 2001),
        ("eq", 2000, 2001),
        ("approx", 2199, 2201),
        ("between", 3000, 3001),
    ],
)
def test_bounds_are_on_the_size_of_a_payment(op: str, inside: int, outside: int) -> None:
    bound = Amount(op, 2000, 3000 if op == "between" else None, "GBP")
    assert bound.matches(-inside, "GBP")
    assert bound.matches(inside, "GBP")
    assert not bound.matches(-outside, "GBP")
    assert not bound.matches(-inside, "USD")


def test_the_contract_form_of_the_example() -> None:
    start = date(2026, 10, 1)
    query = Query(
        "spending_total", Period(start, start + timedelta(days=31)), ("tesco",), direction="out"
    )
    assert query.to_json() == {
        "measure": "spending_total",
        "period": {"start": "2026-10-01", "end": "2026-11-01"},
        "merchants": ["tesco"],
        "direction": "out",
        "categories": [],
        "accounts": [],
        "exclude": {},
        "amount": None,
        "group_by": None,
        "compare": None,
        "limit": None,
        "unit": None,
    }
